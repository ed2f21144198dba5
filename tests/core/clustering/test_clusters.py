"""Clusters: nested levels, the same for any order and any number of cores, from 0 articles up."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import os
import subprocess
import sys

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from threadpoolctl import threadpool_limits

from pipeline.core.clustering import clusters as module
from pipeline.core.clustering.clusters import (
    MIN_ARTICLES,
    ClusterSettings,
    ClusterTree,
    find_clusters,
    keep_stories_together,
)
from pipeline.core.clustering.points import unit_rows
from pipeline.records import FloatMatrix
from tests.core.clustering.examples import blobs, ids_of, is_nested, partition, texts_of

SETTINGS = ClusterSettings(neighbors_scale=2.0, lexical_weight=0.15, seed=7)


def dates_of(n: int) -> list[str | None]:
    return [None if i % 7 == 0 else f"2024-03-{1 + i % 28:02d}" for i in range(n)]


def cluster(n: int, vectors: FloatMatrix | None = None, **changes: float) -> ClusterTree:
    vectors = blobs(n) if vectors is None else vectors
    settings = dataclasses.replace(SETTINGS, **changes)
    return find_clusters(ids_of(n), vectors, texts_of(n), dates_of(n), settings)


def labels_of(tree: ClusterTree) -> npt.NDArray[np.int32]:
    """Clusters of the default level."""
    return tree.clusters.labels_at(next(x.level for x in tree.levels if x.is_default))


def digest(tree: ClusterTree) -> str:
    found = tree.clusters
    parts = [repr((found.article_ids, found.paths, tree.levels)).encode()]
    parts += [x.tobytes() for x in (found.stories, found.strengths, found.map_xy)]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def assert_sound(tree: ClusterTree, n: int) -> None:
    """What holds for every result."""
    clusters, levels = tree.clusters, tree.levels
    assert list(clusters.article_ids) == sorted(ids_of(n))
    assert len(clusters.paths) == len(clusters.stories) == n
    assert clusters.strengths.shape == (n,)
    assert clusters.strengths.dtype == np.float32
    assert ((clusters.strengths >= 0) & (clusters.strengths <= 1)).all()
    assert clusters.map_xy.shape == (n, 2)
    assert clusters.map_xy.dtype == np.float32
    assert (np.abs(clusters.map_xy) <= 1).all()
    assert [level.level for level in levels] == list(range(len(levels)))
    assert sum(level.is_default for level in levels) == 1
    assert all(0 <= level.stability <= 1 for level in levels)
    if n < MIN_ARTICLES:
        return
    assert {len(path) for path in clusters.paths} == {len(levels)}
    by_level = [clusters.labels_at(level.level) for level in levels]
    for level, labels in zip(levels, by_level, strict=True):
        sizes = np.bincount(labels)
        assert labels.min() == 0
        assert level.n_clusters == len(sizes)
        assert level.share_in_none == 0
        assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
        assert sizes.min() > 0
    for coarser, finer in itertools.pairwise(by_level):
        assert is_nested(finer, coarser)
    assert is_nested(clusters.stories, labels_of(tree))


# Settings


def test_neighbours_follow_the_square_root_of_the_number_of_articles_within_bounds() -> None:
    assert [SETTINGS.n_neighbors(n) for n in (2, 8, 400, 10**6)] == [1, 6, 40, 100]
    few = dataclasses.replace(SETTINGS, neighbors_scale=0.1)
    assert [few.n_neighbors(n) for n in (4, 8, 400)] == [3, 5, 5]


# Few articles


@pytest.mark.parametrize("n", [0, 1, 2, MIN_ARTICLES - 1])
def test_fewer_articles_than_make_a_density_get_no_cluster_but_a_place_on_the_map(n: int) -> None:
    tree = cluster(n)
    assert_sound(tree, n)
    assert tree.clusters.paths == ((),) * n
    assert labels_of(tree).tolist() == [-1] * n
    assert [level.n_clusters for level in tree.levels] == [0]
    assert tree.levels[0].share_in_none == (1 if n else 0)
    assert len(np.unique(tree.clusters.map_xy, axis=0)) == n


@pytest.fixture(scope="module")
def sixty() -> ClusterTree:
    """A result to compare with; the first use of UMAP compiles it, which takes seconds."""
    return cluster(60)


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize("n", [MIN_ARTICLES, 9, 12, 20])
def test_a_dozen_articles_give_a_sound_result(n: int) -> None:
    assert_sound(cluster(n), n)


@pytest.mark.usefixtures("sixty")
def test_two_clear_groups_among_sixteen_articles_are_two_clusters() -> None:
    found = labels_of(cluster(16, blobs(16, 2)))
    assert partition(found) == partition(np.arange(16) % 2)


# Groups and noise


def test_clear_groups_of_articles_are_the_clusters_of_the_default_level(
    sixty: ClusterTree,
) -> None:
    assert_sound(sixty, 60)
    assert partition(labels_of(sixty)) == partition(np.arange(60) % 3)


@pytest.mark.usefixtures("sixty")
def test_many_clear_groups_are_found_by_any_seed() -> None:
    truth = np.arange(120) % 6
    first = labels_of(cluster(120, blobs(120, 6), lexical_weight=0))
    other = labels_of(cluster(120, blobs(120, 6), lexical_weight=0, seed=8))
    assert adjusted_rand_score(truth, first) > 0.9
    assert adjusted_rand_score(first, other) > 0.9


@pytest.mark.usefixtures("sixty")
def test_noise_neither_collapses_to_one_cluster_nor_falls_to_pieces() -> None:
    noise = unit_rows(np.random.default_rng(5).normal(size=(120, 24))).astype(np.float32)
    tree = cluster(120, noise, lexical_weight=0)
    assert_sound(tree, 120)
    sizes = np.bincount(labels_of(tree))
    assert 2 <= len(sizes) <= 15
    assert sizes.max() <= 60
    assert max(level.stability for level in tree.levels) < 0.9


# Odd articles


@pytest.mark.usefixtures("sixty")
@pytest.mark.parametrize("text", ["the same words in each of them", "word", "", "the and of"])
def test_articles_that_are_all_the_same_are_never_many_clusters(text: str) -> None:
    vectors = np.repeat(blobs(1), 20, axis=0)
    tree = find_clusters(ids_of(20), vectors, [text] * 20, [None] * 20, SETTINGS)
    assert_sound(tree, 20)
    assert len(np.unique(labels_of(tree))) <= 5  # of four articles each


@pytest.mark.usefixtures("sixty")
def test_duplicates_of_articles_share_their_cluster() -> None:
    vectors = np.repeat(blobs(15), 4, axis=0)
    texts = [text for text in texts_of(15) for _ in range(4)]
    tree = find_clusters(ids_of(60), vectors, texts, [None] * 60, SETTINGS)
    assert_sound(tree, 60)
    assert is_nested(np.arange(60) // 4, labels_of(tree))


@pytest.mark.usefixtures("sixty")
def test_a_vector_of_zeros_breaks_nothing() -> None:
    vectors = blobs(30).copy()
    vectors[[0, 17]] = 0
    assert_sound(cluster(30, vectors), 30)


# Same result


def test_the_order_of_rows_and_a_repeat_change_no_byte(sixty: ClusterTree) -> None:
    order = np.random.default_rng(1).permutation(60)
    ids, texts, dates = ids_of(60), texts_of(60), dates_of(60)
    shuffled = find_clusters(
        [ids[i] for i in order],
        blobs(60)[order],
        [texts[i] for i in order],
        [dates[i] for i in order],
        SETTINGS,
    )
    assert digest(shuffled) == digest(sixty)


def test_the_callers_number_of_threads_changes_no_byte(
    sixty: ClusterTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    with threadpool_limits(4):
        assert digest(cluster(60)) == digest(sixty)


_PRINT_DIGEST = """
from tests.core.clustering.test_clusters import cluster, digest
print(digest(cluster(100)))
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


# Stories inside the tree


def test_a_story_takes_the_path_that_most_of_its_articles_have() -> None:
    labels = np.array([[0, 0, 0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 2, 3, 3]], dtype=np.int32)
    stories = np.array([0, 1, 2, 3, 3, 2, 4, 4], dtype=np.int32)
    stories[[2, 3, 4]] = 5  # one article of 0 and two of 1
    kept = keep_stories_together(labels, stories, 0)
    assert kept[0].tolist() == labels[0].tolist()
    assert partition(kept[1]) == {frozenset(x) for x in ((0, 1), (2, 3, 4), (5,), (6, 7))}


@st.composite
def trees_with_stories(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, int]:
    """Nested levels, and stories that lie within the clusters of one of them."""
    n = draw(st.integers(1, 24))
    digits = np.array(draw(st.lists(st.integers(0, 7), min_size=n, max_size=n)))
    levels = np.stack([digits >> 2, digits >> 1, digits])
    default = draw(st.integers(0, 2))
    parts = np.array(draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)))
    stories = np.unique(levels[default] * 3 + parts, return_inverse=True)[1]
    numbered = np.stack([module.number_by_size(level.astype(np.int32)) for level in levels])
    return numbered, stories.astype(np.int32), default


@given(trees_with_stories())
def test_stories_are_kept_together_and_levels_stay_nested(
    drawn: tuple[np.ndarray, np.ndarray, int],
) -> None:
    labels, stories, default = drawn
    kept = keep_stories_together(labels, stories, default)
    assert np.array_equal(kept[: default + 1], labels[: default + 1])
    for coarser, finer in itertools.pairwise(kept):
        assert is_nested(finer, coarser)
    for level in kept[default:]:
        assert is_nested(stories, level)
        assert np.array_equal(module.number_by_size(level), level)
