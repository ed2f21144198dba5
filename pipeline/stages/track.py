"""Show the result in MLflow as one run, register its model, and let the better one be champion."""

from __future__ import annotations

from pipeline.core.embeddings import distinct_texts, join_embeddings
from pipeline.core.labels.evaluation import held_out_articles
from pipeline.core.labels.holdout import GroupLabels, group_labels
from pipeline.core.labels.promotion import Decision, decide_promotion, judge_challenger
from pipeline.core.model_card import count_articles, write_model_card
from pipeline.core.run_summary import (
    fingerprint,
    flatten_metrics,
    flatten_params,
    run_name,
    theme_columns,
)
from pipeline.io.catalogue import load_catalogue
from pipeline.io.command import run_stage, say
from pipeline.io.encoders import encoder_of
from pipeline.io.files import write_json
from pipeline.io.labels import load_labels
from pipeline.io.model_files import RegisteredModel
from pipeline.io.models import load_model, model_version
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.results import (
    Dataset,
    Result,
    experiment_name,
    find_artifacts,
    hash_results,
    read_metrics,
    read_origin,
)
from pipeline.io.tables import read_embeddings, read_rows
from pipeline.io.vector_cache import encode_cached
from pipeline.records import Article, Embeddings, Theme, ThemeClassifier
from pipeline.tracking import Logged, log_result

#: Columns of the articles that MLflow shows as the data set; texts stay out of it.
_SHOWN = ("content_id", "kind", "published", "source", "language", "n_words", "duplicate_kind")


def run(paths: Paths, params: Params) -> None:
    """Read everything, log it once, write what identifies it."""
    articles = read_rows(paths.articles, Article)
    hashes = hash_results(paths)
    result = _summarise(paths, params, articles, hashes)

    def gate(champion: RegisteredModel | None) -> Decision:
        return _judge(paths, params, articles, champion)

    logged = log_result(paths, result, gate)
    say(_describe(result.name, logged))
    write_json(paths.run, identify(paths, params))


def identify(paths: Paths, params: Params) -> dict[str, str]:
    """Make `data/run.json`: the same result gives the same bytes, so no run id and no clock."""
    return {
        "experiment": params.track.experiment,
        "fingerprint": fingerprint(params.model_dump(), hash_results(paths)),
        "model_version_hash": model_version(paths.model),
    }


def _summarise(
    paths: Paths, params: Params, articles: list[Article], hashes: dict[str, str]
) -> Result:
    themes = read_rows(paths.themes, Theme)
    metrics, missing = flatten_metrics(read_metrics(paths))
    if missing:
        say(f"track: not logged, no finite number: {', '.join(missing)}")
    name = experiment_name() or run_name(len(themes), metrics)
    note = write_model_card(
        f"{params.track.model_name}: {name}",
        counts=count_articles(articles),
        themes=themes,
        scores={key.removeprefix("evaluate."): value for key, value in metrics.items()},
        encoder=params.embed.model,
    )
    return Result(
        experiment=params.track.experiment,
        model_name=params.track.model_name,
        fingerprint=fingerprint(params.model_dump(), hashes),
        name=name,
        params=flatten_params(params.model_dump()),
        metrics=metrics,
        tags=read_origin(paths.root),
        note=note,
        dataset=Dataset(
            name="articles",
            source="data/articles.parquet",
            digest=hashes["articles.parquet"][:16],
            columns={key: [getattr(a, key) for a in articles] for key in _SHOWN},
        ),
        files=find_artifacts(paths),
        tables={"themes.json": theme_columns(themes)},
        model=paths.model,
        encoder={
            "encoder_name": params.embed.model,
            "max_tokens": params.embed.max_tokens,
            "backend": params.embed.backend,
        },
    )


def _judge(
    paths: Paths, params: Params, articles: list[Article], champion: RegisteredModel | None
) -> Decision:
    """Compare the new model with the champion on the labels that are set aside from both."""
    if champion is None:
        return decide_promotion(champion=None, duel=None, margin=params.track.promote_margin)
    theirs = load_model(champion.folder)
    embeddings = read_embeddings(paths.embeddings)
    labels = group_labels(
        articles, load_labels(paths.labels),
        share=params.train.holdout_share, owners=load_catalogue(paths.catalogue).owners,
    )  # fmt: skip
    return judge_challenger(
        load_model(paths.model),
        theirs,
        champion_version=champion.version,
        articles=articles,
        embeddings=embeddings,
        champion_embeddings=_embed_for(theirs, articles, labels, embeddings, paths),
        labels=labels,
        margin=params.track.promote_margin,
        n_resamples=params.evaluate.n_bootstrap,
        seed=params.seed,
        is_experiment=experiment_name() is not None,
    )


def _embed_for(
    champion: ThemeClassifier,
    articles: list[Article],
    labels: GroupLabels,
    embeddings: Embeddings,
    paths: Paths,
) -> Embeddings | None:
    """Vectors of the hold-out as the champion needs them; None where its encoder is not here."""
    if champion.encoder == embeddings.model:
        return embeddings
    encoder = encoder_of(champion.encoder)
    texts = distinct_texts(held_out_articles(articles, labels, trained_on=champion.trained_on))
    if encoder is None or not texts:
        return None
    known = encode_cached(list(texts.values()), encoder, paths.embedding_cache)
    return join_embeddings({i: known[text] for i, text in texts.items()}, encoder.model)


def _describe(name: str, logged: Logged) -> str:
    if logged.decision is None:
        return f"track: run '{name}' is in MLflow already ({logged.run_id})"
    verdict = "is champion now" if logged.decision.promote else "stays challenger"
    return (
        f"track: run '{name}' logged; version {logged.version} {verdict}: {logged.decision.reason}"
    )


if __name__ == "__main__":
    run_stage(run)
