"""Texts → unit vectors, through any encoder, computing only what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipeline.records import Article, Embeddings, FloatMatrix

Vector = npt.NDArray[np.float32]


class Encoder(Protocol):
    """What turns texts into vectors.

    `model` identifies everything that changes its numbers (name, weights, length limit): vectors
    of two encoders with the same `model` are interchangeable. A text's vector must not depend on
    the texts beside it.
    """

    @property
    def model(self) -> str:
        """Name that identifies the encoder's numbers."""

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), d), float32, of length 1."""


def distinct_texts(articles: Sequence[Article]) -> dict[str, str]:
    """Content id → the text that is embedded, sorted by id, one entry for each content.

    Texts of one content differ in case and punctuation only; the first in sorted order is taken,
    so that the order of the articles changes nothing.
    """
    texts: dict[str, str] = {}
    for article in articles:
        known = texts.get(article.content_id)
        text = article.full_text
        texts[article.content_id] = text if known is None else min(known, text)
    return dict(sorted(texts.items()))


def join_embeddings(vectors: Mapping[str, Vector], model: str) -> Embeddings:
    """Embeddings with exactly the contents of `vectors`, sorted by id.

    Raises
    ------
    ValueError
        If there is none, or if their lengths differ or are not finite.
    """
    if not vectors:
        raise ValueError("no vectors to join")
    ids = tuple(sorted(vectors))
    return Embeddings(ids, np.stack([vectors[i] for i in ids]).astype(np.float32), model)
