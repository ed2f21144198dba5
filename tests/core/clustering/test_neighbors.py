"""Neighbours: exact, ties go to the smaller row, and nothing depends on blocks."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.clustering import neighbors as module
from pipeline.core.clustering.neighbors import fuzzy_graph, nearest_neighbors
from pipeline.core.clustering.points import Matrix, unit_rows
from tests.core.clustering.examples import blobs


def brute_force(points: Matrix, row: int, k: int) -> list[int]:
    distance = 1 - points @ points[row]
    others = [i for i in range(len(points)) if i != row]
    return [row, *sorted(others, key=lambda i: (distance[i], i))[:k]]


@given(st.data())
def test_neighbours_are_exact_and_ties_go_to_the_smaller_row(data: st.DataObject) -> None:
    # Rows of the identity have distances of exactly 0 and 1: nearly everything is a tie.
    axes = data.draw(st.lists(st.integers(0, 5), min_size=2, max_size=40))
    points = np.eye(6)[axes]
    k = data.draw(st.integers(1, len(axes) - 1))
    found = nearest_neighbors(points, k)
    expected = [brute_force(points, row, k) for row in range(len(points))]
    assert found.indices.tolist() == expected


@given(st.integers(0, 10_000), st.integers(2, 40))
def test_neighbours_are_those_of_brute_force(seed: int, n: int) -> None:
    points = unit_rows(np.random.default_rng(seed).normal(size=(n, 8)))
    k = min(5, n - 1)
    found = nearest_neighbors(points, k)
    assert found.indices.tolist() == [brute_force(points, row, k) for row in range(n)]
    assert (np.diff(found.distances, axis=1) >= 0).all()
    assert (found.distances >= 0).all()
    assert (found.distances[:, 0] == 0).all()


def test_neighbours_do_not_depend_on_the_block_size(monkeypatch: pytest.MonkeyPatch) -> None:
    points = unit_rows(np.random.default_rng(3).normal(size=(50, 8)))
    whole = nearest_neighbors(points, 6)
    monkeypatch.setattr(module, "_BLOCK", 7)
    assert nearest_neighbors(points, 6).indices.tolist() == whole.indices.tolist()


def test_the_first_neighbours_are_those_of_a_smaller_search() -> None:
    points = unit_rows(np.random.default_rng(4).normal(size=(30, 8)))
    first, smaller = nearest_neighbors(points, 9).first(3), nearest_neighbors(points, 3)
    assert first.indices.tolist() == smaller.indices.tolist()
    assert first.distances.tolist() == smaller.distances.tolist()


@pytest.fixture(scope="module")
def umap() -> None:
    with warnings.catch_warnings():  # TensorFlow is missing: said at the first import
        warnings.simplefilter("ignore")
        import umap  # noqa: F401 (loaded, and quietly)


@pytest.mark.usefixtures("umap")
@pytest.mark.parametrize("same", [False, True], ids=["blobs", "all the same"])
def test_the_graph_is_symmetric_without_loops_and_the_seed_changes_nothing(same: bool) -> None:
    points = np.repeat(blobs(1), 30, axis=0) if same else blobs(30)
    points = points.astype(np.float64)
    knn = nearest_neighbors(points, 5)
    graph = fuzzy_graph(points, knn, seed=7)
    weights = graph.toarray()
    assert np.array_equal(weights, weights.T)
    assert not weights.diagonal().any()
    assert graph.data.min() > 0
    assert graph.data.max() <= 1
    assert graph.nnz == np.count_nonzero(weights)
    assert np.array_equal(fuzzy_graph(points, knn, seed=8).toarray(), weights)


@pytest.mark.usefixtures("umap")
def test_only_neighbours_are_linked() -> None:
    points = blobs(30).astype(np.float64)
    knn = nearest_neighbors(points, 5)
    near = np.zeros((30, 30), dtype=bool)
    near[np.arange(30)[:, None], knn.indices] = True
    assert not fuzzy_graph(points, knn, seed=7).toarray()[~(near | near.T)].any()
