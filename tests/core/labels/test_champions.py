"""The history of champions: each step back leads to the one before, and never forward again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.champions import (
    MAX_STEPS,
    champion_before,
    note_champions,
    past_champions,
)

VERSIONS = st.lists(st.integers(1, 10**6), max_size=20)


def test_going_back_step_by_step_walks_through_the_champions_before() -> None:
    past, present, seen = past_champions("1,2,4", [], 5), 5, []
    while True:
        version, past = champion_before(past, present, {1, 2, 4, 5})
        if version is None:
            break
        seen.append(version)
        present = version
    assert seen == [4, 2, 1]


def test_a_deleted_version_and_the_present_one_are_passed_over() -> None:
    assert champion_before([1, 2, 3, 4], 4, {1, 2, 4}) == (2, [1])
    assert champion_before([4], 4, {4}) == (None, [])
    assert champion_before([], 4, {4}) == (None, [])


def test_without_notes_the_versions_that_the_gate_promoted_stand_for_them() -> None:
    assert past_champions(None, [3, 1, 6, 9], 6) == [1, 3]
    assert past_champions("", [3, 1], 6) == []
    assert past_champions(None, [3, 1], None) == [1, 3]


def test_notes_that_somebody_spoiled_are_read_as_far_as_they_go() -> None:
    assert past_champions("1, 2,x,,-3,4", [], 5) == [1, 2, 4]


@given(VERSIONS)
def test_what_is_noted_is_read_back(past: list[int]) -> None:
    assert past_champions(note_champions(past), [], None) == past


def test_the_notes_stay_short_enough_for_mlflow() -> None:
    noted = note_champions(range(10**8, 10**8 + 2 * MAX_STEPS))
    assert len(noted) <= 5000
    assert past_champions(noted, [], None)[-1] == 10**8 + 2 * MAX_STEPS - 1
