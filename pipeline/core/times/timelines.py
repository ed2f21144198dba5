"""The days of a live-blog: what its posts state, and what follows from their order."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.times.dates import iso_of
from pipeline.core.times.stamps import Stamp

#: Pages print posts a little out of order; only a longer leap of the clock is another day.
_ROLL_MINUTES = 180


def resolve_dates(stamps: Sequence[Stamp], page: Stamp | None = None) -> list[str | None]:
    """Give every post of a live-blog its date.

    A post without a date takes it from the nearest dated one; the day turns where the clock leaps
    against the page's order. Pages that date each post of earlier days leave only the newest day
    undated: there, the undated posts belong to the following day even if the clock does not leap.
    A day without a year takes the year of the page; `2h ago` counts back from the page's time.

    Parameters
    ----------
    stamps : sequence of Stamp
        In the order of the page, newest or oldest first.
    page : Stamp, optional
        What the page says of itself (`Updated 21 January 2025 14:05`): the day of the post at its
        top where no post is dated.

    Returns
    -------
    list of str or None
        One ISO date for each stamp; all None where nothing states a date.
    """
    stamps = _with_years(stamps, page)
    known = [i for i, stamp in enumerate(stamps) if stamp.date]
    if not known and page and page.date and stamps:
        stamps = [_counted_back(stamp, page) for stamp in stamps]
        at = _dated_by(page, stamps)
        stamps[at] = replace(stamps[at], date=stamps[at].date or page.date)
        known = [i for i, stamp in enumerate(stamps) if stamp.date]
    if not known:
        return [None] * len(stamps)
    first, last = known[0], known[-1]
    step = -1 if _is_newest_first(stamps) else 1
    days: list[dt.date | None] = [
        dt.date.fromisoformat(stamp.date) if stamp.date else None for stamp in stamps
    ]
    # Every older post is dated and no newer one: the convention above. Days that are stated once
    # each are headings, which date the posts below them too.
    is_each = last > first and len({stamps[i].date for i in known}) < len(known)
    before = is_each and step < 0 and all(stamp.date for stamp in stamps[first:])
    after = is_each and step > 0 and all(stamp.date for stamp in stamps[: last + 1])
    _walk(stamps, days, range(first - 1, -1, -1), step=-step, turns_at_once=before)
    _walk(stamps, days, range(first + 1, last), step=step, turns_at_once=False)
    _walk(stamps, days, range(last + 1, len(stamps)), step=step, turns_at_once=after)
    return [
        _on_weekday(day, stamp.weekday).isoformat() if day else None
        for day, stamp in zip(days, stamps, strict=True)
    ]


def _dated_by(page: Stamp, stamps: Sequence[Stamp]) -> int:
    """Which post a date of the page belongs to: `Updated` to the newest, otherwise the topmost."""
    if page.is_update:
        return 0 if _is_newest_first(stamps) else len(stamps) - 1
    if page.is_first:
        return len(stamps) - 1 if _is_newest_first(stamps) else 0
    return 0


def _with_years(stamps: Sequence[Stamp], page: Stamp | None) -> list[Stamp]:
    """Date the posts that leave out the year: it is the one of the next date above, or below."""
    stated = [stamp.date for stamp in ([page] if page else []) + list(stamps) if stamp.date]
    year = int(stated[0][:4]) if stated else None
    dated = []
    for stamp in stamps:
        year = int(stamp.date[:4]) if stamp.date else year
        date = iso_of(year, *stamp.month_day) if year and stamp.month_day else None
        dated.append(replace(stamp, date=date) if date else stamp)
    return dated


def _counted_back(stamp: Stamp, page: Stamp) -> Stamp:
    """Date a post that says how long ago it was, if the page says of when it is."""
    if stamp.days_back and page.date:
        day = _moved(dt.date.fromisoformat(page.date), -stamp.days_back)
        return replace(stamp, date=day.isoformat())
    if stamp.ago is None or stamp.minutes is not None or page.date is None:
        return stamp
    if page.minutes is None and stamp.ago % 1440:
        return stamp
    total = (page.minutes or 0) - stamp.ago
    day = _moved(dt.date.fromisoformat(page.date), total // 1440)
    return replace(stamp, date=day.isoformat(), minutes=total % 1440)


def _on_weekday(day: dt.date, weekday: int | None) -> dt.date:
    """Move to the nearest day of that name, at most three days away."""
    if weekday is None:
        return day
    return _moved(day, (weekday - day.weekday() + 3) % 7 - 3)


def _is_newest_first(stamps: Sequence[Stamp]) -> bool:
    dates = [stamp.date for stamp in stamps if stamp.date]
    if dates and dates[0] != dates[-1]:
        return dates[0] > dates[-1]
    times = [stamp.minutes for stamp in stamps if stamp.minutes is not None]
    # Steps the short way round the clock, so that midnight counts as any other hour.
    steps = [(after - before + 720) % 1440 - 720 for before, after in itertools.pairwise(times)]
    return sum((step < 0) - (step > 0) for step in steps) >= 0


def _walk(
    stamps: Sequence[Stamp],
    days: list[dt.date | None],
    order: range,
    *,
    step: int,
    turns_at_once: bool,
) -> None:
    """Fill undated days along `order`, where going on means going `step` in time."""
    if not order:
        return
    anchor = order.start - order.step
    previous, clock = days[anchor], stamps[anchor].minutes
    for i in order:
        minutes = stamps[i].minutes
        if days[i] is None and previous is not None:
            leap = 0 if clock is None or minutes is None else (clock - minutes) * step
            turns = turns_at_once or leap > _ROLL_MINUTES
            days[i] = _moved(previous, step) if turns else previous
        turns_at_once = False
        previous, clock = days[i], clock if minutes is None else minutes


def _moved(day: dt.date, n_days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=n_days)
    except OverflowError:
        return day
