"""Phrases that could name a group of texts: what its most typical members begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.core.themes.token_table import BREAK, NO_TERM, TokenTable
from pipeline.core.themes.words import HEADLINE_VERBS, fold

#: Members that are read, and how much of each: title and lead.
N_TYPICAL, N_TOKENS = 80, 45
MAX_WORDS = 6
#: A phrase is only a piece where a longer one has it in this share of its texts.
_PIECE = 0.5
#: Small words that may stand inside a name.
_INSIDE = frozenset(
    "of the in for and on to with at between over de la del di du al el von".split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A run of words. `surfaces` are all its words, `terms` the content words among them."""

    surfaces: tuple[int, ...]
    terms: tuple[int, ...]
    n_texts: int


def phrases_of(table: TokenTable, rows: Sequence[int]) -> list[Phrase]:
    """Find the phrases of two to six words in the titles and leads of `rows`.

    A phrase begins and ends with a content word, has two at least, none twice, no verb of
    headlines, and small words only inside. One that two texts write differently is one.

    Parameters
    ----------
    table : TokenTable
    rows : sequence of int
        Texts, most typical first; `N_TYPICAL` are read.

    Returns
    -------
    list of Phrase
        Sorted by their words. Those that stand in one text are there only where there are three
        texts or fewer, those that are pieces of a longer one not at all.
    """
    found: dict[tuple[str, ...], Counter[tuple[int, ...]]] = {}
    n_texts: Counter[tuple[str, ...]] = Counter()
    typical = rows[:N_TYPICAL]
    for row in typical:
        start = int(table.starts[row])
        end = min(int(table.starts[row + 1]), start + N_TOKENS)
        seen = set()
        for run in _runs(table, table.tokens[start:end].tolist()):
            key = tuple(_part(table, surface) for surface in run)
            found.setdefault(key, Counter())[run] += 1
            seen.add(key)
        n_texts.update(seen)
    least = 1 if len(typical) <= 3 else 2
    pieces = _pieces_of_longer(n_texts)
    commonest = {
        key: _first(found[key], table)
        for key in sorted(found)
        if n_texts[key] >= least and key not in pieces
    }
    return [
        Phrase(run, tuple(t for t in table.term_of[list(run)].tolist() if t != NO_TERM), n_texts[k])
        for k, run in commonest.items()
    ]


def _pieces_of_longer(n_texts: Counter[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Phrases that mostly stand as part of one longer phrase, as "Syrian Democratic" Forces."""
    return {
        piece
        for key, n in n_texts.items()
        for piece in (key[1:], key[:-1])
        if n >= 2 and n >= _PIECE * n_texts[piece] > 0
    }


def _runs(table: TokenTable, tokens: list[int]) -> Iterator[tuple[int, ...]]:
    term_of = table.term_of
    content = [term_of[token] != NO_TERM and not _is_verb(table, token) for token in tokens]
    inside = [c or _is_inside(table, t) for c, t in zip(content, tokens, strict=True)]
    for i, begins in enumerate(content):
        if not begins:
            continue
        terms = [int(term_of[tokens[i]])]
        for j in range(i + 1, min(len(tokens), i + MAX_WORDS)):
            if not inside[j]:
                break
            if content[j]:
                terms.append(int(term_of[tokens[j]]))
                if len(set(terms)) < len(terms):
                    break
                yield tuple(tokens[i : j + 1])


def _is_verb(table: TokenTable, token: int) -> bool:
    return fold(table.surfaces[token]) in HEADLINE_VERBS


def _is_inside(table: TokenTable, token: int) -> bool:
    return token != BREAK and fold(table.surfaces[token]) in _INSIDE


def _part(table: TokenTable, surface: int) -> str:
    term = int(table.term_of[surface])
    return fold(table.surfaces[surface]) if term == NO_TERM else table.terms[term]


def _first(counts: Counter[tuple[int, ...]], table: TokenTable) -> tuple[int, ...]:
    def rank(run: tuple[int, ...]) -> tuple[int, list[str]]:
        return -counts[run], [table.surfaces[token] for token in run]

    return min(counts, key=rank)
