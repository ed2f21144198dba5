"""The series of one theme, ready to be drawn: copies apart from independent reports, bursts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.report.timelines import day_of
from pipeline.records import Period, SeriesPoint

#: More bars than this cannot be told apart; a longer series is drawn by month.
MAX_WEEKS = 80
#: Bars drawn at most whatever the period; earlier ones are counted beside the chart.
MAX_PLACES = 80
#: Below so many weeks a series is drawn by day.
MIN_WEEKS = 3


@dataclass(frozen=True, slots=True)
class SeriesBar:
    """One period: its place on the axis, its first day, and what was counted in it."""

    place: int
    start: str
    n_distinct: int
    n_copies: int
    n_stories: int
    is_burst: bool


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """Bars of the periods that hold anything, on an axis of `n_places` periods.

    `n_earlier` counts articles in periods before the first that is drawn. `peak` is the largest
    number of articles in one period, copies included.
    """

    period: Period
    bars: tuple[SeriesBar, ...]
    n_places: int
    start: str
    end: str
    peak: int
    n_earlier: int

    @property
    def bursts(self) -> tuple[SeriesBar, ...]:
        """Bars that are bursts, in order."""
        return tuple(bar for bar in self.bars if bar.is_burst)

    @property
    def n_distinct(self) -> int:
        """Independent reports that are drawn."""
        return sum(bar.n_distinct for bar in self.bars)

    @property
    def n_copies(self) -> int:
        """Copies that are drawn."""
        return sum(bar.n_copies for bar in self.bars)


def make_charts(series: Sequence[SeriesPoint]) -> Mapping[str, SeriesChart]:
    """One chart for each theme that has dated articles, by theme id: weeks where these fit."""
    of_theme: dict[str, dict[Period, list[SeriesPoint]]] = defaultdict(lambda: defaultdict(list))
    for point in series:
        if day_of(point.start) and point.n_articles:
            of_theme[point.theme_id][point.period].append(point)
    charts = {}
    for theme, by_period in sorted(of_theme.items()):
        period = _period_for(by_period)
        points = sorted(by_period[period], key=lambda p: p.start)
        if points:
            charts[theme] = _chart(period, points)
    return charts


def _period_for(by_period: Mapping[Period, Sequence[SeriesPoint]]) -> Period:
    places = [_place(point.start, "week") for point in by_period["week"]]
    n_weeks = max(places, default=0) - min(places, default=0) + 1
    if n_weeks < MIN_WEEKS and by_period["day"]:
        return "day"
    return "week" if n_weeks <= MAX_WEEKS or not by_period["month"] else "month"


def _chart(period: Period, points: Sequence[SeriesPoint]) -> SeriesChart:
    last = _place(points[-1].start, period)
    first = max(_place(points[0].start, period), last - MAX_PLACES + 1)
    shown = [point for point in points if _place(point.start, period) >= first]
    bars = tuple(
        SeriesBar(
            place=_place(point.start, period) - first,
            start=_label(point.start, period),
            n_distinct=point.n_distinct,
            n_copies=max(0, point.n_articles - point.n_distinct),
            n_stories=point.n_stories,
            is_burst=point.is_burst,
        )
        for point in shown
    )
    return SeriesChart(
        period=period,
        bars=bars,
        n_places=last - first + 1,
        start=bars[0].start,
        end=bars[-1].start,
        peak=max(point.n_articles for point in shown),
        n_earlier=sum(p.n_articles for p in points) - sum(p.n_articles for p in shown),
    )


def _place(start: str, period: Period) -> int:
    day = day_of(start) or dt.date.min
    if period == "month":
        return day.year * 12 + day.month
    return day.toordinal() // (7 if period == "week" else 1)


def _label(start: str, period: Period) -> str:
    return start[:7] if period == "month" else start[:10]
