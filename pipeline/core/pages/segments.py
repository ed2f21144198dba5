"""One piece of a page, and what the top of an article says of it: headline, site, byline, date."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.pages.cleaning import is_headline, is_sentence_end
from pipeline.core.pages.dates import Stamp, parse_stamp, read_name
from pipeline.records import Kind

_BYLINE = re.compile(r"(?:written |words |reported )?by[:\s]\s*(\S.{1,90})", re.IGNORECASE)
_SOURCE = re.compile(r"source\s*:\s*(\S.{1,50})", re.IGNORECASE)
_PRESS = re.compile(
    r"\b(?:News|Times|Post|Guardian|Reuters|BBC|CNN|Herald|Daily|Tribune|Journal|Gazette|Press"
    r"|Independent|Telegraph|Observer|Chronicle|Standard|Mail|Mirror|Express|Dispatch|Ledger"
    r"|Courier|Wire|AP|AFP|Sky|Politico|Axios|Al Jazeera|Bloomberg|Magazine|Review)\b"
    r"|\.(?:com|org|net|info|co\.uk|eu|news)$"
)

#: A longer line is no headline.
_MAX_TITLE = 400
#: Lines at the top of an article among which bylines and dates are looked for.
_HEAD_LINES = 8
_MAX_BYLINE = 14


@dataclass(slots=True)
class Segment:
    """One piece of a page: lines `start` to `end` (exclusive), counted from 0.

    `marks` says what its structural lines are (`title`, `stamp`, `caption`, …); all others are
    body until the cleaning has seen them.
    """

    kind: Kind
    start: int
    end: int
    title: str | None = None
    published: str | None = None
    source: str | None = None
    author: str | None = None
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, which of them count (rising), and those that are dates or times."""

    lines: Sequence[str]
    live: Sequence[int]
    stamps: dict[int, Stamp]

    def within(self, start: int, end: int) -> list[int]:
        """Give the places that count from `start` to `end` (exclusive)."""
        return list(self.live[bisect_left(self.live, start) : bisect_left(self.live, end)])


def single_segment(page: Page, live: Sequence[int]) -> Segment:
    """Make one article of the lines `live` (at least one): a headline, if it reads so, and body."""
    segment = Segment("article", live[0], live[-1] + 1)
    rest = list(live)
    if len(live) > 1 and is_headline(page.lines[live[0]]):
        set_title(page, segment, live[0])
        segment.marks[live[0]] = "title"
        rest = rest[1:]
    read_head(page, segment, rest)
    return segment


def set_title(page: Page, segment: Segment, place: int) -> None:
    """Take the headline from line `place`, and the site that follows it as the source."""
    segment.title, site = without_site(page.lines[place])
    segment.source = segment.source or site


def without_site(title: str) -> tuple[str, str | None]:
    """Part the site from `Headline | Site`, and from `Headline - Site` where it names a paper.

    Returns
    -------
    tuple of (str, str or None)
        Headline and site.
    """
    if len(title) > _MAX_TITLE:
        return title, None
    parts = [part.strip() for part in re.split(r"\s+\|+\s+", title) if part.strip()]
    if len(parts) > 1:
        best = max(range(len(parts)), key=lambda k: len(parts[k]))
        return parts[best], parts[-1] if best < len(parts) - 1 else None
    head, dash, tail = _rpartition_dash(title)
    if dash and 0 < len(tail.split()) <= 4 and len(head.split()) >= 4 and _PRESS.search(tail):
        return head.strip(), tail.strip()
    return title.strip(" |") or title, None


def _rpartition_dash(title: str) -> tuple[str, str, str]:
    found = [title.rpartition(dash) for dash in (" - ", " – ", " — ")]
    return max(found, key=lambda parts: len(parts[0]))


def read_head(page: Page, segment: Segment, body: Sequence[int]) -> None:
    """Take byline, date and source from the first lines, and a source line from the last."""
    for i in body[:_HEAD_LINES]:
        line = page.lines[i]
        if is_sentence_end(line) and len(line.split()) > 8:
            break
        stamp = page.stamps.get(i)
        byline = _BYLINE.fullmatch(line) if len(line.split()) <= _MAX_BYLINE else None
        if stamp:
            segment.marks[i] = "date"
            segment.published = segment.published or stamp.date
            segment.author = segment.author or stamp.author
        elif byline and _read_byline(segment, byline[1]):
            segment.marks[i] = "byline"
    for i in (*body[:_HEAD_LINES], *body[-2:]):
        named = _SOURCE.fullmatch(page.lines[i])
        if named and i not in segment.marks and len(named[1].split()) <= 6:
            segment.marks[i] = "source"
            segment.source = segment.source or named[1]


def _read_byline(segment: Segment, text: str) -> bool:
    """Take name and date from what follows `By`; False where it is no name."""
    published = None
    for separator in ("|", "·", "•", ",", " - ", " – ", " — "):
        name, _, rest = text.partition(separator)
        stamp = parse_stamp(rest) if rest else None
        if stamp:
            text, published = name, stamp.date
            break
    author = read_name(text)
    if not author:
        return False
    segment.author = segment.author or author
    segment.published = segment.published or published
    return True
