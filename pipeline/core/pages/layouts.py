"""Page layouts: where articles begin and end in a text dump.

Four layouts, tried in this order; each needs evidence of its own, and a page without any is one
article. Blank lines alone never part articles: pages put them inside stories too.

- listing: blocks that begin with source, date, `- Topic`, `- source`, headline;
- liveblog: posts that begin with headline and stamp (`12:14 , Name`);
- captions: articles that give their headline twice, with captions or a marker in between;
- single: anything else.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.core.pages.captions import cut_captions
from pipeline.core.pages.cleaning import is_headline, is_sentence_end
from pipeline.core.pages.dates import Stamp, is_day_first, parse_stamp, resolve_dates
from pipeline.core.pages.segments import Page, Segment, single_segment
from pipeline.core.pages.texts import comparable

Layout = Literal["listing", "liveblog", "captions", "single"]

_LISTED = re.compile(r"[-–—•*·|]\s*(\S.*)")

#: Share of a live-blog's stamps that must follow a headline before its bare clock times count.
_HEADLINE_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Cut:
    """How a page was cut: its layout, its segments in order, and lines above or between them."""

    layout: Layout
    segments: list[Segment]
    headers: dict[int, str]


def cut_page(lines: Sequence[str], live: Sequence[int]) -> Cut:
    """Cut a page into segments.

    Parameters
    ----------
    lines : sequence of str
        Lines of the page, blank ones empty.
    live : sequence of int
        Indices of lines that are neither blank nor chrome, rising.

    Returns
    -------
    Cut
        Every live line lies in exactly one segment or is one of `headers`.
    """
    day_first = is_day_first(line for line in (lines[i] for i in live) if len(line) <= 120)
    stamps = {i: stamp for i in live if (stamp := parse_stamp(lines[i], day_first=day_first))}
    page = Page(lines, live, stamps)
    for layout, cut in (("listing", _cut_listing), ("liveblog", _cut_liveblog)):
        segments = cut(page)
        if segments:
            return _with_preamble(page, layout, segments)  # type: ignore[arg-type]
    segments = cut_captions(page, list(live))
    if segments:
        return _with_preamble(page, "captions", segments)
    return Cut("single", [single_segment(page, list(live))] if live else [], {})


def _with_preamble(page: Page, layout: Layout, segments: list[Segment]) -> Cut:
    """Add what stands above the first segment: articles, or only a header of the page."""
    above = page.within(0, segments[0].start)
    headers: dict[int, str] = {}
    intro: list[Segment] = []
    if above and not any(is_sentence_end(page.lines[i]) for i in above) and len(above) <= 4:
        headers = dict.fromkeys(above, "page_header")
    elif above:
        intro = cut_captions(page, above)
        start = intro[0].start if intro else above[-1] + 1
        head = [i for i in above if i < start]
        intro = ([single_segment(page, head)] if head else []) + intro
    if layout == "liveblog":
        newest = max((s.published for s in segments if s.published), default=None)
        for segment in intro:
            segment.published = segment.published or newest
    return Cut(layout, intro + segments, headers)


# Listing


def _cut_listing(page: Page) -> list[Segment]:
    blocks = []
    is_sure = False
    for at in range(1, len(page.live) - 1):
        i = page.live[at]
        stamp = page.stamps.get(i)
        if stamp is None or stamp.author or not _is_date_only(stamp, page.lines[i]):
            continue
        listed = _listed_after(page, at)
        source = page.lines[page.live[at - 1]]
        if not listed or len(source.split()) > 8 or is_sentence_end(source):
            continue
        names = [comparable(_LISTED.fullmatch(page.lines[k])[1]) for k in listed]  # type: ignore[index]
        is_sure = is_sure or comparable(source) in names
        blocks.append((at, listed))
    if len(blocks) < 2 and not is_sure:
        return []
    starts = [page.live[at - 1] for at, _ in blocks]
    ends = [*starts[1:], len(page.lines)]
    return [
        _listing_item(page, at, listed, end) for (at, listed), end in zip(blocks, ends, strict=True)
    ]


def _is_date_only(stamp: Stamp, line: str) -> bool:
    return stamp.minutes is None or (stamp.date is not None and len(line) <= 60)


def _listed_after(page: Page, at: int) -> list[int]:
    listed: list[int] = []
    for i in page.live[at + 1 : at + 4]:
        if not _LISTED.fullmatch(page.lines[i]) or len(page.lines[i]) > 80:
            break
        listed.append(i)
    return listed


def _listing_item(page: Page, at: int, listed: list[int], end: int) -> Segment:
    start, date_line = page.live[at - 1], page.live[at]
    marks = {start: "source", date_line: "date", **dict.fromkeys(listed, "topic")}
    segment = Segment("listing_item", start, end, source=page.lines[start], marks=marks)
    segment.published = page.stamps[date_line].date
    body = [i for i in page.within(start, end) if i not in marks]
    if body and (is_headline(page.lines[body[0]]) or len(body) > 1):
        segment.title = page.lines[body[0]]
        marks[body[0]] = "title"
    return segment


# Live-blog


def _cut_liveblog(page: Page) -> list[Segment]:
    places = {i: at for at, i in enumerate(page.live)}
    stamped = [i for i, s in page.stamps.items() if s.minutes is not None and not s.is_note]
    if not _is_liveblog(page, stamped, places):
        return []
    headed = {i for i in stamped if _has_headline(page, places[i])}
    title_before = len(headed) >= _HEADLINE_SHARE * len(stamped)
    segments = []
    for i, date in zip(stamped, _post_dates(page, stamped), strict=True):
        segment = Segment("liveblog_entry", i, 0, published=date, author=page.stamps[i].author)
        segment.marks[i] = "stamp"
        if title_before and i in headed:
            segment.start = page.live[places[i] - 1]
            segment.title = page.lines[segment.start]
            segment.marks[segment.start] = "title"
        segments.append(segment)
    for segment, after in zip(segments, [*segments[1:], None], strict=True):
        segment.end = after.start if after else len(page.lines)
        _mark_dates(page, segment)
        if not title_before:
            _title_from_body(page, segment)
    return segments


def _post_dates(page: Page, stamped: Sequence[int]) -> list[str | None]:
    """Dates of all posts; a line that is only a date heads the day of the post below it."""
    stamps = [page.stamps[i] for i in stamped]
    headings = [
        (i, s) for i, s in page.stamps.items() if s.date and (s.is_note or s.minutes is None)
    ]
    for i, heading in headings:
        at = bisect_left(stamped, i)
        is_day = not heading.is_note and heading.author is None
        if is_day and at < len(stamps) and stamps[at].date is None:
            stamps[at] = replace(stamps[at], date=heading.date)
    if headings and not any(stamp.date for stamp in stamps) and headings[0][0] < stamped[0]:
        # `Updated 22 January` above all posts is the day of the first.
        stamps[0] = replace(stamps[0], date=headings[0][1].date)
    return resolve_dates(stamps)


def _mark_dates(page: Page, segment: Segment) -> None:
    for i in page.within(segment.start, segment.end):
        stamp = page.stamps.get(i)
        if stamp and i not in segment.marks and stamp.author is None:
            segment.marks[i] = "date"


def _is_liveblog(page: Page, stamped: Sequence[int], places: dict[int, int]) -> bool:
    """Two rich stamps, or three bare ones, most of them below a headline."""
    n_rich = sum(page.stamps[i].is_rich for i in stamped)
    n_headed = sum(_has_headline(page, places[i]) for i in stamped)
    if n_rich < len(stamped) and n_headed < _HEADLINE_SHARE * len(stamped):
        return False
    return n_rich >= 2 or len(stamped) >= 3


def _has_headline(page: Page, at: int) -> bool:
    if at == 0 or page.live[at - 1] in page.stamps:
        return False
    line = page.lines[page.live[at - 1]]
    is_single_word = len(line.split()) == 1 and not is_sentence_end(line)
    return is_headline(line) or is_single_word


def _title_from_body(page: Page, segment: Segment) -> None:
    body = [i for i in page.within(segment.start, segment.end) if i not in segment.marks]
    if len(body) > 1 and is_headline(page.lines[body[0]]):
        segment.title = page.lines[body[0]]
        segment.marks[body[0]] = "title"
