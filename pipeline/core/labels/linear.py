"""Multinomial logistic regression as plain numbers, and the temperature that makes it honest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_N_FOLDS = 5
_MAX_ITERATIONS = 1000

#: Temperatures looked at, as natural logarithms: 1/20 to 20.
_LOG_TEMPERATURES = (-3.0, 3.0)
#: Where they lie with labels enough to tell (0.6), and how many rows this belief is worth: with a
#: dozen rows, three wrong ones would otherwise make every answer uncertain.
_USUAL_LOG_TEMPERATURE = -0.5
_PRIOR_ROWS = 5.0

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """One row of weights for each class: `coefficients` (k, f), `intercepts` (k,), float32."""

    classes: tuple[str, ...]
    coefficients: FloatMatrix
    intercepts: npt.NDArray[np.float32]

    def logits(self, features: csr_array) -> Numbers:
        """Shape (n, k), float64; each row depends on its own features alone."""
        return np.asarray(
            features @ self.coefficients.T.astype(np.float64) + self.intercepts.astype(np.float64)
        )

    def best(self, features: csr_array) -> list[str]:
        """Most probable class of each row."""
        return [self.classes[i] for i in self.logits(features).argmax(axis=1)]


def fit_linear(
    features: csr_array, themes: Sequence[str], weights: Numbers, *, regularization: float
) -> Linear:
    """Fit weights; rows in the same order give the same bytes.

    One class gives weights of zero: it is the answer to everything. Two classes get one row each,
    like any other number.
    """
    classes = tuple(sorted(set(themes)))
    if len(classes) == 1:
        zeros = np.zeros((1, features.shape[1]), dtype=np.float32)
        return Linear(classes, zeros, np.zeros(1, dtype=np.float32))

    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=regularization, max_iter=_MAX_ITERATIONS)
    code = {theme: i for i, theme in enumerate(classes)}
    codes = np.array([code[theme] for theme in themes])
    with one_thread():
        model.fit(features, codes, sample_weight=weights)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(coefficients) < len(classes):
        # One row of weights, for the second class: split in halves it means the same.
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercepts = np.concatenate([-intercepts / 2, intercepts / 2])
    return Linear(classes, coefficients.astype(np.float32), intercepts.astype(np.float32))


def out_of_fold_logits(
    features: csr_array,
    themes: Sequence[str],
    weights: Numbers,
    content_ids: Sequence[str],
    regularization: float,
    *,
    learn: Callable[[npt.NDArray[np.intp]], Linear] | None = None,
    classes: Sequence[str] | None = None,
) -> Numbers:
    """Logits of each row from weights that were fitted without it.

    Folds follow from content ids and spread each theme evenly. Shape (n, k), columns in the order
    of `classes`; -inf where the theme was not in training for that fold, and everywhere in
    a row whose own theme was not.

    Parameters
    ----------
    features, themes, weights, content_ids
        One row each, n in all.
    regularization : float
        As in `fit_linear`.
    learn : callable, optional
        Given the rows of a fold, fits weights without them; by default `fit_linear` on all other
        rows.
    classes : sequence of str, optional
        All that `learn` may answer; by default the sorted themes.
    """
    classes = list(classes or sorted(set(themes)))
    folds = _folds(themes, content_ids)
    logits = np.full((len(themes), len(classes)), -np.inf)
    for fold in range(_N_FOLDS):
        inside, outside = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if not len(inside) or not len(outside):
            continue
        linear = (
            learn(inside)
            if learn
            else fit_linear(
                features[outside],
                [themes[i] for i in outside.tolist()],
                weights[outside],
                regularization=regularization,
            )
        )
        columns = [classes.index(theme) for theme in linear.classes]
        known = inside[[themes[i] in linear.classes for i in inside.tolist()]]
        if len(known):
            logits[known[:, None], columns] = linear.logits(features[known])
    return logits


def fit_temperature(
    logits: Numbers, themes: Sequence[str], classes: Sequence[str], weights: Numbers
) -> float:
    """Find what to divide logits by so that probabilities match how often they are right.

    Minimises the weighted log loss over rows that have logits. Targets are smoothed as in Platt
    (1999), to (n + 1) / (n + 2), without which separable themes would get a temperature near 0,
    and few rows are outweighed by the usual temperature.
    1 where fewer than two rows or fewer than two classes have logits.
    """
    from scipy.optimize import minimize_scalar

    rows = np.flatnonzero(np.isfinite(logits).any(axis=1))
    if min(len(rows), len(classes)) <= 1:
        return 1.0
    finite = np.isfinite(logits[rows])
    known = np.where(finite, logits[rows], -1e9)
    true = np.array([classes.index(themes[i]) for i in rows.tolist()])
    smooth = 1.0 / (len(rows) + 2)
    others = np.maximum(finite.sum(axis=1, keepdims=True) - 1, 1)
    targets = np.where(finite, smooth / others, 0.0)
    targets[np.arange(len(rows)), true] = 1.0 - smooth

    def loss(log_temperature: float) -> float:
        scaled = known / np.exp(log_temperature)
        log_p = scaled - _log_sum_exp(scaled)
        losses = -np.where(finite, targets * log_p, 0.0).sum(axis=1)
        prior = _PRIOR_ROWS / len(rows) * (log_temperature - _USUAL_LOG_TEMPERATURE) ** 2
        return float(np.average(losses, weights=weights[rows])) + prior

    best = minimize_scalar(loss, bounds=_LOG_TEMPERATURES, method="bounded")
    return float(np.exp(best.x))


def probabilities_of(logits: Numbers) -> Numbers:
    """Softmax of each row."""
    return np.asarray(np.exp(logits - _log_sum_exp(logits)))


def _log_sum_exp(logits: Numbers) -> Numbers:
    highest = logits.max(axis=1, keepdims=True)
    return np.asarray(highest + np.log(np.exp(logits - highest).sum(axis=1, keepdims=True)))


def _folds(themes: Sequence[str], content_ids: Sequence[str]) -> npt.NDArray[np.int64]:
    """Fold of each row: the members of a theme take turns, in the order of their hashes.

    Themes start at different folds, so that small ones do not all meet in the first.
    """
    hashed = [hashlib.sha256(f"fold {c}".encode()).hexdigest() for c in content_ids]
    folds = np.zeros(len(themes), dtype=np.int64)
    taken = Counter({theme: i for i, theme in enumerate(sorted(set(themes)))})
    for row in sorted(range(len(themes)), key=hashed.__getitem__):
        folds[row] = taken[themes[row]] % _N_FOLDS
        taken[themes[row]] += 1
    return folds
