"""Lines that say when, and by whom, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.times.stamps import Stamp, parse_stamp


def rich(date: str | None, minutes: int | None, author: str | None = None) -> Stamp:
    return Stamp(date, minutes, author, is_rich=True)


@pytest.mark.parametrize(
    ("line", "stamp"),
    [
        ("12:14 , Ann Lee", rich(None, 734, "Ann Lee")),
        ("12:14, Ann Lee and Bo de Wu in Oslo", rich(None, 734, "Ann Lee and Bo de Wu in Oslo")),
        ("Tuesday 21 January 2025 23:02 , Bo Wu", rich("2025-01-21", 1382, "Bo Wu")),
        ("12.14pm GMT", rich(None, 734)),
        ("12:14am", rich(None, 14)),
        ("1:07AM", rich(None, 67)),
        ("0521 EET", rich(None, 321)),
        ("[12:14 UTC]", rich(None, 734)),
        ("Jan 9, 2025, 5:34 p.m. ET", rich("2025-01-09", 1054)),
        ("12:14", Stamp(None, 734, None, is_rich=False)),
        ("12.14", Stamp(None, 734, None, is_rich=False)),
        ("Ann Lee , 22.41", rich(None, 1361, "Ann Lee")),
        ("It rose by 12.14", None),
        ("Crude oil, 22.41", None),
        ("12:14 - Police arrive at the scene", None),
        ("He came at 12:14", None),
        ("In 2025-01-21 he said", None),
        ("On December 13, Minister of Ports Ann Lee", None),
        ("25:61 , Ann Lee", None),
    ],
)
def test_stamp_is_a_line_of_nothing_but_time_and_name(line: str, stamp: Stamp | None) -> None:
    assert parse_stamp(line) == stamp


@pytest.mark.parametrize("line", ["Current Time 0:00", "Duration 1:42", "Remaining time -4:10"])
def test_clock_of_a_video_is_no_time_of_day(line: str) -> None:
    assert parse_stamp(line) is None


@pytest.mark.parametrize(
    ("line", "date", "minutes", "is_update"),
    [
        ("Published: 21/01/2025", "2025-01-21", None, False),
        ("Posted at 10:03 BST", None, 603, False),
        ("Posted at 10:03 10:03", None, 603, False),
        ("Updated at 10:03 BST", None, 603, True),
        ("Last updated: 10.03, Jun 19, 2014", "2014-06-19", 603, True),
        ("Live coverage, 19 Apr 2023", "2023-04-19", None, False),
    ],
)
def test_note_says_of_itself_what_it_is(
    line: str, date: str | None, minutes: int | None, is_update: bool
) -> None:
    stamp = parse_stamp(line)

    assert stamp is not None
    assert (stamp.date, stamp.minutes) == (date, minutes)
    assert stamp.is_note
    assert stamp.is_update == is_update


@pytest.mark.parametrize(
    ("line", "ago"),
    [
        ("2h ago", 120),
        ("0m ago", 0),
        ("just now", 0),
        ("an hour ago", 60),
        ("3 days ago", 4320),
        ("5m", 5),
    ],
)
def test_age_is_kept_in_minutes(line: str, ago: int) -> None:
    stamp = parse_stamp(line)

    assert stamp is not None
    assert stamp.ago == ago
    assert stamp.date is None


def test_date_that_no_calendar_has_is_no_date_but_is_told() -> None:
    stamp = parse_stamp("31 February 2025, 10:00")

    assert stamp is not None
    assert stamp.date is None
    assert stamp.impossible == "31 February 2025"


@given(st.text(max_size=130))
def test_any_line_is_a_stamp_or_none(line: str) -> None:
    stamp = parse_stamp(line)

    assert stamp is None or stamp.minutes is None or 0 <= stamp.minutes < 1440


@given(
    st.integers(0, 1439), st.sampled_from(["{}", "{} GMT", "[{}]", "Posted at {}", "{} , Ann Lee"])
)
def test_every_time_of_day_is_read_back(minutes: int, form: str) -> None:
    stamp = parse_stamp(form.format(f"{minutes // 60:02}:{minutes % 60:02}"))

    assert stamp is not None
    assert stamp.minutes == minutes
