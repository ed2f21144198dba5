"""Work spread over processes that may die: results in order, and a lost item costs itself only.

`concurrent.futures` is not enough: one dead process breaks its whole pool. Pebble restarts
processes, but reads all its input ahead, has no memory limit, and its time limit is kept by the
parent, whose death leaves a hanging page to run for ever.
"""

from __future__ import annotations

import selectors
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from types import TracebackType
from typing import Generic, Self, TypeVar

from pipeline.io.worker_process import Work
from pipeline.io.workers import Worker, WorkerLost

Item = TypeVar("Item")
Result = TypeVar("Result")

#: Items that are being worked on or wait for a slower one before them, for each process.
_WINDOW = 16
#: A process that cannot even start is tried so often.
_MAX_STARTS = 3
#: Seconds that processes get to end by themselves when there is no more work.
_FAREWELL = 2.0


@dataclass(frozen=True, slots=True)
class Lost(Generic[Item]):
    """An item that no process survived; `code` is `timeout`, `memory` or `worker_died`."""

    item: Item
    code: str
    message: str


@dataclass(slots=True, eq=False)
class _Ticket(Generic[Item, Result]):
    """One item, cut into its parts once it has cost a process, and what became of them."""

    parts: list[Item]
    outcomes: list[Result | Lost[Item] | None]
    is_retry: bool = False
    n_open: int = field(default=1)

    def settle(self, part: int, outcome: Result | Lost[Item]) -> None:
        self.outcomes[part] = outcome
        self.n_open -= 1

    def retry(self, parts: list[Item]) -> None:
        self.parts, self.outcomes = parts, [None] * len(parts)
        self.is_retry, self.n_open = True, len(parts)


Job = tuple[_Ticket[Item, Result], int]


class WorkerPool(Generic[Item, Result]):
    """Processes that apply one function to many items.

    The first process starts at once, so that it gets ready while the caller does other things;
    the others start when there are items for them. Leaving its `with` block ends all of them: at
    once, if it is left by an exception.

    Parameters
    ----------
    work : Work
        The function and its limits. It returns what can be pickled, never None.
    n_workers : int
        Most processes at a time, at least 1.
    parts_of : callable, optional
        Cuts an item that has cost a process into parts that are tried singly, once more; by
        default an item is its own only part.
    prepare : str
        See `Worker`.
    first : Worker, optional
        A process that was started before, and has not begun.
    """

    def __init__(
        self,
        work: Work,
        n_workers: int,
        parts_of: Callable[[Item], list[Item]] | None = None,
        *,
        prepare: str = "",
        first: Worker | None = None,
    ) -> None:
        self._work, self._prepare = work, prepare
        self._n_workers = max(1, n_workers)
        self._parts_of = parts_of or (lambda item: [item])
        self._selector = selectors.DefaultSelector()
        self._jobs: dict[Worker, Job[Item, Result] | None] = {}
        self._todo: deque[Job[Item, Result]] = deque()
        self._n_false_starts = 0
        self._start(first)

    def allow(self, n_workers: int) -> None:
        """Set how many processes there may be at a time."""
        self._n_workers = max(1, n_workers)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: object, _trace: TracebackType | None
    ) -> None:
        if kind is not None:
            for worker in self._jobs:
                worker.kill()
        self.close()
        self._selector.close()

    def close(self) -> None:
        """End the processes, which must have no work; more items start new ones."""
        for worker in self._jobs:
            self._selector.unregister(worker)
            worker.end()
        for worker in self._jobs:
            worker.join(_FAREWELL)
        self._jobs.clear()

    def results(self, items: Iterable[Item]) -> Iterator[Result | Lost[Item]]:
        """Apply the function to all items.

        Parameters
        ----------
        items : iterable
            Read only as far ahead as there are processes that wait for work.

        Yields
        ------
        object or Lost
            In the order of the items, whatever the number of processes. An item that costs its
            process is tried again, as its parts, each in turn in a process of its own making if
            that dies too; what costs a second process is `Lost`.
        """
        source = iter(items)
        open_tickets: deque[_Ticket[Item, Result]] = deque()
        is_dry = False
        while True:
            while open_tickets and not open_tickets[0].n_open:
                for outcome in open_tickets.popleft().outcomes:
                    assert outcome is not None
                    yield outcome
            has_room = len(open_tickets) < _WINDOW * self._n_workers
            if not is_dry and not self._todo and has_room and self._has_idle():
                try:
                    ticket: _Ticket[Item, Result] = _Ticket([next(source)], [None])
                except StopIteration:
                    is_dry = True
                    continue
                open_tickets.append(ticket)
                self._todo.append((ticket, 0))
                self._dispatch()
            elif open_tickets:
                self._wait()
                self._dispatch()
            else:
                return

    def _has_idle(self) -> bool:
        return len(self._jobs) < self._n_workers or None in self._jobs.values()

    def _start(self, worker: Worker | None = None) -> Worker:
        worker = worker or Worker(self._prepare)
        worker.begin(self._work)
        self._selector.register(worker, selectors.EVENT_READ)
        self._jobs[worker] = None
        return worker

    def _dispatch(self) -> None:
        """Give waiting items to processes without work, and to new ones."""
        while self._todo:
            worker = next((w for w, job in self._jobs.items() if job is None), None)
            if worker is None:
                if len(self._jobs) >= self._n_workers:
                    return
                worker = self._start()
            self._jobs[worker] = job = self._todo.popleft()
            ticket, part = job
            try:
                worker.send(ticket.parts[part])
            except WorkerLost as error:
                self._bury(worker, error)

    def _wait(self) -> None:
        """Wait for messages and note the results."""
        for key, _ in self._selector.select():
            worker = key.fileobj
            assert isinstance(worker, Worker)
            if worker not in self._jobs:
                continue
            try:
                message = worker.receive()
            except WorkerLost as error:
                self._bury(worker, error)
                continue
            job = self._jobs[worker]
            if message.kind == "ready":
                worker.is_ready, self._n_false_starts = True, 0
            elif job:
                job[0].settle(job[1], message.value)
                self._jobs[worker] = None

    def _bury(self, worker: Worker, error: WorkerLost) -> None:
        """Replace a process that died, and try its item once more in the new one."""
        self._selector.unregister(worker)
        job = self._jobs.pop(worker)
        worker.kill()
        if not worker.is_ready:
            # No item's fault: it died before it had read any.
            self._n_false_starts += 1
            if self._n_false_starts >= _MAX_STARTS:
                raise RuntimeError(f"no worker process can be started: {error}") from error
        self._start()
        if not job:
            return
        ticket, part = job
        if not worker.is_ready:
            self._todo.appendleft(job)
        elif ticket.is_retry:
            ticket.settle(part, Lost(ticket.parts[part], error.code, str(error)))
        else:
            ticket.retry(self._parts_of(ticket.parts[part]))
            self._todo.extendleft((ticket, i) for i in reversed(range(len(ticket.parts))))
