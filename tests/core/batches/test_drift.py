"""The distance of two mixes: what it is, how sure, and what chance alone would give."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.batches.drift import distance_between, profile_quantiles, quantiles_of
from pipeline.core.batches.summary import Distance

TRAINING = {"a": 500, "b": 300, "c": 200}


def between(batch: dict[str, int], training: dict[str, int]) -> Distance:
    found = distance_between(batch, training, n_resamples=300, seed=7)
    assert found is not None
    return found


def test_equal_mixes_are_not_apart_and_disjoint_ones_fully() -> None:
    assert between({"a": 50, "b": 30, "c": 20}, TRAINING).value == pytest.approx(0, abs=1e-6)
    apart = between({"z": 100}, TRAINING)
    assert (apart.value, apart.size) == (1.0, "large")


def test_a_large_batch_that_moved_is_told_from_chance_and_a_small_one_is_not() -> None:
    large = between({"a": 3000, "b": 3000, "c": 4000}, TRAINING)
    assert large.size == "moderate"
    assert large.by_chance < large.low <= large.value <= large.high
    small = between({"a": 3, "b": 3, "c": 4}, TRAINING)
    assert small.size == "chance"
    assert small.by_chance > small.value


def test_the_chance_level_is_exceeded_once_in_twenty_batches_like_training() -> None:
    draws = np.random.default_rng(0)
    shares = np.array([0.5, 0.3, 0.2])
    exceeded = 0
    for _ in range(200):
        counts = dict(zip("abc", draws.multinomial(100, shares).tolist(), strict=True))
        exceeded += between(counts, {"a": 50_000, "b": 30_000, "c": 20_000}).size != "chance"
    assert 0.01 <= exceeded / 200 <= 0.11


def test_the_interval_mostly_holds_the_true_distance() -> None:
    draws = np.random.default_rng(1)
    training = {"a": 50_000, "b": 30_000, "c": 20_000}
    true = between({"a": 30_000, "b": 30_000, "c": 40_000}, training).value
    held = 0
    for _ in range(200):
        counts = draws.multinomial(400, [0.3, 0.3, 0.4]).tolist()
        found = between(dict(zip("abc", counts, strict=True)), training)
        held += found.low <= true <= found.high
    assert held / 200 >= 0.88


def test_nothing_is_compared_with_nothing() -> None:
    assert distance_between({}, TRAINING, n_resamples=100, seed=7) is None
    assert distance_between({"a": 1}, {}, n_resamples=100, seed=7) is None


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 100), min_size=1),
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 100), min_size=1),
)
def test_a_distance_is_in_bounds_and_the_order_of_names_changes_nothing(
    one: dict[str, int], other: dict[str, int]
) -> None:
    found = between(one, other)
    assert 0 <= found.value <= 1
    assert 0 <= found.low <= found.high <= 1
    assert found == between(dict(reversed(one.items())), dict(reversed(other.items())))
    assert found.value == pytest.approx(between(other, one).value, abs=1e-4)


def test_quantiles_are_values_that_were_there() -> None:
    counts = Counter(range(1, 101))
    assert quantiles_of(counts) == (1, 5, 25, 50, 75, 95, 100)
    assert quantiles_of(Counter({7: 1})) == (7, 7, 7, 7, 7, 7, 7)
    assert quantiles_of(Counter({5000: 3}), 10_000)[0] == 0.5
    assert quantiles_of(Counter()) == ()


def test_of_a_profile_the_same_quantiles_are_taken() -> None:
    assert profile_quantiles([float(i) for i in range(21)]) == (0, 1, 5, 10, 15, 19, 20)
    assert profile_quantiles(()) == ()
