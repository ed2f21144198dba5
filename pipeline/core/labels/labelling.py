"""Articles → labelled rows: one answer for each duplicate group, whatever happens to one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline.core.embeddings import Vector, distinct_texts, join_embeddings
from pipeline.core.labels.classifier import UNKNOWN_NAME, Answer, predict
from pipeline.errors import ContractError, NewsthemesError
from pipeline.records import (
    ARTICLES,
    LABELLED,
    UNKNOWN,
    Article,
    Embeddings,
    Encoder,
    Labelled,
    ThemeClassifier,
)

#: What is wrong with this machine or installation, not with one text.
_NOT_OF_A_ROW = (NewsthemesError, MemoryError, ImportError, OSError)


@dataclass(frozen=True, slots=True, eq=False)
class Labeller:
    """All that a labelled row depends on beside its article; made once for each worker.

    Raises
    ------
    ContractError
        If the classifier was trained on vectors of another encoder.
    """

    classifier: ThemeClassifier
    encoder: Encoder
    model_version: str

    def __post_init__(self) -> None:
        if self.classifier.encoder != self.encoder.model:
            raise ContractError(
                f"model: trained on vectors of {self.classifier.encoder} (got "
                f"{self.encoder.model}); use that encoder, or retrain: dvc repro"
            )

    def label_batch(self, batch: pa.Table) -> pa.Table:
        """Label a table of articles: what an engine for many machines maps over.

        An answer depends on its own duplicate group alone, so a table must hold whole groups.
        Copies take the answer of their canonical article, or, where there is none, of the member
        with the smallest id. A row that is no article, or whose text cannot be embedded or
        classified, is `UNKNOWN` and says why; it never stops the others. Nothing is said of
        earlier batches: see `mark_seen`.

        Parameters
        ----------
        batch : pa.Table
            The columns of `ARTICLES`, in any order, of types that can be cast to theirs.

        Returns
        -------
        pa.Table
            Schema `LABELLED`, one row for each, sorted by source file, position and article id.

        Raises
        ------
        ContractError
            If a column is missing or of another type.
        """
        articles, broken = _read_articles(_as_articles(batch))
        rows = [*self._label(articles), *(_unreadable(r, self.model_version) for r in broken)]
        rows.sort(key=lambda row: (row.source_file, row.position, row.article_id))
        columns = {name: [getattr(row, name) for row in rows] for name in LABELLED.names}
        return pa.Table.from_pydict(columns, schema=LABELLED)

    def _label(self, articles: Sequence[Article]) -> list[Labelled]:
        answers = self._answers(articles)
        return [
            _labelled(article, answers[article.duplicate_group], self.model_version)
            for article in articles
        ]

    def _answers(self, articles: Sequence[Article]) -> dict[str, Answer]:
        """Duplicate group → what the classifier says of it."""
        speakers = _speakers(articles)
        # As in training, all copies have a say in which text stands for a content.
        texts = distinct_texts(articles)
        wanted = sorted({texts[article.content_id] for article in speakers.values()})
        vectors, problems = self._encode(wanted)
        known = {content: vectors[text] for content, text in texts.items() if text in vectors}
        answers = {}
        readable = []
        for group, article in speakers.items():
            problem = problems.get(texts[article.content_id])
            if problem:
                answers[group] = _unknown(f"no vector for this text ({problem})")
            else:
                readable.append(article)
        if readable:
            embeddings = join_embeddings(known, self.encoder.model)
            answers |= self._classify(readable, embeddings)
        return answers

    def _encode(self, texts: Sequence[str]) -> tuple[dict[str, Vector], dict[str, str]]:
        """Vectors of texts, and what is wrong with those that have none."""
        try:
            return dict(zip(texts, self._unit_vectors(texts), strict=True)), {}
        except _NOT_OF_A_ROW:
            raise
        except Exception as error:  # noqa: BLE001 - one text may not stop the others
            if len(texts) == 1:
                return {}, {texts[0]: f"{type(error).__name__}: {error}"}
            first = error
        alone = [self._encode([text]) for text in texts]
        vectors = {text: vector for found, _ in alone for text, vector in found.items()}
        if not vectors:
            raise first  # not of one text
        return vectors, {text: problem for _, wrong in alone for text, problem in wrong.items()}

    def _unit_vectors(self, texts: Sequence[str]) -> Sequence[Vector]:
        if not texts:
            return []
        vectors = self.encoder.encode(texts)
        if not np.isfinite(vectors).all():
            raise ValueError("NaN or infinite values")
        return list(vectors)

    def _classify(self, articles: Sequence[Article], embeddings: Embeddings) -> dict[str, Answer]:
        try:
            answers = predict(
                self.classifier,
                [article.full_text for article in articles],
                embeddings,
                [article.content_id for article in articles],
                [article.language for article in articles],
            )
        except _NOT_OF_A_ROW:
            raise
        except Exception as error:  # noqa: BLE001 - one text may not stop the others
            if len(articles) == 1:
                reason = f"could not be classified ({type(error).__name__}: {error})"
                return {articles[0].duplicate_group: _unknown(reason)}
            parts = [self._classify([article], embeddings) for article in articles]
            return {group: answer for part in parts for group, answer in part.items()}
        return {a.duplicate_group: answer for a, answer in zip(articles, answers, strict=True)}


def mark_seen(labelled: pa.Table, seen_before: Mapping[str, str]) -> pa.Table:
    """Say which rows were labelled before.

    Parameters
    ----------
    labelled : pa.Table
        From `Labeller.label_batch`.
    seen_before : Mapping[str, str]
        Article id → id of the earlier batch; of the articles that were seen alone.
    """
    place = LABELLED.get_field_index("seen_before")
    found = [seen_before.get(i) for i in labelled.column("article_id").to_pylist()]
    return labelled.set_column(place, LABELLED.field(place), pa.array(found, type=pa.string()))


def _as_articles(batch: pa.Table) -> pa.Table:
    """Give the columns of `ARTICLES` in their order, and of their types."""
    columns = []
    for field in ARTICLES:
        if field.name not in batch.column_names:
            raise ContractError(
                f"label_batch: no column {field.name} (got {', '.join(batch.column_names)}); "
                "give articles as ingest writes them"
            )
        try:
            columns.append(batch.column(field.name).cast(field.type))
        except pa.ArrowException as error:
            raise ContractError(
                f"label_batch: column {field.name}: not {field.type} ({error}); give articles as "
                "ingest writes them"
            ) from error
    return pa.Table.from_arrays(columns, names=ARTICLES.names)


_Record = dict[str, Any]


def _read_articles(batch: pa.Table) -> tuple[list[Article], list[tuple[_Record, str]]]:
    """Articles, and the records that are none with what is wrong with them."""
    articles, broken = [], []
    try:
        records = batch.to_pylist()
    except UnicodeDecodeError:  # Arrow does not look into the bytes of its texts
        records = [_read_record(batch.slice(row, 1)) for row in range(batch.num_rows)]
    for record in records:
        missing = [f.name for f in ARTICLES if not f.nullable and record[f.name] is None]
        if missing:
            broken.append((record, f"not an article (no readable {', '.join(missing)})"))
        else:
            values: _Record = {k: tuple(v) if isinstance(v, list) else v for k, v in record.items()}
            articles.append(Article(**values))
    return articles, broken


def _read_record(row: pa.Table) -> _Record:
    """Values of a table of one row; None for one that is no text."""
    record: _Record = {}
    for name in row.column_names:
        try:
            record[name] = row.column(name)[0].as_py()
        except UnicodeDecodeError:
            record[name] = None
    return record


def _speakers(articles: Sequence[Article]) -> dict[str, Article]:
    """Duplicate group → the article that answers for it."""
    speakers: dict[str, Article] = {}
    for article in sorted(articles, key=lambda a: (not a.is_canonical, a.article_id)):
        speakers.setdefault(article.duplicate_group, article)
    return dict(sorted(speakers.items()))


def _unknown(reason: str) -> Answer:
    return Answer(UNKNOWN, UNKNOWN_NAME, UNKNOWN, 0.0, (), 1.0, reason)


def _unreadable(broken: tuple[_Record, str], model_version: str) -> Labelled:
    """Row for a record that is no article: what it holds, and nothing where it holds nothing."""
    record, problem = broken
    stated = {name: record[name] for name in _STATED}
    stated |= {name: _NOTHING[name] for name, value in stated.items() if value is None}
    return _row(stated, _unknown(problem), model_version)


_NOTHING: _Record = dict.fromkeys(LABELLED.names, "") | {
    "position": 0,
    "is_canonical": False,
    "title": None,
    "published": None,
    "source": None,
}


def _labelled(article: Article, answer: Answer, model_version: str) -> Labelled:
    stated = {name: getattr(article, name) for name in _STATED}
    return _row(stated, answer, model_version)


#: What a row says as its article does.
_STATED = tuple(name for name in LABELLED.names if name in ARTICLES.names)


def _row(stated: _Record, answer: Answer, model_version: str) -> Labelled:
    return Labelled(
        **stated,
        theme=answer.theme,
        theme_name=answer.theme_name,
        probability=answer.probability,
        alternatives=answer.alternatives,
        novelty=answer.novelty,
        reason=answer.reason,
        seen_before=None,
        model_version=model_version,
    )
