"""One run in MLflow for each result, and the better model is champion."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

import mlflow
import pytest
import yaml
from mlflow import MlflowClient

from pipeline import tracking
from pipeline.io.files import read_json, write_json
from pipeline.io.models import load_model
from pipeline.io.paths import Paths
from pipeline.io.registry import champion_folder
from pipeline.stages import track
from tests.projects import (
    fake_encoder,
    make_logged_project,
    make_project,
    make_tracked_project,
    params_of,
    write_labels,
)

EXPERIMENT = MODEL = "newsthemes"


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in ("MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "DVC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    return make_tracked_project(tmp_path / "project")


@pytest.fixture
def logged(paths: Paths, tmp_path: Path) -> Paths:
    """A project whose result is in MLflow already."""
    return make_logged_project(tmp_path / "logged")


def client_of(paths: Paths) -> MlflowClient:
    uri = f"sqlite:///{paths.mlruns / 'mlflow.db'}"
    return MlflowClient(uri, uri)


def runs_of(paths: Paths) -> list[Any]:
    """All runs, the oldest first."""
    client = client_of(paths)
    experiment = client.get_experiment_by_name(EXPERIMENT)
    return list(reversed(client.search_runs([experiment.experiment_id])))


def track_now(paths: Paths) -> None:
    track.run(paths, params_of(paths))


def champion_of(paths: Paths) -> str | None:
    champion = champion_folder(paths.mlruns, MODEL)
    return champion and champion.version


def set_seed(paths: Paths, seed: int) -> None:
    values = yaml.safe_load(paths.params.read_text())
    paths.params.write_text(yaml.safe_dump(values | {"seed": seed}))


def test_a_run_shows_parameters_metrics_files_data_and_the_card(logged: Paths) -> None:

    (run,) = runs_of(logged)
    assert (run.info.run_name, run.info.status) == ("2 themes, macro-F1 0.90", "FINISHED")
    assert run.data.params["cluster.lexical_weight"] == "0.15"
    assert run.data.params["ingest.columns.title"] == "title, headline, heading"
    assert run.data.metrics == {
        "evaluate.macro_f1": 0.9,
        "evaluate.macro_f1_low": 0.8,
        "ingest.n_articles": 24.0,
    }
    assert "| Harvest | catalogued | 12 | 50.0% |" in run.data.tags["mlflow.note.content"]
    (data,) = run.inputs.dataset_inputs
    assert (data.dataset.name, len(data.dataset.digest)) == ("articles", 16)
    with contextlib.chdir(logged.root):
        names = {item.path for item in client_of(logged).list_artifacts(run.info.run_id)}
    assert names == {
        "metrics",
        "params.yaml",
        "plots",
        "rejected.jsonl",
        "report.html",
        "themes.json",
    }


def test_the_same_result_is_logged_once_and_identified_by_the_same_bytes(logged: Paths) -> None:
    first = logged.run.read_bytes()
    track_now(logged)
    assert logged.run.read_bytes() == first
    assert set(read_json(logged.run)) == {"experiment", "fingerprint", "model_version_hash"}
    assert len(runs_of(logged)) == 1


def test_what_identifies_a_run_does_not_depend_on_where_or_when_it_was_made(
    paths: Paths, logged: Paths
) -> None:
    track_now(paths)
    assert paths.run.read_bytes() == logged.run.read_bytes()


def test_going_back_to_a_result_adds_no_run(paths: Paths) -> None:
    for seed in (7, 8, 7):
        set_seed(paths, seed)
        track_now(paths)
    assert [run.data.params["seed"] for run in runs_of(paths)] == ["7", "8"]


def test_mlflow_and_the_light_registry_name_the_same_champion(paths: Paths) -> None:
    for seed in (7, 8):
        set_seed(paths, seed)
        track_now(paths)
    version = client_of(paths).get_model_version_by_alias(MODEL, "champion")
    champion = champion_folder(paths.mlruns, MODEL)
    assert champion is not None
    assert (champion.version, champion.run_id) == (str(version.version), version.run_id)
    location = client_of(paths).get_model_version_download_uri(MODEL, version.version)
    assert champion.folder == paths.root / location / "artifacts" / "model"
    assert load_model(champion.folder).trained_on == load_model(paths.model).trained_on


def test_a_worse_model_stays_challenger_and_the_run_says_why(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.core.labels.promotion.MIN_GROUPS", 1)
    write_labels(paths)
    track_now(paths)
    make_project(paths.root, mislead=True)
    track_now(paths)

    assert champion_of(paths) == "1"
    tags = runs_of(paths)[1].data.tags
    assert tags["gate.decision"] == "held"
    assert tags["gate.reason"].startswith("shown to be worse: macro-F1 -")
    version = client_of(paths).get_model_version_by_alias(MODEL, "challenger")
    assert (str(version.version), version.tags["gate.decision"]) == ("2", "held")


def test_a_newer_model_of_equal_quality_becomes_champion(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.core.labels.promotion.MIN_GROUPS", 1)
    write_labels(paths)
    track_now(paths)
    make_project(paths.root, trained=5)
    track_now(paths)

    assert champion_of(paths) == "2"
    assert runs_of(paths)[1].data.tags["gate.reason"].startswith("not worse: macro-F1 +0.000")
    assert "challenger" not in client_of(paths).get_registered_model(MODEL).aliases


def test_without_labels_the_newer_model_becomes_champion(logged: Paths) -> None:
    make_project(logged.root, mislead=True)
    track_now(logged)
    assert champion_of(logged) == "2"
    assert "no labelled hold-out" in runs_of(logged)[1].data.tags["gate.reason"]


def test_a_champion_that_was_damaged_does_not_stop_newer_models(paths: Paths) -> None:
    write_labels(paths)
    track_now(paths)
    champion = champion_folder(paths.mlruns, MODEL)
    assert champion is not None
    (champion.folder / "model.json").write_text("{}")
    make_project(paths.root, trained=5)
    track_now(paths)
    assert champion_of(paths) == "2"
    assert "champion 1 cannot be compared" in runs_of(paths)[1].data.tags["gate.reason"]


def test_a_champion_with_another_encoder_is_replaced_and_the_reason_says_so(paths: Paths) -> None:
    words = read_json(paths.model / "model.json")
    write_json(paths.model / "model.json", words | {"encoder": "other/1"})
    track_now(paths)
    make_project(paths.root, trained=5)
    track_now(paths)
    assert champion_of(paths) == "2"
    assert "its encoder is other/1" in runs_of(paths)[1].data.tags["gate.reason"]


def test_an_interrupted_run_is_closed_and_logged_again(
    logged: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged.run.unlink()
    with contextlib.closing(sqlite3.connect(logged.mlruns / "mlflow.db")) as connection:
        connection.execute("UPDATE runs SET status = 'RUNNING'")
        connection.commit()
    track_now(logged)
    assert [run.info.status for run in runs_of(logged)] == ["KILLED", "FINISHED"]
    assert logged.run.exists()


def test_a_run_whose_files_were_deleted_is_logged_again(logged: Paths) -> None:
    for path in (logged.mlruns / "artifacts").iterdir():
        path.rename(logged.root / path.name)
    track_now(logged)
    assert len(runs_of(logged)) == 2
    assert champion_of(logged) == "2"


def test_a_deleted_experiment_is_brought_back(logged: Paths) -> None:
    client = client_of(logged)
    client.delete_experiment(client.get_experiment_by_name(EXPERIMENT).experiment_id)
    set_seed(logged, 8)
    track_now(logged)
    assert client.get_experiment_by_name(EXPERIMENT).lifecycle_stage == "active"


def test_a_queued_experiment_logs_into_the_checkout_that_outlives_it(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = make_project(tmp_path / "queued")
    monkeypatch.setenv("DVC_ROOT", str(paths.root))
    monkeypatch.setenv("DVC_EXP_NAME", "brisk-wren")
    track_now(temporary)

    (run,) = runs_of(paths)
    assert run.info.run_name == run.data.tags["dvc.experiment"] == "brisk-wren"
    assert temporary.run.exists()
    assert not (temporary.root / "mlruns").exists()
    assert champion_of(paths) == "1"


@pytest.mark.slow
def test_the_users_own_tracking_place_wins(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracking.initialise(elsewhere := Paths.of_project(tmp_path / "elsewhere"))
    uri = f"sqlite:///{elsewhere.mlruns / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    monkeypatch.setattr("pipeline.core.labels.promotion.MIN_GROUPS", 1)
    write_labels(paths)
    track_now(paths)
    make_project(paths.root, trained=5)
    track_now(paths)
    assert len(runs_of(elsewhere)) == 2
    assert champion_of(paths) is None
    assert runs_of(elsewhere)[1].data.tags["gate.reason"].startswith("not worse")


def test_no_path_of_this_machine_and_no_pickle_is_stored(paths: Paths) -> None:
    track_now(paths)
    stored = [path for path in paths.mlruns.rglob("*") if path.is_file()]
    assert [p.name for p in stored if str(paths.root).encode() in p.read_bytes()] == []
    assert [p.name for p in stored if p.suffix in {".pkl", ".pickle", ".joblib"}] == []


def test_a_moved_checkout_serves_its_champion(paths: Paths, tmp_path: Path) -> None:
    track_now(paths)
    moved = Paths.of_project(paths.root.rename(tmp_path / "moved to"))
    with contextlib.chdir(moved.root), fake_encoder():
        mlflow.set_tracking_uri(f"sqlite:///{moved.mlruns / 'mlflow.db'}")
        try:
            model = mlflow.pyfunc.load_model(f"models:/{MODEL}@champion")
            answers = model.predict(["wheat drought tractor", "cargo terminal tariff"])
            with pytest.raises(mlflow.MlflowException, match="Expected type str, but got int"):
                model.predict([1])
        finally:
            mlflow.set_tracking_uri(None)
    assert [answer.theme for answer in answers] == ["harvest", "energy"]
    assert set(answers[0].model_dump()) == {
        "theme",
        "theme_name",
        "probability",
        "alternatives",
        "novelty",
        "reason",
    }
    assert model.metadata.get_input_schema().to_dict() == [{"type": "string", "required": True}]
    assert champion_of(moved) == "1"


def test_logging_leaves_folder_and_environment_as_they_were(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    track_now(paths)
    assert Path.cwd() == tmp_path
    assert tracking.custom_uri(paths) is None
    assert "MLFLOW_TRACKING_URI" not in os.environ


def test_an_open_run_in_a_shared_place_is_left_alone(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracking.initialise(elsewhere := Paths.of_project(tmp_path / "elsewhere"))
    uri = f"sqlite:///{elsewhere.mlruns / 'mlflow.db'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    track_now(paths)
    client = client_of(elsewhere)
    (first,) = runs_of(elsewhere)
    colleague = client.create_run(first.info.experiment_id, tags={"fingerprint": "of another"})
    make_project(paths.root, trained=5)
    track_now(paths)
    assert client.get_run(colleague.info.run_id).info.status == "RUNNING"
