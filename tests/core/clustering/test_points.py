"""Points: words in common count beside the embedding, and only where there are any."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.core.clustering.points import join_lexical, unit_rows
from tests.core.clustering.examples import TOPICS, blobs, texts_of


def test_words_in_common_bring_articles_closer() -> None:
    vectors = unit_rows(np.eye(6, dtype=np.float32) + 0.2).astype(np.float32)
    texts = [f"{topic} {word}" for topic in TOPICS for word in ("first", "second")]
    joined = join_lexical(vectors, texts, 0.5, seed=7)
    assert np.allclose(np.linalg.norm(joined, axis=1), 1)
    assert joined[0] @ joined[1] > joined[0] @ joined[2] + 0.2


def test_more_lexical_weight_brings_articles_with_common_words_closer() -> None:
    vectors = unit_rows(np.eye(6, dtype=np.float32) + 0.2).astype(np.float32)
    texts = [f"{topic} {word}" for topic in TOPICS for word in ("first", "second")]
    joined = [join_lexical(vectors, texts, weight, seed=7) for weight in (0, 0.2, 0.6, 1)]
    cosines = [float(rows[0] @ rows[1]) for rows in joined]
    assert cosines == sorted(set(cosines))


def test_an_article_without_any_known_word_keeps_its_embedding() -> None:
    texts = [*texts_of(11), ""]
    joined = join_lexical(blobs(12), texts, 0.5, seed=7)
    assert np.allclose(np.linalg.norm(joined, axis=1), 1)
    assert np.allclose(joined[11, :24], blobs(12)[11])
    assert not joined[11, 24:].any()


@pytest.mark.parametrize(
    ("weight", "texts"),
    [
        (0.0, ["same words here", "same words here", "same words here"]),
        (0.5, ["alpha", "beta", "gamma"]),
        (0.5, ["", "", ""]),
    ],
)
def test_without_words_in_common_the_embedding_stands_alone(
    weight: float, texts: list[str]
) -> None:
    vectors = blobs(3)
    joined = join_lexical(vectors, texts, weight, seed=7)
    assert np.array_equal(joined, vectors.astype(np.float64))


def test_a_row_of_zeros_stays_zeros() -> None:
    assert unit_rows(np.array([[0.0, 0.0], [3.0, 4.0]])).tolist() == [[0, 0], [0.6, 0.8]]
