"""What is wrong is said in one line, and mended where it can be."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest

from pipeline.doctor import CHECKS, Finding, examine
from pipeline.io import installation
from pipeline.io.files import write_text
from pipeline.io.paths import Paths
from tests.conftest import CHECKOUT
from tests.projects import make_logged_project, make_project


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A project without git that DVC knows about."""
    for name in ("MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "DVC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(installation, "find_drift", lambda _: [])
    paths = make_logged_project(tmp_path / "project")
    write_text(paths.root / ".dvc" / "config", "[core]\n    analytics = false\n")
    write_text(paths.root / ".dvc" / "config.local", "[core]\n    no_scm = true\n")
    write_text(paths.root / "dvc.yaml", "stages:\n  one:\n    cmd: echo 1\n")
    return paths


def find(findings: list[Finding], name: str) -> Finding:
    return next(finding for finding in findings if finding.name == name)


def bad(findings: list[Finding]) -> list[str]:
    return [finding.name for finding in findings if not finding.ok]


def test_a_sound_project_has_no_findings_against_it(paths: Paths) -> None:
    findings = examine(paths)
    assert bad(findings) == []
    assert [finding.name for finding in findings] == list(CHECKS)
    assert find(findings, "run").message == "the present result is in MLflow"
    assert find(findings, "champion").message == "version 1, 2 themes"


def test_a_fresh_checkout_lacks_its_database_alone(paths: Paths) -> None:
    shutil.rmtree(paths.data)
    shutil.rmtree(paths.mlruns / "artifacts")
    (paths.mlruns / "mlflow.db").unlink()
    assert bad(examine(paths)) == ["database"]


def test_without_fix_nothing_is_changed(paths: Paths) -> None:
    shutil.rmtree(paths.mlruns)
    assert bad(examine(paths)) == ["database", "run", "champion"]
    assert not paths.mlruns.exists()


def test_lost_runs_are_logged_again(paths: Paths) -> None:
    before = paths.run.read_bytes()
    shutil.rmtree(paths.mlruns)

    assert bad(examine(paths)) == ["database", "run", "champion"]
    findings = examine(paths, fix=True)
    assert bad(findings) == []
    assert find(findings, "run").message.startswith("mended (the present result is not in MLflow)")
    assert paths.run.read_bytes() == before


def test_a_result_that_was_changed_by_hand_is_not_logged_as_if_it_were_whole(paths: Paths) -> None:
    shutil.rmtree(paths.mlruns / "artifacts")
    write_text(paths.params, paths.params.read_text().replace("seed: 7", "seed: 8"))
    run = find(examine(paths, fix=True), "run")
    assert (run.ok, run.fix) == (False, "run: dvc repro")
    assert "data/ has changed since it was tracked" in run.message


@pytest.mark.slow
def test_a_damaged_database_is_set_aside_and_kept(paths: Paths) -> None:
    (paths.mlruns / "mlflow.db").write_bytes(b"not a database" * 100)
    assert bad(examine(paths)) == ["database", "run", "champion"]
    assert bad(examine(paths, fix=True)) == []
    assert (paths.mlruns / "mlflow.db.damaged-1").read_bytes().startswith(b"not a database")


def test_without_git_dvc_is_told_so(paths: Paths) -> None:
    (paths.root / ".dvc" / "config.local").unlink()
    found = find(examine(paths), "git")
    assert (found.ok, found.message) == (False, "no git, and DVC expects it")
    assert find(examine(paths, fix=True), "git").ok
    assert installation.is_set_without_git(paths.root)


def test_a_model_that_was_changed_is_noticed(paths: Paths) -> None:
    with (paths.model / "model.safetensors").open("ab") as file:
        file.write(b"x")
    found = find(examine(paths), "model")
    assert not found.ok
    assert "not the arrays that model.json names" in found.message


def test_a_model_of_another_run_is_noticed(paths: Paths) -> None:
    make_project(paths.root, trained=5)
    assert "is not the one in data/run.json" in find(examine(paths), "model").message


def test_old_temporary_files_are_swept(paths: Paths) -> None:
    old = paths.data / ".tmp-old"
    write_text(old, "")
    long_ago = time.time() - 2 * installation.STALE_SECONDS
    os.utime(old, (long_ago, long_ago))
    assert bad(examine(paths)) == ["leftovers"]
    assert bad(examine(paths, fix=True)) == []
    assert not old.exists()


@pytest.mark.parametrize(
    ("name", "text", "finding", "message"),
    [
        ("params.yaml", "seed: [", "params.yaml", "not valid YAML"),
        ("data/themes.yaml", "themes: 3\n", "themes.yaml", "valid list"),
        ("data/labels.csv", "a,b\n", "labels.csv", "column content_id"),
        ("dvc.yaml", "stages: 3\n", "dvc", "DVC cannot read the project"),
    ],
)
def test_a_file_with_a_mistake_is_named_and_never_mended(
    paths: Paths, name: str, text: str, finding: str, message: str
) -> None:
    write_text(paths.root / name, text)
    found = find(examine(paths, fix=True), finding)
    assert not found.ok
    assert message in found.message + found.fix
    assert (paths.root / name).read_text() == text


def test_other_versions_than_the_locked_ones_are_named(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"package{number}" for number in range(10)]
    monkeypatch.setattr(installation, "find_drift", lambda _: names)
    found = find(examine(paths), "packages")
    assert (found.ok, found.fix) == (False, "run: make setup")
    assert found.message.endswith("package7 and 2 more")


def test_the_lock_file_of_this_checkout_can_be_read() -> None:
    assert isinstance(installation.find_drift(CHECKOUT / "requirements.lock"), list)
