"""Where articles open on a page that holds several.

A line that may be a headline opens an article if enough speaks for it: the weights of its signs
decide together, never a single sign, because sub-heads, related links and blank lines inside
stories show one sign each as well.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.pages.heads import read_head, set_title
from pipeline.core.pages.runs import Run, is_prose, make_run
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.signs import Opening, opening_at
from pipeline.core.texts import comparable

#: An opening needs so much in all.
_ENOUGH = 3.0
#: Signs of the page's first headline that count for the others as well.
_OF_A_PAGE = frozenset({"repeat", "doubled_caption", "byline", "date", "marker", "credit"})
#: Lines below a headline among which another may be the true one.
_MAX_APART = 6


def cut_openings(page: Page, live: Sequence[int]) -> list[Segment]:
    """Cut a run of lines at the headlines that open articles.

    Parameters
    ----------
    page : Page
        The page.
    live : sequence of int
        The lines to cut, rising; a part of `page.live`.

    Returns
    -------
    list of Segment
        In order, from the first opening on; empty where there is none.
    """
    run = make_run(page, live)
    openings = _with_bodies(run, _choose(run))
    segments = [_segment(run, opening, end) for opening, end in _spans(run, openings)]
    # A segment owns everything up to the next one, chrome and blank lines included.
    for segment, after in itertools.pairwise(segments):
        segment.end = after.start
        segment.marks = {i: mark for i, mark in segment.marks.items() if i < segment.end}
    return segments


def _choose(run: Run) -> list[Opening]:
    """All openings with enough evidence; what the page's first one shows counts for the others."""
    openings: list[Opening] = []
    first: frozenset[str] | None = None
    at = 0
    while at < len(run):
        opening = opening_at(run, at)
        if opening and first and opening.signs & first:
            opening = replace(opening, signs=opening.signs | {"as_first"})
        if opening and opening.top == 0:
            first = opening.signs & _OF_A_PAGE
        if (
            opening
            and opening.weight >= _ENOUGH
            and not _is_in_head(run, openings, opening)
            and not _is_outweighed(run, opening)
        ):
            openings.append(_below(openings, opening))
            at += opening.size
        else:
            at += 1
    return openings


def _below(openings: Sequence[Opening], opening: Opening) -> Opening:
    """Leave to the head of the article above what belongs to it."""
    floor = openings[-1].at + openings[-1].size if openings else 0
    return replace(opening, top=max(opening.top, floor))


def _is_outweighed(run: Run, opening: Opening) -> bool:
    """Whether a line right below has more for it: then this is its caption, or a link above it."""
    for at in range(opening.at + 1, min(opening.at + 1 + _MAX_APART, len(run))):
        if is_prose(run, at):
            return False
        other = opening_at(run, at)
        if other and other.weight > opening.weight:
            return True
    return False


def _is_in_head(run: Run, openings: Sequence[Opening], opening: Opening) -> bool:
    """Whether a weak opening stands above the first paragraph of the last one: its standfirst."""
    if openings and run.keys[opening.at] in openings[-1].captions:
        return True
    if not openings or opening.signs & {"repeat", "separator"}:
        return False
    if opening.captions - openings[-1].captions:
        return False
    return not any(is_prose(run, at) for at in range(openings[-1].at + 1, opening.at))


def _with_bodies(run: Run, openings: Sequence[Opening]) -> list[Opening]:
    """Drop openings that nothing follows, unless the page repeats their headline: links."""
    kept = []
    for opening, end in _spans(run, openings):
        has_body = any(is_prose(run, at) for at in range(opening.at + 1, end))
        if has_body or opening.signs & {"repeat", "doubled_caption"}:
            kept.append(opening)
    return kept


def _spans(run: Run, openings: Sequence[Opening]) -> list[tuple[Opening, int]]:
    """Each opening and the place where the next one begins."""
    ends = [opening.top for opening in openings[1:]] + [len(run)]
    return list(zip(openings, ends, strict=False))


def _segment(run: Run, opening: Opening, end: int) -> Segment:
    page = run.page
    own = [run.index(at) for at in range(opening.top, end)]
    segment = Segment("article", own[0], own[-1] + 1, marks=dict(opening.marks))
    set_title(page, segment, run.index(opening.at))
    # A caption that comes again further down is a caption there too.
    captions = {comparable(page.lines[i]) for i, mark in segment.marks.items() if mark == "caption"}
    for i in own:
        if i not in segment.marks and comparable(page.lines[i]) in captions:
            segment.marks[i] = "caption"
    read_head(page, segment, [i for i in own if i not in segment.marks])
    return segment
