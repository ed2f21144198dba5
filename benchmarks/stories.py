"""Stories beside linkage of one feature: B-cubed; and the time and memory they take.

    python benchmarks/stories.py quality [set ...]    (default: the two report sets)
    python benchmarks/stories.py cost N               (one size for each process)

`ours` is what find_clusters gives with the settings of params.yaml. The others are average linkage
over the whole set of TF-IDF or of vectors, with the same factor for dates as ours. Each is shown
with the threshold that is best on a set for tuning (events of 2022 that lasted at most ten days),
and with the one that is best on the very set (an oracle: nobody would know it).

B-cubed precision and recall are taken for each article on the whole set; intervals (95 %) resample
true stories over these values; differences are taken on the same resamples. Reports nobody
labelled are clustered but not scored. Sets and vectors: see labelled_sets.py.
"""

from __future__ import annotations

import os
import resource
import sys
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.labelled_sets import ROOT, LabelledSet, datasets_folder, load_set, vectors_of
from pipeline.core.clustering.clusters import ClusterSettings, find_clusters
from pipeline.core.clustering.stories import StorySettings, find_stories
from pipeline.io.params import load_params
from pipeline.records import FloatMatrix

Labels = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]
REPORT = ("allsides_stories", "basil_stories")
TUNE = "wiki_current_events_2022"
THRESHOLDS = tuple(np.arange(0.15, 0.9, 0.025).round(3).tolist())
MAX_DAYS = 10
N_RESAMPLES = 1000
BASELINES = ("TF-IDF", "vectors")


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """A set with its vectors, and the true story of each article; -1 where nobody says."""

    labelled: LabelledSet
    vectors: FloatMatrix
    truth: Labels


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """Precision and recall of each article that has a true story, and what story that is."""

    precision: Numbers
    recall: Numbers
    truth: Labels

    @property
    def f1(self) -> float:
        """Of the mean precision and recall."""
        p, r = self.precision.mean(), self.recall.mean()
        return float(2 * p * r / (p + r))

    def resampled(self) -> Numbers:
        """F1 over resamples of whole true stories, the same ones for each grouping of a set."""
        rng = np.random.default_rng(0)
        sizes = np.bincount(self.truth)
        sums = [np.bincount(self.truth, values) for values in (self.precision, self.recall)]
        drawn = rng.multinomial(len(sizes), np.full(len(sizes), 1 / len(sizes)), N_RESAMPLES)
        p, r = (drawn @ total / (drawn @ sizes) for total in sums)
        f1: Numbers = 2 * p * r / (p + r)
        return f1


def score(truth: Labels, found: Labels) -> Scores:
    labelled = truth >= 0
    _, true = np.unique(truth[labelled], return_inverse=True)
    _, mine = np.unique(found[labelled], return_inverse=True)
    _, cell, counts = np.unique(
        true.astype(np.int64) * (mine.max() + 1) + mine, return_inverse=True, return_counts=True
    )
    both = counts[cell]
    return Scores(both / np.bincount(mine)[mine], both / np.bincount(true)[true], true)


@cache
def read(name: str) -> Corpus:
    labelled = load_set(name)
    values = [value or "" for value in labelled.truths["heading" if name == TUNE else "story"]]
    if name == TUNE:
        values = [v if v in _short_events() else "" for v in _only_direct(labelled, values)]
    known = sorted(set(values) - {""})
    codes = {value: code for code, value in enumerate(known)}
    truth = np.array([codes.get(value, -1) for value in values], dtype=np.int32)
    return Corpus(labelled, vectors_of(labelled), truth)


def _only_direct(labelled: LabelledSet, headings: list[str]) -> list[str]:
    """Headings that stand right above their item; others name a wider subject."""
    rows = _events()
    direct = dict(zip(rows["id"].astype(str), rows["label_direct"].astype(bool), strict=True))
    return [h if direct[i] else "" for i, h in zip(labelled.ids, headings, strict=True)]


@cache
def _short_events() -> frozenset[str]:
    import pandas as pd

    rows = _events()
    rows = rows[rows["label_direct"].astype(bool) & rows["label"].notna()]
    days = pd.to_datetime(rows["date"]).groupby(rows["label"]).agg(["min", "max"])
    return frozenset(days.index[(days["max"] - days["min"]).dt.days <= MAX_DAYS])


@cache
def _events():  # noqa: ANN202 (pandas is loaded late)
    import pandas as pd

    folder = "wiki_current_events"
    rows = pd.read_parquet(datasets_folder() / folder / f"{folder}.parquet")
    return rows[rows["date"].astype(str).str[:4] == "2022"]


def our_stories(corpus: Corpus) -> Labels:
    params = load_params(ROOT / "params.yaml")
    labelled = corpus.labelled
    settings = ClusterSettings(**params.cluster.model_dump(), seed=params.seed)
    clusters = find_clusters(
        labelled.ids, corpus.vectors, labelled.texts, labelled.dates, settings
    ).clusters
    row = {article_id: i for i, article_id in enumerate(clusters.article_ids)}
    return clusters.stories[[row[article_id] for article_id in labelled.ids]]


@cache
def linked(name: str, feature: str) -> tuple[Labels, ...]:
    """Average linkage of a whole set, cut at each threshold."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from sklearn.feature_extraction.text import TfidfVectorizer

    corpus = read(name)
    rows = corpus.vectors
    if feature == "TF-IDF":
        words = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
        sparse = words.fit_transform(corpus.labelled.texts)
        alike = (sparse @ sparse.T).toarray()
    else:
        alike = rows @ rows.T
    dates = np.array(corpus.labelled.dates, dtype="datetime64[D]")
    days = np.where(np.isnat(dates), np.nan, dates.astype(np.float64))
    apart = np.nan_to_num((days[:, None] - days[None, :]) / StorySettings().sigma_days)
    alike = alike * np.exp(-(apart**2) / 2)
    tree = linkage(np.clip(1 - alike[np.triu_indices(len(rows), 1)], 0, 1), "average")
    return tuple(fcluster(tree, 1 - t, "distance").astype(np.int32) for t in THRESHOLDS)


def best_threshold(name: str, feature: str) -> int:
    f1 = [score(read(name).truth, found).f1 for found in linked(name, feature)]
    return int(np.argmax(f1))


def show(name: str, method: str, found: Labels, ours: Scores | None = None) -> Scores:
    """Print one grouping, and by how much ours is better than it."""
    truth = read(name).truth
    scores = score(truth, found)
    low, high = np.quantile(scores.resampled(), [0.025, 0.975])
    n_found, n_true = len(set(found[truth >= 0].tolist())), scores.truth.max() + 1
    line = (
        f"{name:25} {method:22} P {scores.precision.mean():.3f} R {scores.recall.mean():.3f} "
        f"F1 {scores.f1:.3f} [{low:.3f}, {high:.3f}] stories {n_found} (true {n_true})"
    )
    if ours is not None:
        low, high = np.quantile(ours.resampled() - scores.resampled(), [0.025, 0.975])
        line += f"; ours {ours.f1 - scores.f1:+.3f} [{low:+.3f}, {high:+.3f}]"
    print(line, flush=True)
    return scores


def quality(names: list[str]) -> None:
    for name in names:
        mine = show(name, "ours", our_stories(read(name)))
        for feature in BASELINES:
            tuned, oracle = best_threshold(TUNE, feature), best_threshold(name, feature)
            for which, mark in ((tuned, ""), (oracle, " oracle")):
                method = f"{feature} > {THRESHOLDS[which]:.3f}{mark}"
                show(name, method, linked(name, feature)[which], mine)


def cost(n: int) -> None:
    """Made-up stories of four, in clusters of up to 2,500, of 250 words each."""
    rng = np.random.default_rng(0)
    story = np.sort(rng.integers(max(1, n // 4), size=n))
    within = (story * max(1, n // 2000) // (story.max() + 1)).astype(np.int32)
    subject = rng.normal(size=(within.max() + 1, 384))[within]
    event = rng.normal(size=(story.max() + 1, 384))[story]
    vectors = subject + event + 0.8 * rng.normal(size=(n, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    texts = [
        " ".join([f"w{w}" for w in rng.zipf(1.3, 238) % 20_000] + [f"s{s}x{i}" for i in range(12)])
        for s in story.tolist()
    ]
    del subject, event
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    wall, cpu = time.perf_counter(), time.process_time()
    found = find_stories(vectors, texts, [None] * n, within)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{n} articles in clusters of up to {np.bincount(within).max()}: {wall:.1f} s "
        f"(CPU {cpu:.1f} s), peak {peak:.0f} MB ({before:.0f} MB before), "
        f"{found.max() + 1} stories ({len(np.unique(story))} made)"
    )


if __name__ == "__main__":
    if sys.argv[1] == "cost":
        cost(int(sys.argv[2]))
    else:
        quality(sys.argv[2:] or list(REPORT))
