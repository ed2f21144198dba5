"""Where the items of a listing begin.

An item begins at the top of the short lines around its date (source, section, topics, headline),
or, where dates close items, below the date of the item before. What parts dated items then finds
those without a date: lines that are set apart in the same way and begin with a headline. Where
every date only heads a group of items, all of the group bear it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.core.boilerplate.captions import is_caption
from pipeline.core.boilerplate.sections import is_section
from pipeline.core.pages.anchors import Anchor
from pipeline.core.pages.heads import is_label
from pipeline.core.pages.item_lines import (
    MAX_HEAD,
    MIN_TITLE_WORDS,
    Item,
    is_boundary,
    is_head_line,
    is_heading,
    is_short,
    is_text,
    number_of,
    topic_of,
)
from pipeline.core.pages.segments import Page
from pipeline.core.pages.sites import is_press

#: Blank lines or buttons part paragraphs too where this share of items has them inside.
_OFTEN = 0.3
#: Names between a teaser and the date that closes its item.
_MAX_NAMES = 3


# Where dated items begin


def dated_items(page: Page, anchors: Sequence[Anchor]) -> list[Item]:
    """Cut a page at the items of its dates (at least one); each reaches to the next."""
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
    counts = [
        usual if n < usual and _is_block_above(page, anchor, usual) else n
        for n, anchor in zip(counts, anchors, strict=True)
    ]
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
        if is_heading(page.lines[page.live[anchor.first - 1 - n]]):
            break
        if is_boundary(page, anchor.first - n) and (n or _leads(page, anchor)):
            break
        n += 1
    return n


def _is_block_above(page: Page, anchor: Anchor, n: int) -> bool:
    """Whether exactly `n` short lines stand right above a date, sentences or not."""
    places = range(anchor.first - n, anchor.first)
    return (
        places[0] >= 0
        and is_boundary(page, places[0])
        and not any(is_boundary(page, at) for at in range(places[0] + 1, anchor.first + 1))
        and all(is_short(page, at) for at in places)
    )


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
    for at in range(anchor.first - 1, max(anchor.first - 2 - _MAX_NAMES, -1), -1):
        if is_boundary(page, at + 1):
            return False
        if is_text(page, at):
            return True
        if not is_head_line(page, at) or not is_label(page.lines[page.live[at]]):
            return False
    return False


def _has_text_below(page: Page, anchor: Anchor) -> bool:
    """Whether a paragraph stands below a date, with nothing but head lines in between."""
    for at in range(anchor.last + 1, min(anchor.last + 2 + MAX_HEAD, len(page.live))):
        if page.live[at] in page.stamps or (at > anchor.last + 1 and is_boundary(page, at)):
            return False
        if is_text(page, at):
            return not is_boundary(page, anchor.last + 1) or at == anchor.last + 1
    return False


def _starts_below(page: Page, anchors: Sequence[Anchor]) -> list[int]:
    """Tops of items whose dates close them."""
    first = anchors[0].first - 1
    while first > 0 and not is_text(page, first):
        first -= 1
    while first > 0 and is_text(page, first - 1):
        first -= 1
    while first > 0 and is_head_line(page, first - 1) and not is_boundary(page, first):
        first -= 1
    if is_text(page, first) and not page.frame(first) and is_head_line(page, first - 1):
        first -= not is_heading(page.lines[page.live[first - 1]])
    starts = [first]
    for anchor, after in itertools.pairwise(anchors):
        at = anchor.last + 1
        while at < after.first and not is_boundary(page, at) and _is_tail(page, at):
            at += 1
        starts.append(at)
    return starts


def _is_tail(page: Page, at: int) -> bool:
    """Whether a line below a closing date still belongs to its item."""
    line = page.lines[page.live[at]]
    is_name = bool(topic_of(line)) or is_section(line) or is_press(line)
    return is_name or not (is_text(page, at) or is_head_line(page, at))


# Items without a date


@dataclass(frozen=True, slots=True)
class _Border:
    """What parts the items of a page: at least so many blank lines, and buttons they all have."""

    gap: int
    frame: frozenset[str]

    def is_at(self, page: Page, at: int) -> bool:
        """Whether it stands above the place `at`."""
        return page.gap(at) >= self.gap and self.frame <= page.frame(at)


def with_undated(page: Page, items: Sequence[Item]) -> list[Item]:
    """Add the items without a date to those that have one."""
    border = _border_of(page, items)
    parted = _items_above(page, items, border)
    for item in items:
        starts = _undated_starts(page, item, border) if border else []
        starts = starts or _numbered_starts(page, item)
        parted += _part_item(item, starts)
    return parted


def _items_above(page: Page, items: Sequence[Item], border: _Border | None) -> list[Item]:
    """Items above the first date: parted by as many blank lines, a headline and a text each."""
    end = items[0].start
    gap = border.gap if border else 0
    if not gap or not end:
        return []
    tops = [at for at in range(end) if at == 0 or page.gap(at) >= gap]
    starts = [
        at
        for at, below in itertools.pairwise([*tops, end])
        if is_head_line(page, at)
        and not is_heading(page.lines[page.live[at]])
        and _reads_as_item(page, at, below, is_tagged=False)
        and below - at <= MAX_HEAD
    ]
    return [
        replace(items[0], anchor=None, start=start, end=below)
        for start, below in itertools.pairwise([*starts, end])
    ]


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
            border.is_at(page, at) and is_text(page, at)
            for at in range(item.start + 2, item.end)
            if is_text(page, at - 1)
        )
        for item in items
    )
    return None if n_inside > _OFTEN * len(items) else border


def _undated_starts(page: Page, item: Item, border: _Border) -> list[int]:
    """Tops of items within `item`: set apart as the page's items are, a headline, then text."""
    if item.anchor is None:
        return []
    low = item.start if item.closes else item.anchor.last
    high = item.end
    is_tagged = bool(topic_of(page.lines[page.live[item.start]]))
    is_open = bool(border.gap or border.frame)
    tops = [at for at in range(low + 1, high) if border.is_at(page, at)]
    return [
        at
        for at, end in itertools.pairwise([*tops, high])
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
        n_titles += len(page.lines[page.live[head]].split()) >= MIN_TITLE_WORDS
        head += 1
    has_text = any(is_text(page, k) for k in range(head, end))
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
    return number_of(page.lines[page.live[at]]) if is_head_line(page, at) else None


def _part_item(item: Item, starts: Sequence[int]) -> list[Item]:
    """Cut an item at `starts`; only the piece that holds the date keeps it."""
    tops = [item.start, *starts]
    pieces = []
    for start, end in itertools.pairwise([*tops, item.end]):
        anchor = item.anchor
        owns = anchor is not None and start <= anchor.first < end
        pieces.append(replace(item, anchor=anchor if owns else None, start=start, end=end))
    return pieces


def group_days(page: Page, items: Sequence[Item]) -> dict[int, str | None]:
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
