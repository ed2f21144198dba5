"""Dates are counted on an axis that people can read."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.report.timelines import MAX_BARS, Bar, count_on, day_of, make_axis


def days(*texts: str) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]


def test_a_few_days_are_counted_day_by_day() -> None:
    found = days("2024-02-28", "2024-03-01", "2024-03-01")
    axis = make_axis(found)
    assert axis is not None

    timeline = count_on(axis, found)

    assert str(axis.unit) == "day"
    assert timeline.bars == (
        Bar("2024-02-28", 1),
        Bar("2024-02-29", 0),
        Bar("2024-03-01", 2),
    )
    assert timeline.peak == Bar("2024-03-01", 2)


@pytest.mark.parametrize(
    ("first", "last", "unit", "start", "end"),
    [
        ("2024-01-03", "2024-01-03", "day", "2024-01-03", "2024-01-03"),
        ("2024-01-03", "2024-12-29", "week", "2024-01-01", "2024-12-23"),
        ("2022-02-24", "2026-02-10", "month", "Feb 2022", "Feb 2026"),
        ("2010-05-01", "2020-05-01", "quarter", "Apr 2010", "Apr 2020"),
        ("1980-01-01", "2020-05-01", "year", "1980", "2020"),
        ("0001-01-01", "9999-12-31", "200 years", "0–199", "9800–9999"),
    ],
)
def test_longer_spans_get_coarser_bars(
    first: str, last: str, unit: str, start: str, end: str
) -> None:
    axis = make_axis(days(last, first))
    assert axis is not None

    assert (str(axis.unit), axis.start, axis.end) == (unit, start, end)


def test_one_misread_date_does_not_squeeze_all_others() -> None:
    usual = [dt.date(2024, 1, 1) + dt.timedelta(days=i) for i in range(40)]
    found = [*usual, dt.date(1924, 1, 1), dt.date(2924, 1, 1)]
    axis = make_axis(found)
    assert axis is not None

    timeline = count_on(axis, found)

    assert str(axis.unit) == "day"
    assert (timeline.n_earlier, timeline.n_later) == (1, 1)


def test_no_dates_make_no_axis() -> None:
    assert make_axis([]) is None


@pytest.mark.parametrize("published", [None, "", "yesterday", "2025-02-31", "0000-01-01"])
def test_what_is_no_date_has_no_day(published: str | None) -> None:
    assert day_of(published) is None


@given(st.lists(st.dates(), min_size=1, max_size=60))
def test_every_date_is_counted_once_in_few_bars(found: list[dt.date]) -> None:
    axis = make_axis(found)
    assert axis is not None

    timeline = count_on(axis, found)

    total = sum(bar.n for bar in timeline.bars) + timeline.n_earlier + timeline.n_later
    assert total == len(found)
    assert 1 <= len(timeline.bars) <= MAX_BARS
    assert len({bar.label for bar in timeline.bars}) == len(timeline.bars)
