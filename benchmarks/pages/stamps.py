"""Stamps of live-blog posts: clock, day, author, headline, in the orders that sites use."""

# ruff: noqa: E501 - wordings are easier to read when each stands in one line

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from benchmarks.pages.copies import Story
from benchmarks.pages.gold import Page
from benchmarks.pages.wordings import Voice

#: How a page dates its posts: see `said_day`.
DATING = "none updated updated published older older all heads relative".split()

#: A stamp's lines: `T` clock, `A` author, `D` day, `H` headline. `/` ends a line.
STAMPS = {
    "after": ["H/T , A", "H/T, A", "H/T", "H/T/A", "H/A/T", "H/T - A", "H/T | A", "H/By A/T", "H/Posted at T",
              "H/T by A", "H/Published at T", "H/A , T", "H/Updated T", "H/R/T", "H/R/A", "H/A/R"],
    "before": ["T/H", "T/A/H", "T , A/H", "T/H/A", "A/T/H", "T - A/H", "Updated T/H", "T | A/H", "Posted at T/H",
               "T/H/By A", "A, T/H", "• T/H", "[T]/H", "R/T/H", "R/T/A/H", "R/H/A"],
    "line": ["T H", "T – H", "T: H", "T | H", "[T] H"],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Post:
    """One post; without a headline, or without a body."""

    moment: datetime
    story: Story
    author: str
    headless: bool = False
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Habit:
    """What one live-blog keeps to."""

    stamp: str
    clock: Callable[[datetime], str]
    day: Callable[[date], str]
    dated: str
    dating: str
    newest_first: bool
    headless: float
    tail: float
    every: list[str]
    gap: int
    updated: float
    labels: float
    date_at: str


def fitting(dating: str, stamp: str) -> str:
    """A way to date posts that the stamp can carry."""
    if "R" in stamp.split("/"):
        return "updated" if "T" in stamp.split("/") else "relative"
    return (
        "updated"
        if dating == "relative" and "H" in (stamp[0], stamp[-1]) and "/" not in stamp
        else dating
    )


def said_day(
    habit: Habit, post: Post, oldest: datetime, newest: datetime
) -> tuple[bool, date | None]:
    """Whether the stamp prints its day, and the day that a careful reader gives the post."""
    day = post.moment.date()
    if habit.dating == "none":
        return False, None
    if habit.dating == "older":
        if oldest.date() == newest.date():
            return False, None
        return day != newest.date(), day
    return habit.dating == "all", day


def ago(clock: datetime, moment: datetime, form: str) -> str:
    """How long before `clock` it was, as sites say it: whole minutes, whole hours."""
    minutes = int((clock - moment).total_seconds() // 60)
    if minutes < 60:
        return {"long": f"{minutes} minutes ago", "short": f"{minutes}m ago"}.get(
            form, f"{minutes} min ago"
        )
    hours = minutes // 60
    if form == "long":
        return f"{hours} hour{'s' * (hours > 1)} ago"
    return f"{hours}h ago" if form == "short" else f"{hours} hr ago"


def spans_midnight(clock: datetime, moment: datetime) -> bool:
    """Whether `9h ago` leaves it open on which side of midnight the post was."""
    hours = (clock - moment) // timedelta(hours=1)
    latest = clock - timedelta(hours=hours)
    return hours > 0 and latest.date() != (latest - timedelta(minutes=59)).date()


def put_stamp(page: Page, voice: Voice, habit: Habit, post: Post, when: str, before: str) -> None:
    """The lines above a body: stamp, author, headline."""
    head = "" if post.headless else post.story.title
    if voice.rng.random() < habit.labels:
        page.junk(
            voice.say("[Key event|Pinned post|BREAKING|Key moment|Analysis|KEY EVENT|Pinned]")
        )
    for line in habit.stamp.split("/"):
        if "H" in line:
            if not head:
                if line != "H":
                    page.junk(line.replace("H", "").replace("T", when).strip(" –:|"))
                continue
            page.put(line.replace("H", "\0").replace("T", when).replace("\0", head))
            if line != "H":
                page.boilerplate.append(when)
            continue
        if line == "R":
            page.junk(before)
            continue
        filled = "".join({"T": when, "A": post.author}.get(part, part) for part in _parts(line))
        page.junk(filled)
    if voice.rng.random() < habit.updated:
        later = habit.clock(post.moment + timedelta(minutes=voice.rng.randint(3, 50)))
        page.junk(voice.say("[Updated at|Updated|Last updated]") + f" {later}")


def _parts(line: str) -> list[str]:
    """`Posted at T , A` as words and the two letters that stand for something."""
    out, rest = [], line
    for mark in ("T", "A"):
        if rest.endswith(mark) or f"{mark} " in rest or f"{mark}," in rest or f"{mark}]" in rest:
            rest = rest.replace(mark, f"\0{mark}\0", 1)
    for part in rest.split("\0"):
        out += [part] if part else []
    return out
