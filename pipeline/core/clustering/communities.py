"""A weighted graph → communities: groups that are tied to each other more than chance would have.

Modularity with a resolution (M. E. J. Newman, PNAS 103, 2006; J. Reichardt and S. Bornholdt,
Phys. Rev. E 74, 2006) is raised by moving one article at a time and then whole groups (V. D.
Blondel et al., J. Stat. Mech. P10008, 2008), with a last round of single articles. One run depends
on the order of its moves, so several runs vote and the graph that they agree on is divided once
more (A. Lancichinetti and S. Fortunato, Scientific Reports 2, 2012).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]

#: No node is looked at more often than this, on average.
_MAX_SWEEPS = 20
_TIE = 1e-12


def find_consensus(
    graph: csr_matrix,
    resolution: float,
    seeds: Sequence[tuple[int, ...]],
    *,
    within: Labels | None = None,
    starts: Sequence[Labels] = (),
) -> Labels:
    """Divide a graph several times and once more where the results agree.

    Parameters
    ----------
    graph : csr_matrix of shape (n, n)
        Symmetric weights, not negative, nothing on the diagonal.
    resolution : float
        1 is plain modularity; more gives more and smaller communities.
    seeds : sequence of tuple of int
        One for each run: it decides in which order articles are moved.
    within : ndarray of shape (n,), int32, optional
        Communities may not reach over two groups of these.
    starts : sequence of ndarray of shape (n,), int32, optional
        Groups that further runs start from; -1 starts alone.

    Returns
    -------
    ndarray of shape (n,), int32
        Communities, numbered from 0 by first row.
    """
    import scipy.sparse

    n = graph.shape[0]
    orders = [np.random.default_rng(seed).permutation(n) for seed in seeds]
    orders += [np.arange(n) for _ in starts]
    begin: list[Labels | None] = [*([None] * len(seeds)), *starts]
    runs = in_parallel(
        lambda i: find_communities(
            graph, resolution, order=orders[i], within=within, start=begin[i]
        ),
        len(orders),
    )
    rows = np.repeat(np.arange(n), np.diff(graph.indptr))
    together = np.zeros(graph.nnz)
    for labels in runs:
        together += labels[rows] == labels[graph.indices]
    weights = graph.data * together / len(runs)
    agreement = scipy.sparse.csr_matrix((weights, graph.indices, graph.indptr), graph.shape)
    agreement = agreement.copy()  # the index arrays are those of `graph`
    agreement.eliminate_zeros()
    return find_communities(agreement, resolution, within=within)


def in_parallel(work: Callable[[int], Labels], n: int) -> list[Labels]:
    """`work(0)` to `work(n - 1)` on all cores; each gives the same on any number of them."""
    _compiled()  # once, before threads ask for it
    with ThreadPoolExecutor(min(n, os.cpu_count() or 1) or 1) as pool:
        return list(pool.map(work, range(n)))


def find_communities(
    graph: csr_matrix,
    resolution: float,
    *,
    order: Rows | None = None,
    within: Labels | None = None,
    start: Labels | None = None,
) -> Labels:
    """Divide a graph into communities by raising modularity; see the module.

    `order` is that in which articles are moved first (by default their own); for the rest see
    `find_consensus`. Gives numbers from 0 by first row, shape (n,), int32.
    """
    n = graph.shape[0]
    order = np.arange(n) if order is None else order
    bounds = np.zeros(n, dtype=np.int64) if within is None else within.astype(np.int64)
    labels = np.arange(n, dtype=np.int64) if start is None else _alone_where_none(start)
    if start is not None:  # a group that crosses bounds is cut
        labels = _renumbered(labels * (bounds.max(initial=0) + 1) + bounds)
    member = np.arange(n)
    current, current_bounds = graph, bounds
    while True:
        _move(current, resolution, order, current_bounds, labels)
        labels = _renumbered(labels)
        member = labels[member]
        if labels.max(initial=-1) + 1 == current.shape[0]:
            break
        bounds_of = np.zeros(int(labels.max()) + 1, dtype=np.int64)
        bounds_of[labels] = current_bounds
        current, current_bounds = weights_between(current, labels), bounds_of
        labels = order = np.arange(current.shape[0])
        labels = labels.copy()
    _move(graph, resolution, np.arange(n), bounds, member)
    return _by_first_row(member)


def weights_between(graph: csr_matrix, labels: npt.NDArray[Any]) -> csr_matrix:
    """Summed weights between groups 0 … k - 1 of `labels`, shape (k, k); within on the diagonal."""
    import scipy.sparse

    n, k = len(labels), int(labels.max(initial=-1)) + 1
    groups = scipy.sparse.csr_matrix((np.ones(n), (np.arange(n), labels)), (n, k))
    return (groups.T @ graph @ groups).tocsr()


def merge_communities(graph: csr_matrix, labels: Labels, resolution: float) -> Labels:
    """Join whole communities, the best pair first, as long as modularity rises.

    Returns
    -------
    ndarray of shape (n,), int32
        Groups of the communities of `labels`, numbered from 0 by first row.
    """
    weights = weights_between(graph, labels).toarray()
    owner = np.arange(len(weights))
    total = weights.sum() or 1.0
    while True:
        volume = weights.sum(axis=1)
        gain = weights / total - resolution * np.outer(volume, volume) / total**2
        gain[(weights == 0) | np.tri(len(weights), dtype=bool)] = -np.inf
        best = int(np.argmax(gain)) if gain.size else 0
        if not gain.size or gain.flat[best] <= 0:
            break
        keep, gone = divmod(best, len(weights))
        weights[keep] += weights[gone]
        weights[:, keep] += weights[:, gone]
        weights = np.delete(np.delete(weights, gone, axis=0), gone, axis=1)
        owner = np.where(owner == gone, keep, owner - (owner > gone))
    return _by_first_row(owner[labels])


def absorb_small(graph: csr_matrix, labels: Labels, least: int, within: Labels) -> Labels:
    """Let communities of fewer than `least` articles join the one that they are tied to most.

    They stay inside the same group of `within`. One that is tied to nothing there stays small.
    """
    owner = np.arange(int(labels.max(initial=-1)) + 1)
    sizes = np.bincount(labels, minlength=len(owner))
    bounds = np.zeros(len(owner), dtype=np.int64)
    bounds[labels] = within
    ties = weights_between(graph, labels)
    for small in np.argsort(sizes, kind="stable"):
        if sizes[small] >= least:
            continue
        row = ties[np.flatnonzero(owner == small)].tocoo()  # with those that have joined it
        tied = np.bincount(owner[row.col], row.data, minlength=len(owner))
        tied[bounds != bounds[small]] = tied[small] = 0
        target = int(np.argmax(tied))
        if tied[target] > 0:
            owner[owner == small] = target
            sizes[target] += sizes[small]
    return _by_first_row(owner[labels])


def _alone_where_none(start: Labels) -> Rows:
    alone = start < 0
    labels = start.astype(np.int64)
    labels[alone] = int(start.max(initial=-1)) + 1 + np.arange(int(alone.sum()))
    return _renumbered(labels)


def _renumbered(labels: Rows) -> Rows:
    return np.unique(labels, return_inverse=True)[1].ravel().astype(np.int64)


def _by_first_row(labels: npt.NDArray[Any]) -> Labels:
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int32)
    rank[np.argsort(first)] = np.arange(len(first), dtype=np.int32)
    numbered: Labels = rank[inverse.ravel()]
    return numbered


def _move(graph: csr_matrix, resolution: float, order: Rows, bounds: Rows, labels: Rows) -> None:
    """Move nodes to the community that gains most, until hardly any moves; in place."""
    volume = np.asarray(graph.sum(axis=1), dtype=np.float64).ravel()
    _compiled()(
        # Without a copy: threads share one graph.
        graph.indptr.astype(np.int32, copy=False),
        graph.indices.astype(np.int32, copy=False),
        graph.data.astype(np.float64, copy=False),
        volume,
        resolution / (volume.sum() or 1.0),
        order.astype(np.int64),
        bounds,
        labels,
    )


@lru_cache(maxsize=1)
def _compiled() -> Callable[..., None]:
    """`_move_nodes` as machine code; compiled where it is used, as numba is slow to import."""
    import numba

    compiled: Callable[..., None] = numba.njit(nogil=True, cache=True)(_move_nodes)
    return compiled


def _move_nodes(
    indptr: Rows,
    indices: Rows,
    weights: npt.NDArray[np.float64],
    volume: npt.NDArray[np.float64],
    scale: float,
    order: Rows,
    bounds: Rows,
    labels: Rows,
) -> None:
    # Only nodes whose neighbours have moved are looked at again (V. A. Traag et al., 2019).
    n = len(volume)
    in_label = np.zeros(n)
    for i in range(n):
        in_label[labels[i]] += volume[i]
    tie = np.zeros(n)
    touched = np.empty(n, dtype=np.int64)
    queue = order.copy()
    waits = np.ones(n, dtype=np.bool_)
    head, n_waiting, n_left = 0, n, n * _MAX_SWEEPS
    while n_waiting > 0 and n_left > 0:
        i = queue[head]
        head = (head + 1) % n
        n_waiting -= 1
        n_left -= 1
        waits[i] = False
        own, n_touched = labels[i], 0
        for p in range(indptr[i], indptr[i + 1]):
            j = indices[p]
            if j == i or bounds[j] != bounds[i]:
                continue
            if tie[labels[j]] == 0.0:
                touched[n_touched] = labels[j]
                n_touched += 1
            tie[labels[j]] += weights[p]
        in_label[own] -= volume[i]
        best, gain = own, tie[own] - scale * volume[i] * in_label[own]
        for t in range(n_touched):
            label = touched[t]
            found = tie[label] - scale * volume[i] * in_label[label]
            if found > gain + _TIE:
                best, gain = label, found
            tie[label] = 0.0
        in_label[best] += volume[i]
        if best == own:
            continue
        labels[i] = best
        for p in range(indptr[i], indptr[i + 1]):
            j = indices[p]
            if labels[j] != best and not waits[j]:
                queue[(head + n_waiting) % n] = j
                n_waiting += 1
                waits[j] = True
