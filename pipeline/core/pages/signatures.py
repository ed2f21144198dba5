"""Lines of a live-blog that name the author of a post, beside its stamp or its headline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.pages.anchors import MOST, NEARLY_ALL, Anchor
from pipeline.core.pages.headlines import may_be_title
from pipeline.core.pages.heads import is_name, is_role, read_byline
from pipeline.core.pages.segments import Page
from pipeline.core.times.names import read_name

_MAX_NAME_WORDS = 5


def with_names(page: Page, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Take the author's own line into the anchor, where most anchors have one in that place."""
    named = [anchor for anchor in anchors if anchor.stamp.author]
    if len(named) > MOST * len(anchors):
        return list(anchors)
    for slots in (_slots_below, _slots_above):
        places = _name_places(page, [slots(page, anchor) for anchor in anchors])
        if places:
            return [_named(page, *pair) for pair in zip(anchors, places, strict=True)]
    return list(anchors)


def _slots_below(page: Page, anchor: Anchor) -> list[int]:
    """Places below a stamp, and below the headline that follows it."""
    at = anchor.last + 1
    return [at, at + 1] if may_be_title(page, at) else [at]


def _slots_above(_page: Page, anchor: Anchor) -> list[int]:
    return [anchor.first - 1]


def _name_places(page: Page, slots: Sequence[Sequence[int]]) -> list[int | None] | None:
    """Which place of each post names its author; None where too few posts name one."""
    counts = Counter(
        page.lines[page.live[at]] for places in slots for at in places if _name_at(page, at)
    )
    found = [
        max(
            (at for at in places if _name_at(page, at)),
            key=lambda at: (
                counts[page.lines[page.live[at]]],
                is_name(page.lines[page.live[at]]),
                at,
            ),
            default=None,
        )
        for places in slots
    ]
    lines = [page.lines[page.live[at]] for at in found if at is not None]
    if not lines or len(lines) < MOST * len(slots):
        return None
    is_sure = sum(line.casefold().startswith("by ") for line in lines) >= MOST * len(lines)
    is_few = len(set(lines)) <= max(1, len(lines) // 2)
    are_people = sum(is_name(line) for line in lines) >= NEARLY_ALL * len(slots)
    return found if is_sure or is_few or are_people else None


def _name_at(page: Page, at: int) -> str | None:
    if not 0 <= at < len(page.live) or page.live[at] in page.stamps:
        return None
    line = page.lines[page.live[at]]
    byline = read_byline(line)
    if byline:
        return byline[0]
    if len(line.split()) not in range(2, _MAX_NAME_WORDS + 1) or is_role(line):
        return None
    return read_name(line) or None


def _named(page: Page, anchor: Anchor, at: int | None) -> Anchor:
    """Give an anchor its author; a name, and an office, beside the stamp become part of it."""
    name = None if at is None else _name_at(page, at)
    if at is None or not name:
        return anchor
    stamp = replace(anchor.stamp, author=anchor.stamp.author or name, is_rich=True)
    first, last = min(anchor.first, at), anchor.last
    if at == last + 1:
        last = at
    while last + 1 < len(page.live) and is_role(page.lines[page.live[last + 1]]):
        last += 1
    return replace(anchor, first=first, last=last, stamp=stamp, name=at)
