"""A model that was tampered with, or is not ours, is refused in one line, and runs no code.

Every case plants something that would make a canary file if it were ever run or unpickled.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pickle
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.desks.model_desk import list_models, promote
from pipeline.errors import ContractError
from pipeline.io.model_files import note_files
from pipeline.io.models import load_model, model_version
from pipeline.io.paths import Paths
from pipeline.io.registry import champion_folder
from pipeline.records import ThemeClassifier
from pipeline.stages import track
from tests.projects import make_logged_project, make_project, params_of

MODEL = "newsthemes"
CANARY = "canary"


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    for name in ("MLFLOW_TRACKING_URI", "DVC_EXP_NAME", "DVC_ROOT"):
        monkeypatch.delenv(name, raising=False)
    return make_logged_project(tmp_path / "project")


def open_champion(paths: Paths) -> ThemeClassifier:
    """What labelling does first."""
    champion = champion_folder(paths.mlruns, MODEL)
    assert champion is not None
    return load_model(champion.folder)


def folder_of(paths: Paths) -> Path:
    champion = champion_folder(paths.mlruns, MODEL)
    assert champion is not None
    return champion.folder


def evil_code(root: Path) -> str:
    return f"import pathlib\npathlib.Path({str(root / CANARY)!r}).touch()\n"


def evil_pickle(root: Path) -> bytes:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return os.system, (f"touch '{root / CANARY}'",)

    return pickle.dumps(Evil())


def execute(paths: Paths, sql: str, *values: str) -> None:
    with contextlib.closing(sqlite3.connect(paths.mlruns / "mlflow.db")) as connection:
        connection.execute(sql, values)
        connection.commit()


def pickle_beside(paths: Paths) -> None:
    (folder_of(paths) / "model.pkl").write_bytes(evil_pickle(paths.root))


def pickle_as_arrays(paths: Paths) -> None:
    (folder_of(paths) / "model.safetensors").write_bytes(evil_pickle(paths.root))


def skops_file(paths: Paths) -> None:
    with zipfile.ZipFile(folder_of(paths) / "model.skops", "w") as file:
        schema = {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode"}
        file.writestr("schema.json", json.dumps(schema))


def python_file(paths: Paths) -> None:
    (folder_of(paths) / "__init__.py").write_text(evil_code(paths.root))


def other_serving_code(paths: Paths) -> None:
    code = folder_of(paths).parents[1] / "newsthemes_model.py"
    code.write_text(code.read_text() + evil_code(paths.root))


def hostile_loader(paths: Paths) -> None:
    place = folder_of(paths).parents[1]
    (place / "code").mkdir()
    (place / "code" / "evil_loader.py").write_text(evil_code(paths.root))
    text = (place / "MLmodel").read_text()
    text = text.replace("mlflow.pyfunc.loaders.code_model", "evil_loader")
    (place / "MLmodel").write_text(text.replace("code: null", "code: code"))


def changed_arrays(paths: Paths) -> None:
    arrays = folder_of(paths) / "model.safetensors"
    content = bytearray(arrays.read_bytes())
    content[-1] ^= 1
    arrays.write_bytes(content)


def changed_arrays_and_words_that_fit(paths: Paths) -> None:
    folder = folder_of(paths)
    changed_arrays(paths)
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    words = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(words | {"arrays_sha256": digest}))


def changed_words(paths: Paths) -> None:
    words = folder_of(paths) / "model.json"
    words.write_text(words.read_text().replace("harvest", "weather"))


def link_to_a_file_outside(paths: Paths) -> None:
    words = folder_of(paths) / "model.json"
    words.rename(paths.root / "model.json")
    words.symlink_to(paths.root / "model.json")


def link_to_a_folder_outside(paths: Paths) -> None:
    folder = folder_of(paths)
    shutil.move(folder, paths.root / "elsewhere")
    folder.symlink_to(paths.root / "elsewhere")


def pipe_that_never_answers(paths: Paths) -> None:
    words = folder_of(paths) / "model.json"
    words.unlink()
    os.mkfifo(words)


def absolute_place_of_a_sound_model(paths: Paths) -> None:
    shutil.copytree(folder_of(paths).parents[1], paths.root / "elsewhere")
    place = str(paths.root / "elsewhere")
    execute(paths, "UPDATE model_versions SET storage_location = ?", place)


def address_of_another_machine(paths: Paths) -> None:
    execute(paths, "UPDATE model_versions SET storage_location = ?", "s3://bucket/model/artifacts")


def foreign_model_without_notes(paths: Paths) -> None:
    """What somebody registered with MLflow alone: a pickled model, and no word of ours."""
    folder = folder_of(paths)
    for path in folder.iterdir():
        path.unlink()
    (folder / "python_model.pkl").write_bytes(evil_pickle(paths.root))
    execute(paths, "DELETE FROM model_version_tags WHERE key LIKE 'model_%'")


def sound_model_without_notes_beside_a_pickle(paths: Paths) -> None:
    pickle_beside(paths)
    execute(paths, "DELETE FROM model_version_tags WHERE key LIKE 'model_%'")


def spoiled_notes(paths: Paths) -> None:
    execute(paths, "UPDATE model_version_tags SET value = '[' WHERE key = 'model_files_sha256'")


CASES: list[tuple[Callable[[Paths], None], str]] = [
    (pickle_beside, "model.pkl is not what was registered"),
    (pickle_as_arrays, "was registered"),
    (skops_file, "model.skops is not what was registered"),
    (python_file, "__init__.py is not what was registered"),
    (other_serving_code, "newsthemes_model.py is not what was registered"),
    (hostile_loader, "MLmodel is not what was registered"),
    (changed_arrays, "was registered"),
    (changed_arrays_and_words_that_fit, "was registered"),
    (changed_words, "was registered"),
    (link_to_a_file_outside, "artifacts/model/model.json is a link"),
    (link_to_a_folder_outside, "lies outside mlruns/"),
    (pipe_that_never_answers, "artifacts/model/model.json is no regular file"),
    (absolute_place_of_a_sound_model, "lies outside mlruns/"),
    (address_of_another_machine, "lies outside mlruns/"),
    (foreign_model_without_notes, "model.safetensors: missing"),
    (sound_model_without_notes_beside_a_pickle, "model.pkl is no file of a model"),
    (spoiled_notes, "the list of its files cannot be read"),
]


@pytest.mark.parametrize(("tamper", "said"), CASES, ids=[case.__name__ for case, _ in CASES])
def test_a_tampered_model_is_refused_everywhere_and_runs_nothing(
    paths: Paths, tamper: Callable[[Paths], None], said: str
) -> None:
    assert open_champion(paths).classes == ("energy", "harvest")
    tamper(paths)
    with pytest.raises(ContractError) as caught:
        open_champion(paths)
    message = str(caught.value)
    assert said in message
    assert message.endswith("; run: newsthemes doctor --fix")
    assert "\n" not in message

    (listed,) = list_models(paths, MODEL).versions
    assert listed.state.startswith(("damaged (", "outside mlruns/"))
    execute(paths, "DELETE FROM registered_model_aliases")
    with pytest.raises(ContractError, match="choose another: newsthemes promote VERSION"):
        promote(paths, MODEL, 1)
    assert not (paths.root / CANARY).exists()


def test_a_retrain_replaces_a_tampered_champion_without_running_it(paths: Paths) -> None:
    hostile_loader(paths)
    make_project(paths.root, trained=5)
    track.run(paths, params_of(paths))
    champion = champion_folder(paths.mlruns, MODEL)
    assert champion is not None
    assert champion.version == "2"
    assert not (paths.root / CANARY).exists()


def test_a_pickle_in_place_of_the_arrays_is_not_read_even_where_nothing_was_registered(
    paths: Paths,
) -> None:
    content = evil_pickle(paths.root)
    (paths.model / "model.safetensors").write_bytes(content)
    words = json.loads((paths.model / "model.json").read_text())
    digest = hashlib.sha256(content).hexdigest()
    (paths.model / "model.json").write_text(json.dumps(words | {"arrays_sha256": digest}))
    with pytest.raises(ContractError, match="not readable"):
        load_model(paths.model)
    assert not (paths.root / CANARY).exists()


def test_the_canary_sings_where_code_does_run(tmp_path: Path) -> None:
    pickle.loads(evil_pickle(tmp_path))
    assert (tmp_path / CANARY).exists()


def test_serving_a_model_leaves_it_whole(paths: Paths) -> None:
    place = folder_of(paths).parents[1]
    before = note_files(place)
    (place / "registered_model_meta").write_text("model_name: newsthemes\n")
    (place / "__pycache__").mkdir()
    (place / "__pycache__" / "newsthemes_model.cpython-311.pyc").write_bytes(b"")
    assert note_files(place) == before
    assert model_version(folder_of(paths)) == model_version(paths.model)
