"""The inside of a worker process: one function applied to what comes down a socket, within limits.

The limits are the kernel's own, so they hold inside native code as well, and also where the parent
is no longer there to end a worker: a page that takes too long kills its process, whatever it does.

A worker loads nothing but the function's module. It is not started by `multiprocessing`, which
would import the program's main module once more in each process.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import signal
import socket
import struct
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

#: Exit status that says: the memory limit was reached.
OUT_OF_MEMORY = 77
#: Signals by which the kernel ends a worker that takes too long.
TIME_SIGNALS = (signal.SIGPROF, signal.SIGALRM)
#: Waiting is allowed so many times longer than computing: disks and neighbours may be slow.
PATIENCE = 4

_STATUS = Path("/proc/self/status")
_END = object()
_SIZE = struct.Struct("<Q")


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker is for.

    `address` is `module:name` of a function of (item, `settings`). If `is_stream`, it is a
    generator function, and each of its items is a message of its own; None only says that it is
    at work. An item may take `seconds` of processor time, and `memory_mb` more memory than a
    worker that has just started.
    """

    address: str
    settings: Any
    seconds: float
    memory_mb: int
    is_stream: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What a worker says; after `ready`, `result` or `end` it waits for the next item.

    `bug` carries a traceback: the function has failed in a way that it should not.
    """

    kind: Literal["ready", "result", "part", "end", "bug"]
    value: Any = None


class Link:
    """One end of a socket, over which whole objects are sent.

    It never reads further than one object, so that a socket that can be read has one to give.
    """

    def __init__(self, end: socket.socket) -> None:
        self._socket = end

    def fileno(self) -> int:
        """Descriptor that can be read when there is something to receive."""
        return self._socket.fileno()

    def send(self, value: object) -> None:
        """Send anything that can be pickled; OSError if the other end is closed."""
        content = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
        self._socket.sendall(_SIZE.pack(len(content)))
        self._socket.sendall(content)

    def receive(self) -> Any:
        """Wait for the next object; EOFError or OSError if the other end is closed."""
        (size,) = _SIZE.unpack(self._read(_SIZE.size))
        return pickle.loads(self._read(size))  # noqa: S301 - of our own process

    def _read(self, size: int) -> bytearray:
        content = bytearray(size)
        view = memoryview(content)
        while view:
            n_read = self._socket.recv_into(view)
            if not n_read:
                raise EOFError
            view = view[n_read:]
        return content

    def close(self) -> None:
        """Close this end: the other one sees the end of the work."""
        self._socket.close()


def address_of(function: Callable[..., Any]) -> str:
    """`module:name` of a function at the top of a module that can be imported."""
    return f"{function.__module__}:{function.__qualname__}"


def serve(descriptor: int, prepare: str) -> None:
    """Answer items from a socket until it is closed. Runs for as long as the process does.

    `prepare` is the address of a function without arguments that is called first, or empty.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent alone answers Ctrl-C
    for number in TIME_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    link = Link(socket.socket(fileno=descriptor))
    if prepare:
        _function_at(prepare)()
    try:
        work: Work = link.receive()
    except (EOFError, OSError):
        os._exit(0)  # it was not needed
    function = _function_at(work.address)
    # What native libraries have to say of hostile pages is no message for people.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    _limit_memory(work.memory_mb)
    try:
        link.send(Message("ready"))
        while True:
            for message in _answers(work, function, link.receive()):
                link.send(message)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except (EOFError, OSError):
        os._exit(0)  # the parent has no more work, or is gone


def _function_at(address: str) -> Callable[..., Any]:
    module, _, name = address.partition(":")
    function: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return function


def _answers(work: Work, function: Callable[[Any, Any], Any], item: Any) -> Iterator[Message]:
    try:
        if not work.is_stream:
            with _time_limit(work.seconds):
                result = function(item, work.settings)
            yield Message("result", result)
            return
        parts = iter(function(item, work.settings))
        while True:
            with _time_limit(work.seconds):
                part = next(parts, _END)
            if part is _END:
                break
            yield Message("part", part)
        yield Message("end")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - it is raised again in the parent
        yield Message("bug", traceback.format_exc())


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Let the process compute for `seconds`, and wait a few times longer; then it is ended."""
    # Processor time first: a machine that is busy with other things rejects no page.
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _limit_memory(megabytes: int) -> None:
    """Allow so much more memory than is used now, where the system can count it (Linux)."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        with _STATUS.open(encoding="ascii", errors="replace") as file:
            lines = dict(line.split(":", 1) for line in file if ":" in line)
        used = int(lines["VmData"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return
    hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
    wanted = used + megabytes * 1_000_000
    soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
