"""How many articles fall into each day, week, month or longer period."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: More bars than this cannot be told apart in a small chart.
MAX_BARS = 60
#: From this many dates on, a few misread ones may not stretch the axis for all the others.
ENOUGH_TO_TRIM = 20
# Not from `calendar`: its names follow the locale, and the page must not.
_MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A period: `n` days, weeks, months or years."""

    n: int
    name: str

    def index(self, day: dt.date) -> int:
        """Return the number of the period in which `day` lies; consecutive without gaps."""
        if self.name == "day":
            return day.toordinal()
        if self.name == "week":  # 1 January of year 1 was a Monday
            return (day.toordinal() - 1) // 7
        if self.name == "month":
            return (day.year * 12 + day.month - 1) // self.n
        return day.year // self.n

    def label(self, index: int) -> str:
        """Name period number `index` by its first day, month or year."""
        if self.name == "day":
            return dt.date.fromordinal(index).isoformat()
        if self.name == "week":
            return dt.date.fromordinal(index * 7 + 1).isoformat()
        if self.name == "month":
            first = index * self.n
            return f"{_MONTHS[first % 12]} {first // 12}"
        first = index * self.n
        return str(first) if self.n == 1 else f"{first}–{first + self.n - 1}"

    def __str__(self) -> str:
        if (self.n, self.name) == (3, "month"):
            return "quarter"
        return self.name if self.n == 1 else f"{self.n} years"


UNITS = (
    Unit(1, "day"),
    Unit(1, "week"),
    Unit(1, "month"),
    Unit(3, "month"),
    *(Unit(n, "year") for n in (1, 5, 10, 50, 200)),
)


@dataclass(frozen=True, slots=True)
class Axis:
    """`n_bars` periods of one unit, from period number `first` on."""

    unit: Unit
    first: int
    n_bars: int

    @property
    def start(self) -> str:
        """Name of the first period."""
        return self.unit.label(self.first)

    @property
    def end(self) -> str:
        """Name of the last period."""
        return self.unit.label(self.first + self.n_bars - 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """`n` articles in the period called `label`."""

    label: str
    n: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """One bar for each period of `axis`, empty ones included; what lies beside it is counted."""

    axis: Axis
    bars: tuple[Bar, ...]
    n_earlier: int
    n_later: int

    @property
    def peak(self) -> Bar:
        """The first of the highest bars."""
        return max(self.bars, key=lambda bar: bar.n)


def day_of(published: str | None) -> dt.date | None:
    """Read the day of an ISO date or date and time; None for None and for anything else."""
    try:
        return dt.date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def make_axis(days: Sequence[dt.date]) -> Axis | None:
    """Choose the finest unit that shows `days` in at most `MAX_BARS` bars; None without days.

    Where the middle 98 % of the days span less than a third of all, the axis covers only these:
    one misread date must not squeeze a year of news into one bar.
    """
    if not days:
        return None
    ordered = sorted(days)
    first, last = ordered[0], ordered[-1]
    if len(ordered) >= ENOUGH_TO_TRIM:
        margin = max(1, len(ordered) // 100)
        inner_first, inner_last = ordered[margin], ordered[-margin - 1]
        if (last - first).days > 3 * max((inner_last - inner_first).days, 30):
            first, last = inner_first, inner_last
    for unit in UNITS:
        n_bars = unit.index(last) - unit.index(first) + 1
        if n_bars <= MAX_BARS:
            return Axis(unit, unit.index(first), n_bars)
    raise ValueError(f"no unit spans {first} to {last}")


def count_on(axis: Axis, days: Iterable[dt.date]) -> Timeline:
    """Count `days` on `axis`. Every day is in a bar or among the earlier or later ones."""
    counts = Counter(axis.unit.index(day) for day in days)
    end = axis.first + axis.n_bars
    bars = tuple(Bar(axis.unit.label(i), counts[i]) for i in range(axis.first, end))
    n_earlier = sum(n for index, n in counts.items() if index < axis.first)
    n_later = sum(n for index, n in counts.items() if index >= end)
    return Timeline(axis, bars, n_earlier, n_later)
