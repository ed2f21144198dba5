"""What is wrong is said in one line, and mended where it can be."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from pathlib import Path

import pytest

from pipeline.doctor import CHECKS, Finding, examine
from pipeline.errors import InputError
from pipeline.io import installation
from pipeline.io.files import write_text
from pipeline.io.model_files import RegisteredModel
from pipeline.io.models import model_version
from pipeline.io.paths import Paths
from pipeline.io.registry import champion_folder
from pipeline.stages import track
from tests.conftest import CHECKOUT
from tests.projects import make_logged_project, make_project, params_of


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
    return [finding.name for finding in findings if finding.is_bad]


def todo(findings: list[Finding]) -> list[str]:
    return [finding.name for finding in findings if finding.is_todo]


def champion_of(paths: Paths) -> RegisteredModel:
    champion = champion_folder(paths.mlruns, "newsthemes")
    assert champion is not None
    return champion


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


def test_a_sound_project_has_no_findings_against_it(paths: Paths) -> None:
    findings = examine(paths)
    assert {finding.mark for finding in findings} == {"ok"}
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
    findings = examine(paths)
    assert bad(findings) == ["database", "run", "champion"]
    assert {f.fix for f in findings if not f.ok} == {"run: newsthemes doctor --fix"}
    assert not paths.mlruns.exists()


def test_lost_runs_are_logged_again(paths: Paths) -> None:
    before = paths.run.read_bytes()
    shutil.rmtree(paths.mlruns)

    assert bad(examine(paths)) == ["database", "run", "champion"]
    findings = examine(paths, fix=True)
    assert bad(findings) == []
    assert find(findings, "run").message.startswith("mended (the present result is not in MLflow")
    assert paths.run.read_bytes() == before


def test_a_result_that_was_changed_by_hand_is_not_logged_as_if_it_were_whole(paths: Paths) -> None:
    shutil.rmtree(paths.mlruns / "artifacts")
    write_text(paths.params, paths.params.read_text().replace("seed: 7", "seed: 8"))
    findings = examine(paths, fix=True)
    run = find(findings, "run")
    assert (run.mark, run.fix) == ("todo", "run: dvc repro")
    assert "data/ has changed since it was tracked" in run.message
    assert (bad(findings), todo(findings)) == ([], ["run", "champion"])


@pytest.mark.slow
def test_a_damaged_database_is_set_aside_and_kept(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    (paths.mlruns / "mlflow.db").write_bytes(b"not a database" * 100)
    assert bad(examine(paths)) == ["database", "run", "champion"]
    findings = examine(paths, fix=True)
    assert {finding.mark for finding in findings} == {"ok"}
    assert (paths.mlruns / "mlflow.db.damaged-1").read_bytes().startswith(b"not a database")
    kept = "is kept in mlflow.db.damaged-1"
    assert kept in find(findings, "database").message
    assert kept in find(examine(paths), "database").message
    assert "history of runs so far is kept in mlruns/mlflow.db.damaged-1" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["model.safetensors", "model.json"])
def test_a_damaged_champion_gets_its_files_back_from_the_same_model(
    paths: Paths, name: str
) -> None:
    before = champion_of(paths)
    flip_a_byte(before.folder / name)
    found = find(examine(paths), "champion")
    assert (found.mark, found.fix) == ("BAD", "run: newsthemes doctor --fix")

    findings = examine(paths, fix=True)
    assert {finding.mark for finding in findings} == {"ok"}
    assert champion_of(paths) == before
    assert model_version(before.folder) == model_version(paths.model)


def test_a_champion_whose_folder_is_gone_is_followed_by_the_present_result(paths: Paths) -> None:
    shutil.rmtree(paths.mlruns / "artifacts" / "models")
    assert bad(examine(paths)) == ["run", "champion"]
    findings = examine(paths, fix=True)
    assert {finding.mark for finding in findings} == {"ok"}
    assert champion_of(paths).version == "2"
    assert model_version(champion_of(paths).folder) == model_version(paths.model)


def test_a_champion_that_is_no_longer_in_data_gives_way_to_the_present_result(
    paths: Paths,
) -> None:
    make_project(paths.root, trained=1)  # it has learnt far less: it stays challenger
    track.run(paths, params_of(paths))
    assert champion_of(paths).version == "1"

    flip_a_byte(champion_of(paths).folder / "model.safetensors")
    assert bad(examine(paths)) == ["champion"]
    assert bad(examine(paths, fix=True)) == []
    assert champion_of(paths).version == "2"


def test_a_champion_is_restored_also_when_settings_have_changed_since(paths: Paths) -> None:
    flip_a_byte(champion_of(paths).folder / "model.safetensors")
    write_text(paths.params, paths.params.read_text().replace("seed: 7", "seed: 8"))
    findings = examine(paths, fix=True)
    assert find(findings, "champion").ok
    assert bad(findings) == []
    assert champion_of(paths).version == "1"

    flip_a_byte(champion_of(paths).folder / "model.safetensors")
    paths.run.unlink()  # as if `dvc repro` had been interrupted
    assert find(examine(paths, fix=True), "champion").ok


def test_a_result_without_a_champion_becomes_it(paths: Paths) -> None:
    with contextlib.closing(sqlite3.connect(paths.mlruns / "mlflow.db")) as connection:
        connection.execute("DELETE FROM registered_model_aliases")
        connection.commit()
    assert bad(examine(paths)) == ["champion"]
    assert bad(examine(paths, fix=True)) == []
    assert champion_of(paths).version == "1"


def test_work_that_a_pipeline_run_settles_is_to_do_and_no_failure(paths: Paths) -> None:
    make_project(paths.root, trained=5)  # as if interrupted between train and track
    findings = examine(paths, fix=True)
    assert (bad(findings), todo(findings)) == ([], ["model"])
    flip_a_byte(paths.model / "model.safetensors")
    findings = examine(paths, fix=True)
    assert (bad(findings), todo(findings)) == ([], ["model"])


def test_mending_that_fails_says_why_and_what_to_do_then(paths: Paths) -> None:
    shutil.rmtree(paths.mlruns)
    paths.embeddings.unlink()
    paths.assignments.unlink()
    paths.themes.write_bytes(b"")
    run = find(examine(paths, fix=True), "run")
    assert (run.mark, "newsthemes doctor" in run.fix) == ("todo", False)


def test_a_folder_that_is_no_checkout_is_told_so_in_one_line_and_left_alone(
    tmp_path: Path,
) -> None:
    (finding,) = examine(Paths.of_project(tmp_path), fix=True)
    assert (finding.name, finding.mark) == ("checkout", "BAD")
    assert "is no newsthemes checkout (it has no dvc.yaml)" in finding.message
    assert list(tmp_path.iterdir()) == []


def test_a_message_without_a_remedy_is_shown_once(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Paths) -> str:
        raise InputError("place: what is wrong")

    monkeypatch.setitem(CHECKS, "dvc", fail)
    found = find(examine(paths), "dvc")
    assert (found.message, found.fix) == ("place: what is wrong", "")


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
    assert found.is_todo
    assert "not the arrays that model.json names" in found.message


def test_a_model_of_another_run_is_noticed(paths: Paths) -> None:
    make_project(paths.root, trained=5)
    assert "is not the one in data/run.json" in find(examine(paths), "model").message


def test_old_temporary_files_are_swept(paths: Paths) -> None:
    old = paths.data / ".tmp-old"
    write_text(old, "")
    long_ago = time.time() - 2 * installation.STALE_SECONDS
    os.utime(old, (long_ago, long_ago))
    link = paths.data / ".tmp-link"
    link.symlink_to("gone")
    os.utime(link, (long_ago, long_ago), follow_symlinks=False)
    assert bad(examine(paths)) == ["leftovers"]
    assert bad(examine(paths, fix=True)) == []
    assert not old.exists()
    assert not link.is_symlink()


@pytest.mark.parametrize(
    ("name", "text", "finding", "message"),
    [
        ("params.yaml", "seed: [", "params.yaml", "not valid YAML"),
        ("data/themes.yaml", "themes: 3\n", "themes.yaml", "a list"),
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
