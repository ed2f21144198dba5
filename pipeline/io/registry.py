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
from pipeline.io.files import write_bytes
from pipeline.io.models import ARRAYS_FILE, WORDS_FILE, load_model, model_version

DATABASE = "mlflow.db"
CHAMPION = "champion"
#: Where a model version keeps our model folder, below its own.
MODEL_FOLDER = "artifacts/model"
#: Tag of a model version: what `model_version` gave when it was registered.
MODEL_HASH = "model_version_hash"
#: MLflow's own description of a model, beside our folder: without it nothing can be served.
_DESCRIPTION = "MLmodel"

_QUERY = """
SELECT v.version, v.storage_location, v.run_id, t.value
FROM registered_model_aliases AS a
JOIN model_versions AS v ON v.name = a.name AND v.version = a.version
LEFT JOIN model_version_tags AS t ON t.name = v.name AND t.version = v.version AND t.key = ?
WHERE a.name = ? AND a.alias = ? AND v.current_stage IS NOT 'Deleted_Internal'
"""
#: Seconds to wait while another process writes.
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class ChampionModel:
    """The model that labels new articles: `folder` holds model.safetensors and model.json.

    `model_hash` names the files that were registered; None for a version that does not say.
    """

    version: str
    folder: Path
    run_id: str | None
    model_hash: str | None = None


def champion_folder(mlruns: Path, model_name: str) -> ChampionModel | None:
    """Find the version of `model_name` that is `@champion`, and see that its files are whole.

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
        are gone or damaged.
    """
    champion = _locate(mlruns, model_name)
    if champion is None:
        return None
    wrong = check_model(champion.folder, champion.model_hash)
    if wrong is not None:
        raise ContractError(
            f"{champion.folder}: {wrong}, but {model_name} version {champion.version} is champion; "
            "run: newsthemes doctor --fix"
        )
    return champion


def check_model(folder: Path, model_hash: str | None) -> str | None:
    """Say what is wrong with a model folder that was registered as `model_hash`; None if nothing.

    Where no hash was noted, a model that can be loaded is taken as whole.
    """
    if not folder.is_dir():
        return "missing"
    try:
        found = model_version(folder)
        if model_hash is None:
            load_model(folder)
    except ContractError as error:
        # Without its remedy: training again does not mend what is below mlruns/.
        return f"damaged ({str(error).rpartition('; ')[0].removeprefix(f'{folder}/')})"
    if model_hash not in (None, found):
        return f"damaged (its hash is {found}, {model_hash} was registered)"
    return None


def is_whole(folder: Path, model_hash: str | None) -> bool:
    """Whether a version can both label and be served: our folder is sound, MLflow's is there."""
    return _is_described(folder) and check_model(folder, model_hash) is None


def find_restorable(mlruns: Path, model_name: str, source: Path) -> Path | None:
    """Name the champion's damaged folder if the model folder `source` is the very same model.

    None where the champion is whole, where `source` is another model, and where MLflow's own
    files are gone too, which `source` cannot give back.
    """
    try:
        champion = _locate(mlruns, model_name)
    except ContractError:
        return None
    if champion is None or champion.model_hash is None or not _is_described(champion.folder):
        return None
    is_same = check_model(source, champion.model_hash) is None
    is_damaged = check_model(champion.folder, champion.model_hash) is not None
    return champion.folder if is_same and is_damaged else None


def restore_model(source: Path, target: Path) -> None:
    """Copy the two files of the model folder `source` over those of `target`.

    Raises
    ------
    InputError
        If `target` cannot be written to.
    """
    for name in (ARRAYS_FILE, WORDS_FILE):
        write_bytes(target / name, (source / name).read_bytes())


def _is_described(folder: Path) -> bool:
    return (folder / ".." / ".." / _DESCRIPTION).resolve().is_file()


def _locate(mlruns: Path, model_name: str) -> ChampionModel | None:
    """The champion, whatever the state of its files."""
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
    version, location, run_id, model_hash = row
    folder = _inside(mlruns, str(location or ""), f"{model_name} version {version}")
    return ChampionModel(str(version), folder, run_id or None, model_hash)


_Row = tuple[int, str | None, str | None, str | None]


def _query(database: Path, model_name: str) -> _Row | None:
    # Read-only, so that labelling also works from a folder that it may not write to.
    uri = f"file:{quote(str(database.absolute()))}?mode=ro"
    with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as connection:
        row: _Row | None = connection.execute(_QUERY, (MODEL_HASH, model_name, CHAMPION)).fetchone()
        return row


def _inside(mlruns: Path, location: str, what: str) -> Path:
    """Our model folder in a version's `location`, which is relative to the checkout."""
    folder = (mlruns.absolute().parent / location / MODEL_FOLDER).resolve()
    if not location or not folder.is_relative_to(mlruns.resolve()):
        raise ContractError(
            f"{mlruns / DATABASE}: {what} lies outside mlruns/ (got '{location}'); "
            "only models that this project logged are loaded; run: newsthemes doctor --fix"
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
            for table in (
                "experiments",
                "runs",
                "model_versions",
                "model_version_tags",
                "alembic_version",
            ):
                connection.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608
    except sqlite3.Error as error:
        return f"damaged ({error})"
    return None


def recover_database(mlruns: Path) -> bool:
    """Let SQLite undo what a killed process left half-written; say whether all is sound then."""
    with contextlib.suppress(sqlite3.Error):
        database = sqlite3.connect(mlruns / DATABASE, timeout=_PATIENCE)
        with contextlib.closing(database) as connection:
            # Reading is enough; `check_database` may not write, and so cannot do it.
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return check_database(mlruns) is None


def set_database_aside(mlruns: Path) -> Path:
    """Rename a damaged mlflow.db to mlflow.db.damaged-N and give that path.

    SQLite's journals go with it: they belong to it, and would be played into a new database.
    """
    taken = {path.name for path in mlruns.iterdir()}
    names = (f"{DATABASE}.damaged-{number}" for number in range(1, len(taken) + 2))
    kept = mlruns / next(name for name in names if name not in taken)
    for ending in ("-journal", "-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            (mlruns / f"{DATABASE}{ending}").rename(f"{kept}{ending}")
    return kept
