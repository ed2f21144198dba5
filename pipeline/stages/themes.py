"""Match clusters with the catalogue, name what is new, and give every article its theme."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.holdout import group_labels
from pipeline.core.labels.targets import names_by_people
from pipeline.core.themes.descriptions import adopt_names, assign_articles, describe_themes
from pipeline.core.themes.grouping import (
    ThemeSettings,
    catalogue_texts,
    group_articles,
    pin_groups,
    unit,
)
from pipeline.errors import ContractError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.command import run_stage, say
from pipeline.io.encoders import SentenceEncoder
from pipeline.io.files import write_json
from pipeline.io.labels import load_labels
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_clusters, read_embeddings, read_rows, write_rows
from pipeline.io.vector_cache import encode_cached
from pipeline.records import Article, Assignment, CatalogueTheme, Encoder, FloatMatrix, Theme


def embed_catalogue(
    catalogue: list[CatalogueTheme], encoder: Encoder, cache_folder: Path, n_dims: int
) -> FloatMatrix:
    """Query of each catalogued theme, shape (n_themes, n_dims), unit rows."""
    if not catalogue:
        return np.zeros((0, n_dims), dtype=np.float32)
    texts = {text for theme in catalogue for text in catalogue_texts(theme)}
    known = encode_cached(sorted(texts), encoder, cache_folder)
    queries = [np.mean([known[t] for t in catalogue_texts(theme)], axis=0) for theme in catalogue]
    return np.stack([unit(query) for query in queries])


def run(paths: Paths, params: Params, encoder: Encoder | None = None) -> None:
    """Read clusters, articles, embeddings and the catalogue; write themes and assignments."""
    articles = read_rows(paths.articles, Article)
    embeddings = read_embeddings(paths.embeddings)
    clusters = read_clusters(paths.clusters)
    catalogue = load_catalogue(paths.catalogue)
    encoder = encoder or SentenceEncoder(params.embed.model, params.embed.max_tokens)
    queries = embed_catalogue(
        catalogue, encoder, paths.embedding_cache, embeddings.vectors.shape[1]
    )
    catalogue, unknown_pins = pin_groups(
        catalogue, {a.content_id: a.duplicate_group for a in articles}
    )
    if unknown_pins:
        say(
            f"{paths.catalogue}: {len(unknown_pins)} pinned contents are not in the corpus (first: "
            f"{unknown_pins[0]}); they are kept and ignored"
        )
    by_id = {article.article_id: article for article in articles}
    if set(clusters.article_ids) != {a.article_id for a in articles if a.is_canonical}:
        raise ContractError(f"{paths.clusters}: of other articles; run: dvc repro cluster")
    canonical = [by_id[article_id] for article_id in clusters.article_ids]
    content_ids = [article.content_id for article in canonical]
    s = params.themes
    grouping = group_articles(
        content_ids,
        [article.full_text for article in canonical],
        take_vectors(embeddings, content_ids),
        clusters.labels,
        catalogue,
        queries,
        ThemeSettings(s.match_similarity, s.join_similarity, s.min_fit),
    )
    themes = describe_themes(
        articles, canonical, grouping, catalogue,
        n_keywords=s.n_keywords, n_evidence=s.n_evidence,
    )  # fmt: skip
    assignments = assign_articles(articles, canonical, clusters.paths, grouping, themes)
    labels = group_labels(articles, load_labels(paths.labels), share=params.train.holdout_share)
    called = names_by_people(articles, assignments, themes, labels)
    themes, assignments = adopt_names(themes, assignments, called)
    write_rows(paths.themes, themes, Theme)
    write_rows(paths.assignments, assignments, Assignment)
    write_json(paths.metrics("themes"), _count(themes, grouping.how, len(unknown_pins)))
    say(f"themes: {sum(t.n_distinct > 0 for t in themes)} themes, {len(catalogue)} catalogued")


def _count(themes: list[Theme], how: tuple[str, ...], n_unknown_pins: int) -> dict[str, float]:
    """Numbers for metrics/themes.json, over canonical articles."""
    n = max(1, len(how))
    return {
        "n_themes": sum(theme.n_distinct > 0 for theme in themes),
        "n_catalogued_found": sum(t.status == "catalogued" and t.n_distinct > 0 for t in themes),
        "n_catalogued_missing": sum(t.n_distinct == 0 for t in themes),
        "n_provisional": sum(theme.status == "provisional" for theme in themes),
        "n_core": how.count("core"),
        "n_guided": how.count("guided"),
        "n_pins_unmatched": n_unknown_pins,
        "n_leftover": how.count("leftover"),
        "share_in_none": round(how.count("none") / n, 4),
        "largest_share": max((theme.share for theme in themes), default=0.0),
    }


if __name__ == "__main__":
    run_stage(run)
