"""Which labels a model that had not seen the article contradicts: probably wrong ones first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread

#: Digits kept: far more than a text's vector changes with the texts that are encoded beside it.
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Suspect:
    """An article whose label is probably wrong.

    `given` is its theme as labelled, `given_probability` what the model gives it; `expected` is
    the theme that the model is confident of instead, `probability` its probability. Both
    probabilities are in [0, 1].
    """

    content_id: str
    given: str
    given_probability: float
    expected: str
    probability: float


def find_suspects(
    probabilities: npt.NDArray[np.float64],
    classes: Sequence[str],
    themes: Sequence[str],
    content_ids: Sequence[str],
) -> tuple[Suspect, ...]:
    """Find labels that are probably wrong, by confident learning; the surest errors come first.

    A model is confident of a theme where it gives it at least the mean probability that articles
    labelled so get for it. A label is suspected where the most probable of those themes is
    another one. They are ranked by how far the square root of the label's probability lies below
    that of the other theme's: between the difference of the two, which is best where people
    confuse similar themes, and the label's probability alone, which is best for random slips.

    Parameters
    ----------
    probabilities : array
        Shape (n, k), float64, columns as `classes`: each row of a model that was fitted without
        it. A row with NaN, or with sum 0, has no opinion: it is never suspected.
    classes : Sequence[str]
        The k themes.
    themes, content_ids : Sequence[str]
        Of n articles: the label, and what names it. Labels that are no class are never suspected,
        and do not count.

    Returns
    -------
    tuple of Suspect
        Equal ranks in the order of content ids; the order of the rows changes nothing.

    References
    ----------
    Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels",
    JAIR 70, 2021: the confident joint, off its diagonal.
    """
    column = {theme: i for i, theme in enumerate(classes)}
    has_opinion = np.isfinite(probabilities).all(axis=1) & (probabilities.sum(axis=1) > 0)
    rows = [i for i, theme in enumerate(themes) if theme in column and has_opinion[i]]
    rows.sort(key=lambda i: content_ids[i])
    if not rows:
        return ()
    known = probabilities[rows].round(_DIGITS)
    given = np.array([column[themes[i]] for i in rows])
    own = known[np.arange(len(rows)), given]
    confident = np.where(known >= _thresholds(known, given), known, -1.0)
    best = confident.argmax(axis=1)
    found = [
        Suspect(
            content_ids[row],
            themes[row],
            float(own[i]),
            classes[int(best[i])],
            float(known[i, best[i]]),
        )
        for i, row in enumerate(rows)
        if confident[i, best[i]] >= 0 and best[i] != given[i]
    ]
    return tuple(sorted(found, key=lambda suspect: (_support(suspect), suspect.content_id)))


def _support(suspect: Suspect) -> float:
    """How much speaks for a label, from -1; the less, the more probably it is wrong."""
    return math.sqrt(suspect.given_probability) - math.sqrt(suspect.probability)


def _thresholds(
    probabilities: npt.NDArray[np.float64], given: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """Mean probability of each class where it is the label; above 1 where it never is."""
    means = np.full(probabilities.shape[1], 2.0)
    with one_thread():
        for column in np.unique(given).tolist():
            means[column] = probabilities[given == column, column].mean()
    return means.round(_DIGITS)
