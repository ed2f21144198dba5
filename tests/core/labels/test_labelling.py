"""Articles → labelled rows."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa

from pipeline.core.embeddings import join_embeddings
from pipeline.core.labels.classifier import fit_classifier
from pipeline.core.labels.labelling import label_articles, label_batch
from pipeline.records import ARTICLES, LABELLED, UNKNOWN, Article, Embeddings, ThemeClassifier
from tests.conftest import FakeEncoder, make_article

TEXTS = {
    "energy": "pipeline terminal gas prices winter storage barrels",
    "football": "striker penalty league stadium goalkeeper transfer",
}


def classifier() -> ThemeClassifier:
    texts = [f"{text} {n:04d}" for text in TEXTS.values() for n in range(10)]
    return fit_classifier(
        texts,
        FakeEncoder().encode(texts),
        [theme for theme in TEXTS for _ in range(10)],
        content_ids=texts,
        weights=[1.0] * 20,
        names={theme: theme.capitalize() for theme in TEXTS},
        languages=["en"] * 20,
        trained_on=texts,
        encoder="fake/64",
        regularization=10.0,
        lexical_weight=0.3,
        max_features=100,
        min_probability=0.5,
        max_novelty=1.0,
    ).classifier


def embed(articles: list[Article]) -> Embeddings:
    vectors = {a.content_id: FakeEncoder().encode([a.full_text])[0] for a in articles}
    return join_embeddings(vectors, "fake/64")


def test_every_article_has_one_row_in_reading_order() -> None:
    articles = [
        make_article(title=None, text=TEXTS["football"], source_file="b.txt", position=1),
        make_article(title=None, text=TEXTS["energy"], source_file="b.txt", position=0),
        make_article(title=None, text=TEXTS["energy"] + " barrels", source_file="a.txt"),
    ]
    rows = label_articles(classifier(), articles, embed(articles), "v1")

    assert [(r.source_file, r.position) for r in rows] == [("a.txt", 0), ("b.txt", 0), ("b.txt", 1)]
    assert [r.theme for r in rows] == ["energy", "energy", "football"]
    assert [r.theme_name for r in rows] == ["Energy", "Energy", "Football"]
    assert {r.model_version for r in rows} == {"v1"}
    assert {r.article_id for r in rows} == {a.article_id for a in articles}


def test_copies_take_the_answer_of_their_canonical_article_and_need_no_vector() -> None:
    original = make_article(title=None, text=TEXTS["energy"])
    copy = make_article(
        title=None,
        text=TEXTS["football"],
        duplicate_group=original.duplicate_group,
        is_canonical=False,
        position=1,
    )
    first, second = label_articles(classifier(), [copy, original], embed([original]), "v1")

    assert first.theme == second.theme == "energy"
    assert first.probability == second.probability
    assert (first.is_canonical, second.is_canonical) == (True, False)


def test_copies_without_their_canonical_article_agree_too() -> None:
    copies = [
        make_article(title=None, text=TEXTS[t], duplicate_group="g", is_canonical=False)
        for t in TEXTS
    ]

    assert len({r.theme for r in label_articles(classifier(), copies, embed(copies), "v")}) == 1


def test_an_article_without_a_vector_is_unknown_and_stops_nothing() -> None:
    good = make_article(title=None, text=TEXTS["energy"])
    bad = make_article(title=None, text=TEXTS["football"], position=1)
    first, second = label_articles(classifier(), [good, bad], embed([good]), "v1")

    assert first.theme == "energy"
    assert second.theme == UNKNOWN
    assert second.reason == "no vector for this text"
    assert (second.probability, second.novelty) == (0.0, 1.0)


def test_a_batch_as_a_table_gives_the_same_rows() -> None:
    articles = [
        make_article(title=None, text=text, position=n) for n, text in enumerate(TEXTS.values())
    ]
    batch = pa.Table.from_pylist([dataclasses.asdict(a) for a in articles], schema=ARTICLES)
    model, embeddings = classifier(), embed(articles)
    table = label_batch(model, batch, embeddings, "v1")
    rows = label_articles(model, articles, embeddings, "v1")

    assert table.schema.equals(LABELLED, check_metadata=True)
    assert [tuple(r["alternatives"]) for r in table.to_pylist()] == [r.alternatives for r in rows]
    assert [r["theme"] for r in table.to_pylist()] == [r.theme for r in rows]


def test_an_empty_batch_gives_an_empty_table() -> None:
    nothing = Embeddings((), np.zeros((0, 64), dtype=np.float32), "fake/64")
    table = label_batch(classifier(), ARTICLES.empty_table(), nothing, "v1")

    assert table.num_rows == 0
    assert table.schema.equals(LABELLED, check_metadata=True)
