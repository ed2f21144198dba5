"""Trees: nested levels, no level twice, and a default that the evidence supports."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from pipeline.core.clustering import tree as module
from pipeline.core.clustering.communities import Labels, merge_communities
from pipeline.core.clustering.tree import MIN_CLUSTER_SIZE, STABLE, Tree, grow_tree, number_by_size
from tests.core.clustering.examples import (
    block_of,
    blocks,
    clique,
    graph_of,
    graphs,
    is_nested,
    partition,
)


def assert_sound(tree: Tree, graph: csr_matrix) -> None:
    """What holds for every tree."""
    n_levels, n = tree.labels.shape
    assert n == graph.shape[0]
    assert tree.labels.dtype == np.int32
    assert tree.stabilities.shape == (n_levels,)
    assert ((tree.stabilities >= 0) & (tree.stabilities <= 1)).all()
    assert tree.strengths.shape == (n,)
    assert tree.strengths.dtype == np.float32
    assert ((tree.strengths >= 0) & (tree.strengths <= 1)).all()
    counts = [len(set(level.tolist())) for level in tree.labels]
    assert counts == sorted(set(counts))
    for level in tree.labels:
        assert np.array_equal(number_by_size(level), level)
    for coarser, finer in itertools.pairwise(tree.labels):
        assert is_nested(finer, coarser)
    assert (tree.stabilities[tree.default + 1 :] < STABLE).all()


def test_cliques_are_the_clusters_of_the_default_level() -> None:
    edges = [*clique(0, 9), *clique(9, 17), *clique(17, 24), (0, 9, 0.1), (9, 17, 0.1)]
    graph = graph_of(24, edges)
    tree = grow_tree(graph, [], seed=7)
    assert_sound(tree, graph)
    assert tree.labels[tree.default].tolist() == [0] * 9 + [1] * 8 + [2] * 7
    assert tree.stabilities[tree.default] > STABLE
    assert tree.strengths[1] == 1
    assert tree.strengths[0] == np.float32(0.9877)  # 8 of 8.1


@settings(max_examples=6)
@given(
    st.lists(st.integers(1, 15), min_size=1, max_size=5),
    st.sampled_from([0.2, 0.5, 0.9]),
    st.sampled_from([0.0, 0.02, 0.2]),
    st.integers(0, 1000),
)
def test_levels_of_random_blocks_are_nested_and_none_repeats(
    sizes: list[int], inside: float, outside: float, seed: int
) -> None:
    graph = blocks(sizes, inside, outside, seed)
    starts = [block_of(sizes), np.full(sum(sizes), -1, dtype=np.int32)]
    assert_sound(grow_tree(graph, starts, seed=seed), graph)


@settings(max_examples=8)
@given(graphs())
def test_any_graph_grows_a_sound_tree(graph: csr_matrix) -> None:
    assert_sound(grow_tree(graph, [], seed=7), graph)


@settings(max_examples=4)
@given(st.lists(st.integers(5, 12), min_size=2, max_size=4), st.integers(0, 100))
def test_no_cluster_of_a_connected_graph_is_smaller_than_the_least(
    sizes: list[int], seed: int
) -> None:
    graph = blocks(sizes, inside=1.0, outside=0.3, seed=seed)
    for level in grow_tree(graph, [], seed=7).labels:
        assert np.bincount(level).min() >= MIN_CLUSTER_SIZE


@pytest.fixture(scope="module")
def groups_of_groups() -> csr_matrix:
    """Twelve blocks of eight, tied in pairs, and the pairs in threes."""
    block = block_of([8] * 12)
    rng = np.random.default_rng(5)
    weights = np.where(block[:, None] == block, 1.0, 0.004)
    weights += 0.08 * (block[:, None] // 2 == block // 2)
    weights += 0.01 * (block[:, None] // 6 == block // 6)
    weights = np.triu(weights * rng.uniform(0.8, 1.2, weights.shape), 1)
    return csr_matrix(weights + weights.T)


def test_the_same_graph_and_seed_give_the_same_tree(groups_of_groups: csr_matrix) -> None:
    first, again = (grow_tree(groups_of_groups, [], seed=7) for _ in range(2))
    assert first.labels.tobytes() == again.labels.tobytes()
    assert first.stabilities.tobytes() == again.stabilities.tobytes()
    assert first.strengths.tobytes() == again.strengths.tobytes()
    assert first.default == again.default


def test_coarser_levels_merge_what_is_tied(groups_of_groups: csr_matrix) -> None:
    tree = grow_tree(groups_of_groups, [], seed=7)
    assert_sound(tree, groups_of_groups)
    assert len(tree.labels) > 1
    blocks_found = partition(block_of([8] * 12))
    assert any(partition(level) == blocks_found for level in tree.labels)


@pytest.mark.parametrize(
    ("stable", "expected"),
    [((), 1.0), ((1.0,), 1.0), ((1.6**-1,), 1.0), ((1.0, 1.6), 1.6), ((1.6,), 1.6)],
    ids=["none", "first", "only coarser", "two", "only finer"],
)
def test_the_default_is_the_finest_stable_level_or_else_that_of_resolution_1(
    stable: tuple[float, ...],
    expected: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolutions: list[float] = []

    def stability(_: csr_matrix, resolution: float, *__: object) -> float:
        resolutions.append(resolution)
        return STABLE if any(np.isclose(resolution, level) for level in stable) else STABLE - 0.01

    # Each level halves the groups of the one before.
    def halve(*_: object, within: Labels | None = None, **__: object) -> Labels:
        if within is None:
            return block_of([16, 16])
        sizes = np.bincount(within) // 2
        return block_of(np.repeat(sizes, 2)) if sizes.min() >= 4 else within

    monkeypatch.setattr(module, "_stability", stability)
    monkeypatch.setattr(module, "find_consensus", halve)
    tree = grow_tree(graph_of(32, clique(0, 32)), [], seed=7)
    assert np.isclose(resolutions[tree.default], expected)


def test_a_start_may_hold_no_group_at_all() -> None:
    graph = graph_of(10, [*clique(0, 5), *clique(5, 10)])
    nobody = np.full(10, -1, dtype=np.int32)
    tree = grow_tree(graph, [nobody, nobody], seed=7)
    assert tree.labels[tree.default].tolist() == [0] * 5 + [1] * 5


def test_a_graph_without_links_has_no_strength() -> None:
    tree = grow_tree(csr_matrix((9, 9)), [], seed=7)
    assert tree.strengths.tolist() == [0] * 9


def test_merging_everything_into_one_is_no_level() -> None:
    edges = [*clique(0, 5), *clique(5, 10), (0, 5, 1.0)]
    graph = graph_of(10, edges)
    labels = block_of([5, 5])
    assert merge_communities(graph, labels, 0.01).max() == 0
    assert all(len(set(level.tolist())) > 1 for level in grow_tree(graph, [], seed=7).labels)


# Numbering


def test_groups_are_numbered_by_falling_size_then_by_first_row() -> None:
    labels = np.array([5, 9, 9, 4, 2, 9, 2, 5], dtype=np.int32)
    assert number_by_size(labels).tolist() == [1, 0, 0, 3, 2, 0, 2, 1]


@given(st.lists(st.integers(0, 6), max_size=40))
def test_numbering_keeps_the_partition(values: list[int]) -> None:
    labels = np.array(values, dtype=np.int32)
    numbered = number_by_size(labels)
    assert numbered.dtype == np.int32
    assert len(set(zip(values, numbered.tolist(), strict=True))) == len(set(values))
    sizes = np.bincount(numbered)
    assert sizes.tolist() == sorted(sizes.tolist(), reverse=True)
    assert (sizes > 0).all()
