"""Records refuse what would be silently wrong later."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.records import Clusters, Embeddings, embeddings_schema
from tests.conftest import make_article

UNIT = np.eye(2, dtype=np.float32)


@pytest.mark.parametrize(
    ("ids", "vectors", "message"),
    [
        (("a",), UNIT, r"1 ids and vectors of shape \(2, 2\)"),
        (("a", "b"), UNIT.ravel(), "one row for each id"),
        (("a", "b"), np.full((2, 2), np.nan, np.float32), "NaN or infinite"),
        (("a", "b"), np.where(UNIT > 0, np.float32("inf"), UNIT), "NaN or infinite"),
        (("b", "a"), UNIT, "sorted and unique"),
        (("a", "a"), UNIT, "sorted and unique"),
    ],
)
def test_embeddings_refuse_rows_that_do_not_fit(
    ids: tuple[str, ...], vectors: np.ndarray, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        Embeddings(ids, vectors, "fake")


def test_vectors_are_taken_by_id_in_the_order_asked_for() -> None:
    embeddings = Embeddings(("a", "b"), UNIT, "fake")
    assert embeddings.take(["b", "a", "b"]).tolist() == [[0, 1], [1, 0], [0, 1]]
    with pytest.raises(KeyError, match="c"):
        embeddings.take(["c"])


def test_no_vectors_are_taken_for_no_ids() -> None:
    assert Embeddings(("a", "b"), UNIT, "fake").take([]).shape == (0, 2)


def test_the_schema_of_embeddings_says_size_and_model() -> None:
    schema = embeddings_schema(2, "fake/2")
    assert schema.field("vector").type.list_size == 2
    assert schema.metadata == {b"schema": b"embeddings/1", b"model": b"fake/2"}


def test_the_label_at_a_level_is_that_of_the_path() -> None:
    zeros = np.zeros((3, 2), np.float32)
    clusters = Clusters(("a", "b", "c"), ((4, 1), (), (2, 3)), np.arange(3), zeros[:, 0], zeros)
    assert clusters.labels_at(0).tolist() == [4, -1, 2]
    assert clusters.labels_at(1).tolist() == [1, -1, 3]
    assert clusters.labels_at(1).dtype == np.int32


def test_the_full_text_is_title_and_body() -> None:
    assert make_article(title="T", text="b").full_text == "T\nb"
    assert make_article(title=None, text="b").full_text == "b"
