"""One process at a time."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import BusyError

#: Seconds between two looks at a lock that another process holds.
_PAUSE = 0.1


@contextlib.contextmanager
def holding(lock: Path, *, patience: float = 300.0) -> Iterator[None]:
    """Hold `lock` until done; the system frees it when its holder dies, however that happens.

    Raises
    ------
    BusyError
        If another process still holds it after `patience` seconds.
    """
    import fcntl

    lock.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + patience
    with lock.open("a") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() >= deadline:
                    raise BusyError(
                        f"{lock}: held by another process for {patience:g} s; "
                        "wait for it to end, then run this again"
                    ) from error
                time.sleep(_PAUSE)
        yield
