"""Embeddings: one text for each content, one row for each id."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.embeddings import distinct_texts, join_embeddings, mean_direction
from tests.conftest import make_article


def test_a_mean_direction_has_length_one_and_none_where_vectors_cancel_out() -> None:
    vectors = np.array([[6, 0], [0, 8]], np.float32)
    assert mean_direction(vectors).tolist() == [0.6, 0.8]
    assert mean_direction(np.array([[1, 0], [-1, 0]], np.float32)).tolist() == [0, 0]
    assert mean_direction(np.zeros((0, 2), np.float32)).tolist() == [0, 0]


def test_each_content_is_embedded_once_title_first() -> None:
    articles = [
        make_article(title="B", text="two", content_id="c2"),
        make_article(title=None, text="one", content_id="c1"),
        make_article(title="B", text="two", content_id="c2", article_id="copy"),
    ]
    assert distinct_texts(articles) == {"c1": "one", "c2": "B\ntwo"}
    assert list(distinct_texts(articles)) == ["c1", "c2"]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["X", "x", "x!"])), max_size=9),
    st.randoms(),
)
def test_the_order_of_articles_does_not_choose_the_text(
    rows: list[tuple[str, str]], random: object
) -> None:
    articles = [make_article(title=None, text=text, content_id=c) for c, text in rows]
    texts = distinct_texts(articles)
    random.shuffle(articles)
    assert list(distinct_texts(articles).items()) == list(texts.items())
    assert set(texts) == {content for content, _ in rows}


def test_vectors_are_joined_in_the_order_of_their_ids() -> None:
    vectors = {"b": np.array([0, 1], np.float32), "a": np.array([1, 0], np.float32)}
    embeddings = join_embeddings(vectors, "fake/2")
    assert embeddings.content_ids == ("a", "b")
    assert embeddings.vectors.tolist() == [[1, 0], [0, 1]]
    assert embeddings.vectors.dtype == np.float32
    assert embeddings.model == "fake/2"


@pytest.mark.parametrize(
    "vectors",
    [
        {},
        {"a": np.ones(2, np.float32), "b": np.ones(3, np.float32)},
        {"a": np.array([np.nan, 1], np.float32)},
    ],
)
def test_vectors_that_make_no_table_are_refused(vectors: dict[str, np.ndarray]) -> None:
    with pytest.raises(ValueError, match=r"no vectors|same shape|NaN"):
        join_embeddings(vectors, "fake/2")
