"""Runs: one for each result of the pipeline, one for each labelled batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.labels.promotion import Decision
from pipeline.errors import ContractError
from pipeline.io.model_files import is_whole
from pipeline.io.paths import Paths
from pipeline.io.registry import DATABASE, champion_folder, custom_uri
from pipeline.io.results import BatchRun, Dataset, Result
from pipeline.tracking.store import ARTIFACTS, find_experiment, session
from pipeline.tracking.versions import (
    FINGERPRINT,
    Gate,
    ask_gate,
    log_model,
    register,
    registered_models,
    settle,
    versions_of,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

#: What every run of a batch holds.
_BATCH_FILE = "batch_run.json"
#: MLflow refuses a longer note.
_MAX_NOTE_CHARS = 8000


@dataclass(frozen=True, slots=True)
class Logged:
    """A run in MLflow; `version` and `decision` are None where nothing had to be done."""

    run_id: str
    version: str | None = None
    decision: Decision | None = None


def log_result(paths: Paths, result: Result, gate: Gate) -> Logged:
    """Log `result` as one run, register its model, and let `gate` choose the champion.

    A finished run with the same fingerprint and a whole model is left as it is; `gate` is asked
    about its model again where there is no champion, or none that can be used. Runs that an
    interrupted process left open are closed as killed.
    """
    with session(paths, exclusive=True) as client:
        experiment = find_experiment(paths, client, result.experiment)
        if custom_uri(paths) is None:  # in a shared place an open run may be somebody's
            _close_stale_runs(client, experiment)
        known = _find_run(client, experiment, result.fingerprint)
        if known is None:
            return _log_new(paths, client, experiment, result, gate)
        run_id = known.info.run_id
        if _has_champion(paths, result.model_name):
            return Logged(run_id)
        ours = [v for v in versions_of(client, run_id) if v.name == result.model_name]
        if not ours:  # someone deleted it
            return _log_new(paths, client, experiment, result, gate)
        version = str(ours[0].version)
        decision = ask_gate(paths, client, result.model_name, version, gate)
        settle(client, result.model_name, version, run_id, decision)
        return Logged(run_id, version, decision)


def log_batch(paths: Paths, run: BatchRun) -> str:
    """Log a labelled batch as one run of its experiment, and give the run's id.

    A finished run with the same fingerprint, its files still there, is left as it is.

    Raises
    ------
    BusyError
        If another process logs for minutes.
    """
    files = [path.absolute() for path in run.files]
    with session(paths, exclusive=True) as client:
        experiment = find_experiment(paths, client, run.experiment)
        if custom_uri(paths) is None:
            _close_stale_runs(client, experiment)
        known = _find_run(client, experiment, run.fingerprint)
        if known is not None:
            return str(known.info.run_id)
        return _log_new_batch(client, experiment, run, files)


def is_logged(paths: Paths, experiment: str, fingerprint: str) -> bool:
    """Whether MLflow holds a finished run with this fingerprint, and its model whole."""
    if custom_uri(paths) is None and not (paths.mlruns / DATABASE).exists():
        return False
    with session(paths) as client:
        found = client.get_experiment_by_name(experiment)
        return found is not None and bool(_find_run(client, found.experiment_id, fingerprint))


def _find_run(client: MlflowClient, experiment: str, fingerprint: str) -> Run | None:
    query = f"tags.{FINGERPRINT} = '{fingerprint}' and attributes.status = 'FINISHED'"
    for run in client.search_runs([experiment], query):
        place = str(run.info.artifact_uri)
        # A run whose files were deleted or damaged is as good as none: it is logged again.
        if not place.startswith(ARTIFACTS) or (Path(place).is_dir() and _has_models(client, run)):
            return run
    return None


def _has_models(client: MlflowClient, run: Run) -> bool:
    """Whether the files of every model that the run registered are whole."""
    return all(is_whole(model) for model in registered_models(client, run.info.run_id))


def _has_champion(paths: Paths, model_name: str) -> bool:
    """Whether new articles can be labelled; what a user's own MLflow keeps is not looked at."""
    try:
        return (
            custom_uri(paths) is not None or champion_folder(paths.mlruns, model_name) is not None
        )
    except ContractError:
        return False


def _close_stale_runs(client: MlflowClient, experiment: str) -> None:
    """Nobody else is logging (we hold the lock), so a run that is open was interrupted."""
    query = f"attributes.status = 'RUNNING' and tags.{FINGERPRINT} LIKE '%'"
    for run in client.search_runs([experiment], query):
        client.set_terminated(run.info.run_id, status="KILLED")


def _log_new(
    paths: Paths, client: MlflowClient, experiment: str, result: Result, gate: Gate
) -> Logged:
    import mlflow

    note = result.note[:_MAX_NOTE_CHARS]
    tags = {**result.tags, FINGERPRINT: result.fingerprint, "mlflow.note.content": note}
    run_id = client.create_run(experiment, run_name=result.name, tags=tags).info.run_id
    with mlflow.start_run(run_id=run_id):
        model_id = log_model(result)
        _log_contents(result, model_id)
        version = register(client, result, run_id, model_id)
        decision = ask_gate(paths, client, result.model_name, version, gate)
        settle(client, result.model_name, version, run_id, decision)
    return Logged(run_id, version, decision)


def _log_new_batch(
    client: MlflowClient, experiment: str, run: BatchRun, files: Sequence[Path]
) -> str:
    import mlflow

    tags = {**run.tags, FINGERPRINT: run.fingerprint}
    run_id: str = client.create_run(experiment, run_name=run.name, tags=tags).info.run_id
    with mlflow.start_run(run_id=run_id):
        mlflow.log_params(dict(run.params))
        mlflow.log_metrics(dict(run.metrics))
        # Always one file, so that a run whose files were deleted can be told from a whole one.
        mlflow.log_dict({FINGERPRINT: run.fingerprint}, _BATCH_FILE)
        for path in files:
            log = mlflow.log_artifacts if path.is_dir() else mlflow.log_artifact
            log(str(path), path.name if path.is_dir() else None)
    return run_id


def _log_contents(result: Result, model_id: str) -> None:
    """Everything but the model, into the open run."""
    import mlflow

    mlflow.log_params(dict(result.params))
    mlflow.log_metrics(dict(result.metrics), model_id=model_id)
    for path, folder in result.files:
        log = mlflow.log_artifacts if path.is_dir() else mlflow.log_artifact
        log(str(path), folder or None)
    for name, columns in result.tables.items():
        mlflow.log_table({key: list(values) for key, values in columns.items()}, name)
    _log_dataset(result.dataset)


def _log_dataset(dataset: Dataset) -> None:
    import mlflow
    import pandas as pd
    from mlflow.data.pandas_dataset import from_pandas

    frame = pd.DataFrame({key: list(values) for key, values in dataset.columns.items()})
    logged = from_pandas(frame, source=dataset.source, name=dataset.name, digest=dataset.digest)
    mlflow.log_input(logged, context="training")
