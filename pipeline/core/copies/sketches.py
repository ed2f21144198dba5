"""Articles → small sketches → pairs of articles that may be copies.

A sketch holds hashes of a text's word triples: all of a short text, a fixed quarter of a long
one (mod-p sampling: Manber, "Finding similar files in a large file system", 1994; Broder, "On the
resemblance and containment of documents", 1997). MinHash bands would find only texts of like
length: an article inside a four times longer one has a Jaccard similarity of 0.25. Texts of a few
sentences add their word pairs, of which more survive when words are replaced.

Sketches stay in flat arrays, sorted once. Of two texts that share hashes, the shared ones' weight
(the rarer, the heavier: what thousands of texts carry is a site's boilerplate) is set against the
weight of all that the shorter one could share. Each text is paired with the longest few that carry
a hash, never with all: the work grows with the number of texts, however alike they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipeline.core.texts import words_of
from pipeline.records import Article

Words = npt.NDArray[np.uint64]
Hashes = npt.NDArray[np.uint32]

#: Texts with fewer words are copies only by a stricter rule: any two stubs look alike.
SHORT = 20
#: Words below which a text is a brief, sketched by its single words, too.
BRIEF = 60
#: Words from which a text is sketched without: single words, word pairs, three of four triples.
_LEVELS = (BRIEF, 120, 256)
#: Two bits mark hashes of word pairs (10) and of single words (11).
_EXTRA = np.uint32(1 << 31)
_SINGLE = np.uint32(3 << 30)
_SPARED = np.uint32(3)
#: Hashes are sorted in so many parts, by bits that mark nothing, to take less memory at one time.
_PARTS = np.uint32(8)
_PART_BITS = np.uint32(20)
_MULTIPLIERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
#: With how many of the longest carriers of a hash a text is paired.
_MAX_PARTNERS = 12
#: Candidates share at least this weighted part of what they could share, and so many hashes. Of a
#: text in which 40 % of the words were replaced, a fifth of the triples is left.
_MIN_SHARE = 0.1
_MIN_SHARED = 2
#: So many of the likeliest candidates are named for each text.
_MAX_CANDIDATES = 10
#: Pairs that are counted at one time; bounds the memory.
_BLOCK = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """What must be known of an article to find its copies; small, and made page by page.

    `text_key` is equal for texts that read the same; those of fewer than `SHORT` words must have
    the same title, too, since stubs repeat below different headlines. `title_key` is that of the
    title alone. `hashes` is sorted and distinct, shape (n,), uint32.
    """

    article_id: str
    content_id: str
    published: str | None
    source: str | None
    source_file: str
    n_chars: int
    n_words: int
    text_key: int
    title_key: int
    hashes: Hashes


def sketch_article(article: Article) -> Sketch:
    """Note what is needed to find the copies of `article`; the same in every process."""
    words = hash_words(article.text)
    title_key = _digest(hash_words(article.title or "").tobytes())
    body = words.tobytes()
    if len(words) < SHORT:
        body += title_key.to_bytes(8, "little")
    return Sketch(
        article_id=article.article_id,
        content_id=article.content_id,
        published=article.published,
        source=article.source,
        source_file=article.source_file,
        n_chars=len(article.text),
        n_words=len(words),
        text_key=_digest(body),
        title_key=title_key,
        hashes=_sample(words),
    )


def hash_words(text: str) -> Words:
    """Hash of each word of `text` in order, shape (n,), uint64; odd for words with a digit."""
    return np.array([_hash_word(word) for word in words_of(text)], dtype=np.uint64)


def _hash_runs(words: Words, length: int) -> Words:
    n = max(0, len(words) - length + 1)
    mixed = np.zeros(n, dtype=np.uint64)
    for offset, multiplier in enumerate(_MULTIPLIERS[:length]):
        mixed = (mixed ^ words[offset : offset + n]) * np.uint64(multiplier)
        mixed ^= mixed >> np.uint64(29)
    return mixed


@lru_cache(maxsize=200_000)
def _hash_word(word: str) -> int:
    # Not hash(): that one differs from process to process.
    return _digest(word.encode("utf-8", errors="replace")) & ~1 | any(map(str.isdigit, word))


def _digest(content: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "little")


def _level(n_words: int) -> int:
    """How coarsely a text is sketched, from 0 (all) to 3 (every fourth triple)."""
    return sum(n_words >= bound for bound in _LEVELS)


def _is_sampled(hashes: Hashes, level: int) -> npt.NDArray[np.bool_]:
    """Which hashes a text of `level` would hold."""
    if level == 0:
        return np.ones(len(hashes), dtype=np.bool_)
    # Coarser texts hold triples only, whose mark is 0.
    mask, unwanted = (_SINGLE, _SINGLE) if level == 1 else (_EXTRA, _EXTRA)
    is_sampled: npt.NDArray[np.bool_] = (hashes & mask) != unwanted
    if level == len(_LEVELS):
        is_sampled &= (hashes & _SPARED) == 0
    return is_sampled


def _sample(words: Words) -> Hashes:
    level = _level(len(words))
    hashes = [_shorten(_hash_runs(words, 3)) & ~_EXTRA]
    if level <= 1:
        hashes.append(_shorten(_hash_runs(words, 2)) & ~_SINGLE | _EXTRA)
    if level == 0:
        hashes.append(_hash_singles(words))
    found = np.concatenate(hashes)
    return np.unique(found[_is_sampled(found, level)])


def _hash_singles(words: Words) -> Hashes:
    return _shorten(words) | _SINGLE


def _shorten(hashes: Words) -> Hashes:
    return (hashes >> np.uint64(16)).astype(np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Postings whose hashes are shared, hash by hash, and the lengths of their runs.

    `singles` are the hashes of shared single words, `n_singles` their numbers of carriers.
    """

    postings: Hashes
    runs: Hashes
    singles: Hashes
    n_singles: Hashes


class Postings:
    """All hashes that more than one sketch holds, in the order of the sketches.

    Parameters
    ----------
    sketches : sequence of Sketch
        Longest text first: later ones are held against earlier ones.
    """

    def __init__(self, sketches: Sequence[Sketch]) -> None:
        self._n = len(sketches)
        self._levels = np.array([_level(sketch.n_words) for sketch in sketches], dtype=np.int8)
        self._possible = np.zeros((len(_LEVELS) + 1, self._n))
        ends = np.cumsum([len(sketch.hashes) for sketch in sketches], dtype=np.int64)
        nothing = np.empty(0, dtype=np.uint32)
        hashes = np.concatenate([nothing, *(sketch.hashes for sketch in sketches)])
        # Part by part: most hashes have one carrier, and are done with once they are weighed.
        parts = [self._sort_part(hashes, ends, part) for part in range(int(_PARTS))]
        del hashes
        carried = np.concatenate([part.postings for part in parts])
        runs = np.concatenate([part.runs for part in parts])
        self._singles = np.concatenate([part.singles for part in parts])
        self._n_singles = np.concatenate([part.n_singles for part in parts])
        by_hash = np.argsort(self._singles)
        self._singles, self._n_singles = self._singles[by_hash], self._n_singles[by_hash]
        del parts, by_hash
        shared = np.sort(carried)
        carried = np.searchsorted(shared, carried).astype(np.uint32)
        owners = np.searchsorted(ends, shared, side="right").astype(np.uint32)
        del shared
        self._ends = np.searchsorted(owners, np.arange(self._n, dtype=np.uint32), side="right")
        # Carriers of each hash side by side, and for each posting where those of its hash begin.
        self._carriers = owners[carried]
        begins = np.repeat(np.cumsum(runs, dtype=np.uint32) - runs, runs)
        self._begins = np.empty_like(begins)
        self._begins[carried] = begins
        earlier = np.arange(len(carried), dtype=np.uint32) - begins
        self._n_earlier = np.empty(len(carried), dtype=np.uint8)
        self._n_earlier[carried] = np.minimum(earlier, _MAX_PARTNERS)
        self._weights = np.empty(len(carried), dtype=np.float32)
        self._weights[carried] = np.repeat(self._weigh(runs), runs)

    def _weigh(self, n_carriers: Hashes) -> npt.NDArray[np.float32]:
        rarity: npt.NDArray[np.float32] = np.float32(self._n) / n_carriers.astype(np.float32)
        return np.log1p(rarity)

    def _sort_part(self, hashes: Hashes, ends: npt.NDArray[np.int64], part: int) -> _Part:
        """Find the shared ones among a part of all hashes, and add up what could be shared.

        Hash and place are sorted as one number, which takes half the memory of sorting places.
        """
        places = np.flatnonzero((hashes >> _PART_BITS) % _PARTS == part).astype(np.uint32)
        keys = hashes[places].astype(np.uint64) << np.uint64(32)
        keys += places
        keys.sort()
        places = keys.astype(np.uint32)
        ordered = (keys >> np.uint64(32)).astype(np.uint32)
        is_first = np.ones(len(ordered), dtype=np.bool_)
        is_first[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(is_first)
        runs = np.diff(starts, append=len(ordered)).astype(np.uint32)
        owners = np.searchsorted(ends, places, side="right")
        weights = np.repeat(self._weigh(runs), runs)
        for level in range(len(self._possible)):
            possible = weights * _is_sampled(ordered, level)
            self._possible[level] += np.bincount(owners, possible, minlength=self._n)
        values, is_shared = ordered[starts], runs > 1
        is_single = is_shared & ((values & _SINGLE) == _SINGLE)
        return _Part(
            places[np.repeat(is_shared, runs)], runs[is_shared], values[is_single], runs[is_single]
        )

    def find_candidates(self) -> Iterator[npt.NDArray[np.int64]]:
        """For each sketch, the earlier ones that it may be a copy of.

        Yields
        ------
        ndarray of int64
            For each sketch in turn, indices of at most ten earlier ones, likeliest first.
        """
        for first, last in self._blocks():
            yield from self._candidates(first, last)

    def weigh_words(self, words: Words) -> npt.NDArray[np.float64]:
        """Weight of each word by how few of the briefs have it; shape of `words`."""
        hashes = _hash_singles(words)
        places = np.searchsorted(self._singles, hashes)
        is_known = places < len(self._singles)
        is_known[is_known] = self._singles[places[is_known]] == hashes[is_known]
        n_carriers = np.ones(len(hashes))
        n_carriers[is_known] = self._n_singles[places[is_known]]
        return np.log1p(self._n / n_carriers)

    def _blocks(self) -> Iterator[tuple[int, int]]:
        """Ranges of sketches, each with a bounded number of pairs."""
        n_pairs = np.concatenate([[0], np.cumsum(self._n_earlier, dtype=np.int64)])
        totals = n_pairs[self._ends]
        first = 0
        while first < self._n:
            before = totals[first - 1] if first else 0
            last = max(first + 1, int(np.searchsorted(totals, before + _BLOCK, side="right")))
            yield first, last
            first = last

    def _candidates(self, first: int, last: int) -> Iterator[npt.NDArray[np.int64]]:
        """Candidates of sketches `first` to `last` - 1."""
        begin = int(self._ends[first - 1]) if first else 0
        end = int(self._ends[last - 1])
        sizes = np.diff(self._ends[first:last], prepend=begin)
        n_earlier = self._n_earlier[begin:end].astype(np.int64)
        rows = np.repeat(np.repeat(np.arange(first, last), sizes), n_earlier)
        steps = np.arange(len(rows)) - np.repeat(np.cumsum(n_earlier) - n_earlier, n_earlier)
        columns = self._carriers[np.repeat(self._begins[begin:end], n_earlier) + steps]
        keys, where = np.unique(
            rows * np.int64(self._n) + columns.astype(np.int64), return_inverse=True
        )
        shared = np.bincount(where, np.repeat(self._weights[begin:end], n_earlier), len(keys))
        n_shared = np.bincount(where, minlength=len(keys))
        rows, columns = keys // self._n, keys % self._n
        level = np.maximum(self._levels[rows], self._levels[columns])
        possible = np.minimum(self._possible[level, rows], self._possible[level, columns])
        share = shared / np.maximum(possible, 1e-9)
        likely = (share >= _MIN_SHARE) & (n_shared >= _MIN_SHARED)
        rows, columns, share = rows[likely], columns[likely], share[likely]
        # What is equal is told apart by the order of the sketches, which is that of the texts.
        best = np.lexsort((columns, -share.round(9), rows))
        rows, columns = rows[best], columns[best]
        for bounds in np.searchsorted(rows, [np.arange(first, last), np.arange(first, last) + 1]).T:
            yield columns[bounds[0] : bounds[1]][:_MAX_CANDIDATES]
