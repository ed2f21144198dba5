"""Words that set one group of texts apart from the others: class-based TF-IDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.themes.token_table import BREAK, Ints, TokenTable
from pipeline.core.themes.words import join_words, same_word

#: Words of each group among which its keywords are chosen.
N_LIKELY = 60
_MAX_PHRASE = 3
#: A phrase stands for a word that hardly occurs without it ("Silicon Valley" for "Silicon").
_PHRASE_COVERS = 0.6
_PHRASE_BONUS = 1.001
#: What is left of the weight of a word that is as common elsewhere: it may only fill up a list.
_LEAST_APART = 0.01
#: Two words that nearly always share a text say one thing; in few texts that may be chance.
_TOGETHER, _ENOUGH_TEXTS = 0.8, 8
#: A spelling in running text counts so many times one at the beginning of a phrase.
RUNNING = 1000

Floats = npt.NDArray[np.float64]


def keywords_of(table: TokenTable, groups: Sequence[int], *, n: int) -> list[list[str]]:
    """Find the `n` words and short phrases that are most typical of each group.

    The weight of a term in a group is its share of the group's terms times
    ``log(1 + A / f)``, with A the mean number of terms in a group and f the term's count in all
    groups (class-based TF-IDF; M. Grootendorst, arXiv:2203.05794), times the share of the group's
    texts that have it, so that one talkative text names nothing, times the square of how much
    rarer it is in other texts (1: never there, 0.01: as common there). A phrase takes the place
    of words that hardly occur without it. Of near-synonyms the best stays: terms that share a
    word or two forms of one, or that nearly always occur in the same texts of the group. Terms are
    written as most texts write them.

    Parameters
    ----------
    table : TokenTable
        Words of one text for each article.
    groups : sequence of int
        Group of each text, 0 … n_groups - 1; -1 counts as background.
    n : int
        Keywords of each group, at most.

    Returns
    -------
    list of list of str
        One list for each group, best first; empty for a group without usable words.
    """
    with one_thread():
        weights = weigh_terms(table, groups)
        rows = rows_of_groups(groups)
        return [
            _first_apart(_candidates(table, weights, g, own), weights, own, n)
            for g, own in enumerate(rows)
        ]


def rows_of_groups(groups: Sequence[int]) -> list[Ints]:
    """Rows of each group 0 … n_groups - 1, ascending; what is in group -1 is left out."""
    group_of = np.array(groups, dtype=np.int64)
    order = np.argsort(group_of, kind="stable")
    bounds = np.searchsorted(group_of[order], np.arange(max(groups, default=-1) + 2))
    return [order[bounds[g] : bounds[g + 1]] for g in range(len(bounds) - 1)]


@dataclass(frozen=True, slots=True, eq=False)
class TermWeights:
    """What each term weighs in each group that has it, and where it occurs.

    `group`, `term`, `count`, `spread` and `weight` are aligned, one entry for each term of each
    group (the background is group `n_groups`), sorted by group and term; `bounds[g]` is where
    group g begins. `spread` counts texts. The texts of term t are
    ``texts[text_bounds[t]:text_bounds[t + 1]]``, ascending. `sizes` counts the texts of each group.
    """

    n_groups: int
    sizes: Ints
    bounds: Ints
    term: Ints
    count: Ints
    spread: Ints
    weight: Floats
    texts: Ints
    text_bounds: Ints

    def best(self, group: int, n: int = N_LIKELY) -> dict[int, tuple[float, int]]:
        """Weight and count of the `n` best terms of a group that name more than one text.

        Any term counts where the group has two texts or fewer.
        """
        part = slice(self.bounds[group], self.bounds[group + 1])
        least = 1 if self.sizes[group] < 3 else 2
        usable = np.flatnonzero(self.spread[part] >= least)
        order = usable[np.lexsort((usable, -self.weight[part][usable]))][:n]
        term, weight, count = (a[part][order] for a in (self.term, self.weight, self.count))
        return {int(t): (float(w), int(c)) for t, w, c in zip(term, weight, count, strict=True)}

    def texts_with(self, term: int) -> Ints:
        """Numbers of the texts that hold a term, ascending."""
        return self.texts[self.text_bounds[term] : self.text_bounds[term + 1]]


def weigh_terms(table: TokenTable, groups: Sequence[int]) -> TermWeights:
    """Weigh every term in every group; see `keywords_of` for the formula."""
    with one_thread():
        n_groups = max(groups, default=-1) + 1
        group_of = np.array(groups, dtype=np.int64)
        group_of[group_of < 0] = n_groups
        sizes = np.bincount(group_of, minlength=n_groups + 1)
        term, text, n_in_text = table.terms_in_texts()
        n_terms = max(1, len(table.terms))
        keys, place = np.unique(group_of[text] * n_terms + term, return_inverse=True)
        group, own = keys // n_terms, keys % n_terms
        count = np.bincount(place, weights=n_in_text, minlength=len(keys)).astype(np.int64)
        spread = np.bincount(place, minlength=len(keys))
        total = np.bincount(term, weights=n_in_text, minlength=n_terms)
        n_texts = np.bincount(term, minlength=n_terms)
        volume = np.bincount(group, weights=count, minlength=n_groups + 1)
        mean_volume = volume.sum() / max(1, np.count_nonzero(volume))
        share = spread / sizes[group]
        elsewhere = (n_texts[own] - spread) / np.maximum(1, len(group_of) - sizes[group])
        apart = np.maximum(_LEAST_APART, np.maximum(0, 1 - elsewhere / share) ** 2)
        weight = count / volume[group] * np.log1p(mean_volume / total[own]) * share * apart
        return TermWeights(
            n_groups=n_groups,
            sizes=sizes,
            bounds=np.searchsorted(group, np.arange(n_groups + 2)),
            term=own,
            count=count,
            spread=spread,
            # Rounded, so that ties are ties on every machine.
            weight=np.round(weight, 12),
            texts=text,
            text_bounds=np.searchsorted(term, np.arange(n_terms + 1)),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A word or phrase: how it is written, its terms, and how often the group has it."""

    written: str
    terms: tuple[int, ...]
    stems: tuple[str, ...]
    count: int


def _candidates(
    table: TokenTable, weights: TermWeights, group: int, rows: Ints
) -> list[_Candidate]:
    """Best words of a group and the phrases that stand for some of them, best first."""
    likely = weights.best(group)
    words, phrases = _read_group(table, rows, likely)
    least = 1 if weights.sizes[group] < 3 else 2
    scores: dict[tuple[int, ...], float] = {(term,): weight for term, (weight, _) in likely.items()}
    counts: dict[tuple[int, ...], int] = {(term,): count for term, (_, count) in likely.items()}
    counts |= {key: found.total() for key, found in phrases.items()}
    for key in sorted(phrases, key=lambda k: (len(k), k)):
        if len({row for row, _ in phrases[key]}) >= least:
            parts = [*((t,) for t in key), *(key[i : i + 2] for i in range(len(key) - 1))]
            covered = [
                p for p in parts if p != key and counts[key] >= _PHRASE_COVERS * counts.get(p, 0)
            ]
            scores[key] = max((scores.get(p, 0) * _PHRASE_BONUS for p in covered), default=0)
    ordered = sorted(scores, key=lambda k: (-scores[k], -len(k), k))
    return [
        _Candidate(
            written=commonest(words[key[0]]) if len(key) == 1 else _written(phrases[key]),
            terms=key,
            stems=tuple(table.terms[t] for t in key),
            count=counts[key],
        )
        for key in ordered
        if scores[key] > 0
    ]


def _read_group(
    table: TokenTable, rows: Ints, likely: Mapping[int, object]
) -> tuple[dict[int, Counter[str]], dict[tuple[int, ...], Counter[tuple[int, str]]]]:
    """How the likely terms of a group are written, and their runs: text and spelling of each."""
    words: dict[int, Counter[str]] = {term: Counter() for term in likely}
    runs: dict[tuple[int, ...], Counter[tuple[int, str]]] = {}
    is_likely = np.zeros(len(table.terms) + 1, dtype=bool)  # the last one is that of NO_TERM
    is_likely[list(likely)] = True
    for row in rows.tolist():
        own = table.tokens[table.starts[row] : table.starts[row + 1]]
        terms = table.term_of[own]
        tokens, numbers = own.tolist(), terms.tolist()
        for i in np.flatnonzero(is_likely[terms]).tolist():
            # What begins a phrase may owe its capital letter to that.
            begins = i == 0 or tokens[i - 1] == BREAK
            words[numbers[i]][table.surfaces[tokens[i]]] += 1 if begins else RUNNING
            for size in range(2, _MAX_PHRASE + 1):
                key = tuple(numbers[i : i + size])
                if len(set(key)) < size or key[-1] not in likely:
                    break
                written = join_words([table.surfaces[token] for token in tokens[i : i + size]])
                runs.setdefault(key, Counter())[row, written] += 1
    return words, runs


def _written(occurrences: Counter[tuple[int, str]]) -> str:
    spellings: Counter[str] = Counter()
    for (_, written), count in occurrences.items():
        spellings[written] += count
    return commonest(spellings)


def commonest(counts: Counter[str]) -> str:
    """The commonest of equal things; among ties, the first in order."""
    return min(counts.items(), key=lambda item: (-item[1], item[0]))[0]


def _first_apart(
    candidates: Sequence[_Candidate], weights: TermWeights, rows: Ints, n: int
) -> list[str]:
    """The first `n` candidates of which no two say the same."""
    chosen: list[tuple[_Candidate, Ints]] = []
    for candidate in candidates:
        if len(chosen) == n:
            break
        if any(_look_alike(candidate, other) for other, _ in chosen):
            continue
        texts = _texts_of(candidate, weights, rows)
        if not any(_share_texts(texts, others, len(rows)) for _, others in chosen):
            chosen.append((candidate, texts))
    return [candidate.written for candidate, _ in chosen]


def _look_alike(one: _Candidate, other: _Candidate) -> bool:
    return any(same_word(a, b) for a in one.stems for b in other.stems)


def _share_texts(mine: Ints, theirs: Ints, n_texts: int) -> bool:
    if min(len(mine), len(theirs)) < _ENOUGH_TEXTS:
        return False
    both = len(np.intersect1d(mine, theirs, assume_unique=True))
    either = len(mine) + len(theirs) - both
    # What most texts of the group hold comes together without meaning one thing.
    return both >= _TOGETHER * either and either <= n_texts / 2


def _texts_of(candidate: _Candidate, weights: TermWeights, rows: Ints) -> Ints:
    found = rows
    for term in candidate.terms:
        found = np.intersect1d(found, weights.texts_with(term), assume_unique=True)
    return found
