"""Confident learning: labels that a model which had not seen the article contradicts."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.noise import find_suspects

CLASSES = ["cheese", "rain", "ships"]


def table(*rows: tuple[float, float, float]) -> np.ndarray:
    return np.array(rows, dtype=np.float64)


def test_a_label_that_the_model_confidently_contradicts_is_suspected_and_the_surest_come_first() -> (
    None
):
    probabilities = table(
        (0.9, 0.05, 0.05),
        (0.8, 0.1, 0.1),
        (0.05, 0.9, 0.05),
        (0.2, 0.7, 0.1),
        (0.95, 0.03, 0.02),  # labelled rain
        (0.2, 0.79, 0.01),  # labelled cheese, and rain is as probable as its own get
        (0.3, 0.4, 0.3),  # labelled cheese: nothing is sure
    )
    themes = ["cheese", "cheese", "rain", "rain", "rain", "cheese", "cheese"]
    suspects = find_suspects(probabilities, CLASSES, themes, list("abcdefg"))
    assert [(s.content_id, s.given, s.expected) for s in suspects] == [
        ("e", "rain", "cheese"),
        ("f", "cheese", "rain"),
    ]
    assert (suspects[0].given_probability, suspects[0].probability) == (0.03, 0.95)


def test_a_row_without_an_opinion_and_a_label_that_is_no_class_are_never_suspected() -> None:
    probabilities = table((np.nan,) * 3, (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.9, 0.1, 0.0))
    themes = ["rain", "rain", "unknown", "cheese"]
    assert find_suspects(probabilities, CLASSES, themes, list("abcd")) == ()
    assert find_suspects(np.zeros((0, 3)), CLASSES, [], []) == ()


@given(st.integers(0, 1000), st.integers(1, 30))
def test_the_order_of_rows_and_of_classes_changes_nothing(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    probabilities = rng.dirichlet(np.ones(3), size=n)
    themes = [CLASSES[i] for i in rng.integers(0, 3, n)]
    ids = [f"c{i:03}" for i in range(n)]
    rows, columns = rng.permutation(n), rng.permutation(3)
    shuffled = find_suspects(
        probabilities[rows][:, columns],
        [CLASSES[i] for i in columns],
        [themes[i] for i in rows],
        [ids[i] for i in rows],
    )
    found = find_suspects(probabilities, CLASSES, themes, ids)
    assert [s.content_id for s in shuffled] == [s.content_id for s in found]
    assert all(s.given != s.expected and s.probability >= s.given_probability - 1 for s in found)


def test_planted_errors_are_found_and_true_labels_left_alone() -> None:
    rng = np.random.default_rng(3)
    true = rng.integers(0, 3, 300)
    probabilities = rng.dirichlet(np.ones(3), size=300) * 0.4
    probabilities[np.arange(300), true] += 0.6
    wrong = np.arange(0, 300, 10)
    given_themes = true.copy()
    given_themes[wrong] = (true[wrong] + 1) % 3
    suspects = find_suspects(
        probabilities, CLASSES, [CLASSES[i] for i in given_themes], [f"{i:03}" for i in range(300)]
    )
    found = {int(s.content_id) for s in suspects}
    assert found <= set(wrong.tolist())
    assert len(found) > len(wrong) / 2
