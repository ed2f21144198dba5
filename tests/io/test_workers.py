"""Processes that work for this one: what ends them, and that nothing is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.io.worker_process import Work, address_of
from pipeline.io.workers import Worker, WorkerLost, WorkerStream, n_cores
from tests.io import misdeeds

DO = Work(address_of(misdeeds.do), None, seconds=0.3, memory_mb=300)
EACH = Work(address_of(misdeeds.each), None, seconds=0.3, memory_mb=300, is_stream=True)


def answer(worker: Worker, item: str) -> object:
    worker.send(item)
    message = worker.receive()
    return worker.receive().value if message.kind == "ready" else message.value


def test_worker_answers_one_item_after_the_other() -> None:
    with Worker() as worker:
        worker.begin(DO)
        assert [answer(worker, item) for item in ("a", "b")] == ["A", "B"]


@pytest.mark.parametrize(
    ("item", "code", "message"),
    [
        ("exit 139", "worker_died", "status 139"),
        ("exit 0", "worker_died", "status 0"),
        ("crash", "worker_died", "SIGSEGV"),
        ("compute", "timeout", "more than 0.3 s; see ingest.max_page_seconds"),
        ("sleep 60", "timeout", "more than 0.3 s"),
    ],
)
def test_death_is_told_by_its_cause(item: str, code: str, message: str) -> None:
    with Worker() as worker:
        worker.begin(DO)
        with pytest.raises(WorkerLost, match=message) as error:
            answer(worker, item)
    assert error.value.code == code


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is not counted here")
def test_memory_is_limited_beyond_what_a_worker_has_at_its_start() -> None:
    with Worker() as worker:
        worker.begin(DO)
        assert answer(worker, "fill 150000000") == "150000000"
        with pytest.raises(WorkerLost, match="more than 300 MB") as error:
            answer(worker, "fill 500000000")
    assert error.value.code == "memory"


def test_bug_in_the_function_keeps_its_traceback() -> None:
    with Worker() as worker:
        worker.begin(DO)
        with pytest.raises(RuntimeError, match="LookupError: nothing there"):
            answer(worker, "fail nothing there")


def test_worker_is_prepared_before_it_is_told_what_to_do(tmp_path: Path) -> None:
    with Worker(address_of(misdeeds.note_readiness)) as worker:
        worker.begin(Work(address_of(misdeeds.is_ready), None, 1, 300))
        assert answer(worker, "") is True


def test_worker_that_is_never_needed_ends() -> None:
    with Worker() as worker:
        pass
    assert worker._process.returncode is not None


def test_worker_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    """Also in the middle of an item that never ends: the limit is its own."""
    log = tmp_path / "log"
    code = (
        "from pipeline.io.worker_process import Work; from pipeline.io.workers import Worker\n"
        f"worker = Worker(); worker.begin(Work('tests.io.misdeeds:do', {str(log)!r}, 0.3, 300))\n"
        "worker.receive(); worker.send('compute'); print('sent', flush=True); worker.receive()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"sent\n"
        while not log.exists():
            time.sleep(0.01)
        parent.kill()
    (pid,) = {int(line.split()[-1]) for line in log.read_text().splitlines()}

    assert ends(pid)


def ends(pid: int) -> bool:
    """Whether a process is over within ten seconds."""
    for _ in range(1000):
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(pid, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.01)
    os.kill(pid, signal.SIGKILL)
    return False


def test_stream_gives_part_by_part() -> None:
    with WorkerStream(EACH) as stream:
        assert list(stream.parts("a,b,c")) == ["A", "B", "C"]
        assert list(stream.parts("d")) == ["D"]


def test_stream_gives_what_came_before_a_death_and_goes_on_with_the_next_item() -> None:
    with WorkerStream(EACH) as stream:
        parts = stream.parts("a,b,exit 1,c")
        assert [next(parts), next(parts)] == ["A", "B"]
        with pytest.raises(WorkerLost, match="status 1"):
            next(parts)
        assert list(stream.parts("d")) == ["D"]


def test_stream_that_is_left_early_ends_its_process() -> None:
    with WorkerStream(EACH) as stream:
        parts = stream.parts("a,b,c")
        assert next(parts) == "A"
        parts.close()  # type: ignore[attr-defined]
        assert stream._worker is None
        assert list(stream.parts("d")) == ["D"]


def test_there_is_a_core() -> None:
    assert n_cores() >= 1
