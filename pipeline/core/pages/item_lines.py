"""Lines of a listing: which of them head an item, tell its story, or say that a listing follows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.core.boilerplate.chrome import chrome_of
from pipeline.core.boilerplate.sentences import is_headline
from pipeline.core.pages.anchors import Anchor
from pipeline.core.pages.segments import Page

#: A longer line is a teaser, whether or not it ends a sentence.
_MAX_HEADER_WORDS = 24
_MAX_HEADER = 170
_MAX_TOPIC = 80
#: Lines above or below a date that may belong to the head of its item.
MAX_HEAD = 5
#: A shorter line is no headline if another may be.
MIN_TITLE_WORDS = 3
_MAX_LINK_WORDS = 3
_MAX_HEADING_WORDS = 10

_NUMBERED = re.compile(r"^(\d{1,3})[.)]\s+(?=\S)")
#: Lines that may end with a link; `chrome_of` then tells.
_LINKED = re.compile(r"(?:more|reading|story|article|news|here)\W{0,4}$", re.IGNORECASE)
_MORE = re.compile(r"more(?:…|\.\.\.)", re.IGNORECASE)
#: A teaser before a link ends so, at the end of a sentence or cut off.
_CUT_ENDS = (".", "…", "!", "?", '"', "”", "’", ")", "]")
#: What lines are that lead on to the whole article.
REFERRALS = frozenset({"source_link", "related", "referral"})
_LISTED = re.compile(r"(?:[-–—•*·|>]\s*|#)(\S.*)")
_HEADING = re.compile(
    r"(?:tag(?:ged)?|topics?|category|section|keyword|archives?|search results|results?)\b"
    r"(?:\s*:.*|\s+(?:for|with|in|archives?)\b.*)?"
    r"|[\d.,\s]+(?:results?|articles?|stories|items|posts)\b.*|you searched for\b.*"
    r"|(?:all|latest|more|recent)\s+(?:the\s+)?(?:news|articles|stories|headlines)"
    r"\s+(?:about|on|for|from|with|in|tagged)\b.*"
    r"|news (?:archive|tagged|about|on)\b.*|.*\barchives?|(?:showing|page|results)\s+\d+.*",
    re.IGNORECASE,
)
#: These head lists of links in articles as well.
_WEAK_HEADING = re.compile(
    r"#\w[\w-]*|more from\b.*"
    r"|(?:all|latest|more|recent)\s+(?:the\s+)?(?:news|articles|stories|headlines)\b.*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """Places `start` to `end` (exclusive) in `page.live`, and the date among them, if any.

    `closes` tells items that end with their date from those that have it in their head.
    """

    anchor: Anchor | None
    start: int
    end: int
    closes: bool = False

    def head(self, page: Page) -> list[int]:
        """Give the places of the short lines around the date, down to the first paragraph."""
        first = self.anchor.first if self.anchor else self.start
        after = self.anchor.last + 1 if self.anchor else self.start
        above = [at for at in range(self.start, first) if is_head_line(page, at)]
        below = []
        # Where dates close items, names stand below the teaser of one without a date.
        is_open = self.closes and not self.anchor
        for at in range(after, self.end if is_open else min(self.end, after + MAX_HEAD)):
            if is_head_line(page, at):
                below.append(at)
            elif not is_open:
                break
        return above + below

    def text_places(self) -> list[int]:
        """Give the places that are not its date."""
        dated = range(self.anchor.first, self.anchor.last + 1) if self.anchor else range(0)
        return [at for at in range(self.start, self.end) if at not in dated]


def topic_of(line: str) -> re.Match[str] | None:
    """Read a listed name: `- Energy`, `#energy`."""
    return _LISTED.fullmatch(line) if len(line) <= _MAX_TOPIC else None


def is_head_line(page: Page, at: int) -> bool:
    """Whether a line may stand in the head of an item: short, no sentence, no `More…`."""
    if not 0 <= at < len(page.live) or page.live[at] in page.stamps:
        return False
    i = page.live[at]
    line = page.lines[i]
    is_link = len(line.split()) <= _MAX_LINK_WORDS and line.endswith(("…", "...", "→", "»"))
    return is_short(page, at) and not is_link and not is_text(page, at)


def is_short(page: Page, at: int) -> bool:
    """Whether a line is no longer than a headline."""
    line = page.lines[page.live[at]]
    return len(line) <= _MAX_HEADER and len(line.split()) <= _MAX_HEADER_WORDS


def is_text(page: Page, at: int) -> bool:
    """Whether a line is a paragraph or a piece of one; a headline above wrapped text is none.

    A line that is too long for a headline is a teaser that was cut off; one that ends with
    `Read more` is a teaser, however short.
    """
    i = page.live[at]
    if page.is_prose(i):
        return not (i in page.wrapped and _heads_wrapped(page, at))
    is_long = not is_short(page, at)
    return i not in page.stamps and (is_long or teaser_of(page.lines[i]) is not None)


def teaser_of(line: str) -> str | None:
    """Part a teaser from the link at its end; None where there is none."""
    if not _LINKED.search(line):
        return None
    words = line.split()
    for n_link in range(min(_MAX_LINK_WORDS + 2, len(words) - MIN_TITLE_WORDS), 0, -1):
        link = " ".join(words[-n_link:])
        is_cut = words[-n_link - 1].endswith(_CUT_ENDS)
        is_link = n_link > 1 and link[0].isupper() and chrome_of(link) in REFERRALS
        if is_link or (is_cut and _MORE.fullmatch(link)):
            return " ".join(words[:-n_link])
    return None


def _heads_wrapped(page: Page, at: int) -> bool:
    """Whether a line above wrapped text is no piece of it: too long, or the next word had room."""
    if not is_boundary(page, at):
        return False
    i = page.live[at]
    end = i + 1
    while end in page.wrapped:
        end += 1
    line, below = page.lines[i], page.lines[i + 1 : end]
    if not below or not below[0][:1].isupper():
        return False
    width = max(map(len, below))
    has_room = len(line) + 1 + len(below[0].split()[0]) <= width
    return is_headline(line) and (len(line) > width or has_room or line.endswith(("?", "!")))


def is_boundary(page: Page, at: int) -> bool:
    """Whether something stands between a line and the one above: a gap, buttons, `Read more`."""
    return page.gap(at) > 0 or bool(page.frame(at))


def number_of(line: str) -> int | None:
    """Read the number that a headline begins with: `12. Headline`."""
    match = _NUMBERED.match(line)
    return int(match[1]) if match else None


def without_number(line: str) -> str:
    """Take the number that a headline begins with away."""
    return _NUMBERED.sub("", line, count=1)


def is_heading(line: str) -> bool:
    """Whether a line says that a listing follows: `Tag: Energy`, `24 results for harbour`."""
    return len(line.split()) <= _MAX_HEADING_WORDS and _HEADING.fullmatch(line) is not None


def is_weak_heading(line: str) -> bool:
    """Whether a line may head a listing, or only links in an article: `More from Oslo`, `#oslo`."""
    return len(line.split()) <= _MAX_HEADING_WORDS and _WEAK_HEADING.fullmatch(line) is not None
