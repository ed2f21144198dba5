"""A run of lines that is cut: which of them may be headlines, and what parts its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.core.boilerplate.captions import is_caption
from pipeline.core.boilerplate.sentences import is_headline
from pipeline.core.pages.heads import is_credit, is_role, read_byline, read_source
from pipeline.core.pages.segments import Page
from pipeline.core.texts import comparable

_NEARLY_ALL = 0.8
BULLETS = "-–—•*#>»›→▪●"
#: Captions (four of them, each twice), a marker and a standfirst fit between two headlines.
MAX_BETWEEN = 12
#: Two words may come twice by chance.
_MIN_HEADLINE_WORDS = 3
_MAX_HEADLINE_WORDS = 30


@dataclass(frozen=True, slots=True)
class Run:
    """The lines that are cut: places in `page.live`, and what they read like.

    `usual_gap` is how many blank lines part the paragraphs of a story, `parts` from how many on
    they part articles (0: never), `is_ruled` whether separators do.
    """

    page: Page
    places: Sequence[int]
    keys: Sequence[str]
    usual_gap: int
    parts: int = 0
    is_ruled: bool = False

    def __len__(self) -> int:
        return len(self.places)

    def line(self, at: int) -> str:
        """Text of the line at place `at` of the run."""
        return self.page.lines[self.index(at)]

    def index(self, at: int) -> int:
        """Index of that line on the page."""
        return self.page.live[self.places[at]]


def make_run(page: Page, live: Sequence[int]) -> Run:
    """Look at the lines `live` (rising, a part of `page.live`): their gaps and separators."""
    start = page.live.index(live[0]) if live else 0
    keys = [_key(page, i) for i in live]
    run = Run(page, range(start, start + len(live)), keys, _usual_gap(page))
    return replace(run, parts=_parting_gap(run), is_ruled=_is_ruled(run))


def _key(page: Page, i: int) -> str:
    """What a line reads like; `- The Ledger` in a list is not the line `The Ledger` again."""
    key = comparable(page.site_of(i)[0])
    return f"- {key}" if page.lines[i][:1] in BULLETS else key


def _usual_gap(page: Page) -> int:
    """Blank lines between the paragraphs of a story on this page."""
    gaps = Counter(
        page.gap(at)
        for at in range(1, len(page.live))
        if page.is_prose(page.live[at]) and page.is_prose(page.live[at - 1])
    )
    return min(gaps, key=lambda gap: (-gaps[gap], gap)) if gaps else 1


def _parting_gap(run: Run) -> int:
    """Blank lines that part articles: from so many on, a headline follows nearly every gap.

    0 where gaps part nothing: then sentences, captions and sub-heads follow them as well.
    """
    for size in range(run.usual_gap + 1, run.usual_gap + 4):
        below = [at for at in range(1, len(run)) if run.page.gap(run.places[at]) >= size]
        heads = [at for at in below if _heads_prose(run, at)]
        if len(heads) >= max(2, _NEARLY_ALL * len(below)):
            return size
    return 0


def _is_ruled(run: Run) -> bool:
    """Whether separators (`* * *`) part articles: a headline follows nearly every one."""
    below = [at for at in range(1, len(run)) if "separator" in run.page.frame(run.places[at])]
    return len(below) > 1 and sum(_heads_prose(run, at) for at in below) >= _NEARLY_ALL * len(below)


def _heads_prose(run: Run, at: int) -> bool:
    """Whether a line, or the one below it, may be a headline with a paragraph below."""
    for head in (at, at + 1):
        if head < len(run) and may_head(run, head) and len(run.keys[head].split()) > 3:
            return any(is_prose(run, k) for k in range(head + 1, min(head + 8, len(run))))
    return False


def is_prose(run: Run, at: int) -> bool:
    """Whether a line is a paragraph."""
    return run.page.is_prose(run.index(at))


def may_head(run: Run, at: int) -> bool:
    """Whether a line reads like the headline of an article."""
    line = run.line(at)
    i = run.index(at)
    if i in run.page.stamps or read_byline(line) or is_role(line) or read_source(line):
        return False
    if line[0] in BULLETS or (is_credit(line) and _is_above_date(run, at)):
        return False
    if _is_repeated_headline(run, at):
        return True
    n_words = len(run.keys[at].split())
    if is_prose(run, at):
        return False
    title = run.page.site_of(i)[0]
    return n_words >= _MIN_HEADLINE_WORDS and is_headline(title) and not is_caption(title)


def _is_above_date(run: Run, at: int) -> bool:
    """Whether a line stands between a longer headline and a date, as an author's name does."""
    stamp = run.page.stamps.get(run.index(at + 1)) if at + 1 < len(run) else None
    if not (stamp and stamp.is_dated) or at == 0 or repeat_of(run, at) is not None:
        return False
    above = run.line(at - 1)
    return is_headline(above) and len(above.split()) > len(run.line(at).split())


def _is_repeated_headline(run: Run, at: int) -> bool:
    """Whether a line that reads like a sentence is given twice, with no paragraph in between."""
    repeat = repeat_of(run, at)
    if repeat is None or not 3 < len(run.keys[at].split()) <= _MAX_HEADLINE_WORDS:
        return False
    is_apart = at == 0 or run.page.gap(run.places[at]) > run.usual_gap
    is_caught = is_caption(run.line(at), in_head=True)
    return is_apart and not is_caught and not any(is_prose(run, k) for k in range(at + 1, repeat))


def repeat_of(run: Run, at: int) -> int | None:
    """Place of the next equal line, if it is close."""
    window = range(at + 1, min(at + 2 + MAX_BETWEEN, len(run)))
    return next((k for k in window if run.keys[k] == run.keys[at]), None)
