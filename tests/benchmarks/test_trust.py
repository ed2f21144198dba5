"""The measurements of trust measure what they say."""

from __future__ import annotations

import numpy as np

from benchmarks.trust import COPY, NONE, Case, auroc, draw, learn


def case_of(n: int = 80) -> Case:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(n, 8)) * 0.3 + np.eye(8)[np.arange(n) % 2]
    vectors[n - 2] = vectors[0]
    unit = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    themes = np.array(["a", "b"])[np.arange(n) % 2]
    texts = tuple(f"{theme} words of article {i}" for i, theme in enumerate(themes))
    return Case("made up", texts, unit, themes, NONE, NONE)


def test_area_counts_pairs_in_the_right_order_and_ties_half() -> None:
    assert auroc(np.array([1.0, 2.0]), np.array([3.0, 4.0])) == 1.0
    assert auroc(np.array([1.0, 3.0]), np.array([2.0, 3.0])) == (1 + 0 + 1 + 0.5) / 4


def test_no_test_article_is_in_training_or_nearly_equal_to_one_that_is() -> None:
    for seed in range(5):
        drawn = draw(case_of(), seed, (40, 40))

        assert not set(drawn.train.tolist()) & set(drawn.test.tolist())
        assert (drawn.vectors[drawn.test] @ drawn.vectors[drawn.train].T).max() < COPY


def test_the_model_of_a_case_is_learnt_from_the_given_rows_alone() -> None:
    case = case_of()
    only_a = np.flatnonzero(case.themes == "a")

    assert learn(case, only_a).classifier.classes == ("a",)
    assert learn(case, np.arange(40)).classifier.references.shape == (40, 8)
