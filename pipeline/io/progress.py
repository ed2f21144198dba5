"""What a person reads while work goes on: counts, and a bar where somebody watches."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def counted(n: int, noun: str) -> str:
    """`n` and its noun: `1 article`, `2 articles`."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def one_line(value: object) -> str:
    """`value` as it reads, or quoted with escapes if it would break the line or the terminal."""
    text = str(value)
    return text if text.isprintable() else repr(text)


def blocks_of(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """`items` in blocks of `size`, the last one shorter."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def in_blocks(items: Sequence[T], size: int, what: str) -> Iterator[Sequence[T]]:
    """Give `items` in blocks of `size`, and show how far, how fast and how long yet."""
    with progress_bar(len(items), what) as advance:
        for block in blocks_of(items, size):
            yield block
            advance(len(block))


def watched(items: Iterable[T], n: int, what: str) -> Iterator[T]:
    """Give `items`, of which there are `n`, and show how far, how fast and how long yet."""
    with progress_bar(n, what) as advance:
        for item in items:
            yield item
            advance(1)


@contextlib.contextmanager
def progress_bar(n: int, what: str, *, done: int = 0) -> Iterator[Callable[[int], None]]:
    """Show how far of `n`, how fast and how long yet, where somebody watches.

    Gives what moves it on by some. `done` were there before: they count for no speed.
    """
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Steps in a second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.1f}/s" if speed else "")

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Rate())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=n, completed=done)
        yield lambda step: progress.advance(task, step)
