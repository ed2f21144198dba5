"""What could name a theme: phrases and lists of keywords, and which texts bear them."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from pipeline.core.themes.keywords import RUNNING, TermWeights, commonest
from pipeline.core.themes.name_phrases import N_TYPICAL, Phrase, phrases_of
from pipeline.core.themes.token_table import BREAK, NO_TERM, Ints, TokenTable
from pipeline.core.themes.words import fold, is_usable, join_words, pieces_of, stem, trim

#: The words of a name made from a phrase stand together in this share of the theme's articles …
MIN_SHARE = 0.1
#: … and so many times rarer in all others.
MIN_LIFT = 3.0
#: Phrases of a theme that are compared in full.
_N_COMPARED = 25
#: Keywords of which lists are made.
_N_LISTED = 5
#: A list of keywords reads worse than a phrase: what its score is multiplied with.
_LIST = 0.6

Origin = Literal["given", "phrase", "keywords", "writer", "none"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A faithful name, the better the higher `score`.

    A text bears it that holds all terms of one of its `parts`: a phrase has one part, a list of
    keywords has one for each of them.
    """

    name: str
    parts: tuple[tuple[int, ...], ...]
    origin: Origin
    score: float


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """All that names are made from.

    `groups` gives the group of each text, `rows[g]` the members of group g, most typical first.
    """

    table: TokenTable
    groups: Ints
    weights: TermWeights
    rows: list[Ints]
    keywords: Sequence[Sequence[str]]
    n_evidence: int

    def faithful(self, group: int) -> list[Candidate]:
        """The faithful ones among the likeliest phrases of a group, best first."""
        rows = self.rows[group]
        if not len(rows):
            return []
        likely = self.weights.best(group)
        top = max((weight for weight, _ in likely.values()), default=0) or 1.0

        def promise(phrase: Phrase) -> float:
            typical = sum(likely[t][0] if t in likely else 0.0 for t in phrase.terms) / top
            return round(typical / math.sqrt(len(phrase.terms)) * math.log1p(phrase.n_texts), 9)

        found = phrases_of(self.table, rows.tolist())
        best = sorted(range(len(found)), key=lambda i: (-promise(found[i]), i))[:_N_COMPARED]
        spellings = self.spellings(group)
        candidates = []
        for phrase in (found[i] for i in best):
            spread = self.spread((phrase.terms,), group)
            if spread > 0:
                score = round(spread * (0.5 + 0.5 * promise(phrase)), 9)
                name = self.spell(phrase, spellings)
                candidates.append(Candidate(name, (phrase.terms,), "phrase", score))
        candidates += self.lists(group)
        return sorted(candidates, key=lambda c: -c.score)

    def lists(self, group: int) -> list[Candidate]:
        """The best keyword that is much rarer elsewhere, listed with up to three of the next."""
        parts = {word: tuple(self.terms_of(word)) for word in self.keywords[group]}
        words = [
            word
            for word, terms in parts.items()
            if self.spread((terms,), group, least=MIN_SHARE / 2) > 0
        ]
        others = words[1:_N_LISTED]
        lists = [(words[0], *more) for n in (1, 2, 3) for more in combinations(others, n)]
        lists = lists or [tuple(words[:1])] * bool(words)
        candidates = []
        for chosen in lists:
            terms = tuple(parts[word] for word in chosen)
            spread = self.spread(terms, group)
            if spread > 0:
                score = round(_LIST * spread, 9)
                candidates.append(Candidate(listed(chosen), terms, "keywords", score))
        return candidates

    def spread(self, parts: Sequence[Sequence[int]], group: int, least: float = MIN_SHARE) -> float:
        """How well the members, and no others, bear `parts`: 0 (not faithfully) to 1."""
        here, elsewhere = self.shares(self.texts_with_any(parts), group)
        if not is_faithful(here, elsewhere, least):
            return 0.0
        return math.sqrt(here) * (1 - elsewhere / here) ** 2

    def texts_with_any(self, parts: Sequence[Sequence[int]]) -> Ints:
        """Numbers of the texts that hold all terms of one of `parts`."""
        found = [self.texts_with_all(terms) for terms in parts]
        if len(found) == 1:  # sorted and unique already
            return found[0]
        return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)

    def shares(self, texts: Ints, group: int) -> tuple[float, float]:
        """Share of the group's texts, and of all others, that are among `texts`."""
        n = len(self.rows[group])
        inside = int(np.count_nonzero(self.groups[texts] == group))
        return inside / max(1, n), (len(texts) - inside) / max(1, self.table.n_texts - n)

    def texts_with_all(self, terms: Sequence[int]) -> Ints:
        """Numbers of the texts that hold all of some terms; none for no terms."""
        if not terms or NO_TERM in terms:
            return np.empty(0, dtype=np.int64)
        found = self.weights.texts_with(terms[0])
        for term in terms[1:]:
            found = np.intersect1d(found, self.weights.texts_with(term), assume_unique=True)
        return found

    def terms_of(self, name: str) -> list[int]:
        """Terms of a name's content words; `NO_TERM` for one that no text holds."""
        words = [word for word in map(trim, pieces_of(name)) if word and is_usable(word)]
        return [self.term_number(stem(word)) for word in words]

    def term_number(self, term: str) -> int:
        """Number of a term, or `NO_TERM`."""
        place = bisect_left(self.table.terms, term)
        known = place < len(self.table.terms) and self.table.terms[place] == term
        return place if known else NO_TERM

    def spellings(self, group: int) -> dict[str, Counter[str]]:
        """How the most typical members write each word; what begins a phrase hardly counts.

        That may owe its capital letter to its place.
        """
        starts, tokens = self.table.starts, self.table.tokens
        texts = [tokens[starts[row] : starts[row + 1]] for row in self.rows[group][:N_TYPICAL]]
        apart = np.array([BREAK], dtype=tokens.dtype)
        own = np.concatenate([apart, *(part for text in texts for part in (text, apart))])
        keys, counts = np.unique(own[1:] * np.int64(2) + (own[:-1] == BREAK), return_counts=True)
        found: dict[str, Counter[str]] = {}
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            surface = self.table.surfaces[key // 2]
            weight = 1 if key % 2 else RUNNING
            found.setdefault(fold(surface), Counter())[surface] += count * weight
        return found

    def spell(self, phrase: Phrase, spellings: Mapping[str, Counter[str]]) -> str:
        """A phrase as running text writes its words; its first letter a capital."""
        words = [commonest(spellings[fold(self.table.surfaces[s])]) for s in phrase.surfaces]
        return capitalised(join_words(words))

    def title(self, row: int) -> str:
        """The first words of a text, up to the first break where that is late enough."""
        own = self.table.tokens[self.table.starts[row] : self.table.starts[row + 1]][:20]
        return join_words([self.table.surfaces[token] for token in own.tolist() if token != BREAK])


def is_faithful(here: float, elsewhere: float, least: float = MIN_SHARE) -> bool:
    """Say whether a name is borne by enough members, and much more rarely by others."""
    return here >= least and here >= MIN_LIFT * elsewhere


def capitalised(name: str) -> str:
    """A name with a capital first letter, unless its first word has one inside (iPhone)."""
    first = name.split(" ", 1)[0]
    return name if first != first.lower() else name[:1].upper() + name[1:]


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them: `Frost, orchard and apple`."""
    text = " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))
    return capitalised(text)
