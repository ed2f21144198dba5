"""What functions may do to the process that runs them. Imported there, so it imports little."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Iterator
from pathlib import Path


def do(item: str, log: str | None = None) -> str:
    """Do what `item` says; note the process in the file `log` if one is given."""
    if log:
        with Path(log).open("a", encoding="utf-8") as file:
            file.write(f"{item} {os.getpid()}\n")
    deed, _, argument = item.partition(" ")
    match deed:
        case "exit":
            os._exit(int(argument.split("+")[0]))
        case "crash":
            ctypes.string_at(0)
        case "compute":
            while True:
                pass
        case "sleep":
            time.sleep(float(argument))
        case "fill":
            return str(len(bytearray(int(argument))))
        case "die_once":
            if not Path(argument).exists():
                Path(argument).touch()
                os._exit(1)
        case "fail":
            raise LookupError(argument)
    return item.upper()


def each(item: str, log: str | None = None) -> Iterator[str]:
    """`do` each of several, parted by commas."""
    for part in item.split(","):
        yield do(part, log)


def pid(_item: str, _settings: None) -> int:
    """Which process this is."""
    return os.getpid()


_IS_READY = False


def note_readiness() -> None:
    """Prepare."""
    global _IS_READY  # noqa: PLW0603 - it is the process that is prepared
    _IS_READY = True


def is_ready(_item: str, _settings: None) -> bool:
    """Whether this process was prepared."""
    return _IS_READY
