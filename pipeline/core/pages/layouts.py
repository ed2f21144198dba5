"""Page layouts: where articles begin and end in a text dump.

Four layouts, tried in this order; each needs evidence of its own, and a page without any is one
article. Blank lines alone never part articles: pages put them inside stories too.

- listing: blocks that begin with source, date, `- Topic`, `- source`, headline;
- liveblog: posts that begin with headline and stamp (`12:14 , Name`);
- captions: articles that give their headline twice, with captions or a marker in between;
- single: anything else.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.core.boilerplate.cleaning import is_sentence_end
from pipeline.core.boilerplate.sections import is_section
from pipeline.core.pages.days import mark_dates
from pipeline.core.pages.heads import read_top
from pipeline.core.pages.item_lines import is_heading
from pipeline.core.pages.listing import cut_listing, is_announced
from pipeline.core.pages.liveblog import cut_liveblog
from pipeline.core.pages.openings import cut_openings
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.sites import common_sites, is_press
from pipeline.core.pages.wrapping import wrapped_runs
from pipeline.core.times.dates import is_day_first
from pipeline.core.times.stamps import parse_stamp

Layout = Literal["listing", "liveblog", "captions", "single"]

#: Fewer words above the first article are a notice of the site.
_MIN_PREAMBLE = 40
#: Share of pieces that must give headline or caption twice for a page to be of articles.
_DOUBLED_SHARE = 0.5
_MOST_ITEMS = 1.0
#: Longer pieces, of this share of different days, are articles and not posts.
_POST_WORDS = 150
_DAYS_SHARE = 0.5
_ALL_DAYS = 0.8
_MAX_DISORDER = 0.15
#: What a live-blog calls itself, or its list of what happened, in the first lines of the page.
_LIVE = re.compile(
    r"\blive\b|\bas it happened\b|\b(?:rolling|minute[- ]by[- ]minute) (?:coverage|updates?)\b"
    r"|^key (?:points|events|developments|moments)$",
    re.IGNORECASE,
)
_TOP_LINES = 16
#: What a listing calls lines that are names.
_NAMES = frozenset({"source", "topic"})
_NUMBERED = re.compile(r"^\d{1,3}[.)]\s+(?=\D)")
_NUMBERED_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Cut:
    """How a page was cut: its layout, its segments in order, and lines above or between them."""

    layout: Layout
    segments: list[Segment]
    headers: dict[int, str]


def cut_page(lines: Sequence[str], roles: Sequence[str]) -> Cut:
    """Cut a page into segments.

    Parameters
    ----------
    lines : sequence of str
        Lines of the page, blank ones empty.
    roles : sequence of str
        What each line is that does not count (`blank`, `share`, …); empty for those that count.

    Returns
    -------
    Cut
        Every live line lies in exactly one segment or is one of `headers`.
    """
    live = [i for i, role in enumerate(roles) if not role]
    day_first = is_day_first(line for line in (lines[i] for i in live) if len(line) <= 120)
    stamps = {i: stamp for i in live if (stamp := parse_stamp(lines[i], day_first=day_first))}
    unstamped = [i for i in live if i not in stamps]
    wrapped = frozenset(i for run in wrapped_runs(lines, unstamped) for i in run)
    rights = [line for line, role in zip(lines, roles, strict=True) if role == "copyright"]
    sites = common_sites([lines[i] for i in live if i not in stamps], rights)
    page = Page(lines, live, stamps, roles, wrapped - set(stamps), sites)
    layout, segments = _vote(page)
    if segments:
        cut = _with_preamble(page, layout, segments)
        _strip_numbers(cut.segments)
        _share_masthead(page, cut)
        return cut
    if not any(i not in stamps for i in live):
        return Cut("single", [], dict.fromkeys(live, "page_header"))
    return Cut("single", [_single(page, list(live))], {})


def _strip_numbers(segments: Sequence[Segment]) -> None:
    """Take `1.`, `2.` from the headlines of a page that numbers them."""
    titled = [segment for segment in segments if segment.title]
    numbered = [segment for segment in titled if _NUMBERED.match(segment.title or "")]
    if len(numbered) > 1 and len(numbered) >= _NUMBERED_SHARE * len(titled):
        for segment in numbered:
            segment.title = _NUMBERED.sub("", segment.title or "", count=1)


def _share_masthead(page: Page, cut: Cut) -> None:
    """Give pieces without a source the paper whose name stands alone at the top of the page."""
    names = [
        page.lines[i]
        for i in cut.headers
        if is_press(page.lines[i])
        and not (is_heading(page.lines[i]) or is_section(page.lines[i].partition(" | ")[0]))
    ]
    # Where some pieces name their source, the others have none.
    if len(names) == 1 and not any(segment.source for segment in cut.segments):
        for segment in cut.segments:
            segment.source = names[0]


def _vote(page: Page) -> tuple[Layout, list[Segment]]:
    """Weigh the layouts against each other: each brings the pieces that it found evidence for."""
    openings = cut_openings(page, list(page.live))
    items = cut_listing(page)
    listed = {i: mark for item in items for i, mark in item.marks.items()}
    n_doubled = sum(_is_doubled(segment, listed) for segment in openings)
    posts = cut_liveblog(page)
    if n_doubled > 1 and n_doubled >= _DOUBLED_SHARE * max(len(items), len(posts)):
        return "captions", openings
    if items and not (
        _median_words(page, items) > _POST_WORDS
        and len(openings) >= _MOST_ITEMS * len(items)
        and not any("topic" in segment.marks.values() for segment in items)
        and not is_announced(page, items[0].start)
    ):
        return "listing", items
    if posts and not _are_articles(page, posts):
        return "liveblog", posts
    if len(openings) > 1 or n_doubled or _follows_article(page, openings):
        return "captions", openings
    return "single", []


def _follows_article(page: Page, openings: Sequence[Segment]) -> bool:
    """Whether the only headline found stands below a whole article, and above another."""
    if len(openings) != 1:
        return False
    above = page.within(0, openings[0].start)
    below = page.within(openings[0].start, openings[0].end)
    return all(
        sum(len(page.lines[i].split()) for i in part if page.is_prose(i)) >= _MIN_PREAMBLE
        for part in (above, below)
    )


def _is_doubled(segment: Segment, listed: Mapping[int, str]) -> bool:
    """Whether an article gives its headline or its caption twice.

    Not so where `listed` (what lines are to a listing) says that two items have the same headline,
    or that the line that comes twice is a source.
    """
    if any(
        mark == "title_repeat" and listed.get(i) == "title" for i, mark in segment.marks.items()
    ):
        return False
    marks = Counter(mark for i, mark in segment.marks.items() if listed.get(i) not in _NAMES)
    return marks["title_repeat"] > 0 or marks["caption"] > 1


def _are_articles(page: Page, posts: Sequence[Segment]) -> bool:
    """Whether pieces that bear times are articles of several days, not posts of one event."""
    days = {
        segment.published
        for segment in posts
        if any(page.stamps[i].is_dated for i in segment.marks if i in page.stamps)
    }
    if not _is_in_order(page, posts):
        return True
    if any(_LIVE.search(page.lines[i]) for i in page.within(0, posts[0].end)[:_TOP_LINES]):
        return False
    share = len(days) / len(posts)
    is_long = _median_words(page, posts) > _POST_WORDS
    return (share > _DAYS_SHARE and is_long) or (share > _ALL_DAYS and len(posts) > 2)


def _median_words(page: Page, segments: Sequence[Segment]) -> int:
    sizes = sorted(
        sum(len(page.lines[i].split()) for i in page.within(segment.start, segment.end))
        for segment in segments
    )
    return sizes[len(sizes) // 2]


def _is_in_order(page: Page, posts: Sequence[Segment]) -> bool:
    """Whether pieces that state their day follow each other in time, either way."""
    days = [
        segment.published
        for segment in posts
        if segment.published
        and any(page.stamps[i].is_dated for i in segment.marks if i in page.stamps)
    ]
    steps = [(after > before) - (after < before) for before, after in itertools.pairwise(days)]
    return min(steps.count(1), steps.count(-1)) <= _MAX_DISORDER * len(steps)


def _with_preamble(page: Page, layout: Layout, segments: list[Segment]) -> Cut:
    """Add what stands above the first segment: articles, or only a header of the page."""
    above = page.within(0, segments[0].start)
    headers: dict[int, str] = {}
    intro: list[Segment] = []
    if above and not any(is_sentence_end(page.lines[i]) for i in above) and len(above) <= 4:
        headers = dict.fromkeys(above, "page_header")
    elif above:
        intro = cut_openings(page, above)
        start = intro[0].start if intro else above[-1] + 1
        head = [i for i in above if i < start]
        is_menu = bool(intro) and not any(page.is_prose(i) for i in head)
        if is_menu or (layout != "liveblog" and _is_notice(page, head)):
            headers = dict.fromkeys(head, "page_header")
        elif head:
            intro = [_single(page, head), *intro]
    if layout == "liveblog":
        newest = max((s.published for s in segments if s.published), default=None)
        for segment in intro:
            segment.published = segment.published or newest
            mark_dates(page, segment)
    return Cut(layout, intro + segments, headers)


def _is_notice(page: Page, head: Sequence[int]) -> bool:
    """Whether what stands above the first article is too little for one."""
    return sum(len(page.lines[i].split()) for i in head) < _MIN_PREAMBLE


def _single(page: Page, live: Sequence[int]) -> Segment:
    """Make one article of the lines `live` (at least one)."""
    segment = Segment("article", live[0], live[-1] + 1)
    read_top(page, segment, live)
    return segment
