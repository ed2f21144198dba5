"""Words that set one group of texts apart from the others: class-based TF-IDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

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
#: A phrase stands for a word that hardly occurs without it ("Silicon Valley" for "Silicon").
_PHRASE_COVERS = 0.6
_PHRASE_BONUS = 1.001
_ALIKE_CHARS, _ALIKE_SHARE = 4, 0.55


def theme_keywords(texts: Sequence[str], groups: Sequence[int], *, n: int) -> list[list[str]]:
    """Find the `n` words and word pairs that are most typical of each group.

    The weight of a term in a group is its share of the group's terms times
    ``log(1 + A / f)``, with A the mean number of terms in a group and f the term's count in all
    groups (class-based TF-IDF; M. Grootendorst, arXiv:2203.05794), times the share of the group's
    texts that have it, so that one talkative text names nothing. A term that is contained in a
    better one, or is a form of it, is left out. Terms are written as most texts write them.

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
    counts: list[Counter[str]] = [Counter() for _ in range(n_groups + 1)]
    spread: list[Counter[str]] = [Counter() for _ in range(n_groups + 1)]
    written: dict[str, Counter[str]] = {}
    for text, group in zip(texts, groups, strict=True):
        terms = _terms(text)
        for term, surface in terms:
            written.setdefault(term, Counter())[surface] += 1
        keys = [term for term, _ in terms]
        counts[group].update(keys)
        spread[group].update(set(keys))
    sizes = Counter(groups)
    total: Counter[str] = sum(counts, Counter())
    mean_size = total.total() / max(1, sum(1 for c in counts if c))
    return [
        _best_terms(counts[g], spread[g], sizes[g], total, mean_size, written, n)
        for g in range(n_groups)
    ]


def _best_terms(
    counts: Counter[str],
    spread: Counter[str],
    n_texts: int,
    total: Counter[str],
    mean_size: float,
    written: dict[str, Counter[str]],
    n: int,
) -> list[str]:
    size = max(1, counts.total())
    least = 1 if n_texts < 3 else 2
    scores = {
        term: count / size * np.log1p(mean_size / total[term]) * spread[term] / n_texts
        for term, count in counts.items()
        if spread[term] >= least
    }
    for phrase in sorted((t for t in scores if " " in t), key=lambda t: (t.count(" "), t)):
        parts = [p for p in _parts(phrase) if counts[phrase] >= _PHRASE_COVERS * counts[p]]
        scores[phrase] = max([scores[phrase], *(scores.get(p, 0) * _PHRASE_BONUS for p in parts)])
    chosen: list[str] = []
    for term in sorted(scores, key=lambda t: (-scores[t], t)):
        if not any(_same(term, other) for other in chosen):
            chosen.append(term)
        if len(chosen) == n:
            break
    return [min(written[t].items(), key=lambda item: (-item[1], item[0]))[0] for t in chosen]


def _parts(phrase: str) -> list[str]:
    """Words of a phrase, and where it has three, its two pairs."""
    words = phrase.split()
    pairs = [" ".join(words[i : i + 2]) for i in range(len(words) - 1)]
    return words + (pairs if len(words) > 2 else [])


def _terms(text: str) -> list[tuple[str, str]]:
    """Words and pairs of neighbouring words, as (lower case, as written)."""
    words = [match.group(0).strip("'’-") for match in _WORD.finditer(text)]
    words = [re.sub(r"['’]s$", "", word) for word in words]
    usable = [_is_usable(word) for word in words]
    terms = []
    for size in range(1, _MAX_PHRASE + 1):
        for start in range(len(words) - size + 1):
            if all(usable[start : start + size]):
                surface = " ".join(words[start : start + size])
                terms.append((surface.casefold(), surface))
    return terms


def _is_usable(word: str) -> bool:
    lower = word.casefold()
    return len(lower) > 2 and lower not in NEWS_WORDS and lower not in _english_stop_words()


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
