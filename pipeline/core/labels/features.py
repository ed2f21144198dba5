"""Texts and their vectors → the numbers that the labeller learns from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.labels.vocabulary import Vocabulary, weigh_terms
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def join_features(
    texts: Sequence[str],
    vectors: FloatMatrix,
    vocabulary: Vocabulary,
    *,
    lexical_weight: float,
) -> csr_array:
    """Vectors and TF-IDF side by side, shape (n, d + n_terms), float64.

    Each part is scaled by the square root of its share, so that the dot product of two rows is
    the weighted mean of their two cosines.
    """
    from scipy.sparse import csr_array, hstack

    dense = csr_array(vectors.astype(np.float64) * np.sqrt(1.0 - lexical_weight))
    lexical = weigh_terms(texts, vocabulary) * np.sqrt(lexical_weight)
    return hstack([dense, lexical], format="csr")
