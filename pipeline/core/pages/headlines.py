"""Where the posts of a live-blog have their headlines."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.boilerplate.cleaning import is_headline, is_sentence_end
from pipeline.core.pages.anchors import MOST, Anchor
from pipeline.core.pages.segments import Page

#: Share of stamps with a headline below that is enough, as nothing else looks like one there.
_SOME = 0.3
#: A longer line is a teaser, whether or not it ends a sentence.
_MAX_TITLE = 170


def headline_side(page: Page, anchors: Sequence[Anchor]) -> int:
    """Where posts have their headline: -1 above the anchor, 1 below it, 0 nowhere."""
    above = sum(is_head_at(page, anchor.first - 1) for anchor in anchors)
    below = sum(is_head_at(page, anchor.last + 1) for anchor in anchors)
    if max(above, below) < MOST * len(anchors):
        # A line between stamp and text is hardly anything else, even where few posts have one.
        return 1 if below >= _SOME * len(anchors) and below >= 2 * above else 0
    if above == below:
        # Both: a headline stands closer to its stamp than to the post before it.
        far = sum(page.gap(anchor.first) > 0 for anchor in anchors[1:])
        return 1 if far > len(anchors) // 2 or not is_head_at(page, anchors[0].first - 1) else -1
    return -1 if above > below else 1


def is_head_at(page: Page, at: int) -> bool:
    """Whether the live line at place `at` reads like a headline; False outside of the page."""
    if not 0 <= at < len(page.live) or page.live[at] in page.stamps:
        return False
    if page.live[at] in page.wrapped:
        return False
    line = page.lines[page.live[at]]
    if at and page.lines[page.live[at - 1]].endswith(":") and not _stands_off(page, at):
        return False  # `Read the full report:` and the link that it points to
    is_single_word = len(line.split()) == 1 and not is_sentence_end(line)
    return is_headline(line) or is_single_word


def may_be_title(page: Page, at: int) -> bool:
    """Whether a line is short enough for a headline, even if it ends with a full stop."""
    if not 0 <= at < len(page.live) or page.live[at] in page.stamps:
        return False
    line = page.lines[page.live[at]]
    return len(line) <= _MAX_TITLE and page.live[at] not in page.wrapped


def is_title(page: Page, anchor: Anchor, at: int) -> bool:
    """Whether the line beside a stamp is the headline: by its words, or else by its place."""
    if is_head_at(page, at):
        return True
    if anchor.name is not None and anchor.name == at + 1 > anchor.last + 1:
        return may_be_title(page, at)
    return at < anchor.first and may_be_title(page, at) and _stands_off(page, at)


def _stands_off(page: Page, at: int) -> bool:
    """Whether a line is further from the line above it than from the one below."""
    return at + 1 < len(page.live) and page.gap(at) > page.gap(at + 1)
