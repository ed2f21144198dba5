"""Match clusters with the catalogue and the past, name what is new, say what has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.holdout import GroupLabels, group_labels
from pipeline.core.labels.targets import labels_of_themes
from pipeline.core.themes.coherence import theme_quality
from pipeline.core.themes.descriptions import Members, assign_articles, describe_themes
from pipeline.core.themes.edits import Corpus
from pipeline.core.themes.events import find_events, summarise_events
from pipeline.core.themes.grouping import ThemeSettings, strengths_of
from pipeline.core.themes.keywords import keywords_of
from pipeline.core.themes.levels import choose_level
from pipeline.core.themes.memory import last_snapshot, remember, share_kept, sizes_of
from pipeline.core.themes.names import ThemeName, name_themes
from pipeline.core.themes.queries import Queries, catalogue_texts, make_queries
from pipeline.core.themes.retrain import Material, Outcome, find_themes
from pipeline.core.themes.series import theme_series
from pipeline.core.themes.token_table import read_tokens
from pipeline.errors import ContractError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.command import run_stage, say
from pipeline.io.encoders import encoder_for
from pipeline.io.files import write_json
from pipeline.io.labels import load_labels
from pipeline.io.language_model import LanguageModel
from pipeline.io.params import Params, ThemesParams
from pipeline.io.paths import Paths
from pipeline.io.tables import read_clusters, read_embeddings, read_rows, write_rows
from pipeline.io.theme_memory import fingerprint_inputs, load_memory, save_events, save_memory
from pipeline.io.vector_cache import CachedEncoder, encode_cached
from pipeline.records import (
    Article,
    Assignment,
    CatalogueTheme,
    Encoder,
    Level,
    SeriesPoint,
    Theme,
    ThemeEvent,
    ThemeMemory,
)


def embed_catalogue(
    themes: Sequence[CatalogueTheme], encoder: Encoder, cache_folder: Path, n_dims: int
) -> Queries:
    """Queries of the catalogued themes, in vectors of `n_dims`."""
    texts = {text for theme in themes for text in catalogue_texts(theme)}
    known = encode_cached(sorted(texts), encoder, cache_folder) if texts else {}
    return make_queries(themes, known, n_dims)


def run(paths: Paths, params: Params, encoder: Encoder | None = None) -> None:
    """Read clusters, articles, embeddings, the catalogue and what was before; write themes.

    The memory of the last retrain is read where there is one. Running again on the same inputs
    compares with the same retrain, and writes the same bytes.
    """
    members = _read_members(paths)
    level = choose_level(read_rows(paths.levels, Level), params.themes.granularity)
    encoder = encoder or encoder_for(params.embed)
    material = _material(paths, params, members, level, encoder)
    labels = group_labels(
        members.articles, load_labels(paths.labels),
        share=params.train.holdout_share, owners=material.catalogue.owners,
    )  # fmt: skip
    fingerprint = _fingerprint(paths, params, labels)
    memory = load_memory(paths.theme_memory)
    before = last_snapshot(memory, fingerprint)
    s = params.themes
    found = find_themes(
        material,
        before,
        ThemeSettings(s.join_similarity, s.min_fit),
        lambda theme_of: _called(members, theme_of, _catalogued(material), labels),
    )
    keywords, names = _name(material, found, s, CachedEncoder(encoder, paths.embedding_cache))
    themes = describe_themes(
        members, found.grouping, found.catalogue, found.identities, names, keywords,
        level=level, n_evidence=s.n_evidence,
    )  # fmt: skip
    assignments = assign_articles(members, found.grouping, themes)
    now = remember(
        material.corpus.content_ids, material.vectors, found.grouping, themes, found.absorbed,
        before,
        fingerprint=fingerprint, model=material.model, formerly=found.formerly,
        merged=material.catalogue.owners.keys(),
        granularity=material.granularity,
    )  # fmt: skip
    events = find_events(
        found.before, now,
        sizes=sizes_of(before), formerly=found.former_ids, retired=found.retired,
        conflicts=found.conflicts,
    )  # fmt: skip
    write_rows(paths.themes, themes, Theme)
    write_rows(paths.assignments, assignments, Assignment)
    write_rows(paths.theme_series, theme_series(members.articles, assignments), SeriesPoint)
    save_events(paths.theme_events, events)
    save_memory(paths.theme_memory, ThemeMemory(now, before))
    became = {old: new for new, old in found.former_ids.items()}
    kept = share_kept(found.before, now, {**material.catalogue.owners, **became})
    quality = theme_quality(
        material.corpus.texts, found.grouping.groups, [theme.keywords for theme in themes]
    )
    numbers = _count(themes, found, events) | quality.as_metrics()
    numbers |= {"level": level, "share_kept": kept}
    write_json(paths.metrics("themes"), numbers)
    _tell(paths, themes, found, events)


def _read_members(paths: Paths) -> Members:
    """Articles in the order of their clusters.

    Raises
    ------
    ContractError
        If the clusters are of other articles.
    """
    articles = read_rows(paths.articles, Article)
    clusters = read_clusters(paths.clusters)
    by_id = {article.article_id: article for article in articles}
    if set(clusters.article_ids) != {a.article_id for a in articles if a.is_canonical}:
        raise ContractError(f"{paths.clusters}: of other articles; run: dvc repro cluster")
    return Members(articles, [by_id[article_id] for article_id in clusters.article_ids], clusters)


def _material(
    paths: Paths, params: Params, members: Members, level: int, encoder: Encoder
) -> Material:
    embeddings = read_embeddings(paths.embeddings)
    catalogue = load_catalogue(paths.catalogue)
    n_dims = embeddings.vectors.shape[1]
    corpus = Corpus(
        content_ids=tuple(article.content_id for article in members.canonical),
        texts=tuple(article.full_text for article in members.canonical),
        canonical_of={a.content_id: a.duplicate_group for a in members.articles},
    )
    return Material(
        corpus=corpus,
        vectors=take_vectors(embeddings, corpus.content_ids),
        model=embeddings.model,
        tree=members.clusters.tree,
        level=level,
        granularity=params.themes.granularity,
        catalogue=catalogue,
        queries=embed_catalogue(catalogue.themes, encoder, paths.embedding_cache, n_dims),
    )


def _fingerprint(paths: Paths, params: Params, labels: GroupLabels) -> str:
    """Name all that themes depend on; labels of the hold-out are nothing that they depend on."""
    files = [paths.articles, paths.clusters, paths.levels, paths.embeddings, paths.catalogue]
    said = sorted((g, t) for g, t in labels.themes.items() if g not in labels.held_out)
    return fingerprint_inputs(files, params.embed, params.themes, said)


def _called(
    members: Members,
    theme_of: Mapping[str, str | None],
    catalogued: frozenset[str],
    labels: GroupLabels,
) -> dict[str, str]:
    """Provisional theme id → what people call it, by their labels outside the hold-out."""
    assigned = {a.article_id: theme_of[a.content_id] for a in members.canonical}
    return labels_of_themes(members.articles, assigned, catalogued, labels)


def _catalogued(material: Material) -> frozenset[str]:
    """Ids of the catalogued themes."""
    return frozenset(theme.theme_id for theme in material.catalogue.themes)


def _name(
    material: Material, found: Outcome, s: ThemesParams, encoder: Encoder
) -> tuple[list[list[str]], list[ThemeName]]:
    """Keywords and name of each group; names that people gave, or that it had, stay."""
    n_groups = len(found.theme_ids)
    groups = found.grouping.groups.tolist()
    table = read_tokens(material.corpus.texts)
    keywords = keywords_of(table, groups, n=s.n_keywords)
    keywords += [[] for _ in range(n_groups - len(keywords))]
    given: dict[int, str] = {}
    used: set[str] = set()
    written = [theme.name for theme in found.catalogue] + [i.name for i in found.identities]
    for group, name in enumerate(written):
        if name is not None and name.casefold() not in used:
            given[group] = name
            used.add(name.casefold())
    # The names of themes that may return stay theirs.
    past = found.before.themes if found.before else ()
    taken = {t.name for t in past if t.theme_id not in found.theme_ids and t.part_of is None}
    names = name_themes(
        table, groups, strengths_of(found.grouping).tolist(), keywords,
        given=given,
        taken=taken - set(given.values()),
        vectors=material.vectors,
        encoder=encoder,
        writer=LanguageModel(s.name_model) if s.name_model else None,
        n_evidence=s.n_evidence,
    )  # fmt: skip
    return keywords, names


def _count(
    themes: Sequence[Theme], found: Outcome, events: Sequence[ThemeEvent]
) -> dict[str, float]:
    """Numbers for metrics/themes.json, over canonical articles."""
    how = found.grouping.how
    kinds = [event.kind for event in events]
    return {
        "n_catalogued_found": sum(t.status == "catalogued" and t.n_distinct > 0 for t in themes),
        "n_catalogued_missing": sum(t.n_distinct == 0 for t in themes),
        "n_provisional": sum(theme.status == "provisional" for theme in themes),
        "n_core": how.count("core"),
        "n_guided": how.count("guided"),
        "n_pins_unmatched": len(found.unknown_pins),
        "n_leftover": how.count("leftover"),
        "n_born": kinds.count("born"),
        "n_split": kinds.count("split"),
        "n_merged": kinds.count("merged"),
        "n_faded": kinds.count("faded"),
        "n_returned": kinds.count("returned"),
        "n_conflicts": kinds.count("conflict"),
    }


def _tell(
    paths: Paths, themes: Sequence[Theme], found: Outcome, events: Sequence[ThemeEvent]
) -> None:
    """Say what was found and what has changed since the last retrain."""
    for event in events:
        if event.kind == "conflict":
            say(f"themes: {event.message}")
    n_found = sum(theme.n_distinct > 0 for theme in themes)
    say(f"themes: {n_found} themes, {len(found.catalogue)} catalogued")
    if found.before is None:
        return
    told = summarise_events(events)
    since = f"{told} (listed in {paths.theme_events})" if told else "nothing has changed"
    say(f"themes: since the last retrain: {since}")


if __name__ == "__main__":
    run_stage(run)
