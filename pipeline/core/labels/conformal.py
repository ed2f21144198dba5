"""Statements with a stated error: what share of articles like those in training they fail for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

#: Digits of a threshold: those of the probabilities that are compared with it.
_DIGITS = 4


def share_below(calibration: npt.NDArray[np.float32], scores: Numbers) -> Numbers:
    """Share of the calibration scores that lie below each score.

    Parameters
    ----------
    calibration : array
        Ascending, shape (c,), c at least 1.
    scores : Numbers
        Shape (n,), float64. Compared as float32, like the calibration: equal scores are not below.

    Returns
    -------
    Numbers
        Shape (n,), in [0, 1]. Of c + 1 exchangeable scores each rank is as likely as any other, so
        a new one lies above 1 - a with probability ceil(a c) / (c + 1): at most a + 1 / (c + 1).

    References
    ----------
    Laxhammar and Falkman, "Conformal prediction for distribution-independent anomaly detection",
    2010: one minus their p-value, without its + 1, with which few scores could never tell.
    """
    below = np.searchsorted(calibration, scores.astype(np.float32), side="left")
    return np.asarray(below / len(calibration))


def set_threshold(
    probabilities: Numbers, themes: Sequence[str], classes: Sequence[str], *, coverage: float
) -> float:
    """Probability from which a theme belongs to the set of themes that an article may have.

    Parameters
    ----------
    probabilities : Numbers
        Shape (n, k), of articles that the model had not seen; rows with NaN take no part.
    themes : Sequence[str]
        The right theme of each, among `classes`.
    classes : Sequence[str]
        Columns of `probabilities`, sorted.
    coverage : float
        Share of articles whose set is to hold the right theme, in (0, 1).

    Returns
    -------
    float
        In [0, 1], rounded down to four digits. 0, so that every theme is in every set, where there
        are too few articles to promise so much: fewer than coverage / (1 - coverage).

    References
    ----------
    Sadinle, Lei and Wasserman, "Least ambiguous set-valued classifiers with bounded error levels",
    JASA 2019.
    """
    column = {theme: i for i, theme in enumerate(classes)}
    right = np.array([column[theme] for theme in themes], dtype=np.int64)
    stated = probabilities[np.arange(len(right)), right]
    stated = np.sort(stated[~np.isnan(stated)])
    # Of n + 1 exchangeable articles, this many may have less; the epsilon forgives 0.05 x 20 < 1.
    n_missed = int(np.floor((1.0 - coverage) * (len(stated) + 1) + 1e-9))
    if n_missed < 1:
        return 0.0
    return float(np.floor(stated[n_missed - 1] * 10**_DIGITS) / 10**_DIGITS)


def prediction_sets(probabilities: Numbers, threshold: float) -> Flags:
    """Themes that each article may have: shape (n, k); the most probable one is always among them.

    One theme in a set: sure. Several: for review. `probabilities` are those that are shown, that
    is, rounded; each row depends on itself alone.
    """
    sets = probabilities >= threshold
    sets[np.arange(len(sets)), probabilities.argmax(axis=1)] = True
    return np.asarray(sets)
