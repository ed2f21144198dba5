"""From which probability answers can be relied on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.calibration import coverage_and_precision, threshold_for_precision


def test_the_threshold_is_the_least_at_which_enough_answers_are_right() -> None:
    stated = [0.9, 0.8, 0.7, 0.6, 0.5]
    is_right = [True, True, False, True, False]

    assert threshold_for_precision(stated, is_right, precision=0.95) == 0.8
    assert threshold_for_precision(stated, is_right, precision=0.75) == 0.6
    assert threshold_for_precision(stated, is_right, precision=0.6) == 0.5


def test_equal_probabilities_stand_or_fall_together() -> None:
    assert threshold_for_precision([0.9, 0.9], [True, False], precision=0.95) is None


def test_without_articles_there_is_no_threshold_and_nothing_is_covered() -> None:
    assert threshold_for_precision([], [], precision=0.95) is None
    assert coverage_and_precision([], [], threshold=0.5) == (0.0, None)


@given(
    st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans()), max_size=20),
    st.floats(0.1, 1.0),
)
def test_what_is_answered_above_the_threshold_is_right_as_often_as_asked(
    rows: list[tuple[float, bool]], precision: float
) -> None:
    stated, is_right = [p for p, _ in rows], [r for _, r in rows]
    threshold = threshold_for_precision(stated, is_right, precision=precision)

    for lower in {p for p in stated if threshold is None or p < threshold}:
        share = coverage_and_precision(stated, is_right, threshold=lower)[1]
        assert share is not None
        assert share < precision
    if threshold is not None:
        found = coverage_and_precision(stated, is_right, threshold=threshold)[1]
        assert found is not None
        assert found >= precision
