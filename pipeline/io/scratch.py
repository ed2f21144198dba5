"""A folder for what is needed only while work goes on."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import InputError

_NAME = ".tmp-scratch-"
_LOCK = "lock"


@contextlib.contextmanager
def scratch_folder(parent: Path) -> Iterator[Path]:
    """Give a new folder in `parent`, and remove it at the end, however that comes.

    `parent` is made if need be, and goes too if nothing else is in it.

    What a killed process has left there is removed first; what a living one uses is not: each
    holds a lock on its own, which the system frees when it dies.

    Raises
    ------
    InputError
        If no folder can be made in `parent`.
    """
    is_new = not parent.exists()
    try:
        parent.mkdir(parents=True, exist_ok=True)
        _sweep(parent)
        # Locked before it has a name that is swept.
        new = Path(tempfile.mkdtemp(prefix=".tmp-", dir=parent))
        lock = (new / _LOCK).open("wb")
        _try_lock(lock.fileno())
        folder = new.rename(parent / f"{_NAME}{new.name.removeprefix('.tmp-')}")
    except OSError as error:
        detail = error.strerror or error
        raise InputError(
            f"{parent}: cannot be written ({detail}); choose another place, or get the right to "
            "write there"
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lock.close()
        if is_new:
            with contextlib.suppress(OSError):
                parent.rmdir()


def _sweep(parent: Path) -> None:
    """Remove the folders of processes that are no more."""
    for folder in sorted(parent.glob(f"{_NAME}*")):
        try:
            descriptor = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            # Somebody else is removing it, or has no lock file to go by: old, and of no use.
            shutil.rmtree(folder, ignore_errors=True)
            continue
        if _try_lock(descriptor):
            shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
