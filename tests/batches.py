"""A labelled batch on disk, made of a few articles, and what its summary is made of."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.core.batches.summarise import Unknowns, summarise
from pipeline.core.batches.summary import BatchSummary
from pipeline.core.batches.tally import Tally
from pipeline.io.models import load_model
from pipeline.io.paths import BatchPaths, Paths
from pipeline.io.tables import table_of, write_rows
from pipeline.io.vector_cache import VectorCache
from pipeline.records import (
    UNKNOWN,
    Article,
    Labelled,
    ThemeClassifier,
    TrainingProfile,
)
from tests import projects
from tests.conftest import FakeEncoder, make_article

NOVEL = "unlike anything in training (novelty 0.99)"
NO_UNKNOWNS = Unknowns((), 0, 0, 1)
PROFILE = TrainingProfile(
    n_articles=1000,
    labels=(("energy", 500), ("harvest", 400), (UNKNOWN, 100)),
    languages=(("en", 1000),),
    sources=(("wire", 1000),),
    novelty=tuple(i / 20 for i in range(21)),
    n_words=tuple(float(100 + i) for i in range(21)),
)


def labelled(article: Article, theme: str = "energy", **fields: Any) -> Labelled:
    """The row of an article; `UNKNOWN` is novel unless told otherwise."""
    values: dict[str, Any] = {
        "theme_name": "Unknown" if theme == UNKNOWN else theme.title(),
        "probability": 0.9,
        "alternatives": (),
        "novelty": 0.5,
        "reason": NOVEL if theme == UNKNOWN else "",
        "seen_before": None,
        "model_version": "v1",
    }
    copied = ("article_id", "content_id", "source_file", "position", "title", "published",
              "source", "duplicate_group", "is_canonical")  # fmt: skip
    return Labelled(
        theme=theme, **{name: getattr(article, name) for name in copied}, **(values | fields)
    )


def write_batch(
    paths: Paths,
    batch_id: str,
    rows: Sequence[tuple[Article, Labelled]],
    *,
    with_vectors: bool = True,
) -> BatchPaths:
    """Write both tables of a batch, and the vectors of its articles to the cache."""
    batch = paths.batch(batch_id)
    write_rows(batch.articles, sorted((a for a, _ in rows), key=lambda a: a.article_id), Article)
    write_rows(batch.labelled, [row for _, row in rows], Labelled)
    texts = [article.full_text for article, _ in rows]
    if with_vectors and texts:
        vectors = FakeEncoder().encode(texts)
        cache = VectorCache(paths.embedding_cache, FakeEncoder.model)
        cache.add(dict(zip(texts, vectors, strict=True)))
    return batch


@functools.cache
def make_classifier() -> ThemeClassifier:
    """The model of `tests.projects`: energy and harvest, on vectors of `FakeEncoder`."""
    with tempfile.TemporaryDirectory() as folder:
        return load_model(projects.make_project(Path(folder) / "project").model)


#: Vectors that stand for training where no model is needed.
REFERENCES = FakeEncoder().encode(
    [f"{words} {i}" for words in projects.TOPICS.values() for i in range(6)]
)

_COMETS = """
comet telescope astronomers brightness tail observatory
comet telescope astronomers orbit sunlight observatory
comet telescope brightness orbit dust observatory
comet astronomers brightness tail dust telescope
"""


def comets(n: int = 4, **fields: Any) -> list[Article]:
    """Up to four articles that read alike, from two sources, a day apart."""
    lines = _COMETS.strip().split("\n")[:n]
    return [
        make_article(
            title=f"Comet report {i}", text=line, source=("Post", "Wire")[i % 2],
            published=f"2024-05-0{i + 1}", **fields,
        )
        for i, line in enumerate(lines)
    ]  # fmt: skip


def strays(n: int = 6) -> list[Article]:
    """Articles that share no words with anything."""
    return [
        make_article(title=f"Stray{i}x", text=" ".join(f"stray{i}word{j}" for j in range(8)))
        for i in range(n)
    ]


def summary_of(
    rows: Sequence[tuple[Article, Labelled]],
    profile: TrainingProfile | None = PROFILE,
    unknowns: Unknowns = NO_UNKNOWNS,
    names: Mapping[str, str] | None = None,
) -> BatchSummary:
    """What is said of some rows, without any file."""
    tally = Tally()
    tally.add_labelled(table_of([row for _, row in rows], Labelled))
    tally.add_articles(table_of([article for article, _ in rows], Article))
    return summarise(
        tally, profile, batch_id="b1", n_rejected=0,
        names=names or {"energy": "Energy", "harvest": "Harvest"}, unknowns=unknowns,
        n_resamples=200, seed=7,
    )  # fmt: skip


def mixed(**counts: int) -> list[tuple[Article, Labelled]]:
    """Rows with so many articles of each theme, alike to `PROFILE` otherwise."""
    rows = []
    for theme, n in counts.items():
        for i in range(n):
            article = make_article(title=f"{theme} {i}", text="word", source="wire", n_words=110)
            rows.append((article, labelled(article, theme, novelty=(i % 20) / 20)))
    return rows
