"""What became of the themes since the last retrain, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.core.report.headlines import shorten
from pipeline.records import EventKind, ThemeEvent

#: Kinds in the order in which they are read, each with its heading.
KINDS: tuple[tuple[EventKind, str], ...] = (
    ("conflict", "Edits that could not be honoured"),
    ("born", "New"),
    ("returned", "Back again"),
    ("split", "Split"),
    ("merged", "Merged"),
    ("grew", "Grew"),
    ("shrank", "Shrank"),
    ("faded", "Faded"),
)
#: Events of one kind that are shown, the largest first.
MAX_EVENTS = 40


@dataclass(frozen=True, slots=True)
class Happening:
    """One event: which theme, its size before and after, and what happened."""

    name: str
    theme_id: str
    n_before: int
    n_after: int
    message: str


@dataclass(frozen=True, slots=True)
class EventList:
    """Events of one kind; `n` counts all of them, shown or not."""

    kind: EventKind
    title: str
    n: int
    shown: tuple[Happening, ...]


def list_events(events: Sequence[ThemeEvent]) -> tuple[EventList, ...]:
    """Sort events by kind, conflicts first, and within a kind by size."""
    counts = Counter(event.kind for event in events)
    found = []
    for kind, title in KINDS:
        own = sorted(
            (event for event in events if event.kind == kind),
            key=lambda e: (-max(e.n_before, e.n_after), e.theme_id, e.themes, e.message),
        )
        shown = tuple(
            Happening(
                shorten(e.name, 80), shorten(e.theme_id, 60), e.n_before, e.n_after,
                shorten(e.message, 300),
            )
            for e in own[:MAX_EVENTS]
        )  # fmt: skip
        if own:
            found.append(EventList(kind, title, counts[kind], shown))
    return tuple(found)
