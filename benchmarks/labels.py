"""Few labels and many: macro-F1 of the labeller beside what people would use instead.

    python benchmarks/labels.py tune      on the sets that settings may be chosen on
    python benchmarks/labels.py report    on the sets that are only reported on

For each seed and number of labels n, n rows of each class are drawn (all where there are fewer).
Everybody learns from these rows and answers for the same others; copies of those are not learned
from (label_sets.py). Ours also reads what a project always has: the unlabelled rows and one line
about each class; `labels only` is ours without both. Peers, with C = 10 like ours:

`tfidf`    words and word pairs, sublinear TF-IDF fitted on the labelled rows, logistic regression
`minilm`   logistic regression on the vectors
`zero`     the class whose line has the nearest vector (needs no label)
`setfit`   fine-tuned on pairs, at 8 and 16 labels, where --setfit-python names an environment that
           has it (label_setfit.py); at most --setfit-seeds seeds

± is 1.96 standard errors of the mean over seeds: spread over seeds and over resampled test rows
together. Differences are taken on the same seeds and resamples.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.label_learners import PEERS, Prepared, ours, prepare, zero_shot
from benchmarks.label_setfit import setfit_answers
from benchmarks.label_sets import REPORT, TUNE, Task, load_task

Classes = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
N_RESAMPLES = 200
SETFIT_BUDGETS = (8, 16)


def main() -> None:
    options = _options()
    for name in options.sets or {"tune": TUNE, "report": REPORT}[options.command]:
        task = load_task(name, options.vectors, options.vector_cache, options.most_tests)
        run(task, options)


def run(task: Task, options: argparse.Namespace) -> None:
    """Print one line for each number of labels."""
    print(
        f"\n{task.name}: {len(task.labels)} classes, {len(task.train.texts)} rows to learn from, "
        f"{len(task.test.texts)} to answer for; macro-F1 x 100",
        flush=True,
    )
    prepared = prepare(task, options.unlabelled)
    for budget in options.budgets:
        found = answers(prepared, budget, options)
        print(_line(task.test.classes, budget, found), flush=True)


def answers(
    prepared: Prepared, budget: int, options: argparse.Namespace
) -> dict[str, list[Classes]]:
    """Class of each row to answer for: method → one array for each seed."""
    task = prepared.task
    if budget == 0:
        nothing = np.zeros(0, dtype=np.intp)
        return {"zero": [zero_shot(task)], "ours": [ours(prepared, nothing)]}
    n_most = int(np.bincount(task.train.classes).max())
    seeds = range(options.seeds if budget < n_most else 1)
    draws = [draw(task.train.classes, budget, seed) for seed in seeds]
    methods: dict[str, Callable[[Prepared, npt.NDArray[np.intp]], Classes]] = PEERS | {
        "labels only": lambda p, rows: ours(p, rows, alone=True),
        "ours": ours,
    }
    found = {name: [method(prepared, rows) for rows in draws] for name, method in methods.items()}
    if options.setfit_python and budget in SETFIT_BUDGETS:
        few = draws[: options.setfit_seeds]
        found["setfit"] = [setfit_answers(task, rows, options.setfit_python) for rows in few]
    return found


def draw(classes: Classes, budget: int, seed: int) -> npt.NDArray[np.intp]:
    """Rows of `budget` labels for each class, ascending; all of a class that has fewer."""
    rng = np.random.default_rng([seed, budget])
    chosen = [rng.permutation(np.flatnonzero(classes == c))[:budget] for c in np.unique(classes)]
    return np.sort(np.concatenate(chosen)).astype(np.intp)


def macro_f1(truth: Classes, found: Classes, times: npt.NDArray[np.int64] | None = None) -> float:
    """Mean F1 over the classes of `truth`; `times` says how often each row counts."""
    n = int(max(truth.max(), found.max())) + 1
    hits = np.bincount(truth, np.where(truth == found, 1 if times is None else times, 0), n)
    ours_, theirs = np.bincount(found, times, n), np.bincount(truth, times, n)
    is_there = np.bincount(truth, minlength=n) > 0
    return float((2 * hits / np.maximum(ours_ + theirs, 1))[is_there].mean())


def resample(truth: Classes, fits: Sequence[Classes]) -> Numbers:
    """Macro-F1 x 100 of each fit on each resample of the rows, shape (N_RESAMPLES, n_fits)."""
    rng = np.random.default_rng(5)
    n = len(truth)
    values = np.empty((N_RESAMPLES, len(fits)))
    for row in range(N_RESAMPLES):
        times = np.bincount(rng.integers(0, n, n), minlength=n)
        values[row] = [100 * macro_f1(truth, found, times) for found in fits]
    return values


def half_width(scores: Numbers, resamples: Numbers) -> float:
    """1.96 standard errors of a mean over seeds, given each seed's score and its resamples."""
    seeds = scores.var(ddof=1) / len(scores) if len(scores) > 1 else 0.0
    return float(1.96 * np.sqrt(seeds + resamples.mean(axis=1).var(ddof=1)))


def _line(truth: Classes, budget: int, found: dict[str, list[Classes]]) -> str:
    scores = {m: 100 * np.array([macro_f1(truth, f) for f in fits]) for m, fits in found.items()}
    samples = {method: resample(truth, fits) for method, fits in found.items()}
    shown = "  ".join(
        f"{method} {values.mean():.1f} ±{half_width(values, samples[method]):.1f}"
        for method, values in scores.items()
    )
    peers = [method for method in scores if method not in {"ours", "labels only"}]
    best = max(peers, key=lambda method: float(scores[method].mean()))
    n = min(len(scores["ours"]), len(scores[best]))
    gap = scores["ours"][:n] - scores[best][:n]
    error = half_width(gap, samples["ours"][:, :n] - samples[best][:, :n])
    verdict = "better" if gap.mean() > error else "worse" if gap.mean() < -error else "level"
    return (
        f"  {budget:>5} labels, {len(scores['ours'])} seeds: {shown}; "
        f"ours - {best} = {gap.mean():+.1f} ±{error:.1f} ({verdict})"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["tune", "report"])
    parser.add_argument("--sets", nargs="+", help="only these")
    parser.add_argument("--budgets", type=int, nargs="+", default=[0, 4, 8, 16, 64, 1000])
    parser.add_argument("--seeds", type=int, default=5, help="draws of labels")
    parser.add_argument(
        "--unlabelled", type=int, default=2000, help="unlabelled rows read, at most"
    )
    parser.add_argument("--most-tests", type=int, default=2500, help="rows answered for, at most")
    parser.add_argument("--vectors", type=Path, help="folder of vectors that are known")
    parser.add_argument("--vector-cache", type=Path, help="folder that keeps new vectors")
    parser.add_argument("--setfit-python", help="python of an environment with setfit")
    parser.add_argument("--setfit-seeds", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
