"""Teach the classifier the themes that were found, corrected by people's labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.calibration import coverage_and_precision, threshold_for_precision
from pipeline.core.labels.classifier import Answer, predict
from pipeline.core.labels.fitting import Fitted, fit_classifier
from pipeline.core.labels.holdout import GroupLabels, group_labels
from pipeline.core.labels.lessons import NONE_UNLABELLED, Described, Unlabelled
from pipeline.core.labels.profile import profile_corpus
from pipeline.core.labels.targets import Targets, choose_targets
from pipeline.core.themes.queries import catalogue_texts, make_queries
from pipeline.errors import InputError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.command import run_stage, say
from pipeline.io.encoders import encoder_for
from pipeline.io.files import write_json
from pipeline.io.labels import load_labels
from pipeline.io.models import save_model, save_profile
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.progress import counted
from pipeline.io.tables import read_embeddings, read_rows
from pipeline.io.vector_cache import encode_cached
from pipeline.records import UNKNOWN, Article, Assignment, Catalogue, Embeddings, Encoder, Theme

#: Articles that people did not label, from which the agreement with clusters is worth a number.
_MIN_AGREEMENT = 20

#: More unlabelled articles than these cost time and teach nothing new.
_MAX_UNLABELLED = 5000


def run(paths: Paths, params: Params, encoder: Encoder | None = None) -> None:
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
    if not set(targets.themes) - {UNKNOWN}:
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
        names={theme.theme_id: theme.name for theme in catalogue.themes} | targets.names,
        languages=[article.language for article in targets.articles],
        trained_on=targets.trained_on,
        encoder=embeddings.model,
        regularization=params.train.regularization,
        lexical_weight=params.train.lexical_weight,
        max_features=params.train.max_features,
        min_probability=params.label.min_probability,
        max_novelty=params.label.max_novelty,
        coverage=params.label.coverage,
        described=_describe(
            catalogue, encoder or encoder_for(params.embed), paths, embeddings.vectors.shape[1]
        ),
        unlabelled=_unlabelled(articles, embeddings, labels, targets),
        n_labels=sum(targets.is_label),
        must_mention={theme.theme_id: theme.must_mention for theme in catalogue.themes},
    )
    save_model(paths.model, fitted.classifier)
    answers = _unseen_answers(articles, embeddings, targets, fitted)
    save_profile(paths.model, profile_corpus(articles, answers))
    metrics: dict[str, float] = {
        "n_trained": len(targets.articles),
        "n_from_labels": sum(targets.is_label),
        "n_unknown_labels": targets.themes.count(UNKNOWN),
        "n_classes": len(fitted.classifier.classes),
        "n_renamed_themes": len(targets.renamed),
        "n_held_out": len(labels.held_out),
        "n_label_conflicts": labels.n_conflicts,
        "n_labels_unmatched": labels.n_unmatched,
        "n_suspected_errors": len(fitted.suspects),
        "temperature": fitted.classifier.temperature,
    }
    metrics |= _agreement(targets, fitted.out_of_fold) | _precision(targets, fitted.out_of_fold)
    write_json(paths.metrics("train"), metrics)
    _warn(labels, targets, paths)
    say(f"train: {len(targets.articles)} articles, {len(fitted.classifier.classes)} themes")
    if fitted.suspects:
        looks = counted(len(fitted.suspects), "article")
        say(f"train: {looks} may be of another theme than taught; see: newsthemes review export")


def _describe(catalogue: Catalogue, encoder: Encoder, paths: Paths, n_dims: int) -> Described:
    """What the catalogue says of its themes, and the vectors of it."""
    said = sorted({text for theme in catalogue.themes for text in catalogue_texts(theme)})
    vectors = encode_cached(said, encoder, paths.embedding_cache)
    queries = make_queries(catalogue.themes, vectors, n_dims)
    themes = tuple(catalogue.themes[place].theme_id for place in queries.themes.tolist())
    return Described(queries.texts, queries.vectors, themes)


def _unlabelled(
    articles: Sequence[Article], embeddings: Embeddings, labels: GroupLabels, targets: Targets
) -> Unlabelled:
    """Canonical articles of which nothing is known, where these are most: labels are few then.

    Otherwise none: what clustering left over is mostly of no theme, and would be taught one.
    """
    taught = {article.article_id for article in targets.articles}
    chosen = [
        a for a in articles
        if a.is_canonical and a.article_id not in taught and a.duplicate_group not in labels.themes
    ]  # fmt: skip
    if len(chosen) <= len(taught) or len(taught) > _MAX_UNLABELLED:
        return NONE_UNLABELLED
    chosen = sorted(chosen, key=lambda a: a.content_id)[:_MAX_UNLABELLED]
    return Unlabelled(
        tuple(article.full_text for article in chosen),
        take_vectors(embeddings, [article.content_id for article in chosen]),
    )


def _unseen_answers(
    articles: Sequence[Article], embeddings: Embeddings, targets: Targets, fitted: Fitted
) -> dict[str, Answer]:
    """Answers for canonical articles, by content id, of models that had not seen them."""
    taught = zip(targets.articles, fitted.out_of_fold, strict=True)
    answers = {article.content_id: answer for article, answer in taught}
    others = [a for a in articles if a.is_canonical and a.content_id not in answers]
    found = predict(
        fitted.classifier,
        [article.full_text for article in others],
        embeddings,
        [article.content_id for article in others],
        [article.language for article in others],
    )
    answers |= {a.content_id: answer for a, answer in zip(others, found, strict=True)}
    return {content: answer for content, answer in answers.items() if answer is not None}


def _warn(labels: GroupLabels, targets: Targets, paths: Paths) -> None:
    """Say what of labels.csv has no effect, or too little to learn from."""
    if labels.n_unmatched:
        say(f"{paths.labels}: {labels.n_unmatched} labels are of no article that is here")
    if labels.n_conflicts:
        say(f"{paths.labels}: {labels.n_conflicts} articles have several labels; most votes win")
    single = [theme for theme, n in Counter(targets.themes).items() if n == 1]
    if single:
        say(f"train: learnt from one article only: {', '.join(sorted(single))}; label some more")


def _agreement(targets: Targets, answers: Sequence[Answer | None]) -> dict[str, float]:
    """Share of clusters' assignments that the model would have guessed; not a score of quality."""
    pairs = zip(targets.themes, targets.is_label, answers, strict=True)
    hits = [theme == a.best for theme, said, a in pairs if not said and a is not None]
    enough = len(hits) >= _MIN_AGREEMENT
    return {"oof_cluster_agreement": sum(hits) / len(hits)} if enough else {}


def _precision(targets: Targets, answers: Sequence[Answer | None]) -> dict[str, float]:
    """The probability above which 95 % of answers are as taught, and the share above it."""
    pairs = zip(targets.themes, answers, strict=True)
    given = [(a.probability, a.best == t) for t, a in pairs if a is not None and t != UNKNOWN]
    stated, is_right = [p for p, _ in given], [hit for _, hit in given]
    threshold = threshold_for_precision(stated, is_right, precision=0.95)
    if threshold is None or len(given) < _MIN_AGREEMENT:
        return {}
    covered, _ = coverage_and_precision(stated, is_right, threshold=threshold)
    return {"oof_threshold_95": threshold, "oof_coverage_95": covered}


if __name__ == "__main__":
    run_stage(run)
