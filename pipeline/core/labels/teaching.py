"""Labels, descriptions and unlabelled articles together → weights of the labeller."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.labels.linear import Linear, fit_linear
from pipeline.core.labels.spreading import spread_labels

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: What the words of a catalogued theme count beside one labelled article.
DESCRIPTION_WEIGHT = 2.0

#: A guess of less weight than this teaches nothing; left out, it costs no time either.
_LEAST_WEIGHT = 0.01

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Lessons:
    """All that there is to learn from, n rows in any order.

    `features` (n, f) are the rows themselves and `graph` (n, n) says which are alike
    (`neighbor_graph`). `themes` are ids, None for an unlabelled row; `weights` (n,), float64,
    above 0, count for labelled rows only.
    """

    features: csr_array
    graph: csr_array
    themes: tuple[str | None, ...]
    weights: npt.NDArray[np.float64]

    def learn(self, *, regularization: float, without: Sequence[int] | Rows = ()) -> Linear:
        """Spread the labels to unlabelled rows and fit weights to both.

        A guess counts only where the theme of the nearest mean of labelled rows is the same, and
        the guesses of a theme count together no more than those of the median theme: a large theme
        would otherwise drown a small one.

        Parameters
        ----------
        regularization : float
            C of the logistic regression, above 0.
        without : sequence of int, optional
            Rows whose label is not known and which are not learned from either: what the result
            says of them it has not seen.

        Raises
        ------
        ValueError
            If no row has a label.
        """
        hidden = set(np.asarray(without, dtype=np.intp).tolist())
        themes = [None if row in hidden else theme for row, theme in enumerate(self.themes)]
        labelled = np.array([theme is not None for theme in themes])
        if not labelled.any():
            raise ValueError("labeller: no row has a label to learn from")
        spread = spread_labels(self.graph, themes, self.weights)
        guessed = ~labelled & (spread.weights >= _LEAST_WEIGHT)
        guessed[sorted(hidden)] = False
        rows = np.flatnonzero(guessed)
        nearest = self._nearest_means(rows, themes)
        agreed = [r for r, t in zip(rows.tolist(), nearest, strict=True) if t == spread.themes[r]]
        weights = np.where(labelled, self.weights, 0.0)
        weights[agreed] = _level([str(spread.themes[r]) for r in agreed], spread.weights[agreed])
        used = np.flatnonzero(weights > 0)
        return fit_linear(
            self.features[used],
            [str(spread.themes[row]) for row in used.tolist()],
            weights[used],
            regularization=regularization,
        )

    def _nearest_means(self, rows: Rows, themes: Sequence[str | None]) -> list[str]:
        """Theme whose labelled rows' mean has the greatest cosine with each of `rows`."""
        from scipy.sparse import csr_array

        labelled = [row for row, theme in enumerate(themes) if theme is not None]
        classes = sorted({str(themes[row]) for row in labelled})
        code = {theme: i for i, theme in enumerate(classes)}
        codes = [code[str(themes[row])] for row in labelled]
        shape = (len(classes), len(labelled))
        sums = csr_array((self.weights[labelled], (codes, range(len(labelled)))), shape=shape)
        means = sums @ self.features[labelled]
        lengths = np.sqrt(np.asarray(means.multiply(means).sum(axis=1)))
        with one_thread():
            cosines = (self.features[rows] @ means.T).toarray() / np.maximum(lengths, 1e-300)
        return [classes[i] for i in cosines.argmax(axis=1)]


def _level(themes: Sequence[str], weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Scale down the weights of each theme that together are above the median theme's."""
    totals: defaultdict[str, float] = defaultdict(float)
    for theme, weight in zip(themes, weights.tolist(), strict=True):
        totals[theme] += weight
    most = float(np.median(list(totals.values()))) if totals else 0.0
    shares = np.array([min(1.0, most / totals[theme]) for theme in themes], dtype=np.float64)
    return np.asarray(weights * shares)
