"""Pages whose articles give their headline twice, with captions or a marker in between."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.pages.cleaning import is_caption, is_headline
from pipeline.core.pages.segments import Page, Segment, read_head, set_title, without_site
from pipeline.core.pages.texts import comparable

_MARKER = re.compile(r"[^\W\d_]{1,4}|T\s?T|A\s?A|[Aa][+-]?\s*[Aa][+-]?|[-+]", re.IGNORECASE)

#: Captions (four of them, each twice), a marker and a standfirst fit between two headlines.
_MAX_BETWEEN = 12
#: Lines between them that are neither: a standfirst.
_MAX_OTHERS = 2
#: Two words may come twice by chance.
_MIN_HEADLINE_WORDS = 3


@dataclass(frozen=True, slots=True)
class _Opening:
    """The top of an article that gives its headline twice; `size` live lines."""

    size: int
    marks: dict[int, str]


@dataclass(frozen=True, slots=True)
class _Run:
    """The lines that are cut: their places on the page, and what they read like."""

    page: Page
    live: Sequence[int]
    keys: Sequence[str]

    def line(self, at: int) -> str:
        return self.page.lines[self.live[at]]


def cut_captions(page: Page, live: Sequence[int]) -> list[Segment]:
    """Cut articles that begin with headline, captions or marker, headline.

    Parameters
    ----------
    page : Page
        The page.
    live : sequence of int
        The lines to cut, rising.

    Returns
    -------
    list of Segment
        In order, from the first such headline on; empty where there is none.
    """
    run = _Run(page, live, [comparable(without_site(page.lines[i])[0]) for i in live])
    openings: list[tuple[int, _Opening]] = []
    at = 0
    while at < len(live):
        opening = _opening_at(run, at)
        if opening:
            openings.append((at, opening))
        at += opening.size if opening else 1
    ends = [start for start, _ in openings[1:]] + [len(live)]
    segments = [
        _segment(page, list(live[start:end]), opening)
        for (start, opening), end in zip(openings, ends, strict=False)
    ]
    # A segment owns everything up to the next one, chrome and blank lines included.
    for segment, after in itertools.pairwise(segments):
        segment.end = after.start
    return segments


def _segment(page: Page, own: Sequence[int], opening: _Opening) -> Segment:
    segment = Segment("article", own[0], own[-1] + 1, marks=dict(opening.marks))
    set_title(page, segment, own[0])
    # A caption that comes again further down is a caption there too.
    captions = {comparable(page.lines[i]) for i, mark in segment.marks.items() if mark == "caption"}
    for i in own:
        if i not in segment.marks and comparable(page.lines[i]) in captions:
            segment.marks[i] = "caption"
    read_head(page, segment, [i for i in own if i not in segment.marks])
    return segment


def _opening_at(run: _Run, at: int) -> _Opening | None:
    window = range(at + 1, min(at + 2 + _MAX_BETWEEN, len(run.live)))
    repeat = next((k for k in window if run.keys[k] == run.keys[at]), None)
    if repeat is None or not _may_head(run.line(at)):
        return None
    marks = {run.live[at]: "title", run.live[repeat]: "title_repeat"}
    marks |= _marks_between(run, at, repeat)
    n_other = repeat - at + 1 - len(marks)
    is_weak = len(marks) == 2 and not _may_repeat(run, at)
    if n_other > _MAX_OTHERS or is_weak:
        return None
    end = _skip_captions(run, repeat + 1, marks, run.keys[at])
    return _Opening(end - at, marks)


def _may_repeat(run: _Run, at: int) -> bool:
    """Whether two equal lines with nothing between them stand where an article may begin.

    Such lines also occur inside stories (section names, signatures of embedded posts). They begin
    an article at the top of a page, below a wide gap, and below any gap if the page itself began
    so.
    """
    if at == 0:
        return True
    gap = run.live[at] - run.live[at - 1]
    page_begins_so = run.keys[0] in run.keys[1 : 2 + _MAX_BETWEEN]
    begins_plain = run.line(at)[0].isalnum() or run.line(at)[0] in "\"'“‘"
    return gap > 2 or (gap > 1 and page_begins_so and begins_plain)


def _may_head(line: str) -> bool:
    n_words = len(comparable(line).split())
    return n_words >= _MIN_HEADLINE_WORDS and is_headline(line) and not is_caption(line)


def _marks_between(run: _Run, at: int, repeat: int) -> dict[int, str]:
    """Markers and captions between two equal headlines."""
    between = range(at + 1, repeat)
    below = set(run.keys[repeat + 1 : repeat + 2 + _MAX_BETWEEN])
    counts = Counter(run.keys[k] for k in between)
    marks = {}
    for k in between:
        is_repeated = counts[run.keys[k]] > 1 or run.keys[k] in below
        if _MARKER.fullmatch(run.line(k)):
            marks[run.live[k]] = "marker"
        elif is_repeated or is_caption(run.line(k), in_head=True):
            marks[run.live[k]] = "caption"
    return marks


def _skip_captions(run: _Run, at: int, marks: dict[int, str], title_key: str) -> int:
    """Mark the captions below the second headline; return the place of the first other line."""
    captions = {comparable(run.page.lines[i]) for i, mark in marks.items() if mark == "caption"}
    while at < len(run.live):
        key, place = run.keys[at], run.live[at]
        is_doubled = at + 1 < len(run.live) and key == run.keys[at + 1]
        is_close = place - run.live[at - 1] <= 2
        if key == title_key:
            marks[place] = "title_repeat"
        elif _MARKER.fullmatch(run.line(at)) and "marker" in marks.values():
            marks[place] = "marker"
        elif key in captions or is_caption(run.line(at), in_head=not captions):
            marks[place] = "caption"
        elif is_doubled and is_close and key:
            marks[place] = "caption"
            captions.add(key)
        else:
            break
        at += 1
    return at
