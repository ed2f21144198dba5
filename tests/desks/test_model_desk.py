"""`newsthemes models`, `promote`, `rollback`: what people type, what is said, what labels then."""

from __future__ import annotations

import contextlib
import functools
import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.io.paths import Paths
from pipeline.io.registry import champion_folder
from pipeline.stages import track
from tests.projects import make_project, make_tracked_project, params_of

MODEL = "newsthemes"


@functools.cache
def _three_versions() -> tempfile.TemporaryDirectory[str]:
    """Folder of a project whose versions 1, 2 and 3 were champion one after another."""
    folder = tempfile.TemporaryDirectory()
    paths = make_tracked_project(Path(folder.name) / "project")
    for trained in (4, 5, 6):
        make_project(paths.root, trained=trained)
        track.run(paths, params_of(paths))
    return folder


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Paths]:
    for name in ("MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "DVC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "project"
    shutil.copytree(Path(_three_versions().name) / "project", root)
    monkeypatch.chdir(root)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield Paths.of_project(root)
    for number, handler in before.items():
        signal.signal(number, handler)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def listed() -> dict[str, Any]:
    values = json.loads(run("models", "--json").stdout)
    assert isinstance(values, dict)
    return values


def champion_of(paths: Paths) -> str | None:
    champion = champion_folder(paths.mlruns, MODEL)
    return champion and champion.version


def client_of(paths: Paths) -> MlflowClient:
    uri = f"sqlite:///{paths.mlruns / 'mlflow.db'}"
    return MlflowClient(uri, uri)


def damage(paths: Paths, version: str) -> Path:
    place = client_of(paths).get_model_version_download_uri(MODEL, version)
    arrays = paths.root / place / "artifacts" / "model" / "model.safetensors"
    content = bytearray(arrays.read_bytes())
    content[-1] ^= 1
    arrays.write_bytes(content)
    return arrays


def test_the_list_tells_of_every_version_newest_first(paths: Paths) -> None:
    found = listed()
    assert (found["model_name"], found["champion"], found["rollback_to"]) == (MODEL, 3, 2)
    assert [version["version"] for version in found["versions"]] == [3, 2, 1]
    newest, _, oldest = found["versions"]
    assert (newest["role"], newest["state"], newest["n_themes"]) == ("champion", "whole", 2)
    assert newest["run_name"] == "2 themes, macro-F1 0.90"
    assert (newest["macro_f1"], newest["macro_f1_low"], newest["macro_f1_high"]) == (0.9, 0.8, None)
    assert (newest["verdict"], oldest["reason"]) == ("promoted", "there was no champion")
    assert newest["reason"].startswith("no labelled hold-out to compare with champion 2")
    assert newest["registered"].endswith("+00:00")
    assert len(newest["model_hash"]) == 12

    shown = run("models")
    assert shown.exit_code == 0
    assert "2 themes, macro-F1 0.90" in shown.stdout
    assert "1 promoted: there was no champion\n" in shown.stdout
    assert shown.stdout.endswith("newsthemes rollback leads to version 2.\n")


def test_looking_imports_no_mlflow_and_writes_nothing(paths: Paths) -> None:
    before = (paths.mlruns / "mlflow.db").read_bytes()
    code = (
        "import sys; from pipeline.cli import app; app(['models', '--json'], standalone_mode=False)"
        "; print(sorted({'mlflow', 'sqlalchemy', 'pandas', 'sklearn', 'scipy'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert (paths.mlruns / "mlflow.db").read_bytes() == before


def test_a_version_is_promoted_by_hand_and_both_versions_and_runs_say_so(paths: Paths) -> None:
    said = run("promote", "1")
    assert (said.exit_code, said.stdout) == (0, "")
    assert said.stderr == (
        "promoted: version 1 of newsthemes is champion now, in place of version 3\n"
    )
    assert champion_of(paths) == "1"
    client = client_of(paths)
    chosen, replaced = (client.get_model_version(MODEL, version) for version in "13")
    for version, key, text in (
        (chosen, "champion.chosen", "by hand: promoted, in place of version 3"),
        (replaced, "champion.replaced", "by hand: version 1 took its place"),
    ):
        assert version.tags[key] == text
        assert client.get_run(version.run_id).data.tags[key] == text
    found = listed()
    assert found["rollback_to"] == 3
    assert found["versions"][2]["by_hand"] == ["by hand: promoted, in place of version 3"]
    assert found["versions"][2]["champion_since"] > found["versions"][2]["registered"]
    assert "nothing to change" in run("promote", "1").stderr


def test_repeated_rollbacks_walk_back_and_then_say_that_there_is_none(paths: Paths) -> None:
    for version, before in (("2", "3"), ("1", "2")):
        said = run("rollback")
        assert said.stderr == (
            f"rolled back: version {version} of newsthemes is champion now, in place of "
            f"version {before}\n"
        )
        assert champion_of(paths) == version
    none = run("rollback")
    assert none.exit_code == 2
    assert "no version of newsthemes before version 1 was champion" in none.stderr
    assert "there are: 3, 2, 1" in none.stderr
    assert champion_of(paths) == "1"


def test_a_rollback_after_a_promotion_by_hand_takes_that_back(paths: Paths) -> None:
    for arguments, version in ((["promote", "1"], "1"), (["rollback"], "3"), (["rollback"], "2")):
        assert run(*arguments).exit_code == 0
        assert champion_of(paths) == version


def test_a_history_from_before_there_were_notes_is_what_the_gate_promoted(paths: Paths) -> None:
    client_of(paths).delete_registered_model_tag(MODEL, "champion.history")
    assert listed()["rollback_to"] == 2
    assert run("rollback").exit_code == 0
    assert run("rollback").exit_code == 0
    assert champion_of(paths) == "1"


def test_an_unknown_version_is_refused_with_those_there_are(paths: Paths) -> None:
    said = run("promote", "9")
    assert (said.exit_code, champion_of(paths)) == (2, "3")
    assert said.stderr == "promote: newsthemes has no version 9; there are: 3, 2, 1\n"


def test_a_damaged_version_is_refused_with_those_that_are_whole(paths: Paths) -> None:
    damage(paths, "2")
    for arguments, place in (
        (["promote", "2"], "promote: version 2 is damaged ("),
        (["rollback"], "rollback: version 2, champion before 3, is damaged ("),
    ):
        said = run(*arguments)
        assert (said.exit_code, champion_of(paths)) == (4, "3")
        assert said.stderr.startswith(place)
        assert said.stderr.endswith("choose another: newsthemes promote VERSION (whole: 1)\n")
        assert len(said.stderr.splitlines()) == 1
    states = {version["version"]: version["state"] for version in listed()["versions"]}
    assert states[2].startswith("damaged (")
    assert (states[1], states[3]) == ("whole", "whole")


def test_a_deleted_version_is_passed_over(paths: Paths) -> None:
    client_of(paths).delete_model_version(MODEL, "2")
    assert listed()["rollback_to"] == 1
    assert run("rollback").exit_code == 0
    assert champion_of(paths) == "1"


def test_tracking_an_unchanged_result_leaves_a_rollback_alone(paths: Paths) -> None:
    run("rollback")
    track.run(paths, params_of(paths))
    assert champion_of(paths) == "2"
    assert len(listed()["versions"]) == 3


def test_the_same_model_under_a_new_number_does_not_undo_a_rollback(paths: Paths) -> None:
    run("rollback")
    text = paths.params.read_text().replace("newsthemes: sample corpus", "another title")
    paths.params.write_text(text)
    track.run(paths, params_of(paths))
    found = listed()
    assert (found["champion"], found["versions"][0]["version"]) == (2, 4)
    assert found["versions"][0]["reason"] == (
        "the same model as version 3, which was replaced by hand"
    )
    assert run("promote", "4").exit_code == 0
    assert champion_of(paths) == "4"


def test_a_changed_result_meets_the_champion_of_today(paths: Paths) -> None:
    run("rollback")
    run("rollback")
    make_project(paths.root, trained=7)
    track.run(paths, params_of(paths))
    found = listed()
    assert (found["champion"], found["rollback_to"]) == (4, 1)
    assert "to compare with champion 1" in found["versions"][0]["reason"]


def test_going_back_to_the_same_model_is_said(paths: Paths) -> None:
    text = paths.params.read_text().replace("newsthemes: sample corpus", "another title")
    paths.params.write_text(text)
    track.run(paths, params_of(paths))
    said = run("rollback")
    assert "in place of version 4; both hold the same model (" in said.stderr


def test_models_kept_elsewhere_are_left_to_their_keeper(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://mlflow.example.org")
    for arguments in (["models"], ["promote", "1"], ["rollback"]):
        said = run(*arguments)
        assert said.exit_code == 2
        assert said.stderr.startswith("MLFLOW_TRACKING_URI: models are kept in an MLflow of your")
    assert champion_of(paths) == "3"


def test_a_project_without_models_says_what_to_run(
    tmp_path: Path, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    shutil.copy(paths.params, empty)
    (empty / "dvc.yaml").write_text("stages: {}\n")
    monkeypatch.chdir(empty)
    assert run("models").stdout == "No version of newsthemes yet; run: dvc repro\n"
    assert listed()["versions"] == []
    assert run("promote", "1").exit_code == run("rollback").exit_code == 2
    assert not (empty / "mlruns").exists()


def test_a_version_whose_files_lie_elsewhere_is_listed_and_refused(
    paths: Paths, tmp_path: Path
) -> None:
    with contextlib.closing(sqlite3.connect(paths.mlruns / "mlflow.db")) as connection:
        connection.execute(
            "UPDATE model_versions SET storage_location = ? WHERE version = 1", (str(tmp_path),)
        )
        connection.commit()
    assert listed()["versions"][2]["state"] == "outside mlruns/"
    assert "version 1 is outside mlruns/" in run("promote", "1").stderr
