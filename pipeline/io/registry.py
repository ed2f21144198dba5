"""The registered models and which is champion, read straight from mlruns/mlflow.db.

Labelling needs one path and no more; importing mlflow for it would cost two seconds and 170 MB.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipeline.errors import ContractError
from pipeline.io.files import write_bytes
from pipeline.io.model_files import (
    MODEL_FOLDER,
    RegisteredModel,
    check_registered,
    is_restorable,
)
from pipeline.io.models import ARRAYS_FILE, WORDS_FILE
from pipeline.io.paths import Paths

DATABASE = "mlflow.db"
#: Where runs are recorded, for a process whose working folder is the checkout.
STORE = f"sqlite:///mlruns/{DATABASE}"
CHAMPION = "champion"
CHALLENGER = "challenger"
#: Tags of a model version: what `model_version` and `note_files` gave when it was registered,
#: what the gate said, and what people did by hand.
MODEL_HASH = "model_version_hash"
MODEL_FILES = "model_files_sha256"
GATE_VERDICT = "gate.decision"
GATE_REASON = "gate.reason"
CHOSEN = "champion.chosen"
REPLACED = "champion.replaced"
#: Tag of the registered model: the champions before the present one.
HISTORY = "champion.history"
#: What a run measured on people's labels.
_SCORES = ("evaluate.macro_f1", "evaluate.macro_f1_low", "evaluate.macro_f1_high")

_VERSIONS = """
SELECT v.version, v.storage_location, v.run_id, r.name, v.creation_time, v.last_updated_time
FROM model_versions AS v LEFT JOIN runs AS r ON r.run_uuid = v.run_id
WHERE v.name = ? AND v.current_stage IS NOT 'Deleted_Internal'
ORDER BY v.version DESC
"""
_CHAMPION = """
SELECT v.version, v.storage_location, v.run_id
FROM registered_model_aliases AS a
JOIN model_versions AS v ON v.name = a.name AND v.version = a.version
WHERE a.name = ? AND a.alias = ? AND v.current_stage IS NOT 'Deleted_Internal'
"""
#: Seconds to wait while another process writes.
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """One version as the database tells of it, whatever the state of its files.

    `model` is None where its files lie outside mlruns/. Times are milliseconds since 1970, by
    MLflow's clock: when it was registered, and when anybody changed it last. `scores` are
    macro-F1 on people's labels and its 95 % interval, each None where it was not measured.
    """

    version: int
    model: RegisteredModel | None
    run_id: str | None
    run_name: str | None
    registered: int
    updated: int
    tags: dict[str, str]
    scores: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """All versions of one registered model, newest first; deleted ones are left out.

    `champion` and `challenger` are versions, None where there is none. `history` is the tag of
    that name, None where no champion was ever replaced.
    """

    versions: tuple[ListedVersion, ...] = ()
    champion: int | None = None
    challenger: int | None = None
    history: str | None = None

    def find(self, version: int | None) -> ListedVersion | None:
        """The version of that number; None where there is none."""
        return next((listed for listed in self.versions if listed.version == version), None)


def custom_uri(paths: Paths) -> str | None:
    """Name the place for runs that the user has set instead of mlruns/, if any."""
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    return None if uri in (None, "", STORE, own_uri(paths)) else uri


def own_uri(paths: Paths) -> str:
    """Address of mlruns/mlflow.db from anywhere."""
    # Absolute, unlike what is stored: MLflow keeps one connection for each address.
    return f"sqlite:///{(paths.mlruns / DATABASE).resolve()}"


def champion_folder(mlruns: Path, model_name: str) -> RegisteredModel | None:
    """Find the version of `model_name` that is `@champion`, and see that its files are whole.

    Parameters
    ----------
    mlruns : Path
        Folder of mlflow.db and artifacts/, wherever the checkout lies today.
    model_name : str
        Registered model, as in params.yaml.

    Returns
    -------
    RegisteredModel or None
        None where there is no database yet, or no champion in it.

    Raises
    ------
    ContractError
        If the database cannot be read, if the champion's files lie outside `mlruns`, or if they
        are not what was registered: gone, damaged, changed, more than there were, or links.
    """
    champion = _locate(mlruns, model_name)
    if champion is None:
        return None
    wrong = check_registered(champion)
    if wrong is not None:
        raise ContractError(
            f"{champion.folder}: {wrong}, but {model_name} version {champion.version} is champion; "
            "run: newsthemes doctor --fix"
        )
    return champion


def read_registry(mlruns: Path, model_name: str) -> Registry:
    """Read everything that is known of the versions of `model_name`; an empty one without them.

    Raises
    ------
    ContractError
        If the database cannot be read.
    """
    if not (mlruns / DATABASE).exists():
        return Registry()
    with _reading(mlruns) as connection:
        tags = _tags_of_versions(connection, model_name)
        query = "SELECT alias, version FROM registered_model_aliases WHERE name = ?"
        aliases = {str(alias): int(v) for alias, v in connection.execute(query, (model_name,))}
        query = "SELECT value FROM registered_model_tags WHERE name = ? AND key = ?"
        history = connection.execute(query, (model_name, HISTORY)).fetchone()
        versions = []
        for row in connection.execute(_VERSIONS, (model_name,)).fetchall():
            version, location, run_id, run_name, registered, updated = row
            noted = tags.get(int(version), {})
            try:
                model = _registered(mlruns, model_name, version, location, run_id, noted)
            except ContractError:
                model = None
            scores = _scores_of(connection, run_id)
            versions.append(
                ListedVersion(
                    int(version), model, run_id or None, run_name, int(registered or 0),
                    int(updated or 0), noted, scores,
                )
            )  # fmt: skip
    known = {v.version for v in versions}
    return Registry(
        versions=tuple(versions),
        champion=found if (found := aliases.get(CHAMPION)) in known else None,
        challenger=found if (found := aliases.get(CHALLENGER)) in known else None,
        history=history[0] if history else None,
    )


def find_restorable(mlruns: Path, model_name: str, source: Path) -> Path | None:
    """Name the champion's damaged folder if the model folder `source` is the very same model.

    None where the champion is whole, where `source` is another model, and where MLflow's own
    files are gone or changed too, which `source` cannot give back.
    """
    try:
        champion = _locate(mlruns, model_name)
    except ContractError:
        return None
    if champion is None or not is_restorable(champion, source):
        return None
    return champion.folder


def restore_model(source: Path, target: Path) -> None:
    """Copy the two files of the model folder `source` over those of `target`.

    Raises
    ------
    InputError
        If `target` cannot be written to.
    """
    for name in (ARRAYS_FILE, WORDS_FILE):
        write_bytes(target / name, (source / name).read_bytes())


def _locate(mlruns: Path, model_name: str) -> RegisteredModel | None:
    """The champion, whatever the state of its files."""
    if not (mlruns / DATABASE).exists():
        return None
    with _reading(mlruns) as connection:
        row = connection.execute(_CHAMPION, (model_name, CHAMPION)).fetchone()
        if row is None:
            return None
        version, location, run_id = row
        tags = _tags_of_versions(connection, model_name).get(int(version), {})
    return _registered(mlruns, model_name, version, location, run_id, tags)


def _tags_of_versions(connection: sqlite3.Connection, model_name: str) -> dict[int, dict[str, str]]:
    query = "SELECT version, key, value FROM model_version_tags WHERE name = ?"
    tags: dict[int, dict[str, str]] = {}
    for version, key, value in connection.execute(query, (model_name,)):
        tags.setdefault(int(version), {})[str(key)] = str(value)
    return tags


def _scores_of(connection: sqlite3.Connection, run_id: str | None) -> tuple[float | None, ...]:
    query = "SELECT key, value FROM latest_metrics WHERE run_uuid = ? AND NOT is_nan"
    found = dict(connection.execute(query, (run_id,)).fetchall())
    return tuple(found.get(name) for name in _SCORES)


@contextlib.contextmanager
def _reading(mlruns: Path) -> Iterator[sqlite3.Connection]:
    """Open the database read-only, so that it also works in a folder that may not be written to."""
    database = mlruns / DATABASE
    uri = f"file:{quote(str(database.absolute()))}?mode=ro"
    try:
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise ContractError(
            f"{database}: not readable as MLflow's database ({error}); run: newsthemes doctor --fix"
        ) from error


def _registered(
    mlruns: Path,
    model_name: str,
    version: object,
    location: str | None,
    run_id: str | None,
    tags: dict[str, str],
) -> RegisteredModel:
    folder = _inside(mlruns, str(location or ""), f"{model_name} version {version}")
    return RegisteredModel(
        str(version), folder, run_id or None, tags.get(MODEL_HASH), tags.get(MODEL_FILES)
    )


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
