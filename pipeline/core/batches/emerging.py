"""Unknown articles → groups that may be emerging themes.

Themes are looser than stories and tighter than a corpus. The direction of the mean of training is
taken out of the vectors: what all news of this corpus have in common (a war, say) would otherwise
tie everything to everything, and one threshold could not serve two corpora. Groups are joined by
average linkage, so that a chain of likenesses does not tie two themes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.records import FloatMatrix

#: Articles that are compared with each other at once: a matrix of 64 MB.
MAX_TOGETHER = 4000
#: Least mean cosine, relative to training, of two groups that are joined. Measured on labelled
#: news with themes held out of training: benchmarks/emerging.py.
_JOIN = 0.2
#: Cosine of two articles of which one is known to be a near copy.
_COPY = 0.95
#: Distinct articles that a theme takes, and the sources or days that they take.
MIN_ARTICLES, MIN_INDEPENDENT = 3, 2
#: Coarser than the last digits that a product of matrices may differ in.
_DIGITS = 5
_NO_LENGTH = 1e-6

NONE = -1
Labels = npt.NDArray[np.int32]


def relative_to(vectors: FloatMatrix, references: FloatMatrix) -> FloatMatrix:
    """Vectors without the direction of the references' mean, as unit rows; (n, d), float32.

    The direction is taken out rather than the mean taken off: less the mean, articles that have
    nothing in common with training, nor with each other, would share its opposite. A row along
    that direction becomes 0 and is like nothing.
    """
    mean = references.sum(axis=0, dtype=np.float64)
    length = float(np.linalg.norm(mean))
    direction = mean / length if length > _NO_LENGTH else np.zeros(vectors.shape[1])
    moved = vectors.astype(np.float64)
    moved -= np.outer(moved @ direction, direction)
    lengths = np.linalg.norm(moved, axis=1, keepdims=True)
    unit = np.divide(moved, lengths, out=np.zeros_like(moved), where=lengths > _NO_LENGTH)
    single: FloatMatrix = unit.astype(np.float32)
    return single


def group_alike(vectors: FloatMatrix, references: FloatMatrix, *, join: float = _JOIN) -> Labels:
    """Group articles by what they are about.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Unit rows, n at most `MAX_TOGETHER`, in an order that does not depend on files.
    references : ndarray of shape (r, d), float32
        Vectors of training.
    join : float
        Least mean cosine of two groups that are joined, in [-1, 1].

    Returns
    -------
    ndarray of shape (n,), int32
        Groups from 0 in the order of their first rows; `NONE` where fewer than `MIN_ARTICLES`
        belong together.
    """
    if len(vectors) < MIN_ARTICLES:
        return np.full(len(vectors), NONE, dtype=np.int32)
    from scipy.cluster.hierarchy import fcluster, linkage

    with one_thread():
        apart = _distances(relative_to(vectors, references))
        found = fcluster(linkage(apart, "average"), 1 - join, "distance")
    return _numbered(found)


def _distances(unit: FloatMatrix) -> npt.NDArray[np.float64]:
    """Distance of each pair of rows, as `linkage` takes them; nothing else of that size is held."""
    n = len(unit)
    apart = np.empty(n * (n - 1) // 2)
    start = 0
    for row in range(n - 1):
        end = start + n - 1 - row
        apart[start:end] = np.round(np.clip(1 - unit[row + 1 :] @ unit[row], 0, 2), _DIGITS)
        start = end
    return apart


def first_of_copies(vectors: FloatMatrix, suspects: Sequence[bool]) -> list[int]:
    """Rows that are no near copy of another one, ascending.

    `suspects` marks rows that an earlier batch held in nearly the same words. Of a suspect and
    what it nearly equals the other one stays, of two suspects the first.
    """
    stay = np.ones(len(vectors), dtype=bool)
    with one_thread():
        for row in np.flatnonzero(np.array(suspects, dtype=bool)):
            alike = np.round(vectors @ vectors[row], _DIGITS) >= _COPY
            alike[row] = False
            stay[row] = not (alike & stay).any()
    return np.flatnonzero(stay).tolist()


def typical_first(
    vectors: FloatMatrix, references: FloatMatrix, rows: Sequence[int]
) -> tuple[list[int], list[float]]:
    """Order rows of one group by closeness to its centre, and give the closeness of each."""
    with one_thread():
        unit = relative_to(vectors[list(rows)], references).astype(np.float64)
        fits = np.round(unit @ unit.mean(axis=0), _DIGITS)
    order = sorted(range(len(rows)), key=lambda i: (-fits[i], rows[i]))
    return [rows[i] for i in order], [float(fits[i]) for i in order]


def tightness_of(vectors: FloatMatrix, references: FloatMatrix, rows: Sequence[int]) -> float:
    """Mean cosine of all pairs of a group of two or more, relative to training; 0 to 1."""
    with one_thread():
        unit = relative_to(vectors[list(rows)], references).astype(np.float64)
        total, own = unit.sum(axis=0), float((unit * unit).sum())
        pairs = len(rows) * (len(rows) - 1)
        return round(max(0.0, (float(total @ total) - own) / pairs), _DIGITS)


def _numbered(found: npt.NDArray[np.int32]) -> Labels:
    _, first, inverse, sizes = np.unique(
        found, return_index=True, return_inverse=True, return_counts=True
    )
    labels = np.full(len(first), NONE, dtype=np.int32)
    number = 0
    for group in np.argsort(first):
        if sizes[group] >= MIN_ARTICLES:
            labels[group] = number
            number += 1
    numbered: Labels = labels[inverse.ravel()]
    return numbered
