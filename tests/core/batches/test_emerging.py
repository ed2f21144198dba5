"""Groups of unknown articles: those that read alike, whatever all of them have in common."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.core.batches.emerging import (
    NONE,
    first_of_copies,
    group_alike,
    relative_to,
    typical_first,
)
from pipeline.records import FloatMatrix


def unit(rows: list[list[float]]) -> FloatMatrix:
    matrix = np.array(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


NOTHING = np.zeros((0, 4), dtype=np.float32)
TWO = unit([[1, 0, 0, 0], [1, 0.1, 0, 0], [0, 1, 0, 0], [1, 0, 0.1, 0], [0, 1, 0, 0.1],
            [0, 1, 0.1, 0], [0, 0, 0, 1]])  # fmt: skip


def test_articles_that_read_alike_are_one_group_and_a_stray_is_in_none() -> None:
    assert group_alike(TWO, NOTHING).tolist() == [0, 0, 1, 0, 1, 1, NONE]


def test_two_articles_are_no_theme() -> None:
    assert group_alike(TWO[:2], NOTHING).tolist() == [NONE, NONE]
    assert group_alike(TWO[:0], NOTHING).tolist() == []


def test_what_all_news_of_the_corpus_share_ties_nothing() -> None:
    # Every article has much of the first direction; what differs lies in the others.
    shared = TWO + np.array([3, 0, 0, 0], dtype=np.float32)
    common = unit((np.eye(4)[1:] * 0.3 + np.array([3, 0, 0, 0])).tolist())
    tied = group_alike(unit(shared.tolist()), NOTHING)
    assert len(set(tied.tolist())) == 1
    apart = group_alike(unit(shared.tolist()), common)
    assert apart[2] == apart[4] == apart[5] != NONE
    assert apart[2] != apart[0]


def test_an_article_like_the_mean_of_training_is_like_nothing() -> None:
    moved = relative_to(unit([[1, 0, 0, 0]]), unit([[1, 0, 0, 0], [1, 0, 0, 0]]))
    assert not moved.any()


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_rows_changes_no_group(seed: int) -> None:
    draws = np.random.default_rng(seed)
    vectors = unit(draws.normal(size=(40, 4)).tolist())
    order = draws.permutation(40)

    def groups(labels: np.ndarray, rows: np.ndarray) -> set[frozenset[int]]:
        return {frozenset(rows[labels == g].tolist()) for g in set(labels.tolist()) - {NONE}}

    there = groups(group_alike(vectors, NOTHING), np.arange(40))
    assert there == groups(group_alike(vectors[order], NOTHING), order)


def test_the_most_typical_comes_first() -> None:
    rows, fits = typical_first(TWO, NOTHING, [0, 1, 3, 6])
    assert rows[-1] == 6
    assert fits == sorted(fits, reverse=True)


def test_of_near_copies_the_one_that_was_there_first_stays() -> None:
    vectors = unit([[1, 0], [1, 0.01], [0, 1]])
    assert first_of_copies(vectors, [False, True, True]) == [0, 2]
    assert first_of_copies(vectors, [True, True, False]) == [1, 2]
    assert first_of_copies(vectors, [False, False, False]) == [0, 1, 2]
