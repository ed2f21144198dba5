"""Work spread over processes."""

from __future__ import annotations

import math
import multiprocessing
import os

import pytest

from pipeline.io.workers import worker_pool


@pytest.mark.parametrize("is_worth_it", [False, True])
def test_results_come_in_order_however_many_processes_there_are(is_worth_it: bool) -> None:
    with worker_pool(math.sqrt, is_worth_it=is_worth_it) as map_in_order:
        assert map_in_order([n * n for n in range(20)]) == list(range(20))


def work_and_be_interrupted() -> None:
    with worker_pool(math.sqrt, is_worth_it=True) as map_in_order:
        map_in_order([1, 4])
        raise KeyboardInterrupt


@pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core: no processes are started")
def test_interruption_leaves_no_process_behind() -> None:
    before = set(multiprocessing.active_children())

    with pytest.raises(KeyboardInterrupt):
        work_and_be_interrupted()

    for process in set(multiprocessing.active_children()) - before:
        process.join(timeout=5)
    assert set(multiprocessing.active_children()) <= before
