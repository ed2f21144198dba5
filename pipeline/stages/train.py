"""Teach the classifier the themes that were found, corrected by people's labels."""

from __future__ import annotations

from collections import Counter

from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.classifier import fit_classifier
from pipeline.core.labels.holdout import GroupLabels, group_labels
from pipeline.core.labels.targets import Targets, choose_targets
from pipeline.errors import InputError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.command import run_stage, say
from pipeline.io.files import write_json
from pipeline.io.labels import load_labels
from pipeline.io.models import save_model
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_embeddings, read_rows
from pipeline.records import Article, Assignment, Theme

#: Articles that people did not label, from which the agreement with clusters is worth a number.
_MIN_AGREEMENT = 20


def run(paths: Paths, params: Params) -> None:
    """Read assignments, vectors and labels; write the model folder."""
    articles = read_rows(paths.articles, Article)
    embeddings = read_embeddings(paths.embeddings)
    catalogue = load_catalogue(paths.catalogue)
    labels = group_labels(
        articles, load_labels(paths.labels),
        share=params.train.holdout_share, owners=catalogue.owners,
    )  # fmt: skip
    targets = choose_targets(
        articles,
        read_rows(paths.assignments, Assignment),
        read_rows(paths.themes, Theme),
        labels,
        label_weight=params.train.label_weight,
    )
    if not targets.articles:
        raise InputError(
            f"{paths.assignments}: no article has a theme, so there is nothing to train on; give "
            f"themes seed phrases in {paths.catalogue.name}, or label articles in "
            f"{paths.labels.name}"
        )
    fitted = fit_classifier(
        [article.full_text for article in targets.articles],
        take_vectors(embeddings, [article.content_id for article in targets.articles]),
        targets.themes,
        content_ids=[article.content_id for article in targets.articles],
        weights=targets.weights,
        names=targets.names,
        languages=[article.language for article in targets.articles],
        trained_on=targets.trained_on,
        encoder=embeddings.model,
        regularization=params.train.regularization,
        lexical_weight=params.train.lexical_weight,
        max_features=params.train.max_features,
        min_probability=params.label.min_probability,
        max_novelty=params.label.max_novelty,
        n_labels=sum(targets.is_label),
        must_mention={theme.theme_id: theme.must_mention for theme in catalogue.themes},
    )
    save_model(paths.model, fitted.classifier)
    metrics = {
        "n_trained": len(targets.articles),
        "n_from_labels": sum(targets.is_label),
        "n_classes": len(fitted.classifier.classes),
        "n_renamed_themes": len(targets.renamed),
        "n_held_out": len(labels.held_out),
        "n_label_conflicts": labels.n_conflicts,
        "n_labels_unmatched": labels.n_unmatched,
        "temperature": fitted.classifier.temperature,
    } | _agreement(targets, fitted.out_of_fold)
    write_json(paths.metrics("train"), metrics)
    _warn(labels, targets, paths)
    say(f"train: {len(targets.articles)} articles, {len(fitted.classifier.classes)} themes")


def _warn(labels: GroupLabels, targets: Targets, paths: Paths) -> None:
    """Say what of labels.csv has no effect, or too little to learn from."""
    if labels.n_unmatched:
        say(f"{paths.labels}: {labels.n_unmatched} labels are of no article that is here")
    if labels.n_conflicts:
        say(f"{paths.labels}: {labels.n_conflicts} articles have several labels; most votes win")
    single = [theme for theme, n in Counter(targets.themes).items() if n == 1]
    if single:
        say(f"train: learnt from one article only: {', '.join(sorted(single))}; label some more")


def _agreement(targets: Targets, answers: tuple[str | None, ...]) -> dict[str, float]:
    """Share of clusters' assignments that the model would have guessed; not a score of quality."""
    pairs = zip(targets.themes, targets.is_label, answers, strict=True)
    hits = [theme == answer for theme, said, answer in pairs if not said and answer is not None]
    enough = len(hits) >= _MIN_AGREEMENT
    return {"oof_cluster_agreement": sum(hits) / len(hits)} if enough else {}


if __name__ == "__main__":
    run_stage(run)
