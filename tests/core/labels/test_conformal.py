"""Statements with a stated error, checked by how often they fail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.conformal import prediction_sets, set_threshold, share_below


def probabilities(n: int, seed: int) -> tuple[np.ndarray, list[str]]:
    """Rows that say honestly how likely each of three themes is."""
    rng = np.random.default_rng(seed)
    rows = rng.dirichlet([0.5, 0.5, 0.5], size=n)
    return rows, ["abc"[rng.choice(3, p=row)] for row in rows]


def test_a_share_of_scores_lies_below() -> None:
    calibration = np.array([1.0, 2.0, 2.0, 4.0], dtype=np.float32)

    below = share_below(calibration, np.array([0.0, 2.0, 3.0, 4.0, 5.0]))

    assert below.tolist() == [0.0, 0.25, 0.75, 0.75, 1.0]


@given(st.integers(1, 40), st.sampled_from([0.05, 0.1, 0.25]))
def test_of_exchangeable_scores_no_more_are_flagged_than_is_said(n: int, alpha: float) -> None:
    # Each of n + 1 different scores is the new one in turn.
    scores = np.arange(n + 1, dtype=np.float64)
    flagged = [
        share_below(np.delete(scores, i).astype(np.float32), scores[i : i + 1])[0] > 1 - alpha
        for i in range(n + 1)
    ]

    assert np.mean(flagged) <= alpha + 1 / (n + 1)


def test_sets_hold_the_right_theme_as_often_as_promised() -> None:
    seen, themes = probabilities(2000, seed=1)
    threshold = set_threshold(seen, themes, "abc", coverage=0.9)

    new, right = probabilities(4000, seed=2)
    sets = prediction_sets(new, threshold)

    assert 0.88 < np.mean([sets[i, "abc".index(t)] for i, t in enumerate(right)]) < 0.92
    assert sets.sum(axis=1).mean() < 2.5


def test_too_few_articles_promise_nothing_so_every_theme_is_in_every_set() -> None:
    seen, themes = probabilities(18, seed=3)

    assert set_threshold(seen, themes, "abc", coverage=0.95) == 0.0
    assert set_threshold(*probabilities(19, seed=3), "abc", coverage=0.95) > 0.0


def test_rows_that_no_model_scored_take_no_part() -> None:
    seen, themes = probabilities(100, seed=4)
    unscored = np.vstack([seen, np.full((50, 3), np.nan)])

    assert set_threshold(unscored, [*themes, *["a"] * 50], "abc", coverage=0.9) == set_threshold(
        seen, themes, "abc", coverage=0.9
    )


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.floats(0, 1))
def test_the_best_theme_is_always_in_the_set(row: list[float], threshold: float) -> None:
    sets = prediction_sets(np.array([row]), threshold)

    assert sets[0, int(np.argmax(row))]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_articles_changes_nothing(order: int) -> None:
    seen, themes = probabilities(200, seed=5)

    assert set_threshold(seen[::order], themes[::order], "abc", coverage=0.9) == set_threshold(
        seen, themes, "abc", coverage=0.9
    )
