"""How unlike everything in training an article is, on a scale that training itself sets."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.records import FloatMatrix

#: Neighbours whose mean cosine says how close an article is to training.
_N_NEIGHBOURS = 5

#: Training vectors kept for comparison: enough to cover the themes, small enough to ship.
_MAX_REFERENCES = 2000

#: Rows compared at a time, so that memory does not grow with the batch.
_BLOCK = 1024

Scores = npt.NDArray[np.float64]


def choose_references(content_ids: Sequence[str]) -> list[int]:
    """Rows kept as references: all, or 2,000 chosen by hash of the content id; ascending.

    The choice does not depend on the order of the ids, and a new article displaces at most one.
    """
    hashed = [hashlib.sha256(f"reference {c}".encode()).hexdigest() for c in content_ids]
    return sorted(sorted(range(len(hashed)), key=hashed.__getitem__)[:_MAX_REFERENCES])


def calibrate_novelty(references: FloatMatrix) -> npt.NDArray[np.float32]:
    """How close each reference is to the others: ascending, float32, shape (n,).

    Each reference is scored without itself, as an article is that was not trained on. Fewer than
    two references give none (shape (0,)).
    """
    if len(references) <= 1:
        return np.zeros(0, dtype=np.float32)
    n_neighbours = min(_N_NEIGHBOURS, len(references) - 1)
    scores = []
    for start in range(0, len(references), _BLOCK):
        cosines = _cosines(references[start : start + _BLOCK], references)
        own = np.arange(len(cosines))
        cosines[own, start + own] = -np.inf
        scores.append(_mean_of_largest(cosines, n_neighbours))
    return np.sort(np.concatenate(scores)).astype(np.float32)


def score_novelty(
    vectors: FloatMatrix, references: FloatMatrix, calibration: npt.NDArray[np.float32]
) -> Scores:
    """Share of training articles that are less novel than each article.

    Parameters
    ----------
    vectors : FloatMatrix
        Shape (n, d), float32, rows of length 1.
    references : FloatMatrix
        Shape (r, d), as for `calibrate_novelty`.
    calibration : array
        From `calibrate_novelty`.

    Returns
    -------
    Scores
        Shape (n,), float64 in [0, 1]; of articles like those in training a share x lies above
        1 - x. All 0 where there is nothing to compare with.

    Notes
    -----
    One minus the p-value of conformal anomaly detection (Laxhammar and Falkman, 2010) without its
    +1: with few references the largest values are reached too often, never too seldom.
    """
    if not len(calibration):
        return np.zeros(len(vectors))
    n_neighbours = min(_N_NEIGHBOURS, len(references) - 1)
    scores = [
        _mean_of_largest(_cosines(vectors[start : start + _BLOCK], references), n_neighbours)
        for start in range(0, len(vectors), _BLOCK)
    ]
    closeness = np.concatenate(scores) if scores else np.zeros(0)
    # As float32, like the calibration scores: an equal closeness must compare as equal.
    closer = np.searchsorted(calibration, closeness.astype(np.float32), side="right")
    return 1.0 - closer / len(calibration)


def _cosines(vectors: FloatMatrix, references: FloatMatrix) -> Scores:
    # One thread: sums in another order would change the last digit with the number of cores.
    with one_thread():
        return np.asarray(vectors.astype(np.float64) @ references.astype(np.float64).T)


def _mean_of_largest(cosines: Scores, n: int) -> Scores:
    return np.asarray(np.sort(np.partition(cosines, -n, axis=1)[:, -n:], axis=1).mean(axis=1))
