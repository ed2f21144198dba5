"""Opening MLflow on mlruns/, and making its database safely.

Places in the database are relative, so that a moved or copied checkout still finds them; MLflow
resolves them against the working folder, hence `session`. `MLFLOW_TRACKING_URI`, where the user
sets it, wins.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import ContractError, InputError, UsageError
from pipeline.io.locks import holding
from pipeline.io.paths import Paths
from pipeline.io.registry import DATABASE, STORE, custom_uri, own_uri
from pipeline.io.ui_server import UiCommand, build_ui_command

if TYPE_CHECKING:
    from mlflow import MlflowClient

#: Where runs and models are filed, relative to the checkout: what makes it movable.
ARTIFACTS = "mlruns/artifacts"
#: Held by whoever writes: MLflow's own first use of a database is not safe for two.
LOCK = ".lock"

#: Seconds to wait while another process writes.
_PATIENCE = 30.0
#: A connection that outlives its use would go on seeing a database that was moved or replaced.
_SETTINGS = {
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SQLALCHEMYSTORE_POOLCLASS": "NullPool",
}


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
def session(paths: Paths, *, exclusive: bool = False) -> Iterator[MlflowClient]:
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
            _use(own_uri(paths))
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


def find_experiment(paths: Paths, client: MlflowClient, name: str) -> str:
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
