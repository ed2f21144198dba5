"""What a person reads while work goes on: counts, and a bar where somebody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def counted(n: int, noun: str) -> str:
    """`n` and its noun: `1 article`, `2 articles`."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def blocks_of(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """`items` in blocks of `size`, the last one shorter."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def in_blocks(items: Sequence[T], size: int, what: str) -> Iterator[Sequence[T]]:
    """Give `items` in blocks of `size`, and show how far, how fast and how long yet."""
    blocks = blocks_of(items, size)
    if not sys.stderr.isatty():
        yield from blocks
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as progress:
        task = progress.add_task(what, total=len(items))
        for block in blocks:
            yield block
            progress.advance(task, len(block))
