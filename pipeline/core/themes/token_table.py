"""The words of many texts as numbers, so that counting them takes seconds."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.themes.words import is_usable, pieces_of, stem, trim

Ints = npt.NDArray[np.int64]
#: Number of the empty spelling: a break between two phrases, no word.
BREAK = 0
#: What a spelling that may not be a keyword has for a term.
NO_TERM = -1


@dataclass(frozen=True, slots=True, eq=False)
class TokenTable:
    """Words of n texts.

    `tokens` lists the words of all texts in order, as numbers of `surfaces` (`BREAK`: punctuation);
    text i has ``tokens[starts[i]:starts[i + 1]]``. `term_of` gives the term of each surface, a
    number of `terms`, or `NO_TERM`. `terms` are stems, sorted. Both arrays are int64.
    """

    surfaces: tuple[str, ...]
    terms: tuple[str, ...]
    term_of: Ints
    tokens: npt.NDArray[np.int32]
    starts: Ints

    @property
    def n_texts(self) -> int:
        """Number of texts."""
        return len(self.starts) - 1

    def terms_in_texts(self) -> tuple[Ints, Ints, Ints]:
        """Distinct (term, text) pairs, sorted, and how often each occurs: three aligned arrays."""
        of_token = self.term_of[self.tokens]
        known = of_token != NO_TERM
        n = max(1, self.n_texts)
        row_of_token = np.repeat(np.arange(self.n_texts, dtype=np.int32), np.diff(self.starts))
        pairs = of_token[known] * n
        pairs += row_of_token[known]
        del of_token, known, row_of_token  # long news is tens of millions of words
        keys, counts = np.unique(pairs, return_counts=True)
        return keys // n, keys % n, counts.astype(np.int64)


def read_tokens(texts: Sequence[str]) -> TokenTable:
    """Take texts apart into words; see `words_in` for what a word is."""
    numbers = _Numbers()
    tokens = array("i")
    starts = [0]
    for text in texts:
        tokens.extend([numbers[piece] for piece in pieces_of(text)])
        starts.append(len(tokens))
    surfaces = tuple(numbers.surfaces)
    stems = [stem(word) if word and is_usable(word) else None for word in surfaces]
    terms = sorted({term for term in stems if term is not None})
    place = {term: i for i, term in enumerate(terms)}
    return TokenTable(
        surfaces=surfaces,
        terms=tuple(terms),
        term_of=np.array([NO_TERM if s is None else place[s] for s in stems], dtype=np.int64),
        tokens=np.array(tokens, dtype=np.int32),
        starts=np.array(starts, dtype=np.int64),
    )


class _Numbers(dict[str, int]):
    """Piece → number of its surface; new ones are numbered as they come."""

    def __init__(self) -> None:
        self.surfaces: dict[str, int] = {"": BREAK}

    def __missing__(self, piece: str) -> int:
        word = trim(piece)
        self[piece] = self.surfaces.setdefault(word, len(self.surfaces))
        return self[piece]
