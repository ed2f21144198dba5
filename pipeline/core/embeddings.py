"""Texts → unit vectors, through any encoder, computing only what is not known yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.errors import ContractError
from pipeline.records import Article, Embeddings, FloatMatrix

Vector = npt.NDArray[np.float32]


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


def mean_direction(vectors: FloatMatrix) -> npt.NDArray[np.float64]:
    """Mean of the rows of `vectors`, scaled to length 1; zeros where they cancel out.

    Rounded to six digits, as sums in another order differ in their last ones.
    """
    total = vectors.sum(axis=0, dtype=np.float64)
    return np.asarray(np.round(total / max(float(np.linalg.norm(total)), 1e-6), 6))


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


def take_vectors(embeddings: Embeddings, content_ids: Sequence[str]) -> FloatMatrix:
    """Vectors of some contents, in the order asked for, shape (n, d).

    Raises
    ------
    ContractError
        If a content has none: the vectors are of other articles.
    """
    missing = sorted(set(content_ids) - set(embeddings.content_ids))
    if missing:
        raise ContractError(
            f"embeddings: no vector for {len(missing)} of {len(content_ids)} contents "
            f"(first: {missing[0]}); run: dvc repro embed"
        )
    return embeddings.take(list(content_ids))
