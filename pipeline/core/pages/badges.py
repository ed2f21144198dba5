"""Labels that live-blogs put beside their stamps: `Key moment`, `Analysis`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from pipeline.core.boilerplate.cleaning import is_headline, is_sentence_end
from pipeline.core.pages.heads import is_name
from pipeline.core.pages.segments import Page
from pipeline.core.pages.stamped import split_stamp
from pipeline.core.times.names import read_name

#: A label that so many posts bear, of at most so many words.
_MIN_BADGES = 3
_MAX_BADGE_WORDS = 3
_BADGE = re.compile(
    r"key (?:moment|event|update|point)s?|pinned(?: post)?|breaking(?: news)?|analysis|explainer"
    r"|just in|new|latest|live",
    re.IGNORECASE,
)


def find_badges(page: Page) -> set[int]:
    """Labels beside stamps: known ones (`Key moment`), and short ones that the page repeats."""
    timed = {i for i in page.live if i in page.stamps or split_stamp(page.lines[i])}
    near = {
        i
        for at, i in enumerate(page.live)
        if any(k in timed for k in page.live[max(0, at - 2) : at + 3])
    } - timed
    counts = Counter(page.lines[i] for i in page.live if i in near)
    return {
        i
        for i in near
        if (_BADGE.fullmatch(page.lines[i]) and not _heads_text(page, i))
        or (counts[page.lines[i]] >= _MIN_BADGES and _may_be_badge(page, i))
    }


def _heads_text(page: Page, i: int) -> bool:
    """Whether a line stands between a stamp and a paragraph, as a headline does."""
    at = bisect_left(page.live, i)
    above, below = page.live[max(0, at - 1) : at], page.live[at + 1 : at + 2]
    is_below = any(k in page.stamps for k in above)
    return is_below and not any(
        is_headline(page.lines[k]) and not is_name(page.lines[k]) for k in below
    )


def _may_be_badge(page: Page, i: int) -> bool:
    line = page.lines[i]
    is_short = len(line.split()) <= _MAX_BADGE_WORDS and not is_sentence_end(line)
    return is_short and i not in page.stamps and not read_name(line)
