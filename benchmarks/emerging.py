"""Emerging themes: how many that the model never saw are found among the unknown of a batch.

    python benchmarks/emerging.py tune      sets that settings may be chosen on
    python benchmarks/emerging.py report    sets that are only reported on

Each theme in turn is held out: a model is trained on half of the labelled articles of all others,
a batch is labelled, and its unknown articles are grouped. Of dated sets the batch is four weeks
(those that hold most of the theme), unlabelled articles included; of others it is a sample of the
articles that were not trained on. Beside ours stand the same linkage on plain vectors, and HDBSCAN
on the same vectors, as a pipeline that clusters its outliers anew would do it.

A candidate is judged by its labelled members, if it has three or more: it is true if at least half
of them are of one label, false otherwise. The held-out theme is found if one true candidate holds
half of its unknown articles, most of that candidate being of it. Themes with fewer than five
unknown articles in their batch are left out: nobody could find them. The interval of a mean is
1.96 standard errors over held-out themes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.labelled_sets import LabelledSet, load_set, vectors_of
from pipeline.core.batches.candidates import UnknownArticle, find_candidates
from pipeline.core.batches.emerging import NONE, group_alike
from pipeline.core.labels.classifier import predict
from pipeline.core.labels.fitting import fit_classifier
from pipeline.io.params import load_params
from pipeline.records import UNKNOWN, Embeddings, FloatMatrix

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.int64]
ROOT = Path(__file__).resolve().parents[1]
#: Long articles are cut: the model reads no more, and TF-IDF hardly needs it.
CHARACTERS = 1500
TOP = 10


@dataclass(frozen=True, slots=True)
class Design:
    """How one set is used.

    A batch has `days`, or is a sample of `n_batch`. Labels of `least` articles or more are trained
    on; the `n_held` commonest are held out in turn.
    """

    name: str
    days: int
    n_batch: int
    least: int
    n_held: int


DESIGNS = {
    "tune": (
        Design("wiki_current_events_2022", 28, 0, 10, 17),
        Design("twenty_newsgroups", 0, 1000, 40, 8),
        Design("ruwa_events", 0, 1000, 40, 6),
    ),
    "report": (
        Design("wiki_current_events_2023", 28, 0, 10, 17),
        Design("allsides_topics", 0, 1500, 45, 10),
        Design("ag_news_test", 0, 1000, 40, 4),
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Unknown articles of a batch: rows of the set; `references` are the model's."""

    held: str
    n_batch: int
    n_held: int
    rows: Rows
    references: FloatMatrix


@dataclass(frozen=True, slots=True)
class Score:
    """What one method found in one pool; `rank` is that of the held-out theme from 1."""

    n_candidates: int
    n_judged: int
    n_true: int
    recall: float
    purity: float
    found: bool
    top_true: float
    rank: int | None


def make_pool(labelled: LabelledSet, vectors: FloatMatrix, held: str, design: Design) -> Pool:
    """Train without one theme, label a batch, and keep what is unknown."""
    truth = np.array([value or "" for value in labelled.truths[labelled.main_truth]], dtype=object)
    counts = Counter(value for value in truth if value)
    known = sorted(t for t, n in counts.items() if n >= design.least and t != held)
    draw = np.array([_draw(i) for i in labelled.ids])
    train = np.flatnonzero(np.isin(truth, known) & (draw < 0.5))
    params = load_params(ROOT / "params.yaml")
    texts = [text[:CHARACTERS] for text in labelled.texts]
    classifier = fit_classifier(
        [texts[i] for i in train],
        vectors[train],
        [truth[i] for i in train],
        content_ids=[labelled.ids[i] for i in train],
        weights=[1.0] * len(train),
        names={theme: theme for theme in known},
        languages=["en"] * len(train),
        trained_on=[],
        encoder="benchmark",
        regularization=params.train.regularization,
        lexical_weight=params.train.lexical_weight,
        max_features=params.train.max_features,
        min_probability=params.label.min_probability,
        max_novelty=params.label.max_novelty,
    ).classifier
    rest = np.setdiff1d(np.arange(len(texts)), train)
    batch = _window(labelled, truth, rest, held, design)
    order = sorted(range(len(labelled.ids)), key=labelled.ids.__getitem__)
    embeddings = Embeddings(tuple(labelled.ids[i] for i in order), vectors[order], "benchmark")
    answers = predict(
        classifier,
        [texts[i] for i in batch],
        embeddings,
        [labelled.ids[i] for i in batch],
        ["en"] * len(batch),
    )
    unknown = [i for i, a in zip(batch, answers, strict=True) if a.theme == UNKNOWN]
    return Pool(
        held=held,
        n_batch=len(batch),
        n_held=int((truth[batch] == held).sum()),
        rows=np.array(unknown, dtype=np.int64),
        references=classifier.references,
    )


def _window(
    labelled: LabelledSet, truth: npt.NDArray[np.object_], rest: Rows, held: str, design: Design
) -> Rows:
    if not design.days:
        ordered = sorted(rest.tolist(), key=lambda i: _draw(f"batch {labelled.ids[i]}"))
        return np.array(sorted(ordered[: design.n_batch]), dtype=np.int64)
    days = {
        i: dt.date.fromisoformat(date).toordinal()
        for i in rest.tolist()
        if (date := labelled.dates[i])
    }
    own = sorted(day for i, day in days.items() if truth[i] == held)
    start = max(own, key=lambda s: (sum(s <= day < s + design.days for day in own), -s))
    return np.array(
        [i for i, day in days.items() if start <= day < start + design.days], dtype=np.int64
    )


def _draw(text: str) -> float:
    return int(hashlib.sha256(text.encode()).hexdigest()[:12], 16) / 16**12


def score(groups: Sequence[Sequence[int]], pool: Pool, truth: npt.NDArray[np.object_]) -> Score:
    """Judge groups of rows of the set, the most promising first."""
    labels = [[value for value in truth[list(rows)] if value] for rows in groups]
    judged = [Counter(own) for own in labels if len(own) >= 3]
    true = [counts.most_common(1)[0][1] >= counts.total() / 2 for counts in judged]
    n_unknown = int((truth[pool.rows] == pool.held).sum())
    hits = [own.count(pool.held) for own in labels]
    best = int(np.argmax(hits)) if hits else 0
    recall = hits[best] / n_unknown if hits else 0.0
    purity = hits[best] / len(labels[best]) if hits and hits[best] else 0.0
    found = recall >= 0.5 and purity > 0.5
    return Score(
        n_candidates=len(groups),
        n_judged=len(judged),
        n_true=sum(true),
        recall=recall,
        purity=purity,
        found=found,
        top_true=float(np.mean(true[:TOP])) if true else float("nan"),
        rank=best + 1 if found else None,
    )


def ours(labelled: LabelledSet, vectors: FloatMatrix, pool: Pool) -> list[list[int]]:
    articles = [
        UnknownArticle(
            content_id=labelled.ids[i],
            headline=labelled.texts[i][:160],
            text=labelled.texts[i][:CHARACTERS],
            published=labelled.dates[i],
            source=None,
            batches=("batch",),
        )
        for i in pool.rows
    ]
    row = {labelled.ids[i]: int(i) for i in pool.rows}
    found = find_candidates(articles, vectors[pool.rows], pool.references, [])
    return [[row[content] for content in candidate.content_ids] for candidate in found]


def plain(_: LabelledSet, vectors: FloatMatrix, pool: Pool) -> list[list[int]]:
    # With its own best threshold on the tuning sets.
    labels = group_alike(vectors[pool.rows], vectors[:0], join=0.25)
    return _groups(labels, pool)


def hdbscan(_: LabelledSet, vectors: FloatMatrix, pool: Pool) -> list[list[int]]:
    from sklearn.cluster import HDBSCAN

    if len(pool.rows) < 5:
        return []
    labels = HDBSCAN(min_cluster_size=5, copy=True).fit_predict(vectors[pool.rows])
    return _groups(labels.astype(np.int32), pool)


def _groups(labels: Labels, pool: Pool) -> list[list[int]]:
    found = [
        pool.rows[labels == group].tolist() for group in range(int(labels.max(initial=NONE)) + 1)
    ]
    return sorted(found, key=len, reverse=True)


METHODS: dict[str, Callable[[LabelledSet, FloatMatrix, Pool], list[list[int]]]] = {
    "ours": ours,
    "plain vectors": plain,
    "HDBSCAN": hdbscan,
}


def measure(design: Design) -> None:
    labelled = load_set(design.name)
    vectors = vectors_of(labelled)
    truth = np.array([value or "" for value in labelled.truths[labelled.main_truth]], dtype=object)
    commonest = Counter(value for value in truth if value).most_common(design.n_held)
    pools = [make_pool(labelled, vectors, held, design) for held, _ in commonest]
    usable = [pool for pool in pools if (truth[pool.rows] == pool.held).sum() >= 5]
    sizes = [len(pool.rows) for pool in usable]
    print(
        f"\n{design.name}: {len(usable)} themes of {len(pools)} held out, batches of "
        f"{np.mean([p.n_batch for p in usable]):.0f}, {np.mean(sizes):.0f} unknown; "
        f"{np.mean([(truth[p.rows] == p.held).sum() / p.n_held for p in usable]):.0%} of the "
        "held-out articles are unknown"
    )
    print("method          found        recall        purity        precision@10  false  n   rank")
    for name, method in METHODS.items():
        scores = [score(method(labelled, vectors, pool), pool, truth) for pool in usable]
        ranks = [s.rank for s in scores if s.rank is not None]
        print(
            f"{name:15s} {sum(s.found for s in scores):2d} of {len(scores):2d}   "
            f"{_mean([s.recall for s in scores])}  {_mean([s.purity for s in scores])}  "
            f"{_mean([s.top_true for s in scores])}  "
            f"{np.mean([s.n_judged - s.n_true for s in scores]):4.1f} "
            f"{np.mean([s.n_candidates for s in scores]):4.0f}  "
            f"{f'{np.median(ranks):.0f}' if ranks else '-'}",
            flush=True,
        )


def _mean(values: Sequence[float]) -> str:
    known = np.array([value for value in values if not np.isnan(value)])
    if not len(known):
        return "-           "
    spread = 1.96 * known.std(ddof=1) / np.sqrt(len(known)) if len(known) > 1 else 0.0
    return f"{known.mean():.2f} ± {spread:.2f} "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("split", choices=sorted(DESIGNS))
    for design in DESIGNS[parser.parse_args().split]:
        measure(design)


if __name__ == "__main__":
    main()
