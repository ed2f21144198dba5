"""Articles that lie in clear groups, and small graphs, for the tests of clustering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from hypothesis import strategies as st
from scipy.sparse import csr_matrix

from pipeline.core.clustering.points import unit_rows
from pipeline.records import FloatMatrix

TOPICS = ("harbour ferries cranes", "orchard apples frost", "violin orchestra concert")

Edge = tuple[int, int, float]


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


def graph_of(n: int, edges: Iterable[Edge]) -> csr_matrix:
    """Symmetric graph; of edges named twice the last counts, and none leads to itself."""
    weights = np.zeros((n, n))
    for a, b, weight in edges:
        if a != b:
            weights[a, b] = weights[b, a] = weight
    return csr_matrix(weights)


def clique(first: int, end: int, weight: float = 1.0) -> list[Edge]:
    return [(a, b, weight) for a in range(first, end) for b in range(first, a)]


def blocks(sizes: Sequence[int], inside: float, outside: float, seed: int = 0) -> csr_matrix:
    """Random graph in which nodes of one block are linked with the chance `inside`."""
    rng = np.random.default_rng(seed)
    block = block_of(sizes)
    chance = np.where(block[:, None] == block, inside, outside)
    linked = np.triu(rng.random(chance.shape) < chance, 1)
    weights = np.where(linked, rng.uniform(0.2, 1, chance.shape), 0)
    return csr_matrix(weights + weights.T)


def block_of(sizes: Sequence[int]) -> npt.NDArray[np.int32]:
    return np.repeat(np.arange(len(sizes)), sizes).astype(np.int32)


@st.composite
def graphs(draw: st.DrawFn, max_nodes: int = 16) -> csr_matrix:
    n = draw(st.integers(1, max_nodes))
    node = st.integers(0, n - 1)
    weight = st.sampled_from([0.1, 0.5, 1.0, 3.0])
    return graph_of(n, draw(st.lists(st.tuples(node, node, weight), max_size=50)))


def labels_for(graph: csr_matrix, most: int = 4) -> st.SearchStrategy[npt.NDArray[np.int32]]:
    """Groups of the graph's nodes, any numbers from 0 to `most`."""
    n = graph.shape[0]
    numbers = st.lists(st.integers(0, most), min_size=n, max_size=n)
    return numbers.map(lambda values: np.array(values, dtype=np.int32))


def modularity(graph: csr_matrix, labels: npt.ArrayLike, resolution: float = 1.0) -> float:
    """As the definition has it, summed over all pairs of nodes."""
    weights, labels = graph.toarray(), np.asarray(labels)
    total = weights.sum()
    if total == 0:
        return 0.0
    volume = weights.sum(axis=1)
    surplus = weights / total - resolution * np.outer(volume, volume) / total**2
    return float(surplus[labels[:, None] == labels].sum())


def partition(labels: npt.ArrayLike) -> set[frozenset[int]]:
    """Groups as sets of rows, whatever their numbers."""
    labels = np.asarray(labels)
    return {frozenset(np.flatnonzero(labels == x).tolist()) for x in np.unique(labels)}


def is_nested(finer: npt.ArrayLike, coarser: npt.ArrayLike) -> bool:
    """Whether every group of `finer` lies in one group of `coarser`."""
    pairs = set(zip(np.asarray(finer).tolist(), np.asarray(coarser).tolist(), strict=True))
    return len(pairs) == len({fine for fine, _ in pairs})


def is_by_first_row(labels: npt.ArrayLike) -> bool:
    """Whether groups are numbered from 0 in the order in which they come first."""
    seen = list(dict.fromkeys(np.asarray(labels).tolist()))
    return seen == list(range(len(seen)))
