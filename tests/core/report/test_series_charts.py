"""A series is drawn by week where that fits, copies apart, and nothing is lost on the way."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.report.series_charts import MAX_PLACES, make_charts
from pipeline.core.themes.series import theme_series
from pipeline.records import Assignment, SeriesPoint
from tests.conftest import make_article


def series_of(days: list[dt.date]) -> list[SeriesPoint]:
    articles = [make_article(title=str(i), published=d.isoformat()) for i, d in enumerate(days)]
    return theme_series(
        articles,
        [Assignment(a.article_id, "t", "T", (0,), "s-1", 1.0, "core") for a in articles],
    )


def test_weeks_are_drawn_with_room_for_the_empty_ones() -> None:
    start = dt.date(2024, 1, 1)
    chart = make_charts(series_of([start, start, start + dt.timedelta(weeks=4)]))["t"]
    assert (chart.period, chart.n_places, chart.peak) == ("week", 5, 2)
    assert [(bar.place, bar.n_distinct) for bar in chart.bars] == [(0, 2), (4, 1)]


def test_a_short_series_is_drawn_by_day_and_a_long_one_by_month() -> None:
    start = dt.date(2024, 1, 1)
    assert make_charts(series_of([start, start + dt.timedelta(9)]))["t"].period == "day"
    chart = make_charts(series_of([start, start + dt.timedelta(900)]))["t"]
    assert chart.period == "month"
    assert chart.end == "2026-06"


def test_a_theme_without_dates_has_no_chart() -> None:
    assert make_charts([]) == {}
    assert make_charts([SeriesPoint("t", "week", "soon", 1, 1, 1, is_burst=False)]) == {}


@given(st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2090, 1, 1)), min_size=1, max_size=30))
def test_every_article_is_drawn_or_counted_beside(days: list[dt.date]) -> None:
    chart = make_charts(series_of(days))["t"]
    assert chart.n_distinct + chart.n_copies + chart.n_earlier == len(days)
    assert chart.n_places <= MAX_PLACES
    assert [bar.place for bar in chart.bars] == sorted({bar.place for bar in chart.bars})
    assert chart.bars[-1].place == chart.n_places - 1
