"""Experiments and models in MLflow, which is imported only here and only inside functions.

Everything lives in mlruns/: the database mlflow.db and the files in artifacts/. Places in the
database are relative, so that a moved or copied checkout still finds them; MLflow resolves them
against the working folder, hence `_session`. `MLFLOW_TRACKING_URI`, where the user sets it, wins.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.core.labels.promotion import Decision, decide_promotion
from pipeline.errors import ContractError, InputError, NewsthemesError, UsageError
from pipeline.io.locks import holding
from pipeline.io.models import model_version
from pipeline.io.paths import Paths
from pipeline.io.registry import (
    CHAMPION,
    DATABASE,
    MODEL_FOLDER,
    MODEL_HASH,
    ChampionModel,
    champion_folder,
    is_whole,
)
from pipeline.io.results import Dataset, Result
from pipeline.io.ui_server import UiCommand, build_ui_command

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run
    from mlflow.entities.model_registry import ModelVersion

CHALLENGER = "challenger"
#: Where runs and models are filed, relative to the checkout: what makes it movable.
ARTIFACTS = "mlruns/artifacts"
#: Where runs are recorded, for a process whose working folder is the checkout.
STORE = f"sqlite:///mlruns/{DATABASE}"
FINGERPRINT = "fingerprint"

#: Held by whoever writes: MLflow's own first use of a database is not safe for two.
LOCK = ".lock"
#: Seconds to wait while another process writes.
_PATIENCE = 30.0
#: A connection that outlives its use would go on seeing a database that was moved or replaced.
_SETTINGS = {
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SQLALCHEMYSTORE_POOLCLASS": "NullPool",
}
#: What a served model imports; their versions are noted with it instead of being guessed (7 s).
_REQUIREMENTS = (
    "mlflow",
    "numpy",
    "pyarrow",
    "pydantic",
    "pyyaml",
    "safetensors",
    "sentence-transformers",
    "torch",
)
#: MLflow refuses a longer note.
_MAX_NOTE_CHARS = 8000


@dataclass(frozen=True, slots=True)
class Logged:
    """A run in MLflow; `version` and `decision` are None where nothing had to be done."""

    run_id: str
    version: str | None = None
    decision: Decision | None = None


Gate = Callable[[ChampionModel | None], Decision]


def custom_uri(paths: Paths) -> str | None:
    """Name the place for runs that the user has set instead of mlruns/, if any."""
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    return None if uri in (None, "", STORE, _own_uri(paths)) else uri


def initialise(paths: Paths) -> None:
    """Make mlruns/ and its database where they are missing.

    Safe to call from several processes at once, and when killed half-way: MLflow's own first use
    of a database is neither.

    Raises
    ------
    InputError
        If the database could not be addressed where it is.
    """
    if custom_uri(paths) is None and not (paths.mlruns / DATABASE).exists():
        if "?" in str(paths.mlruns.resolve()):
            raise InputError(
                f"{paths.home}: '?' in the name of a folder ends the address of MLflow's database; "
                "rename the folder"
            )
        with holding(paths.mlruns / LOCK):
            _create_database(paths.mlruns)


def log_result(paths: Paths, result: Result, gate: Gate) -> Logged:
    """Log `result` as one run, register its model, and let `gate` choose the champion.

    A finished run with the same fingerprint and a whole model is left as it is; `gate` is asked
    about its model again where there is no champion, or none that can be used. Runs that an
    interrupted process left open are closed as killed.
    """
    with _session(paths, exclusive=True) as client:
        experiment = _experiment(paths, client, result.experiment)
        if custom_uri(paths) is None:  # in a shared place an open run may be somebody's
            _close_stale_runs(client, experiment)
        known = _find_run(client, experiment, result.fingerprint)
        if known is None:
            return _log_new(paths, client, experiment, result, gate)
        run_id = known.info.run_id
        if _has_champion(paths, result.model_name):
            return Logged(run_id)
        ours = [v for v in _versions_of(client, run_id) if v.name == result.model_name]
        if not ours:  # someone deleted it
            return _log_new(paths, client, experiment, result, gate)
        version = str(ours[0].version)
        decision = _ask_gate(paths, client, result.model_name, gate)
        _settle(client, result.model_name, version, run_id, decision)
        return Logged(run_id, version, decision)


def is_logged(paths: Paths, experiment: str, fingerprint: str) -> bool:
    """Whether MLflow holds a finished run with this fingerprint, and its model whole."""
    if custom_uri(paths) is None and not (paths.mlruns / DATABASE).exists():
        return False
    with _session(paths) as client:
        found = client.get_experiment_by_name(experiment)
        return found is not None and bool(_find_run(client, found.experiment_id, fingerprint))


def ui_command(paths: Paths, port: int) -> UiCommand:
    """Build what `newsthemes ui` runs; the database is made where it is missing.

    Raises
    ------
    UsageError
        If runs go to an MLflow server of the user's: that one has pages of its own.
    BusyError
        If no port is free.
    """
    custom = custom_uri(paths)
    if custom is not None and custom.startswith(("http://", "https://")):
        raise UsageError(
            f"MLFLOW_TRACKING_URI: runs go to a server of their own (got {custom}); open it in a "
            "browser, or unset the variable to see mlruns/"
        )
    initialise(paths)
    return build_ui_command(paths.home, store=custom or STORE, artifacts=ARTIFACTS, port=port)


@contextlib.contextmanager
def _session(paths: Paths, *, exclusive: bool = False) -> Iterator[MlflowClient]:
    """Use MLflow with the checkout as working folder; `exclusive` keeps other loggers out."""
    with contextlib.ExitStack() as stack:
        is_own = custom_uri(paths) is None
        initialise(paths)
        if exclusive:
            stack.enter_context(holding(paths.mlruns / LOCK))
        import mlflow

        os.environ.update({**_SETTINGS, **os.environ})
        logging.getLogger("mlflow").setLevel(logging.ERROR)
        # Its hints (a source that two readers know, integers without gaps) are no help to people.
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", category=UserWarning, module=r"mlflow\.")
        stack.enter_context(contextlib.chdir(paths.home))
        if is_own:
            _use(_own_uri(paths))
            stack.callback(_use, None)
        try:
            yield mlflow.MlflowClient()
        except mlflow.MlflowException as error:
            if "database schema" not in str(error):
                raise
            raise ContractError(
                f"mlruns/{DATABASE}: made by another version of MLflow; run: mlflow db upgrade "
                f"{STORE}"
            ) from error


def _own_uri(paths: Paths) -> str:
    # Absolute, unlike what is stored: MLflow keeps one connection for each address.
    return f"sqlite:///{(paths.mlruns / DATABASE).resolve()}"


def _use(uri: str | None) -> None:
    import mlflow

    # None gives the choice back to the environment.
    mlflow.set_tracking_uri(uri)


def _create_database(mlruns: Path) -> None:
    """Build the database under another name and rename it, so that none is ever half-built."""
    database = mlruns / DATABASE
    if database.exists():
        return
    os.environ.update({**_SETTINGS, **os.environ})
    from mlflow import MlflowClient

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix=".tmp-", dir=mlruns) as folder:
        new = Path(folder).resolve() / DATABASE
        uri = f"sqlite:///{new}"
        MlflowClient(uri, uri).search_experiments()
        _make_place_relative(new, "Default")
        new.replace(database)
    (mlruns / "artifacts").mkdir(exist_ok=True)


def _make_place_relative(database: Path, experiment: str) -> None:
    """MLflow makes every local place absolute when an experiment is created; undo that."""
    with contextlib.closing(sqlite3.connect(database, timeout=_PATIENCE)) as connection:
        connection.execute(
            "UPDATE experiments SET artifact_location = ? WHERE name = ?", (ARTIFACTS, experiment)
        )
        connection.commit()


def _experiment(paths: Paths, client: MlflowClient, name: str) -> str:
    """Id of the experiment, made or brought back where needed."""
    found = client.get_experiment_by_name(name)
    if found is None:
        experiment = client.create_experiment(name)
        if custom_uri(paths) is None:
            _make_place_relative(paths.mlruns / DATABASE, name)
        return str(experiment)
    if found.lifecycle_stage == "deleted":
        client.restore_experiment(found.experiment_id)
    return str(found.experiment_id)


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
    places = [
        (Path(client.get_model_version_download_uri(v.name, v.version)), v.tags.get(MODEL_HASH))
        for v in _versions_of(client, run.info.run_id)
    ]
    return all(is_whole(place / MODEL_FOLDER, model_hash) for place, model_hash in places)


def _versions_of(client: MlflowClient, run_id: str) -> list[ModelVersion]:
    return list(client.search_model_versions(f"run_id = '{run_id}'"))


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
        model_id = _log_model(result)
        _log_contents(result, model_id)
        version = _register(client, result, run_id, model_id)
        decision = _ask_gate(paths, client, result.model_name, gate)
        _settle(client, result.model_name, version, run_id, decision)
    return Logged(run_id, version, decision)


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


def _log_model(result: Result) -> str:
    """Store our model folder and the code that serves it; no pickle. Gives the model's id."""
    import mlflow.pyfunc

    with tempfile.TemporaryDirectory() as folder:
        # MLflow notes the full path of the code's file and that of the artifacts as given: a
        # copy elsewhere and a relative path keep this machine's folders out of the model.
        code = Path(folder) / "newsthemes_model.py"
        shutil.copyfile(Path(__file__).with_name("pyfunc_model.py"), code)
        info = mlflow.pyfunc.log_model(
            name="model",
            python_model=str(code),
            artifacts={"model": os.path.relpath(result.model)},
            model_config=dict(result.encoder),
            pip_requirements=_requirements(),
        )
    return str(info.model_id)


def _requirements() -> list[str]:
    # Without the local part (`+cpu`): it names a build that package indexes do not have.
    return [f"{name}=={metadata.version(name).split('+')[0]}" for name in _REQUIREMENTS]


def _register(client: MlflowClient, result: Result, run_id: str, model_id: str) -> str:
    from mlflow.exceptions import MlflowException

    with contextlib.suppress(MlflowException):  # it is there already
        client.create_registered_model(result.model_name)
    tags = {FINGERPRINT: result.fingerprint, MODEL_HASH: model_version(result.model)}
    version = client.create_model_version(
        result.model_name,
        f"models:/{model_id}",
        run_id=run_id,
        tags=tags,
        description=result.note,
        model_id=model_id,
    ).version
    client.set_registered_model_alias(result.model_name, CHALLENGER, version)
    return str(version)


def _ask_gate(paths: Paths, client: MlflowClient, model_name: str, gate: Gate) -> Decision:
    """Let `gate` compare; a champion that cannot be loaded must not block every newer model."""
    version = client.get_registered_model(model_name).aliases.get(CHAMPION)
    if version is None:
        return gate(None)
    with tempfile.TemporaryDirectory() as folder:
        try:
            return gate(_fetch_champion(paths, model_name, str(version), folder))
        except NewsthemesError as error:
            # It is kept in MLflow: without this machine's folders, and what to do is done here.
            text = str(error).replace(f"{paths.home.absolute()}/", "")
            obstacle = text.rpartition("; ")[0] or text
            return decide_promotion(champion=str(version), duel=None, margin=0.0, obstacle=obstacle)


def _fetch_champion(paths: Paths, model_name: str, version: str, folder: str) -> ChampionModel:
    if custom_uri(paths) is None:
        champion = champion_folder(paths.mlruns, model_name)
        if champion is not None:
            return champion
    import mlflow.artifacts

    uri = f"models:/{model_name}/{version}"
    local = mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=folder)
    return ChampionModel(version=version, folder=Path(local) / MODEL_FOLDER, run_id=None)


def _settle(
    client: MlflowClient, model_name: str, version: str, run_id: str, decision: Decision
) -> None:
    """Note the decision on run and version, then move the alias: the last thing to happen."""
    notes = {"gate.decision": decision.verdict, "gate.reason": decision.reason}
    for key, value in notes.items():
        client.set_tag(run_id, key, value)
        client.set_model_version_tag(model_name, version, key, value)
    if decision.promote:
        aliases = client.get_registered_model(model_name).aliases
        client.set_registered_model_alias(model_name, CHAMPION, version)
        if str(aliases.get(CHALLENGER)) == str(version):
            client.delete_registered_model_alias(model_name, CHALLENGER)
