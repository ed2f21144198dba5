"""mlruns/: made safely, moved freely. What a run shows: tests/stages/test_track.py."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from pipeline import tracking
from pipeline.errors import ContractError, InputError, UsageError
from pipeline.io.files import read_json, write_text
from pipeline.io.models import model_version
from pipeline.io.paths import Paths
from pipeline.io.registry import champion_folder
from pipeline.io.results import BatchRun
from pipeline.stages import track
from tests.projects import make_tracked_project, params_of

LOG_ONE = """
import sys
from pathlib import Path
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.stages import track
paths = Paths.of_project(Path(sys.argv[1]))
track.run(paths, load_params(paths.params))
"""


@pytest.fixture(autouse=True)
def own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "DVC_ROOT"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return make_tracked_project(tmp_path / "project")


def query(paths: Paths, sql: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(paths.mlruns / "mlflow.db")) as connection:
        return connection.execute(sql).fetchall()


def test_every_place_in_the_database_is_relative(paths: Paths) -> None:
    track.run(paths, params_of(paths))
    for sql in (
        "SELECT artifact_location FROM experiments",
        "SELECT artifact_uri FROM runs",
        "SELECT artifact_location FROM logged_models",
        "SELECT storage_location FROM model_versions",
    ):
        places = [str(place) for (place,) in query(paths, sql)]
        assert places
        assert all(place.startswith("mlruns/artifacts") for place in places)


def test_a_model_version_says_which_files_were_registered(paths: Paths) -> None:
    track.run(paths, params_of(paths))
    sql = "SELECT value FROM model_version_tags WHERE key = 'model_version_hash'"
    assert query(paths, sql) == [(model_version(paths.model),)]


def test_a_run_whose_model_was_damaged_counts_as_not_logged(paths: Paths) -> None:
    track.run(paths, params_of(paths))
    champion = champion_folder(paths.mlruns, "newsthemes")
    assert champion is not None
    run = read_json(paths.run)
    assert tracking.is_logged(paths, run["experiment"], run["fingerprint"])
    write_text(champion.folder / "model.json", "{}")
    assert not tracking.is_logged(paths, run["experiment"], run["fingerprint"])


def test_a_champion_whose_version_was_deleted_is_logged_again(paths: Paths) -> None:
    track.run(paths, params_of(paths))
    uri = f"sqlite:///{paths.mlruns / 'mlflow.db'}"
    MlflowClient(uri, uri).delete_model_version("newsthemes", "1")
    assert champion_folder(paths.mlruns, "newsthemes") is None
    track.run(paths, params_of(paths))
    champion = champion_folder(paths.mlruns, "newsthemes")
    assert champion is not None
    assert model_version(champion.folder) == model_version(paths.model)


def batch_run(folder: Path, **fields: Any) -> BatchRun:
    folder.mkdir(exist_ok=True)
    (folder / "report.html").write_text("<!doctype html><title>batch</title>")
    defaults: dict[str, Any] = {
        "experiment": "newsthemes-batches",
        "name": "3 articles, 1 unknown",
        "fingerprint": "ab12" * 16,
        "params": {"batch_id": "ab12ab12ab12"},
        "metrics": {"unknown_share": 1 / 3},
        "tags": {"model_version": "2"},
        "files": (folder / "report.html",),
    }
    return BatchRun(**(defaults | fields))


def test_a_batch_is_one_run_of_its_own_experiment_and_logged_once(
    paths: Paths, tmp_path: Path
) -> None:
    run = batch_run(tmp_path / "batch")
    run_id = tracking.log_batch(paths, run)
    assert tracking.log_batch(paths, run) == run_id

    client = MlflowClient(uri := f"sqlite:///{paths.mlruns / 'mlflow.db'}", uri)
    experiment = client.get_experiment_by_name("newsthemes-batches")
    (logged,) = client.search_runs([experiment.experiment_id])
    assert (logged.info.run_id, logged.info.run_name, logged.info.status) == (
        run_id, "3 articles, 1 unknown", "FINISHED",
    )  # fmt: skip
    assert logged.data.params == {"batch_id": "ab12ab12ab12"}
    assert logged.data.metrics == {"unknown_share": 1 / 3}
    assert logged.data.tags["model_version"] == "2"
    assert logged.info.artifact_uri.startswith("mlruns/artifacts")
    with contextlib.chdir(paths.root):
        names = {item.path for item in client.list_artifacts(run_id)}
    assert names == {"batch_run.json", "report.html"}


def test_another_result_of_a_batch_or_lost_files_make_another_run(
    paths: Paths, tmp_path: Path
) -> None:
    run = batch_run(tmp_path / "batch", files=())
    first = tracking.log_batch(paths, run)
    assert tracking.log_batch(paths, run) == first
    second = tracking.log_batch(paths, batch_run(tmp_path / "batch", fingerprint="cd34" * 16))
    assert second != first
    shutil.rmtree(paths.mlruns / "artifacts" / first)
    assert tracking.log_batch(paths, run) not in {first, second}


def test_a_batch_leaves_results_and_models_alone(paths: Paths, tmp_path: Path) -> None:
    track.run(paths, params_of(paths))
    before = champion_folder(paths.mlruns, "newsthemes")
    tracking.log_batch(paths, batch_run(tmp_path / "batch", fingerprint="ef56" * 16))
    assert champion_folder(paths.mlruns, "newsthemes") == before
    run = read_json(paths.run)
    assert tracking.is_logged(paths, run["experiment"], run["fingerprint"])
    assert query(paths, "SELECT count(*) FROM model_versions") == [(1,)]


def test_initialising_twice_changes_nothing(paths: Paths) -> None:
    before = (paths.mlruns / "mlflow.db").read_bytes()
    tracking.initialise(paths)
    assert (paths.mlruns / "mlflow.db").read_bytes() == before
    assert list(paths.mlruns.glob(".tmp-*")) == []


def test_asking_for_a_run_makes_no_database(tmp_path: Path) -> None:
    paths = Paths.of_project(tmp_path)
    assert not tracking.is_logged(paths, "newsthemes", "0" * 64)
    assert not paths.mlruns.exists()


def test_a_folder_name_that_ends_the_address_is_refused_before_anything_is_made(
    tmp_path: Path,
) -> None:
    paths = Paths.of_project(tmp_path / "what?")
    with pytest.raises(InputError, match="rename the folder"):
        tracking.initialise(paths)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_another_mlflow_says_what_to_run(paths: Paths) -> None:
    with contextlib.closing(sqlite3.connect(paths.mlruns / "mlflow.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '451aebb31d03'")
        connection.commit()
    with pytest.raises(ContractError, match="run: mlflow db upgrade"):
        tracking.is_logged(paths, "newsthemes", "0" * 64)


def test_the_ui_shows_mlruns_unless_the_user_has_another_place(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = tracking.ui_command(paths, 20_100)
    assert "sqlite:///mlruns/mlflow.db" in command.argv
    assert command.folder == paths.root
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "sqlite:///mlruns/mlflow.db")
    assert tracking.custom_uri(paths) is None
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/other.db")
    assert f"sqlite:///{tmp_path}/other.db" in tracking.ui_command(paths, 20_100).argv
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://mlflow.example.org")
    with pytest.raises(UsageError, match="open it in a browser"):
        tracking.ui_command(paths, 20_100)


@pytest.mark.slow
def test_four_processes_that_start_at_once_on_a_cold_database_all_log(
    paths: Paths, tmp_path: Path
) -> None:
    shutil.rmtree(paths.mlruns)
    copies = []
    for number in range(4):
        copy = tmp_path / f"queued {number}"
        shutil.copytree(paths.root, copy)
        text = (copy / "params.yaml").read_text()
        (copy / "params.yaml").write_text(text.replace("seed: 7", f"seed: {number}"))
        copies.append(copy)
    command = ["env", f"DVC_ROOT={paths.root}", sys.executable, "-c", LOG_ONE]
    running = [subprocess.Popen([*command, copy], stderr=subprocess.PIPE) for copy in copies]
    said = [process.communicate(timeout=300)[1].decode() for process in running]

    assert [process.returncode for process in running] == [0] * 4, said
    assert query(paths, "SELECT count(*) FROM runs WHERE status = 'FINISHED'") == [(4,)]
    assert query(paths, "SELECT count(DISTINCT version) FROM model_versions") == [(4,)]
    assert query(paths, "SELECT count(*) FROM registered_model_aliases") == [(1,)]


@pytest.mark.slow
def test_a_moved_checkout_still_shows_its_files_over_http(paths: Paths, tmp_path: Path) -> None:
    track.run(paths, params_of(paths))
    moved = Paths.of_project(Path(shutil.move(paths.root, tmp_path / "moved to")))
    uri = f"sqlite:///{moved.mlruns / 'mlflow.db'}"
    ((run_id,),) = query(moved, "SELECT run_uuid FROM runs")
    ((model_id,),) = query(moved, "SELECT model_id FROM logged_models")

    command = tracking.ui_command(moved, 20_200)
    server = subprocess.Popen(
        command.argv,
        env=command.environment,
        cwd=command.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(f"{command.url}/health", server)
        assert "<title>report</title>" in _get(
            f"{command.url}/get-artifact?run_uuid={run_id}&path=report.html"
        )
        model = f"{command.url}/ajax-api/2.0/mlflow/logged-models/{model_id}/artifacts/files"
        assert "model_id" in _get(f"{model}?artifact_file_path=MLmodel")
        remote = MlflowClient(command.url, command.url)
        version = remote.get_model_version_by_alias("newsthemes", "champion")
        assert version.run_id == run_id == MlflowClient(uri, uri).get_run(run_id).info.run_id
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # the server and its worker, which are ours
        server.wait(60)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server ended"
        try:
            _get(url)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.3)
        else:
            return
    pytest.fail("the server did not answer within 180 s")


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return str(answer.read().decode())
