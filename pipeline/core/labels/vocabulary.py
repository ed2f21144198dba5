"""Texts → weighted words and word pairs, with one code path for fitting and for labelling.

Not scikit-learn's vectorizer: a model must give the same numbers after an upgrade, and labelling
must start without importing scikit-learn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_WORD = re.compile(r"\w\w+")

#: English words that say nothing of a theme; a pair joins the words on both sides of one. What a
#: saved model means depends on this list: a change of it needs a new format of the model folder.
_STOP_TEXT = (
    "about above after again against all also although always am among an and another any anyone "
    "anything are aren around as at away back be became because become been before being below "
    "between both but by came can cannot come could couldn did didn do does doesn doing don done "
    "down during each either else ever every few for from further get go goes going got had hadn "
    "has hasn have haven having he hence her here hers herself him himself his how however if in "
    "indeed into is isn it its itself just least less let like ll made make many may maybe me "
    "meanwhile might mine more moreover most much must my myself neither never nevertheless no nor "
    "not nothing now of off often on once one only onto or other others otherwise our ours "
    "ourselves out over own per perhaps put quite rather re really same seem seemed seems several "
    "shan she should shouldn since so some someone something somewhat still such take than that "
    "the their theirs them themselves then thence there therefore these they this those though "
    "through throughout thus to together too toward towards under until up upon us ve very was "
    "wasn we were weren what whatever when whenever where whereas whether which while who whoever "
    "whole whom whose why will with within without won would wouldn yet you your yours yourself "
    "yourselves"
)
STOP_WORDS = frozenset(_STOP_TEXT.split())

#: A term of one document alone says nothing about another.
_MIN_DOCUMENTS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Terms that count, sorted, and the weight of each: shape (n_terms,), float32, at least 1."""

    terms: tuple[str, ...]
    idf: npt.NDArray[np.float32]


#: Leaves the vectors alone to speak.
NO_TERMS = Vocabulary((), np.zeros(0, dtype=np.float32))


def fit_vocabulary(texts: Sequence[str], *, max_features: int) -> Vocabulary:
    """Choose the words and word pairs that most texts share.

    Terms of a single text are left out, so few or unlike texts may give an empty vocabulary.
    The order of the texts changes nothing.

    Parameters
    ----------
    texts : Sequence[str]
        Any number of texts.
    max_features : int
        Terms kept: those of most texts, ties by alphabet.

    Returns
    -------
    Vocabulary
        With the smoothed inverse document frequency 1 + ln((1 + n_texts) / (1 + n_with_term)).
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(_terms(text)))
    common = [(term, n) for term, n in counts.items() if n >= _MIN_DOCUMENTS]
    kept = sorted(sorted(common, key=lambda item: (-item[1], item[0]))[:max_features])
    found_in = np.array([n for _, n in kept], dtype=np.float64)
    idf = 1.0 + np.log((1 + len(texts)) / (1 + found_in))
    return Vocabulary(tuple(term for term, _ in kept), idf.astype(np.float32))


def weigh_terms(texts: Sequence[str], vocabulary: Vocabulary) -> csr_array:
    """TF-IDF of each text.

    Parameters
    ----------
    texts : Sequence[str]
        Any number of texts; each row depends on its own text alone.
    vocabulary : Vocabulary
        From `fit_vocabulary`.

    Returns
    -------
    csr_array
        Shape (n_texts, n_terms), float64; rows of length 1, or all zero where no term is known.
        A term found n times counts (1 + ln n) x its idf.
    """
    from scipy.sparse import csr_array

    column = {term: i for i, term in enumerate(vocabulary.terms)}
    indices: list[npt.NDArray[np.int32]] = []
    weights: list[npt.NDArray[np.float64]] = []
    ends = [0]
    for text in texts:
        found = sorted(Counter(column[t] for t in _terms(text) if t in column).items())
        row = np.array(found, dtype=np.int32).reshape(-1, 2)
        values = (1.0 + np.log(row[:, 1])) * vocabulary.idf[row[:, 0]].astype(np.float64)
        indices.append(row[:, 0])
        weights.append(values / max(float(np.sqrt(values @ values)), 1e-12))
        ends.append(ends[-1] + len(row))
    data = np.concatenate(weights) if weights else np.zeros(0)
    columns = np.concatenate(indices) if indices else np.zeros(0, dtype=np.int32)
    shape = (len(texts), len(vocabulary.terms))
    return csr_array((data, columns, np.array(ends, dtype=np.int32)), shape=shape)


def _terms(text: str) -> Iterator[str]:
    """Words of two letters or more in small letters, and pairs of neighbours."""
    words = [word for word in _WORD.findall(text.lower()) if word not in STOP_WORDS]
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"
