"""Embeddings and words → one space in which near means alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.records import FloatMatrix

Matrix = npt.NDArray[np.float64]

_SVD_DIMS = 128
_MAX_WORDS = 50_000


def join_lexical(vectors: FloatMatrix, texts: Sequence[str], weight: float, seed: int) -> Matrix:
    """Unit rows whose cosine is the weighted mean of embedding cosine and TF-IDF cosine.

    TF-IDF is reduced by truncated SVD to at most 128 dimensions. Where the texts share too few
    words for that, the embedding stands alone.
    """
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer

    dense = vectors.astype(np.float64)
    if weight == 0:
        return dense
    vectorizer = TfidfVectorizer(
        stop_words="english", sublinear_tf=True, max_df=0.5, min_df=2, max_features=_MAX_WORDS
    )
    try:
        counts = vectorizer.fit_transform(texts)
    except ValueError:  # no word is shared by two texts
        return dense
    n_dims = min(_SVD_DIMS, counts.shape[1] - 1, counts.shape[0] - 1)
    if n_dims < 2:
        return dense
    lexical = TruncatedSVD(n_dims, random_state=seed).fit_transform(counts)
    joined = [
        np.sqrt(1 - weight) * dense,
        np.sqrt(weight) * unit_rows(lexical),
    ]
    return unit_rows(np.hstack(joined))


def unit_rows(matrix: npt.NDArray[Any]) -> Matrix:
    """Rows scaled to length 1; a row of zeros stays as it is."""
    norms = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.where(norms == 0, 1, norms), dtype=np.float64)
