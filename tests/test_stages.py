"""dvc.yaml tells the truth: a stage runs on its declared deps alone and writes its outs alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.io.paths import Paths
from tests.conftest import CHECKOUT
from tests.small_corpus import (
    STAGES,
    files_of,
    run_pipeline,
    run_stage,
    start_mlruns,
    start_project,
)

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DVC_ROOT", "DVC_EXP_NAME", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A project on which every stage has run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DVC_ROOT", "DVC_EXP_NAME", "MLFLOW_TRACKING_URI"):
            patch.delenv(name, raising=False)
        paths = start_project(tmp_path_factory.mktemp("finished"))
        run_pipeline(paths)
    return paths


def declared(stage: str, *kinds: str) -> set[str]:
    entries = [entry for kind in kinds for entry in STAGES[stage].get(kind, [])]
    return {next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries}


def files_at(root: Path, places: set[str]) -> set[str]:
    """Files at `places`, each a file or a folder."""
    return {
        path.relative_to(root).as_posix()
        for place in places
        for path in ([root / place] if (root / place).is_file() else (root / place).rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_needs_its_declared_deps_and_writes_its_declared_outs(
    stage: str, finished: Paths, tmp_path: Path
) -> None:
    paths = Paths.of_project(tmp_path)
    deps = {dep for dep in declared(stage, "deps") if dep.startswith("data/")}
    for name in files_at(finished.root, deps):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(finished.root / name, target)
    shutil.copy(CHECKOUT / "params.yaml", tmp_path)
    if stage == "track":
        start_mlruns(tmp_path)
    before = set(files_of(paths))

    run_stage(stage, paths)

    made = {name: content for name, content in files_of(paths).items() if name not in before}
    outs = declared(stage, "outs", "metrics", "plots")
    assert set(made) == files_at(finished.root, outs)
    assert all(files_at(tmp_path, {out}) for out in outs)
    # The same deps, the same bytes: whatever else there was in the other project.
    expected = files_of(finished)
    assert [name for name, content in made.items() if content != expected[name]] == []
