"""Themes found from a name and one line: F1 beside BERTopic's zero-shot mode and nearest query.

    python benchmarks/guided.py tune       (wiki_current_events of 2022: settings were chosen here)
    python benchmarks/guided.py report     (of 2023: only ever reported on)

Ten themes with a name and a one-line description, no seed phrases, required terms or pins: those
of the set's named themes that have at least 20 items in both years. All methods get the same
vectors and the same texts of the themes.

Scores are over the items that people labelled, those of all other themes and headings included. An
item without a label may well belong to a theme; how many join is given beside (`unlabelled`).

`ours <clusters>`    `group_articles`; clusters are none, one for all, or k-means with few, a
                     middling number, or many (about 7 articles each): any cut of a tree
`nearest`            the nearest query, above the cosine that is best on 2022
`bertopic 0.7`       BERTopic's zero-shot mode as it comes
`bertopic best`      the same, with the similarity that is best on 2022
`... name`           the theme's text is its name alone

What BERTopic's zero-shot mode assigns does not depend on how it clusters the rest, so the rest is
left unclustered. The extra `bench` installs it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.labelled_sets import ENCODER, MAX_TOKENS, load_set, vectors_of
from pipeline.core.themes.grouping import ThemeSettings, group_articles
from pipeline.core.themes.queries import Queries, catalogue_texts, make_queries
from pipeline.io.encoders import SentenceEncoder
from pipeline.io.params import load_params
from pipeline.io.vector_cache import encode_cached
from pipeline.records import CatalogueTheme, FloatMatrix

ROOT = Path(__file__).resolve().parent.parent
SETS = {"tune": "wiki_current_events_2022", "report": "wiki_current_events_2023"}
#: Cosines that the peers may choose from on 2022.
GRID = tuple(round(float(s), 3) for s in np.arange(0.2, 0.725, 0.025))
BERTOPIC_DEFAULT = 0.7

#: Named theme of the set → our name and our line.
THEMES: dict[str, tuple[str, str]] = {
    "Iran–Israel / Iran–US conflict": (
        "Iran against Israel and the United States",
        "Tension between Iran and Israel or the United States: strikes, seized ships, sabotage "
        "and the nuclear deal.",
    ),
    "Israeli–Palestinian conflict (outside Gaza)": (
        "Israeli–Palestinian conflict",
        "Raids, shootings, attacks and settler violence in the West Bank and Jerusalem, and in "
        "Israel.",
    ),
    "Kivu / M23 conflict": (
        "M23 and the war in eastern Congo",
        "Fighting in Kivu and Ituri between the Congolese army, M23 rebels and other militias.",
    ),
    "North Korea": (
        "North Korea",
        "North Korea's missile launches, nuclear weapons and relations with its neighbours.",
    ),
    "Pakistan insurgencies": (
        "Insurgencies in Pakistan",
        "Attacks by the Pakistani Taliban and Baloch separatists, and operations by Pakistan's "
        "security forces.",
    ),
    "Red Sea crisis / Yemen": (
        "War in Yemen and the Red Sea",
        "Houthi attacks on ships and neighbouring states, air strikes in Yemen, and truce talks.",
    ),
    "Russo-Ukrainian war": (
        "War in Ukraine",
        "Russia's invasion of Ukraine: battles, strikes on cities, weapons deliveries, sanctions "
        "and peace talks.",
    ),
    "Sahel insurgencies": (
        "Jihadist insurgency in the Sahel",
        "Attacks by jihadist groups and operations by armies in Mali, Burkina Faso and Niger.",
    ),
    "Somali Civil War": (
        "War in Somalia",
        "Al-Shabaab attacks in Somalia and the government's offensives against the group.",
    ),
    "Syrian conflict": (
        "Syrian civil war",
        "Fighting, air strikes and attacks in Syria between the government, rebels, Kurdish "
        "forces and foreign powers.",
    ),
}
Labels = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """One year: n items, and what people say of them (None: nothing)."""

    texts: tuple[str, ...]
    truth: tuple[str | None, ...]
    vectors: FloatMatrix
    catalogue: tuple[CatalogueTheme, ...]
    queries: Queries


@dataclass(frozen=True, slots=True)
class Score:
    """Of one theme: F1, precision and recall over labelled items; unlabelled ones that joined."""

    f1: float
    precision: float
    recall: float
    unlabelled: int


def load_task(split: str, *, names_only: bool = False) -> Task:
    """Items of one year, with the themes' texts as vectors."""
    labelled = load_set(SETS[split])
    catalogue = tuple(
        CatalogueTheme(key, name, "" if names_only else line, ())
        for key, (name, line) in THEMES.items()
    )
    asked = [catalogue_texts(theme)[0] for theme in catalogue]
    cache = Path(tempfile.gettempdir()) / "newsthemes-benchmark-vectors"
    known = encode_cached(asked, SentenceEncoder(ENCODER, MAX_TOKENS), cache)
    vectors = vectors_of(labelled)
    queries = make_queries(catalogue, known, vectors.shape[1])
    return Task(labelled.texts, labelled.truths["theme"], vectors, catalogue, queries)


def score(found: Labels, task: Task) -> list[Score]:
    """Score each theme, in the order of the catalogue."""
    truth = np.array([label or "" for label in task.truth])
    labelled = truth != ""
    scores = []
    for number, theme in enumerate(task.catalogue):
        joined, meant = found == number, truth == theme.theme_id
        right = int((joined & meant).sum())
        n_joined, n_meant = int((joined & labelled).sum()), int(meant.sum())
        scores.append(
            Score(
                2 * right / max(1, n_joined + n_meant),
                right / max(1, n_joined),
                right / max(1, n_meant),
                int((joined & ~labelled).sum()),
            )
        )
    return scores


def macro_f1(found: Labels, task: Task) -> float:
    return float(np.mean([s.f1 for s in score(found, task)]))


def cut_corpus(vectors: FloatMatrix, how: str) -> Labels:
    """Clusters of the granularity that `how` names."""
    from sklearn.cluster import KMeans

    n = len(vectors)
    if how in ("none", "one"):
        return np.full(n, -1 if how == "none" else 0, dtype=np.int32)
    k = {"few": round(n**0.5 / 10), "medium": round(n**0.5 / 1.5), "many": n // 7}[how]
    return KMeans(max(2, k), n_init=1, random_state=0).fit_predict(vectors).astype(np.int32)


def find_ours(task: Task, clusters: Labels) -> Labels:
    s = load_params(ROOT / "params.yaml").themes
    grouping = group_articles(
        [f"{row:016x}" for row in range(len(task.texts))],
        task.texts,
        task.vectors,
        clusters,
        task.catalogue,
        task.queries,
        ThemeSettings(s.join_similarity, s.min_fit),
    )
    return np.where(grouping.groups < len(task.catalogue), grouping.groups, -1).astype(np.int32)


def find_nearest(task: Task, least: float) -> Labels:
    cosines = task.vectors @ task.queries.vectors.T
    near = cosines.max(axis=1) >= least
    return np.where(near, cosines.argmax(axis=1), -1).astype(np.int32)


def find_bertopic(task: Task, least: float) -> Labels:
    """Items that BERTopic's zero-shot mode gives to each theme, the rest left unclustered."""
    from bertopic import BERTopic
    from bertopic.backend import BaseEmbedder
    from bertopic.cluster import BaseCluster
    from bertopic.dimensionality import BaseDimensionalityReduction

    texts = [catalogue_texts(theme)[0] for theme in task.catalogue]
    known = dict(zip(texts, task.queries.vectors, strict=True))

    class Known(BaseEmbedder):  # type: ignore[misc]
        def embed(self, documents: list[str], verbose: bool = False) -> FloatMatrix:  # noqa: ARG002
            # Words of topics are embedded as well: that names topics, and moves no item.
            nothing = np.ones(task.queries.vectors.shape[1], dtype=np.float32)
            return np.stack([known.get(text, nothing) for text in documents])

    class Nothing(BaseCluster):  # type: ignore[misc]
        def fit(self, points: FloatMatrix, _y: object = None) -> Nothing:
            self.labels_ = np.full(len(points), -1)
            return self

    model = BERTopic(
        embedding_model=Known(),
        umap_model=BaseDimensionalityReduction(),
        hdbscan_model=Nothing(),
        zeroshot_topic_list=texts,
        zeroshot_min_similarity=least,
    )
    topics, _ = model.fit_transform(list(task.texts), embeddings=task.vectors)
    theme_of: Mapping[int, int] = model._topic_id_to_zeroshot_topic_idx  # noqa: SLF001
    return np.array([theme_of.get(int(topic), -1) for topic in topics], dtype=np.int32)


def best_on_2022(find: Callable[[Task, float], Labels], task: Task) -> float:
    """Similarity of `GRID` with the best macro F1."""
    return max(GRID, key=lambda least: macro_f1(find(task, least), task))


def show(name: str, found: Labels, task: Task) -> None:
    scores = score(found, task)
    each = " ".join(f"{s.f1:.2f}" for s in scores)
    precision, recall = (np.mean([getattr(s, f) for s in scores]) for f in ("precision", "recall"))
    print(
        f"{name:>22} {np.mean([s.f1 for s in scores]):>6.3f} {precision:>6.3f} {recall:>6.3f} "
        f"{sum(s.unlabelled for s in scores):>6}   {each}",
        flush=True,
    )


def main() -> None:
    """Print one line for each method: macro F1, precision, recall, and F1 of each theme."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("split", choices=sorted(SETS))
    split = parser.parse_args().split
    warnings.filterwarnings("ignore")
    for names_only in (False, True):
        task, tuning = (load_task(s, names_only=names_only) for s in (split, "tune"))
        n_labelled = sum(label is not None for label in task.truth)
        said = "names alone" if names_only else "names and one line"
        print(f"{SETS[split]}, {said}: {len(task.texts)} items, {n_labelled} labelled")
        print(
            f"{'method':>22} {'F1':>6} {'prec':>6} {'recall':>6} {'unlab':>6}   {'; '.join(THEMES)}"
        )
        for how in ("none", "one", "few", "medium", "many"):
            show(f"ours {how}", find_ours(task, cut_corpus(task.vectors, how)), task)
        least = best_on_2022(find_nearest, tuning)
        show(f"nearest {least}", find_nearest(task, least), task)
        try:
            import bertopic  # noqa: F401
        except ImportError:
            print("bertopic is not installed: pip install 'newsthemes[bench]'")
            continue
        show(f"bertopic {BERTOPIC_DEFAULT}", find_bertopic(task, BERTOPIC_DEFAULT), task)
        # Its rule is that of the nearest query, so the best similarity is looked for with that.
        show(f"bertopic best {least}", find_bertopic(task, least), task)


if __name__ == "__main__":
    main()
