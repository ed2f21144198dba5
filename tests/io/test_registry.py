"""The champion, found without MLflow. Agreement with MLflow itself: tests/test_tracking.py."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import ContractError
from pipeline.io.registry import DATABASE, champion_folder, check_database

LOCATION = "mlruns/artifacts/models/m-1/artifacts"


def make_registry(mlruns: Path, location: str = LOCATION) -> None:
    """The two tables that are read, as MLflow lays them out."""
    mlruns.mkdir(exist_ok=True)
    with contextlib.closing(sqlite3.connect(mlruns / DATABASE)) as connection:
        connection.executescript(
            """
            CREATE TABLE registered_model_aliases (alias TEXT, version INT, name TEXT);
            CREATE TABLE model_versions (
                name TEXT, version INT, current_stage TEXT, storage_location TEXT, run_id TEXT
            );
            INSERT INTO registered_model_aliases VALUES ('champion', 2, 'newsthemes');
            INSERT INTO model_versions VALUES ('newsthemes', 1, 'None', 'elsewhere', 'r1');
            """
        )
        connection.execute(
            "INSERT INTO model_versions VALUES ('newsthemes', 2, 'None', ?, 'r2')", (location,)
        )
        connection.commit()


def test_the_champion_is_found_wherever_the_checkout_lies(tmp_path: Path) -> None:
    for name in ("first place", "second %23 place"):
        mlruns = tmp_path / name / "mlruns"
        folder = tmp_path / name / LOCATION / "artifacts" / "model"
        folder.mkdir(parents=True)
        make_registry(mlruns)
        champion = champion_folder(mlruns, "newsthemes")
        assert champion is not None
        assert (champion.version, champion.folder, champion.run_id) == ("2", folder, "r2")


def test_no_database_and_no_champion_are_no_error(tmp_path: Path) -> None:
    assert champion_folder(tmp_path, "newsthemes") is None
    make_registry(tmp_path / "mlruns")
    assert champion_folder(tmp_path / "mlruns", "another") is None


@pytest.mark.parametrize("location", ["../elsewhere", "/etc", "mlruns/../../x", "", "data"])
def test_a_place_outside_mlruns_is_refused(tmp_path: Path, location: str) -> None:
    make_registry(tmp_path / "mlruns", location)
    with pytest.raises(ContractError, match="lies outside mlruns/"):
        champion_folder(tmp_path / "mlruns", "newsthemes")


def test_a_link_that_leads_out_of_mlruns_is_refused(tmp_path: Path) -> None:
    make_registry(tmp_path / "mlruns")
    (tmp_path / "outside" / "m-1" / "artifacts" / "artifacts" / "model").mkdir(parents=True)
    (tmp_path / "mlruns" / "artifacts").mkdir()
    (tmp_path / "mlruns" / "artifacts" / "models").symlink_to(tmp_path / "outside")
    with pytest.raises(ContractError, match="lies outside mlruns/"):
        champion_folder(tmp_path / "mlruns", "newsthemes")


def test_a_champion_whose_files_are_gone_says_what_to_do(tmp_path: Path) -> None:
    make_registry(tmp_path / "mlruns")
    with pytest.raises(ContractError, match="missing, but newsthemes version 2 is champion"):
        champion_folder(tmp_path / "mlruns", "newsthemes")


def test_a_damaged_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"not a database" * 100)
    with pytest.raises(ContractError, match="run: newsthemes doctor --fix"):
        champion_folder(tmp_path, "newsthemes")
    assert str(check_database(tmp_path)).startswith("damaged (")


def test_looking_for_the_champion_writes_nothing_and_imports_no_mlflow(tmp_path: Path) -> None:
    make_registry(tmp_path / "mlruns")
    (tmp_path / LOCATION / "artifacts" / "model").mkdir(parents=True)
    before = (tmp_path / "mlruns" / DATABASE).read_bytes()
    code = (
        "import sys; from pathlib import Path; from pipeline.io.registry import champion_folder; "
        "found = champion_folder(Path(sys.argv[1]), 'newsthemes'); "
        "print(found.version, 'mlflow' in sys.modules, 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "mlruns")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["2", "False", "False"]
    assert (tmp_path / "mlruns" / DATABASE).read_bytes() == before
    assert {path.name for path in (tmp_path / "mlruns").iterdir()} == {DATABASE, "artifacts"}


def test_a_database_of_another_kind_is_named_damaged(tmp_path: Path) -> None:
    assert check_database(tmp_path) == "missing"
    make_registry(tmp_path / "mlruns")
    assert "no such table" in str(check_database(tmp_path / "mlruns"))
