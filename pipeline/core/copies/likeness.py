"""Two texts → how much of each stands in the other, in the same order, edited words included.

A dot plot of equal words: cell (i, j) where word i of one text is word j of the other. A copied
passage is a diagonal of cells, however many of its words were replaced; a word left out or put in
moves the diagonal a step aside. Two reports of one event share names and quotations, which are
short diagonals, and so are a site's side-bars, which are long ones, but cover a part of the page
only. Diagonals are scored as in sequence comparison (Altschul et al., "Basic local alignment
search tool", 1990): the logarithm of how much likelier the cells are in a copy than by chance, so
that a rare word counts for more than "the". Those that chance explains are dropped, and what the
others span is covered.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.copies.sketches import Words

Cells = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64], int]
Spans = npt.NDArray[np.int64]

#: Share of words that a copy keeps, at worst, where it was edited.
_KEPT = 0.6
#: Word-long steps without an equal word after which a diagonal ends.
_MAX_GAP = 8
#: Neighbouring diagonals that count as one, since words left out or put in shift it.
_BAND = 4
#: Natural logarithm of how much likelier a copy must be than chance, over all places where a
#: diagonal could begin.
_MIN_EVIDENCE = 4.0
#: Cells beyond which the commonest words are left out, which bounds time and memory; two texts of
#: 4,000 words stay below it, and of copies of 20,000 words the rest still covers 97 %.
_MAX_CELLS = 200_000


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """What two texts share.

    `left` and `right` are the covered shares of each text, `equal` the share of the left one's
    words that stand at covered places unchanged, all in [0, 1]. `spans` are the covered ranges of
    the right text's words, shape (n, 2), sorted, the end exclusive, none touching.
    """

    left: float
    right: float
    equal: float
    spans: Spans


def compare_texts(left: Words, right: Words) -> Likeness:
    """Hold two texts against each other.

    Parameters
    ----------
    left, right : ndarray of uint64
        Hash of each word, in order; `left` is the shorter one.
    """
    nothing = Likeness(0.0, 0.0, 0.0, np.empty((0, 2), dtype=np.int64))
    if not len(left) or not len(right):
        return nothing
    i, j, weights, n_held = _find_cells(left, right)
    if not len(i):
        return nothing
    i, j, weights, starts = _chain(i, j, weights, len(left))
    ends = np.append(starts[1:], len(i)) - 1
    lengths = i[ends] - i[starts] + 1
    missing = -np.log(1 - _KEPT)
    sizes = ends - starts + 1
    scores = np.add.reduceat(weights, starts) - missing * (lengths - sizes)
    is_sure = scores >= np.log(len(left) * len(right)) + _MIN_EVIDENCE
    if not is_sure.any():
        return nothing
    rows = _join(i[starts][is_sure], i[ends][is_sure] + 1)
    first, last = np.minimum.reduceat(j, starts), np.maximum.reduceat(j, starts)
    columns = _join(first[is_sure], last[is_sure] + 1)
    n_equal = len(np.unique(i[np.repeat(is_sure, sizes)]))
    return Likeness(
        _length(rows) / len(left), _length(columns) / len(right), n_equal / n_held, columns
    )


def _find_cells(left: Words, right: Words) -> Cells:
    """Places of equal words and their weights, by place in the left text.

    The last is the number of the left text's words that were not left out as too common.
    """
    _, numbers = np.unique(np.concatenate([left, right]), return_inverse=True)
    rows, columns = numbers[: len(left)], numbers[len(left) :]
    n_words = int(numbers.max()) + 1
    n_left = np.bincount(rows, minlength=n_words)
    n_right = np.bincount(columns, minlength=n_words)
    n_cells = n_left * n_right
    rarest = np.argsort(n_cells, kind="stable")
    is_used = np.zeros(n_words, dtype=np.bool_)
    is_used[rarest[np.cumsum(n_cells[rarest]) <= _MAX_CELLS]] = True
    i = np.flatnonzero(is_used[rows] & (n_right[rows] > 0))
    repeats = n_right[rows[i]]
    by_word = np.argsort(columns, kind="stable")
    begins = (np.cumsum(n_right) - n_right)[rows[i]]
    steps = np.arange(repeats.sum()) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    j = by_word[np.repeat(begins, repeats) + steps]
    i = np.repeat(i, repeats)
    chance = (n_left + n_right) / len(numbers)
    return i, j, np.log(_KEPT / chance)[rows[i]], int(is_used[rows].sum())


def _chain(
    i: npt.NDArray[np.int64],
    j: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    n_left: int,
) -> tuple[
    npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.int64]
]:
    """Sort cells along their diagonals; the last array says where each unbroken run starts.

    Bands overlap by half, so that a diagonal between two of them is whole in a third.
    """
    diagonal = j - i + n_left
    bands = [diagonal // _BAND * 2, (diagonal + _BAND // 2) // _BAND * 2 + 1]
    keys = np.concatenate([band * (n_left + 1) + i for band in bands])
    keys, first = np.unique(keys, return_index=True)
    cell = first % len(i)
    i, j, band = i[cell], j[cell], keys // (n_left + 1)
    is_start = np.append(True, (np.diff(band) != 0) | (np.diff(i) > _MAX_GAP))
    return i, j, weights[cell], np.flatnonzero(is_start)


def _join(starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Spans:
    """Union of ranges that may overlap."""
    order = np.argsort(starts, kind="stable")
    starts, ends = starts[order], np.maximum.accumulate(ends[order])
    is_first = np.append(True, starts[1:] > ends[:-1])
    is_last = np.append(is_first[1:], True)
    return np.stack([starts[is_first], ends[is_last]], axis=1)


def _length(spans: Spans) -> int:
    return int((spans[:, 1] - spans[:, 0]).sum())


def overlap(left: Spans, right: Spans) -> int:
    """Number of places that two lists of spans have in common."""
    if not len(left) or not len(right):
        return 0
    start = np.maximum(left[:, None, 0], right[None, :, 0])
    end = np.minimum(left[:, None, 1], right[None, :, 1])
    return int(np.maximum(0, end - start).sum())
