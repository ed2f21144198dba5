"""A few labels → what the articles around them are, through a graph of neighbours.

People label a handful of articles, and the corpus holds thousands. Labels flow along the edges of
a graph of similar articles; where they arrive without rivals, the article is one more to learn
from. That is worth more than any tuning of the learner while labels are few (benchmarks/labels.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: Neighbours of each article, the share of words beside vectors in how near they are,
_N_NEIGHBORS = 20
_LEXICAL_SHARE = 0.3
#: how much of what an article has comes from its neighbours, and the steps that labels go.
_FLOW = 0.8
_N_STEPS = 40
#: What is reached less than the best quarter of the unlabelled articles counts less in proportion:
#: articles of themes that nobody labelled lie off the stream.
_WELL_REACHED = 0.75
#: Weight of an article that labels reach without any rival; a label from a person weighs 1 or more.
MOST_WEIGHT = 0.3
#: Rows of similarities held at a time.
_BLOCK = 512

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What labels say of each row: `themes`, and `weights` (n,), float64, 0 to `MOST_WEIGHT`.

    None and 0 for a row that no label reached; a labelled row keeps its theme, with weight 0.
    """

    themes: tuple[str | None, ...]
    weights: Numbers


def neighbor_graph(vectors: FloatMatrix, words: csr_array) -> csr_array:
    """Join each article with those that are most like it.

    Parameters
    ----------
    vectors : FloatMatrix
        Shape (n, d), rows of length 1.
    words : csr_array
        Shape (n, t): TF-IDF rows of length 1, or all zero.

    Returns
    -------
    csr_array
        Shape (n, n), float64, symmetric, no row of which is its own neighbour: squared similarity
        over the square root of both rows' sums. Needs memory for 512 x n similarities at a time
        and n x n x d multiplications.
    """
    from scipy.sparse import csr_array, diags_array

    n = len(vectors)
    k = min(_N_NEIGHBORS, n - 1)
    if k < 1:
        return csr_array((n, n), dtype=np.float64)
    with one_thread():
        nearest, similarity = _nearest(vectors.astype(np.float32), words, k)
    ends = np.arange(n + 1, dtype=np.int64) * k
    one_way = csr_array((similarity.ravel() ** 2, nearest.ravel(), ends), shape=(n, n))
    both = one_way.maximum(one_way.T).tocsr()
    sums = np.asarray(both.sum(axis=1), dtype=np.float64)
    scale = diags_array(1.0 / np.sqrt(np.where(sums > 0, sums, 1.0)))
    return (scale @ both @ scale).tocsr()


def _nearest(
    vectors: FloatMatrix, words: csr_array, k: int
) -> tuple[npt.NDArray[np.int64], Numbers]:
    n = len(vectors)
    nearest = np.empty((n, k), dtype=np.int64)
    values = np.empty((n, k))
    columns = words.T.tocsr()
    for start in range(0, n, _BLOCK):
        rows = slice(start, min(n, start + _BLOCK))
        near = (1 - _LEXICAL_SHARE) * (vectors[rows] @ vectors.T).astype(np.float64)
        near += _LEXICAL_SHARE * (words[rows] @ columns).toarray()
        near[np.arange(rows.stop - start), np.arange(start, rows.stop)] = -np.inf
        found = np.sort(np.argpartition(-near, k - 1, axis=1)[:, :k], axis=1)
        nearest[rows] = found
        values[rows] = np.maximum(np.take_along_axis(near, found, axis=1), 0.0)
    return nearest, values


def spread_labels(graph: csr_array, themes: Sequence[str | None], weights: npt.ArrayLike) -> Spread:
    """Guess the themes of unlabelled rows from the labelled ones around them.

    Every theme sends out the same amount in all, however many labels it has, and what arrives is
    counted by theme as a share of what the theme sent anywhere: so a theme whose labels lie in a
    dense place does not swallow the others.

    Parameters
    ----------
    graph : csr_array
        From `neighbor_graph`, shape (n, n).
    themes : sequence of str or None
        Length n; None where nothing is known.
    weights : array-like of float
        Length n: how much each label counts beside others of its theme, at least 0; what is given
        for unlabelled rows does not matter.

    Returns
    -------
    Spread
        A row's weight is `MOST_WEIGHT` x (share of its best theme - share of the next one), less
        where little arrives at all.

    References
    ----------
    Zhou et al., "Learning with Local and Global Consistency", NIPS 2003 (the flow).
    Zhu, Ghahramani and Lafferty, "Semi-Supervised Learning Using Gaussian Fields and Harmonic
    Functions", ICML 2003 (class mass normalisation).
    """
    classes = sorted({theme for theme in themes if theme is not None})
    if len(classes) < 2:
        return Spread(tuple(themes), np.zeros(len(themes)))
    code = {theme: i for i, theme in enumerate(classes)}
    labelled = np.flatnonzero([theme is not None for theme in themes])
    given = np.asarray(weights, dtype=np.float64)
    start = np.zeros((len(themes), len(classes)))
    for row in labelled.tolist():
        start[row, code[str(themes[row])]] = given[row]
    start /= np.maximum(start.sum(axis=0), 1e-300)
    flow = start
    with one_thread():
        for _ in range(_N_STEPS):
            flow = _FLOW * (graph @ flow) + (1 - _FLOW) * start
    flow /= np.maximum(flow.sum(axis=0), 1e-300)
    sums = flow.sum(axis=1)
    shares = flow / np.where(sums > 0, sums, 1.0)[:, None]
    order = np.sort(shares, axis=1)
    strength = MOST_WEIGHT * (order[:, -1] - order[:, -2]) * _reach(sums, labelled)
    best = shares.argmax(axis=1)
    reached = (sums > 0).tolist()
    guessed = (
        theme if theme is not None else classes[best[row]] if reached[row] else None
        for row, theme in enumerate(themes)
    )
    return Spread(tuple(guessed), strength)


def _reach(sums: Numbers, labelled: npt.NDArray[np.intp]) -> Numbers:
    """How well labels reach each row, 0 to 1; 0 for labelled rows, which need no guess."""
    unlabelled = np.ones(len(sums), dtype=bool)
    unlabelled[labelled] = False
    if not unlabelled.any():
        return np.zeros(len(sums))
    well = max(float(np.quantile(sums[unlabelled], _WELL_REACHED)), 1e-300)
    return np.where(unlabelled, np.minimum(1.0, sums / well), 0.0)
