"""Progress: every item once, in order; a bar only where a person watches."""

from __future__ import annotations

import io
import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.io.progress import counted, in_blocks, one_line, progress_bar, watched


def test_one_is_singular_and_all_else_plural() -> None:
    assert [counted(n, "item") for n in (0, 1, 2)] == ["0 items", "1 item", "2 items"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(st.lists(st.integers(), max_size=20), st.integers(1, 7))
def test_blocks_hold_every_item_once_in_order(items: list[int], size: int) -> None:
    blocks = list(in_blocks(items, size, "things"))
    assert [item for block in blocks for item in block] == items
    assert all(0 < len(block) <= size for block in blocks)


def test_nothing_is_shown_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    list(in_blocks(range(10), 3, "things"))
    assert capsys.readouterr() == ("", "")


def test_a_person_sees_what_and_how_much(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert [list(block) for block in in_blocks(range(5), 2, "things")] == [[0, 1], [2, 3], [4]]
    assert "things" in terminal.getvalue()
    assert "5/5" in terminal.getvalue()


def test_watched_items_are_the_same_items(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(watched(iter("abc"), 3, "things")) == ["a", "b", "c"]
    assert capsys.readouterr() == ("", "")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    assert list(watched(iter("abc"), 3, "things")) == ["a", "b", "c"]
    assert "3/3" in terminal.getvalue()


def test_a_bar_goes_on_from_what_was_done_and_shows_how_fast(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with progress_bar(9, "things", done=4) as advance:
        advance(2)
        advance(3)
    assert "9/9" in terminal.getvalue()
    assert re.search(r"[0-9.,]+/s", terminal.getvalue())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("a page.txt", "a page.txt"),
        ("zwölf.txt", "zwölf.txt"),
        ("two\nlines", r"'two\nlines'"),
        ("\x1b[31mred", r"'\x1b[31mred'"),
        ("left\u202eright", r"'left\u202eright'"),
    ],
)
def test_name_is_shown_on_one_line_and_moves_no_cursor(value: str, shown: str) -> None:
    assert one_line(value) == shown
