"""What speaks for a line as the headline of an article.

That it comes again, captions and markers below it, a byline, a date, a dateline, a separator or the
end of another article above it. Each sign has a weight.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.core.boilerplate.captions import is_caption, is_scene
from pipeline.core.boilerplate.sections import is_section
from pipeline.core.pages.heads import (
    head_lines,
    is_beside_date,
    is_credit,
    read_byline,
    read_source,
)
from pipeline.core.pages.runs import MAX_BETWEEN, Run, is_prose, may_head, repeat_of
from pipeline.core.texts import comparable

#: Buttons that change the size of the text: `TT`, `A A`, `+ -`.
_SIZES = re.compile(r"T\s?T|[Aa]\s?[+-]?\s?[Aa]\s?[+-]?|[+-]\s?[+-]", re.IGNORECASE)
_MARKER = re.compile(r"[^\W\d_]{1,4}|T\s?T|A\s?A|[Aa][+-]?\s*[Aa][+-]?|[-+]", re.IGNORECASE)
_DATELINE = re.compile(
    r"[A-Z][\w.'’ -]{1,30}(?:,\s[A-Z][\w.'’ -]{1,25})?(?:,?\s[A-Z][a-z]{2,8}\.?\s\d{1,2})?"
    r"\s*(?:\([A-Z][\w/. -]{1,25}\)\s*[-–—]|[-–—]{1,2}\s|\s[-–—]\s)"
)
_SECTION = re.compile(r"[A-Z][\w&/’'-]*(?: [A-Z&][\w&/’'-]*){0,2}")

#: What a sign weighs.
_WEIGHTS: Mapping[str, float] = {
    "repeat": 2.0,
    "marker": 1.0,
    "doubled_caption": 2.0,
    "credit": 1.0,
    "byline": 1.5,
    "date": 1.5,
    "dateline": 1.0,
    "separator": 1.5,
    "gap": 1.0,
    "wide_gap": 2.0,
    "parted": 1.0,
    "site": 2.0,
    "source": 1.0,
    "posed": -2.0,
    "tail": 1.0,
    "top": 1.0,
    "as_first": 1.0,
}

#: Lines above a headline that may belong to its head.
_MAX_ABOVE = 6
#: Lines below a headline among which byline, date and dateline are looked for.
_MAX_BELOW = 8
#: Lines between two equal headlines that are neither caption nor marker: a standfirst.
_MAX_OTHERS = 2
_MAX_CAPTION_WORDS = 40
_MAX_CREDIT_WORDS = 5
#: Chrome that ends an article.
_TAILS = frozenset(
    (
        "author_bio",
        "comments",
        "copyright",
        "credit",
        "newsletter",
        "related",
        "share",
        "source_link",
        "tags",
    )
)


@dataclass(frozen=True, slots=True)
class Opening:
    """The head of an article: `size` live lines from its headline at place `at`.

    `top` is the first line above that belongs to it (a section, a caption, a date), `signs` is
    what speaks for it.
    """

    at: int
    top: int
    size: int
    marks: dict[int, str]
    signs: frozenset[str]
    captions: frozenset[str] = frozenset()

    @property
    def weight(self) -> float:
        """All that speaks for it, and against it."""
        return sum(_WEIGHTS[sign] for sign in self.signs)


def opening_at(run: Run, at: int) -> Opening | None:
    """Weigh the line at place `at` as a headline; None where it cannot be one."""
    if not may_head(run, at):
        return None
    repeat = repeat_of(run, at)
    top, marks = _lines_above(run, at)
    marks[run.index(at)] = "title"
    signs = _signs_above(run, top)
    if any(run.index(k) in run.page.stamps for k in range(top, at)):
        signs.add("date")
    if run.page.has_site(run.index(at)):
        signs.add("site")
    if is_caption(run.page.site_of(run.index(at))[0], in_head=True):
        signs.add("posed")
    end = at + 1
    if repeat is not None:
        between = _marks_between(run, at, repeat)
        if repeat - at - 1 - len(between) <= _MAX_OTHERS:
            marks |= between | {run.index(repeat): "title_repeat"}
            signs |= {"repeat"}
            end = repeat + 1
    end = _scan_head(run, end, marks, run.keys[at])
    kinds = Counter(marks.values())
    keys = Counter(comparable(run.page.lines[i]) for i, m in marks.items() if m == "caption")
    signs |= {"marker"} & set(kinds)
    signs |= {"doubled_caption"} if any(n > 1 for n in keys.values()) else set()
    signs |= {"credit"} if any(n == 1 for n in keys.values()) else set()
    signs |= _signs_below(run, end)
    return Opening(at, top, end - at, marks, frozenset(signs), frozenset(keys))


def _signs_above(run: Run, at: int) -> set[str]:
    if at == 0:
        return {"top"}
    place = run.places[at]
    frame = run.page.frame(place)
    signs = set()
    if "separator" in frame:
        signs |= {"separator"} | ({"parted"} if run.is_ruled else set())
    gap = run.page.gap(place)
    if gap > run.usual_gap + 1:
        signs |= {"wide_gap"} | ({"parted"} if run.parts > 1 and gap >= run.parts else set())
    elif gap > run.usual_gap:
        signs |= {"gap"} | ({"parted"} if 0 < run.parts <= gap else set())
    if frame & _TAILS:
        signs.add("tail")
    return signs


def _lines_above(run: Run, at: int) -> tuple[int, dict[int, str]]:
    """Section, captions and date above a headline: the first of them, and what they are."""
    top, marks = at, {}
    while top > 0 and at - top < _MAX_ABOVE:
        i = run.index(top - 1)
        if run.page.gap(run.places[top]) > run.usual_gap or run.page.is_prose(i):
            break
        mark = _mark_above(run, top - 1)
        if mark is None:
            break
        if mark != "date":  # dates are read with the head
            marks[i] = mark
        top -= 1
    return top, marks


def _mark_above(run: Run, at: int) -> str | None:
    line, i = run.line(at), run.index(at)
    stamp = run.page.stamps.get(i)
    if stamp:
        return "date" if stamp.is_dated else None
    near = [run.keys[k] for k in (at - 1, at + 1) if 0 <= k < len(run)]
    if is_caption(line, in_head=True) or run.keys[at] in near:
        return "caption"
    is_close = run.page.gap(run.places[at + 1]) <= min(1, run.usual_gap)
    is_short = _SECTION.fullmatch(line) is not None and len(line.split()) <= 3
    return "section" if is_section(line) or (is_close and is_short) else None


def _signs_below(run: Run, end: int) -> set[str]:
    """Byline, date and dateline in the lines below the head."""
    signs = set()
    live = [run.index(at) for at in range(end, min(end + _MAX_BELOW, len(run)))]
    head = head_lines(run.page, live)
    for n, i in enumerate(head):
        stamp = run.page.stamps.get(i)
        byline = read_byline(run.page.lines[i])
        if stamp and stamp.is_dated:
            signs |= {"date"} | ({"byline"} if stamp.author else set())
        elif byline:
            signs |= {"byline"} | ({"date"} if byline[1] else set())
        elif read_source(run.page.lines[i]):
            signs |= {"source"}
        elif is_beside_date(run.page, head, n) and is_credit(run.page.lines[i]):
            signs |= {"byline"}
    first = next((i for i in live if run.page.is_prose(i) and i not in head), None)
    if first is not None and _DATELINE.match(run.page.lines[first]):
        signs |= {"dateline"}
    return signs


def _marks_between(run: Run, at: int, repeat: int) -> dict[int, str]:
    """Markers and captions between two equal headlines."""
    between = range(at + 1, repeat)
    below = set(run.keys[repeat + 1 : repeat + 2 + MAX_BETWEEN])
    counts = Counter(run.keys[k] for k in between)
    marks = {}
    for k in between:
        is_repeated = counts[run.keys[k]] > 1 or run.keys[k] in below
        if _MARKER.fullmatch(run.line(k)):
            marks[run.index(k)] = "marker"
        elif is_repeated or is_caption(run.line(k), in_head=True):
            marks[run.index(k)] = "caption"
    return marks


def _is_credit_line(line: str) -> bool:
    """Whether a line is only the credit of the caption above it: `Credit: dpa`."""
    return len(line.split()) <= _MAX_CREDIT_WORDS and is_caption(line, in_head=True)


def _scan_head(run: Run, at: int, marks: dict[int, str], title_key: str) -> int:
    """Mark captions, markers and repeats below the headline; return the first other place."""
    captions = {comparable(run.page.lines[i]) for i, mark in marks.items() if mark == "caption"}
    while at < len(run):
        key, place = run.keys[at], run.index(at)
        window = run.keys[at + 1 : at + 4]
        is_doubled = key in window and not run.page.stamps.get(place)
        # A story may give a paragraph twice; a caption that ends a sentence has other signs.
        is_told = is_prose(run, at) and len(marks) == 1 and not is_scene(run.line(at))
        is_doubled = is_doubled and not is_told
        is_credited = at + 1 < len(run) and _is_credit_line(run.line(at + 1))
        is_close = at == 0 or place - run.index(at - 1) <= 3
        if key == title_key:
            marks[place] = "title_repeat"
        elif read_source(run.line(at)):
            break
        elif _SIZES.fullmatch(run.line(at)) or (
            _MARKER.fullmatch(run.line(at)) and {"marker", "caption"} & set(marks.values())
        ):
            marks[place] = "marker"
        elif (
            key in captions
            or is_caption(run.line(at), in_head=not captions)
            or (is_doubled and is_close and key)
            or (is_credited and len(run.line(at).split()) <= _MAX_CAPTION_WORDS)
        ):
            marks[place] = "caption"
            captions.add(key)
        else:
            break
        at += 1
    return at
