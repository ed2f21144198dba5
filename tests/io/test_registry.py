"""The champion, found without MLflow. Agreement with MLflow itself: tests/test_tracking.py."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import ContractError
from pipeline.io.model_files import RegisteredModel, check_model, is_whole, note_files
from pipeline.io.models import ARRAYS_FILE, WORDS_FILE, model_version
from pipeline.io.registry import (
    DATABASE,
    MODEL_FILES,
    MODEL_HASH,
    Registry,
    champion_folder,
    check_database,
    find_restorable,
    read_registry,
    recover_database,
    restore_model,
    set_database_aside,
)

LOCATION = "mlruns/artifacts/models/m-1/artifacts"


def make_model(folder: Path, words: str = "{}") -> str:
    """Two files that can be hashed and told apart, and their hash."""
    folder.mkdir(parents=True)
    (folder / ARRAYS_FILE).write_bytes(b"arrays")
    (folder / WORDS_FILE).write_text(words)
    return model_version(folder)


def make_registry(
    mlruns: Path,
    location: str = LOCATION,
    model_hash: str | None = None,
    files: str | None = None,
) -> None:
    """The tables that are read, as MLflow lays them out."""
    mlruns.mkdir(exist_ok=True)
    with contextlib.closing(sqlite3.connect(mlruns / DATABASE)) as connection:
        connection.executescript(
            """
            CREATE TABLE registered_model_aliases (alias TEXT, version INT, name TEXT);
            CREATE TABLE model_versions (
                name TEXT, version INT, current_stage TEXT, storage_location TEXT, run_id TEXT,
                creation_time INT, last_updated_time INT
            );
            CREATE TABLE model_version_tags (key TEXT, value TEXT, name TEXT, version INT);
            CREATE TABLE registered_model_tags (key TEXT, value TEXT, name TEXT);
            CREATE TABLE runs (run_uuid TEXT, name TEXT);
            CREATE TABLE latest_metrics (run_uuid TEXT, key TEXT, value REAL, is_nan INT);
            INSERT INTO model_version_tags VALUES ('fingerprint', 'f', 'newsthemes', 2);
            INSERT INTO registered_model_aliases VALUES ('champion', 2, 'newsthemes');
            INSERT INTO registered_model_aliases VALUES ('challenger', 9, 'newsthemes');
            INSERT INTO registered_model_tags VALUES ('champion.history', '1', 'newsthemes');
            INSERT INTO model_versions VALUES
                ('newsthemes', 1, 'None', 'elsewhere', 'r1', 1000, 1000),
                ('newsthemes', 3, 'Deleted_Internal', 'elsewhere', 'r3', 3000, 3000),
                ('another', 4, 'None', 'elsewhere', 'r4', 4000, 4000);
            INSERT INTO runs VALUES ('r2', 'twelve themes');
            INSERT INTO latest_metrics VALUES
                ('r2', 'evaluate.macro_f1', 0.9, 0), ('r2', 'evaluate.macro_f1_low', 0.8, 0),
                ('r2', 'evaluate.macro_f1_high', 0.0, 1), ('r1', 'evaluate.macro_f1', 0.1, 0);
            """
        )
        connection.execute(
            "INSERT INTO model_versions VALUES ('newsthemes', 2, 'None', ?, 'r2', 2000, 2500)",
            (location,),
        )
        for key, value in ((MODEL_HASH, model_hash), (MODEL_FILES, files)):
            if value is not None:
                connection.execute(
                    "INSERT INTO model_version_tags VALUES (?, ?, 'newsthemes', 2)", (key, value)
                )
        connection.commit()


def test_the_champion_is_found_wherever_the_checkout_lies(tmp_path: Path) -> None:
    for name in ("first place", "second %23 place"):
        mlruns = tmp_path / name / "mlruns"
        folder = tmp_path / name / LOCATION / "artifacts" / "model"
        make_registry(mlruns, model_hash=make_model(folder))
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


@pytest.mark.parametrize(
    ("name", "content"),
    [(ARRAYS_FILE, b"arraYs"), (WORDS_FILE, b"{ }"), (ARRAYS_FILE, None), (WORDS_FILE, None)],
)
def test_a_damaged_champion_is_refused_and_only_its_own_model_restores_it(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    mlruns, folder, source = (
        tmp_path / "mlruns",
        tmp_path / LOCATION / "artifacts" / "model",
        tmp_path / "model",
    )
    make_registry(mlruns, model_hash=make_model(folder))
    make_model(source)
    make_model(tmp_path / "other", words="[]")
    (folder.parents[1] / "MLmodel").write_text("")
    assert champion_folder(mlruns, "newsthemes") is not None
    assert find_restorable(mlruns, "newsthemes", source) is None

    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    with pytest.raises(ContractError, match=r"damaged .*is champion; run: newsthemes doctor --fix"):
        champion_folder(mlruns, "newsthemes")
    assert find_restorable(mlruns, "newsthemes", tmp_path / "other") is None
    assert find_restorable(mlruns, "newsthemes", source) == folder
    restore_model(source, folder)
    assert champion_folder(mlruns, "newsthemes") is not None


def test_a_champion_without_what_mlflow_wrote_is_not_whole_and_cannot_be_restored(
    tmp_path: Path,
) -> None:
    folder = tmp_path / LOCATION / "artifacts" / "model"
    model_hash = make_model(tmp_path / "model")
    make_registry(tmp_path / "mlruns", model_hash=model_hash)
    assert find_restorable(tmp_path / "mlruns", "newsthemes", tmp_path / "model") is None
    make_model(folder)
    assert check_model(folder, model_hash) is None
    assert not is_whole(RegisteredModel("2", folder, "r2", model_hash))


def test_a_model_registered_without_a_hash_must_be_loadable(tmp_path: Path) -> None:
    folder = tmp_path / LOCATION / "artifacts" / "model"
    make_model(folder)
    make_registry(tmp_path / "mlruns")
    with pytest.raises(ContractError, match=r"damaged .*model format") as caught:
        champion_folder(tmp_path / "mlruns", "newsthemes")
    assert "dvc repro" not in str(caught.value)
    assert find_restorable(tmp_path / "mlruns", "newsthemes", folder) is None


def test_all_versions_are_listed_newest_first_with_what_is_known_of_them(tmp_path: Path) -> None:
    mlruns, folder = tmp_path / "mlruns", tmp_path / LOCATION / "artifacts" / "model"
    make_registry(mlruns, model_hash=make_model(folder))
    registry = read_registry(mlruns, "newsthemes")
    assert (registry.champion, registry.challenger, registry.history) == (2, None, "1")
    newest, oldest = registry.versions
    assert (newest.version, newest.run_id, newest.run_name) == (2, "r2", "twelve themes")
    assert (newest.registered, newest.updated) == (2000, 2500)
    assert newest.scores == (0.9, 0.8, None)
    assert newest.model is not None
    assert (newest.model.folder, newest.tags["fingerprint"]) == (folder, "f")
    assert (oldest.version, oldest.run_name, oldest.model) == (1, None, None)
    assert registry.find(1) is oldest
    assert registry.find(3) is None


def test_without_a_database_or_models_the_list_is_empty(tmp_path: Path) -> None:
    assert read_registry(tmp_path, "newsthemes") == Registry()
    make_registry(tmp_path / "mlruns")
    assert read_registry(tmp_path / "mlruns", "third").versions == ()


def test_a_champion_whose_other_files_changed_is_not_restored_from_the_model_alone(
    tmp_path: Path,
) -> None:
    place = tmp_path / LOCATION
    model_hash = make_model(place / "artifacts" / "model")
    make_model(tmp_path / "model")
    (place / "MLmodel").write_text("flavors: {}")
    make_registry(tmp_path / "mlruns", model_hash=model_hash, files=note_files(place))
    assert champion_folder(tmp_path / "mlruns", "newsthemes") is not None
    (place / "artifacts" / "model" / ARRAYS_FILE).write_bytes(b"arraYs")
    assert find_restorable(tmp_path / "mlruns", "newsthemes", tmp_path / "model") is not None
    (place / "MLmodel").write_text("flavors: {x: 1}")
    assert find_restorable(tmp_path / "mlruns", "newsthemes", tmp_path / "model") is None


def test_a_damaged_database_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_bytes(b"not a database" * 100)
    with pytest.raises(ContractError, match="run: newsthemes doctor --fix"):
        champion_folder(tmp_path, "newsthemes")
    assert str(check_database(tmp_path)).startswith("damaged (")


def test_looking_for_the_champion_writes_nothing_and_imports_no_mlflow(tmp_path: Path) -> None:
    model_hash = make_model(tmp_path / LOCATION / "artifacts" / "model")
    make_registry(tmp_path / "mlruns", model_hash=model_hash)
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


def test_a_write_that_was_cut_off_is_undone_instead_of_losing_the_database(tmp_path: Path) -> None:
    mlruns, cut_off = tmp_path / "mlruns", tmp_path / "copy" / "mlruns"
    make_registry(mlruns)
    cut_off.mkdir(parents=True)
    with contextlib.closing(sqlite3.connect(mlruns / DATABASE)) as connection:
        connection.executescript("CREATE TABLE experiments (x); CREATE TABLE alembic_version (x);")
        connection.execute("PRAGMA cache_size = 1")  # so that it reaches the disk uncommitted
        connection.executemany("INSERT INTO experiments VALUES (?)", [("x" * 4000,)] * 50)
        for path in mlruns.glob(f"{DATABASE}*"):
            shutil.copy(path, cut_off)
    assert (cut_off / f"{DATABASE}-journal").exists()
    assert check_database(cut_off) is not None

    assert recover_database(cut_off)
    with contextlib.closing(sqlite3.connect(cut_off / DATABASE)) as connection:
        assert connection.execute("SELECT count(*) FROM experiments").fetchone() == (0,)


def test_a_damaged_database_is_set_aside_with_its_journals_under_a_new_name(tmp_path: Path) -> None:
    for number in (1, 2):
        (tmp_path / DATABASE).write_bytes(b"not a database" * 100)
        assert not recover_database(tmp_path)
        (tmp_path / f"{DATABASE}-journal").write_bytes(b"")
        assert set_database_aside(tmp_path) == tmp_path / f"{DATABASE}.damaged-{number}"
    names = [f"{DATABASE}.damaged-{n}{ending}" for n in (1, 2) for ending in ("", "-journal")]
    assert sorted(path.name for path in tmp_path.iterdir()) == names
