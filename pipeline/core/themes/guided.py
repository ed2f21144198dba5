"""Guided discovery: the articles of a theme that somebody described, whatever density says.

A catalogued theme is looked for by its own words. The articles that lie closest to them are taken
as examples (pinned articles are examples in any case), and an article belongs where it is about
as close to the words and to the examples as the examples are themselves. Cosines of short
descriptions differ from theme to theme, so closeness is a share of what the theme's own examples
reach, not a fixed cosine. Clusters have hardly a say, so that neither a split nor a swallowed
theme is lost. A theme that speaks of several subjects is looked for by each of them.

The examples are pseudo-relevance feedback (J. J. Rocchio, in: The SMART Retrieval System, 1971).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.clustering.tree import MIN_CLUSTER_SIZE
from pipeline.core.embeddings import mean_direction
from pipeline.core.mentions import mentions_each
from pipeline.core.themes.queries import Queries
from pipeline.records import CatalogueTheme, FloatMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

NO_THEME = -1
Labels = npt.NDArray[np.int32]
Scores = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

#: The articles closest to the words that are taken as examples of a theme,
N_EXAMPLES = 10
#: less those that are not this share as close as the closest,
EXAMPLE_SHARE = 0.5
#: less those whose closeness is below this share of that to another theme's words: the closest
#: articles of a theme that the corpus lacks are somebody else's,
RIVAL_SHARE = 0.7
#: and with all others this share as close as the first `N_EXAMPLES` are on average: large themes
#: have many, and a few that are nearly alike would stand for a corner of them only.
FURTHER_SHARE = 0.75
#: A member is at least this share as close to words and examples as the median example.
MEMBER_SHARE = 0.67
#: Share of words in common, beside that of the vectors, in the closeness to the examples.
LEXICAL_SHARE = 0.4
#: A catalogued theme that has less than this share of a cluster may be a mistake there.
SMALL_PART = 0.2
#: Sums in another order differ in their last digits; scores that agree so far are equal.
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class _Space:
    """Articles as vectors and as TF-IDF rows, both of length 1; q queries in the same terms."""

    vectors: FloatMatrix
    words: csr_matrix | None
    queries: FloatMatrix
    query_words: csr_matrix | None

    def to_queries(self) -> Scores:
        """Closeness to the words of each query, shape (n, q): cosine + cosine of TF-IDF."""
        closeness = np.asarray(self.vectors @ self.queries.T, dtype=np.float64)
        if self.words is not None and self.query_words is not None:
            closeness += (self.words @ self.query_words.T).toarray()
        return np.asarray(np.round(closeness, _DIGITS), dtype=np.float64)

    def to_examples(self, rows: Rows) -> Scores:
        """Mean cosine of each article with the articles `rows`, shape (n,); less itself there."""
        closeness = self.vectors @ self.vectors[rows].mean(axis=0, dtype=np.float64)
        if self.words is not None:
            mean_words = np.asarray(self.words[rows].mean(axis=0)).ravel()
            lexical = np.asarray(self.words @ mean_words).ravel()
            closeness = (1 - LEXICAL_SHARE) * closeness + LEXICAL_SHARE * lexical
        if len(rows) > 1:
            closeness[rows] = (closeness[rows] * len(rows) - 1) / (len(rows) - 1)
        return np.asarray(np.round(closeness, _DIGITS), dtype=np.float64)


def find_members(
    content_ids: Sequence[str],
    texts: Sequence[str],
    vectors: FloatMatrix,
    catalogue: Sequence[CatalogueTheme],
    queries: Queries,
    join_similarity: float,
) -> Labels:
    """Decide which articles are of which catalogued theme.

    Parameters
    ----------
    content_ids : sequence of str
        Length n.
    texts : sequence of str
        Length n: title and body, for the words in common and the terms that must be mentioned.
    vectors : ndarray of shape (n, d), float32
        Unit rows.
    catalogue : sequence of CatalogueTheme
        Length t.
    queries : Queries
        Of the themes of `catalogue`, in that order.
    join_similarity : float
        Cosine with a query from which an article can be an example of a theme, in [0, 1].
        Members have at least `MEMBER_SHARE` of it.

    Returns
    -------
    ndarray of shape (n,), int32
        Row in the catalogue, `NO_THEME` for none. Pinned articles are in their theme whatever else
        is said; excluded ones, and those that lack what they must mention, never are otherwise.
    """
    if not len(content_ids) or not catalogue:
        return np.full(len(content_ids), NO_THEME, dtype=np.int32)
    pins = [_rows_of(content_ids, theme.pinned) for theme in catalogue]
    able = _able(content_ids, texts, catalogue)
    with one_thread():
        near = _near_pins(catalogue, vectors, queries, pins, join_similarity)
        fits = _fits(vectors, texts, queries, able[:, queries.themes], near, join_similarity)
    # A theme is as close as the closest of its subjects.
    fits = np.maximum.reduceat(fits, np.searchsorted(queries.themes, range(len(pins))), axis=1)
    found = np.where(fits.max(axis=1) >= MEMBER_SHARE, fits.argmax(axis=1), NO_THEME)
    for theme, rows in enumerate(pins):
        found[rows] = theme
    return found.astype(np.int32)


def _rows_of(content_ids: Sequence[str], wanted: Sequence[str]) -> Rows:
    chosen = frozenset(wanted)
    return np.array([row for row, c in enumerate(content_ids) if c in chosen], dtype=np.intp)


def _able(
    content_ids: Sequence[str], texts: Sequence[str], catalogue: Sequence[CatalogueTheme]
) -> npt.NDArray[np.bool_]:
    """Which articles may be of which theme, shape (n, t)."""
    wanted = [theme.must_mention for theme in catalogue]
    able = np.array([mentions_each(text, wanted) for text in texts], dtype=bool)
    for theme, entry in enumerate(catalogue):
        able[_rows_of(content_ids, entry.excluded), theme] = False
    return able


def _fits(
    vectors: FloatMatrix,
    texts: Sequence[str],
    queries: Queries,
    able: npt.NDArray[np.bool_],
    pins: Sequence[Rows],
    join_similarity: float,
) -> Scores:
    """Closeness to each query, shape (n, q): 1 = that of its median example; 0 = barred from it.

    The mean of the closeness to the words and of that to the examples. `able`, shape (n, q), and
    `pins`, of length q, are those of the queries' themes.
    """
    drawn = _with_pinned(queries.vectors, vectors, pins)
    space = _space(vectors, texts, queries.texts, drawn)
    to_words = space.to_queries()
    cosines = np.round(vectors @ drawn.T, _DIGITS)
    able_words = np.where(able, to_words, 0)
    owners = _owners(able_words)
    is_close = able_words >= RIVAL_SHARE * able_words.max(axis=1, keepdims=True)
    fits = np.zeros_like(to_words)
    for query in range(len(drawn)):
        ready = able[:, query] & (owners == query) & is_close[:, query]
        ready &= cosines[:, query] >= join_similarity
        examples = _examples(np.where(ready, to_words[:, query], 0), pins[query])
        if not len(examples):
            continue
        fit = _share(to_words[:, query], examples)
        if len(examples) > 1:
            fit = (fit + _share(space.to_examples(examples), examples)) / 2
        near = cosines[:, query] >= MEMBER_SHARE * join_similarity
        fits[:, query] = np.where(able[:, query] & near, fit, 0)
    return np.asarray(np.round(np.maximum(fits, 0), _DIGITS), dtype=np.float64)


def _near_pins(
    catalogue: Sequence[CatalogueTheme],
    vectors: FloatMatrix,
    queries: Queries,
    pins: Sequence[Rows],
    join_similarity: float,
) -> list[Rows]:
    """Pinned articles that may stand as examples of each query: those that are near its words.

    Each counts for the closest query of its theme. Others are of it because somebody says so (a
    merged theme's, say), and would draw in what is like them. Where a theme has no words but a
    name, its pins are all that it is known by.
    """
    near: list[Rows] = []
    for theme, rows in enumerate(pins):
        is_described = catalogue[theme].description or catalogue[theme].seed_phrases
        asked = queries.vectors[queries.themes == theme]
        cosines = np.round(vectors[rows] @ asked.T, _DIGITS)
        for query in range(len(asked)):
            is_own = cosines.argmax(axis=1) == query
            is_close = cosines[:, query] >= join_similarity
            near.append(rows[is_own & is_close] if is_described else rows)
    return near


def _with_pinned(queries: FloatMatrix, vectors: FloatMatrix, pins: Sequence[Rows]) -> FloatMatrix:
    """Queries drawn half way to the mean of the pinned articles, where there are some."""
    drawn = queries.copy()
    for query, rows in enumerate(pins):
        if len(rows):
            both = np.stack([queries[query], mean_direction(vectors[rows])])
            drawn[query] = mean_direction(both)
    return drawn


def _space(
    vectors: FloatMatrix,
    texts: Sequence[str],
    asked: Sequence[str],
    queries: FloatMatrix,
) -> _Space:
    from sklearn.feature_extraction.text import TfidfVectorizer

    counter = TfidfVectorizer(stop_words="english", sublinear_tf=True, max_features=50_000)
    try:
        words = counter.fit_transform(texts)
    except ValueError:  # no text has a word
        return _Space(vectors, None, queries, None)
    return _Space(vectors, words, queries, counter.transform(asked))


def _owners(to_words: Scores) -> Rows:
    """Query whose words each article is closest to, as a share of what its best reach."""
    best = np.sort(to_words, axis=0)[-N_EXAMPLES:].mean(axis=0)
    share = np.round(to_words / np.maximum(best, 1e-6), _DIGITS)
    return np.asarray(share.argmax(axis=1), dtype=np.intp)


def _examples(to_words: Scores, pinned: Rows) -> Rows:
    """Rows of the articles closest to the words (0 = cannot be one), and of the pinned ones.

    Articles as close as the last example are examples too: their order says nothing.
    """
    best = np.sort(to_words)[::-1][:N_EXAMPLES]
    further = FURTHER_SHARE * best[best > 0].mean() if best[0] > 0 else 0.0
    least = max(min(float(best[-1]), further), EXAMPLE_SHARE * float(best[0]))
    chosen = (to_words > 0) & (to_words >= least)
    chosen[pinned] = True
    return np.flatnonzero(chosen)


def _share(closeness: Scores, examples: Rows) -> Scores:
    typical = max(float(np.median(closeness[examples])), 1e-6)
    return np.asarray(closeness / typical, dtype=np.float64)


def leave_to_clusters(
    themes: Labels, vectors: FloatMatrix, clusters: Labels, free: npt.NDArray[np.bool_]
) -> None:
    """Take from a theme those of its articles that are closer to a cluster of something else.

    That is a cluster with less than `SMALL_PART` of its articles in the theme, and enough in no
    theme to be one of their own.

    Parameters
    ----------
    themes : ndarray of shape (n,), int32
        As `find_members` gives them; changed in place.
    vectors : ndarray of shape (n, d), float32
        Unit rows.
    clusters : ndarray of shape (n,), int32
        Cluster of each article, -1 for none.
    free : ndarray of shape (n,), bool
        Which articles may be taken; pinned ones may not.
    """
    found = themes.copy()
    present = np.unique(found[found != NO_THEME])
    centres = {int(theme): mean_direction(vectors[found == theme]) for theme in present}
    for cluster in range(int(clusters.max(initial=-1)) + 1):
        members = np.flatnonzero(clusters == cluster)
        rest = members[found[members] == NO_THEME]
        if len(rest) < MIN_CLUSTER_SIZE or len(rest) == len(members):
            continue
        other = mean_direction(vectors[rest])
        for theme, centre in centres.items():
            rows = members[(found[members] == theme) & free[members]]
            if len(rows) < SMALL_PART * len(members):
                closer = vectors[rows] @ other > vectors[rows] @ centre
                themes[rows[closer]] = NO_THEME
