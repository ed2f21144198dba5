"""Articles → groups of copies.

Three relations, each checked on the texts themselves: `exact` (same content id), `near` (Jaccard
similarity of word triples) and `contained` (share of the shorter text's triples in the longer).
Articles are visited longest first; each joins the group of an earlier one that it is a copy of, or
opens its own. So every copy has been compared with the longest of its group, chains (A like B, B
like C, C unlike A) never merge, and the order of the input changes nothing.

Candidates come from an inverted index of canonical articles over a fixed quarter of their triples
(mod-p sampling: Manber, "Finding similar files in a large file system", 1994; Broder, "On the
resemblance and containment of documents", 1997). MinHash bands would find only the near ones:
an article inside a four times longer one has a Jaccard of 0.25.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.core.pages.texts import words_of
from pipeline.records import Article, DuplicateKind

Shingles = npt.NDArray[np.uint64]

#: Words of one shingle. Three survive light editing and are rare enough to mean copying.
_SHINGLE_WORDS = 3
#: Shorter texts are copies only if they are equal: any two stubs look alike.
_MIN_WORDS = 20
#: One shingle in so many is indexed.
_SAMPLE_RATE = 4
#: A shingle of more canonical articles than this is boilerplate and proposes nothing.
_MAX_POSTINGS = 50
#: So many of the likeliest candidates are compared, if they share this part of the smaller sample:
#: half of what the laxest copy shares on average.
_MAX_CANDIDATES = 20
_MIN_SHARED = 0.3
_MULTIPLIERS = np.array(
    [0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64
)


@dataclass(frozen=True, slots=True)
class _Likeness:
    jaccard: float
    containment: float


def group_duplicates(
    articles: Sequence[Article], *, near_duplicate: float, contained_duplicate: float
) -> list[Article]:
    """Find copies and say of each article which group it belongs to.

    The canonical article of a group is the earliest (undated ones last), then the longest, then
    the one with the smallest ids, among those that are not merely a part of another. It is
    `unique`; the others are what they are to the longest of the group.

    Parameters
    ----------
    articles : sequence of Article
        In any order; what they say of duplicates is ignored.
    near_duplicate : float
        Jaccard similarity of word triples from which texts are copies, in (0, 1].
    contained_duplicate : float
        Share of the shorter text's word triples found in the longer from which it is a part of
        it, in (0, 1].

    Returns
    -------
    list of Article
        The same articles in the same order, with `duplicate_group` (content id of the canonical),
        `duplicate_kind` and `is_canonical` filled in; one canonical for each group.
    """
    contents: dict[str, list[Article]] = {}
    for article in sorted(articles, key=_preference):
        contents.setdefault(article.content_id, []).append(article)
    index = _Groups(near_duplicate, contained_duplicate)
    groups: dict[str, list[_Member]] = {}
    for copies in sorted(contents.values(), key=_longest_first):
        longest, kind = index.place(copies[0])
        groups.setdefault(longest, []).append(_Member(tuple(copies), kind))
    resolved = {
        article.article_id: article for members in groups.values() for article in _resolve(members)
    }
    return [resolved[article.article_id] for article in articles]


@dataclass(frozen=True, slots=True)
class _Member:
    """One content of a group, its articles best first; `kind` is None for the longest one."""

    copies: tuple[Article, ...]
    kind: DuplicateKind | None


def _resolve(members: Sequence[_Member]) -> list[Article]:
    """Choose the canonical of a group, and say of all its articles what they are."""
    whole = [member.copies[0] for member in members if member.kind != "contained"]
    canonical = min(whole, key=_preference)
    sources = {copy.source for member in members for copy in member.copies if copy.source}
    resolved = []
    for member in members:
        # Likeness is mutual: where a near copy is canonical, the longest one is the near copy.
        kind = member.kind or "near"
        if member.copies[0].content_id == canonical.content_id:
            kind = "exact"
        for copy in member.copies:
            is_canonical = copy is canonical
            resolved.append(
                replace(
                    copy,
                    duplicate_group=canonical.content_id,
                    duplicate_kind="unique" if is_canonical else kind,
                    is_canonical=is_canonical,
                    carried_by=tuple(sorted(sources)),
                )
            )
    return resolved


def _preference(article: Article) -> tuple[bool, str, int, str, str]:
    published = article.published or ""
    size = -len(article.text)
    return (not published, published, size, article.content_id, article.article_id)


def _longest_first(copies: Sequence[Article]) -> tuple[int, str]:
    return (-len(copies[0].text), copies[0].content_id)


class _Groups:
    """The longest content of each group so far, and the index that finds which one resembles."""

    def __init__(self, near_duplicate: float, contained_duplicate: float) -> None:
        self._near = near_duplicate
        self._contained = contained_duplicate
        self._ids: list[str] = []
        self._shingles: list[Shingles] = []
        self._sizes: list[int] = []
        self._postings: dict[int, list[int]] = {}

    def place(self, article: Article) -> tuple[str, DuplicateKind | None]:
        """Longest content of its group, and what it is to that one (None: it is the one)."""
        words = words_of(article.text)
        if len(words) < _MIN_WORDS:
            return article.content_id, None
        shingles = _shingle(words)
        sample = shingles[shingles % np.uint64(_SAMPLE_RATE) == 0].tolist()
        best, best_rank = None, (False, 0.0, 0.0)
        for candidate in self._candidates(sample):
            likeness = _compare(shingles, self._shingles[candidate])
            is_near = likeness.jaccard >= self._near
            rank = (is_near, likeness.jaccard, likeness.containment)
            is_copy = is_near or likeness.containment >= self._contained
            if is_copy and (best is None or rank > best_rank):
                best, best_rank = candidate, rank
        if best is not None:
            return self._ids[best], "near" if best_rank[0] else "contained"
        self._open(article.content_id, shingles, sample)
        return article.content_id, None

    def _candidates(self, sample: Sequence[int]) -> list[int]:
        counts: Counter[int] = Counter()
        for shingle in sample:
            postings = self._postings.get(shingle, ())
            if len(postings) <= _MAX_POSTINGS:
                counts.update(postings)
        likely = [
            number
            for number, n_shared in counts.items()
            if n_shared >= _MIN_SHARED * min(len(sample), self._sizes[number])
        ]
        likely.sort(key=lambda number: (-counts[number], number))
        return likely[:_MAX_CANDIDATES]

    def _open(self, content_id: str, shingles: Shingles, sample: Sequence[int]) -> None:
        number = len(self._ids)
        self._ids.append(content_id)
        self._shingles.append(shingles)
        self._sizes.append(len(sample))
        for shingle in sample:
            postings = self._postings.setdefault(shingle, [])
            if len(postings) <= _MAX_POSTINGS:
                postings.append(number)


def _shingle(words: Sequence[str]) -> Shingles:
    """Sorted distinct hashes of all runs of three words, shape (n,), uint64."""
    hashes = np.array([_hash_word(word) for word in words], dtype=np.uint64)
    n = len(hashes) - _SHINGLE_WORDS + 1
    mixed = np.zeros(n, dtype=np.uint64)
    for offset, multiplier in enumerate(_MULTIPLIERS):
        mixed = (mixed ^ hashes[offset : offset + n]) * multiplier
        mixed ^= mixed >> np.uint64(29)
    return np.unique(mixed)


@lru_cache(maxsize=200_000)
def _hash_word(word: str) -> int:
    # Not hash(): that one differs from process to process.
    digest = hashlib.blake2b(word.encode("utf-8", errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _compare(left: Shingles, right: Shingles) -> _Likeness:
    shared = len(np.intersect1d(left, right, assume_unique=True))
    smaller = min(len(left), len(right))
    return _Likeness(shared / (len(left) + len(right) - shared), shared / smaller)
