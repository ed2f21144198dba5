"""One piece of a page, and the page that it is cut from."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.core.boilerplate.cleaning import is_sentence_end
from pipeline.core.pages.sites import part_site
from pipeline.core.times.stamps import Stamp
from pipeline.records import Kind

#: A line of so many words is a paragraph even if it ends without a full stop.
_PROSE_WORDS = 28
_PROSE_CHARS = 200
_MIN_SENTENCE_WORDS = 6


@dataclass(slots=True)
class Segment:
    """One piece of a page: lines `start` to `end` (exclusive), counted from 0.

    `marks` says what its structural lines are (`title`, `stamp`, `caption`, …); all others are
    body until the cleaning has seen them. `rewritten` gives the text of lines that hold more than
    text: `12:14 Police arrive`.
    """

    kind: Kind
    start: int
    end: int
    title: str | None = None
    published: str | None = None
    source: str | None = None
    author: str | None = None
    marks: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    rewritten: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page, which of them count (rising), and those that are dates or times.

    `roles` says of every line what it is if it does not count: `blank`, or the name of the rule
    that took it (`share`, `copyright`, …); it is empty for lines that count. `wrapped` are lines
    that are pieces of hard-wrapped paragraphs; `sites` are names that several lines end with,
    `parted` what `site_of` has found.
    """

    lines: Sequence[str]
    live: Sequence[int]
    stamps: dict[int, Stamp]
    roles: Sequence[str]
    wrapped: frozenset[int] = frozenset()
    sites: frozenset[str] = frozenset()
    parted: dict[int, tuple[str, str | None]] = field(default_factory=dict)

    def site_of(self, i: int) -> tuple[str, str | None]:
        """Part the site's name from the headline on line `i`."""
        if i not in self.parted:
            self.parted[i] = part_site(self.lines[i], self.sites)
        return self.parted[i]

    def has_site(self, i: int) -> bool:
        """Whether line `i` ends with a name that several headlines of the page end with."""
        return self.site_of(i)[1] in self.sites

    def is_prose(self, i: int) -> bool:
        """Whether line `i` is a paragraph, or a piece of one, and not a headline or a label."""
        line = self.lines[i]
        if i in self.stamps:
            return False
        n_words = line.count(" ") + 1
        if i in self.wrapped or n_words >= _PROSE_WORDS or len(line) >= _PROSE_CHARS:
            return True
        return n_words >= _MIN_SENTENCE_WORDS and is_sentence_end(line)

    def gap(self, at: int) -> int:
        """Count the blank lines between the live lines `at - 1` and `at`."""
        if at <= 0:
            return 0
        return sum(role == "blank" for role in self.roles[self.live[at - 1] + 1 : self.live[at]])

    def frame(self, at: int) -> set[str]:
        """Name what stands between the live lines `at - 1` and `at`, blank lines apart."""
        start = self.live[at - 1] + 1 if at > 0 else 0
        stop = self.live[at] if at < len(self.live) else len(self.roles)
        return set(self.roles[start:stop]) - {"blank", ""}

    def within(self, start: int, end: int) -> list[int]:
        """Give the places that count from `start` to `end` (exclusive)."""
        return list(self.live[bisect_left(self.live, start) : bisect_left(self.live, end)])
