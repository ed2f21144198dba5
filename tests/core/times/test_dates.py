"""Dates, stamps, and the days of a live-blog."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.times.dates import is_day_first, parse_date
from pipeline.core.times.stamps import Stamp, parse_stamp
from pipeline.core.times.timelines import resolve_dates


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


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("12:14 , Ann Lee", Stamp(None, 734, "Ann Lee", is_rich=True)),
        (
            "12:14, Ann Lee and Bo de Wu in Oslo",
            Stamp(None, 734, "Ann Lee and Bo de Wu in Oslo", is_rich=True),
        ),
        (
            "Tuesday 21 January 2025 23:02 , Bo Wu",
            Stamp("2025-01-21", 1382, "Bo Wu", is_rich=True),
        ),
        ("12.14pm GMT", Stamp(None, 734, None, is_rich=True)),
        ("12:14am", Stamp(None, 14, None, is_rich=True)),
        ("12:14", Stamp(None, 734, None, is_rich=False)),
        ("Published: 21/01/2025", Stamp("2025-01-21", None, None, is_rich=True, is_note=True)),
        ("Updated at 10:03 BST", Stamp(None, 603, None, is_rich=True, is_note=True)),
        ("12.14", Stamp(None, 734, None, is_rich=False)),
        ("It rose by 12.14", None),
        ("12:14 - Police arrive at the scene", None),
        ("He came at 12:14", None),
        ("In 2025-01-21 he said", None),
        ("25:61 , Ann Lee", None),
    ],
)
def test_stamp_is_a_line_of_nothing_but_time_and_name(line: str, stamp: Stamp | None) -> None:
    assert parse_stamp(line) == stamp


def stamps(*lines: str) -> list[Stamp]:
    return [stamp for line in lines if (stamp := parse_stamp(line))]


def test_undated_posts_above_dated_ones_are_the_next_day() -> None:
    dates = resolve_dates(
        stamps("12:14", "00:01", "21 January 2025 23:02", "21 January 2025 17:00")
    )

    assert dates == ["2025-01-22", "2025-01-22", "2025-01-21", "2025-01-21"]


def test_undated_posts_are_the_next_day_even_if_the_clock_does_not_leap() -> None:
    dates = resolve_dates(
        stamps("23:30", "21 January 2025 23:02", "21 January 2025 17:00", "21 January 2025 9:00")
    )

    assert dates[0] == "2025-01-22"


def test_clock_that_leaps_turns_the_day() -> None:
    newest_first = resolve_dates(stamps("2 May 2025 01:00", "00:10", "23:00", "01:00", "22:00"))
    oldest_first = resolve_dates(stamps("2 May 2025 20:00", "22:10", "00:30", "01:00"))

    assert newest_first == ["2025-05-02", "2025-05-02", "2025-05-01", "2025-05-01", "2025-04-30"]
    assert oldest_first == ["2025-05-02", "2025-05-02", "2025-05-03", "2025-05-03"]


def test_posts_a_little_out_of_order_stay_on_their_day() -> None:
    assert set(resolve_dates(stamps("2 May 2025 12:00", "11:00", "11:20", "10:00"))) == {
        "2025-05-02"
    }


def test_page_without_any_date_gives_none() -> None:
    assert resolve_dates(stamps("12:14", "11:00")) == [None, None]
    assert resolve_dates([]) == []


STAMP = st.builds(
    Stamp,
    date=st.none() | st.sampled_from(["2025-01-21", "2025-01-22", "1900-01-01", "2100-12-31"]),
    minutes=st.none() | st.integers(0, 1439),
    author=st.none(),
    is_rich=st.booleans(),
)


@given(st.lists(STAMP, max_size=12))
def test_stated_dates_are_kept_and_gaps_filled_if_any_is_stated(posts: list[Stamp]) -> None:
    dates = resolve_dates(posts)

    assert len(dates) == len(posts)
    for post, date in zip(posts, dates, strict=True):
        assert post.date is None or post.date == date
    assert all(dates) or not any(post.date for post in posts)


@given(st.text(max_size=130))
def test_any_line_is_a_stamp_or_none(line: str) -> None:
    stamp = parse_stamp(line)

    assert stamp is None or stamp.minutes is None or 0 <= stamp.minutes < 1440
