"""Live-blogs: posts that bear times.

The lines that are nothing but a time or a date are anchors. Where a piece begins (headline above
the anchor or below it, with or without a line for the author or the source) is read from all
anchors of the page together: what most of them have in the same place is the page's pattern.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.boilerplate.sections import is_section
from pipeline.core.pages.anchors import (
    MOST,
    NEARLY_ALL,
    Anchor,
    close_posts,
    group_stamps,
    only_falls,
    without_header,
    without_updates,
)
from pipeline.core.pages.badges import find_badges
from pipeline.core.pages.days import date_posts
from pipeline.core.pages.headlines import headline_side, is_head_at, is_title
from pipeline.core.pages.heads import is_role
from pipeline.core.pages.inline import cut_inline
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.signatures import with_names

_LIVE = re.compile(
    r"\blive\b|\bas it happened\b|\bupdates\b|\bblog\b|\bminute by minute\b", re.IGNORECASE
)


def cut_liveblog(page: Page) -> list[Segment]:
    """Cut posts that bear times; empty where the page is no live-blog."""
    badges = find_badges(page)
    segments = _posts(replace(page, live=[i for i in page.live if i not in badges]))
    if segments and badges.issuperset(above := page.within(0, segments[0].start)[-1:]):
        segments[0].start = min([segments[0].start, *above])
    for segment in segments:
        for i in badges & set(range(segment.start, segment.end)):
            segment.marks[i] = "navigation"
    return segments


def _posts(page: Page) -> list[Segment]:
    """Cut posts that have a line of their own for the time, or else share it with the headline."""
    anchors = without_header(page, group_stamps(page, lambda stamp: stamp.is_timed))
    anchors = with_names(page, anchors)
    inline = cut_inline(page)
    if len(inline) > sum(not anchor.stamp.is_note for anchor in anchors):
        return inline
    if len(anchors) < 2:
        return []
    side = headline_side(page, anchors)
    if not _is_liveblog(page, anchors, side):
        return []
    anchors = without_updates(page, anchors)
    segments = [_post(page, anchor, side) for anchor in anchors]
    close_posts(page, segments)
    date_posts(page, [anchor.stamp for anchor in anchors], segments)
    return segments


def _is_liveblog(page: Page, anchors: Sequence[Anchor], side: int) -> bool:
    """Two rich stamps, or three bare ones below or above headlines."""
    n_rich = sum(anchor.stamp.is_rich or anchor.stamp.is_note for anchor in anchors)
    n_headed = sum(
        is_head_at(page, anchor.first - 1 if side < 0 else anchor.last + 1) for anchor in anchors
    )
    if side and n_headed >= NEARLY_ALL * len(anchors):
        return n_rich >= 2 or len(anchors) >= 3
    if (side and n_rich + n_headed >= len(anchors)) or _are_framed(page, anchors):
        return True
    if _is_chronology(anchors):
        return len(anchors) >= 3 and _says_live(page, anchors)
    return n_rich >= NEARLY_ALL * len(anchors) or (
        len(anchors) >= 3 and only_falls([anchor.stamp for anchor in anchors])
    )


def _says_live(page: Page, anchors: Sequence[Anchor]) -> bool:
    """Whether the page calls itself a live-blog above its first post."""
    return any(_LIVE.search(page.lines[i]) for i in page.live[: min(anchors[0].first, 6)])


def _are_framed(page: Page, anchors: Sequence[Anchor]) -> bool:
    """Whether rows to share or comment part most of the posts, as only live-blogs have them."""
    framed = [anchor for anchor in anchors[1:] if page.frame(anchor.first) & {"share", "comments"}]
    return len(anchors) >= 3 and len(framed) >= MOST * len(anchors)


def _is_chronology(anchors: Sequence[Anchor]) -> bool:
    """A story told by the clock: times without names that only rise."""
    if any(a.stamp.author or a.stamp.ago is not None or a.stamp.is_note for a in anchors):
        return False
    times = [(a.stamp.date or "", a.stamp.minutes or 0) for a in anchors]
    return times == sorted(times)


def _author(anchor: Anchor) -> str | None:
    """Name of the author; a section beside the time (`12:14 | Economy`) is none."""
    name = anchor.stamp.author
    return None if name and is_section(name) else name


def _post(page: Page, anchor: Anchor, side: int) -> Segment:
    segment = Segment("liveblog_entry", page.live[anchor.first], 0, author=_author(anchor))
    for at in range(anchor.first, anchor.last + 1):
        is_stamp = page.live[at] in page.stamps
        segment.marks[page.live[at]] = "stamp" if is_stamp else "byline"
    if anchor.name is not None:
        segment.marks[page.live[anchor.name]] = "byline"
        for i in page.live[anchor.name + 1 : anchor.name + 2]:
            if is_role(page.lines[i]):
                segment.marks[i] = "byline"
    title_at = anchor.first - 1 if side < 0 else anchor.last + 1
    if side and is_title(page, anchor, title_at):
        i = page.live[title_at]
        segment.title = page.lines[i]
        segment.marks[i] = "title"
        segment.start = min(segment.start, i)
    return segment
