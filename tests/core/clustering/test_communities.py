"""Communities: what is tied together, whatever the numbering, the threads or the repeat."""

from __future__ import annotations

import os

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from pipeline.core.clustering.communities import (
    Labels,
    _compiled,
    _move_nodes,
    absorb_small,
    find_communities,
    find_consensus,
    merge_communities,
    weights_between,
)
from tests.core.clustering.examples import (
    block_of,
    blocks,
    clique,
    graph_of,
    graphs,
    is_by_first_row,
    is_nested,
    labels_for,
    modularity,
    partition,
)

SEEDS = [(7, 0, run) for run in range(3)]
FEW = settings(max_examples=25)  # where one example divides several times
RESOLUTIONS = st.sampled_from([0.3, 1.0, 2.5])


def zeros(graph: csr_matrix) -> Labels:
    return np.zeros(graph.shape[0], dtype=np.int32)


# Division


def test_two_cliques_joined_by_one_weak_edge_part() -> None:
    graph = graph_of(9, [*clique(0, 5), *clique(5, 9), (0, 5, 0.5)])
    assert find_communities(graph, 1.0).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    assert find_consensus(graph, 1.0, SEEDS).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_more_resolution_gives_more_communities() -> None:
    # Four cliques of four; the first two are tied together, and so are the last two.
    edges = [edge for first in (0, 4, 8, 12) for edge in clique(first, first + 4)]
    edges += [(a, b, 0.2) for a in range(4) for b in range(4, 8)]
    edges += [(a, b, 0.2) for a in range(8, 12) for b in range(12, 16)]
    graph = graph_of(16, [*edges, (0, 15, 0.2)])
    counts = [int(find_consensus(graph, r, SEEDS).max()) + 1 for r in (0.01, 0.6, 2, 20)]
    assert counts == [1, 2, 4, 16]


@FEW
@given(st.data(), graphs(), RESOLUTIONS)
def test_communities_never_cross_the_groups_that_they_must_stay_within(
    data: st.DataObject, graph: csr_matrix, resolution: float
) -> None:
    within, start = data.draw(labels_for(graph)), data.draw(labels_for(graph))
    assert is_nested(find_communities(graph, resolution, within=within), within)
    assert is_nested(find_communities(graph, resolution, within=within, start=start), within)
    assert is_nested(find_consensus(graph, resolution, SEEDS, within=within), within)


@FEW
@given(st.data(), graphs(), RESOLUTIONS)
def test_communities_are_numbered_from_0_by_first_row(
    data: st.DataObject, graph: csr_matrix, resolution: float
) -> None:
    within = data.draw(labels_for(graph))
    results = [
        find_communities(graph, resolution),
        find_consensus(graph, resolution, SEEDS, within=within),
        merge_communities(graph, np.arange(graph.shape[0], dtype=np.int32), resolution),
        absorb_small(graph, find_communities(graph, resolution), 3, zeros(graph)),
    ]
    for labels in results:
        assert labels.shape == (graph.shape[0],)
        assert labels.dtype == np.int32
        assert is_by_first_row(labels)


@FEW
@given(st.lists(st.integers(6, 14), min_size=2, max_size=4), st.integers(0, 1000))
def test_the_numbering_of_the_nodes_does_not_matter_where_groups_are_clear(
    sizes: list[int], seed: int
) -> None:
    graph = blocks(sizes, inside=1.0, outside=0.02, seed=seed)
    shuffled = np.random.default_rng(seed).permutation(graph.shape[0])
    found = find_consensus(graph[shuffled][:, shuffled], 1.0, SEEDS)
    assert partition(found[np.argsort(shuffled)]) == partition(block_of(sizes))


@FEW
@given(graphs(), RESOLUTIONS)
def test_nodes_without_links_stay_alone(graph: csr_matrix, resolution: float) -> None:
    alone = np.flatnonzero(np.diff(graph.indptr) == 0)
    for labels in (
        find_communities(graph, resolution),
        find_consensus(graph, resolution, SEEDS),
        merge_communities(graph, np.arange(graph.shape[0], dtype=np.int32), resolution),
        absorb_small(graph, find_communities(graph, resolution), 3, zeros(graph)),
    ):
        assert (np.bincount(labels)[labels[alone]] == 1).all()


@FEW
@given(graphs(), RESOLUTIONS)
def test_islands_are_never_joined(graph: csr_matrix, resolution: float) -> None:
    from scipy.sparse.csgraph import connected_components

    _, island = connected_components(graph, directed=False)
    found = find_communities(graph, resolution)
    everything = np.arange(graph.shape[0], dtype=np.int32)
    assert is_nested(found, island)
    assert is_nested(find_consensus(graph, resolution, SEEDS), island)
    assert is_nested(merge_communities(graph, everything, resolution), island)
    assert is_nested(absorb_small(graph, found, 5, zeros(graph)), island)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_a_graph_without_links_has_only_nodes_that_are_alone(n: int) -> None:
    graph = csr_matrix((n, n))
    everyone = list(range(n))
    assert find_communities(graph, 1.0).tolist() == everyone
    assert find_consensus(graph, 1.0, SEEDS).tolist() == everyone
    labels = np.array(everyone, dtype=np.int32)
    assert merge_communities(graph, labels, 1.0).tolist() == everyone
    assert absorb_small(graph, labels, 4, zeros(graph)).tolist() == everyone


@given(st.data(), graphs(), RESOLUTIONS)
def test_a_division_has_no_less_modularity_than_what_it_starts_from(
    data: st.DataObject, graph: csr_matrix, resolution: float
) -> None:
    start = data.draw(labels_for(graph))
    found = find_communities(graph, resolution, start=start)
    assert modularity(graph, found, resolution) >= modularity(graph, start, resolution) - 1e-9
    alone = modularity(graph, np.arange(graph.shape[0]), resolution)
    assert modularity(graph, find_communities(graph, resolution), resolution) >= alone - 1e-9


def test_a_start_may_leave_nodes_out_and_is_not_changed() -> None:
    graph = graph_of(8, [*clique(0, 4), *clique(4, 8), (0, 4, 0.5)])
    start = np.array([1, 1, -1, 1, 0, 0, 0, -1], dtype=np.int32)
    before = start.copy()
    assert find_communities(graph, 1.0, start=start).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert find_consensus(graph, 1.0, SEEDS, starts=[start]).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert start.tolist() == before.tolist()


@pytest.fixture
def unclear() -> csr_matrix:
    """A graph that different orders of moves divide in different ways."""
    return blocks([30] * 4, inside=0.2, outside=0.1, seed=3)


def test_a_consensus_is_the_same_on_any_number_of_threads_and_when_repeated(
    unclear: csr_matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [np.random.default_rng(seed).permutation(120) for seed in SEEDS]
    assert len({find_communities(unclear, 1.0, order=o).tobytes() for o in orders}) > 1
    results = set()
    for n_threads in (1, 4, 4, 16, None):
        monkeypatch.setattr(os, "cpu_count", lambda n=n_threads: n)
        results.add(find_consensus(unclear, 1.0, SEEDS).tobytes())
    assert len(results) == 1


def test_a_consensus_leaves_the_graph_as_it_was(unclear: csr_matrix) -> None:
    before = unclear.copy()
    find_consensus(unclear, 1.0, SEEDS)
    assert unclear.nnz == before.nnz
    assert (unclear != before).nnz == 0


# Moves, with the plain function and the compiled one


def move(
    graph: csr_matrix,
    resolution: float,
    order: npt.ArrayLike,
    bounds: npt.ArrayLike,
    labels: npt.ArrayLike,
    *,
    compiled: bool,
) -> list[int]:
    volume = np.asarray(graph.sum(axis=1), dtype=np.float64).ravel()
    moved = np.array(labels, dtype=np.int64)
    function = _compiled() if compiled else _move_nodes
    function(
        graph.indptr.astype(np.int64),
        graph.indices.astype(np.int64),
        graph.data.astype(np.float64),
        volume,
        resolution / (volume.sum() or 1.0),
        np.array(order, dtype=np.int64),
        np.array(bounds, dtype=np.int64),
        moved,
    )
    return moved.tolist()


@given(st.data(), graphs(10), RESOLUTIONS)
def test_moves_never_lower_modularity_and_compiling_them_changes_nothing(
    data: st.DataObject, graph: csr_matrix, resolution: float
) -> None:
    n = graph.shape[0]
    order = data.draw(st.permutations(range(n)))
    bounds = data.draw(labels_for(graph, most=1))
    drawn = data.draw(labels_for(graph, most=n - 1))
    start = np.unique(drawn + n * bounds, return_inverse=True)[1]  # inside the bounds
    moved = move(graph, resolution, order, bounds, start, compiled=False)
    assert move(graph, resolution, order, bounds, start, compiled=True) == moved
    assert modularity(graph, moved, resolution) >= modularity(graph, start, resolution) - 1e-9


@given(st.data(), graphs(10), RESOLUTIONS)
def test_a_node_only_moves_to_a_neighbour_inside_its_bounds(
    data: st.DataObject, graph: csr_matrix, resolution: float
) -> None:
    n = graph.shape[0]
    bounds = data.draw(labels_for(graph, most=1))
    moved = move(graph, resolution, range(n), bounds, range(n), compiled=False)
    assert is_nested(moved, bounds)


# Merging


def test_two_halves_of_one_clique_merge_and_an_island_does_not() -> None:
    graph = graph_of(20, [*clique(0, 12), *clique(12, 20)])
    labels = np.array([0, 1] * 6 + [2] * 8, dtype=np.int32)
    assert merge_communities(graph, labels, 1.0).tolist() == [0] * 12 + [1] * 8


@given(st.data(), graphs(), RESOLUTIONS)
def test_merging_joins_whole_communities_only_while_modularity_rises(
    data: st.DataObject, graph: csr_matrix, resolution: float
) -> None:
    drawn = data.draw(labels_for(graph, most=7))
    labels = np.unique(drawn, return_inverse=True)[1].astype(np.int32)
    before = labels.copy()
    merged = merge_communities(graph, labels, resolution)
    assert labels.tolist() == before.tolist()
    assert is_nested(labels, merged)
    reached = modularity(graph, merged, resolution)
    assert reached >= modularity(graph, labels, resolution) - 1e-9
    for a in range(merged.max() + 1):  # no further pair is worth joining
        for b in range(a):
            joined = np.where(merged == a, b, merged)
            assert modularity(graph, joined, resolution) <= reached + 1e-9


@pytest.mark.parametrize(("resolution", "expected"), [(5.0, 3), (1.0, 2), (0.01, 1)])
def test_merging_goes_further_at_a_lower_resolution(resolution: float, expected: int) -> None:
    edges = [*clique(0, 4), *clique(4, 8), *clique(8, 12)]
    ties = [(a, b, 0.5) for a in range(4) for b in range(4, 8)]
    graph = graph_of(12, [*edges, *ties, (0, 8, 0.1)])
    labels = block_of([4, 4, 4])
    assert merge_communities(graph, labels, resolution).max() + 1 == expected


# Small communities


def test_a_small_community_joins_the_one_that_it_is_tied_to_most() -> None:
    graph = graph_of(9, [*clique(0, 4), *clique(4, 8), (8, 0, 1.0), (8, 4, 2.0)])
    labels = block_of([4, 4, 1])
    assert absorb_small(graph, labels, 4, zeros(graph)).tolist() == [0] * 4 + [1] * 5
    bounds = np.array([0] * 4 + [1] * 4 + [0], dtype=np.int32)
    assert absorb_small(graph, labels, 4, bounds).tolist() == [0] * 4 + [1] * 4 + [0]


def test_small_communities_that_join_each_other_go_on_to_a_larger_one() -> None:
    # The pair is tied to each other most; together they are still too few.
    graph = graph_of(6, [(0, 1, 5.0), (1, 2, 1.0), *clique(2, 6, 3.0)])
    labels = np.array([0, 1, 2, 2, 2, 2], dtype=np.int32)
    assert absorb_small(graph, labels, 4, zeros(graph)).tolist() == [0] * 6


@given(st.data(), graphs(), st.integers(1, 6))
def test_no_community_is_small_that_has_a_tie_inside_its_bounds(
    data: st.DataObject, graph: csr_matrix, least: int
) -> None:
    within = data.draw(labels_for(graph, most=1))
    labels = find_communities(graph, 2.5, within=within)
    absorbed = absorb_small(graph, labels, least, within)
    assert is_nested(labels, absorbed)
    assert is_nested(absorbed, within)
    ties = weights_between(graph, absorbed).toarray()
    bounds = np.array([within[absorbed == x][0] for x in range(absorbed.max() + 1)])
    for small in np.flatnonzero(np.bincount(absorbed) < least):
        others = (bounds == bounds[small]) & (np.arange(len(bounds)) != small)
        assert ties[small][others].sum() == 0


# Weights


@given(st.data(), graphs())
def test_weights_between_groups_are_the_sums_of_those_between_their_nodes(
    data: st.DataObject, graph: csr_matrix
) -> None:
    labels = data.draw(labels_for(graph))
    found = weights_between(graph, labels).toarray()
    dense = graph.toarray()
    expected = [
        [dense[np.ix_(labels == a, labels == b)].sum() for b in range(labels.max() + 1)]
        for a in range(labels.max() + 1)
    ]
    assert np.allclose(found, expected)
