"""Processes that work for this one, and may die of it: started, spoken to, ended, buried."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Self

from pipeline.io.worker_process import OUT_OF_MEMORY, TIME_SIGNALS, Link, Message, Work

_START = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[2]); "
    "from pipeline.io.worker_process import serve; serve(int(sys.argv[1]), sys.argv[3])"
)
#: Workers fill the cores by their number; threads of their libraries would only add to it.
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class WorkerLost(Exception):
    """A process has died; `code` is `timeout`, `memory` or `worker_died`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Worker:
    """One process that applies a function to items, one after the other.

    It starts at once and gets ready by calling the function at the address `prepare`; what it is
    to do, it is told by `begin`. Leaving its `with` block ends it.
    """

    def __init__(self, prepare: str = "") -> None:
        self.is_ready = False
        self._work: Work | None = None
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, str(theirs.fileno()), json.dumps(sys.path), prepare],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=os.environ | _ONE_THREAD,
                # Not in our group: Ctrl-C in a terminal is answered by the parent alone.
                process_group=0,
            )
        self._link = Link(ours)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def begin(self, work: Work) -> None:
        """Tell it what to do with the items that are sent from now on."""
        self._work = work
        # If it has died already, receiving says so.
        with contextlib.suppress(WorkerLost):
            self.send(work)

    def fileno(self) -> int:
        """Descriptor that can be read when there is a message."""
        return self._link.fileno()

    def send(self, item: object) -> None:
        """Give it an item; it must wait for one.

        Raises
        ------
        WorkerLost
            If the process has died.
        """
        try:
            self._link.send(item)
        except OSError as error:
            raise self._lost() from error

    def receive(self) -> Message:
        """Wait for its next message.

        Raises
        ------
        WorkerLost
            If the process has died.
        RuntimeError
            If its function has failed in a way that it should not: a bug.
        """
        try:
            message: Message = self._link.receive()
        except (EOFError, OSError) as error:
            raise self._lost() from error
        if message.kind == "bug":
            raise RuntimeError(f"in a worker process:\n{message.value}")
        return message

    def _lost(self) -> WorkerLost:
        self._process.kill()  # it has closed its end, so it is over or about to be
        status = self._process.wait()
        limit = self._work
        if limit and -status in TIME_SIGNALS:
            return WorkerLost(
                "timeout", f"took more than {limit.seconds:g} s; see ingest.max_page_seconds"
            )
        if limit and status == OUT_OF_MEMORY:
            return WorkerLost(
                "memory", f"took more than {limit.memory_mb} MB; see ingest.max_page_memory_mb"
            )
        how = f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"
        return WorkerLost("worker_died", f"the process that read it died ({how})")

    def end(self) -> None:
        """Tell the process that there is no more work."""
        self._link.close()

    def join(self, patience: float) -> None:
        """Wait for the process to end; kill it after `patience` seconds."""
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()
        self.end()
        self._process.wait()


class WorkerStream:
    """One process that gives what a generator function yields, part by part.

    It computes the next part while the last one is looked at, and no further. The process starts
    with the first item, and again after it was lost.
    """

    def __init__(self, work: Work, prepare: str = "") -> None:
        self._work, self._prepare = work, prepare
        self._worker: Worker | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process, whatever it does; another item starts a new one."""
        if self._worker:
            self._worker.kill()
            self._worker = None

    def parts(self, item: object) -> Iterator[Any]:
        """Give the parts of one item.

        Raises
        ------
        WorkerLost
            If a part costs the process; those before it have been given.
        """
        is_whole = False
        try:
            if self._worker is None:
                self._worker = Worker(self._prepare)
                self._worker.begin(self._work)
            self._worker.send(item)
            while (message := self._worker.receive()).kind != "end":
                if message.kind == "part" and message.value is not None:
                    yield message.value
            is_whole = True
        finally:
            if not is_whole:
                self.close()


def n_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
