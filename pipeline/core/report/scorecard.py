"""The scores of a run, put side by side so that they can be judged."""

from __future__ import annotations

import math
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.labels.evaluation import calibration_inputs
from pipeline.core.labels.scores import CalibrationBin, calibration_bins, confusion_counts
from pipeline.core.report.headlines import shorten
from pipeline.records import UNKNOWN, HoldoutRow

#: A confusion matrix of more classes cannot be read; the commonest mix-ups are listed instead.
MAX_CLASSES = 24
#: Mix-ups that are listed.
N_MISTAKES = 12

_BASELINES = (
    ("baseline_embedding_macro_f1", "meaning only (vectors)"),
    ("baseline_tfidf_macro_f1", "words only (TF-IDF)"),
    ("baseline_majority_macro_f1", "always the largest theme"),
)
_FIGURES = (
    ("minus_tfidf", "Gain over words only", "macro-F1 of this model less that of TF-IDF"),
    (
        "accuracy",
        "Accuracy",
        "share of held-out articles labelled rightly, unknown included",
    ),
    ("coverage", "Coverage", "share that gets a theme; the rest is left unknown"),
    ("accuracy_answered", "Accuracy when it answers", "of those that get a theme"),
    (
        "unknown_recall",
        "Unknown found",
        "share of articles of no theme that are left unknown",
    ),
    (
        "ece",
        "Calibration error",
        "mean gap between stated probability and truth; 0 is best",
    ),
    (
        "ece_if_calibrated",
        "Calibration error by chance",
        "what exact probabilities would show on so few articles",
    ),
)
_AGREEMENT = (
    (
        "themes_ami",
        "AMI",
        "adjusted mutual information; 0 by chance, 1 for the same grouping",
    ),
    ("themes_ari", "ARI", "adjusted Rand index; 0 by chance, 1 for the same grouping"),
    ("themes_fmi", "FMI", "Fowlkes–Mallows index of pairs, 0 to 1"),
    ("themes_v", "V", "homogeneity and completeness, 0 to 1; more and smaller themes raise it"),
    ("themes_b3_f1", "B-cubed F1", "by each article's own theme, 0 to 1"),
)

#: How often articles of each true class were given each class.
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Contender:
    """One way of labelling and its macro-F1, with the 95 % interval where there is one."""

    name: str
    macro_f1: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One number, what it is called and what it means."""

    name: str
    value: float
    meaning: str


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """Scores of one theme on the hold-out, None where they are not measured.

    `found_f1` judges the articles that the run itself put into the theme.
    """

    name: str
    n: int | None
    precision: float | None
    recall: float | None
    f1: float | None
    found_f1: float | None


@dataclass(frozen=True, slots=True)
class Cell:
    """`n` articles; `depth` 0 to 4 is the shade, by the share of the row."""

    n: int
    depth: int
    is_right: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """True classes as rows and given classes as columns, in the same order.

    `numbers` are those that themes have on the page; a letter for a label that is no theme there,
    `?` for `unknown`.
    """

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """`n` articles of `true` that were given `given`."""

    true: str
    given: str
    n: int


@dataclass(frozen=True, slots=True)
class Scorecard:
    """What is known of quality. Empty parts were not measured."""

    contenders: tuple[Contender, ...]
    figures: tuple[Figure, ...]
    agreement: tuple[Figure, ...]
    themes: tuple[ThemeScore, ...]
    matrix: Matrix | None
    mistakes: tuple[Mistake, ...]
    reliability: tuple[CalibrationBin, ...]

    @property
    def is_measured(self) -> bool:
        """Whether there were labels to measure with."""
        return bool(self.contenders)


def make_scorecard(
    metrics: Mapping[str, Mapping[str, object]],
    names: Mapping[str, str],
    holdout: Sequence[HoldoutRow] = (),
) -> Scorecard:
    """Pick what can be shown out of the numbers of all stages.

    Parameters
    ----------
    metrics : Mapping
        Stage → its flat numbers. Numbers that are absent, null or not finite are passed over.
    names : Mapping
        Theme id → name, in the order in which themes are read.
    holdout : Sequence
        Answers on the hold-out; none gives neither a matrix nor reliability.
    """
    numbers = _numbers(metrics.get("evaluate", {}))
    counts = confusion_counts([row.actual for row in holdout], [row.predicted for row in holdout])
    return Scorecard(
        contenders=_contenders(numbers),
        figures=_pick(_FIGURES, numbers),
        agreement=_pick(_AGREEMENT, numbers),
        themes=_theme_scores(numbers, names),
        matrix=_matrix(counts, names),
        mistakes=_mistakes(counts, names),
        reliability=tuple(calibration_bins(*calibration_inputs(holdout))),
    )


def _numbers(values: Mapping[str, object]) -> dict[str, float]:
    return {
        name: float(value)
        for name, value in values.items()
        if isinstance(value, int | float) and math.isfinite(value)
    }


def _pick(
    wanted: tuple[tuple[str, str, str], ...], numbers: Mapping[str, float]
) -> tuple[Figure, ...]:
    return tuple(
        Figure(name, numbers[key], meaning) for key, name, meaning in wanted if key in numbers
    )


def _contenders(numbers: Mapping[str, float]) -> tuple[Contender, ...]:
    if "macro_f1" not in numbers:
        return ()
    return tuple(
        Contender(name, numbers[key], numbers.get(f"{key}_low"), numbers.get(f"{key}_high"))
        for key, name in (("macro_f1", "this model"), *_BASELINES)
        if key in numbers
    )


def _theme_scores(numbers: Mapping[str, float], names: Mapping[str, str]) -> tuple[ThemeScore, ...]:
    prefixes = ("f1.", "themes_f1.")
    measured = {k.removeprefix(p) for p in prefixes for k in numbers if k.startswith(p)}
    scores = []
    for theme in _in_order(sorted(measured), names):
        support = numbers.get(f"n.{theme}")
        scores.append(
            ThemeScore(
                name=_name(theme, names),
                n=None if support is None else round(support),
                precision=numbers.get(f"precision.{theme}"),
                recall=numbers.get(f"recall.{theme}"),
                f1=numbers.get(f"f1.{theme}"),
                found_f1=numbers.get(f"themes_f1.{theme}"),
            )
        )
    return tuple(scores)


def _matrix(counts: Counts, names: Mapping[str, str]) -> Matrix | None:
    classes = _in_order(sorted({name for pair in counts for name in pair}), names)
    if not 0 < len(classes) <= MAX_CLASSES:
        return None
    rows = []
    for true in classes:
        total = sum(counts.get((true, given), 0) for given in classes)
        rows.append(
            tuple(
                _cell(counts.get((true, given), 0), total, is_right=true == given)
                for given in classes
            )
        )
    places = {theme: str(i) for i, theme in enumerate(names, start=1)}
    letters = iter(string.ascii_lowercase)
    numbers = tuple("?" if t == UNKNOWN else places.get(t) or next(letters) for t in classes)
    return Matrix(tuple(_name(theme, names) for theme in classes), numbers, tuple(rows))


def _cell(n: int, total: int, *, is_right: bool) -> Cell:
    return Cell(n, math.ceil(4 * n / total) if n else 0, is_right)


def _mistakes(counts: Counts, names: Mapping[str, str]) -> tuple[Mistake, ...]:
    wrong = Counter({pair: n for pair, n in counts.items() if pair[0] != pair[1] and n})
    ordered = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))[:N_MISTAKES]
    return tuple(Mistake(_name(t, names), _name(g, names), n) for (t, g), n in ordered)


def _in_order(themes: list[str], names: Mapping[str, str]) -> list[str]:
    """Order themes as `names` does; others follow by id, and `unknown` comes last."""
    place = {theme: i for i, theme in enumerate(names)}
    return sorted(themes, key=lambda t: (t == UNKNOWN, place.get(t, len(place)), t))


def _name(theme: str, names: Mapping[str, str]) -> str:
    return names.get(theme) or shorten(theme, 60)
