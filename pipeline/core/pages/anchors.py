"""Lines that date a piece of a page."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.core.boilerplate.cleaning import is_sentence_end
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.times.stamps import Stamp

#: Share of the anchors of a page that must show a pattern for it to be the page's.
MOST = 0.6
#: The same where chance shows it too: bare clock times also stand in chronologies.
NEARLY_ALL = 0.8


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

    A note with a time (`Updated at 12:30`) over a stamp that is none belongs to what stands
    above. So does the full date and time over the first stamp, where no other stamp has a date.
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
    return replace(
        merged,
        is_note=all(stamp.is_note for stamp in timed or stamps),
        is_update=all(stamp.is_update for stamp in timed or stamps),
    )


def without_header(page: Page, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Drop anchors that date the page, not a post: `Updated 21 January 2025 14:05` at its top."""
    if len(anchors) < 2:
        return list(anchors)
    notes = [anchor for anchor in anchors if anchor.stamp.is_note]
    posts = [anchor for anchor in anchors if not anchor.stamp.is_note]
    if len(notes) > 2 * len(posts):
        # Every post says `Updated` or `Published`: these are its stamps.
        posts = notes
    if _dates_page(page, posts[0], posts[1:]):
        return posts[1:]
    if posts[-1].stamp.is_update and _dates_page(page, posts[-1], posts[:-1]):
        return posts[:-1]
    return posts


def _dates_page(page: Page, own: Anchor, others: Sequence[Anchor]) -> bool:
    """Whether the first (or last) stamp is the page's own: the only date, and its place says so.

    It stands above all sentences, says that it is of an update as no other does, or gives the
    time of the newest post once more. A day that
    heads the first post (its stamp has a line of its own below) is none.
    """
    is_only = own.stamp.is_dated and not any(anchor.stamp.is_dated for anchor in others)
    if not is_only or len(others) < 2 or own.stamp.author:
        return False
    stamps = [page.stamps[page.live[at]] for at in range(own.first, own.last + 1)]
    if not any(stamp.is_dated and stamp.is_timed for stamp in stamps):
        return False
    newest = {others[0].stamp.minutes, others[-1].stamp.minutes} - {None}
    says_update = own.stamp.is_update and not any(anchor.stamp.is_update for anchor in others)
    return says_update or own.stamp.minutes in newest or _starts_page(page, own)


def _starts_page(page: Page, anchor: Anchor) -> bool:
    above = page.live[: anchor.first]
    return not any(is_sentence_end(page.lines[i]) for i in above[1:])


def without_updates(page: Page, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Drop a note that touches the headline below a stamp: it says more of the same post."""
    return [
        anchor
        for above, anchor in zip([None, *anchors], anchors, strict=False)
        if above is None
        or not anchor.stamp.is_update
        or page.live[anchor.first] - page.live[above.last] != 2
        or anchor.first - above.last != 2
    ]


def only_falls(stamps: Sequence[Stamp]) -> bool:
    """Newest first: no story is told so, but a live-blog without headlines is."""
    times = [stamp.minutes or 0 for stamp in stamps]
    return sum(after > before for before, after in itertools.pairwise(times)) <= 1


def close_posts(page: Page, segments: Sequence[Segment]) -> None:
    """Let every post end where the next begins, and the last with the page."""
    ends = [*(segment.start for segment in segments[1:]), len(page.lines)]
    for segment, end in zip(segments, ends, strict=True):
        segment.end = end
