"""What the catalogue says of its themes → queries: one for each subject that a theme speaks of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.embeddings import Vector, mean_direction
from pipeline.records import CatalogueTheme, FloatMatrix

#: Texts of a theme with this mean cosine (between groups of them) speak of one subject. The
#: phrases of one theme reach .5, those of two themes about one country .25.
ONE_SUBJECT = 0.3
_DIGITS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Queries:
    """What articles of t catalogued themes are looked for by.

    Row q of `vectors`, shape (n_queries, d), float32, unit rows, is the direction of some texts of
    the theme `themes[q]` (its place in the catalogue), which are joined in `texts[q]`. `themes`
    ascends and every theme has one query or more.
    """

    vectors: FloatMatrix
    texts: tuple[str, ...]
    themes: npt.NDArray[np.intp]

    def closest(self, vectors: FloatMatrix, theme: int) -> npt.NDArray[np.float32]:
        """Cosine of each row of `vectors` with the query of the theme that is closest to it."""
        cosines = vectors @ self.vectors[self.themes == theme].T
        return np.asarray(cosines.max(axis=1), dtype=np.float32)


def catalogue_texts(theme: CatalogueTheme) -> list[str]:
    """Texts that say what a catalogued theme is: name with description, and each seed phrase."""
    said = f"{theme.name}. {theme.description}" if theme.description else theme.name
    return [said, *theme.seed_phrases]


def make_queries(
    catalogue: Sequence[CatalogueTheme], vector_of: Mapping[str, Vector], n_dims: int
) -> Queries:
    """Make the queries of each theme: its texts together, or in groups where they are unlike.

    A theme into which another was merged speaks of two subjects. One mean of both would lie
    between them, where there are articles of neither.

    Parameters
    ----------
    catalogue : sequence of CatalogueTheme
    vector_of : mapping of str to ndarray of shape (n_dims,)
        Unit vector of each of the `catalogue_texts` of each theme.
    n_dims : int
    """
    vectors, texts, themes = [], [], []
    with one_thread():
        for place, theme in enumerate(catalogue):
            said = catalogue_texts(theme)
            known = np.stack([vector_of[text] for text in said])
            for rows in subjects(known):
                vectors.append(mean_direction(known[rows]))
                texts.append(" ".join(said[row] for row in rows))
                themes.append(place)
    stacked = np.array(vectors, dtype=np.float32).reshape(len(vectors), n_dims)
    return Queries(stacked, tuple(texts), np.array(themes, dtype=np.intp))


def subjects(vectors: FloatMatrix) -> list[list[int]]:
    """Group rows by average linkage: the closest groups join while they are `ONE_SUBJECT`.

    Each group ascends; groups come in the order of their first rows.
    """
    cosines = np.round(vectors.astype(np.float64) @ vectors.T, _DIGITS)
    groups = [[row] for row in range(len(vectors))]
    while len(groups) > 1:
        pairs = [(i, j) for i in range(len(groups)) for j in range(i + 1, len(groups))]
        means = [float(cosines[np.ix_(groups[i], groups[j])].mean()) for i, j in pairs]
        best = int(np.argmax(np.round(means, _DIGITS)))
        if means[best] < ONE_SUBJECT:
            break
        i, j = pairs[best]
        groups[i] = sorted(groups[i] + groups.pop(j))
    return sorted(groups)
