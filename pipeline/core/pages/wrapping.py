"""Hard-wrapped text: lines that are pieces of one paragraph."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.pages.cleaning import is_sentence_end

#: Width of hard-wrapped text; a longer line is a paragraph of its own.
_MAX_WRAP = 100
_MIN_WRAP = 40
#: A line that is this much shorter than the longest of its run is the last of a paragraph.
_FULL = 0.7
_SAME_WIDTH = 0.8


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
        breaks inside a sentence, and the width is that of the page's runs of three or more.
    """
    runs: list[list[int]] = []
    for block in _blocks(places):
        width = max(len(lines[i]) for i in block)
        if len(block) < 2 or width < _MIN_WRAP or width > _MAX_WRAP:
            continue
        run: list[int] = []
        for i in block:
            run.append(i)
            if len(lines[i]) < _FULL * width:
                runs.append(run)
                run = []
        runs.append(run)
    runs = [run for run in runs if _breaks_sentences(lines, run)]
    # A headline over a credit looks like two wrapped lines; pages wrap all text to one width.
    widths = [max(len(lines[i]) for i in run) for run in runs]
    page_width = max((w for w, run in zip(widths, runs, strict=True) if len(run) > 2), default=None)
    if page_width is None:
        return []
    return [
        run for w, run in zip(widths, runs, strict=True) if _SAME_WIDTH * page_width <= w <= page_width / _SAME_WIDTH
    ]


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
        for i, after in zip(run, run[1:], strict=False)
    )
