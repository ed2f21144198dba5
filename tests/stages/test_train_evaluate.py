"""The stages train and evaluate, alone, from files to files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.core.embeddings import join_embeddings
from pipeline.core.labels.holdout import is_held_out
from pipeline.errors import ContractError, InputError
from pipeline.io.models import load_model
from pipeline.io.params import Params, load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows, write_embeddings, write_rows
from pipeline.records import UNKNOWN, Article, Assignment, HoldoutRow, Theme
from pipeline.stages import evaluate, train
from tests.conftest import CHECKOUT, FakeEncoder, make_article, make_theme

TEXTS = {
    "energy": "pipeline terminal gas prices winter storage barrels",
    "football": "striker penalty league stadium goalkeeper transfer",
    "t-1a2b3c4d": "tariffs customs container export ministers agreement quotas",
}
N_EACH = 16


@pytest.fixture
def params() -> Params:
    loaded = load_params(CHECKOUT / "params.yaml")
    return loaded.model_copy(
        update={"evaluate": loaded.evaluate.model_copy(update={"n_bootstrap": 100})}
    )


def corpus() -> list[Article]:
    return [
        make_article(title=None, text=f"{text} {'xyz'[n % 3] * 4} {n:04d}")
        for text in TEXTS.values()
        for n in range(N_EACH)
    ]


def theme_of(article: Article) -> str:
    return next(theme for theme, text in TEXTS.items() if article.text.startswith(text))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A project up to the themes stage: three clusters, one of them new."""
    paths = Paths.of_project(tmp_path)
    articles = sorted(corpus(), key=lambda a: a.article_id)
    write_rows(paths.articles, articles, Article)
    vectors = {a.content_id: FakeEncoder().encode([a.full_text])[0] for a in articles}
    write_embeddings(paths.embeddings, join_embeddings(vectors, "fake/64"))
    assignments = [
        Assignment(a.article_id, theme_of(a), theme_of(a), (0,), "s-0", 1.0, "core")
        for a in articles
    ]
    write_rows(paths.assignments, assignments, Assignment)
    themes = [
        make_theme(
            theme,
            status="provisional" if theme.startswith("t-") else "catalogued",
            n_articles=N_EACH,
            n_distinct=N_EACH,
            share=1 / 3,
        )
        for theme in TEXTS
    ]
    write_rows(paths.themes, themes, Theme)
    return paths


def write_labels(paths: Paths, labels: dict[str, str]) -> None:
    lines = [f"{content_id},{theme},ana," for content_id, theme in labels.items()]
    paths.labels.write_text("\n".join(["content_id,theme,annotator,note", *lines]) + "\n")


def label_everything(paths: Paths) -> dict[str, str]:
    """Label all articles; people call the new cluster `trade`."""
    labels = {a.content_id: theme_of(a).replace("t-1a2b3c4d", "trade") for a in corpus()}
    write_labels(paths, labels)
    return labels


def numbers(paths: Paths, stage: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(paths.metrics(stage).read_text())
    return found


def test_a_model_is_trained_and_scored_on_labels_it_never_saw(paths: Paths, params: Params) -> None:
    labels = label_everything(paths)
    held_out = {c for c in labels if is_held_out(c, share=params.train.holdout_share)}
    train.run(paths, params)
    evaluate.run(paths, params)

    classifier = load_model(paths.model)
    assert classifier.classes == ("energy", "football", "trade")
    assert classifier.names == ("Energy", "Football", "Trade")
    assert set(classifier.trained_on) == set(labels) - held_out
    rows = read_rows(paths.predictions, HoldoutRow)
    assert {r.content_id for r in rows} == held_out
    scores = numbers(paths, "evaluate")
    assert scores["n_holdout"] == len(held_out)
    assert scores["macro_f1_low"] <= scores["macro_f1"] <= scores["macro_f1_high"]
    assert scores["macro_f1_forced"] == scores["baseline_tfidf_macro_f1"] == 1.0
    assert scores["baseline_majority_macro_f1"] < 0.5
    assert scores["themes_ami"] == pytest.approx(1.0)
    with (paths.plots / "confusion.csv").open() as file:
        confusion = list(csv.DictReader(file))
    assert confusion == [{"actual": r.actual, "predicted": r.predicted} for r in rows]
    assert (paths.plots / "calibration.csv").read_text().startswith("probability,accuracy,n\n")


def test_training_counts_what_it_used(paths: Paths, params: Params) -> None:
    labels = label_everything(paths)
    first = min(labels)
    write_labels(paths, labels | {first: UNKNOWN, "gone": "energy"})
    train.run(paths, params)

    counted = numbers(paths, "train")
    n_held_out = sum(is_held_out(c, share=params.train.holdout_share) for c in labels)
    n_unknown = 0 if is_held_out(first, share=params.train.holdout_share) else 1
    assert counted["n_held_out"] == n_held_out
    assert counted["n_trained"] == counted["n_from_labels"] == 48 - n_held_out - n_unknown
    assert counted["n_classes"] == 3
    assert counted["n_labels_unmatched"] == 1
    assert counted["n_label_conflicts"] == 0
    assert "oof_cluster_agreement" not in counted


def test_without_labels_there_is_a_model_but_no_invented_score(
    paths: Paths, params: Params, capsys: pytest.CaptureFixture[str]
) -> None:
    train.run(paths, params)
    evaluate.run(paths, params)

    assert numbers(paths, "train")["oof_cluster_agreement"] == 1.0
    assert numbers(paths, "evaluate") == {"n_holdout": 0.0, "n_holdout_unknown": 0.0}
    assert read_rows(paths.predictions, HoldoutRow) == []
    assert (paths.plots / "confusion.csv").read_text() == "actual,predicted\n"
    assert "nothing to score; add labels to labels.csv" in capsys.readouterr().err


def test_held_out_labels_of_no_theme_say_what_to_do(
    paths: Paths, params: Params, capsys: pytest.CaptureFixture[str]
) -> None:
    write_labels(paths, {a.content_id: UNKNOWN for a in corpus()[:20]})
    train.run(paths, params)
    evaluate.run(paths, params)

    assert "label articles of the themes you follow" in capsys.readouterr().err
    assert "macro_f1" not in numbers(paths, "evaluate")


def test_running_twice_changes_no_byte(paths: Paths, params: Params) -> None:
    label_everything(paths)
    snapshots = []
    for _ in range(2):
        train.run(paths, params)
        evaluate.run(paths, params)
        files = sorted(p for p in paths.data.rglob("*") if p.is_file())
        snapshots.append({p.name: p.read_bytes() for p in files})

    assert snapshots[0] == snapshots[1]


def test_nothing_to_train_on_says_what_to_do(paths: Paths, params: Params) -> None:
    articles = read_rows(paths.articles, Article)
    nothing = [Assignment(a.article_id, None, None, (), "s-0", 0.0, "none") for a in articles]
    write_rows(paths.assignments, nothing, Assignment)

    with pytest.raises(InputError, match="nothing to train on; give themes seed phrases"):
        train.run(paths, params)


def test_evaluation_without_a_model_names_the_stage_to_run(paths: Paths, params: Params) -> None:
    with pytest.raises(ContractError, match="missing; run: dvc repro"):
        evaluate.run(paths, params)
