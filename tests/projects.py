"""A small finished project on disk: everything that the track stage reads, made in milliseconds."""

from __future__ import annotations

import functools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from pipeline import tracking
from pipeline.core.labels.fitting import fit_classifier
from pipeline.io.files import write_json, write_text
from pipeline.io.models import save_model
from pipeline.io.params import Params, load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import write_embeddings, write_rejected, write_rows
from pipeline.records import Article, Assignment, Embeddings, Theme
from pipeline.stages import track
from tests.conftest import CHECKOUT, FakeEncoder, make_article, make_theme

TOPICS = {
    "energy": "pipeline pressure winter storage cargo terminal tariff supplier",
    "harvest": "wheat drought orchard tractor irrigation farmers grain silo",
}


def make_articles(n_of_each: int = 12) -> list[Article]:
    """Articles of two themes that share no words."""
    articles = []
    for theme, words in TOPICS.items():
        parts = words.split()
        for number in range(n_of_each):
            text = " ".join(parts[number % 8 :] + parts[: number % 8] + [f"detail{number:03d}"])
            articles.append(make_article(title=f"{theme} item {number}", text=text, source="wire"))
    return sorted(articles, key=lambda article: article.article_id)


def theme_of(article: Article) -> str:
    return (article.title or "").split()[0]


@functools.cache
def _initialised() -> tempfile.TemporaryDirectory[str]:
    """Folder with an empty mlruns/: made once, as MLflow takes seconds for it, then copied."""
    folder = tempfile.TemporaryDirectory()
    tracking.initialise(Paths.of_project(Path(folder.name)))
    return folder


def make_tracked_project(root: Path, *, mislead: bool = False, trained: int = 4) -> Paths:
    """Write a project that has an empty mlruns/."""
    shutil.copytree(Path(_initialised().name) / "mlruns", root / "mlruns")
    return make_project(root, mislead=mislead, trained=trained)


@functools.cache
def _logged() -> tempfile.TemporaryDirectory[str]:
    """Folder with a project whose result is in its mlruns/; copied, as checkouts may be."""
    folder = tempfile.TemporaryDirectory()
    paths = make_tracked_project(Path(folder.name) / "project")
    track.run(paths, params_of(paths))
    return folder


def make_logged_project(root: Path) -> Paths:
    """Write a project whose result is in its mlruns/."""
    shutil.copytree(Path(_logged().name) / "project", root)
    return Paths.of_project(root)


def make_project(root: Path, *, mislead: bool = False, trained: int = 4) -> Paths:
    """Write a project; `mislead` trains its model on swapped themes, `trained` articles of each."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(CHECKOUT / "params.yaml", root)
    paths = Paths.of_project(root)
    articles = make_articles()
    vectors = FakeEncoder().encode([article.full_text for article in articles])
    order = sorted(range(len(articles)), key=lambda row: articles[row].content_id)
    ids = tuple(articles[row].content_id for row in order)
    embeddings = Embeddings(ids, vectors[order], FakeEncoder.model)
    write_rows(paths.articles, articles, Article)
    write_embeddings(paths.embeddings, embeddings)
    write_rejected(paths.rejected, [])
    write_rows(paths.themes, [_theme(name) for name in TOPICS], Theme)
    write_rows(paths.assignments, [], Assignment)
    train_model(paths, articles, embeddings, mislead=mislead, n_trained=trained)
    write_json(paths.metrics("evaluate"), {"macro_f1": 0.9, "macro_f1_low": 0.8})
    write_json(paths.metrics("ingest"), {"n_articles": len(articles)})
    write_text(paths.plots / "confusion.csv", "actual,predicted\n")
    write_text(paths.report, "<!doctype html><title>report</title>")
    return paths


def train_model(
    paths: Paths,
    articles: list[Article],
    embeddings: Embeddings,
    *,
    mislead: bool,
    n_trained: int,
) -> None:
    """Train on the first articles of each theme; the others stay unseen."""
    chosen = [a for t in TOPICS for a in [b for b in articles if theme_of(b) == t][:n_trained]]
    swapped = dict(zip(TOPICS, reversed(TOPICS), strict=True))
    fitted = fit_classifier(
        [article.full_text for article in chosen],
        embeddings.take([article.content_id for article in chosen]),
        [swapped[theme_of(a)] if mislead else theme_of(a) for a in chosen],
        content_ids=[article.content_id for article in chosen],
        weights=[1.0] * len(chosen),
        names={theme: theme.title() for theme in TOPICS},
        languages=["en"] * len(chosen),
        trained_on=[article.content_id for article in chosen],
        encoder=embeddings.model,
        regularization=5.0,
        lexical_weight=0.3,
        max_features=1000,
        min_probability=0.0,
        max_novelty=1.0,
    )
    save_model(paths.model, fitted.classifier)


def write_labels(paths: Paths, *, held_out: bool = True) -> None:
    """Label every article as it is; with `held_out` False write the header alone."""
    lines = ["content_id,theme,annotator,note"]
    if held_out:
        lines += [f"{a.content_id},{theme_of(a)},ann," for a in make_articles()]
    write_text(paths.labels, "\n".join(lines) + "\n")


def params_of(paths: Paths) -> Params:
    return load_params(paths.params)


@contextmanager
def fake_encoder() -> Iterator[None]:
    """Let served models use the encoder that the project was made with."""
    with mock.patch("pipeline.serving.SentenceEncoder", return_value=FakeEncoder()):
        yield


def _theme(name: str) -> Theme:
    return make_theme(
        name, status="catalogued", keywords=tuple(TOPICS[name].split()[:3]), n_articles=12,
        n_distinct=12, top_source_share=1.0,
    )  # fmt: skip
