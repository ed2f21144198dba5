"""What a run has left on disk."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from pipeline.errors import ContractError
from pipeline.io.files import write_json, write_text
from pipeline.io.paths import Paths
from pipeline.io.results import (
    find_artifacts,
    find_revision,
    hash_file,
    hash_results,
    read_metrics,
    read_origin,
)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.of_project(tmp_path)
    write_text(paths.articles, "articles")
    write_text(paths.model / "model.json", "{}")
    write_json(paths.metrics("evaluate"), {"macro_f1": 0.5})
    write_text(paths.plots / "report" / "map.png", "png")
    return paths


def test_every_file_that_describes_the_result_is_hashed(paths: Paths) -> None:
    assert set(hash_results(paths)) == {
        "articles.parquet",
        "metrics/evaluate.json",
        "model/model.json",
        "plots/report/map.png",
    }


@pytest.mark.parametrize("name", ["articles.parquet", "model/model.json", "metrics/evaluate.json"])
def test_a_changed_file_changes_its_hash(paths: Paths, name: str) -> None:
    before = hash_results(paths)
    write_text(paths.data / name, "other")
    changed = {key for key, digest in hash_results(paths).items() if before[key] != digest}
    assert changed == {name}


def test_a_hash_is_that_of_the_content(tmp_path: Path) -> None:
    write_text(tmp_path / "a", "")
    assert hash_file(tmp_path / "a").startswith("e3b0c44298fc1c14")


def test_a_result_without_articles_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"articles.parquet: missing; run: dvc repro"):
        hash_results(Paths.of_project(tmp_path))


def test_metrics_are_read_by_stage_and_absent_ones_are_left_out(paths: Paths) -> None:
    assert read_metrics(paths) == {"evaluate": {"macro_f1": 0.5}}


def test_metrics_that_are_no_object_are_refused(paths: Paths) -> None:
    write_text(paths.metrics("train"), "[1]")
    with pytest.raises(ContractError, match="must be a JSON object; run: dvc repro train"):
        read_metrics(paths)


def test_only_artifacts_that_exist_are_logged(paths: Paths) -> None:
    assert find_artifacts(paths) == (
        (paths.plots, "plots"),
        (paths.metrics("evaluate"), "metrics"),
    )


def git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


def test_the_revision_is_dirty_when_code_differs_but_not_when_results_do(paths: Paths) -> None:
    write_text(paths.root / "code.py", "1")
    git(paths.root, "init")
    git(paths.root, "add", "code.py", "data/metrics")
    git(paths.root, "commit", "-m", "first")

    write_json(paths.metrics("evaluate"), {"macro_f1": 0.6})
    clean = find_revision(paths.root)
    write_text(paths.root / "code.py", "2")
    dirty = find_revision(paths.root)

    assert clean is not None
    assert dirty is not None
    assert (clean.is_dirty, dirty.is_dirty) == (False, True)
    assert clean.commit == dirty.commit


def test_without_git_no_commit_is_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("DVC_EXP_NAME", "wild-name")
    assert find_revision(tmp_path) is None
    assert read_origin(tmp_path) == {
        "mlflow.source.name": "dvc repro",
        "mlflow.source.type": "LOCAL",
        "dvc.experiment": "wild-name",
    }
