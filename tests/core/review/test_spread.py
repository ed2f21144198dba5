"""A few rows that stand for all."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.review.spread import spread_rows


def test_one_row_of_each_heap_is_taken_the_heaviest_heap_first() -> None:
    heaps = np.repeat(np.eye(3, dtype=np.float32), [5, 2, 9], axis=0)
    noise = np.random.default_rng(0).normal(0, 0.01, heaps.shape).astype(np.float32)
    rows = spread_rows(heaps + noise, np.ones(16), 3)
    assert [heaps[row].argmax() for row in rows] == [2, 0, 1]


def test_equal_vectors_fill_up_by_weight() -> None:
    assert spread_rows(np.ones((4, 2), dtype=np.float32), np.array([0.1, 0.9, 0.5, 0.2]), 3) == [
        0,
        1,
        2,
    ]


@given(st.integers(0, 100), st.integers(0, 12), st.integers(0, 14))
def test_as_many_distinct_rows_as_asked_for(seed: int, m: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(m, 3)).astype(np.float32)
    rows = spread_rows(vectors, rng.random(m), n)
    assert len(rows) == len(set(rows)) == min(m, n)
    assert all(0 <= row < m for row in rows)
