"""Days and clock times in the forms that news pages print them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

from benchmarks.pages.furniture import MONTHS

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def _month(day: date) -> str:
    return MONTHS[day.month - 1]


def _weekday(day: date) -> str:
    return DAYS[day.weekday()]


def _ordinal(n: int) -> str:
    return f"{n}{'th' if 10 < n < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


#: Forms that nobody misreads.
PLAIN: list[Callable[[date], str]] = [
    lambda d: f"{d.day} {_month(d)} {d.year}",
    lambda d: f"{d.day:02d} {_month(d)[:3]} {d.year}",
    lambda d: f"{_month(d)} {d.day}, {d.year}",
    lambda d: f"{_month(d)[:3]} {d.day}, {d.year}",
    lambda d: f"{_month(d)[:3]}. {d.day:02d}, {d.year}",
    lambda d: f"{_weekday(d)} {d.day} {_month(d)} {d.year}",
    lambda d: f"{_weekday(d)}, {_month(d)} {d.day}, {d.year}",
    lambda d: f"{_weekday(d)[:3]} {d.day} {_month(d)[:3]} {d.year}",
    lambda d: f"{_weekday(d)[:3]}, {d.day} {_month(d)[:3]} {d.year}",
    lambda d: f"{d.year}-{d.month:02d}-{d.day:02d}",
    lambda d: f"{_ordinal(d.day)} {_month(d)} {d.year}",
    lambda d: f"{_month(d).upper()} {d.day}, {d.year}",
    lambda d: f"{d.day}-{_month(d)[:3]}-{d.year}",
]

#: Forms that only the page can settle: (day first, form).
NUMERIC: list[tuple[bool, Callable[[date], str]]] = [
    (True, lambda d: f"{d.day:02d}-{d.month:02d}-{d.year}"),
    (True, lambda d: f"{d.day:02d}/{d.month:02d}/{d.year}"),
    (True, lambda d: f"{d.day}/{d.month}/{d.year}"),
    (True, lambda d: f"{d.day:02d}.{d.month:02d}.{d.year}"),
    (False, lambda d: f"{d.month:02d}/{d.day:02d}/{d.year}"),
    (False, lambda d: f"{d.month}/{d.day}/{d.year}"),
    (False, lambda d: f"{d.month:02d}-{d.day:02d}-{d.year}"),
]

#: Clock times; a page keeps one form.
CLOCKS: list[Callable[[datetime], str]] = [
    lambda t: f"{t:%H:%M}",
    lambda t: f"{t:%H:%M} GMT",
    lambda t: f"{t:%H:%M} CET",
    lambda t: f"{t:%H:%M} UTC",
    lambda t: f"{t:%H.%M}",
    lambda t: f"{t:%H.%M} BST",
    lambda t: f"{_twelve(t)}:{t:%M} {_half(t)}.m. ET",
    lambda t: f"{_twelve(t)}:{t:%M} {_half(t).upper()}M",
    lambda t: f"{_twelve(t)}:{t:%M}{_half(t)}m",
    lambda t: f"{_twelve(t)}.{t:%M}{_half(t)}m GMT",
    lambda t: f"{t:%I:%M} {_half(t).upper()}M EST",
    lambda t: f"{t:%H:%M}h",
    lambda t: f"{t:%H:%M} IST",
]


def _twelve(moment: datetime) -> int:
    return moment.hour % 12 or 12


def _half(moment: datetime) -> str:
    return "a" if moment.hour < 12 else "p"


def some_day(rng: Random) -> date:
    return date(2011, 1, 1) + timedelta(days=rng.randrange(5600))


def some_moment(rng: Random) -> datetime:
    return datetime.combine(some_day(rng), datetime.min.time()) + timedelta(
        minutes=rng.randrange(24 * 60)
    )


def date_line(rng: Random, moment: datetime) -> str:
    """A line that says when an article was published, on its own."""
    day = rng.choice(PLAIN)(moment)
    clock = rng.choice(CLOCKS)(moment)
    later = moment + timedelta(hours=rng.randint(1, 60))
    forms = [
        day,
        f"Published {clock}, {day}",
        f"Published: {day}",
        f"Published on {day}",
        f"Published {day} {clock}",
        f"Published at {clock} on {day}",
        f"{day} / {clock}",
        f"{day} at {clock}",
        f"{day}, {clock}",
        f"{day} | {clock}",
        f"{clock} - {day}",
        f"Posted on {day}",
        f"Posted {clock}, {day}",
        f"Date: {day}",
        f"PUBLISHED {day.upper()}",
        f"First published on {day}",
        f"Updated {day} {clock}",
        f"Last updated: {day}",
        f"Updated: {clock}, {day}",
        f"Last modified on {day} {clock}",
        f"Published: {day} | Updated: {rng.choice(PLAIN)(later)}",
        f"{day} (Updated: {clock})",
        f"Issued on: {day} - {clock}",
    ]
    return rng.choice(forms)
