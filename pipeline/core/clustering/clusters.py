"""Articles → clusters in nested levels: UMAP's graph of neighbours, HDBSCAN, communities, stories.

Everything is fitted in the order of the ids and gives the same on any number of cores. The number
of neighbours follows the square root of the number of articles, so that the same settings serve a
dozen articles and 50,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.clustering.layouts import dense_groups, lay_out, small_map
from pipeline.core.clustering.neighbors import fuzzy_graph, nearest_neighbors
from pipeline.core.clustering.points import join_lexical
from pipeline.core.clustering.stories import find_stories, story_bounds
from pipeline.core.clustering.tree import MIN_CLUSTER_SIZE, Tree, grow_tree, number_by_size
from pipeline.records import Clusters, FloatMatrix, Level

NO_CLUSTER = -1
#: Below this many articles there is no density to speak of: nothing is clustered.
MIN_ARTICLES = 8
MIN_NEIGHBORS, MAX_NEIGHBORS = 5, 100
#: Neighbours that the map is drawn from; more blur it and cost time.
_MAP_NEIGHBORS = 15
#: Sizes of dense groups that runs start from, in multiples of sqrt(n).
_DENSE_SIZES = (0.2, 0.5)


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """What params.yaml says of clustering; see there for the meaning and the ranges."""

    neighbors_scale: float
    lexical_weight: float
    seed: int

    def n_neighbors(self, n: int) -> int:
        """Neighbours of each of `n` articles, itself left out."""
        wanted = round(self.neighbors_scale * float(np.sqrt(n)))
        return min(n - 1, max(MIN_NEIGHBORS, min(wanted, MAX_NEIGHBORS)))


@dataclass(frozen=True, slots=True, eq=False)
class ClusterTree:
    """Clusters of all articles, and what each level of them is worth."""

    clusters: Clusters
    levels: tuple[Level, ...]


def find_clusters(
    article_ids: Sequence[str],
    vectors: FloatMatrix,
    texts: Sequence[str],
    dates: Sequence[str | None],
    settings: ClusterSettings,
) -> ClusterTree:
    """Group articles whose vectors and words lie close together, from coarse groups to stories.

    At each level clusters are numbered by falling size, then by their first article, so 0 is the
    largest. With fewer than `MIN_ARTICLES` articles there is one level without clusters.

    Parameters
    ----------
    article_ids : sequence of str
        Unique, length n.
    vectors : ndarray of shape (n, d), float32
        Unit rows, in the order of `article_ids`.
    texts : sequence of str
        Length n: title and body, for the words in common.
    dates : sequence of str or None
        Length n: ISO dates, for stories.
    settings : ClusterSettings
        From params.yaml.

    Returns
    -------
    ClusterTree
        Articles sorted by id.
    """
    order = sorted(range(len(article_ids)), key=lambda i: article_ids[i])
    ids = tuple(article_ids[i] for i in order)
    n = len(ids)
    vectors, texts = vectors[order], [texts[i] for i in order]
    dates = [dates[i] for i in order]
    with one_thread():
        if n < MIN_ARTICLES:
            stories = find_stories(vectors, texts, dates, np.zeros(n, dtype=np.int32))
            nobody = Clusters(ids, ((),) * n, stories, np.zeros(n, np.float32), small_map(n))
            return ClusterTree(nobody, (Level(0, 0, 0.0, 1.0 if n else 0.0, is_default=True),))
        points = join_lexical(vectors, texts, settings.lexical_weight, settings.seed)
        knn = nearest_neighbors(points, settings.n_neighbors(n))
        map_xy = lay_out(points, knn.first(_MAP_NEIGHBORS), settings.seed)
        starts = [
            dense_groups(map_xy, max(MIN_CLUSTER_SIZE, round(size * float(np.sqrt(n)))))
            for size in _DENSE_SIZES
        ]
        tree = grow_tree(fuzzy_graph(points, knn, settings.seed), starts, settings.seed)
        bounds = story_bounds(tree.labels, tree.default)
        stories = find_stories(vectors, texts, dates, bounds)
    labels = keep_stories_together(tree.labels, stories, tree.default)
    levels = _levels(tree, labels)
    paths = tuple(tuple(int(labels[row, i]) for row, _ in levels) for i in range(n))
    return ClusterTree(
        Clusters(ids, paths, stories, tree.strengths, map_xy), tuple(level for _, level in levels)
    )


def keep_stories_together(
    labels: npt.NDArray[np.int32], stories: npt.NDArray[np.int32], default: int
) -> npt.NDArray[np.int32]:
    """Give all articles of a story the path below the default level that most of them have.

    Ties go to the first. The default level and those above it stay as they are: no story crosses
    their clusters.

    Parameters
    ----------
    labels : ndarray of shape (n_levels, n), int32
        Nested levels, coarsest first.
    stories : ndarray of shape (n,), int32
        Each within one cluster of the default level.
    default : int
        Row of the default level.

    Returns
    -------
    ndarray of shape (n_levels, n), int32
        Nested, as every path in it was there before; numbered anew by falling size.
    """
    kept = labels.copy()
    order = np.argsort(stories, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(stories[order])) + 1, len(order))
    begins = np.insert(ends[:-1], 0, 0)
    for begin, end in zip(begins, ends, strict=True):
        if end - begin < 2:
            continue
        members = order[begin:end]
        likely = members
        for level in labels[default + 1 :]:  # the majority, and the majority of its part
            found, counts = np.unique(level[likely], return_counts=True)
            likely = likely[level[likely] == found[np.argmax(counts)]]
        kept[default + 1 :, members] = labels[default + 1 :, likely[:1]]
    for row in range(default + 1, len(kept)):
        kept[row] = number_by_size(kept[row])
    return kept


def _levels(tree: Tree, labels: npt.NDArray[np.int32]) -> list[tuple[int, Level]]:
    """Rows of `labels` that are levels: stories may leave a row equal to the one above it."""
    levels: list[tuple[int, Level]] = []
    for row, clusters in enumerate(labels):
        n_clusters = len(np.unique(clusters))
        if levels and n_clusters == levels[-1][1].n_clusters:
            continue
        stability = float(tree.stabilities[row])
        level = Level(len(levels), n_clusters, stability, 0.0, is_default=row == tree.default)
        levels.append((row, level))
    return levels
