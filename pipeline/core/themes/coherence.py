"""What can be said of themes without knowing the truth, and what people's labels add.

Coherence and diversity judge keywords, not themes, and people's judgement hardly follows them:
they are logged beside the others and decide nothing alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from pipeline.core.clustering.scores import ClusterScores, score_clusters
from pipeline.core.texts import words_of

Term = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThemeQuality:
    """Numbers on one grouping of articles into themes.

    `share_in_none` and `largest_share` are of all articles, in [0, 1]; `coherence` is in [-1, 1]
    and `diversity` in (0, 1], None where no theme has two keywords or one; `agreement` compares
    with people's labels, None where there are none.
    """

    n_themes: int
    share_in_none: float
    largest_share: float
    coherence: float | None
    diversity: float | None
    agreement: ClusterScores | None

    def as_metrics(self) -> dict[str, float]:
        """Give the numbers by name; what is not known is left out."""
        values = {
            "n_themes": float(self.n_themes),
            "share_in_none": self.share_in_none,
            "largest_share": self.largest_share,
            "coherence": self.coherence,
            "diversity": self.diversity,
        }
        known = {name: value for name, value in values.items() if value is not None}
        return known | (self.agreement.as_metrics("agreement_") if self.agreement else {})


def theme_quality(
    texts: Sequence[str],
    groups: Sequence[int] | npt.NDArray[np.integer],
    keywords: Sequence[Sequence[str]],
    truth: Sequence[str | None] | None = None,
) -> ThemeQuality:
    """Judge themes by themselves and, where people labelled articles, by their labels.

    Parameters
    ----------
    texts : sequence of str
        One for each canonical article.
    groups : sequence of int
        Theme of each article; -1 for none.
    keywords : sequence of sequence of str
        Of each theme, best first.
    truth : sequence of str or None, optional
        What people said of each article; None where nothing.
    """
    numbers = np.asarray(groups, dtype=np.int64)
    n = max(1, len(numbers))
    _, sizes = np.unique(numbers[numbers >= 0], return_counts=True)
    return ThemeQuality(
        n_themes=len(sizes),
        share_in_none=int((numbers < 0).sum()) / n,
        largest_share=int(sizes.max(initial=0)) / n,
        coherence=keyword_coherence(keywords, texts),
        diversity=topic_diversity(keywords),
        agreement=score_clusters(truth, numbers) if truth is not None else None,
    )


def keyword_coherence(keywords: Sequence[Sequence[str]], texts: Sequence[str]) -> float | None:
    """Mean over themes of how much more often than by chance their keywords share a text.

    For two keywords that is their normalised pointwise mutual information,
    ``ln(p(a, b) / (p(a) p(b))) / -ln p(a, b)``, with p the share of texts that have them: 1 where
    neither occurs without the other, 0 by chance, -1 where they never meet. Two keywords that
    every text has say nothing: 0. A theme's coherence is the mean over its pairs (G. Bouma, 2009;
    J. H. Lau et al., EACL 2014).

    Returns
    -------
    float or None
        In [-1, 1]; None where no theme has two different keywords or there are no texts.
    """
    terms = [list(dict.fromkeys(_term(word) for word in theme)) for theme in keywords]
    terms = [[term for term in theme if term] for theme in terms]
    terms = [theme for theme in terms if len(theme) > 1]
    if not texts or not terms:
        return None
    row_of = {term: row for row, term in enumerate(dict.fromkeys(t for own in terms for t in own))}
    present = _find_terms(row_of, texts)
    coherences = [_coherence(present[[row_of[term] for term in theme]]) for theme in terms]
    return sum(coherences) / len(coherences)


def topic_diversity(keywords: Sequence[Sequence[str]]) -> float | None:
    """Share of different ones among the keywords of all themes, in (0, 1]; None without any.

    1 says that no two themes share a keyword (Dieng, Ruiz and Blei, TACL 8, 2020).
    """
    terms = [_term(word) for theme in keywords for word in theme]
    return len(set(terms)) / len(terms) if terms else None


def _term(keyword: str) -> Term:
    return tuple(words_of(keyword))


def _find_terms(row_of: Mapping[Term, int], texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Which texts have each term, shape (n_terms, n_texts)."""
    by_first: dict[str, list[Term]] = {}
    for term in row_of:
        by_first.setdefault(term[0], []).append(term)
    present = np.zeros((len(row_of), len(texts)), dtype=bool)
    for column, text in enumerate(texts):
        words = words_of(text)
        for i, word in enumerate(words):
            for term in by_first.get(word, ()):
                if tuple(words[i : i + len(term)]) == term:
                    present[row_of[term], column] = True
    return present


def _coherence(present: npt.NDArray[np.bool_]) -> float:
    """Mean over pairs of terms, given in which texts each of two or more is."""
    counts = present.astype(np.float64) @ present.T  # whole numbers, so exact in any order
    pairs = list(combinations(range(len(present)), 2))
    n = present.shape[1]
    return sum(_npmi(counts[a, a], counts[b, b], counts[a, b], n) for a, b in pairs) / len(pairs)


def _npmi(n_first: float, n_second: float, n_both: float, n: int) -> float:
    if not n_both:
        return -1.0
    if n_both == n:
        return 0.0
    surprise = math.log(n_both * n / (n_first * n_second))
    return max(-1.0, min(1.0, surprise / -math.log(n_both / n)))
