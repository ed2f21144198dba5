"""Lines that begin with a time and go on with a headline."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.pages.stamped import split_stamp


@pytest.mark.parametrize(
    ("line", "minutes", "date", "rest"),
    [
        ("12:14 Police arrive", 734, None, "Police arrive"),
        ("[12:14] Police arrive", 734, None, "Police arrive"),
        ("12.14pm GMT – Police arrive", 734, None, "Police arrive"),
        ("12:14: Police arrive", 734, None, "Police arrive"),
        ("18:12 January 15, 2015 – 17 ferries wait", 1092, "2015-01-15", "17 ferries wait"),
        ("19:20 Wed 18 Apr 2018 Ferries wait", 1160, "2018-04-18", "Ferries wait"),
        ("12:14 3 ferries wait", 734, None, "3 ferries wait"),
    ],
)
def test_time_is_parted_from_the_headline(
    line: str, minutes: int, date: str | None, rest: str
) -> None:
    parted = split_stamp(line)

    assert parted is not None
    assert (parted[0].minutes, parted[0].date, parted[1]) == (minutes, date, rest)


@pytest.mark.parametrize("line", ["12:14", "12:14 13:40", "12:14 3.5", "At 12:14 police came", ""])
def test_line_without_time_or_headline_is_none(line: str) -> None:
    assert split_stamp(line) is None


@given(st.text(max_size=200))
def test_any_line_is_parted_or_none(line: str) -> None:
    parted = split_stamp(line)

    assert parted is None or (parted[1] and parted[1] in line)
