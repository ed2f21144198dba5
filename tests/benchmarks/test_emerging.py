"""How the benchmark of emerging themes judges candidates."""

from __future__ import annotations

import math

import numpy as np

from benchmarks.emerging import Pool, score

TRUTH = np.array(["a"] * 6 + ["b"] * 4 + [""] * 5, dtype=object)
POOL = Pool(
    held="a", n_batch=20, n_held=6, rows=np.arange(15), references=np.zeros((1, 2), np.float32)
)


def test_a_candidate_with_most_of_the_held_out_theme_is_found_at_its_rank() -> None:
    found = score([[6, 7, 8], [0, 1, 2, 3, 9, 10]], POOL, TRUTH)
    assert (found.found, found.rank, found.n_true, found.n_judged) == (True, 2, 2, 2)
    assert found.recall == 4 / 6
    assert found.purity == 4 / 5  # unlabelled members are not counted


def test_a_mixture_is_false_and_finds_nothing() -> None:
    mixed = np.array(["a", "b", "c", "d"], dtype=object)
    pool = Pool("a", 4, 1, np.arange(4), np.zeros((1, 2), np.float32))
    found = score([[0, 1, 2, 3]], pool, mixed)
    assert (found.found, found.rank, found.n_true, found.n_judged) == (False, None, 0, 1)


def test_what_has_too_few_labels_is_not_judged() -> None:
    found = score([[0, 10, 11]], POOL, TRUTH)
    assert found.n_judged == 0
    assert math.isnan(found.top_true)


def test_no_candidate_finds_nothing() -> None:
    assert not score([], POOL, TRUTH).found
