"""Hard-wrapped text: lines that are pieces of one paragraph."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pipeline.core.boilerplate.cleaning import is_sentence_end

#: Width of hard-wrapped text; a longer line is a paragraph of its own.
_MAX_WRAP = 100
_MIN_WRAP = 40
#: A line that is this much shorter than the longest of its run is the last of a paragraph.
_FULL = 0.7


def wrapped_runs(lines: Sequence[str], places: Sequence[int]) -> list[list[int]]:
    """Find runs of lines that are one paragraph each.

    Parameters
    ----------
    lines : sequence of str
        All lines of a page.
    places : sequence of int
        Indices of the lines to look at, rising; a gap between two of them ends a run.

    Returns
    -------
    list of list of int
        The runs, each of two lines or more: all but the last are of like width, at least one
        breaks inside a sentence, and two lines end one.
    """
    runs: list[list[int]] = []
    for block in _blocks(places):
        width = max(len(lines[i]) for i in block)
        if len(block) < 2 or width < _MIN_WRAP or width > _MAX_WRAP:
            continue
        cut: list[list[int]] = [[]]
        for i in block:
            cut[-1].append(i)
            if len(lines[i]) < _FULL * width:
                cut.append([])
        runs += [_without_headline(lines, run, block) for run in cut if run]
    runs = [run for run in runs if _breaks_sentences(lines, run)]
    # A headline over a credit (`via The Ledger`) looks like two wrapped lines.
    return [run for run in runs if len(run) > 2 or is_sentence_end(lines[run[-1]])]


def _without_headline(lines: Sequence[str], run: list[int], block: Sequence[int]) -> list[int]:
    """Leave out a headline over wrapped text: the next word had room on its line, or not.

    Wrapping fills every line as far as the next word allows. A first line that ends earlier, or
    on whose width another line would have held one word more, was not wrapped with the others.
    """
    if len(run) < 2:
        return run
    first, second = lines[run[0]], lines[run[1]]
    if is_sentence_end(first) or second[:1].islower():
        return run
    is_short = _with_next_word(first, second) <= max(len(lines[i]) for i in block)
    is_long = any(
        _with_next_word(lines[i], lines[after]) <= len(first)
        for i, after in itertools.pairwise(run[1:])
    )
    is_below_date = run[0] != block[0] and not is_sentence_end(lines[run[0] - 1]) and len(run) > 2
    return run[1:] if is_short or is_long or is_below_date else run


def _with_next_word(line: str, after: str) -> int:
    return len(line) + 1 + len(after.split(" ", 1)[0])


def _blocks(places: Sequence[int]) -> list[list[int]]:
    blocks: list[list[int]] = []
    for i in places:
        if blocks and blocks[-1][-1] == i - 1:
            blocks[-1].append(i)
        else:
            blocks.append([i])
    return blocks


def _breaks_sentences(lines: Sequence[str], run: Sequence[int]) -> bool:
    return any(
        not is_sentence_end(lines[i]) and lines[after][:1].islower()
        for i, after in itertools.pairwise(run)
    )
