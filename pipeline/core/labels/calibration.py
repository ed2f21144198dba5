"""From which probability answers are as often right as they should be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def threshold_for_precision(
    probabilities: Sequence[float], is_right: Sequence[bool], *, precision: float
) -> float | None:
    """Find the least top probability above which answers are right as often as asked.

    Parameters
    ----------
    probabilities : Sequence[float]
        Top probability of each article, in [0, 1], by a model that had not seen it.
    is_right : Sequence[bool]
        Whether the most probable theme is the right one, aligned.
    precision : float
        Share of right answers wanted, in (0, 1].

    Returns
    -------
    float or None
        One of `probabilities`: of the articles at or above it, at least `precision` are right, and
        of those at or above any smaller one fewer are. None where no threshold does it.
    """
    if not len(probabilities):
        return None
    stated = np.array(probabilities, dtype=np.float64)
    order = np.argsort(-stated, kind="stable")
    stated, right = stated[order], np.array(is_right, dtype=np.float64)[order]
    share = np.cumsum(right) / np.arange(1, len(right) + 1)
    # Equal probabilities stand or fall together: only the last of each counts.
    is_last = np.append(stated[1:] != stated[:-1], True)
    enough = np.flatnonzero(is_last & (share >= precision))
    return float(stated[enough[-1]]) if len(enough) else None


def coverage_and_precision(
    probabilities: Sequence[float], is_right: Sequence[bool], *, threshold: float
) -> tuple[float, float | None]:
    """Share of articles at or above the threshold, and share of right ones among these.

    The second is None where there are none; both are in [0, 1]. No articles: (0, None).
    """
    answered = np.array(probabilities, dtype=np.float64) >= threshold
    if not answered.any():
        return 0.0, None
    right = np.array(is_right, dtype=bool)
    return float(answered.mean()), float(right[answered].mean())
