"""Links to other pages, topics and referrals, told from a story's own lines."""

from __future__ import annotations

import time

import pytest

from pipeline.core.boilerplate.related import (
    is_pointer,
    is_related_line,
    is_reporter_line,
    is_tags_line,
)


@pytest.mark.parametrize(
    "line",
    [
        "Read more: One more bridge",
        "READ MORE » One more bridge",
        "MORE: One more bridge",
        "ALSO READ | One more bridge is shut",
        "Don’t miss » One more bridge",
        "[Read more: One more bridge]",
        "Video: One more bridge is shut",
        "Related: Will the bridge open?",
        "> One more bridge is shut",
        "One more bridge is shut >>",
    ],
)
def test_link_lines(line: str) -> None:
    assert is_related_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "Video: the police filmed the march, a lawyer said.",
        "Opinion: it is old.",
        "Read on and see.",
        "More than one bridge is shut",
        "Live and let live",
        "The bridge – one of three – is shut",
    ],
)
def test_story_lines_are_no_links(line: str) -> None:
    assert not is_related_line(line)


@pytest.mark.parametrize(
    "line",
    ["Tags: bridges, Ostbury", "Topics Asia | Trade", "TAGS bridges, trade", "#bridges #ports"],
)
def test_topics(line: str) -> None:
    assert is_tags_line(line)


@pytest.mark.parametrize(
    "line",
    ["Topics of the day", "Tags: they are all over the walls of the old town.", "# 1 is old"],
)
def test_story_lines_are_no_topics(line: str) -> None:
    assert not is_tags_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read the full report:",
        "You can read the full story here...",
        "Full story:",
        "More details…",
        "Watch the full speech here:",
        "Read Ann Lee’s report...",
    ],
)
def test_pointers(line: str) -> None:
    assert is_pointer(line)


@pytest.mark.parametrize(
    "line", ["He said:", "The rules are these:", "Read the full report", "It went on and on…"]
)
def test_story_lines_are_no_pointers(line: str) -> None:
    assert not is_pointer(line)


def test_reporter_lines() -> None:
    assert is_reporter_line("Ann Lee reports:")
    assert is_reporter_line("Follow the talks on the bridge and the ferry:")
    assert is_reporter_line("Our world affairs editor writes...")
    assert is_reporter_line("In case you missed it, Ann Lee has the story here:")
    assert not is_reporter_line("Ann Lee reports.")
    assert not is_reporter_line("They signed the deal with the...")


@pytest.mark.parametrize("unit", ["read ", "more ", "a, ", "# ", "> ", "a | ", "Ann reports "])
def test_no_line_makes_the_patterns_slow(unit: str) -> None:
    line = (unit * 400)[:398]
    start = time.perf_counter()
    for end in ("", ":", "…"):
        is_related_line(line + end)
        is_tags_line(line + end)
        is_pointer(line + end)
        is_reporter_line(line + end)

    assert time.perf_counter() - start < 1
