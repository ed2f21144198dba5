"""Experiments as `newsthemes ui` names them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pipeline.io.experiments import Experiment, find_experiments


def make_database(path: Path) -> Path:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE experiments (experiment_id, name, lifecycle_stage)")
        connection.execute("CREATE TABLE runs (run_uuid, experiment_id, lifecycle_stage)")
        connection.executemany(
            "INSERT INTO experiments VALUES (?, ?, ?)",
            [(0, "Default", "active"), (1, "news", "active"), (2, "gone", "deleted")],
        )
        connection.executemany(
            "INSERT INTO runs VALUES (?, ?, ?)",
            [("a", 1, "active"), ("b", 1, "active"), ("c", 1, "deleted"), ("d", 2, "active")],
        )
    connection.close()
    return path


def test_experiments_that_have_runs_are_found_with_their_page(tmp_path: Path) -> None:
    (found,) = find_experiments(make_database(tmp_path / "mlflow.db"))

    assert found == Experiment("news", "1", 2)
    assert found.page("http://127.0.0.1:5000") == "http://127.0.0.1:5000/#/experiments/1/runs"


def test_a_database_that_is_none_holds_no_experiment(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_text("no database")

    assert find_experiments(tmp_path / "mlflow.db") == []
    assert find_experiments(tmp_path / "missing.db") == []
