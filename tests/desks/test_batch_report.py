"""The report of a batch, from its two tables to its three files and its run in MLflow."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline.desks import batch_report
from pipeline.desks.batch_report import log_report, main, report_batch, show_summary
from pipeline.errors import UsageError
from pipeline.io.batch_files import read_candidates
from pipeline.io.models import model_version
from pipeline.io.paths import BatchPaths, Paths
from pipeline.records import UNKNOWN, TrainingProfile
from tests import projects
from tests.batches import (
    PROFILE,
    comets,
    labelled,
    make_classifier,
    mixed,
    strays,
    write_batch,
)
from tests.conftest import CHECKOUT


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return projects.make_project(tmp_path / "project")


@pytest.fixture
def batch(paths: Paths) -> BatchPaths:
    version = model_version(paths.model)
    rows = [(a, replace(row, model_version=version)) for a, row in mixed(energy=20, harvest=10)]
    rows += [(a, labelled(a, UNKNOWN, model_version=version)) for a in [*comets(), *strays()]]
    return write_batch(paths, "b1", rows)


def test_a_batch_gets_a_summary_a_page_and_its_candidates(
    paths: Paths, batch: BatchPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch_report, "load_profile", lambda _: PROFILE)
    summary = report_batch(paths, batch, make_classifier(), projects.params_of(paths))
    assert summary.n_articles == 40
    assert summary.unknown.n == 10
    assert summary.verdict.advice == "look"
    (found,) = read_candidates(batch)
    assert {a.content_id for a in comets()} == set(found.content_ids)
    assert [note.candidate_id for note in summary.candidates] == [found.candidate_id]
    assert json.loads(batch.summary.read_text()) == json.loads(json.dumps(asdict(summary)))
    assert found.name in batch.report.read_text()


def test_reported_again_the_bytes_are_the_same(paths: Paths, batch: BatchPaths) -> None:
    params = projects.params_of(paths)
    report_batch(paths, batch, make_classifier(), params)
    files = (batch.summary, batch.candidates, batch.report)
    before = [path.read_bytes() for path in files]
    report_batch(paths, batch, make_classifier(), params)
    assert [path.read_bytes() for path in files] == before


def test_the_profile_of_another_model_is_not_compared_with(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_: Path) -> TrainingProfile:
        raise AssertionError

    monkeypatch.setattr(batch_report, "load_profile", never)
    other = write_batch(paths, "b2", mixed(energy=40))
    summary = report_batch(paths, other, make_classifier(), projects.params_of(paths))
    assert summary.verdict.advice == "no comparison"


def test_a_model_that_is_being_made_is_passed_over(paths: Paths) -> None:
    (paths.model / "model.json").unlink()
    other = write_batch(paths, "b2", mixed(energy=40))
    summary = report_batch(paths, other, make_classifier(), projects.params_of(paths))
    assert summary.verdict.advice == "no comparison"


@pytest.mark.parametrize("n", [0, 1, 10])
def test_few_articles_are_reported_too(paths: Paths, n: int) -> None:
    small = write_batch(paths, "b3", mixed(unknown=n))
    summary = report_batch(paths, small, make_classifier(), projects.params_of(paths))
    assert summary.n_articles == n
    assert summary.verdict.advice == "too few"


def test_the_terminal_gets_a_table_and_the_verdict(paths: Paths, batch: BatchPaths) -> None:
    summary = report_batch(paths, batch, make_classifier(), projects.params_of(paths))
    said = io.StringIO()
    show_summary(summary, batch.report, said)
    for words in ("40 articles labelled", "Energy", "Unknown: 10 of 40", "report.html"):
        assert words in said.getvalue()
    said = io.StringIO()
    show_summary(summary, None, said)
    assert "Report:" not in said.getvalue()


def test_a_batch_is_logged_once_in_an_experiment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.tracking import log_batch

    paths = projects.make_tracked_project(tmp_path / "tracked")
    batch = write_batch(paths, "b1", mixed(energy=20, harvest=15))
    params = projects.params_of(paths)
    report_batch(paths, batch, make_classifier(), params)
    ids: list[str] = []

    def note(*arguments: object) -> str:
        ids.append(log_batch(*arguments))  # type: ignore[arg-type]
        return ids[-1]

    monkeypatch.setattr("pipeline.tracking.log_batch", note)
    log_report(paths, params, "b1")
    log_report(paths, params, "b1")
    assert len(ids) == 2
    assert len(set(ids)) == 1
    run = _run_of(paths, ids[0])
    assert run.data.metrics["n_articles"] == 35
    assert run.data.tags["batch_id"] == "b1"
    artifacts = {path.name for path in paths.mlruns.rglob("*") if path.is_file()}
    assert {"summary.json", "report.html", "candidates.json"} <= artifacts


def _run_of(paths: Paths, run_id: str) -> Any:
    import mlflow

    uri = f"sqlite:///{(paths.mlruns / 'mlflow.db').resolve()}"
    client = mlflow.MlflowClient(tracking_uri=uri)
    run = client.get_run(run_id)
    assert client.get_experiment(run.info.experiment_id).name == "newsthemes-batches"
    return run


def test_a_batch_without_a_report_is_not_logged(paths: Paths) -> None:
    with pytest.raises(UsageError, match="label these pages again"):
        log_report(paths, projects.params_of(paths), "nothing")


def test_the_command_line_takes_log_and_a_batch(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(paths.root)
    assert main([]) == 2
    assert main(["LOG", "nothing"]) == 2
    assert "label these pages again" in capsys.readouterr().err


def test_reporting_loads_neither_mlflow_nor_what_clusters() -> None:
    code = (
        "import sys, pipeline.desks.batch_report, pipeline.core.report.batch_page\n"
        "slow = {'mlflow', 'umap', 'hdbscan', 'numba', 'sklearn', 'scipy', 'torch'}\n"
        "print(sorted(slow & {name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT, check=True
    )
    assert done.stdout.strip() == "[]"
