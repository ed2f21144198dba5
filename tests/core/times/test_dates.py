"""Dates as pages write them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.times.dates import is_day_first, parse_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-01-21", "2025-01-21"),
        ("2025-01-21T23:02:00Z", "2025-01-21"),
        ("2025-01-21 23:02:00", "2025-01-21"),
        ("20250121", "2025-01-21"),
        ("2025/1/2", "2025-01-02"),
        ("Tuesday 21 January 2025 23:02", "2025-01-21"),
        ("21st Jan. 2025", "2025-01-21"),
        ("January 28, 2026", "2026-01-28"),
        ("Tue, 21 Jan 2025 23:02:00 GMT", "2025-01-21"),
        ("09-07-2025", "2025-07-09"),
        ("06/30/2025", "2025-06-30"),
        ("31-02-2025", None),
        ("0001-01-01", None),
        ("9999-01-01", None),
        ("yesterday", None),
        ("12:14", None),
        ("21 January", None),
        ("March of 2024 soldiers", None),
        ("call 020-12-34-2025", None),
        ("", None),
    ],
)
def test_date_is_what_is_written(text: str, date: str | None) -> None:
    assert parse_date(text) == date


def test_order_of_day_and_month_comes_from_the_page() -> None:
    assert is_day_first(["09-07-2025", "30-06-2025"])
    assert not is_day_first(["09/07/2025", "06/30/2025"])
    assert is_day_first(["09-07-2025"])
    assert parse_date("09/07/2025", day_first=False) == "2025-09-07"


@given(st.text())
def test_any_text_gives_an_iso_date_or_none(text: str) -> None:
    date = parse_date(text)

    assert date is None or re.fullmatch(r"(19|20|21)\d\d-\d\d-\d\d", date)


@given(st.dates(), st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%Y%m%d"]))
def test_every_date_of_our_time_is_read_back(date: object, form: str) -> None:
    assert isinstance(date, dt.date)
    expected = date.isoformat() if 1900 <= date.year <= 2100 else None
    if date.year >= 1000 and (form != "%Y%m%d" or 1900 <= date.year < 2100):
        assert parse_date(date.strftime(form)) == expected
