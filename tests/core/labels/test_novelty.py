"""How unlike training an article is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.novelty import calibrate_novelty, choose_references, score_novelty


def unit(vectors: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def near_one_axis(n: int, seed: int) -> npt.NDArray[np.float32]:
    noise = np.random.default_rng(seed).normal(size=(n, 16)) * 0.2
    return unit(noise + np.eye(16)[0])


def test_what_lies_apart_is_novel_and_what_lies_among_training_is_not() -> None:
    references = near_one_axis(200, seed=1)
    calibration = calibrate_novelty(references)

    far = unit(np.eye(16)[[5]].astype(np.float64))
    middle = unit(references.mean(axis=0, keepdims=True).astype(np.float64))

    assert score_novelty(far, references, calibration).tolist() == [1.0]
    assert score_novelty(middle, references, calibration)[0] < 0.05


def test_of_articles_like_training_a_tenth_lies_above_nine_tenths() -> None:
    references = near_one_axis(1000, seed=2)

    novelty = score_novelty(near_one_axis(2000, 3), references, calibrate_novelty(references))

    assert abs((novelty > 0.9).mean() - 0.1) < 0.04


@given(st.integers(0, 9), st.integers(0, 5), st.integers(0, 99))
def test_novelty_is_a_share_for_any_number_of_references(n: int, n_new: int, seed: int) -> None:
    references = near_one_axis(n, seed)
    calibration = calibrate_novelty(references)
    novelty = score_novelty(near_one_axis(n_new, seed + 1), references, calibration)

    assert calibration.tolist() == sorted(calibration.tolist())
    assert novelty.shape == (n_new,)
    assert ((novelty >= 0) & (novelty <= 1)).all()


def test_with_one_reference_nothing_is_novel() -> None:
    references = near_one_axis(1, seed=4)

    assert score_novelty(-references, references, calibrate_novelty(references)).tolist() == [0.0]


def test_references_are_capped_and_chosen_by_content() -> None:
    ids = [f"{number:05d}" for number in range(2500)]
    chosen = {ids[i] for i in choose_references(ids)}
    turned = {ids[::-1][i] for i in choose_references(ids[::-1])}

    assert len(chosen) == 2000
    assert chosen == turned
    assert choose_references(ids[:3]) == [0, 1, 2]
