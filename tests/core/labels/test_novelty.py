"""How unlike training an article is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.labels.novelty import (
    NoveltyModel,
    fit_novelty,
    measure_novelty,
    spread_references,
)

Vectors = npt.NDArray[np.float32]
Logits = npt.NDArray[np.float64]


def unit(vectors: npt.NDArray[np.float64]) -> Vectors:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def near_axes(n: int, seed: int, n_themes: int = 2, spread: float = 0.2) -> Vectors:
    """Rows around the first axes in turn, one for each theme."""
    noise = np.random.default_rng(seed).normal(size=(n, 16)) * spread
    return unit(noise + np.eye(16)[np.arange(n) % n_themes])


def logits_of(vectors: Vectors, n_themes: int = 2) -> Logits:
    return np.asarray(8.0 * vectors[:, :n_themes].astype(np.float64))


def fit(n: int, seed: int, n_themes: int = 2) -> tuple[NoveltyModel, Logits]:
    vectors = near_axes(n, seed, n_themes)
    themes = [f"t{i % n_themes}" for i in range(n)]
    ids = [f"c{i:05d}" for i in range(n)]
    return fit_novelty(vectors, themes, ids, logits_of(vectors, n_themes))


def test_what_lies_apart_is_novel_and_what_lies_among_training_is_not() -> None:
    model, _ = fit(200, seed=1)

    far = unit(np.eye(16)[[5]].astype(np.float64))
    middle = unit(model.references[::2].mean(axis=0, keepdims=True).astype(np.float64))

    assert measure_novelty(model, far, logits_of(far)).tolist() == [1.0]
    assert measure_novelty(model, middle, logits_of(middle))[0] < 0.5


def test_of_articles_like_training_a_twentieth_lies_above_nineteen_twentieths() -> None:
    model, own = fit(1000, seed=2)
    new = near_axes(4000, seed=3)

    novelty = measure_novelty(model, new, logits_of(new))

    assert abs((novelty > 0.95).mean() - 0.05) < 0.02
    assert abs((own > 0.95).mean() - 0.05) < 0.01


def test_as_far_from_a_tight_theme_is_more_novel_than_as_far_within_a_loose_one() -> None:
    n = 200
    tight, loose = near_axes(n, 1, 1, spread=0.05), near_axes(n, 2, 1, spread=0.3)[:, ::-1]
    vectors = np.concatenate([tight, loose]).astype(np.float32)
    ids, themes = [f"c{i:04d}" for i in range(2 * n)], ["tight"] * n + ["loose"] * n
    model, own = fit_novelty(vectors, themes, ids, np.zeros((2 * n, 2)))
    beside = unit(np.array([[1.0, *[0.0] * 7, 1.0, *[0.0] * 7]]))

    nearest = np.sort(beside @ tight.T)[0, -5:].mean()
    as_far = n + np.flatnonzero(abs(model.closeness[n:] - nearest) < 0.03)

    assert len(as_far)
    assert measure_novelty(model, beside, np.zeros((1, 2)))[0] > own[as_far].max()


@settings(deadline=None, max_examples=25)
@given(st.integers(1, 30), st.integers(0, 5), st.integers(0, 99), st.integers(1, 3))
def test_novelty_is_a_share_for_any_number_of_texts(
    n: int, n_new: int, seed: int, n_themes: int
) -> None:
    model, own = fit(n, seed, n_themes)
    new = near_axes(n_new, seed + 1, n_themes)
    novelty = measure_novelty(model, new, logits_of(new, n_themes))

    assert model.calibration.tolist() == sorted(model.calibration.tolist())
    for scores, size in ((novelty, n_new), (own, n)):
        assert scores.shape == (size,)
        assert ((scores >= 0) & (scores <= 1)).all()


def test_of_too_few_texts_nothing_is_novel() -> None:
    model, own = fit(8, seed=4)
    far = unit(np.eye(16)[[5]].astype(np.float64))

    assert len(model.calibration) == 0
    assert measure_novelty(model, far, logits_of(far)).tolist() == [0.0]
    assert own.tolist() == [0.0] * 8


def test_one_theme_is_judged_by_distance_alone() -> None:
    vectors = near_axes(50, 5, 1)
    ids = [f"c{i}" for i in range(50)]
    model, _ = fit_novelty(vectors, ["t"] * 50, ids, np.zeros((50, 1)))
    far = unit(np.eye(16)[[5]].astype(np.float64))

    assert model.scale[3] == 0.0
    assert measure_novelty(model, far, np.zeros((1, 1))).tolist() == [1.0]


def test_texts_that_no_model_could_score_set_no_scale() -> None:
    vectors = near_axes(60, 6)
    themes, ids = [f"t{i % 2}" for i in range(60)], [f"c{i:02d}" for i in range(60)]
    logits = logits_of(vectors)
    logits[40:] = -np.inf
    model, own = fit_novelty(vectors, themes, ids, logits)

    assert len(model.calibration) == 40
    assert np.isnan(own[40:]).all()
    assert not np.isnan(own[:40]).any()


def test_the_order_of_texts_changes_nothing() -> None:
    vectors, n = near_axes(90, 7), 90
    themes, ids = [f"t{i % 2}" for i in range(n)], [f"c{i:02d}" for i in range(n)]
    logits = logits_of(vectors)
    first, own = fit_novelty(vectors, themes, ids, logits)
    second, turned = fit_novelty(vectors[::-1], themes[::-1], ids[::-1], logits[::-1])

    np.testing.assert_array_equal(first.calibration, second.calibration)
    np.testing.assert_array_equal(first.scale, second.scale)
    np.testing.assert_array_equal(own, turned[::-1])


def test_references_are_capped_and_a_small_theme_is_kept_whole() -> None:
    ids = [f"{number:05d}" for number in range(2500)]
    themes = ["small" if number % 50 == 0 else "large" for number in range(2500)]
    chosen = spread_references(ids, themes)
    turned = spread_references(ids[::-1], themes[::-1])

    assert len(chosen) == 2000
    assert {ids[i] for i in chosen} == {ids[::-1][i] for i in turned}
    assert sum(themes[i] == "small" for i in chosen) == 50
    assert spread_references(ids[:3], themes[:3]) == [0, 1, 2]
