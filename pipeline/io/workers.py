"""Work spread over processes: results in order, a clean end on Ctrl-C."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

#: More do not pay: reading is over before they have started.
_MAX_WORKERS = 8

Mapper = Callable[[Sequence[Item]], list[Result]]


@contextlib.contextmanager
def worker_pool(
    function: Callable[[Item], Result], *, is_worth_it: bool
) -> Iterator[Mapper[Item, Result]]:
    """Give a way to apply `function` to many items, in processes if that pays.

    Parameters
    ----------
    function : callable
        Importable by name (or a `partial` of such); its items and results are picklable.
    is_worth_it : bool
        Whether the work is longer than processes take to start (about a second).

    Yields
    ------
    callable
        `map_in_order(items)`: results in the order of the items, the same whatever the number of
        processes.
    """
    n_workers = min(_MAX_WORKERS, n_cores())
    if not is_worth_it or n_workers < 2:
        yield lambda items: [function(item) for item in items]
        return
    # spawn: a fork of a process that runs threads (torch, Arrow) may hang.
    context = multiprocessing.get_context("spawn")
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(n_workers, mp_context=context, initializer=_ignore_interrupts)
    try:
        yield lambda items: list(pool.map(function, items, chunksize=4))
        pool.shutdown()
    except BaseException:
        # Interrupted: what is queued is dropped, what runs is ended; nobody waits for results.
        own = set(multiprocessing.active_children()) - others
        pool.shutdown(wait=False, cancel_futures=True)
        for process in own:
            process.terminate()
        raise


def n_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _ignore_interrupts() -> None:
    """Ctrl-C reaches all processes of a terminal; the parent alone answers it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
