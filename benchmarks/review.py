"""Does reviewing pay? Labels needed by the review queue, and how many suspected errors are errors.

    python benchmarks/review.py queue tune      (settings were chosen on these sets)
    python benchmarks/review.py queue report    (only ever reported on)
    python benchmarks/review.py errors tune
    python benchmarks/review.py errors report   (beside cleanlab, where it is installed)

`queue` labels articles in batches of 50, from 50 drawn at random, until macro-F1 on held-out
articles reaches 95 % of what all labels give; a simulated annotator makes no mistakes. Between two
batches the crossing is interpolated. All methods share the first batch, the split and the learner
(the pipeline's logistic regression, on its vectors alone).

`random`       draws every batch at random
`ours`         `choose_rows`: three quarters least sure, spread out; a quarter random
`novel`        the same with a quarter most novel in the place of as many least sure
`not spread`   three quarters least sure, as they come; a quarter random
`plain`        half least sure, as they come; a quarter most novel; a quarter random

`errors` gives a tenth of the labels another theme (`any`: a random one; `near`: always the most
similar theme, as people confuse them) and counts planted errors among the first 50 suspects. Real
errors of the set count as false alarms. cleanlab gets the same out-of-fold probabilities.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.labelled_sets import load_set, vectors_of
from pipeline.core.labels.linear import fit_linear, out_of_fold_logits, probabilities_of
from pipeline.core.labels.noise import find_suspects
from pipeline.core.review.queue import Reviewable, choose_rows
from pipeline.records import FloatMatrix

SETS = {
    "tune": ("stackoverflow_titles", "search_snippets", "wiki_current_events_2022"),
    "report": ("ag_news_test", "twenty_newsgroups", "allsides_topics", "wiki_current_events_2023"),
}
METHODS = ("random", "ours", "novel", "not spread", "plain")
BATCH, GOAL, FIRST = 50, 0.95, 50
MAX_LABELS, MAX_POOL, MAX_TEST, MIN_THEME = 1000, 2000, 2000, 20
REGULARIZATION = 10.0
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """A pool to label from and articles to score on; themes are strings."""

    pool: FloatMatrix
    pool_themes: tuple[str, ...]
    test: FloatMatrix
    test_themes: tuple[str, ...]


def split_set(name: str, seed: int) -> Split:
    """Draw pool and test; themes of fewer than 20 articles are left out."""
    labelled = load_set(name)
    vectors, truth = vectors_of(labelled), labelled.truths[labelled.main_truth]
    sizes = Counter(truth)
    rows = [i for i, theme in enumerate(truth) if theme is not None and sizes[theme] >= MIN_THEME]
    rows = np.random.default_rng(seed).permutation(rows).tolist()
    n_test = min(len(rows) // 3, MAX_TEST)
    test, pool = rows[:n_test], rows[n_test : n_test + MAX_POOL]
    return Split(
        vectors[pool],
        tuple(str(truth[i]) for i in pool),
        vectors[test],
        tuple(str(truth[i]) for i in test),
    )


def labels_needed(split: Split, method: str, seed: int) -> float:
    """Labels until the goal is reached; infinite where MAX_LABELS are not enough."""
    rng = np.random.default_rng(1000 + seed)
    goal = GOAL * _score(split, np.arange(len(split.pool)))
    known: Rows = rng.choice(len(split.pool), FIRST, replace=False)
    before, score = 0.0, _score(split, known)
    while score < goal:
        if len(known) >= min(MAX_LABELS, len(split.pool)):
            return float("inf")
        known = np.concatenate([known, _next_rows(split, known, method, rng)])
        before, score = score, _score(split, known)
    if len(known) == FIRST:
        return float(FIRST)
    return len(known) - BATCH * (score - goal) / (score - before)


def _score(split: Split, known: Rows) -> float:
    from sklearn.metrics import f1_score

    linear = _fit(split, known)
    return float(
        f1_score(
            split.test_themes,
            linear.best(split.test),
            average="macro",
            zero_division=0,
            labels=sorted(set(split.test_themes)),
        )
    )


def _fit(split: Split, known: Rows):  # noqa: ANN202
    themes = [split.pool_themes[i] for i in known.tolist()]
    return fit_linear(split.pool[known], themes, np.ones(len(known)), regularization=REGULARIZATION)


def _next_rows(split: Split, known: Rows, method: str, rng: np.random.Generator) -> Rows:
    rest = np.setdiff1d(np.arange(len(split.pool)), known)
    size = min(BATCH, len(rest))
    if method == "random":
        return rng.choice(rest, size, replace=False)
    ranked = np.sort(probabilities_of(_fit(split, known).logits(split.pool[rest])), axis=1)
    margins = ranked[:, -1] - ranked[:, -2]
    nearest = np.sort(split.pool[rest] @ split.pool[known].T, axis=1)[:, -5:].mean(axis=1)
    pool = [
        _reviewable(int(row), float(margin), 1.0 - float(near))
        for row, margin, near in zip(rest, margins, nearest, strict=True)
    ]
    is_spread = method in {"ours", "novel"}
    vectors = {f"{row:06}": split.pool[row] for row in rest.tolist()} if is_spread else {}
    chosen = choose_rows(
        pool,
        size,
        seed=int(rng.integers(1 << 30)),
        vectors=vectors,
        novel=size // 4 if method in {"novel", "plain"} else 0,
    )
    return np.array([int(queued.item.group) for queued in chosen])


def _reviewable(row: int, margin: float, novelty: float) -> Reviewable:
    name = f"{row:06}"
    return Reviewable(name, name, None, "", None, None, "", "", 0.0, (), margin, novelty)


def errors_found(split: Split, kind: str, seed: int) -> dict[str, float]:
    """Share of planted errors among the first 50 suspects, by ranking."""
    rng = np.random.default_rng(seed)
    classes = sorted(set(split.pool_themes))
    true = np.array([classes.index(theme) for theme in split.pool_themes])
    is_wrong = np.zeros(len(true), dtype=bool)
    is_wrong[rng.choice(len(true), len(true) // 10, replace=False)] = True
    given = np.where(is_wrong, _mistaken(split.pool, true, len(classes), kind, rng), true)
    themes = [classes[i] for i in given]
    ids = [f"{i:06}" for i in range(len(given))]
    logits = out_of_fold_logits(split.pool, themes, np.ones(len(given)), ids, REGULARIZATION)
    probabilities = probabilities_of(logits)
    ranked = {
        "ours": [int(s.content_id) for s in find_suspects(probabilities, classes, themes, ids)]
    }
    try:
        from cleanlab.filter import find_label_issues
    except ImportError:
        pass
    else:
        for name in ("self_confidence", "normalized_margin"):
            ranked[f"cleanlab {name.replace('_', '-' if name[0] == 's' else ' ')}"] = list(
                find_label_issues(given, probabilities, return_indices_ranked_by=name, n_jobs=1)
            )
    return {name: float(is_wrong[rows[:50]].mean()) for name, rows in ranked.items()} | {
        "n suspects": float(len(ranked["ours"])),
        "found": float(is_wrong[ranked["ours"]].sum() / is_wrong.sum()),
    }


def _mistaken(
    vectors: FloatMatrix, true: Rows, n_classes: int, kind: str, rng: np.random.Generator
) -> Rows:
    """Give another class for each row."""
    if kind == "any":
        return (true + rng.integers(1, n_classes, len(true))) % n_classes
    centres = np.stack([vectors[true == c].mean(axis=0) for c in range(n_classes)])
    likeness = centres @ centres.T
    np.fill_diagonal(likeness, -np.inf)
    return likeness.argmax(axis=1)[true]


def interval(values: list[float]) -> str:
    """Mean and its 95 % interval over seeds (Student's t)."""
    from scipy.stats import t

    mean = float(np.mean(values))
    if not np.isfinite(mean) or len(values) < 2:
        return f"{mean:.2f}" if mean <= 1 else f"{mean:.0f}"
    half = float(t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / len(values) ** 0.5)
    return f"{mean:.2f} ± {half:.2f}" if mean <= 1 else f"{mean:.0f} ± {half:.0f}"


def _said(needed: list[float]) -> str:
    n_never = sum(value == float("inf") for value in needed)
    if n_never:
        return f"not within {MAX_LABELS} labels in {n_never} of {len(needed)} runs"
    return f"{interval(needed)} labels"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("what", choices=["queue", "errors"])
    parser.add_argument("split", choices=sorted(SETS))
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    seeds = range(arguments.seeds)
    for name in SETS[arguments.split]:
        splits = [split_set(name, seed) for seed in seeds]
        n, k = len(splits[0].pool), len(set(splits[0].pool_themes))
        print(f"{name}: {n} to label from, {len(splits[0].test)} to score on, {k} themes")
        if arguments.what == "queue":
            for method in METHODS:
                needed = [labels_needed(split, method, s) for s, split in enumerate(splits)]
                print(f"  {method:12} {_said(needed)}", flush=True)
            continue
        for kind in ("any", "near"):
            found = [errors_found(split, kind, s) for s, split in enumerate(splits)]
            for what in found[0]:
                print(f"  {kind:5} {what:28} {interval([f[what] for f in found])}", flush=True)


if __name__ == "__main__":
    main()
