"""What can be said of themes without knowing the truth, and what people's labels add.

Coherence and diversity judge keywords, not themes, and people's judgement hardly follows them:
they are logged beside the others and decide nothing alone.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
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
    if not texts:
        return None
    single, joint = _count_texts(terms, texts)
    coherences = [
        sum(_npmi(single[a], single[b], joint[_pair(a, b)], len(texts)) for a, b in pairs)
        / len(pairs)
        for theme in terms
        if (pairs := list(combinations(theme, 2)))
    ]
    return sum(coherences) / len(coherences) if coherences else None


def topic_diversity(keywords: Sequence[Sequence[str]]) -> float | None:
    """Share of different ones among the keywords of all themes, in (0, 1]; None without any.

    1 says that no two themes share a keyword (Dieng, Ruiz and Blei, TACL 8, 2020).
    """
    terms = [_term(word) for theme in keywords for word in theme]
    return len(set(terms)) / len(terms) if terms else None


def _term(keyword: str) -> Term:
    return tuple(words_of(keyword))


def _pair(first: Term, second: Term) -> tuple[Term, Term]:
    return (first, second) if first <= second else (second, first)


def _count_texts(
    themes: Sequence[Sequence[Term]], texts: Sequence[str]
) -> tuple[Counter[Term], Counter[tuple[Term, Term]]]:
    """Texts that have each term, and each pair of terms of one theme."""
    themes_of: dict[Term, list[int]] = {}
    for number, theme in enumerate(themes):
        for term in theme:
            themes_of.setdefault(term, []).append(number)
    lengths = sorted({len(term) for term in themes_of})
    single: Counter[Term] = Counter()
    joint: Counter[tuple[Term, Term]] = Counter()
    for text in texts:
        words = words_of(text)
        runs = {run for n in lengths for run in zip(*(words[i:] for i in range(n)), strict=False)}
        present = runs & themes_of.keys()
        single.update(present)
        joint.update(_pairs_within(present, themes_of))
    return single, joint


def _pairs_within(present: set[Term], themes_of: dict[Term, list[int]]) -> set[tuple[Term, Term]]:
    """Pairs of terms that a text has and some theme has both of."""
    by_theme: dict[int, list[Term]] = {}
    for term in sorted(present):
        for theme in themes_of[term]:
            by_theme.setdefault(theme, []).append(term)
    return {pair for terms in by_theme.values() for pair in combinations(terms, 2)}


def _npmi(n_first: int, n_second: int, n_both: int, n: int) -> float:
    if not n_both:
        return -1.0
    if n_both == n:
        return 0.0
    surprise = math.log(n_both * n / (n_first * n_second))
    return max(-1.0, min(1.0, surprise / -math.log(n_both / n)))
