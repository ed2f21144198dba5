"""How far answers can be trusted: calibration, sets of themes, and themes never seen.

    python benchmarks/trust.py tune [set ...]
    python benchmarks/trust.py report [set ...] [--seeds N] [--only known|unseen|said|few]

`known`: a model that has seen all themes answers for new articles of them. Expected calibration
error (10 bins of equal mass) with its 95 % bootstrap interval and what chance alone would give;
how many articles the prediction set holds the right theme of; share answered at the probability
from which 95 % of the training articles' out-of-fold answers are right, and how many of those
answers are right; share of articles that are called `unknown` for their novelty, or at all.

`unseen`: one theme is left out of training at a time; how well a score tells its articles from
those of the others (AUROC, mean over the themes, interval over resampled themes), beside peers:
the way it was before (mean cosine of the 5 nearest), top probability, energy, entropy,
Mahalanobis distance to the nearest theme's mean (one shrunk covariance). `flagged`: share of
known and of unseen articles above the novelty that 5 % of training reaches; `unknown`: share that
gets no theme at all, for whatever reason.

`said`: as `unseen`, for the three largest themes, when people called 0, 10 or 50 articles of the
theme `unknown`.

`few`: `known` at 3, 8, 16 and 64 articles for each theme.

`tune` does all of it on the sets for tuning, in halves drawn by seed, for other values of the one
constant that was chosen there; `report` on sets that nothing was chosen on. AG News and AllSides
are drawn in halves by seed; 20 Newsgroups (by date) and Banking77 have a split of their own; wiki
events are learnt from 2022 and answered for 2023 (themes with 10 articles in 2022). Test articles
with a cosine of 0.95 to one in training are left out, texts are cut at 4,000 characters. Vectors:
see labelled_sets.py.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import numpy.typing as npt

from benchmarks.labelled_sets import ROOT, LabelledSet, datasets_folder, load_set, vectors_of
from pipeline.core.labels import novelty as novelty_module
from pipeline.core.labels.calibration import coverage_and_precision, threshold_for_precision
from pipeline.core.labels.classifier import Answer, predict
from pipeline.core.labels.conformal import prediction_sets
from pipeline.core.labels.features import join_features
from pipeline.core.labels.fitting import fit_classifier
from pipeline.core.labels.linear import Linear, out_of_fold_logits, probabilities_of
from pipeline.core.labels.novelty import fit_novelty, measure_novelty
from pipeline.core.labels.scores import (
    Statistic,
    accuracy_statistic,
    bootstrap_interval,
    calibration_error_statistic,
    expected_calibration_error,
)
from pipeline.core.labels.vocabulary import Vocabulary
from pipeline.io.params import Params, load_params
from pipeline.records import UNKNOWN, Embeddings, FloatMatrix, ThemeClassifier

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

TUNE = (
    "search_snippets",
    "stackoverflow_titles",
    "twenty_newsgroups",
    "ruwa_events",
    "wiki_current_events_2022",
    "octis_dblp",
)
REPORT = ("ag_news_test", "allsides_topics", "wiki_2022_2023", "banking77", "newsgroups_by_date")
DRAWN = {*TUNE, "ag_news_test", "allsides_topics"}
#: Rows of training and test where a set is larger, so that everything can be run in an hour.
SIZES = {"known": (4000, 4000), "few": (4000, 1500), "unseen": (1500, 1500)}
PER_THEME = (3, 8, 16, 64)
N_LEFT_OUT, MIN_OF_THEME, MIN_UNSEEN = 10, 10, 10
PRECISION = 0.95
N_SAID, N_UNWANTED = (0, 10, 50), 3
COPY, MAX_CHARS, N_RESAMPLES, DIGITS = 0.95, 4000, 1000, 4
ENCODER = "benchmark"
DENSITIES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """Articles of one set, their themes, and which are for training and for testing."""

    name: str
    texts: tuple[str, ...]
    vectors: FloatMatrix
    themes: npt.NDArray[np.str_]
    train: Rows
    test: Rows


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A classifier, and the probability from which it is sure (None: never)."""

    classifier: ThemeClassifier
    sure: float | None

    def logits(self, case: Case, rows: Rows) -> Numbers:
        """Give logits of rows, divided by the temperature: shape (n, k)."""
        c = self.classifier
        linear = Linear(c.classes, c.coefficients, c.intercepts)
        return linear.logits(_features(case, rows, c)) / c.temperature

    def answers(self, case: Case, rows: Rows) -> list[Answer]:
        """Answer as labelling does, the language not known."""
        ids = _ids(rows)
        embeddings = Embeddings(tuple(ids), case.vectors[rows], ENCODER)
        texts = [case.texts[i] for i in rows.tolist()]
        return predict(self.classifier, texts, embeddings, ids, [None] * len(ids))


@dataclass(frozen=True, slots=True, eq=False)
class Peers:
    """What other scores of novelty need of the training rows."""

    vectors: FloatMatrix
    means: Numbers
    precision: Numbers


def load_case(name: str) -> Case:
    """Read a set; `train` and `test` are empty where they are drawn by seed."""
    if name == "wiki_2022_2023":
        years = [
            load_set(f"wiki_current_events_{y}").scored_on("named theme") for y in (2022, 2023)
        ]
        parts = [_case_of(labelled) for labelled in years]
        texts = parts[0].texts + parts[1].texts
        vectors = np.concatenate([part.vectors for part in parts])
        themes = np.concatenate([part.themes for part in parts])
        is_test = np.arange(len(texts)) >= len(parts[0].texts)
        return _with_split(Case(name, texts, vectors, themes, NONE, NONE), is_test)
    if name == "banking77":
        return _official("banking77", "b77", None)
    if name == "newsgroups_by_date":
        return _official("twenty_newsgroups", "ng20", load_set("twenty_newsgroups").ids)
    labelled = load_set(name)
    if name == "wiki_current_events_2022":
        labelled = labelled.scored_on("named theme")
    case = _case_of(labelled)
    if name == "twenty_newsgroups":  # the test part is for reporting
        split = _column("twenty_newsgroups", "split")
        keep = np.array([split[i] == "train" for i in labelled.ids])
        return _keep(case, keep)
    return case


NONE: Rows = np.zeros(0, dtype=np.int64)


def _case_of(labelled: LabelledSet) -> Case:
    truth = labelled.truths[labelled.main_truth]
    known = np.array([t is not None for t in truth])
    case = Case(
        labelled.name,
        tuple(text[:MAX_CHARS] for text in labelled.texts),
        vectors_of(labelled),
        np.array([t or "" for t in truth]),
        NONE,
        NONE,
    )
    return _keep(case, known)


def _keep(case: Case, keep: Flags) -> Case:
    rows = np.flatnonzero(keep)
    texts = tuple(case.texts[i] for i in rows.tolist())
    return Case(case.name, texts, case.vectors[rows], case.themes[rows], NONE, NONE)


def _column(folder: str, column: str) -> dict[str, str]:
    import pandas as pd

    rows = pd.read_parquet(datasets_folder() / folder / f"{folder}.parquet")
    return dict(zip(rows["id"].astype(str), rows[column].astype(str), strict=True))


def _official(folder: str, stem: str, ids: Sequence[str] | None) -> Case:
    """A set that comes with a split; of one that is sampled, the same sample."""
    split = _column(folder, "split")
    if ids is None:
        texts, labels = _column(folder, "text"), _column(folder, "label")
        ids = tuple(texts)
        labelled = LabelledSet(
            folder,
            stem,
            ids,
            tuple(texts.values()),
            (None,) * len(ids),
            {"label": tuple(labels.values())},
        )
    else:
        labelled = load_set(folder)
    case = _case_of(labelled)
    return _with_split(case, np.array([split[i] == "test" for i in ids]))


def _with_split(case: Case, is_test: Flags) -> Case:
    train, test = np.flatnonzero(~is_test), np.flatnonzero(is_test)
    return Case(case.name, case.texts, case.vectors, case.themes, train, test)


def draw(case: Case, seed: int, sizes: tuple[int, int]) -> Case:
    """Draw training and test rows, at most `sizes`, of themes with enough articles in training."""
    rng = np.random.default_rng(seed)
    train, test = case.train, case.test
    if not len(train):
        order = rng.permutation(len(case.texts))
        train, test = order[: len(order) // 2], order[len(order) // 2 :]
    train, test = (rng.permutation(part)[:n] for part, n in zip((train, test), sizes, strict=True))
    counts = Counter(case.themes[train].tolist())
    enough = [theme for theme, n in counts.items() if n >= MIN_OF_THEME]
    train, test = (np.sort(part[np.isin(case.themes[part], enough)]) for part in (train, test))
    cosines = case.vectors[test] @ case.vectors[train].T
    test = test[cosines.max(axis=1) < COPY]
    return Case(case.name, case.texts, case.vectors, case.themes, train, test)


@cache
def _settings() -> Params:
    return load_params(ROOT / "params.yaml")


def _ids(rows: Rows) -> list[str]:
    return [f"row {i:06d}" for i in rows.tolist()]


def _features(case: Case, rows: Rows, c: ThemeClassifier) -> csr_array:
    texts = [case.texts[i] for i in rows.tolist()]
    vocabulary = Vocabulary(c.terms, c.idf)
    return join_features(texts, case.vectors[rows], vocabulary, lexical_weight=c.lexical_weight)


def learn(case: Case, rows: Rows) -> Model:
    """Fit the classifier to these rows with the settings of params.yaml."""
    train, label, rows = _settings().train, _settings().label, np.sort(rows)
    themes, ids = case.themes[rows].tolist(), _ids(rows)
    fitted = fit_classifier(
        [case.texts[i] for i in rows.tolist()],
        case.vectors[rows],
        themes,
        content_ids=ids,
        weights=[1.0] * len(ids),
        names={theme: theme for theme in themes},
        languages=[None] * len(ids),
        trained_on=ids,
        encoder=ENCODER,
        regularization=train.regularization,
        lexical_weight=train.lexical_weight,
        max_features=train.max_features,
        min_probability=label.min_probability,
        max_novelty=label.max_novelty,
        coverage=label.coverage,
    )
    seen = [(a, t) for a, t in zip(fitted.out_of_fold, themes, strict=True) if a is not None]
    sure = threshold_for_precision(
        [a.probability for a, _ in seen], [a.best == t for a, t in seen], precision=PRECISION
    )
    return Model(fitted.classifier, sure)


def report_known(case: Case, label: str) -> None:
    """Print one line of calibration, coverage and false unknowns."""
    model, rows = learn(case, case.train), case.test
    classes, themes = model.classifier.classes, case.themes[rows]
    p = probabilities_of(model.logits(case, rows)).round(DIGITS)
    top, right = p.max(axis=1), np.array(classes)[p.argmax(axis=1)] == themes
    sets = prediction_sets(p, model.classifier.set_threshold)
    holds = sets[np.arange(len(rows)), np.searchsorted(classes, themes)]
    answers = model.answers(case, rows)
    is_novel, unknown = _novel(answers), _unknown(answers)
    stated, hits = top.tolist(), right.tolist()
    sure = 2.0 if model.sure is None else model.sure
    answered, precision = coverage_and_precision(stated, hits, threshold=sure)
    parts = [
        f"{case.name:24} {label:8} n {len(case.train)}/{len(rows)} k {len(classes)}",
        f"accuracy {right.mean():.3f}",
        f"ECE {_with_interval(calibration_error_statistic(stated, hits), len(rows))}"
        f" (top {top.mean():.3f}; by chance"
        f" {expected_calibration_error(stated, n_draws=100, seed=0) or 0.0:.3f})",
        f"set coverage {_with_interval(_share(holds), len(rows))}"
        f" size {sets.sum(axis=1).mean():.2f} single {(sets.sum(axis=1) == 1).mean():.2f}",
        f"at 95 %: from {sure:.2f} covers {answered:.3f} right"
        f" {_share_of(right, top >= sure) if precision is not None else '-'}",
        f"novel {_with_interval(_share(is_novel), len(rows))} unknown {unknown.mean():.3f}"
        f" right of the rest {right[~unknown].mean() if (~unknown).any() else float('nan'):.3f}",
    ]
    print(" | ".join(parts), flush=True)


def report_few(case: Case, seed: int) -> None:
    """`report_known` with a few articles of each theme."""
    rng = np.random.default_rng(seed)
    for n in PER_THEME:
        chosen = np.concatenate(
            [
                rng.permutation(case.train[case.themes[case.train] == theme])[:n]
                for theme in sorted(set(case.themes[case.train].tolist()))
            ]
        )
        small = Case(case.name, case.texts, case.vectors, case.themes, chosen, case.test)
        report_known(small, f"{n} each")


def report_unseen(cases: Sequence[Case], densities: Sequence[float] = ()) -> None:
    """Print how well each score tells themes that were left out, mean over themes and seeds."""
    aucs: dict[str, list[float]] = {}
    shares: dict[str, list[float]] = {}
    for case in cases:
        for theme in _left_out(case):
            known_rows = case.train[case.themes[case.train] != theme]
            model = learn(case, known_rows)
            is_unseen = case.themes[case.test] == theme
            scores = _scores(case, model, known_rows)
            if densities:
                scores |= _densities(case, known_rows, model, densities)
            for name, score in scores.items():
                aucs.setdefault(name, []).append(auroc(score[~is_unseen], score[is_unseen]))
            answers = model.answers(case, case.test)
            for name, value in (("flagged", _novel(answers)), ("unknown", _unknown(answers))):
                shares.setdefault(f"known {name}", []).append(float(value[~is_unseen].mean()))
                shares.setdefault(f"unseen {name}", []).append(float(value[is_unseen].mean()))
    name = cases[0].name
    found = ", ".join(f"{key} {np.mean(values):.3f}" for key, values in shares.items())
    print(f"{name:24} unseen: {len(aucs['ours'])} models; {found}")
    for method, areas in aucs.items():
        low, high = _mean_interval(areas)
        gain = _mean_interval([o - v for o, v in zip(aucs["ours"], areas, strict=True)])
        print(
            f"{name:24}   {method:20} AUROC {np.mean(areas):.3f} [{low:.3f}, {high:.3f}]"
            f"   ours minus it [{gain[0]:+.3f}, {gain[1]:+.3f}]",
            flush=True,
        )


def report_said(case: Case) -> None:
    """Print what labels `unknown` of an unwanted theme do to it and to the others."""
    for n_said in N_SAID:
        found = []
        for theme in _left_out(case)[:N_UNWANTED]:
            is_said = np.cumsum(case.themes[case.train] == theme) <= n_said
            is_known = case.themes[case.train] != theme
            themes = np.where(case.themes == theme, UNKNOWN, case.themes)
            renamed = Case(case.name, case.texts, case.vectors, themes, NONE, case.test)
            answers = learn(renamed, case.train[is_known | is_said]).answers(case, case.test)
            unwanted, is_right = themes[case.test] == UNKNOWN, _unknown(answers)
            best = np.array([answer.theme for answer in answers]) == themes[case.test]
            found.append(
                (is_right[unwanted].mean(), is_right[~unwanted].mean(), best[~unwanted].mean())
            )
        recall, lost, right = np.mean(found, axis=0)
        print(
            f"{case.name:24} said {n_said:3}: unwanted unknown {recall:.3f},"
            f" known unknown {lost:.3f}, known right {right:.3f}",
            flush=True,
        )


def _left_out(case: Case) -> list[str]:
    """The themes with most test articles, at most ten."""
    counts = Counter(case.themes[case.test].tolist())
    enough = [t for t, n in counts.items() if n >= MIN_UNSEEN]
    return sorted(enough, key=lambda t: (-counts[t], t))[:N_LEFT_OUT]


def _scores(case: Case, model: Model, known_rows: Rows) -> dict[str, Numbers]:
    """Novelty of the test rows by each method; larger is more novel."""
    vectors, logits = case.vectors[case.test], model.logits(case, case.test)
    ours = [answer.novelty for answer in model.answers(case, case.test)]
    p = probabilities_of(logits)
    peers = _peers(case, known_rows)
    spread = vectors.astype(np.float64)[:, None, :] - peers.means[None]
    distances = np.einsum("ijk,kl,ijl->ij", spread, peers.precision, spread, optimize=True)
    cosines = vectors @ peers.vectors.T
    return {
        "ours": np.array(ours),
        "5 nearest (before)": -np.sort(np.partition(cosines, -5, axis=1)[:, -5:]).mean(axis=1),
        "top probability": -p.max(axis=1),
        "energy": -np.log(np.exp(logits).sum(axis=1)),
        "entropy": -(p * np.log(np.maximum(p, 1e-12))).sum(axis=1),
        "Mahalanobis": distances.min(axis=1),
    }


def _peers(case: Case, rows: Rows) -> Peers:
    vectors, themes = case.vectors[rows].astype(np.float64), case.themes[rows]
    names = sorted(set(themes.tolist()))
    means = np.stack([vectors[themes == theme].mean(axis=0) for theme in names])
    residuals = vectors - means[np.searchsorted(names, themes)]
    covariance = np.cov(residuals.T, bias=True)
    even = np.eye(len(covariance)) * np.trace(covariance) / len(covariance)
    return Peers(case.vectors[rows], means, np.linalg.inv(0.7 * covariance + 0.3 * even))


def _densities(
    case: Case, known_rows: Rows, model: Model, densities: Sequence[float]
) -> dict[str, Numbers]:
    """Ours with other values of its constant."""
    c, train, rows = model.classifier, _settings().train, np.sort(known_rows)
    themes, ids = case.themes[rows].tolist(), _ids(rows)
    features, weights = _features(case, rows, c), np.ones(len(rows))
    logits = out_of_fold_logits(features, themes, weights, ids, train.regularization)
    test_logits, kept = model.logits(case, case.test), novelty_module._DENSITY  # noqa: SLF001
    found = {}
    for density in densities:
        novelty_module._DENSITY = density  # noqa: SLF001
        fitted, _ = fit_novelty(case.vectors[rows], themes, ids, logits / c.temperature)
        found[f"density {density}"] = measure_novelty(fitted, case.vectors[case.test], test_logits)
    novelty_module._DENSITY = kept  # noqa: SLF001
    return found


def auroc(known: Numbers, unseen: Numbers) -> float:
    """Probability that an unseen article scores above a known one; ties count half."""
    ordered = np.sort(known)
    below = np.searchsorted(ordered, unseen, side="left")
    above = np.searchsorted(ordered, unseen, side="right")
    return float((below + above).mean() / (2 * len(known)))


def _novel(answers: Sequence[Answer]) -> Flags:
    return np.array([a.novelty > _settings().label.max_novelty for a in answers])


def _unknown(answers: Sequence[Answer]) -> Flags:
    return np.array([a.theme == UNKNOWN for a in answers])


def _share(flags: Flags) -> Statistic:
    return accuracy_statistic(["yes"] * len(flags), ["yes" if f else "no" for f in flags])


def _share_of(flags: Flags, among: Flags) -> str:
    return _with_interval(_share(flags[among]), int(among.sum()))


def _with_interval(statistic: Statistic, n: int) -> str:
    value = float(statistic(np.ones((1, n)))[0])
    names = [str(i) for i in range(n)]
    interval = bootstrap_interval(statistic, names, n_resamples=N_RESAMPLES, seed=0)
    return f"{value:.3f} [{interval.low:.3f}, {interval.high:.3f}]" if interval else f"{value:.3f}"


def _mean_interval(values: Sequence[float]) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    drawn = rng.choice(np.array(values), size=(N_RESAMPLES, len(values))).mean(axis=1)
    return float(np.percentile(drawn, 2.5)), float(np.percentile(drawn, 97.5))


def _seeded(name: str, case: Case, n_seeds: int, part: str) -> Iterator[Case]:
    for seed in range(n_seeds if name in DRAWN else 1):
        yield draw(case, seed, SIZES[part])


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=("tune", "report"))
    parser.add_argument("sets", nargs="*")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", choices=("known", "unseen", "said", "few"))
    given = parser.parse_args()
    names = given.sets or (TUNE if given.command == "tune" else REPORT)
    densities = DENSITIES if given.command == "tune" else ()
    for name in names:
        started = time.perf_counter()
        case = load_case(name)
        if given.only in (None, "known"):
            for seed, drawn in enumerate(_seeded(name, case, given.seeds, "known")):
                report_known(drawn, f"seed {seed}")
        if given.only in (None, "few"):
            report_few(draw(case, 0, SIZES["few"]), 0)
        if given.only in (None, "said"):
            report_said(draw(case, 0, SIZES["unseen"]))
        if given.only in (None, "unseen"):
            report_unseen(list(_seeded(name, case, given.seeds, "unseen")), densities)
        print(f"{name}: {time.perf_counter() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
