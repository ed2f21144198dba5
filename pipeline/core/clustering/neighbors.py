"""Points → their nearest neighbours, and UMAP's graph of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.core.clustering.points import Matrix
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_BLOCK = 512


@dataclass(frozen=True, slots=True)
class Neighbors:
    """Nearest neighbours: `indices` (n, k) int32 and `distances` (n, k) float32, self first."""

    indices: npt.NDArray[np.int32]
    distances: npt.NDArray[np.float32]

    def first(self, k: int) -> Neighbors:
        """The `k` nearest of each point, itself left out of the count."""
        return Neighbors(self.indices[:, : k + 1], self.distances[:, : k + 1])


def nearest_neighbors(points: Matrix, k: int) -> Neighbors:
    """Exact cosine neighbours, the point itself first; ties go to the smaller row.

    Computed in fixed blocks: n = 50,000 needs about 0.5 GB, whatever the number of cores.
    """
    n = len(points)
    single = points.astype(np.float32)
    indices = np.empty((n, k + 1), dtype=np.int32)
    distances = np.empty((n, k + 1), dtype=np.float32)
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(n, start + _BLOCK))
        distance = single[rows] @ single.T
        np.subtract(1, distance, out=distance)
        # Itself first, and no distance below 0 by rounding.
        distance[np.arange(rows.stop - start), np.arange(start, rows.stop)] = -1
        nearest = np.argpartition(distance, k, axis=1)[:, : k + 1].copy()
        _prefer_smaller_rows(nearest, distance)
        nearest.sort(axis=1)
        values = np.take_along_axis(distance, nearest, axis=1)
        by_distance = np.argsort(values, axis=1, kind="stable")
        indices[rows] = np.take_along_axis(nearest, by_distance, axis=1)
        distances[rows] = np.take_along_axis(values, by_distance, axis=1)
    return Neighbors(indices, np.maximum(distances, 0))


def _prefer_smaller_rows(nearest: npt.NDArray[np.intp], distance: FloatMatrix) -> None:
    """Among points exactly as far as the farthest of `nearest`, take the smallest; in place."""
    farthest = np.take_along_axis(distance, nearest, axis=1).max(axis=1, keepdims=True)
    n_close = np.count_nonzero(distance <= farthest, axis=1)
    for row in np.flatnonzero(n_close > nearest.shape[1]):
        close = np.flatnonzero(distance[row] <= farthest[row])
        order = np.argsort(distance[row, close], kind="stable")
        nearest[row] = close[order[: nearest.shape[1]]]


def fuzzy_graph(points: Matrix, knn: Neighbors, seed: int) -> csr_matrix:
    """UMAP's symmetric graph of neighbourhood; nothing in it is random."""
    from umap.umap_ import fuzzy_simplicial_set

    graph, *_ = fuzzy_simplicial_set(
        points,
        n_neighbors=knn.indices.shape[1],
        random_state=np.random.RandomState(seed),
        metric="cosine",
        knn_indices=knn.indices,
        knn_dists=knn.distances,
    )
    graph = graph.tocsr().astype(np.float64)
    graph.setdiag(0)
    graph.eliminate_zeros()
    graph.sort_indices()
    return graph
