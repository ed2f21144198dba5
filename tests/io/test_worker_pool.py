"""Work spread over processes that may die."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.io.worker_pool import Lost, WorkerPool
from pipeline.io.worker_process import Work, address_of
from pipeline.io.workers import Worker
from tests.io import misdeeds
from tests.io.test_workers import DO, ends


def outcomes(items: list[str], n_workers: int = 2, work: Work = DO) -> list[object]:
    """What became of each item; a code stands for one that was lost."""
    with WorkerPool[str, str](work, n_workers) as pool:
        results = pool.results(items)
        return [result.code if isinstance(result, Lost) else result for result in results]


@pytest.mark.parametrize("n_workers", [1, 3])
def test_results_come_in_order_however_many_processes_there_are(n_workers: int) -> None:
    items = ["sleep 0.05" if n % 7 == 0 else f"item {n}" for n in range(40)]

    assert outcomes(items, n_workers) == [item.upper() for item in items]


def test_items_that_cost_a_process_cost_nothing_else() -> None:
    items = ["a", "exit 3", "b", "crash", "c", "compute", "d"]

    assert outcomes(items) == ["A", "worker_died", "B", "worker_died", "C", "timeout", "D"]


def test_item_is_tried_twice_and_the_second_time_in_a_new_process(tmp_path: Path) -> None:
    log = tmp_path / "log"
    work = Work(address_of(misdeeds.do), str(log), 0.3, 300)

    assert outcomes(["a", "exit 1", "b"], 1, work) == ["A", "worker_died", "B"]

    lines = [line.rpartition(" ") for line in log.read_text().splitlines()]
    assert [line[0] for line in lines] == ["a", "exit 1", "exit 1", "b"]
    pids = [line[2] for line in lines]
    assert pids[0] == pids[1]
    assert len(set(pids)) == 3


def test_item_that_fails_only_once_is_not_lost(tmp_path: Path) -> None:
    assert outcomes([f"die_once {tmp_path / 'mark'}"]) == [f"DIE_ONCE {tmp_path / 'mark'}".upper()]


def test_lost_item_is_retried_as_its_parts() -> None:
    def parts_of(item: str) -> list[str]:
        return item.split("+")

    with WorkerPool[str, str](DO, 2, parts_of) as pool:
        # Only its first part says what the whole does.
        found = list(pool.results(["a", "exit 1+b+exit 2+c", "d"]))

    shown = [f.item if isinstance(f, Lost) else f for f in found]
    assert shown == ["A", "exit 1", "B", "exit 2", "C", "D"]


def test_input_is_read_no_further_than_there_is_work_for() -> None:
    n_read = 0

    def items() -> Iterator[str]:
        nonlocal n_read
        for number in range(10_000):
            n_read += 1
            yield f"item {number}"

    with WorkerPool[str, str](DO, 2) as pool:
        results = pool.results(items())
        for _ in range(3):
            next(results)
        assert n_read < 60


def test_bug_ends_the_work_with_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="LookupError: nothing there"):
        outcomes(["a", "fail nothing there"])


def test_first_process_may_have_been_started_before() -> None:
    with (
        Worker() as first,
        WorkerPool[str, object](
            Work(address_of(misdeeds.pid), None, 1, 300), 1, first=first
        ) as pool,
    ):
        assert list(pool.results(["a"])) == [first._process.pid]


def test_process_that_cannot_start_is_no_fault_of_an_item() -> None:
    work = Work("pipeline.io.no_such_module:f", None, 1, 300)

    with pytest.raises(RuntimeError, match="no worker process can be started"):
        outcomes(["a"], work=work)


def test_closed_pool_has_no_process_and_starts_again_for_more_items() -> None:
    with WorkerPool[str, str](DO, 2) as pool:
        assert list(pool.results(["a"])) == ["A"]
        pool.close()
        assert pool._jobs == {}
        assert list(pool.results(["b"])) == ["B"]


def test_leaving_by_an_exception_ends_all_processes_at_once() -> None:
    pool = WorkerPool[str, str](DO, 2)
    with pytest.raises(KeyboardInterrupt):
        interrupt(pool)
    assert pool._jobs == {}


def interrupt(pool: WorkerPool[str, str]) -> None:
    with pool:
        next(pool.results(["a", "sleep 60", "sleep 60"]))
        raise KeyboardInterrupt


def test_interrupted_program_leaves_no_process_behind(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = (
        "import sys; from pipeline.io.command import run_guarded\n"
        "from pipeline.io.worker_process import Work\n"
        "from pipeline.io.worker_pool import WorkerPool\n"
        "def work():\n"
        f"    with WorkerPool(Work('tests.io.misdeeds:do', {str(log)!r}, 60, 300), 2) as pool:\n"
        "        for result in pool.results(['a', 'sleep 50', 'sleep 50']): print(flush=True)\n"
        "sys.exit(run_guarded(work))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdout
        program.stdout.readline()
        while not (log.exists() and log.read_text().count("sleep") == 2):
            pass
        program.terminate()
        _, complaint = program.communicate(timeout=30)

    assert program.returncode == 130
    assert complaint.startswith(b"interrupted")
    pids = {int(line.split()[-1]) for line in log.read_text().splitlines()}
    assert os.getpid() not in pids
    assert all(ends(pid) for pid in pids)
