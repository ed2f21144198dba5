"""Layouts: a map of fixed reach, the same each time, and the dense spots on it."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.core.clustering.layouts import dense_groups, lay_out, small_map
from pipeline.core.clustering.neighbors import nearest_neighbors
from pipeline.records import FloatMatrix
from tests.core.clustering.examples import blobs


def map_of(vectors: FloatMatrix) -> FloatMatrix:
    points = vectors.astype(np.float64)
    return lay_out(points, nearest_neighbors(points, min(15, len(points) - 1)), seed=7)


@pytest.fixture(scope="module")
def sixty() -> FloatMatrix:
    """A map of three blobs; the first use of UMAP compiles it, which takes seconds."""
    return map_of(blobs(60))


def test_a_map_reaches_from_minus_1_to_1_in_four_digits(sixty: FloatMatrix) -> None:
    assert sixty.shape == (60, 2)
    assert sixty.dtype == np.float32
    assert np.abs(sixty).max() == 1
    assert np.allclose(sixty.max(axis=0), -sixty.min(axis=0), atol=2e-4)
    assert np.array_equal(sixty, np.round(sixty.astype(np.float64), 4).astype(np.float32))


def test_a_map_is_the_same_each_time(sixty: FloatMatrix) -> None:
    assert map_of(blobs(60)).tobytes() == sixty.tobytes()


def test_blobs_are_dense_groups_of_their_map(sixty: FloatMatrix) -> None:
    labels = dense_groups(sixty, 10)
    assert labels.dtype == np.int32
    pairs = {(i % 3, int(label)) for i, label in enumerate(labels) if label >= 0}
    assert len(pairs) == 3
    assert {label for _, label in pairs} == {0, 1, 2}


@pytest.mark.usefixtures("sixty")
def test_articles_that_are_all_the_same_have_places_on_a_map() -> None:
    found = map_of(np.repeat(blobs(1), 20, axis=0))
    assert np.isfinite(found).all()
    assert (np.abs(found) <= 1).all()


def test_points_in_one_place_break_no_search_for_dense_groups() -> None:
    labels = dense_groups(np.zeros((12, 2), dtype=np.float32), 4)
    assert labels.shape == (12,)
    assert set(labels.tolist()) <= {-1, 0}


@pytest.mark.parametrize("n", [0, 1, 2, 7])
def test_a_small_map_has_a_place_of_its_own_for_each_article(n: int) -> None:
    found = small_map(n)
    assert found.shape == (n, 2)
    assert found.dtype == np.float32
    assert len(np.unique(found, axis=0)) == n
    assert (np.abs(found) <= 1).all()
