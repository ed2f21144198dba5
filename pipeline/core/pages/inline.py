"""Live-blogs whose posts have time and headline, or text, on one line: `12:14 Police arrive`."""

from __future__ import annotations

import itertools

from pipeline.core.boilerplate.cleaning import is_headline
from pipeline.core.pages.anchors import MOST, close_posts, only_falls
from pipeline.core.pages.days import date_posts
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.stamped import split_stamp
from pipeline.core.times.stamps import Stamp

_MAX_NAME_WORDS = 5
#: Fewer lines that begin with a time are a schedule or chance.
_MIN_INLINE = 3


def cut_inline(page: Page) -> list[Segment]:
    """Cut posts whose time and headline, or text, share a line; empty where too few do."""
    parted = [(i, parts) for i in page.live if (parts := split_stamp(page.lines[i]))]
    n_own = sum(i in page.stamps for i, _ in parted)
    # A short headline beside a time looks like a name; the other lines say which it is.
    are_headlines = n_own < len(parted) - n_own
    found = [
        (i, parts)
        for i, parts in parted
        if i not in page.stamps or are_headlines or _may_be_headline(page.stamps[i])
    ]
    if all(i in page.stamps for i, _ in found):
        return []
    stamps = [stamp for _, (stamp, _) in found]
    rests = [rest for _, (_, rest) in found]
    n_headlines = sum(
        is_headline(rest) and i not in page.wrapped
        for (i, _), rest in zip(found, rests, strict=True)
    )
    n_bodies = sum(
        after[0] - i > 1 and any(page.is_prose(k) for k in range(i + 1, after[0]))
        for (i, _), after in itertools.pairwise([*found, (len(page.lines), None)])
    )
    is_told = min(n_headlines, n_bodies) < MOST * len(found) and not only_falls(stamps)
    if len(found) < _MIN_INLINE or is_told:
        return []
    segments = []
    for i, (stamp, rest) in found:
        segment = Segment("liveblog_entry", i, 0, author=stamp.author)
        if is_headline(rest):
            segment.title = rest
            segment.marks[i] = "title"
        else:
            segment.rewritten[i] = rest
        segments.append(segment)
    close_posts(page, segments)
    date_posts(page, stamps, segments)
    return segments


def _may_be_headline(stamp: Stamp) -> bool:
    """Whether what was read as the author beside a time is too long for a name."""
    return stamp.author is not None and len(stamp.author.split()) > _MAX_NAME_WORDS - 1
