"""Score the model, simple baselines and the themes against what people decided."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pipeline.core.labels.baselines import predict_baselines
from pipeline.core.labels.evaluation import (
    calibration_inputs,
    score_model,
    summarise_holdout,
    summarise_themes,
)
from pipeline.core.labels.holdout import group_labels
from pipeline.core.labels.scores import calibration_bins
from pipeline.core.labels.targets import choose_targets
from pipeline.io.catalogue import load_catalogue
from pipeline.io.command import run_stage, say
from pipeline.io.files import write_json, write_text
from pipeline.io.labels import load_labels
from pipeline.io.models import load_model
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_embeddings, read_rows, write_rows
from pipeline.records import Article, Assignment, HoldoutRow, Theme


def run(paths: Paths, params: Params) -> None:
    """Read the model and people's labels; write scores, plots and the hold-out's answers."""
    articles = read_rows(paths.articles, Article)
    assignments = read_rows(paths.assignments, Assignment)
    themes = read_rows(paths.themes, Theme)
    embeddings = read_embeddings(paths.embeddings)
    labels = group_labels(
        articles, load_labels(paths.labels),
        share=params.train.holdout_share, owners=load_catalogue(paths.catalogue).owners,
    )  # fmt: skip

    rows = score_model(load_model(paths.model), articles, embeddings, labels)
    by_id = {article.article_id: article for article in articles}
    baselines = predict_baselines(
        choose_targets(
            articles, assignments, themes, labels, label_weight=params.train.label_weight
        ),
        embeddings,
        [by_id[row.article_id] for row in rows],
        regularization=params.train.regularization,
        max_features=params.train.max_features,
    )
    scores = summarise_holdout(
        rows, baselines, n_resamples=params.evaluate.n_bootstrap, seed=params.seed
    )
    scores |= summarise_themes(rows, articles, assignments, themes, labels)

    write_rows(paths.predictions, rows, HoldoutRow)
    write_json(paths.metrics("evaluate"), scores)
    pairs = [(row.actual, row.predicted) for row in rows]
    write_text(paths.plots / "confusion.csv", _csv(("actual", "predicted"), pairs))
    bins = calibration_bins(*calibration_inputs(rows))
    points = [(b.probability, b.accuracy, b.n) for b in bins]
    write_text(paths.plots / "calibration.csv", _csv(("probability", "accuracy", "n"), points))
    _tell(scores, len(labels.themes), paths)


def _csv(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def _tell(scores: dict[str, float], n_labelled: int, paths: Paths) -> None:
    if scores["n_holdout"]:
        say(f"evaluate: {scores['n_holdout']:g} articles held out, {_shown(scores)}")
    else:
        say(
            f"evaluate: {n_labelled} labelled articles, none of them held out: nothing to score; "
            f"add labels to {paths.labels.name} (about a third are set aside for evaluation)"
        )


def _shown(scores: dict[str, float]) -> str:
    if "macro_f1" not in scores:
        return "none of them of a theme: label articles of the themes you follow"
    return (
        f"macro-F1 {scores['macro_f1']:.3f} "
        f"({scores['macro_f1_low']:.3f} to {scores['macro_f1_high']:.3f})"
    )


if __name__ == "__main__":
    run_stage(run)
