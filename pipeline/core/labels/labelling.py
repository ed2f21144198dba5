"""Articles → labelled rows: one answer for each duplicate group, whatever happens to one row."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipeline.core.labels.classifier import UNKNOWN_NAME, Answer, predict
from pipeline.records import (
    LABELLED,
    UNKNOWN,
    Article,
    Embeddings,
    Labelled,
    ThemeClassifier,
)

_UNREADABLE = Answer(UNKNOWN, UNKNOWN_NAME, UNKNOWN, 0.0, (), 1.0, "no vector for this text")


def label_articles(
    classifier: ThemeClassifier,
    articles: Sequence[Article],
    embeddings: Embeddings,
    model_version: str,
) -> list[Labelled]:
    """Label every article, sorted by source file, position and id.

    Copies take the answer of their canonical article, or, where a batch holds none, of the member
    with the smallest id. An article whose content has no vector is `UNKNOWN` and says so: one bad
    row never stops a batch.

    Parameters
    ----------
    classifier : ThemeClassifier
        The model.
    articles : Sequence[Article]
        In any order; `article_id` unique.
    embeddings : Embeddings
        Of the encoder that the model was trained with; canonical articles suffice.
    model_version : str
        Written into every row.

    Raises
    ------
    ContractError
        If the vectors come from another encoder.
    """
    speakers = _speakers(articles)
    known = set(embeddings.content_ids)
    readable = [article for article in speakers.values() if article.content_id in known]
    answers = predict(
        classifier,
        [article.full_text for article in readable],
        embeddings,
        [article.content_id for article in readable],
        [article.language for article in readable],
    )
    by_group = {a.duplicate_group: answer for a, answer in zip(readable, answers, strict=True)}
    ordered = sorted(articles, key=lambda a: (a.source_file, a.position, a.article_id))
    return [
        _labelled(article, by_group.get(article.duplicate_group, _UNREADABLE), model_version)
        for article in ordered
    ]


def label_batch(
    classifier: ThemeClassifier,
    batch: pa.Table,
    embeddings: Embeddings,
    model_version: str,
) -> pa.Table:
    """Label one shard of articles as a table: what a cluster engine maps over.

    `batch` has the schema `ARTICLES`, the answer `LABELLED`; otherwise as `label_articles`. A
    duplicate group that is spread over several batches may get several answers.
    """
    articles = [Article(**record) for record in batch.to_pylist()]
    rows = label_articles(classifier, articles, embeddings, model_version)
    columns = {name: [getattr(row, name) for row in rows] for name in LABELLED.names}
    return pa.Table.from_pydict(columns, schema=LABELLED)


def _speakers(articles: Sequence[Article]) -> dict[str, Article]:
    """Duplicate group → the article that answers for it."""
    speakers: dict[str, Article] = {}
    for article in sorted(articles, key=lambda a: (not a.is_canonical, a.article_id)):
        speakers.setdefault(article.duplicate_group, article)
    return dict(sorted(speakers.items()))


def _labelled(article: Article, answer: Answer, model_version: str) -> Labelled:
    return Labelled(
        article_id=article.article_id,
        content_id=article.content_id,
        source_file=article.source_file,
        position=article.position,
        title=article.title,
        published=article.published,
        source=article.source,
        theme=answer.theme,
        theme_name=answer.theme_name,
        probability=answer.probability,
        alternatives=answer.alternatives,
        novelty=answer.novelty,
        reason=answer.reason,
        duplicate_group=article.duplicate_group,
        is_canonical=article.is_canonical,
        model_version=model_version,
    )
