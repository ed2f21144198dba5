"""A progress bar on standard error, and only where a person watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def in_blocks(items: Sequence[T], size: int, what: str) -> Iterator[Sequence[T]]:
    """Give `items` in blocks of `size`, and show how far, how fast and how long yet."""
    blocks = [items[start : start + size] for start in range(0, len(items), size)]
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
