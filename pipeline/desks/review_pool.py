"""What people may be asked to look at: the corpus and recent batches, or some labelled files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.core.embeddings import join_embeddings
from pipeline.core.labels.classifier import predict
from pipeline.core.labels.holdout import group_labels
from pipeline.core.labels.noise import Suspect
from pipeline.core.labels.targets import choose_targets
from pipeline.core.review.opinions import Opinion, SecondOpinion, form_opinion, margins_of
from pipeline.core.review.queue import Reviewable
from pipeline.errors import ContractError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.labelled_rows import read_labelled
from pipeline.io.labels import load_labels
from pipeline.io.models import load_model, model_version
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.registry import champion_folder
from pipeline.io.tables import read_embeddings, read_rows
from pipeline.io.vector_cache import VectorCache
from pipeline.records import Article, Assignment, Embeddings, Labelled, Theme, ThemeClassifier

Vector = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Articles that may be looked at, one for each duplicate group.

    `vectors` by content id, as far as they are known; `groups` maps each content id, copies
    included, to its group; `suspects` are probable label errors, worst first; `model_version`
    names the model, or models, that answered.
    """

    items: tuple[Reviewable, ...]
    vectors: Mapping[str, Vector]
    groups: Mapping[str, str]
    suspects: tuple[Suspect, ...]
    model_version: str


def load_pool(paths: Paths, params: Params) -> Pool:
    """Articles of the corpus and of the batches, with what a model that had not seen them says.

    Raises
    ------
    ContractError
        If there is no corpus or no model, or they do not belong together.
    """
    folder = _find_model(paths, params)
    classifier = load_model(folder)
    articles = read_rows(paths.articles, Article)
    embeddings = read_embeddings(paths.embeddings)
    second, suspects = _form_opinion(paths, params, articles, embeddings)
    opinions = second.opinions(min_probability=params.label.min_probability)
    groups = {article.content_id: article.duplicate_group for article in articles}
    canonical = {article.content_id: article for article in articles if article.is_canonical}
    unseen = [canonical[content] for content in sorted(set(canonical) - set(opinions))]
    opinions |= _ask(classifier, second, unseen, embeddings)
    items = [_reviewable(canonical[content], opinions[content]) for content in sorted(canonical)]

    vectors = dict(zip(embeddings.content_ids, embeddings.vectors, strict=True))
    fresh = list(_of_batches(paths, classifier.encoder, set(groups)))
    found = {article.content_id: vector for article, _, vector in fresh if vector is not None}
    groups |= {article.content_id: article.duplicate_group for article, _, _ in fresh}
    if found:
        vectors |= found
        known = [article for article, _, _ in fresh if article.content_id in found]
        opinions |= _ask(classifier, second, known, join_embeddings(found, classifier.encoder))
    items += [
        _reviewable(article, opinions.get(article.content_id) or _stated(labelled))
        for article, labelled, _ in fresh
    ]
    return Pool(tuple(items), vectors, groups, suspects, model_version(folder))


def load_labelled_pool(paths: Paths, files: Sequence[Path]) -> Pool:
    """Rows of labelled files, with the answers that they give; texts where the project has them.

    Raises
    ------
    InputError
        If a file is no labelled output.
    """
    rows = [row for path in files for row in read_labelled(path)]
    texts = {article.content_id: article for article in _articles_at_hand(paths)}
    chosen: dict[str, Labelled] = {}
    groups: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: (not row.is_canonical, row.content_id, row.article_id)):
        group = groups.setdefault(row.content_id, row.duplicate_group)
        chosen.setdefault(group, row)
    items = [
        _item(
            row, group, texts[row.content_id].text if row.content_id in texts else "", _stated(row)
        )
        for group, row in chosen.items()
    ]
    versions = sorted({row.model_version for row in rows})
    return Pool(tuple(items), {}, groups, (), ", ".join(versions))


def find_label_errors(paths: Paths, params: Params) -> tuple[Suspect, ...]:
    """Probable label errors of the corpus, worst first; raises as `load_pool`."""
    articles = read_rows(paths.articles, Article)
    return _form_opinion(paths, params, articles, read_embeddings(paths.embeddings))[1]


def _find_model(paths: Paths, params: Params) -> Path:
    if paths.model.is_dir():
        return paths.model
    champion = champion_folder(paths.mlruns, params.track.model_name)
    if champion is None:
        raise ContractError(f"{paths.model}: no model yet; run: dvc repro")
    return champion.folder


def _form_opinion(
    paths: Paths, params: Params, articles: Sequence[Article], embeddings: Embeddings
) -> tuple[SecondOpinion, tuple[Suspect, ...]]:
    """A model for each training article that had not seen it, and the labels that look wrong."""
    labels = group_labels(
        articles, load_labels(paths.labels),
        share=params.train.holdout_share, owners=load_catalogue(paths.catalogue).owners,
    )  # fmt: skip
    targets = choose_targets(
        articles,
        read_rows(paths.assignments, Assignment),
        read_rows(paths.themes, Theme),
        labels,
        label_weight=params.train.label_weight,
    )
    if not targets.articles:
        raise ContractError(f"{paths.assignments}: no article has a theme; run: dvc repro")
    opinion = form_opinion(
        targets,
        embeddings,
        regularization=params.train.regularization,
        lexical_weight=params.train.lexical_weight,
        max_features=params.train.max_features,
    )
    known = {article.content_id for article in targets.articles}
    said = {
        article.content_id: (article, labels.themes[article.duplicate_group])
        for article in articles
        if article.is_canonical
        and article.content_id not in known
        and article.duplicate_group in labels.themes
    }
    others = [said[content] for content in sorted(said)]
    suspects = opinion.suspects(
        [article for article, _ in others], [theme for _, theme in others], embeddings
    )
    return opinion, suspects


def _ask(
    classifier: ThemeClassifier,
    second: SecondOpinion,
    articles: Sequence[Article],
    embeddings: Embeddings,
) -> dict[str, Opinion]:
    """What the model answers for articles that it was not trained on, by content id."""
    answers = predict(
        classifier,
        [article.full_text for article in articles],
        embeddings,
        [article.content_id for article in articles],
        [article.language for article in articles],
    )
    margins = margins_of(second.judge(articles, embeddings))
    return {
        article.content_id: Opinion(
            answer.theme, answer.theme_name, answer.probability, answer.alternatives,
            margin, answer.novelty,
        )
        for article, answer, margin in zip(articles, answers, margins, strict=True)
    }  # fmt: skip


def _of_batches(
    paths: Paths, encoder: str, known: set[str]
) -> Iterable[tuple[Article, Labelled, Vector | None]]:
    """Canonical articles of batches that no earlier batch and not the corpus has."""
    cache = VectorCache(paths.embedding_cache, encoder)
    for batch in _batches(paths):
        rows = {row.article_id: row for row in read_rows(batch / "labelled.parquet", Labelled)}
        articles = [
            article
            for article in read_rows(batch / "articles.parquet", Article)
            if article.is_canonical
            and article.article_id in rows
            and rows[article.article_id].seen_before is None
        ]
        vectors = cache.find([a.full_text for a in articles]) if articles else {}
        for article in sorted(articles, key=lambda a: a.content_id):
            if article.content_id not in known:
                known.add(article.content_id)
                yield article, rows[article.article_id], vectors.get(article.full_text)


def _batches(paths: Paths) -> list[Path]:
    """Folders of batches that are whole."""
    if not paths.batches.is_dir():
        return []
    return [
        folder
        for folder in sorted(paths.batches.iterdir())
        if (folder / "labelled.parquet").is_file() and (folder / "articles.parquet").is_file()
    ]


def _articles_at_hand(paths: Paths) -> Iterable[Article]:
    for folder in _batches(paths):
        yield from read_rows(folder / "articles.parquet", Article)
    if paths.articles.is_file():
        yield from read_rows(paths.articles, Article)


def _stated(row: Labelled) -> Opinion:
    # Only the best probability is known: the second is at most all the rest.
    margin = max(0.0, 2 * row.probability - 1)
    return Opinion(
        row.theme, row.theme_name, row.probability, row.alternatives, margin, row.novelty
    )


def _reviewable(article: Article, opinion: Opinion) -> Reviewable:
    return _item(article, article.duplicate_group, article.text, opinion)


def _item(stated: Article | Labelled, group: str, text: str, opinion: Opinion) -> Reviewable:
    return Reviewable(
        content_id=stated.content_id,
        group=group,
        title=stated.title,
        text=text,
        published=stated.published,
        source=stated.source,
        theme=opinion.theme,
        theme_name=opinion.theme_name,
        probability=opinion.probability,
        alternatives=opinion.alternatives,
        margin=opinion.margin,
        novelty=opinion.novelty,
    )
