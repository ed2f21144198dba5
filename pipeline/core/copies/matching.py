"""Is one text a copy of another? What `likeness` finds, judged by the length of the texts.

In an article, what two texts have in common tells copies from reports of the same event. A brief
of a sentence or two is told from another outlet's by less, and one that says the same kind of
thing of another day in the same phrases covers it wholly: there, rare words and figures decide.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.core.copies.likeness import Spans, compare_texts
from pipeline.core.copies.sketches import BRIEF, SHORT, Postings, Sketch, Words, hash_words

#: Share of its words that a copy keeps unchanged.
_KEPT = 0.4
#: Words below which a part must keep more of them: a report in one sentence stands in that of
#: another outlet as well as a copy does.
_SENTENCE = 45
_SENTENCE_KEPT = 0.75
#: Copies share this part of the words of a brief, the rarer ones weighing more.
_BRIEF_SHARE = 0.45
#: Two short texts are near copies if this share of their distinct words is common, and so many.
_SHORT_SHARE = 0.8
_SHORT_SHARED = 6
#: A short text is part of a longer one if it has so many words, nearly all of which stand there.
_PART_WORDS = 10
_PART_SHARE = 0.9
_PART_KEPT = 0.8
#: Words of texts that are held in memory.
_CACHE_WORDS = 2_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """A text that is a copy of a longer one.

    `share` is the covered share of both (near) or of the shorter text (contained). `n_words`
    counts the shorter text's words; `spans` are the covered ranges of the longer text's.
    """

    is_near: bool
    share: float
    n_words: int
    spans: Spans


class Matcher:
    """Judges pairs of texts, each pair once."""

    def __init__(
        self,
        texts: Sequence[Sketch],
        text_of: Callable[[str], str],
        postings: Postings,
        *,
        near_duplicate: float,
        contained_duplicate: float,
    ) -> None:
        self._texts = texts
        self._text_of = text_of
        self._postings = postings
        self._near = near_duplicate
        self._contained = contained_duplicate
        self._cache: OrderedDict[int, Words] = OrderedDict()
        self._n_cached = 0
        self._judged: dict[tuple[int, int, bool], Match | None] = {}

    def match(self, number: int, longer: int, *, is_known: bool = False) -> Match | None:
        """What text `number` is to a longer one, None if it is no copy.

        `is_known` says that it is a copy of a copy of the longer one: then what stands in the
        longer one need not be as well preserved.
        """
        key = (number, longer, is_known)
        if key not in self._judged:
            self._judged[key] = self._judge(*key)
        return self._judged[key]

    def _judge(self, number: int, longer: int, is_known: bool) -> Match | None:
        first, second = self._texts[number], self._texts[longer]
        left, right = self._words(number), self._words(longer)
        if not len(left):
            return None
        if second.n_words < SHORT:
            share = _compare_short(first, second, left, right)
            return Match(True, share, len(left), _WHOLE) if share else None
        if first.n_words < BRIEF and not is_known and not self._is_same_news(left, right):
            return None
        found = compare_texts(left, right)
        both = min(found.left, found.right)
        if first.n_words >= SHORT and both >= self._near and found.equal >= _KEPT:
            return Match(True, both, len(left), found.spans)
        share, kept = self._part_needs(first.n_words, is_known)
        if found.left >= share and found.equal >= kept:
            return Match(False, found.left, len(left), found.spans)
        return None

    def _part_needs(self, n_words: int, is_known: bool) -> tuple[float, float]:
        """Share of a part of `n_words` that must stand in the whole, and that must be unchanged."""
        if n_words < _PART_WORDS:
            return np.inf, np.inf
        if n_words < SHORT:
            return max(self._contained, _PART_SHARE), _PART_KEPT
        is_sentence = n_words < _SENTENCE and not is_known
        return self._contained, _SENTENCE_KEPT if is_sentence else _KEPT

    def _is_same_news(self, left: Words, right: Words) -> bool:
        """Whether a brief shares what is particular to it, and does not give other figures."""
        left, right = np.unique(left), np.unique(right)
        weights = self._postings.weigh_words(left)
        share = weights[np.isin(left, right)].sum() / weights.sum()
        return bool(share >= _BRIEF_SHARE) and not _numbers_differ(left, right)

    def _words(self, number: int) -> Words:
        words = self._cache.pop(number, None)
        if words is None:
            words = hash_words(self._text_of(self._texts[number].content_id))
            self._n_cached += len(words)
        self._cache[number] = words
        while self._n_cached > _CACHE_WORDS and len(self._cache) > 2:
            self._n_cached -= len(self._cache.popitem(last=False)[1])
        return words


_WHOLE = np.empty((0, 2), dtype=np.int64)


def _compare_short(first: Sketch, second: Sketch, left: Words, right: Words) -> float:
    """Share of distinct words in common if it makes two short texts copies, otherwise 0."""
    if first.title_key != second.title_key or _numbers_differ(left, right):
        return 0.0
    n_shared = len(np.intersect1d(left, right))
    share = n_shared / len(np.union1d(left, right))
    return share if n_shared >= _SHORT_SHARED and share >= _SHORT_SHARE else 0.0


def _numbers_differ(left: Words, right: Words) -> bool:
    """Each gives numbers that the other lacks, as many as both give: figures of another day."""
    first, second = (np.unique(words[words % 2 == 1]) for words in (left, right))
    n_common = len(np.intersect1d(first, second))
    return min(len(first), len(second)) - n_common >= max(1, n_common)
