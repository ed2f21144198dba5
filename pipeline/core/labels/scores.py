"""Every number that is reported about answers, and how sure it is.

Everywhere `actual` is what people decided and `predicted` what is scored, each a theme id or
`UNKNOWN`; both have one entry for each item, in the same order. Scores are Python floats, and None
where they are not defined. `*_f1`, `accuracy*`, `coverage` and `*_recall`: higher is better;
`calibration_error` and `brier_loss`: lower is better.

A score of many resamples at once is a `Statistic`: how often each item counts, shape
(n_resamples, n_items), goes in, one value for each resample comes out, NaN where not defined. The
plain score is the statistic of counting every item once, so the two cannot disagree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.records import UNKNOWN

Numbers = npt.NDArray[np.float64]
Statistic = Callable[[Numbers], Numbers]

_N_BINS = 10

#: Numbers held at a time while resampling.
_BLOCK = 10_000_000


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """How well one theme is found; `n` items are of it. Each score in [0, 1]."""

    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """`n` items whose top probability is `probability` on average; `accuracy` of them are right."""

    probability: float
    accuracy: float
    n: int


@dataclass(frozen=True, slots=True)
class Interval:
    """Where 95 % of the resamples lie."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Macro-F1 of one model minus that of another, in [-1, 1], with its paired interval."""

    difference: float
    low: float
    high: float


def macro_f1(actual: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Mean F1 over the themes that occur in `actual`, in [0, 1].

    `UNKNOWN` is no theme: answering it for an item of a theme is a miss, and giving a theme to an
    item that is `UNKNOWN` is a false alarm of that theme. None without an item of a theme.
    """
    return _once(macro_f1_statistic(actual, predicted), len(actual))


def macro_f1_statistic(actual: Sequence[str], predicted: Sequence[str]) -> Statistic:
    """`macro_f1` of resamples; the mean is over the themes that occur in each resample."""
    themes = sorted(set(actual) - {UNKNOWN})
    is_actual = _indicators(actual, themes)
    is_predicted = _indicators(predicted, themes)

    def statistic(counts: Numbers) -> Numbers:
        n_actual = counts @ is_actual
        hits = counts @ (is_actual * is_predicted)
        f1 = 2 * hits / np.maximum(n_actual + counts @ is_predicted, 1)
        return _ratio(np.where(n_actual > 0, f1, 0.0).sum(axis=1), (n_actual > 0).sum(axis=1))

    return statistic


def accuracy(actual: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Share of items answered as people decided, `UNKNOWN` included; None without items."""
    return _once(accuracy_statistic(actual, predicted), len(actual))


def accuracy_statistic(actual: Sequence[str], predicted: Sequence[str]) -> Statistic:
    """`accuracy` of resamples."""
    is_hit = _flags([a == p for a, p in zip(actual, predicted, strict=True)])
    return lambda counts: _ratio(counts @ is_hit, counts.sum(axis=1))


def coverage(predicted: Sequence[str]) -> float | None:
    """Share of items answered with a theme rather than `UNKNOWN`; None without items."""
    return _once(coverage_statistic(predicted), len(predicted))


def coverage_statistic(predicted: Sequence[str]) -> Statistic:
    """`coverage` of resamples."""
    is_answered = _flags([p != UNKNOWN for p in predicted])
    return lambda counts: _ratio(counts @ is_answered, counts.sum(axis=1))


def accuracy_answered(actual: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Share of right ones among the items answered with a theme; None where none was."""
    answered = [(a, p) for a, p in zip(actual, predicted, strict=True) if p != UNKNOWN]
    return accuracy([a for a, _ in answered], [p for _, p in answered])


def unknown_recall(actual: Sequence[str], predicted: Sequence[str]) -> float | None:
    """Share of items that people call `UNKNOWN` for which the answer is `UNKNOWN` too."""
    answers = [p for a, p in zip(actual, predicted, strict=True) if a == UNKNOWN]
    return accuracy([UNKNOWN] * len(answers), answers)


def theme_scores(actual: Sequence[str], predicted: Sequence[str]) -> dict[str, ThemeScore]:
    """Precision, recall and F1 of every theme that occurs on either side, sorted by id.

    Precision is 0 where nothing is predicted, recall is 0 where nothing is to be found.
    """
    counts = confusion_counts(actual, predicted)
    n_actual, n_predicted = Counter(actual), Counter(predicted)
    scores = {}
    for theme in sorted((set(actual) | set(predicted)) - {UNKNOWN}):
        hits = counts.get((theme, theme), 0)
        scores[theme] = ThemeScore(
            precision=hits / max(n_predicted[theme], 1),
            recall=hits / max(n_actual[theme], 1),
            f1=2 * hits / (n_actual[theme] + n_predicted[theme]),
            n=n_actual[theme],
        )
    return scores


def confusion_counts(actual: Sequence[str], predicted: Sequence[str]) -> dict[tuple[str, str], int]:
    """Count items for each (actual, predicted) that occurs, sorted."""
    return dict(sorted(Counter(zip(actual, predicted, strict=True)).items()))


def calibration_error(probabilities: Sequence[float], is_right: Sequence[bool]) -> float | None:
    """Measure the expected calibration error, in [0, 1]; None without items.

    The mean gap between stated top probability and share of right answers, over 10 bins of equal
    mass (equal probabilities share a bin), each weighted by its items.
    """
    return _once(calibration_error_statistic(probabilities, is_right), len(is_right))


def calibration_error_statistic(
    probabilities: Sequence[float], is_right: Sequence[bool]
) -> Statistic:
    """`calibration_error` of resamples, over the bins of the whole sample."""
    stated = np.array(probabilities, dtype=np.float64)
    in_bin = np.eye(_N_BINS)[_bins(stated)]
    surplus = in_bin * (stated - _flags(is_right))[:, None]
    return lambda counts: _ratio(np.abs(counts @ surplus).sum(axis=1), counts.sum(axis=1))


def expected_calibration_error(
    probabilities: Sequence[float], *, n_draws: int, seed: int
) -> float | None:
    """Mean `calibration_error` of a model whose probabilities are exactly right, in [0, 1].

    Chance alone makes the error positive, the more so the fewer the articles: it is what to
    compare with. None without probabilities.
    """
    if not len(probabilities):
        return None
    rng = np.random.default_rng(seed)
    draws = rng.random((n_draws, len(probabilities))) < np.array(probabilities)
    errors = [calibration_error(probabilities, draw.tolist()) for draw in draws]
    return float(np.mean([error for error in errors if error is not None]))


def calibration_bins(
    probabilities: Sequence[float], is_right: Sequence[bool]
) -> list[CalibrationBin]:
    """Fill the bins of `calibration_error`; empty ones are left out. Ascending probability."""
    stated, right = np.array(probabilities, dtype=np.float64), _flags(is_right)
    bins = _bins(stated)
    members = [bins == number for number in range(_N_BINS) if (bins == number).any()]
    return [
        CalibrationBin(float(stated[m].mean()), float(right[m].mean()), int(m.sum()))
        for m in members
    ]


def brier_loss(probabilities: Sequence[float], is_right: Sequence[bool]) -> float | None:
    """Mean squared gap between the top probability and being right, in [0, 1]."""
    if not len(is_right):
        return None
    return float(np.mean((np.array(probabilities) - _flags(is_right)) ** 2))


def bootstrap_interval(
    statistic: Statistic, groups: Sequence[str], *, n_resamples: int, seed: int
) -> Interval | None:
    """Percentile interval of a statistic, drawing whole groups with replacement.

    Parameters
    ----------
    statistic : Statistic
        Of as many items as there are `groups`.
    groups : Sequence[str]
        Items of one group are drawn together; distinct values draw items one by one.
    n_resamples : int
        At least 1. Resamples in which the statistic is not defined are left out.
    seed : int
        The same seed, groups and items give the same interval.

    Returns
    -------
    Interval or None
        2.5 % and 97.5 % points; None where the statistic is defined in no resample.

    References
    ----------
    Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
    """
    if not len(groups):
        return None
    names, group_of = np.unique(np.array(groups), return_inverse=True)
    rng = np.random.default_rng(seed)
    n_block = max(1, _BLOCK // len(groups))
    values = []
    for start in range(0, n_resamples, n_block):
        size = min(n_block, n_resamples - start)
        drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=size)
        values.append(statistic(drawn[:, group_of].astype(np.float64)))
    defined = np.concatenate(values)
    defined = defined[~np.isnan(defined)]
    if not len(defined):
        return None
    low, high = np.percentile(defined, [2.5, 97.5])
    return Interval(float(low), float(high))


def compare_models(
    actual: Sequence[str],
    ours: Sequence[str],
    theirs: Sequence[str],
    *,
    groups: Sequence[str],
    n_resamples: int,
    seed: int,
) -> Comparison | None:
    """Macro-F1 of `ours` minus that of `theirs`, on the same items.

    Both are scored on the same resamples of whole groups, so what is hard for both cancels out.
    Above 0 means that ours is better; swapping the two changes the signs. None without an item of
    a theme.
    """
    first, second = macro_f1_statistic(actual, ours), macro_f1_statistic(actual, theirs)

    def difference(counts: Numbers) -> Numbers:
        return first(counts) - second(counts)

    value = _once(difference, len(actual))
    interval = bootstrap_interval(difference, groups, n_resamples=n_resamples, seed=seed)
    if value is None or interval is None:
        return None
    return Comparison(value, interval.low, interval.high)


def _once(statistic: Statistic, n_items: int) -> float | None:
    value = float(statistic(np.ones((1, n_items)))[0])
    return None if np.isnan(value) else value


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _bins(stated: Numbers) -> npt.NDArray[np.intp]:
    """Bin of each probability; ties always share one, whatever the order of the items."""
    if not len(stated):
        return np.zeros(0, dtype=np.intp)
    edges = np.quantile(stated, np.arange(1, _N_BINS) / _N_BINS)
    return np.searchsorted(edges, stated, side="left")


def _flags(values: Sequence[bool]) -> Numbers:
    return np.array(values, dtype=np.float64)


def _indicators(values: Sequence[str], themes: Sequence[str]) -> Numbers:
    """Shape (n_items, n_themes): 1 where the item is of the theme."""
    column = {theme: i for i, theme in enumerate(themes)}
    table = np.zeros((len(values), len(themes)))
    for row, value in enumerate(values):
        if value in column:
            table[row, column[value]] = 1.0
    return table
