"""Lines that date a piece of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.core.pages.stamps import Stamp
from pipeline.core.pages.segments import Page


@dataclass(frozen=True, slots=True)
class Anchor:
    """Adjacent lines that date one piece: places `first` to `last` in `page.live`, inclusive."""

    first: int
    last: int
    stamp: Stamp
    name: int | None = None


def group_stamps(page: Page, is_anchor: Callable[[Stamp], bool]) -> list[Anchor]:
    """Join stamps on adjacent lines (`12:14` over `Updated 12:30`) into one anchor."""
    groups: list[list[int]] = []
    for at, i in enumerate(page.live):
        if i not in page.stamps:
            continue
        if groups and groups[-1][-1] == at - 1 and page.gap(at) == 0:
            groups[-1].append(at)
        else:
            groups.append([at])
    anchors = [
        Anchor(group[0], group[-1], _merged([page.stamps[page.live[at]] for at in group]))
        for group in groups
    ]
    return [anchor for anchor in anchors if is_anchor(anchor.stamp)]


def _merged(stamps: Sequence[Stamp]) -> Stamp:
    """One stamp of several: what they say of themselves comes first, what was updated last."""
    ordered = sorted(stamps, key=lambda stamp: stamp.is_note)
    merged = ordered[0]
    for stamp in ordered[1:]:
        merged = replace(
            merged,
            date=merged.date or stamp.date,
            minutes=stamp.minutes if merged.minutes is None else merged.minutes,
            author=merged.author or stamp.author,
            ago=stamp.ago if merged.ago is None else merged.ago,
            month_day=merged.month_day or stamp.month_day,
            is_rich=merged.is_rich or stamp.is_rich,
        )
    return merged
