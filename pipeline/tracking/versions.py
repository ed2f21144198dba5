"""Registered models: adding a version, letting the gate choose the champion, choosing by hand."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pipeline
from pipeline.core.labels.champions import PROMOTED, note_champions, past_champions
from pipeline.core.labels.promotion import Decision, decide_promotion
from pipeline.errors import ContractError, NewsthemesError
from pipeline.io.model_files import MODEL_FOLDER, RegisteredModel, check_registered, note_files
from pipeline.io.models import model_version
from pipeline.io.paths import Paths
from pipeline.io.registry import (
    CHALLENGER,
    CHAMPION,
    CHOSEN,
    GATE_REASON,
    GATE_VERDICT,
    HISTORY,
    MODEL_FILES,
    MODEL_HASH,
    REPLACED,
    champion_folder,
    custom_uri,
)
from pipeline.io.results import Result
from pipeline.tracking.store import session

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

FINGERPRINT = "fingerprint"
#: What MLflow runs to load a model; a copy of it lies in each version.
_CODE = "pyfunc_model.py"
#: What a served model imports; their versions are noted with it instead of being guessed (7 s).
_REQUIREMENTS = (
    "mlflow",
    "numpy",
    "openvino",
    "pyarrow",
    "pydantic",
    "pyyaml",
    "safetensors",
    "sentence-transformers",
    "tokenizers",
    "torch",
)

Gate = Callable[[RegisteredModel | None], Decision]


def versions_of(client: MlflowClient, run_id: str) -> list[ModelVersion]:
    """Versions that a run registered."""
    return list(client.search_model_versions(f"run_id = '{run_id}'"))


def registered_models(client: MlflowClient, run_id: str) -> list[RegisteredModel]:
    """The same, as places on disk, for a process whose working folder is the checkout."""
    return [
        RegisteredModel(
            version=str(found.version),
            folder=Path(client.get_model_version_download_uri(found.name, found.version))
            / MODEL_FOLDER,
            run_id=run_id,
            model_hash=found.tags.get(MODEL_HASH),
            files=found.tags.get(MODEL_FILES),
        )
        for found in versions_of(client, run_id)
    ]


def log_model(result: Result) -> str:
    """Store our model folder and the code that serves it; no pickle. Gives the model's id."""
    import mlflow.pyfunc

    with tempfile.TemporaryDirectory() as folder:
        # MLflow notes the full path of the code's file and that of the artifacts as given: a
        # copy elsewhere and a relative path keep this machine's folders out of the model.
        code = Path(folder) / "newsthemes_model.py"
        shutil.copyfile(Path(pipeline.__file__).with_name(_CODE), code)
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


def register(client: MlflowClient, result: Result, run_id: str, model_id: str) -> str:
    """Add the logged model as a new version, `@challenger` for now; gives its number."""
    from mlflow.exceptions import MlflowException

    with contextlib.suppress(MlflowException):  # it is there already
        client.create_registered_model(result.model_name)
    version = client.create_model_version(
        result.model_name,
        f"models:/{model_id}",
        run_id=run_id,
        tags=_describe(client, result, model_id),
        description=result.note,
        model_id=model_id,
    ).version
    client.set_registered_model_alias(result.model_name, CHALLENGER, version)
    return str(version)


def _describe(client: MlflowClient, result: Result, model_id: str) -> dict[str, str]:
    """Tags that say which result a version is of, and which files it consists of."""
    tags = {FINGERPRINT: result.fingerprint, MODEL_HASH: model_version(result.model)}
    place = Path(client.get_logged_model(model_id).artifact_location)
    # A server of the user's keeps the files to itself.
    return tags | ({MODEL_FILES: note_files(place)} if place.is_dir() else {})


def ask_gate(
    paths: Paths, client: MlflowClient, model_name: str, version: str, gate: Gate
) -> Decision:
    """Let `gate` compare; a champion that cannot be loaded must not block every newer model."""
    champion = client.get_registered_model(model_name).aliases.get(CHAMPION)
    if champion is None:
        return gate(None)
    with tempfile.TemporaryDirectory() as folder:
        try:
            model = _fetch_champion(paths, client, model_name, str(champion), folder)
            return _find_refusal(client, model_name, version, model) or gate(model)
        except NewsthemesError as error:
            # It is kept in MLflow: without this machine's folders, and what to do is done here.
            text = str(error).replace(f"{paths.home.absolute()}/", "")
            obstacle = text.rpartition("; ")[0] or text
            return decide_promotion(
                champion=str(champion), duel=None, margin=0.0, obstacle=obstacle
            )


def _fetch_champion(
    paths: Paths, client: MlflowClient, model_name: str, version: str, folder: str
) -> RegisteredModel:
    if custom_uri(paths) is None:
        champion = champion_folder(paths.mlruns, model_name)
        if champion is not None:
            return champion
    import mlflow.artifacts

    uri = f"models:/{model_name}/{version}"
    local = mlflow.artifacts.download_artifacts(artifact_uri=uri, dst_path=folder)
    # Not the list of all files: MLflow adds one of its own to what it brings.
    model_hash = client.get_model_version(model_name, version).tags.get(MODEL_HASH)
    model = RegisteredModel(version, Path(local) / MODEL_FOLDER, None, model_hash)
    wrong = check_registered(model)
    if wrong is not None:
        raise ContractError(f"{model_name} version {version}: {wrong}")
    return model


def _find_refusal(
    client: MlflowClient, model_name: str, version: str, champion: RegisteredModel
) -> Decision | None:
    """A model that somebody replaced by hand does not come back by itself under a new number."""
    found = {str(v.version): v.tags for v in client.search_model_versions(f"name = '{model_name}'")}
    model_hash = found.get(version, {}).get(MODEL_HASH)
    if model_hash in (None, champion.model_hash):
        return None
    same = [
        int(other)
        for other, tags in found.items()
        if other != version and tags.get(MODEL_HASH) == model_hash and REPLACED in tags
    ]
    if not same:
        return None
    reason = f"the same model as version {max(same)}, which was replaced by hand"
    return Decision(promote=False, reason=reason)


def settle(
    client: MlflowClient, model_name: str, version: str, run_id: str, decision: Decision
) -> None:
    """Note the decision on run and version, then move the alias: the last thing to happen."""
    notes = {GATE_VERDICT: decision.verdict, GATE_REASON: decision.reason}
    _note(client, model_name, version, run_id, notes)
    if decision.promote:
        champion, past = _champions(client, model_name)
        if champion is not None and champion != int(version):
            past = [*past, champion]
        _make_champion(client, model_name, version, past)


def choose_champion(
    paths: Paths, model_name: str, version: int, *, past: Sequence[int], how: str
) -> None:
    """Make a version champion because a person says so.

    Parameters
    ----------
    paths : Paths
        Of the project whose mlruns/ is meant; the user's own MLflow is not for us to change.
    model_name : str
        Registered model.
    version : int
        One that exists and whose files are whole; the caller has looked.
    past : Sequence[int]
        Champions before it, the oldest first: where the next rollback leads.
    how : str
        What was done, in a few words; noted on the version and on its run after `by hand: `.
    """
    with session(paths, exclusive=True) as client:
        before, _ = _champions(client, model_name)
        chosen = client.get_model_version(model_name, str(version))
        _note(client, model_name, str(version), chosen.run_id, {CHOSEN: f"by hand: {how}"})
        if before is not None and before != version:
            replaced = client.get_model_version(model_name, str(before))
            reason = f"by hand: version {version} took its place"
            _note(client, model_name, str(before), replaced.run_id, {REPLACED: reason})
        _make_champion(client, model_name, str(version), past)


def _champions(client: MlflowClient, model_name: str) -> tuple[int | None, list[int]]:
    """The champion, and those before it."""
    model = client.get_registered_model(model_name)
    alias = model.aliases.get(CHAMPION)
    champion = None if alias is None else int(alias)
    found = client.search_model_versions(f"name = '{model_name}'")
    promoted = [int(v.version) for v in found if v.tags.get(GATE_VERDICT) == PROMOTED]
    return champion, past_champions(model.tags.get(HISTORY), promoted, champion)


def _note(
    client: MlflowClient, model_name: str, version: str, run_id: str | None, notes: dict[str, str]
) -> None:
    from mlflow.exceptions import MlflowException

    for key, value in notes.items():
        client.set_model_version_tag(model_name, version, key, value)
        if run_id:
            with contextlib.suppress(MlflowException):  # somebody deleted the run
                client.set_tag(run_id, key, value)


def _make_champion(
    client: MlflowClient, model_name: str, version: str, past: Sequence[int]
) -> None:
    chosen = client.get_model_version(model_name, version)
    if REPLACED in chosen.tags:
        client.delete_model_version_tag(model_name, version, REPLACED)
    client.set_registered_model_tag(model_name, HISTORY, note_champions(past))
    # Changes nothing but MLflow's time stamp: since when it is champion.
    client.update_model_version(model_name, version, description=chosen.description)
    aliases = client.get_registered_model(model_name).aliases
    client.set_registered_model_alias(model_name, CHAMPION, version)
    if str(aliases.get(CHALLENGER)) == version:
        client.delete_registered_model_alias(model_name, CHALLENGER)
