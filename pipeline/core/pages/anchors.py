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
    anchors = []
    for group in _without_notes_above(page, groups):
        stamp = _merged([page.stamps[page.live[at]] for at in group])
        anchors.append(Anchor(group[0], group[-1], stamp))
    return [anchor for anchor in anchors if is_anchor(anchor.stamp)]


def _without_notes_above(page: Page, groups: Sequence[list[int]]) -> list[list[int]]:
    """Leave out the notes of the post above, or of the page, that touch the stamp of a post.

    A note with a time (`Updated at 12:30`) over a stamp that is none belongs to what stands above. So does
    the full date and time over the first stamp, where no other stamp has a date.
    """
    parted = [group[_n_notes(_stamps_of(page, group)) :] for group in groups]
    if len(parted) > 1 and len(parted[0]) > 1:
        first, *others = (_stamps_of(page, group) for group in parted)
        is_full = first[0].is_dated and first[0].is_timed and any(s.is_timed for s in first[1:])
        if is_full and not any(stamp.is_dated for group in others for stamp in group):
            parted[0] = parted[0][1:]
    return parted


def _n_notes(stamps: Sequence[Stamp]) -> int:
    own = next((n for n, stamp in enumerate(stamps) if stamp.is_timed and not stamp.is_note), 0)
    return max((n + 1 for n in range(own) if stamps[n].is_note and stamps[n].is_timed), default=0)


def _stamps_of(page: Page, group: Sequence[int]) -> list[Stamp]:
    return [page.stamps[page.live[at]] for at in group]


def _merged(stamps: Sequence[Stamp]) -> Stamp:
    """One stamp of several: what they say of themselves comes first, what was updated last."""
    ordered = sorted(stamps, key=lambda stamp: (stamp.is_note, not stamp.is_timed))
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
    timed = [stamp for stamp in stamps if stamp.is_timed]
    return replace(merged, is_note=all(stamp.is_note for stamp in timed or stamps))
