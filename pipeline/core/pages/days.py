"""The days of the pieces of one live-blog, from its stamps and from what the page says."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.pages.segments import Page, Segment
from pipeline.core.times.stamps import Stamp
from pipeline.core.times.timelines import resolve_dates


def date_posts(page: Page, stated: Sequence[Stamp], segments: Sequence[Segment]) -> None:
    """Give posts their days; a line that is only a date heads the day of the post below it."""
    stamps = list(stated)
    own = {i for segment in segments for i in segment.marks}
    starts = [segment.start for segment in segments]
    page_stamp: Stamp | None = None
    for i, stamp in page.stamps.items():
        if i in own or not stamp.is_dated:
            continue
        at = bisect_left(starts, i)
        is_day = not (stamp.is_note or stamp.author or stamp.is_timed)
        if is_day and 0 < at < len(stamps) and not stamps[at].is_dated:
            stamps[at] = replace(stamps[at], date=stamp.date, month_day=stamp.month_day)
        elif at == 0 or (at == len(stamps) and stamp.is_note):
            page_stamp = _better(page_stamp, stamp)
    for segment, date, stamp in zip(
        segments, resolve_dates(stamps, page_stamp), stamps, strict=True
    ):
        segment.published = date
        if stamp.impossible:
            segment.notes.append(f"date {stamp.impossible} does not exist")
    for segment in segments:
        mark_dates(page, segment)


def _better(known: Stamp | None, stamp: Stamp) -> Stamp:
    """Which of two dates of a page dates its posts: when it was updated, else the later one."""
    if known is None:
        return stamp
    return max(known, stamp, key=lambda s: (bool(s.date), s.is_update, s.date or ""))


def mark_dates(page: Page, segment: Segment) -> None:
    """Mark the lines of a piece of a live-blog that are nothing but a date or a time."""
    for i in page.within(segment.start, segment.end):
        if i in page.stamps and i not in segment.marks:
            segment.marks[i] = "date"
