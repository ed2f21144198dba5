"""Neighbours → a map (UMAP), and the dense spots on it (HDBSCAN)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.core.clustering.neighbors import Neighbors
from pipeline.core.clustering.points import Matrix
from pipeline.records import FloatMatrix

Labels = npt.NDArray[np.int32]


def lay_out(points: Matrix, knn: Neighbors, seed: int) -> FloatMatrix:
    """UMAP's map of shape (n, 2), float32, in [-1, 1], rounded to four digits."""
    import warnings

    with warnings.catch_warnings():
        # It warns that TensorFlow is missing and that such a fit cannot transform: never asked.
        warnings.simplefilter("ignore")
        import umap

        reducer = umap.UMAP(
            n_neighbors=knn.indices.shape[1],
            n_components=2,
            min_dist=0.1,
            metric="cosine",
            init="pca",
            random_state=seed,
            n_jobs=1,
            n_epochs=300 if len(points) < 10_000 else 200,
            precomputed_knn=(knn.indices, knn.distances, None),
            force_approximation_algorithm=True,
            transform_seed=seed,
        )
        # Where all points are one, its start has no directions and the map no numbers.
        return _centred(np.nan_to_num(np.asarray(reducer.fit_transform(points), dtype=np.float32)))


def dense_groups(layout: FloatMatrix, min_size: int) -> Labels:
    """HDBSCAN's leaves on a map: shape (n,), int32, -1 for articles in no dense spot."""
    import hdbscan

    model = hdbscan.HDBSCAN(
        min_cluster_size=min_size,
        min_samples=min(5, min_size),
        cluster_selection_method="leaf",
        core_dist_n_jobs=1,
        approx_min_span_tree=False,
    ).fit(layout.astype(np.float64))
    labels: Labels = model.labels_.astype(np.int32)
    return labels


def small_map(n: int) -> FloatMatrix:
    """A circle, for corpora too small to have a shape."""
    angle = 2 * np.pi * np.arange(n) / max(n, 1)
    return np.round(np.column_stack([np.cos(angle), np.sin(angle)]), 4).astype(np.float32)


def _centred(layout: FloatMatrix) -> FloatMatrix:
    middle = layout - (layout.max(axis=0) + layout.min(axis=0)) / 2
    reach = float(np.abs(middle).max()) or 1.0
    rounded: FloatMatrix = np.round(middle / reach, 4).astype(np.float32)
    return rounded
