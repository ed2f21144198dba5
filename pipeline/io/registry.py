"""The champion's folder, read straight from mlruns/mlflow.db.

Labelling needs one path and no more; importing mlflow for it would cost two seconds and 170 MB.
"""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipeline.errors import ContractError

DATABASE = "mlflow.db"
CHAMPION = "champion"
#: Where a model version keeps our model folder, below its own.
MODEL_FOLDER = "artifacts/model"

_QUERY = """
SELECT v.version, v.storage_location, v.run_id
FROM registered_model_aliases AS a
JOIN model_versions AS v ON v.name = a.name AND v.version = a.version
WHERE a.name = ? AND a.alias = ? AND v.current_stage IS NOT 'Deleted_Internal'
"""
#: Seconds to wait while another process writes.
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class ChampionModel:
    """The model that labels new articles: `folder` holds model.safetensors and model.json."""

    version: str
    folder: Path
    run_id: str | None


def champion_folder(mlruns: Path, model_name: str) -> ChampionModel | None:
    """Find the version of `model_name` that is `@champion`.

    Parameters
    ----------
    mlruns : Path
        Folder of mlflow.db and artifacts/, wherever the checkout lies today.
    model_name : str
        Registered model, as in params.yaml.

    Returns
    -------
    ChampionModel or None
        None where there is no database yet, or no champion in it.

    Raises
    ------
    ContractError
        If the database cannot be read, if the champion's files lie outside `mlruns`, or if they
        are gone.
    """
    database = mlruns / DATABASE
    if not database.exists():
        return None
    try:
        row = _query(database, model_name)
    except sqlite3.Error as error:
        raise ContractError(
            f"{database}: not readable as MLflow's database ({error}); run: newsthemes doctor --fix"
        ) from error
    if row is None:
        return None
    version, location, run_id = row
    folder = _inside(mlruns, str(location or ""), f"{model_name} version {version}")
    return ChampionModel(version=str(version), folder=folder, run_id=run_id or None)


def _query(database: Path, model_name: str) -> tuple[int, str | None, str | None] | None:
    # Read-only, so that labelling also works from a folder that it may not write to.
    uri = f"file:{quote(str(database.absolute()))}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as connection:
        row: tuple[int, str | None, str | None] | None = connection.execute(
            _QUERY, (model_name, CHAMPION)
        ).fetchone()
        return row


def _inside(mlruns: Path, location: str, what: str) -> Path:
    """Our model folder in a version's `location`, which is relative to the checkout."""
    folder = (mlruns.absolute().parent / location / MODEL_FOLDER).resolve()
    if not location or not folder.is_relative_to(mlruns.resolve()):
        raise ContractError(
            f"{mlruns / DATABASE}: {what} lies outside mlruns/ (got '{location}'); "
            "only models that this project logged are loaded; run: dvc repro"
        )
    if not folder.is_dir():
        raise ContractError(
            f"{folder}: missing, but {what} is champion; run: newsthemes doctor --fix"
        )
    return folder


def check_database(mlruns: Path) -> str | None:
    """Say in a few words what is wrong with mlruns/mlflow.db; None where it is sound."""
    database = mlruns / DATABASE
    if not database.exists():
        return "missing"
    uri = f"file:{quote(str(database.absolute()))}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check").fetchone()
            if verdict != "ok":
                return f"damaged ({verdict})"
            for table in ("experiments", "runs", "model_versions", "alembic_version"):
                connection.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
    except sqlite3.Error as error:
        return f"damaged ({error})"
    return None
