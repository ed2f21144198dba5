"""The unknown articles of a batch and of those before it, with their vectors."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from pipeline.core.batches.candidates import UnknownArticle
from pipeline.core.batches.emerging import MAX_TOGETHER, first_of_copies
from pipeline.core.batches.reasons import THEMATIC, kind_of
from pipeline.core.labels.labelling import Labeller
from pipeline.io.batch_files import earlier_batches, read_articles, stream_blocks
from pipeline.io.paths import BatchPaths, Paths
from pipeline.io.tables import table_of
from pipeline.io.vector_cache import Vector, VectorCache
from pipeline.records import LABELLED, UNKNOWN, Article, FloatMatrix, ThemeClassifier

#: Batches that are looked back on.
MAX_BATCHES = 30
#: Articles with a theme, whose words the names of candidates have to stand out from.
_N_BACKGROUND = 400
#: Of a text, its beginning: what it is about stands there.
_CHARACTERS = 800
_COLUMNS = (
    "article_id", "content_id", "published", "theme", "reason", "is_canonical", "seen_before",
    "model_version",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class UnknownPool:
    """Unknown articles of distinct contents, sorted by content id, and `vectors` row by row.

    `background` holds texts of articles with a theme. `n_left_out` unknown articles are not here:
    there are too many, or their vectors are not on file. `n_batches` were looked through.
    """

    articles: tuple[UnknownArticle, ...]
    vectors: FloatMatrix
    background: tuple[str, ...]
    n_left_out: int
    n_batches: int


@dataclass(frozen=True, slots=True, order=True)
class _Row:
    """One unknown article as a labelled table has it; the ones to keep are the greatest."""

    is_of_batch: bool
    published: str
    content_id: str
    article_id: str
    place: int
    is_current: bool
    was_seen: bool


def gather_unknown(paths: Paths, batch: BatchPaths, classifier: ThemeClassifier) -> UnknownPool:
    """Collect the unknown of a batch and of those that were finished when it began.

    Of equal contents and near copies the first is taken. What an earlier model did not know is
    asked of this one again. Articles in another language, or that could not be read, are left
    out: they can be no theme.

    Raises
    ------
    ContractError
        If a table of the batches is not whole.
    """
    places = [batch, *earlier_batches(batch, MAX_BATCHES)]
    version, n_found, rows = _choose(places)
    cache = VectorCache(_vectors_of(paths, batch), classifier.encoder)
    labeller = Labeller(classifier, _Cached(cache, classifier.encoder), version)
    kept: list[tuple[_Row, Article, Vector]] = []
    n_answered = 0
    for number, place in enumerate(places):
        own = {row.article_id: row for row in rows if row.place == number}
        for articles in read_articles(place.articles, own):
            known = cache.find([article.full_text for article in articles])
            readable = [article for article in articles if article.full_text in known]
            answered = _answered(
                [a for a in readable if not own[a.article_id].is_current], labeller
            )
            n_answered += len(answered)
            kept += [
                (own[a.article_id], _cut(a), known[a.full_text])
                for a in readable
                if a.article_id not in answered
            ]
    kept.sort(key=lambda item: item[0].content_id)
    vectors = _stack([vector for _, _, vector in kept], classifier.references.shape[1])
    first = first_of_copies(vectors, [row.was_seen for row, _, _ in kept])
    holders = _holders(places, {kept[i][0].content_id for i in first})
    return UnknownPool(
        articles=tuple(_unknown(kept[i][1], holders) for i in first),
        vectors=vectors[first],
        background=_background(batch),
        n_left_out=n_found - n_answered - len(kept),
        n_batches=len(places),
    )


def _choose(places: Sequence[BatchPaths]) -> tuple[str, int, list[_Row]]:
    """Model version of the first batch, how many unknown there are, and the rows to look at."""
    version = next((str(row["model_version"]) for row in _labelled(places[0])), "")
    n_found = 0

    def rows() -> Iterator[_Row]:
        nonlocal n_found
        for number, place in enumerate(places):
            for row in _labelled(place):
                if row["theme"] == UNKNOWN and row["is_canonical"]:
                    if kind_of(str(row["reason"])) not in THEMATIC:
                        continue
                    n_found += 1
                    yield _Row(
                        is_of_batch=number == 0,
                        published=str(row["published"] or ""),
                        content_id=str(row["content_id"]),
                        article_id=str(row["article_id"]),
                        place=number,
                        is_current=row["model_version"] == version,
                        was_seen=row["seen_before"] is not None,
                    )

    chosen = heapq.nlargest(MAX_TOGETHER, rows())
    by_content: dict[str, _Row] = {}
    for row in sorted(chosen, key=lambda row: (row.place, row.article_id)):
        by_content.setdefault(row.content_id, row)
    return version, n_found - (len(chosen) - len(by_content)), list(by_content.values())


def _labelled(place: BatchPaths) -> Iterator[Mapping[str, object]]:
    for block in stream_blocks(place.labelled, LABELLED, _COLUMNS):
        yield from block.to_pylist()


def _answered(articles: Sequence[Article], labeller: Labeller) -> set[str]:
    """Ids of those articles that the present model has a theme for."""
    if not articles:
        return set()
    rows = labeller.label_batch(table_of(articles, Article)).select(["article_id", "theme"])
    return {row["article_id"] for row in rows.to_pylist() if row["theme"] != UNKNOWN}


@dataclass(frozen=True, slots=True)
class _Cached:
    """What is on file, as the encoder that made it."""

    cache: VectorCache
    model: str

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of texts that are all on file."""
        known = self.cache.find(texts)
        return np.stack([known[text] for text in texts])


def _holders(places: Sequence[BatchPaths], contents: set[str]) -> dict[str, tuple[str, ...]]:
    """Content id → the batches that hold it, as they are given."""
    holders: dict[str, tuple[str, ...]] = {}
    for place in places:
        for block in stream_blocks(place.labelled, LABELLED, ["content_id"]):
            for content in contents.intersection(block["content_id"].to_pylist()):
                if place.batch_id not in holders.get(content, ()):
                    holders[content] = (*holders.get(content, ()), place.batch_id)
    return holders


def _background(batch: BatchPaths) -> tuple[str, ...]:
    wanted: dict[str, None] = {}
    for row in _labelled(batch):
        if len(wanted) == _N_BACKGROUND:
            break
        if row["theme"] != UNKNOWN and row["is_canonical"]:
            wanted[str(row["article_id"])] = None
    return tuple(
        article.full_text[:_CHARACTERS]
        for articles in read_articles(batch.articles, wanted)
        for article in articles
    )


def _vectors_of(paths: Paths, batch: BatchPaths) -> Path:
    """Folder of the vectors: the project's, or that beside a batch that could not be kept there."""
    is_of_project = batch.folder.parent == paths.batches
    return paths.embedding_cache if is_of_project else batch.folder.parent / "vectors"


def _cut(article: Article) -> Article:
    """The article with as much text as is needed: thousands of them are held."""
    return replace(article, text=article.text[:_CHARACTERS])


def _stack(vectors: Sequence[Vector], n_dims: int) -> FloatMatrix:
    return np.stack(vectors) if vectors else np.zeros((0, n_dims), dtype=np.float32)


def _unknown(article: Article, holders: Mapping[str, tuple[str, ...]]) -> UnknownArticle:
    return UnknownArticle(
        content_id=article.content_id,
        headline=article.title or article.text,
        text=article.full_text,
        published=article.published,
        source=article.source,
        batches=holders.get(article.content_id, ()),
    )
