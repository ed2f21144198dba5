"""Whether the files of a registered model are those that were registered, and nothing more.

MLflow keeps a version as a folder: its own description (MLmodel and others) and, below
`MODEL_FOLDER`, ours. When a version is registered, the sha256 of every file is noted with it; a
file that was changed, added, taken away or replaced by a link makes the whole version unusable.
Nothing here runs or unpickles anything: files are hashed, and ours are read as data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import ContractError
from pipeline.io.models import ARRAYS_FILE, FORMAT, WORDS_FILE, load_model, model_version

#: Where a model version keeps our model folder, below its own.
MODEL_FOLDER = "artifacts/model"
#: MLflow's own description of a model, beside our folder: without it nothing can be served.
_DESCRIPTION = "MLmodel"
#: Made by MLflow and Python when a model is served; labelling never looks at them.
_META, _COMPILED = "registered_model_meta", "__pycache__"
#: Kinds of files that our own folder may hold: data, none of which can run code.
_DATA = (".json", ".safetensors")
#: What can be given back from data/model/.
_RESTORABLE = tuple(f"{MODEL_FOLDER}/{name}" for name in (ARRAYS_FILE, WORDS_FILE))


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """One version of a registered model: `folder` holds model.safetensors and model.json.

    `model_hash` names those two files as they were registered, `files` all files of the version
    (`note_files`); None for a version that does not say.
    """

    version: str
    folder: Path
    run_id: str | None
    model_hash: str | None = None
    files: str | None = None

    @property
    def place(self) -> Path:
        """Folder of the whole version, MLflow's files included."""
        return self.folder.parents[1]


def note_files(place: Path) -> str:
    """Name every file of a version's folder with its sha256, as JSON: what is registered.

    Raises
    ------
    ContractError
        If there is a link, or a file that cannot be read.
    """
    return json.dumps(_hash_files(place), sort_keys=True)


def check_registered(model: RegisteredModel) -> str | None:
    """Say what is wrong with the files of a version; None where they are what was registered."""
    if not model.folder.is_dir():
        return "missing"
    try:
        # First of all, as it opens regular files only: a pipe would be waited for.
        found = _hash_files(model.place)
        wrong = check_model(model.folder, model.model_hash)
        differing = _differing(model, found)
    except ContractError as error:
        return f"damaged ({error})"
    if wrong is not None:
        return wrong
    if differing:
        return f"damaged ({differing[0]} is not what was registered)"
    ours = [name for name in found if name.startswith(f"{MODEL_FOLDER}/")]
    foreign = [name for name in ours if not name.endswith(_DATA)]
    return f"damaged ({foreign[0]} is no file of a model)" if foreign else None


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


def is_whole(model: RegisteredModel) -> bool:
    """Whether a version can both label and be served: our files are sound, MLflow's are there."""
    return _is_described(model) and check_registered(model) is None


def is_restorable(model: RegisteredModel, source: Path) -> bool:
    """Whether our two files in `source` are all that the damaged version lacks."""
    if model.model_hash is None or not _is_described(model) or check_registered(model) is None:
        return False
    try:
        differing = _differing(model, _hash_files(model.place))
    except ContractError:
        return False
    is_ours = all(name in _RESTORABLE for name in differing)
    return is_ours and check_model(source, model.model_hash) is None


def count_themes(folder: Path) -> int:
    """How many themes a sound model folder knows, without loading its numbers.

    Raises
    ------
    ContractError
        If it is of a format that this version of newsthemes does not read.
    """
    words = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
    if words.get("format") != FORMAT:
        raise ContractError(f"of model format {words.get('format')}, {FORMAT} is needed")
    return len(words["classes"])


def _differing(model: RegisteredModel, found: Mapping[str, str]) -> list[str]:
    """Names of files that are not as they were noted, sorted; none for a version without notes."""
    if model.files is None:
        return []
    noted = _read_notes(model.files)
    return sorted(name for name in {*noted, *found} if noted.get(name) != found.get(name))


def _read_notes(text: str) -> Mapping[str, Any]:
    try:
        noted = json.loads(text)
    except ValueError:
        noted = None
    if not isinstance(noted, dict):
        raise ContractError("the list of its files cannot be read")
    return noted


def _hash_files(place: Path) -> dict[str, str]:
    hashes = {}
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place).as_posix()
        if path.is_symlink():
            raise ContractError(f"{name} is a link")
        if path.is_dir() or path.parent.name == _COMPILED or name == _META:
            continue
        if not path.is_file():
            raise ContractError(f"{name} is no regular file")
        try:
            hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise ContractError(f"{name} is not readable: {error.strerror}") from error
    return hashes


def _is_described(model: RegisteredModel) -> bool:
    return (model.place / _DESCRIPTION).is_file()
