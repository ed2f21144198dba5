"""Tag, search and archive pages: short items, each with its day.

The lines that are nothing but a date are anchors. An item begins at the top of the short lines
around its date (source, section, topics, headline), or, where dates close items, right below the
date of the item before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.pages.anchors import Anchor, group_stamps
from pipeline.core.pages.cleaning import is_caption, is_headline
from pipeline.core.pages.heads import is_label, is_name, read_byline
from pipeline.core.pages.sections import is_section
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.sites import is_press
from pipeline.core.pages.texts import comparable

#: Share of a page's items that must show a pattern for it to be the page's.
_MOST = 0.6
_NEARLY_ALL = 0.8
#: A longer line is a teaser, whether or not it ends a sentence.
_MAX_HEADER_WORDS = 24
_MAX_HEADER = 170
_MAX_TOPIC = 80
#: Lines above or below a date that may belong to the head of its item.
_MAX_HEAD = 5
_MAX_SOURCE_WORDS = 5
#: Items of so few words are teasers: the page is a listing even if no item names its source.
_TEASER_WORDS = 80
_MIN_TITLE_WORDS = 3
#: Timed pieces within so many days are posts, unless they name sources.
_LIVE_DAYS = 3

_NUMBERED = re.compile(r"^\d{1,3}[.)]\s+(?=\D)")
_KEYED = re.compile(
    r"^(?:title|headline|summary|description|text|abstract|teaser|excerpt|snippet)\s*:\s+",
    re.IGNORECASE,
)
_SOURCE_KEY = re.compile(r"(?:source|publisher|outlet|via)\s*:\s*(\S.{0,60})", re.IGNORECASE)
_LISTED = re.compile(r"(?:[-–—•*·|>]\s*|#)(\S.*)")


def cut_listing(page: Page) -> list[Segment]:
    """Cut the items of a listing; empty where the page is none."""
    anchors = group_stamps(page, lambda stamp: stamp.is_dated or stamp.ago is not None)
    n_timed = sum(
        stamp.minutes is not None and not stamp.is_dated for stamp in page.stamps.values()
    )
    if not anchors or n_timed > len(anchors):
        return []
    starts = _starts(page, anchors)
    if starts is None:
        return []
    items = [
        _Item(anchor, start, end)
        for anchor, start, end in zip(anchors, starts, [*starts[1:], len(page.live)], strict=True)
    ]
    if not _is_listing(page, items):
        return []
    title_at = _usual_title(page, items)
    return [
        segment
        for item in items
        for segment in _with_undated(page, item, _segment(page, item, title_at), items)
    ]


@dataclass(frozen=True, slots=True)
class _Item:
    """Places `start` to `end` (exclusive) in `page.live`, and the date among them."""

    anchor: Anchor
    start: int
    end: int

    def head(self, page: Page) -> list[int]:
        """Give the places of the short lines around the date, down to the first paragraph."""
        below = []
        for at in range(self.anchor.last + 1, min(self.end, self.anchor.last + 1 + _MAX_HEAD)):
            if not _is_header(page, at):
                break
            below.append(at)
        above = [at for at in range(self.start, self.anchor.first) if _is_header(page, at)]
        return above + below


def _topic(line: str) -> re.Match[str] | None:
    return _LISTED.fullmatch(line) if len(line) <= _MAX_TOPIC else None


def _is_header(page: Page, at: int) -> bool:
    """Whether a line may stand in the head of an item: short, and no sentence."""
    if not 0 <= at < len(page.live) or page.live[at] in page.stamps:
        return False
    i = page.live[at]
    line = page.lines[i]
    return (
        len(line) <= _MAX_HEADER and len(line.split()) <= _MAX_HEADER_WORDS and not page.is_prose(i)
    )


def _is_boundary(page: Page, at: int) -> bool:
    """Whether something stands between a line and the one above: a gap, buttons, `Read more`."""
    return page.gap(at) > 0 or bool(page.frame(at))


# Where items begin


def _starts(page: Page, anchors: Sequence[Anchor]) -> list[int] | None:
    if _closes_items(page, anchors):
        return _starts_below(page, anchors)
    counts = [_n_above(page, anchor) for anchor in anchors]
    tallies = Counter(counts)
    usual = max(tallies, key=lambda n: (tallies[n], n))
    starts = [
        a.first - (n if _is_boundary(page, a.first - n) else min(n, usual))
        for a, n in zip(anchors, counts, strict=True)
    ]
    floor = [0, *(anchor.last + 1 for anchor in anchors[:-1])]
    return [max(start, low) for start, low in zip(starts, floor, strict=True)]


def _n_above(page: Page, anchor: Anchor) -> int:
    """Count the head lines above a date: up to a paragraph, or what parts items."""
    n = 0
    while n < _MAX_HEAD and _is_header(page, anchor.first - 1 - n):
        if n and _is_boundary(page, anchor.first - n):
            break
        n += 1
    return n


def _closes_items(page: Page, anchors: Sequence[Anchor]) -> bool:
    """Whether dates stand below the teasers: text above the first, and none below the last."""
    first, last = anchors[0], anchors[-1]
    n_below = sum(page.is_prose(page.live[at]) for at in range(last.last + 1, len(page.live)))
    top = first.first - _n_above(page, first)
    has_text_above = any(page.is_prose(page.live[at]) for at in range(max(0, top - 2), first.first))
    return has_text_above and n_below == 0


def _starts_below(page: Page, anchors: Sequence[Anchor]) -> list[int]:
    """Tops of items whose dates close them."""
    first = anchors[0].first - 1
    while first > 0 and not page.is_prose(page.live[first]):
        first -= 1
    while first > 0 and page.is_prose(page.live[first - 1]):
        first -= 1
    if _is_headed(page, first - 1):
        first -= 1
    while first > 0 and _is_header(page, first - 1) and not _is_boundary(page, first):
        first -= 1
    starts = [first]
    for anchor, after in zip(anchors, anchors[1:], strict=False):
        at = anchor.last + 1
        while (
            at < after.first and not _is_boundary(page, at) and _is_tail(page.lines[page.live[at]])
        ):
            at += 1
        starts.append(at)
    return starts


def _is_headed(page: Page, at: int) -> bool:
    return _is_header(page, at) and is_headline(page.lines[page.live[at]])


def _is_tail(line: str) -> bool:
    """Whether a line below a closing date still belongs to its item."""
    return bool(_topic(line)) or is_section(line) or is_press(line)


# Whether it is a listing at all


def _is_listing(page: Page, items: Sequence[_Item]) -> bool:
    """Short items of which most name a source, a section or topics, or a source named twice."""
    n_named = sum(_names_source(page, item) for item in items)
    sizes = sorted(
        sum(len(page.lines[i].split()) for i in page.live[item.start : item.end]) for item in items
    )
    is_short = sizes[len(sizes) // 2] <= _TEASER_WORDS
    n_topics = sum(_has_topic(page, item) for item in items)
    n_titled = sum(_title_offset(page, item, None) is not None for item in items)
    if len(items) > 1 and n_titled < _MOST * len(items) and not n_topics:
        return False
    if len(items) < 2:
        return _repeats_source(page, items[0])
    if max(n_topics, n_named) >= _MOST * len(items):
        return True
    if _is_chronology(items):
        return False
    is_headed = not any(page.is_prose(i) for i in page.live[: items[0].start])
    return is_short and (len(items) > 2 or is_headed) and not _are_posts(items)


def _are_posts(items: Sequence[_Item]) -> bool:
    """Whether all say the time and lie within a few days: posts of a live-blog."""
    days = [item.anchor.stamp.date for item in items if item.anchor.stamp.date]
    span = (dt.date.fromisoformat(max(days)) - dt.date.fromisoformat(min(days))).days if days else 0
    n_timed = sum(item.anchor.stamp.is_timed for item in items)
    return n_timed >= _MOST * len(items) and span <= _LIVE_DAYS


def _is_chronology(items: Sequence[_Item]) -> bool:
    """Whether days only rise: a story told by dates. Listings begin with the newest."""
    days = [item.anchor.stamp.date or "" for item in items]
    return len(items) > 2 and days[0] < days[-1] and days == sorted(days)


def _has_topic(page: Page, item: _Item) -> bool:
    return any(_topic(page.lines[page.live[at]]) for at in item.head(page))


def _names_source(page: Page, item: _Item) -> bool:
    lines = [page.lines[page.live[at]] for at in item.head(page)]
    stamp = item.anchor.stamp
    lines += [stamp.author] if stamp.author else []
    return bool(stamp.source) or any(is_press(line) or is_section(line) for line in lines)


def _repeats_source(page: Page, item: _Item) -> bool:
    lines = [page.lines[page.live[at]] for at in item.head(page)]
    names = {comparable(match[1]) for line in lines if (match := _topic(line))}
    return any(comparable(line) in names for line in lines if not _topic(line))


# What an item says


def _usual_title(page: Page, items: Sequence[_Item]) -> int | None:
    """Where items have their headline, counted from the date: what most have in common."""
    offsets = Counter(
        offset for item in items for offset in [_title_offset(page, item, None)] if offset
    )
    return min(offsets, key=lambda k: (-offsets[k], k)) if offsets else None


def _title_offset(page: Page, item: _Item, usual: int | None) -> int | None:
    """Place of the headline relative to the date: the longest line of the head that may be one."""
    offsets = {}
    for at in item.head(page):
        line = page.lines[page.live[at]]
        is_name = _topic(line) or is_section(line) or read_byline(line)
        is_name = is_name or is_caption(line, in_head=True) or _SOURCE_KEY.fullmatch(line)
        if is_name or not is_headline(line) or not _has_text(item, at):
            continue
        offset = at - item.anchor.first if at < item.anchor.first else at - item.anchor.last
        offsets[offset] = len(line.split())
    if usual in offsets and offsets[usual] >= _MIN_TITLE_WORDS:
        return usual
    if _closing(page, item):
        first = min(offsets, default=None)
        return first
    return max(offsets, key=lambda k: (min(offsets[k], 6), -k), default=None)


def _closing(page: Page, item: _Item) -> bool:
    return any(page.is_prose(page.live[at]) for at in range(item.start, item.anchor.first))


def _has_text(item: _Item, title: int) -> bool:
    """Whether something is left of an item if this line is its headline."""
    own = range(item.start, item.end)
    return any(at != title and not (item.anchor.first <= at <= item.anchor.last) for at in own)


def _segment(page: Page, item: _Item, title_at: int | None) -> Segment:
    first = page.live[item.start]
    stop = page.live[item.end] if item.end < len(page.live) else len(page.lines)
    stamp = item.anchor.stamp
    segment = Segment("listing_item", first, stop, published=stamp.date)
    if stamp.impossible:
        segment.notes.append(f"date {stamp.impossible} does not exist")
    for at in range(item.anchor.first, item.anchor.last + 1):
        segment.marks[page.live[at]] = "date"
    offset = _title_offset(page, item, title_at)
    head = item.head(page)
    if offset is not None:
        title = (item.anchor.first if offset < 0 else item.anchor.last) + offset
        segment.title, segment.source = page.site_of(page.live[title])
        segment.marks[page.live[title]] = "title"
        # Below the headline comes the teaser, however short; only a byline may be in between.
        head = [
            at
            for at in head
            if at < max(title, item.anchor.first) or read_byline(page.lines[page.live[at]])
        ]
    segment.source = segment.source or stamp.source
    _read_names(page, segment, head, stamp.author)
    _read_keys(page, segment, item)
    return segment


def _read_keys(page: Page, segment: Segment, item: _Item) -> None:
    """Take the names of fields away: `1. Headline`, `Title: Headline`, `Summary: Text`."""
    if segment.title:
        segment.title = _NUMBERED.sub("", _KEYED.sub("", segment.title, count=1)) or segment.title
    for i in page.live[item.start : item.end]:
        source = _SOURCE_KEY.fullmatch(page.lines[i])
        if source and i not in segment.marks:
            segment.marks[i], segment.source = "source", segment.source or source[1]
        elif _KEYED.match(page.lines[i]) and i not in segment.marks:
            segment.rewritten[i] = _KEYED.sub("", page.lines[i], count=1)


def _read_names(page: Page, segment: Segment, head: Sequence[int], stated: str | None) -> None:
    """Tell source, section, topics and author apart in the head of an item."""
    lines = {at: page.lines[page.live[at]] for at in head if page.live[at] not in segment.marks}
    topics = {comparable(match[1]) for line in lines.values() if (match := _topic(line))}
    if stated and not is_section(stated) and is_name(stated):
        segment.author = segment.author or stated
    elif stated and not is_section(stated):
        segment.source = segment.source or stated
    for at, line in lines.items():
        byline = read_byline(line)
        if _topic(line):
            role = "topic"
        elif byline:
            role, segment.author = "byline", segment.author or byline[0]
        elif is_section(line) and comparable(line) not in topics:
            role = "section"
        elif len(line.split()) <= _MAX_SOURCE_WORDS and is_label(line):
            role, segment.source = "source", segment.source or line
        else:
            continue
        segment.marks[page.live[at]] = role


# Items without a date


def _with_undated(
    page: Page, item: _Item, segment: Segment, items: Sequence[_Item]
) -> list[Segment]:
    """Part an item that has swallowed one without a date: parted as the page parts items."""
    others = [other.start for other in items[1:]]
    frames = [frozenset(page.frame(start)) for start in others]
    common = frozenset.intersection(*frames) if frames else frozenset()
    is_tagged = all(_topic(page.lines[page.live[start]]) for start in others)
    is_parted = all(_is_boundary(page, start) for start in others)
    if len(items) < 2 or not is_parted or not (common or is_tagged):
        return [segment]
    for at in range(item.anchor.last + 2, item.end - 1):
        is_start = common <= page.frame(at) if common else False
        is_start = is_start or (is_tagged and bool(_topic(page.lines[page.live[at]])))
        if is_start and _is_boundary(page, at) and _is_header(page, at):
            undated = _undated(page, at, segment.end, item.end)
            return [_ended(segment, page.live[at]), undated]
    return [segment]


def _ended(segment: Segment, end: int) -> Segment:
    segment.end = end
    segment.marks = {i: mark for i, mark in segment.marks.items() if i < end}
    return segment


def _undated(page: Page, start: int, stop: int, end: int) -> Segment:
    segment = Segment("listing_item", page.live[start], stop)
    head = []
    for at in range(start, min(end, start + _MAX_HEAD)):
        if not _is_header(page, at):
            break
        head.append(at)
    titles = [at for at in head if len(page.lines[page.live[at]].split()) > 3]
    if titles:
        i = page.live[titles[0]]
        segment.title, segment.source = page.site_of(i)
        segment.marks[i] = "title"
    _read_names(page, segment, [at for at in head if at not in titles], None)
    return segment
