"""Stories: reports of the same event within days, found inside clusters.

A story is tied by what a text says (its vector), by its rare words, and by its date; none of them
is enough alone. Only articles of one cluster are compared, so stories are nested in clusters by
construction and the cost grows with the clusters, not with the square of the corpus. Stories are
joined by average linkage: groups are joined where they fit on average, so a chain of likenesses
does not tie two events. The time factor is that of Miranda et al. (EMNLP 2018): a Gaussian of
about three days.

How alike two articles are that merely share a subject differs from cluster to cluster: most pairs
of a cluster are of different events and show it. A story has to stand out from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_Ints = npt.NDArray[np.int32]
_Floats = npt.NDArray[np.float32]
_Rows = npt.NDArray[np.intp]

#: Most articles that are compared with each other at once: a matrix of 25 MB.
MAX_TOGETHER = 2500
#: The event of a report is told at its beginning; more text costs time and adds background.
_MAX_CHARACTERS = 2000
_WORD = r"(?u)\b\w[\w'’-]*\w\b"
#: Share of the pairs of a cluster that are taken for the background.
_BACKGROUND = 0.9
#: Coarser than the last digits that a product of matrices may differ in.
_DIGITS = 5


@dataclass(frozen=True, slots=True)
class StorySettings:
    """How stories are told apart.

    Similarities are the mean of the cosines of vectors and of TF-IDF, `word_weight` being the
    share of the latter. Groups are joined whose mean similarity is `above` that of nine in ten
    pairs of their cluster, but at least `lowest`, and where it is `highest` in any case: a cluster
    may be one event as a whole. `sigma_days` is the width of the time factor.
    """

    word_weight: float = 0.5
    above: float = 0.16
    lowest: float = 0.3
    highest: float = 0.42
    sigma_days: float = 3.0


def find_stories(
    vectors: FloatMatrix,
    texts: Sequence[str],
    dates: Sequence[str | None],
    within: _Ints,
    settings: StorySettings | None = None,
) -> _Ints:
    """Group reports of the same event; an article that stands alone is a story of its own.

    Parameters
    ----------
    vectors : ndarray of shape (n, d), float32
        Unit rows, sorted by the caller (ties go to the earlier row).
    texts : sequence of str
        Length n: title and body.
    dates : sequence of str or None
        Length n: ISO dates or stamps; None or unreadable: time says nothing.
    within : ndarray of shape (n,), int32
        Groups that no story crosses, from `story_bounds`. One of more than `MAX_TOGETHER`
        articles is halved until its parts are small enough.
    settings : StorySettings, optional
        Defaults serve short and long texts.

    Returns
    -------
    ndarray of shape (n,), int32
        Story numbers from 0, in the order of their first rows.
    """
    settings = settings or StorySettings()
    n = len(texts)
    stories = np.zeros(n, dtype=np.int32)
    if n < 2:
        return stories
    found = 0
    with one_thread():
        dense, sparse = _joined(vectors, texts, settings.word_weight)
        days = np.array([_day(value) for value in dates], dtype=np.float32)
        for rows in _blocks(vectors, within):
            stories[rows] = found + _stories_of(dense[rows], sparse[rows], days[rows], settings)
            found = int(stories[rows].max()) + 1
    _, first, inverse = np.unique(stories, return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    numbers: _Ints = rank[inverse.ravel()].astype(np.int32)
    return numbers


def story_bounds(labels: _Ints, default: int, most: int = MAX_TOGETHER) -> _Ints:
    """Groups to look for stories in: clusters, and the parts of those that are too large.

    Parameters
    ----------
    labels : ndarray of shape (n_levels, n), int32
        Nested levels, coarsest first.
    default : int
        Row of the level whose clusters are the bounds.
    most : int
        A larger group is divided as the next finer level has it, as long as there is one.

    Returns
    -------
    ndarray of shape (n,), int32
        Group numbers from 0.
    """
    bounds = labels[default].astype(np.int64)
    for level in labels[default + 1 :].astype(np.int64):
        _, group = np.unique(bounds, return_inverse=True)
        large = np.bincount(group)[group] > most
        if not large.any():
            break
        bounds = group * (level.max() + 2) + np.where(large, level + 1, 0)
    numbers: _Ints = np.unique(bounds, return_inverse=True)[1].ravel().astype(np.int32)
    return numbers


def _blocks(vectors: FloatMatrix, within: _Ints) -> list[_Rows]:
    """Rows of each group; too large a group in halves of what lies close together."""
    order = np.argsort(within, kind="stable")
    starts = np.flatnonzero(np.diff(within[order])) + 1
    waiting, blocks = list(np.split(order, starts)), []
    while waiting:
        rows = waiting.pop()
        if len(rows) <= MAX_TOGETHER:
            blocks.append(rows)
        else:
            waiting += _halves(vectors, rows)
    return blocks


def _halves(vectors: FloatMatrix, rows: _Rows) -> list[_Rows]:
    """Divide in the middle between two articles that are far apart."""
    part = vectors[rows]
    one = part[np.argmin(np.round(part @ part.mean(axis=0), _DIGITS))]
    other = part[np.argmin(np.round(part @ one, _DIGITS))]
    order = np.argsort(np.round(part @ (one - other), _DIGITS), kind="stable")
    middle = len(rows) // 2
    return [np.sort(rows[order[:middle]]), np.sort(rows[order[middle:]])]


def _joined(
    vectors: FloatMatrix, texts: Sequence[str], word_weight: float
) -> tuple[_Floats, csr_matrix]:
    """Rows, dense and sparse, whose products sum to the weighted mean of the two cosines.

    A text without words has only its vector, which then counts in full.
    """
    words = _tfidf([text[:_MAX_CHARACTERS] for text in texts])
    has_words = np.diff(words.indptr) > 0
    scale = np.sqrt(np.where(has_words, 1 - word_weight, 1)).astype(np.float32)
    dense: _Floats = vectors.astype(np.float32) * scale[:, None]
    return dense, (words * np.float32(np.sqrt(word_weight))).tocsr()


def _tfidf(texts: Sequence[str]) -> csr_matrix:
    from scipy.sparse import csr_matrix
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(
        sublinear_tf=True,
        dtype=np.float32,
        stop_words="english",
        token_pattern=_WORD,
    )
    try:
        return words.fit_transform(texts)
    except ValueError:  # nothing but stop words
        return csr_matrix((len(texts), 1), dtype=np.float32)


def _day(value: str | None) -> float:
    try:
        return float(date.fromisoformat((value or "")[:10]).toordinal())
    except ValueError:
        return float("nan")


def _stories_of(
    dense: _Floats, sparse: csr_matrix, days: _Floats, settings: StorySettings
) -> _Ints:
    """Story of each article of one group, numbered from 0."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(days) < 2:
        return np.zeros(len(days), dtype=np.int32)
    pairs = np.triu_indices(len(days), 1)
    alike = (dense @ dense.T + (sparse @ sparse.T).toarray())[pairs]
    apart = np.nan_to_num((days[:, None] - days[None, :])[pairs])
    near = alike * np.exp(-((apart / settings.sigma_days) ** 2) / 2)
    tree = linkage(np.round(np.clip(1 - near, 0, 1), _DIGITS).astype(np.float64), "average")
    labels: _Ints = fcluster(tree, 1 - _threshold(alike, settings), "distance").astype(np.int32)
    return labels - np.int32(1)


def _threshold(alike: _Floats, settings: StorySettings) -> float:
    """Least mean similarity of a story, from that of all pairs; dates are left out of account."""
    background = round(float(np.quantile(alike, _BACKGROUND)), _DIGITS)
    return min(max(background + settings.above, settings.lowest), settings.highest)
