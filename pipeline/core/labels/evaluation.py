"""How good the answers are, judged by people's labels that no model was trained on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pipeline.core.clustering.scores import score_clusters
from pipeline.core.labels.classifier import predict
from pipeline.core.labels.holdout import GroupLabels
from pipeline.core.labels.scores import (
    Statistic,
    accuracy,
    accuracy_answered,
    accuracy_statistic,
    bootstrap_interval,
    brier_loss,
    calibration_error,
    compare_models,
    coverage,
    coverage_statistic,
    expected_calibration_error,
    macro_f1,
    macro_f1_statistic,
    theme_scores,
    unknown_recall,
)
from pipeline.records import (
    UNKNOWN,
    Article,
    Assignment,
    Embeddings,
    HoldoutRow,
    Theme,
    ThemeClassifier,
)

#: Draws behind `ece_if_calibrated`.
_N_DRAWS = 200


def held_out_articles(
    articles: Sequence[Article], labels: GroupLabels, *, trained_on: Collection[str]
) -> list[Article]:
    """Canonical article of each held-out group of which no model has seen a copy, by id.

    `trained_on` holds the content ids that any of the models in question was trained on.
    """
    seen = {a.duplicate_group for a in articles if a.content_id in trained_on}
    chosen = [a for a in articles if a.is_canonical and a.duplicate_group in labels.held_out - seen]
    return sorted(chosen, key=lambda a: a.article_id)


def score_model(
    classifier: ThemeClassifier,
    articles: Sequence[Article],
    embeddings: Embeddings,
    labels: GroupLabels,
    *,
    other_trained_on: Collection[str] = (),
) -> list[HoldoutRow]:
    """Let a model answer for the frozen hold-out, one row for each duplicate group, by article id.

    Parameters
    ----------
    classifier : ThemeClassifier
        The model that answers.
    articles, embeddings
        All articles, copies included, and vectors of the model's encoder.
    labels : GroupLabels
        People's decisions and which of them are set aside.
    other_trained_on : Collection[str]
        Contents that a rival was trained on: left out too, so that the rows of two models that
        are given each other's `trained_on` are of the same groups, in the same order.

    Raises
    ------
    ContractError
        If the vectors come from another encoder, or a held-out article has none.
    """
    trained_on = {*classifier.trained_on, *other_trained_on}
    chosen = held_out_articles(articles, labels, trained_on=trained_on)
    answers = predict(
        classifier,
        [article.full_text for article in chosen],
        embeddings,
        [article.content_id for article in chosen],
        [article.language for article in chosen],
    )
    return [
        HoldoutRow(
            article_id=article.article_id,
            content_id=article.content_id,
            duplicate_group=article.duplicate_group,
            actual=labels.themes[article.duplicate_group],
            predicted=answer.theme,
            best=answer.best,
            probability=answer.probability,
            novelty=answer.novelty,
        )
        for article, answer in zip(chosen, answers, strict=True)
    ]


def summarise_holdout(
    rows: Sequence[HoldoutRow],
    baselines: Mapping[str, Sequence[str]],
    *,
    n_resamples: int,
    seed: int,
) -> dict[str, float]:
    """Everything that is said of the hold-out, as flat numbers; what is undefined is left out.

    `macro_f1`, `accuracy` and `coverage` come with `_low` and `_high`, the 95 % bootstrap
    interval; `ece` with `ece_if_calibrated`, what chance alone would give. `macro_f1_forced` is
    the score had the model never abstained. `ece` and `brier` judge the top probability on
    articles of a theme. `minus_<baseline>` is our macro-F1 minus that of a baseline, paired, on
    articles of a theme and had ours never abstained.

    Parameters
    ----------
    rows : Sequence[HoldoutRow]
        One for each duplicate group; none gives `n_holdout` 0 and no score.
    baselines : Mapping
        From `predict_baselines`, aligned with `rows`.
    n_resamples : int
        Resamples behind each interval.
    seed : int
        Draws the resamples.
    """
    actual, predicted = [row.actual for row in rows], [row.predicted for row in rows]
    groups = [row.duplicate_group for row in rows]
    themed = [row for row in rows if row.actual != UNKNOWN]
    stated, is_right = calibration_inputs(rows)
    values: dict[str, float | None] = {
        "n_holdout": float(len(rows)),
        "n_holdout_unknown": float(len(rows) - len(themed)),
        "macro_f1": macro_f1(actual, predicted),
        "macro_f1_forced": macro_f1(actual, [row.best for row in rows]),
        "accuracy": accuracy(actual, predicted),
        "coverage": coverage(predicted),
        "accuracy_answered": accuracy_answered(actual, predicted),
        "unknown_recall": unknown_recall(actual, predicted),
        "ece": calibration_error(stated, is_right),
        "ece_if_calibrated": expected_calibration_error(stated, n_draws=_N_DRAWS, seed=seed),
        "brier": brier_loss(stated, is_right),
    }
    statistics: dict[str, tuple[Statistic, list[str]]] = {
        "macro_f1": (macro_f1_statistic(actual, predicted), groups),
        "accuracy": (accuracy_statistic(actual, predicted), groups),
        "coverage": (coverage_statistic(predicted), groups),
    }
    for name, answers in baselines.items():
        values[f"baseline_{name}_macro_f1"] = macro_f1(actual, answers)
        statistics[f"baseline_{name}_macro_f1"] = (macro_f1_statistic(actual, answers), groups)
    for name, (statistic, drawn) in statistics.items():
        interval = bootstrap_interval(statistic, drawn, n_resamples=n_resamples, seed=seed)
        values[f"{name}_low"] = interval.low if interval else None
        values[f"{name}_high"] = interval.high if interval else None
    for name in ("tfidf", "embedding"):
        if name in baselines:
            values |= _gain(rows, name, baselines[name], n_resamples=n_resamples, seed=seed)
    return {name: value for name, value in values.items() if value is not None}


def _gain(
    rows: Sequence[HoldoutRow],
    name: str,
    answers: Sequence[str],
    *,
    n_resamples: int,
    seed: int,
) -> dict[str, float | None]:
    """Macro-F1 above a baseline on articles of a theme, abstaining left out: it never abstains."""
    pairs = [(r, answer) for r, answer in zip(rows, answers, strict=True) if r.actual != UNKNOWN]
    found = compare_models(
        [row.actual for row, _ in pairs],
        [row.best for row, _ in pairs],
        [answer for _, answer in pairs],
        groups=[row.duplicate_group for row, _ in pairs],
        n_resamples=n_resamples,
        seed=seed,
    )
    return {
        f"minus_{name}": found.difference if found else None,
        f"minus_{name}_low": found.low if found else None,
        f"minus_{name}_high": found.high if found else None,
    }


def calibration_inputs(rows: Sequence[HoldoutRow]) -> tuple[list[float], list[bool]]:
    """Top probability, and whether the top theme is right, of each article of a theme."""
    themed = [row for row in rows if row.actual != UNKNOWN]
    return [row.probability for row in themed], [row.best == row.actual for row in themed]


def summarise_themes(
    rows: Sequence[HoldoutRow],
    articles: Sequence[Article],
    assignments: Sequence[Assignment],
    themes: Sequence[Theme],
    labels: GroupLabels,
) -> dict[str, float]:
    """Numbers theme by theme, and how well the themes that were found fit people's labels.

    `precision.<id>`, `recall.`, `f1.` and `n.<id>` judge the model on the hold-out. `themes_ami`,
    `themes_ari`, `themes_fmi` and the other `ClusterScores`, and `themes_f1.<id>`, judge not the
    model but the assignments, on all labelled canonical articles; no theme counts as a group of
    its own.
    """
    values: dict[str, float | None] = {}
    on_holdout = theme_scores([row.actual for row in rows], [row.predicted for row in rows])
    for theme, score in on_holdout.items():
        values[f"precision.{theme}"] = score.precision
        values[f"recall.{theme}"] = score.recall
        values[f"f1.{theme}"] = score.f1
        values[f"n.{theme}"] = float(score.n)
    assigned = {a.article_id: a.theme or UNKNOWN for a in assignments}
    labelled = [a for a in articles if a.is_canonical and a.duplicate_group in labels.themes]
    actual = [labels.themes[a.duplicate_group] for a in labelled]
    found = [assigned.get(a.article_id, UNKNOWN) for a in labelled]
    number = {theme: i for i, theme in enumerate(sorted(set(found) - {UNKNOWN}))}
    agreement = score_clusters(actual, [number.get(theme, -1) for theme in found])
    values |= agreement.as_metrics("themes_") if agreement else {}
    known = {theme.theme_id for theme in themes}
    for theme, score in theme_scores(actual, found).items():
        if theme in known:
            values[f"themes_f1.{theme}"] = score.f1
    return {name: value for name, value in values.items() if value is not None}
