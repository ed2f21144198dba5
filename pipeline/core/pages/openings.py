"""Where articles open on a page that holds several.

A line that may be a headline opens an article if enough speaks for it: that it comes again, captions
and markers below it, a byline, a date, a dateline, a separator or the end of another article above
it. Each kind of evidence has a weight; the sum decides, never a single sign, because sub-heads,
related links and blank lines inside stories show one sign each as well.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.pages.captions import is_caption, is_scene
from pipeline.core.pages.heads import (
    head_lines,
    is_beside_date,
    is_credit,
    is_role,
    read_byline,
    read_head,
    read_source,
    set_title,
)
from pipeline.core.pages.sections import is_section
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.sentences import is_headline
from pipeline.core.pages.texts import comparable

#: Buttons that change the size of the text: `TT`, `A A`, `+ -`.
_SIZES = re.compile(r"T\s?T|[Aa]\s?[+-]?\s?[Aa]\s?[+-]?|[+-]\s?[+-]", re.IGNORECASE)
_MARKER = re.compile(r"[^\W\d_]{1,4}|T\s?T|A\s?A|[Aa][+-]?\s*[Aa][+-]?|[-+]", re.IGNORECASE)
_DATELINE = re.compile(
    r"[A-Z][\w.'’ -]{1,30}(?:,\s[A-Z][\w.'’ -]{1,25})?(?:,?\s[A-Z][a-z]{2,8}\.?\s\d{1,2})?"
    r"\s*(?:\([A-Z][\w/. -]{1,25}\)\s*[-–—]|[-–—]{1,2}\s|\s[-–—]\s)"
)
_SECTION = re.compile(r"[A-Z][\w&/’'-]*(?: [A-Z&][\w&/’'-]*){0,2}")

#: What a sign weighs; an opening needs `_ENOUGH` in all.
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
_ENOUGH = 3.0

_NEARLY_ALL = 0.8
_BULLETS = "-–—•*#>»›→▪●"
#: Signs of the page's first headline that count for the others as well.
_OF_A_PAGE = frozenset({"repeat", "doubled_caption", "byline", "date", "marker", "credit"})
#: Lines above a headline that may belong to its head, and below which another may be the headline.
_MAX_ABOVE = 6
_MAX_APART = 6
#: Lines below a headline among which byline, date and dateline are looked for.
_MAX_BELOW = 8
#: Captions (four of them, each twice), a marker and a standfirst fit between two headlines.
_MAX_BETWEEN = 12
#: Lines between them that are neither: a standfirst.
_MAX_OTHERS = 2
#: Two words may come twice by chance.
_MIN_HEADLINE_WORDS = 3
_MAX_HEADLINE_WORDS = 30
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
class _Opening:
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
        return sum(_WEIGHTS[sign] for sign in self.signs)


@dataclass(frozen=True, slots=True)
class _Run:
    """The lines that are cut: places in `page.live`, and what they read like."""

    page: Page
    places: Sequence[int]
    keys: Sequence[str]
    usual_gap: int
    parts: int = 0
    is_ruled: bool = False

    def __len__(self) -> int:
        return len(self.places)

    def line(self, at: int) -> str:
        return self.page.lines[self.index(at)]

    def index(self, at: int) -> int:
        return self.page.live[self.places[at]]


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
    start = page.live.index(live[0]) if live else 0
    keys = [_key(page, i) for i in live]
    run = _Run(page, range(start, start + len(live)), keys, _usual_gap(page))
    run = replace(run, parts=_parting_gap(run), is_ruled=_is_ruled(run))
    openings = _with_bodies(run, _choose(run))
    segments = [_segment(run, opening, end) for opening, end in _spans(run, openings)]
    # A segment owns everything up to the next one, chrome and blank lines included.
    for segment, after in itertools.pairwise(segments):
        segment.end = after.start
        segment.marks = {i: mark for i, mark in segment.marks.items() if i < segment.end}
    return segments


def _key(page: Page, i: int) -> str:
    """What a line reads like; `- The Ledger` in a list is not the line `The Ledger` again."""
    key = comparable(page.site_of(i)[0])
    return f"- {key}" if page.lines[i][:1] in _BULLETS else key


def _usual_gap(page: Page) -> int:
    """Blank lines between the paragraphs of a story on this page."""
    gaps = Counter(
        page.gap(at)
        for at in range(1, len(page.live))
        if page.is_prose(page.live[at]) and page.is_prose(page.live[at - 1])
    )
    return min(gaps, key=lambda gap: (-gaps[gap], gap)) if gaps else 1


def _parting_gap(run: _Run) -> int:
    """Blank lines that part articles: from so many on, a headline follows nearly every gap.

    0 where gaps part nothing: then sentences, captions and sub-heads follow them as well.
    """
    for size in range(run.usual_gap + 1, run.usual_gap + 4):
        below = [at for at in range(1, len(run)) if run.page.gap(run.places[at]) >= size]
        heads = [at for at in below if _heads_prose(run, at)]
        if len(heads) >= max(2, _NEARLY_ALL * len(below)):
            return size
    return 0


def _is_ruled(run: _Run) -> bool:
    """Whether separators (`* * *`) part articles: a headline follows nearly every one."""
    below = [at for at in range(1, len(run)) if "separator" in run.page.frame(run.places[at])]
    return len(below) > 1 and sum(_heads_prose(run, at) for at in below) >= _NEARLY_ALL * len(below)


def _heads_prose(run: _Run, at: int) -> bool:
    """Whether a line, or the one below it, may be a headline with a paragraph below."""
    for head in (at, at + 1):
        if head < len(run) and _may_head(run, head) and len(run.keys[head].split()) > 3:
            return any(_is_prose(run, k) for k in range(head + 1, min(head + 8, len(run))))
    return False


def _choose(run: _Run) -> list[_Opening]:
    """All openings with enough evidence; what the page's first one shows counts for the others."""
    openings: list[_Opening] = []
    first: frozenset[str] | None = None
    at = 0
    while at < len(run):
        opening = _opening_at(run, at)
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


def _below(openings: Sequence[_Opening], opening: _Opening) -> _Opening:
    """Leave to the head of the article above what belongs to it."""
    floor = openings[-1].at + openings[-1].size if openings else 0
    return replace(opening, top=max(opening.top, floor))


def _is_outweighed(run: _Run, opening: _Opening) -> bool:
    """Whether a line right below has more for it: then this is its caption, or a link above it."""
    for at in range(opening.at + 1, min(opening.at + 1 + _MAX_APART, len(run))):
        if _is_prose(run, at):
            return False
        other = _opening_at(run, at)
        if other and other.weight > opening.weight:
            return True
    return False


def _is_in_head(run: _Run, openings: Sequence[_Opening], opening: _Opening) -> bool:
    """Whether a weak opening stands above the first paragraph of the last one: its standfirst."""
    if openings and run.keys[opening.at] in openings[-1].captions:
        return True
    if not openings or opening.signs & {"repeat", "separator"}:
        return False
    if opening.captions - openings[-1].captions:
        return False
    return not any(_is_prose(run, at) for at in range(openings[-1].at + 1, opening.at))


def _with_bodies(run: _Run, openings: Sequence[_Opening]) -> list[_Opening]:
    """Drop openings that nothing follows, unless the page repeats their headline: links."""
    kept = []
    for opening, end in _spans(run, openings):
        has_body = any(_is_prose(run, at) for at in range(opening.at + 1, end))
        if has_body or opening.signs & {"repeat", "doubled_caption"}:
            kept.append(opening)
    return kept


def _spans(run: _Run, openings: Sequence[_Opening]) -> list[tuple[_Opening, int]]:
    """Each opening and the place where the next one begins."""
    ends = [opening.top for opening in openings[1:]] + [len(run)]
    return list(zip(openings, ends, strict=False))


def _is_prose(run: _Run, at: int) -> bool:
    return run.page.is_prose(run.index(at))


def _segment(run: _Run, opening: _Opening, end: int) -> Segment:
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


def _opening_at(run: _Run, at: int) -> _Opening | None:
    if not _may_head(run, at):
        return None
    repeat = _repeat_of(run, at)
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
    return _Opening(at, top, end - at, marks, frozenset(signs), frozenset(keys))


def _may_head(run: _Run, at: int) -> bool:
    line = run.line(at)
    i = run.index(at)
    if i in run.page.stamps or read_byline(line) or is_role(line) or read_source(line):
        return False
    if line[0] in _BULLETS or (is_credit(line) and _is_above_date(run, at)):
        return False
    if _is_repeated_headline(run, at):
        return True
    n_words = len(run.keys[at].split())
    if _is_prose(run, at):
        return False
    title = run.page.site_of(i)[0]
    return n_words >= _MIN_HEADLINE_WORDS and is_headline(title) and not is_caption(title)


def _is_above_date(run: _Run, at: int) -> bool:
    """Whether a line stands between a longer headline and a date, as an author's name does."""
    stamp = run.page.stamps.get(run.index(at + 1)) if at + 1 < len(run) else None
    if not (stamp and stamp.is_dated) or at == 0 or _repeat_of(run, at) is not None:
        return False
    above = run.line(at - 1)
    return is_headline(above) and len(above.split()) > len(run.line(at).split())


def _is_repeated_headline(run: _Run, at: int) -> bool:
    """Whether a line that reads like a sentence is given twice, with no paragraph in between."""
    repeat = _repeat_of(run, at)
    if repeat is None or not 3 < len(run.keys[at].split()) <= _MAX_HEADLINE_WORDS:
        return False
    is_apart = at == 0 or run.page.gap(run.places[at]) > run.usual_gap
    is_caught = is_caption(run.line(at), in_head=True)
    return is_apart and not is_caught and not any(_is_prose(run, k) for k in range(at + 1, repeat))


def _repeat_of(run: _Run, at: int) -> int | None:
    """Place of the next equal line, if it is close."""
    window = range(at + 1, min(at + 2 + _MAX_BETWEEN, len(run)))
    return next((k for k in window if run.keys[k] == run.keys[at]), None)


def _signs_above(run: _Run, at: int) -> set[str]:
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


def _lines_above(run: _Run, at: int) -> tuple[int, dict[int, str]]:
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


def _mark_above(run: _Run, at: int) -> str | None:
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


def _signs_below(run: _Run, end: int) -> set[str]:
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


def _marks_between(run: _Run, at: int, repeat: int) -> dict[int, str]:
    """Markers and captions between two equal headlines."""
    between = range(at + 1, repeat)
    below = set(run.keys[repeat + 1 : repeat + 2 + _MAX_BETWEEN])
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


def _scan_head(run: _Run, at: int, marks: dict[int, str], title_key: str) -> int:
    """Mark captions, markers and repeats below the headline; return the first other place."""
    captions = {comparable(run.page.lines[i]) for i, mark in marks.items() if mark == "caption"}
    while at < len(run):
        key, place = run.keys[at], run.index(at)
        window = run.keys[at + 1 : at + 4]
        is_doubled = key in window and not run.page.stamps.get(place)
        # A story may give a paragraph twice; a caption that ends a sentence has other signs.
        is_told = _is_prose(run, at) and len(marks) == 1 and not is_scene(run.line(at))
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
