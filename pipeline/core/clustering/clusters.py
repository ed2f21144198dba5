"""Vectors → clusters: neighbours, UMAP, HDBSCAN, and merging of what density split too finely.

Everything is fitted on one thread in the order of the ids, so that neither the number of cores nor
the order of the input changes a byte. The sizes of neighbourhood and cluster follow the square
root of the number of articles, so that the same settings serve a dozen articles and 50,000.

The merging step follows the idea of self-contained communities: a cluster whose neighbourhood
graph leads mostly out of it is part of a larger theme. The guard against merging everything is
Newman's modularity (M. E. J. Newman, PNAS 103, 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.records import Clusters, FloatMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Labels = npt.NDArray[np.int32]
Matrix = npt.NDArray[np.float64]

NO_CLUSTER = -1
#: Below this many articles there is no density to speak of: nothing is clustered.
MIN_ARTICLES = 8
MIN_CLUSTER_SIZE = 4
MIN_NEIGHBORS, MAX_NEIGHBORS = 5, 30
#: Share of a cluster's edge weight that must stay inside for it to stand alone.
SELF_CONTAINED = 0.75
#: Merging stops where modularity falls below this share of the best seen on the way.
MODULARITY_GUARD = 0.98
_SVD_DIMS = 128
_NEIGHBOR_BLOCK = 512


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """What params.yaml says of clustering; see there for the meaning and the ranges."""

    neighbors_scale: float
    min_size_scale: float
    lexical_weight: float
    n_components: int
    seed: int

    def n_neighbors(self, n: int) -> int:
        """Neighbours of each of `n` articles, itself left out."""
        wanted = round(self.neighbors_scale * float(np.sqrt(n)))
        return min(n - 1, max(MIN_NEIGHBORS, min(wanted, MAX_NEIGHBORS)))

    def min_cluster_size(self, n: int) -> int:
        """Fewest articles that make a cluster among `n`."""
        return max(MIN_CLUSTER_SIZE, round(self.min_size_scale * float(np.sqrt(n))))


def find_clusters(
    article_ids: Sequence[str],
    vectors: FloatMatrix,
    texts: Sequence[str],
    settings: ClusterSettings,
) -> Clusters:
    """Group articles whose vectors and words lie close together.

    Clusters are numbered by falling size, then by their first article, so 0 is the largest.
    Articles in sparse regions get none; with fewer than `MIN_ARTICLES` articles nobody does.

    Parameters
    ----------
    article_ids : sequence of str
        Unique, length n.
    vectors : ndarray of shape (n, d), float32
        Unit rows, in the order of `article_ids`.
    texts : sequence of str
        Length n: title and body, for the words in common.
    settings : ClusterSettings
        From params.yaml.

    Returns
    -------
    Clusters
        Sorted by article id; paths of length 0 or 1; strengths are HDBSCAN's membership.
    """
    order = sorted(range(len(article_ids)), key=lambda i: article_ids[i])
    ids = tuple(article_ids[i] for i in order)
    n = len(ids)
    if n < MIN_ARTICLES:
        return Clusters(ids, ((),) * n, np.zeros(n, np.float32), _small_map(n))
    with one_thread():
        points = join_lexical(vectors[order], [texts[i] for i in order], settings)
        knn = nearest_neighbors(points, settings.n_neighbors(n))
        layout = _reduce(points, knn, settings.n_components, settings.seed)
        leaves, strengths = _leaves(layout, settings.min_cluster_size(n))
        graph = _fuzzy_graph(points, knn, settings.seed)
        labels = merge_until_self_contained(graph, leaves)
        map_xy = _reduce(points, knn, 2, settings.seed)
    labels = number_by_size(labels)
    paths = tuple((int(label),) if label != NO_CLUSTER else () for label in labels)
    strengths = np.where(labels == NO_CLUSTER, 0, strengths).astype(np.float32)
    return Clusters(ids, paths, strengths, _centred(map_xy))


def join_lexical(vectors: FloatMatrix, texts: Sequence[str], settings: ClusterSettings) -> Matrix:
    """Unit rows whose cosine is the weighted mean of embedding cosine and TF-IDF cosine.

    TF-IDF is reduced by truncated SVD to at most 128 dimensions. Where the texts share too few
    words for that, the embedding stands alone.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    dense = vectors.astype(np.float64)
    if settings.lexical_weight == 0:
        return dense
    vectorizer = TfidfVectorizer(
        stop_words="english", sublinear_tf=True, max_df=0.5, min_df=2, max_features=50_000
    )
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # no word is shared by two texts
        return dense
    n_dims = min(_SVD_DIMS, counts.shape[1] - 1, counts.shape[0] - 1)
    if n_dims < 2:
        return dense
    lexical = TruncatedSVD(n_dims, random_state=settings.seed).fit_transform(counts)
    joined = [
        np.sqrt(1 - settings.lexical_weight) * dense,
        np.sqrt(settings.lexical_weight) * unit_rows(lexical),
    ]
    return unit_rows(np.hstack(joined))


def unit_rows(matrix: npt.NDArray[Any]) -> Matrix:
    """Rows scaled to length 1; a row of zeros stays as it is."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms == 0, 1, norms), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Neighbors:
    """Nearest neighbours: `indices` (n, k) int32 and `distances` (n, k) float32, self first."""

    indices: npt.NDArray[np.int32]
    distances: npt.NDArray[np.float32]


def nearest_neighbors(points: Matrix, k: int) -> Neighbors:
    """Exact cosine neighbours, the point itself first; ties go to the smaller row.

    Computed in fixed blocks: n = 50,000 needs about 0.2 GB, whatever the number of cores.
    """
    n = len(points)
    single = points.astype(np.float32)
    indices = np.empty((n, k + 1), dtype=np.int32)
    distances = np.empty((n, k + 1), dtype=np.float32)
    for start in range(0, n, _NEIGHBOR_BLOCK):
        rows = slice(start, min(n, start + _NEIGHBOR_BLOCK))
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


def merge_until_self_contained(graph: csr_matrix, leaves: Labels) -> Labels:
    """Join clusters whose neighbours lie mostly in others.

    The least contained cluster joins the one it is tied to most, until every cluster keeps
    `SELF_CONTAINED` of its edge weight inside, or modularity says that it went too far; then the
    last level above the guard is taken. Points without a cluster follow their neighbours
    while this is decided, and have none again at the end.

    Parameters
    ----------
    graph : csr_matrix of shape (n, n)
        Symmetric weights of neighbourhood, not negative.
    leaves : ndarray of shape (n,), int32
        Cluster numbers; -1 for none.

    Returns
    -------
    ndarray of shape (n,), int32
        -1 exactly where `leaves` is -1.
    """
    n_leaves = int(leaves.max()) + 1
    if n_leaves < 2:
        return leaves
    weights = _weights_between(graph, _spread(graph, leaves), n_leaves)
    parent = _merge_path(weights)
    merged = np.where(leaves == NO_CLUSTER, NO_CLUSTER, parent[leaves])
    return merged.astype(np.int32)


def _merge_path(weights: Matrix) -> Labels:
    """Cluster that each leaf ends in. `weights` is symmetric, self weight on the diagonal."""
    n = len(weights)
    total = weights.sum() or 1.0
    owner = np.arange(n, dtype=np.int32)
    alive = np.ones(n, dtype=bool)
    w = weights.copy()
    path: list[tuple[float, Labels]] = []
    while True:
        volume = w.sum(axis=1)
        inside = np.diag(w)
        modularity = float((inside / total - (volume / total) ** 2)[alive].sum())
        path.append((modularity, owner.copy()))
        tied = alive & (volume > 0)  # without any weight it is an island
        containment = np.where(tied, inside / np.where(tied, volume, 1), np.inf)
        worst = int(np.argmin(containment))
        if containment[worst] >= SELF_CONTAINED or alive.sum() < 2:
            break
        ties = np.where(tied, w[worst], 0) / np.sqrt(np.where(tied, volume, 1))
        ties[worst] = -1
        target = int(np.argmax(ties))
        if ties[target] <= 0:
            break  # tied to nothing: an island, however loose
        w[target] += w[worst]
        w[:, target] += w[:, worst]
        w[worst] = w[:, worst] = 0
        alive[worst] = False
        owner[owner == worst] = target
    best = max(modularity for modularity, _ in path)
    least = min(best, MODULARITY_GUARD * best)  # it may be negative
    guarded = [owner for modularity, owner in path if modularity >= least]
    return guarded[-1]


def _spread(graph: csr_matrix, leaves: Labels) -> Labels:
    """Give points without a cluster the one that most of their neighbours' weight has."""
    labels = leaves.copy()
    n_clusters = int(leaves.max()) + 1
    for _ in range(10):
        lost = np.flatnonzero(labels == NO_CLUSTER)
        if not len(lost):
            break
        votes = np.zeros((len(lost), n_clusters))
        for row, point in enumerate(lost):
            span = slice(graph.indptr[point], graph.indptr[point + 1])
            known = labels[graph.indices[span]]
            np.add.at(votes[row], known[known >= 0], graph.data[span][known >= 0])
        heard = votes.max(axis=1) > 0
        if not heard.any():
            break
        labels[lost[heard]] = votes[heard].argmax(axis=1)
    return labels


def _weights_between(graph: csr_matrix, labels: Labels, n_clusters: int) -> Matrix:
    coo = graph.tocoo()
    rows, columns = labels[coo.row], labels[coo.col]
    known = (rows >= 0) & (columns >= 0)
    weights = np.zeros((n_clusters, n_clusters))
    np.add.at(weights, (rows[known], columns[known]), coo.data[known])
    return weights


def number_by_size(labels: Labels) -> Labels:
    """Renumber clusters 0, 1, … by falling size, then by their first row; -1 stays."""
    found = [label for label in np.unique(labels) if label != NO_CLUSTER]
    found.sort(key=lambda label: (-(labels == label).sum(), int(np.argmax(labels == label))))
    numbers = {label: number for number, label in enumerate(found)}
    return np.array([numbers.get(label, NO_CLUSTER) for label in labels], dtype=np.int32)


def _reduce(points: Matrix, knn: Neighbors, n_components: int, seed: int) -> FloatMatrix:
    """UMAP layout of shape (n, n_components), float32."""
    import warnings

    n_components = min(n_components, len(points) - 2)
    with warnings.catch_warnings():
        # It warns that TensorFlow is missing and that such a fit cannot transform: never asked.
        warnings.simplefilter("ignore")
        import umap

        reducer = umap.UMAP(
            n_neighbors=knn.indices.shape[1],
            n_components=n_components,
            min_dist=0.1 if n_components == 2 else 0.0,
            metric="cosine",
            init="pca",
            random_state=seed,
            n_jobs=1,
            n_epochs=300 if len(points) < 10_000 else 200,
            precomputed_knn=(knn.indices, knn.distances, None),
            force_approximation_algorithm=True,
            transform_seed=seed,
        )
        return np.asarray(reducer.fit_transform(points), dtype=np.float32)


def _fuzzy_graph(points: Matrix, knn: Neighbors, seed: int) -> csr_matrix:
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
    return graph.tocsr()


def _leaves(layout: FloatMatrix, min_cluster_size: int) -> tuple[Labels, npt.NDArray[np.float32]]:
    import hdbscan

    model = hdbscan.HDBSCAN(
        min_cluster_size=min_cluster_size,
        min_samples=min(5, min_cluster_size),
        cluster_selection_method="leaf",
        core_dist_n_jobs=1,
        approx_min_span_tree=False,
    ).fit(layout.astype(np.float64))
    return model.labels_.astype(np.int32), model.probabilities_.astype(np.float32)


def _centred(layout: FloatMatrix) -> FloatMatrix:
    """The map in [-1, 1], rounded: it is for looking at."""
    middle = layout - (layout.max(axis=0) + layout.min(axis=0)) / 2
    reach = float(np.abs(middle).max()) or 1.0
    rounded: FloatMatrix = np.round(middle / reach, 4).astype(np.float32)
    return rounded


def _small_map(n: int) -> FloatMatrix:
    """A circle, for corpora too small to have a shape."""
    angle = 2 * np.pi * np.arange(n) / max(n, 1)
    return np.round(np.column_stack([np.cos(angle), np.sin(angle)]), 4).astype(np.float32)
