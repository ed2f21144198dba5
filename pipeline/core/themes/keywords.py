"""Words that set one group of texts apart from the others: class-based TF-IDF."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

#: Words that news uses whatever it is about. English function words are dropped besides.
NEWS_WORDS = frozenset(
    """
    accord according added ago also announced another april around asked august back because
    become began billion called came cent come comes could countries country day days december
    did does dollars done early end ended euros even every expected february first five
    following former four friday gave given going government group half held hours including
    instead its january july june just know known last late later least left like local long
    made make makes making man many march may men might million minister monday month months
    much must near new news next night november number october official officials old one only
    open part people place president press put reached report reported reporters reports said
    saturday say saying says second see seen send sent september set several should side since
    six spokesman spokesperson statement still sunday take taken takes taking ten than that
    the their them then there these they third this those three thursday time today told took
    tuesday two united use used using want wants was way wednesday week weeks well went were
    what when where which while who will win with woman women won work would year years
    yesterday
    """.split()
)
_WORD = re.compile(r"[^\W\d_][\w'’-]+", re.UNICODE)
_MAX_PHRASE = 3
#: Words of each group among which its keywords are chosen.
_N_WORDS = 60
#: A phrase stands for a word that hardly occurs without it ("Silicon Valley" for "Silicon").
_PHRASE_COVERS = 0.6
_PHRASE_BONUS = 1.001
_ALIKE_CHARS, _ALIKE_SHARE = 4, 0.55


def theme_keywords(texts: Sequence[str], groups: Sequence[int], *, n: int) -> list[list[str]]:
    """Find the `n` words and short phrases that are most typical of each group.

    The weight of a term in a group is its share of the group's terms times
    ``log(1 + A / f)``, with A the mean number of terms in a group and f the term's count in all
    groups (class-based TF-IDF; M. Grootendorst, arXiv:2203.05794), times the share of the group's
    texts that have it, so that one talkative text names nothing. A phrase takes the place of words
    that hardly occur without it; a term that shares a word with a better one, or is a form of it,
    is left out. Terms are written as most texts write them.

    Parameters
    ----------
    texts : sequence of str
        One for each article.
    groups : sequence of int
        Group of each text, 0 … n_groups - 1; -1 counts as background.
    n : int
        Keywords of each group, at most.

    Returns
    -------
    list of list of str
        One list for each group, best first; empty for a group without usable words.
    """
    n_groups = max(groups, default=-1) + 1
    words = _count(texts, groups, n_groups, _words_of)
    likely = [_best(words, g, _N_WORDS) for g in range(n_groups)]
    # Phrases are sought among the best words only: counting all would need gigabytes.
    in_some = frozenset(word for group in likely for word in group)
    phrases = _count(texts, groups, n_groups, lambda text: _phrases_of(text, in_some))
    return [_choose(words, phrases, g, likely[g], n) for g in range(n_groups)]


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each term is in each group; in how many of its texts; and how it is written.

    Lists have one entry for each group and a last one for the background. `mean_size` is the mean
    number of terms in a group that has any.
    """

    counts: list[Counter[str]]
    spread: list[Counter[str]]
    sizes: list[int]
    total: Counter[str]
    written: dict[str, Counter[str]]
    mean_size: float


def _count(
    texts: Sequence[str],
    groups: Sequence[int],
    n_groups: int,
    terms_of: Callable[[str], list[str]],
) -> _Counts:
    surfaces: list[Counter[str]] = [Counter() for _ in range(n_groups + 1)]
    spread: list[Counter[str]] = [Counter() for _ in range(n_groups + 1)]
    sizes = [0] * (n_groups + 1)
    for text, group in zip(texts, groups, strict=True):
        found = terms_of(text)
        sizes[group] += 1
        surfaces[group].update(found)
        spread[group].update({_fold(surface) for surface in found})
    counts: list[Counter[str]] = [Counter() for _ in range(n_groups + 1)]
    written: dict[str, Counter[str]] = {}
    for group, in_group in enumerate(surfaces):
        for surface, count in in_group.items():
            counts[group][_fold(surface)] += count
            written.setdefault(_fold(surface), Counter())[surface] += count
    total: Counter[str] = Counter()
    for in_group in counts:
        total.update(in_group)
    mean_size = total.total() / max(1, sum(1 for in_group in counts if in_group))
    return _Counts(counts, spread, sizes, total, written, mean_size)


@lru_cache(maxsize=200_000)
def _fold(surface: str) -> str:
    return surface.casefold()


def _scores(counts: _Counts, group: int) -> dict[str, float]:
    """Weight of each term that names more than one text, or any where there are two or fewer."""
    least = 1 if counts.sizes[group] < 3 else 2
    mean_size = counts.mean_size
    size = max(1, counts.counts[group].total())
    return {
        term: count
        / size
        * math.log1p(mean_size / counts.total[term])
        * counts.spread[group][term]
        / counts.sizes[group]
        for term, count in counts.counts[group].items()
        if counts.spread[group][term] >= least
    }


def _best(counts: _Counts, group: int, n: int) -> dict[str, float]:
    scores = _scores(counts, group)
    return {term: scores[term] for term in sorted(scores, key=lambda t: (-scores[t], t))[:n]}


def _choose(
    words: _Counts, phrases: _Counts, group: int, likely: dict[str, float], n: int
) -> list[str]:
    """Best words of a group, each replaced by the phrase without which it hardly occurs."""
    scores = dict(likely)
    for phrase in sorted(_scores(phrases, group), key=lambda t: (t.count(" "), t)):
        n_phrase = phrases.counts[group][phrase]
        counts = {p: words.counts[group][p] or phrases.counts[group][p] for p in _parts(phrase)}
        covered = [p for p, count in counts.items() if n_phrase >= _PHRASE_COVERS * count]
        scores[phrase] = max((scores.get(p, 0) * _PHRASE_BONUS for p in covered), default=0)
    chosen: list[str] = []
    for term in sorted(scores, key=lambda t: (-scores[t], t)):
        if scores[term] > 0 and not any(_same(term, other) for other in chosen):
            chosen.append(term)
        if len(chosen) == n:
            break
    surfaces = [(phrases if " " in term else words).written[term] for term in chosen]
    return [min(found.items(), key=lambda item: (-item[1], item[0]))[0] for found in surfaces]


def _parts(phrase: str) -> list[str]:
    """Words of a phrase, and where it has three, its two pairs."""
    words = phrase.split()
    pairs = [" ".join(words[i : i + 2]) for i in range(len(words) - 1)]
    return words + (pairs if len(words) > 2 else [])


def _words_of(text: str) -> list[str]:
    """Words that may name a theme, as written."""
    return [word for word in _all_words(text) if _is_usable(word)]


def _phrases_of(text: str, words: frozenset[str]) -> list[str]:
    """Two or three words in a row that are all among `words`, as written."""
    found = _all_words(text)
    usable = [_fold(word) in words for word in found]
    starts = [i for i in range(len(found) - 1) if usable[i] and usable[i + 1]]
    return [
        " ".join(found[start : start + size])
        for size in range(2, _MAX_PHRASE + 1)
        for start in starts
        if start + size <= len(found) and all(usable[start : start + size])
    ]


def _all_words(text: str) -> list[str]:
    return [_trim(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=200_000)
def _trim(word: str) -> str:
    word = word.strip("'’-")
    return word[:-2] if word.endswith(("'s", "’s")) else word


@lru_cache(maxsize=100_000)
def _is_usable(word: str) -> bool:
    lower = word.casefold()
    return len(lower) > 2 and lower not in NEWS_WORDS and lower not in _english_stop_words()


@cache
def _english_stop_words() -> frozenset[str]:
    from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

    return frozenset(ENGLISH_STOP_WORDS)


def _same(term: str, other: str) -> bool:
    """Say whether two terms share a word, or two forms of one."""
    return any(_same_word(a, b) for a in term.split() for b in other.split())


def _same_word(word: str, other: str) -> bool:
    """Common beginnings are enough to see that China and Chinese are one; some false friends too.

    That only costs a keyword, as the next one takes its place.
    """
    alike = next(
        (i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    longer = max(len(word), len(other))
    return word == other or (alike >= _ALIKE_CHARS and alike >= _ALIKE_SHARE * longer)


def name_from_keywords(keywords: Sequence[str], taken: set[str]) -> str:
    """Name a theme by its best keywords: three of them, more if that name is taken.

    `taken` holds names in use, case-folded; the name is not added to it. Without keywords the
    theme is called ``Unnamed theme``, numbered where needed.
    """
    for size in range(min(3, len(keywords)), len(keywords) + 1):
        if size:
            name = ", ".join(word[0].upper() + word[1:] for word in keywords[:size])
            if name.casefold() not in taken:
                return name
    stem = ", ".join(keywords[:3]) or "Unnamed theme"
    number = 1
    while f"{stem} {number}".casefold() in taken:
        number += 1
    return f"{stem} {number}"
