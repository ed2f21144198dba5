"""Articles → labelled rows."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels import labelling
from pipeline.core.labels.classifier import predict
from pipeline.core.labels.fitting import fit_classifier
from pipeline.core.labels.labelling import Labeller, mark_seen
from pipeline.errors import ContractError, InputError
from pipeline.records import (
    ARTICLES,
    LABELLED,
    UNKNOWN,
    Article,
    Encoder,
    FloatMatrix,
    ThemeClassifier,
)
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


CLASSIFIER = classifier()


class Fussy(FakeEncoder):
    """Refuses texts that hold one of some words; `seen` counts the texts that it was given."""

    def __init__(self, *words: str) -> None:
        self.words, self.n_calls = words, 0

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        self.n_calls += 1
        if any(word in text for word in self.words for text in texts):
            raise ValueError("no such text")
        return super().encode(texts)


def table(articles: Sequence[Article], **columns: list[Any]) -> pa.Table:
    """Articles as a table; `columns` replace some of its values."""
    batch = pa.Table.from_pylist([dataclasses.asdict(a) for a in articles], schema=ARTICLES)
    for name, values in columns.items():
        place = batch.column_names.index(name)
        batch = batch.set_column(place, name, pa.array(values))
    return batch


def label(articles: Sequence[Article], encoder: Encoder | None = None) -> list[dict[str, Any]]:
    labeller = Labeller(classifier(), encoder or FakeEncoder(), "v1")
    found: list[dict[str, Any]] = labeller.label_batch(table(articles)).to_pylist()
    return found


def test_every_article_has_one_row_in_reading_order() -> None:
    articles = [
        make_article(title=None, text=TEXTS["football"], source_file="b.txt", position=1),
        make_article(title=None, text=TEXTS["energy"], source_file="b.txt", position=0),
        make_article(title=None, text=TEXTS["energy"] + " barrels", source_file="a.txt"),
    ]
    rows = label(articles)

    places = [(r["source_file"], r["position"]) for r in rows]
    assert places == [("a.txt", 0), ("b.txt", 0), ("b.txt", 1)]
    assert [r["theme"] for r in rows] == ["energy", "energy", "football"]
    assert [r["theme_name"] for r in rows] == ["Energy", "Energy", "Football"]
    assert {r["model_version"] for r in rows} == {"v1"}
    assert {r["article_id"] for r in rows} == {a.article_id for a in articles}


def test_copies_take_the_answer_of_their_canonical_article() -> None:
    original = make_article(title=None, text=TEXTS["energy"])
    copy = make_article(
        title=None,
        text=TEXTS["football"],
        duplicate_group=original.duplicate_group,
        is_canonical=False,
        position=1,
    )
    first, second = label([copy, original], Fussy("striker"))

    assert first["theme"] == second["theme"] == "energy"
    assert first["probability"] == second["probability"]
    assert (first["is_canonical"], second["is_canonical"]) == (True, False)


def test_copies_without_their_canonical_article_agree_too() -> None:
    copies = [
        make_article(title=None, text=TEXTS[t], duplicate_group="g", is_canonical=False)
        for t in TEXTS
    ]

    assert len({r["theme"] for r in label(copies)}) == 1


def test_the_text_of_a_content_is_the_one_that_training_takes() -> None:
    original = make_article(title=None, text=TEXTS["energy"], content_id="c", duplicate_group="c")
    shouted = make_article(
        title=None,
        text=TEXTS["energy"].upper(),
        content_id="c",
        duplicate_group="c",
        is_canonical=False,
        position=1,
    )
    encoder = Fussy(TEXTS["energy"])

    assert label([original, shouted], encoder)[0]["theme"] == "energy"


def test_a_text_that_cannot_be_embedded_is_unknown_and_stops_nothing() -> None:
    good = make_article(title=None, text=TEXTS["energy"])
    bad = make_article(title=None, text=TEXTS["football"], position=1)
    first, second = label([good, bad], Fussy("striker"))

    assert first["theme"] == "energy"
    assert second["theme"] == UNKNOWN
    assert second["reason"] == "no vector for this text (ValueError: no such text)"
    assert (second["probability"], second["novelty"]) == (0.0, 1.0)


def test_a_vector_that_is_not_finite_is_no_vector() -> None:
    class Broken(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> FloatMatrix:
            vectors = super().encode(texts)
            vectors[["football" in text for text in texts]] = np.nan
            return vectors

    rows = label([make_article(title=t, text=TEXTS[t]) for t in TEXTS], Broken())

    reasons = {r["title"]: r["reason"] for r in rows}
    assert "NaN" in reasons["football"]
    assert not reasons["energy"]


def test_an_encoder_that_refuses_every_text_is_no_matter_of_one_row() -> None:
    articles = [make_article(title=None, text=text) for text in TEXTS.values()]
    with pytest.raises(ValueError, match="no such text"):
        label(articles, Fussy(""))


@pytest.mark.parametrize("error", [ImportError, MemoryError, InputError, KeyboardInterrupt])
def test_what_is_wrong_with_the_machine_is_not_put_on_the_rows(error: type[BaseException]) -> None:
    class Failing(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> FloatMatrix:
            raise error("gone")

    with pytest.raises(error, match="gone"):
        label([make_article()], Failing())


def test_a_text_that_cannot_be_classified_is_unknown_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fussy(_: ThemeClassifier, texts: Sequence[str], *arguments: Any) -> list[Any]:
        if any("striker" in text for text in texts):
            raise ZeroDivisionError("by this text")
        return predict(_, texts, *arguments)

    monkeypatch.setattr(labelling, "predict", fussy)
    rows = label([make_article(title=t, text=TEXTS[t]) for t in TEXTS])

    assert {r["title"]: r["reason"] for r in rows} == {
        "energy": "",
        "football": "could not be classified (ZeroDivisionError: by this text)",
    }


def test_a_row_that_is_no_article_is_unknown_and_says_what_it_lacks() -> None:
    articles = [make_article(title=t, text=TEXTS[t]) for t in TEXTS]
    batch = table(articles, text=[TEXTS["energy"], None], position=[3, None])
    rows = Labeller(classifier(), FakeEncoder(), "v1").label_batch(batch)

    assert rows.schema.equals(LABELLED, check_metadata=True)
    bad, good = rows.to_pylist()
    assert (good["theme"], good["position"]) == ("energy", 3)
    assert bad["reason"] == "not an article (no readable position, text)"
    assert (bad["theme"], bad["position"], bad["title"]) == (UNKNOWN, 0, "football")
    assert bad["article_id"] == articles[1].article_id


def test_bytes_that_are_no_text_cost_their_row_alone() -> None:
    articles = [make_article(title=t, text=TEXTS[t]) for t in TEXTS]
    raw = pa.array([TEXTS["energy"].encode(), b"\xff\xfe"], type=pa.binary())
    broken = pa.Array.from_buffers(pa.string(), 2, raw.buffers())
    batch = table(articles)
    batch = batch.set_column(batch.column_names.index("text"), "text", broken)
    rows = Labeller(classifier(), FakeEncoder(), "v1").label_batch(batch).to_pylist()

    assert {r["title"]: r["reason"] for r in rows} == {
        "energy": "",
        "football": "not an article (no readable text)",
    }


def test_a_table_of_other_columns_is_refused() -> None:
    labeller = Labeller(classifier(), FakeEncoder(), "v1")
    with pytest.raises(ContractError, match="no column article_id"):
        labeller.label_batch(pa.table({"body": ["a"]}))
    with pytest.raises(ContractError, match="column position: not int32"):
        labeller.label_batch(table([make_article()], position=["first"]))


def test_types_that_engines_prefer_are_taken() -> None:
    batch = table([make_article(title=None, text=TEXTS["energy"])])
    place = batch.column_names.index("text")
    large = batch.set_column(place, "text", batch.column("text").cast(pa.large_string()))
    labeller = Labeller(classifier(), FakeEncoder(), "v1")

    assert labeller.label_batch(large).equals(labeller.label_batch(batch))


def test_an_empty_batch_gives_an_empty_table_and_asks_for_no_vector() -> None:
    encoder = Fussy()
    rows = Labeller(classifier(), encoder, "v1").label_batch(ARTICLES.empty_table())

    assert (rows.num_rows, encoder.n_calls) == (0, 0)
    assert rows.schema.equals(LABELLED, check_metadata=True)


def test_another_encoder_than_that_of_the_model_is_refused() -> None:
    class Other(FakeEncoder):
        model = "other/64"

    with pytest.raises(ContractError, match=r"trained on vectors of fake/64 \(got other/64"):
        Labeller(classifier(), Other(), "v1")


TOPIC_WORDS = " ".join(TEXTS.values()).split()


@given(
    st.lists(
        st.lists(st.sampled_from(TOPIC_WORDS), min_size=1, max_size=6).map(" ".join),
        min_size=1,
        max_size=8,
        unique=True,
    ),
    st.data(),
)
def test_how_articles_are_put_into_batches_changes_no_row(
    texts: list[str], data: st.DataObject
) -> None:
    articles = [make_article(title=None, text=t, position=i) for i, t in enumerate(texts)]
    order = data.draw(st.permutations(articles))
    cut = data.draw(st.integers(0, len(order)))
    labeller = Labeller(CLASSIFIER, FakeEncoder(), "v1")
    parts = [labeller.label_batch(table(part)) for part in (order[:cut], order[cut:])]

    together = labeller.label_batch(table(articles)).to_pylist()
    apart = [row for part in parts for row in part.to_pylist()]
    assert sorted(apart, key=lambda row: row["position"]) == together


def test_what_was_seen_before_is_marked() -> None:
    articles = [make_article(title=t, text=TEXTS[t], position=i) for i, t in enumerate(TEXTS)]
    rows = Labeller(classifier(), FakeEncoder(), "v1").label_batch(table(articles))
    marked = mark_seen(rows, {articles[1].article_id: "b1"})

    assert rows.column("seen_before").to_pylist() == [None, None]
    assert marked.column("seen_before").to_pylist() == [None, "b1"]
    assert marked.schema.equals(LABELLED, check_metadata=True)
