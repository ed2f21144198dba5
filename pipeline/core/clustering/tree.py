"""Communities at one resolution after another → a tree of nested levels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.core.clustering.communities import (
    Labels,
    absorb_small,
    find_communities,
    find_consensus,
    in_parallel,
    merge_communities,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix

#: Fewest articles that make a cluster.
MIN_CLUSTER_SIZE = 4
#: The first level has the resolution 1, plain modularity; each further one is so many times finer
#: or coarser.
STEP = 1.6
N_COARSER, N_FINER = 3, 6
#: The default level is the finest that is as stable as this, or else the first.
STABLE = 0.9
_RUNS_FIRST, _RUNS_OTHER, _RUNS_STABILITY = 32, 5, 4
#: Share of the links that a fit for stability does without.
_LINKS_LEFT_OUT = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Nested clusters of n articles.

    `labels` has shape (n_levels, n), int32, coarsest level first, numbered by falling size;
    `stabilities` (n_levels,) are in [0, 1]; `default` is the row of the level that the evidence
    prefers. `strengths` (n,), float32 in [0, 1], is the share of an article's links that stay
    inside its cluster of that level.
    """

    labels: Labels
    stabilities: npt.NDArray[np.float64]
    default: int
    strengths: npt.NDArray[np.float32]


def grow_tree(graph: csr_matrix, starts: Sequence[Labels], seed: int) -> Tree:
    """Find clusters at resolution 1, merge them upwards and divide them downwards.

    Parameters
    ----------
    graph : csr_matrix of shape (n, n)
        Symmetric weights of neighbourhood.
    starts : sequence of ndarray of shape (n,), int32
        Dense groups that some runs start from; -1 for none.
    seed : int
        Decides the order of moves, and which links the fits for stability do without.

    Returns
    -------
    Tree
        Levels that would repeat the next coarser one are left out.
    """
    everything = np.zeros(graph.shape[0], dtype=np.int32)
    found = find_consensus(graph, 1.0, _seeds(seed, 0, _RUNS_FIRST), starts=starts)
    levels = [(1.0, absorb_small(graph, found, MIN_CLUSTER_SIZE, everything))]
    for step in range(1, N_COARSER + 1):
        merged = merge_communities(graph, levels[0][1], STEP**-step)
        if 1 < _count(merged) < _count(levels[0][1]):
            levels.insert(0, (STEP**-step, merged))
    first = len(levels) - 1
    for step in range(1, N_FINER + 1):
        parent = levels[-1][1]
        seeds = _seeds(seed, step, _RUNS_OTHER)
        parts = find_consensus(graph, STEP**step, seeds, within=parent)
        parts = absorb_small(graph, parts, MIN_CLUSTER_SIZE, parent)
        if _count(parts) > _count(parent):
            levels.append((STEP**step, parts))
    stabilities = [_stability(graph, resolution, labels, seed) for resolution, labels in levels]
    stable = [i for i in range(first, len(levels)) if stabilities[i] >= STABLE]
    default = max(stable, default=first)
    return Tree(
        labels=np.stack([number_by_size(labels) for _, labels in levels]),
        stabilities=np.array(stabilities),
        default=default,
        strengths=_strengths(graph, levels[default][1]),
    )


def number_by_size(labels: Labels) -> Labels:
    """Renumber groups 0, 1, … by falling size, then by their first row."""
    _, first, inverse, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.lexsort((first, -sizes))] = np.arange(len(first), dtype=np.int32)
    numbered: Labels = rank[inverse.ravel()]
    return numbered


def _seeds(seed: int, level: int, n: int) -> list[tuple[int, ...]]:
    return [(seed, level, run) for run in range(n)]


def _stability(graph: csr_matrix, resolution: float, labels: Labels, seed: int) -> float:
    """Mean adjusted Rand index of `labels` and of fits that do without a fifth of the links."""
    from sklearn.metrics import adjusted_rand_score

    everything = np.zeros(len(labels), dtype=np.int32)

    def fit(run: int) -> Labels:
        thinned = _thinned(graph, (seed, N_FINER + 1, run))
        found = find_communities(thinned, resolution)
        return absorb_small(thinned, found, MIN_CLUSTER_SIZE, everything)

    fits = in_parallel(fit, _RUNS_STABILITY)
    found = [max(0.0, float(adjusted_rand_score(labels, fit))) for fit in fits]
    return round(float(np.mean(found)), 4)


def _thinned(graph: csr_matrix, seed: tuple[int, ...]) -> csr_matrix:
    import scipy.sparse

    upper = scipy.sparse.triu(graph, 1).tocoo()
    kept = np.random.default_rng(seed).random(upper.nnz) >= _LINKS_LEFT_OUT
    entries = (upper.data[kept], (upper.row[kept], upper.col[kept]))
    half = scipy.sparse.coo_matrix(entries, graph.shape)
    return (half + half.T).tocsr()


def _strengths(graph: csr_matrix, labels: Labels) -> npt.NDArray[np.float32]:
    rows = np.repeat(np.arange(len(labels)), np.diff(graph.indptr))
    inside = labels[rows] == labels[graph.indices]
    tied = np.bincount(rows[inside], graph.data[inside], minlength=len(labels))
    whole = np.asarray(graph.sum(axis=1)).ravel()
    return np.round(tied / np.where(whole > 0, whole, 1), 4).astype(np.float32)


def _count(labels: Labels) -> int:
    return int(labels.max(initial=-1)) + 1
