"""Choosing a few of many that stand for all: weighted k-means from a start that needs no chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.records import FloatMatrix

_N_ROUNDS = 10
#: Digits of a distance that are compared; the last ones differ between processors.
_DIGITS = 9
Numbers = npt.NDArray[np.float64]


def spread_rows(vectors: FloatMatrix, weights: Numbers, n: int) -> list[int]:
    """Rows that lie apart and stand for the others, those of the heaviest group first.

    Rows are put into `n` groups by k-means, weighted, that starts from rows far from each other;
    of each group the row nearest to its centre is taken. Where groups come out empty, the heaviest
    rows that are left fill up.

    Parameters
    ----------
    vectors : FloatMatrix
        Shape (m, d), float32.
    weights : Numbers
        Shape (m,), positive or 0.
    n : int
        How many rows to choose, 0 or more.

    Returns
    -------
    list of int
        `min(n, m)` distinct rows; equal ones in their order.

    References
    ----------
    Zhdanov, "Diverse mini-batch Active Learning", arXiv:1901.05954, 2019.
    """
    if n <= 0 or n >= len(vectors):
        return list(range(len(vectors)))[: max(n, 0)]
    points, heavy = vectors.astype(np.float64), np.maximum(weights, 1e-9)
    with one_thread():
        centres = points[_far_apart(points, heavy, n)]
        for _ in range(_N_ROUNDS):
            groups = _squared_distances(points, centres).argmin(axis=1)
            centres = _means(points, heavy, groups, centres)
        distances = _squared_distances(points, centres)
    groups = distances.argmin(axis=1)
    chosen = []
    for group in np.unique(groups).tolist():
        members = np.flatnonzero(groups == group)
        nearest = int(members[distances[members, group].argmin()])
        chosen.append((-round(float(heavy[members].sum()), _DIGITS), nearest))
    rows = [row for _, row in sorted(chosen)]
    rest = sorted(set(range(len(points))) - set(rows), key=lambda row: (-heavy[row], row))
    return rows + rest[: n - len(rows)]


def _far_apart(points: Numbers, weights: Numbers, n: int) -> list[int]:
    """Rows to start from: the heaviest, then whichever is heavy and far from those taken."""
    rows = [int(weights.argmax())]
    distances = _squared_distances(points, points[rows])[:, 0]
    while len(rows) < n:
        rows.append(int((distances * weights).argmax()))
        distances = np.minimum(distances, _squared_distances(points, points[rows[-1:]])[:, 0])
    return rows


def _means(
    points: Numbers, weights: Numbers, groups: npt.NDArray[np.intp], centres: Numbers
) -> Numbers:
    """Weighted mean of each group; a group without members keeps its centre."""
    means = centres.copy()
    for group in np.unique(groups).tolist():
        own = groups == group
        means[group] = np.average(points[own], axis=0, weights=weights[own])
    return means


def _squared_distances(points: Numbers, centres: Numbers) -> Numbers:
    squares = (points**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1)
    return np.asarray(np.maximum(squares - 2.0 * (points @ centres.T), 0.0).round(_DIGITS))
