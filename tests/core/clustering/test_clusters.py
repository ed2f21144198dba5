"""Clusters: the same for any order and any number of cores, and merged without splitting."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from threadpoolctl import threadpool_limits

from pipeline.core.clustering import clusters as module
from pipeline.core.clustering.clusters import (
    MIN_ARTICLES,
    MIN_CLUSTER_SIZE,
    NO_CLUSTER,
    ClusterSettings,
    find_clusters,
    join_lexical,
    merge_until_self_contained,
    nearest_neighbors,
    number_by_size,
    unit_rows,
)
from pipeline.records import Clusters, FloatMatrix

SETTINGS = ClusterSettings(
    neighbors_scale=0.67, min_size_scale=0.35, lexical_weight=0.15, n_components=5, seed=7
)
TOPICS = ("harbour ferries cranes", "orchard apples frost", "violin orchestra concert")


def blobs(n: int, n_blobs: int = 3, spread: float = 0.2) -> FloatMatrix:
    """Unit vectors around `n_blobs` centres, taken in turn."""
    rng = np.random.default_rng(n)
    centres = rng.normal(size=(n_blobs, 24))
    points = centres[np.arange(n) % n_blobs] + spread * rng.normal(size=(n, 24))
    return unit_rows(points).astype(np.float32)


def texts_of(n: int) -> list[str]:
    return [f"{TOPICS[i % 3]} note{i // 6}" for i in range(n)]


def ids_of(n: int) -> list[str]:
    return [f"a{i:05d}" for i in range(n)]


def cluster(n: int) -> Clusters:
    return find_clusters(ids_of(n), blobs(n), texts_of(n), SETTINGS)


def assert_equal(found: Clusters, expected: Clusters) -> None:
    assert found.article_ids == expected.article_ids
    assert found.paths == expected.paths
    assert found.strengths.tobytes() == expected.strengths.tobytes()
    assert found.map_xy.tobytes() == expected.map_xy.tobytes()


def assert_sound(clusters: Clusters, n: int) -> None:
    """What holds for every result."""
    assert list(clusters.article_ids) == sorted(ids_of(n))
    assert clusters.strengths.shape == (n,)
    assert clusters.strengths.dtype == np.float32
    assert clusters.map_xy.shape == (n, 2)
    assert clusters.map_xy.dtype == np.float32
    assert np.isfinite(clusters.map_xy).all()
    assert (np.abs(clusters.map_xy) <= 1).all()
    assert ((clusters.strengths >= 0) & (clusters.strengths <= 1)).all()
    labels = clusters.labels
    assert labels.shape == (n,)
    assert (clusters.strengths[labels == NO_CLUSTER] == 0).all()
    sizes = [int((labels == c).sum()) for c in range(labels.max(initial=-1) + 1)]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size >= MIN_CLUSTER_SIZE for size in sizes)


# Settings


def test_sizes_follow_the_square_root_of_the_number_of_articles_within_bounds() -> None:
    assert [SETTINGS.n_neighbors(n) for n in (2, 8, 400, 10**6)] == [1, 5, 13, 30]
    assert [SETTINGS.min_cluster_size(n) for n in (8, 400, 10_000)] == [4, 7, 35]


# Neighbours


def brute_force(points: FloatMatrix, row: int, k: int) -> list[int]:
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
    monkeypatch.setattr(module, "_NEIGHBOR_BLOCK", 7)
    assert nearest_neighbors(points, 6).indices.tolist() == whole.indices.tolist()


# Words in common


def test_words_in_common_bring_articles_closer() -> None:
    vectors = unit_rows(np.eye(6, dtype=np.float32) + 0.2).astype(np.float32)
    texts = [f"{topic} {word}" for topic in TOPICS for word in ("first", "second")]
    settings = ClusterSettings(1, 1, 0.5, 5, 7)
    joined = join_lexical(vectors, texts, settings)
    assert np.allclose(np.linalg.norm(joined, axis=1), 1)
    assert joined[0] @ joined[1] > joined[0] @ joined[2] + 0.2


@pytest.mark.parametrize(
    ("weight", "texts"),
    [
        (0.0, ["same words here", "same words here", "same words here"]),
        (0.5, ["alpha", "beta", "gamma"]),
        (0.5, ["", "", ""]),
    ],
)
def test_without_words_in_common_the_embedding_stands_alone(
    weight: float, texts: list[str]
) -> None:
    vectors = blobs(3)
    joined = join_lexical(vectors, texts, ClusterSettings(1, 1, weight, 5, 7))
    assert np.array_equal(joined, vectors.astype(np.float64))


def test_a_row_of_zeros_stays_zeros() -> None:
    assert unit_rows(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist() == [[0, 0], [0.6, 0.8]]


# Numbering


def test_clusters_are_numbered_by_falling_size_then_by_first_row() -> None:
    labels = np.array([5, 9, 9, -1, 2, 9, 2, 5], dtype=np.int32)
    assert number_by_size(labels).tolist() == [1, 0, 0, -1, 2, 0, 2, 1]


@given(st.lists(st.integers(-1, 6), max_size=40))
def test_numbering_keeps_the_partition(values: list[int]) -> None:
    labels = np.array(values, dtype=np.int32)
    numbered = number_by_size(labels)
    assert numbered.dtype == np.int32
    assert ((numbered == NO_CLUSTER) == (labels == NO_CLUSTER)).all()
    assert len(set(zip(values, numbered.tolist(), strict=True))) == len(set(values))
    sizes = np.bincount(numbered[numbered >= 0])
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
    assert (sizes > 0).all()


# Merging


def graph_of(edges: list[tuple[int, int]], n: int) -> csr_matrix:
    weights = np.zeros((n, n))
    for a, b in edges:
        if a != b:
            weights[a, b] = weights[b, a] = 1
    return csr_matrix(weights)


def complete(first: int, last: int) -> list[tuple[int, int]]:
    return [(a, b) for a in range(first, last) for b in range(first, a)]


def test_two_halves_of_one_blob_merge_and_an_island_does_not() -> None:
    graph = graph_of(complete(0, 12) + complete(12, 20), 20)
    leaves = np.array([0, 1] * 6 + [2] * 8, dtype=np.int32)
    merged = merge_until_self_contained(graph, leaves)
    assert len(set(merged[:12].tolist())) == 1
    assert len(set(merged[12:].tolist())) == 1
    assert merged[0] != merged[12]


def test_clusters_that_keep_their_neighbours_inside_stay_apart() -> None:
    graph = graph_of([*complete(0, 8), *complete(8, 16), (0, 8)], 16)
    leaves = np.array([0] * 8 + [1] * 8, dtype=np.int32)
    assert merge_until_self_contained(graph, leaves).tolist() == leaves.tolist()


def test_a_point_between_clusters_does_not_hold_them_together_in_the_end() -> None:
    graph = graph_of([*complete(0, 12), (12, 0), (12, 1)], 13)
    leaves = np.array([0, 1] * 6 + [-1], dtype=np.int32)
    merged = merge_until_self_contained(graph, leaves)
    assert merged[12] == NO_CLUSTER
    assert len(set(merged[:12].tolist())) == 1


def merge_weights(weights: list[list[float]]) -> list[int]:
    """Merge leaves of one point each; the diagonal is the weight inside a leaf."""
    leaves = np.arange(len(weights), dtype=np.int32)
    return merge_until_self_contained(csr_matrix(np.array(weights, float)), leaves).tolist()


def test_merging_stops_short_of_the_level_at_which_modularity_falls() -> None:
    # Two pairs. A pair keeps 0.7 of its weight, too little to stand alone; yet to join both into
    # one cluster would say nothing (modularity 0 after 0.2).
    weights = [
        [4.0, 3.0, 1.5, 1.5],
        [3.0, 4.0, 1.5, 1.5],
        [1.5, 1.5, 4.0, 3.0],
        [1.5, 1.5, 3.0, 4.0],
    ]
    a, b, c, d = merge_weights(weights)
    assert a == b
    assert c == d
    assert a != c


@pytest.mark.parametrize(("rest", "joined"), [(36, True), (20, False)])
def test_merging_may_lower_modularity_by_two_percent_and_no_more(rest: int, joined: bool) -> None:
    # The first keeps half of its weight. To join it to the second changes modularity from 0.473
    # to 0.469 where the rest of the corpus weighs 36, from 0.406 to 0.375 where it weighs 20.
    loose, large, other = merge_weights([[5, 5, 0], [5, 45, 0], [0, 0, rest]])
    assert (loose == large) == joined
    assert other not in (loose, large)


@pytest.mark.parametrize(
    ("to_large", "joins"), [(3, "small"), (9, "large")], ids=["tied a little more", "tied far more"]
)
def test_a_loose_cluster_joins_the_one_it_is_tied_to_most_for_its_size(
    to_large: float, joins: str
) -> None:
    # Volumes are 100 and 10, so a tie to the large one counts for sqrt(10) times less, not 10.
    weights = [
        [1, to_large, 2, 0],
        [to_large, 100 - to_large, 0, 0],
        [2, 0, 8, 0],
        [0, 0, 0, 1000],  # the rest of the corpus
    ]
    loose, large, small, rest = merge_weights(weights)
    assert loose == {"large": large, "small": small}[joins]
    assert len({large, small, rest}) == 3


@st.composite
def graphs_with_leaves(draw: st.DrawFn) -> tuple[csr_matrix, np.ndarray]:
    n = draw(st.integers(1, 20))
    point = st.integers(0, n - 1)
    edges = draw(st.lists(st.tuples(point, point), max_size=60))
    leaves = draw(st.lists(st.integers(-1, 4), min_size=n, max_size=n))
    numbers = {leaf: i for i, leaf in enumerate(sorted({x for x in leaves if x >= 0}))}
    dense = np.array([numbers.get(leaf, -1) for leaf in leaves], dtype=np.int32)
    return graph_of(edges, n), dense


@given(graphs_with_leaves())
def test_merging_never_splits_a_cluster_and_leaves_the_others_alone(
    drawn: tuple[csr_matrix, np.ndarray],
) -> None:
    graph, leaves = drawn
    before = leaves.copy()
    merged = merge_until_self_contained(graph, leaves)
    assert leaves.tolist() == before.tolist()
    assert merged.dtype == np.int32
    assert ((merged == NO_CLUSTER) == (leaves == NO_CLUSTER)).all()
    for leaf in set(leaves.tolist()):
        assert len(set(merged[leaves == leaf].tolist())) == 1


@given(graphs_with_leaves())
def test_clusters_without_a_path_between_them_are_never_joined(
    drawn: tuple[csr_matrix, np.ndarray],
) -> None:
    from scipy.sparse.csgraph import connected_components

    graph, leaves = drawn
    # A leaf holds its points together whether or not there are edges between them.
    tied = graph.toarray() + ((leaves[:, None] == leaves) & (leaves[:, None] >= 0))
    _, component = connected_components(csr_matrix(tied), directed=False)
    merged = merge_until_self_contained(graph, leaves)
    for label in set(merged[merged >= 0].tolist()):
        assert len(set(component[merged == label].tolist())) == 1


# Whole


@pytest.mark.parametrize("n", [0, 1, MIN_ARTICLES - 1])
def test_fewer_articles_than_make_a_density_get_no_cluster_but_a_place_on_the_map(n: int) -> None:
    clusters = cluster(n)
    assert_sound(clusters, n)
    assert clusters.paths == ((),) * n
    assert len(np.unique(clusters.map_xy, axis=0)) == n


@pytest.fixture(scope="module")
def sixty() -> Clusters:
    """A result to compare with; the first use of UMAP compiles it, which takes seconds."""
    return cluster(60)


@pytest.mark.parametrize("n", [MIN_ARTICLES, 12, 400])
def test_any_number_of_articles_gives_a_sound_result(n: int, sixty: Clusters) -> None:
    assert_sound(cluster(n), n)


def test_three_groups_of_articles_are_three_clusters(sixty: Clusters) -> None:
    assert_sound(sixty, 60)
    labels = sixty.labels
    found = {(i % 3, int(label)) for i, label in enumerate(labels) if label != NO_CLUSTER}
    assert sorted(label for _, label in found) == [0, 1, 2]
    assert len({blob for blob, _ in found}) == 3
    assert (labels == NO_CLUSTER).mean() < 0.2


def test_the_order_of_rows_and_a_repeat_change_no_byte(sixty: Clusters) -> None:
    order = np.random.default_rng(1).permutation(60)
    ids, texts = ids_of(60), texts_of(60)
    shuffled = find_clusters(
        [ids[i] for i in order], blobs(60)[order], [texts[i] for i in order], SETTINGS
    )
    assert_equal(shuffled, sixty)


def test_the_callers_number_of_threads_changes_no_byte(sixty: Clusters) -> None:
    with threadpool_limits(4):
        assert_equal(cluster(60), sixty)


def test_identical_articles_do_not_break_it(sixty: Clusters) -> None:
    vectors = np.repeat(blobs(1), 20, axis=0)
    clusters = find_clusters(ids_of(20), vectors, ["the same words"] * 20, SETTINGS)
    assert_sound(clusters, 20)
    assert len(set(clusters.labels.tolist()) - {NO_CLUSTER}) <= 1


_PRINT_DIGEST = """
import hashlib
from tests.core.clustering.test_clusters import cluster
c = cluster(150)
print(hashlib.sha256(repr(c.paths).encode() + c.strengths.tobytes() + c.map_xy.tobytes()).hexdigest())
"""


@pytest.mark.slow
def test_processes_with_one_and_with_four_threads_agree() -> None:
    digests = set()
    for n_threads in ("1", "4"):
        names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
        environment = os.environ | dict.fromkeys(names, n_threads)
        done = subprocess.run(
            [sys.executable, "-c", _PRINT_DIGEST],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
