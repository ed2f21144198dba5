"""Logistic regression as plain numbers, and its temperature."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipeline.core.labels.linear import (
    fit_linear,
    fit_temperature,
    out_of_fold_logits,
    probabilities_of,
)


def blobs(n_each: int, n_classes: int, spread: float = 0.3) -> tuple[csr_array, list[str]]:
    rng = np.random.default_rng(5)
    themes = [f"t{i}" for i in range(n_classes) for _ in range(n_each)]
    centres = np.repeat(np.eye(n_classes), n_each, axis=0)
    return csr_array(centres + rng.normal(size=centres.shape) * spread), themes


@pytest.mark.parametrize("n_classes", [1, 2, 3, 12])
def test_any_number_of_classes_has_one_row_of_weights_each(n_classes: int) -> None:
    features, themes = blobs(10, n_classes)
    linear = fit_linear(features, themes, np.ones(len(themes)), regularization=10.0)

    assert linear.classes == tuple(sorted(set(themes)))
    assert linear.coefficients.shape == (n_classes, n_classes)
    assert linear.logits(features).shape == (len(themes), n_classes)
    hits = [a == b for a, b in zip(linear.best(features), themes, strict=True)]
    assert sum(hits) / len(hits) > 0.8


def test_two_classes_have_the_probabilities_of_scikit_learn() -> None:
    from sklearn.linear_model import LogisticRegression

    features, themes = blobs(20, 2)
    linear = fit_linear(features, themes, np.ones(40), regularization=10.0)
    expected = LogisticRegression(C=10.0, max_iter=1000).fit(features, themes)

    np.testing.assert_allclose(
        probabilities_of(linear.logits(features)),
        expected.predict_proba(features),
        atol=1e-5,
    )


def test_a_row_weight_of_two_is_the_row_given_twice() -> None:
    features, themes = blobs(5, 3)
    twice = csr_array(np.vstack([features.toarray(), features.toarray()[:1]]))
    weights = np.ones(15)
    weights[0] = 2.0

    weighted = fit_linear(features, themes, weights, regularization=1.0)
    repeated = fit_linear(twice, [*themes, themes[0]], np.ones(16), regularization=1.0)

    np.testing.assert_allclose(weighted.coefficients, repeated.coefficients, atol=1e-3)


def test_out_of_fold_logits_never_see_their_own_row() -> None:
    features, themes = blobs(10, 2)
    ids = [f"c{n}" for n in range(20)]
    wrong = list(themes)
    wrong[0] = "t1"

    # A row that is mislabelled can only be got right by a model that has seen it.
    logits = out_of_fold_logits(features, wrong, np.ones(20), ids, 1e4)

    assert logits[0].argmax() == 0


def test_a_theme_with_one_member_has_no_out_of_fold_logits() -> None:
    features, themes = blobs(6, 2)
    themes[-1] = "lonely"
    logits = out_of_fold_logits(features, themes, np.ones(12), [f"c{n}" for n in range(12)], 1.0)

    assert np.isneginf(logits[-1]).all()
    assert np.isfinite(logits[:-1]).any(axis=1).all()


def test_the_temperature_undoes_overconfidence() -> None:
    rng = np.random.default_rng(3)
    true_logits = rng.normal(size=(4000, 3))
    probabilities = probabilities_of(true_logits)
    themes = [f"t{rng.choice(3, p=row)}" for row in probabilities]

    temperature = fit_temperature(true_logits * 4, themes, ["t0", "t1", "t2"], np.ones(4000))

    assert temperature == pytest.approx(4, rel=0.1)


def test_heavier_rows_decide_the_temperature() -> None:
    logits = np.array([[4.0, 0.0]] * 4000)
    themes = ["a"] * 2000 + ["b"] * 2000
    trusting = fit_temperature(logits, themes, ["a", "b"], np.repeat([9.0, 1.0], 2000))
    doubting = fit_temperature(logits, themes, ["a", "b"], np.ones(4000))

    # Nine to one is a logit of ln 9: what is said is right with probability 0.9.
    assert trusting == pytest.approx(4 / np.log(9), rel=0.1)
    assert doubting > 10


def test_separable_themes_do_not_make_the_temperature_vanish() -> None:
    logits = np.array([[9.0, 0.0], [0.0, 9.0]] * 10)
    temperature = fit_temperature(logits, ["a", "b"] * 10, ["a", "b"], np.ones(20))

    assert 0.5 < temperature < 3


def test_a_few_wrong_rows_do_not_make_every_answer_uncertain() -> None:
    logits = np.array([[2.0, 0.0]] * 6)
    themes = ["a", "b"] * 3

    assert fit_temperature(logits, themes, ["a", "b"], np.ones(6)) < 3


def test_nothing_to_learn_from_leaves_the_temperature_at_one() -> None:
    nothing = np.full((3, 3), -np.inf)

    assert fit_temperature(nothing, ["a", "b", "c"], ["a", "b", "c"], np.ones(3)) == 1.0
    assert fit_temperature(np.zeros((3, 1)), ["a"] * 3, ["a"], np.ones(3)) == 1.0


def test_extreme_logits_give_finite_probabilities() -> None:
    rows = probabilities_of(np.array([[1e5, -1e5], [-1e5, -1e5]]))

    np.testing.assert_allclose(rows, [[1, 0], [0.5, 0.5]])
