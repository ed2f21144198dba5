"""What a pipeline run has left on disk: numbers and hashes of its files."""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ContractError
from pipeline.io.files import read_json
from pipeline.io.paths import Paths

#: Stages that write data/metrics/<stage>.json.
MEASURED_STAGES = ("ingest", "embed", "cluster", "themes", "train", "evaluate")
#: Files that a run changes by itself: they say nothing about the code being committed.
_MADE_BY_STAGES = ("dvc.lock", "data/metrics", "data/plots", "data/run.json")
_GIT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Revision:
    """The commit that is checked out, and whether tracked files differ from it."""

    commit: str
    is_dirty: bool


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a result was computed from: `columns` of equal length, `digest` of their content."""

    name: str
    source: str
    digest: str
    columns: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that one MLflow run shows.

    `params` and `metrics` are flat; `files` pairs a file or folder with the artifact folder it
    goes to (empty: the top); `tables` maps a file name to columns; `model` is our model folder;
    `encoder` says how its vectors are made (`encoder_name`, `max_tokens`, `backend`): it is
    named, not copied. `note` is Markdown.
    """

    experiment: str
    model_name: str
    fingerprint: str
    name: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    note: str
    dataset: Dataset
    files: tuple[tuple[Path, str], ...]
    tables: Mapping[str, Mapping[str, Sequence[Any]]]
    model: Path
    encoder: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BatchRun:
    """What one labelled batch shows in MLflow; it registers no model.

    `fingerprint` names the batch and everything that was found in it: 1 to 64 letters and digits.
    `params` are flat texts, `metrics` flat finite numbers whose names MLflow takes
    (`core.run_summary` makes both); `files` are files or folders, kept at the top.
    """

    experiment: str
    name: str
    fingerprint: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    files: Sequence[Path]


def read_metrics(paths: Paths) -> dict[str, dict[str, Any]]:
    """Numbers by stage; a stage that wrote none is left out.

    Raises
    ------
    ContractError
        If a file is not a JSON object.
    """
    metrics: dict[str, dict[str, Any]] = {}
    for stage in MEASURED_STAGES:
        path = paths.metrics(stage)
        if not path.exists():
            continue
        values = read_json(path)
        if not isinstance(values, dict):
            raise ContractError(f"{path}: must be a JSON object; run: dvc repro {stage}")
        metrics[stage] = values
    return metrics


def hash_file(path: Path) -> str:
    """sha256 of one file, as 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_folder(folder: Path) -> dict[str, str]:
    """sha256 of every file below `folder` by its relative name; empty where there is none."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hash_file(path) for path in files}


def hash_results(paths: Paths) -> dict[str, str]:
    """sha256 of everything that describes the result, by name below the data folder.

    Raises
    ------
    ContractError
        If there are no articles, or no model.
    """
    for needed in (paths.articles, paths.model):
        if not needed.exists():
            raise ContractError(f"{needed}: missing; run: dvc repro")
    single = [paths.articles, paths.rejected, paths.themes, paths.assignments, paths.report]
    files = [path for path in single if path.exists()]
    files += [path for stage in MEASURED_STAGES if (path := paths.metrics(stage)).exists()]
    hashes = {path.relative_to(paths.data).as_posix(): hash_file(path) for path in files}
    for folder in (paths.model, paths.plots):
        hashes |= {f"{folder.name}/{name}": h for name, h in hash_folder(folder).items()}
    return hashes


def find_artifacts(paths: Paths) -> tuple[tuple[Path, str], ...]:
    """Files and folders that a person may want beside the numbers, each with its folder there."""
    pairs = [(paths.params, ""), (paths.report, ""), (paths.rejected, ""), (paths.plots, "plots")]
    pairs += [(paths.metrics(stage), "metrics") for stage in MEASURED_STAGES]
    return tuple((path, folder) for path, folder in pairs if path.exists())


def read_origin(root: Path) -> dict[str, str]:
    """Tags that say where a result comes from: commit, dirty or not, DVC's experiment."""
    tags = {"mlflow.source.name": "dvc repro", "mlflow.source.type": "LOCAL"}
    experiment = experiment_name()
    if experiment:
        tags["dvc.experiment"] = experiment
    revision = find_revision(root)
    if revision is not None:
        tags["mlflow.source.git.commit"] = revision.commit
        tags["git.dirty"] = str(revision.is_dirty).lower()
    return tags


def experiment_name() -> str | None:
    """Name that DVC gives the experiment it is running; None outside `dvc exp run`."""
    return os.environ.get("DVC_EXP_NAME") or None


def find_revision(root: Path) -> Revision | None:
    """Ask git about `root`; None without git, or where `root` is in no repository."""
    commit = _git(root, "rev-parse", "HEAD")
    if not commit:
        return None
    excluded = [f":(exclude){name}" for name in _MADE_BY_STAGES]
    changes = _git(root, "status", "--porcelain", "--untracked-files=no", "--", ".", *excluded)
    return Revision(commit=commit, is_dirty=bool(changes))


def _git(root: Path, *arguments: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments],  # noqa: S607
            capture_output=True,
            text=True,
            timeout=_GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
