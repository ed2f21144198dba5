"""What there is to learn from besides labels: the catalogue's words, articles of no known theme."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.labels.features import join_features
from pipeline.core.labels.spreading import neighbor_graph
from pipeline.core.labels.teaching import DESCRIPTION_WEIGHT, Lessons
from pipeline.core.labels.vocabulary import Vocabulary, weigh_terms
from pipeline.records import FloatMatrix


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """What the catalogue says of its themes: one row for each subject that a theme speaks of.

    `texts` and `themes` (ids) are aligned with `vectors`, shape (n, d), rows of length 1.
    """

    texts: tuple[str, ...]
    vectors: FloatMatrix
    themes: tuple[str, ...]

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        """Shape (n,): the subjects of one theme weigh `DESCRIPTION_WEIGHT` together."""
        n_subjects = Counter(self.themes)
        return np.array([DESCRIPTION_WEIGHT / n_subjects[theme] for theme in self.themes])


@dataclass(frozen=True, slots=True, eq=False)
class Unlabelled:
    """Texts of no known theme, and their `vectors`, shape (n, d), rows of length 1."""

    texts: tuple[str, ...]
    vectors: FloatMatrix


_NO_VECTORS = np.zeros((0, 0), dtype=np.float32)
NOT_DESCRIBED = Described((), _NO_VECTORS, ())
NONE_UNLABELLED = Unlabelled((), _NO_VECTORS)


def make_lessons(
    texts: Sequence[str],
    vectors: Sequence[FloatMatrix],
    themes: Sequence[str],
    weights: npt.NDArray[np.float64],
    vocabulary: Vocabulary,
    *,
    lexical_weight: float,
) -> Lessons:
    """Put together what has a theme and, after it, what has none.

    Parameters
    ----------
    texts : Sequence[str]
        Length n, of which the first len(themes) have a theme.
    vectors : Sequence[FloatMatrix]
        n rows in all, in the order of the texts; a part without rows may be of any width.
    themes, weights
        Of the rows that have a theme.
    vocabulary : Vocabulary
    lexical_weight : float
        Share of TF-IDF beside the vector, in [0, 1].
    """
    from scipy.sparse import csr_array

    rows = np.concatenate([part for part in vectors if len(part)])
    n_without = len(texts) - len(themes)
    if n_without:
        graph = neighbor_graph(rows, weigh_terms(texts, vocabulary))
    else:  # nothing to spread to
        graph = csr_array((len(texts), len(texts)), dtype=np.float64)
    return Lessons(
        join_features(texts, rows, vocabulary, lexical_weight=lexical_weight),
        graph,
        (*themes, *[None] * n_without),
        np.concatenate([weights, np.ones(n_without)]),
    )
