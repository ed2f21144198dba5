"""Tag, search and archive pages: short items, most of them with their day.

The lines that are nothing but a date are anchors. An item begins at the top of the short lines
around its date (source, section, topics, headline), or, where dates close items, below the date of
the item before. What parts dated items then finds those without a date: lines between two items
that are set apart in the same way and begin with a headline. Where every date only heads a group of
items, all of the group bear it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.core.pages.anchors import Anchor, group_stamps
from pipeline.core.pages.captions import is_caption
from pipeline.core.pages.heads import is_label
from pipeline.core.pages.items import (
    MAX_HEAD,
    NUMBERED,
    Item,
    is_boundary,
    is_head_line,
    read_items,
    title_place,
    topic_of,
)
from pipeline.core.pages.sections import is_section
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.sites import is_one_word_site, is_press
from pipeline.core.pages.texts import comparable

#: Share of a page's items that must show a pattern for it to be the page's.
_MOST = 0.6
#: Blank lines or buttons part paragraphs too where this share of items has them inside.
_OFTEN = 0.3
#: Items of so few words are teasers: the page is a listing even if no item names its source.
_TEASER_WORDS = 80
#: Items of a page that says that it is a listing may be this long.
_ITEM_WORDS = 150
_MIN_TITLE_WORDS = 3
#: Timed pieces within so many days are posts, unless they name sources.
_LIVE_DAYS = 3

_HEADING = re.compile(
    r"(?:tag(?:ged)?|topics?|category|section|keyword|archives?|search(?: results)?|results?)\b"
    r"(?:\s*:.*|\s+(?:for|with|in|archives?)\b.*)?"
    r"|[\d.,\s]+(?:results?|articles?|stories|items|posts)\b.*"
    r"|(?:all|latest|more|recent)\s+(?:the\s+)?(?:news|articles|stories|headlines|posts|updates)\b.*"
    r"|more from\b.*|news (?:archive|tagged|about|on)\b.*|.*\barchives?|#\w[\w-]*"
    r"|.*\b(?:latest|breaking) news\b.*|(?:showing|page|results)\s+\d+.*",
    re.IGNORECASE,
)
_MAX_HEADING_WORDS = 10
_REFERRALS = frozenset({"source_link", "related", "referral"})


def cut_listing(page: Page) -> list[Segment]:
    """Cut the items of a listing; empty where the page is none."""
    anchors = group_stamps(page, lambda stamp: stamp.is_dated or stamp.ago is not None)
    n_timed = sum(
        stamp.minutes is not None and not stamp.is_dated for stamp in page.stamps.values()
    )
    if not anchors or n_timed > len(anchors):
        return []
    dated = _dated_items(page, anchors)
    items = _with_undated(page, dated)
    if not _is_listing(page, dated, items):
        return []
    return read_items(page, items, _group_days(page, items))


def is_heading(line: str) -> bool:
    """Whether a line says that a listing follows: `Tag: Energy`, `24 results for harbour`."""
    return len(line.split()) <= _MAX_HEADING_WORDS and _HEADING.fullmatch(line) is not None


# Where dated items begin


def _dated_items(page: Page, anchors: Sequence[Anchor]) -> list[Item]:
    closes = _closes_items(page, anchors)
    starts = _starts_below(page, anchors) if closes else _starts_above(page, anchors)
    return [
        Item(anchor, start, end, closes)
        for anchor, start, end in zip(anchors, starts, [*starts[1:], len(page.live)], strict=True)
    ]


def _starts_above(page: Page, anchors: Sequence[Anchor]) -> list[int]:
    """Tops of items that have their date in the head."""
    counts = [_n_above(page, anchor) for anchor in anchors]
    tallies = Counter(counts)
    usual = max(tallies, key=lambda n: (tallies[n], n))
    starts = [
        a.first - (n if is_boundary(page, a.first - n) else min(n, usual))
        for a, n in zip(anchors, counts, strict=True)
    ]
    floor = [0, *(anchor.last + 1 for anchor in anchors[:-1])]
    return [max(start, low) for start, low in zip(starts, floor, strict=True)]


def _n_above(page: Page, anchor: Anchor) -> int:
    """Count the head lines above a date: up to a paragraph, or what parts items."""
    n = 0
    while n < MAX_HEAD and is_head_line(page, anchor.first - 1 - n):
        if is_boundary(page, anchor.first - n) and (n or _leads(page, anchor)):
            break
        n += 1
    return n


def _leads(page: Page, anchor: Anchor) -> bool:
    """Whether a date that is set apart from what is above belongs to what is right below."""
    after = anchor.last + 1
    return after < len(page.live) and not is_boundary(page, after)


def _closes_items(page: Page, anchors: Sequence[Anchor]) -> bool:
    """Whether dates stand below the teasers: text above the first, and none below the last."""
    above = sum(_has_text_above(page, anchor) for anchor in anchors)
    below = sum(_has_text_below(page, anchor) for anchor in anchors)
    return above > below


def _has_text_above(page: Page, anchor: Anchor) -> bool:
    """Whether a paragraph stands right above a date, perhaps with names in between."""
    for at in range(anchor.first - 1, max(anchor.first - 4, -1), -1):
        if is_boundary(page, at + 1):
            return False
        if page.is_prose(page.live[at]):
            return True
        if not is_head_line(page, at) or not is_label(page.lines[page.live[at]]):
            return False
    return False


def _has_text_below(page: Page, anchor: Anchor) -> bool:
    """Whether a paragraph stands below a date, with nothing but head lines in between."""
    for at in range(anchor.last + 1, min(anchor.last + 2 + MAX_HEAD, len(page.live))):
        if page.live[at] in page.stamps or (at > anchor.last + 1 and is_boundary(page, at)):
            return False
        if page.is_prose(page.live[at]):
            return not is_boundary(page, anchor.last + 1) or at == anchor.last + 1
    return False


def _starts_below(page: Page, anchors: Sequence[Anchor]) -> list[int]:
    """Tops of items whose dates close them."""
    first = anchors[0].first - 1
    while first > 0 and not page.is_prose(page.live[first]):
        first -= 1
    while first > 0 and page.is_prose(page.live[first - 1]):
        first -= 1
    while first > 0 and is_head_line(page, first - 1) and not is_boundary(page, first):
        first -= 1
    if is_boundary(page, first) and page.is_prose(page.live[first]) and first > 0:
        first -= is_head_line(page, first - 1)
    starts = [first]
    for anchor, after in zip(anchors, anchors[1:], strict=False):
        at = anchor.last + 1
        while at < after.first and not is_boundary(page, at) and _is_tail(page, at):
            at += 1
        starts.append(at)
    return starts


def _is_tail(page: Page, at: int) -> bool:
    """Whether a line below a closing date still belongs to its item."""
    line = page.lines[page.live[at]]
    is_name = bool(topic_of(line)) or is_section(line) or is_press(line)
    return is_name or not (page.is_prose(page.live[at]) or is_head_line(page, at))


# Items without a date


@dataclass(frozen=True, slots=True)
class _Border:
    """What parts the items of a page: at least so many blank lines, and buttons they all have."""

    gap: int
    frame: frozenset[str]

    def is_at(self, page: Page, at: int) -> bool:
        """Whether it stands above the place `at`."""
        return page.gap(at) >= self.gap and self.frame <= page.frame(at)


def _with_undated(page: Page, items: Sequence[Item]) -> list[Item]:
    """Add the items without a date to those that have one."""
    border = _border_of(page, items)
    parted: list[Item] = []
    for item in items:
        starts = _undated_starts(page, item, border) if border else []
        starts = starts or _numbered_starts(page, item)
        parted += _part_item(item, starts)
    return parted


def _border_of(page: Page, items: Sequence[Item]) -> _Border | None:
    """What parts dated items, if it does not part their paragraphs as well."""
    starts = [item.start for item in items[1:]]
    if not starts:
        return None
    border = _Border(
        min(page.gap(start) for start in starts),
        frozenset.intersection(*(frozenset(page.frame(start)) for start in starts)),
    )
    if not (border.gap or border.frame):
        is_tagged = all(topic_of(page.lines[page.live[start]]) for start in starts)
        return border if is_tagged else None
    n_inside = sum(
        any(
            border.is_at(page, at) and page.is_prose(page.live[at])
            for at in range(item.start + 2, item.end)
            if page.is_prose(page.live[at - 1])
        )
        for item in items
    )
    return None if n_inside > _OFTEN * len(items) else border


def _undated_starts(page: Page, item: Item, border: _Border) -> list[int]:
    """Tops of items within `item`: set apart as the page's items are, a headline, then text."""
    if item.anchor is None:
        return []
    low = item.start if item.closes else item.anchor.last
    high = item.anchor.first if item.closes else item.end
    is_tagged = bool(topic_of(page.lines[page.live[item.start]]))
    is_open = bool(border.gap or border.frame)
    tops = [at for at in range(low + 1, high) if border.is_at(page, at)]
    ends = [*tops[1:], high][: len(tops)]
    return [
        at
        for at, end in zip(tops, ends, strict=True)
        if is_head_line(page, at)
        and (is_open or (is_tagged and topic_of(page.lines[page.live[at]])))
        and not (at == item.anchor.last + 1 and _is_first_text(item))
        and _reads_as_item(page, at, end, is_tagged=is_tagged)
    ]


def _is_first_text(item: Item) -> bool:
    """Whether nothing stands above the date: what is below is the item, even if set apart."""
    return item.anchor is not None and item.anchor.first == item.start


def _reads_as_item(page: Page, at: int, end: int, *, is_tagged: bool) -> bool:
    """Whether lines have a headline and a text below it."""
    head = at
    n_titles = 0
    while head < end and is_head_line(page, head):
        n_titles += len(page.lines[page.live[head]].split()) >= _MIN_TITLE_WORDS
        head += 1
    has_text = any(page.is_prose(page.live[k]) for k in range(head, end))
    return (n_titles > 0 and has_text) or (is_tagged and n_titles > 0) or n_titles > 1


def _numbered_starts(page: Page, item: Item) -> list[int]:
    """Tops of items within `item` that go on counting: `3. Headline` below `2. Headline`."""
    count = _number_of(page, item.start)
    starts = []
    for at in range(item.start + 1, item.end):
        if count is not None and is_boundary(page, at) and _number_of(page, at) == count + 1:
            starts.append(at)
            count += 1
    return starts


def _number_of(page: Page, at: int) -> int | None:
    match = NUMBERED.match(page.lines[page.live[at]]) if is_head_line(page, at) else None
    return int(match[1]) if match else None


def _part_item(item: Item, starts: Sequence[int]) -> list[Item]:
    """Cut an item at `starts`; only the piece that holds the date keeps it."""
    tops = [item.start, *starts]
    pieces = []
    for start, end in zip(tops, [*starts, item.end], strict=True):
        anchor = item.anchor
        owns = anchor is not None and start <= anchor.first < end
        pieces.append(replace(item, anchor=anchor if owns else None, start=start, end=end))
    return pieces


def _group_days(page: Page, items: Sequence[Item]) -> dict[int, str | None]:
    """Days of items without a date, where dates only head groups of items.

    Such dates stand first, say nothing but the day, and no two of them are the same.
    """
    dated = [item for item in items if item.anchor]
    days = [item.anchor.stamp.date for item in dated if item.anchor]
    is_heading_all = all(_heads_group(page, item) for item in dated)
    n_undated = len(items) - len(dated)
    is_apart = any(_is_set_apart(page, item) for item in dated)
    if not n_undated or not is_heading_all or len(set(days)) < len(days):
        return {}
    if n_undated < 2 and not is_apart:
        return {}
    inherited: dict[int, str | None] = {}
    day = None
    for n, item in enumerate(items):
        day = item.anchor.stamp.date if item.anchor else day
        inherited[n] = day
    return inherited


def _heads_group(page: Page, item: Item) -> bool:
    if item.anchor is None:
        return False
    stamp = item.anchor.stamp
    above = [page.lines[page.live[at]] for at in range(item.start, item.anchor.first)]
    is_bare = not (stamp.is_timed or stamp.author or stamp.source or stamp.is_note)
    return is_bare and all(is_caption(line, in_head=True) for line in above)


def _is_set_apart(page: Page, item: Item) -> bool:
    after = item.anchor.last + 1 if item.anchor else item.end
    return after < item.end and page.gap(after) > 0


# Whether it is a listing at all


def _is_listing(page: Page, dated: Sequence[Item], items: Sequence[Item]) -> bool:
    """Short items of which most name a source, a section or topics, or a source named twice."""
    n_topics = sum(_has_topic(page, item) for item in dated)
    if len(items) < 2:
        return _repeats_source(page, items[0])
    n_titled = sum(title_place(page, item, None) is not None for item in dated)
    if n_titled < _MOST * len(dated) and not n_topics:
        return False
    n_named = sum(_names_source(page, item) for item in dated)
    if max(n_topics, n_named) >= _MOST * len(dated):
        return True
    size = _median_words(page, items)
    if size <= _ITEM_WORDS and _is_announced(page, dated):
        return True
    if _is_chronology(dated):
        return False
    is_headed = not any(page.is_prose(i) for i in page.live[: items[0].start])
    return size <= _TEASER_WORDS and (len(items) > 2 or is_headed) and not _are_posts(dated)


def _median_words(page: Page, items: Sequence[Item]) -> int:
    sizes = sorted(
        sum(len(page.lines[i].split()) for i in page.live[item.start : item.end]) for item in items
    )
    return sizes[len(sizes) // 2]


def _is_announced(page: Page, dated: Sequence[Item]) -> bool:
    """Whether the page says that it is a listing, or all items but the last end with a link."""
    top = page.lines[: page.live[dated[0].start] + 1]
    if any(is_heading(line) for line in top):
        return True
    frames = [page.frame(item.end) for item in dated]
    return len(dated) > 2 and all(frame & _REFERRALS for frame in frames[:-1])


def _are_posts(items: Sequence[Item]) -> bool:
    """Whether all say the time and lie within a few days: posts of a live-blog."""
    stamps = [item.anchor.stamp for item in items if item.anchor]
    days = [stamp.date for stamp in stamps if stamp.date]
    span = (dt.date.fromisoformat(max(days)) - dt.date.fromisoformat(min(days))).days if days else 0
    return sum(stamp.is_timed for stamp in stamps) >= _MOST * len(items) and span <= _LIVE_DAYS


def _is_chronology(items: Sequence[Item]) -> bool:
    """Whether days only rise: a story told by dates. Listings begin with the newest."""
    days = [item.anchor.stamp.date or "" for item in items if item.anchor]
    return len(items) > 2 and days[0] < days[-1] and days == sorted(days)


def _has_topic(page: Page, item: Item) -> bool:
    return any(topic_of(page.lines[page.live[at]]) for at in item.head(page))


def _names_source(page: Page, item: Item) -> bool:
    lines = [page.lines[page.live[at]] for at in item.head(page)]
    stamp = item.anchor.stamp if item.anchor else None
    lines += [stamp.author] if stamp and stamp.author else []
    is_named = any(is_press(line) or is_section(line) or is_one_word_site(line) for line in lines)
    return bool(stamp and stamp.source) or is_named


def _repeats_source(page: Page, item: Item) -> bool:
    lines = [page.lines[page.live[at]] for at in item.head(page)]
    names = {comparable(match[1]) for line in lines if (match := topic_of(line))}
    return any(comparable(line) in names for line in lines if not topic_of(line))
