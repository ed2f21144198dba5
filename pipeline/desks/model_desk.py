"""Which models there are, and which of them labels: what `newsthemes models` and the like do.

Looking reads mlruns/ alone; MLflow, which takes seconds to load, is needed to change something.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.core.labels.champions import PROMOTED, champion_before, past_champions
from pipeline.errors import ContractError, UsageError
from pipeline.io.model_files import check_registered, count_themes
from pipeline.io.paths import Paths
from pipeline.io.registry import (
    CHOSEN,
    GATE_REASON,
    GATE_VERDICT,
    MODEL_HASH,
    REPLACED,
    ListedVersion,
    Registry,
    custom_uri,
    read_registry,
)

#: Raised whenever the JSON would mean something else.
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One version as it is listed.

    `role` is `champion`, `challenger` or empty. `registered` and `champion_since` are ISO 8601
    in UTC, by MLflow's clock. Scores are macro-F1 on people's labels and its 95 % interval.
    `verdict` and `reason` are the gate's; `by_hand` says what a person did with it since. `state`
    is `whole`, or what is wrong with its files: `missing`, `damaged (why)`, `outside mlruns/`,
    `outdated (why)`.
    """

    version: int
    role: str
    registered: str
    champion_since: str | None
    run_id: str | None
    run_name: str | None
    macro_f1: float | None
    macro_f1_low: float | None
    macro_f1_high: float | None
    n_themes: int | None
    verdict: str | None
    reason: str | None
    by_hand: tuple[str, ...]
    model_hash: str | None
    state: str

    @property
    def is_whole(self) -> bool:
        """Whether it can label."""
        return self.state == "whole"


@dataclass(frozen=True, slots=True)
class ModelList:
    """All versions, newest first; `rollback_to` is where `newsthemes rollback` would lead."""

    model_name: str
    champion: int | None
    rollback_to: int | None
    versions: tuple[ModelVersion, ...]

    def to_json(self) -> str:
        """One JSON object for scripts."""
        values = {"schema_version": _SCHEMA, **dataclasses.asdict(self)}
        return json.dumps(values, indent=2, ensure_ascii=False)


def list_models(paths: Paths, model_name: str) -> ModelList:
    """Tell of every version, and look whether its files are what was registered.

    Raises
    ------
    UsageError
        If models are kept in an MLflow of the user's own.
    ContractError
        If the database cannot be read.
    """
    registry = _open(paths, model_name)
    target, _ = _step_back(registry)
    versions = tuple(_describe(found, registry) for found in registry.versions)
    return ModelList(model_name, registry.champion, target, versions)


def promote(paths: Paths, model_name: str, version: int) -> str:
    """Make a version champion, and say what changed.

    Raises
    ------
    UsageError
        If there is no such version.
    ContractError
        If its files are not what was registered.
    """
    registry = _open(paths, model_name)
    found = registry.find(version)
    if found is None:
        raise UsageError(
            f"promote: {model_name} has no version {version}; there are: {_names(registry)}"
        )
    if version == registry.champion:
        return f"version {version} of {model_name} is champion already; nothing to change"
    _check(found, registry, "promote", f"version {version}")
    past = _past(registry)
    if registry.champion is not None:
        past = [*past, registry.champion]
    return _choose(paths, model_name, registry, found, past, "promoted")


def roll_back(paths: Paths, model_name: str) -> str:
    """Make the champion before this one champion again, and say what changed.

    Raises
    ------
    UsageError
        If there was none before.
    ContractError
        If its files are not what was registered.
    """
    registry = _open(paths, model_name)
    version, past = _step_back(registry)
    found = registry.find(version)
    if registry.champion is None or found is None:
        now = "is" if registry.champion is None else f"before version {registry.champion} was"
        raise UsageError(
            f"rollback: no version of {model_name} {now} champion; choose one: newsthemes promote "
            f"VERSION (there are: {_names(registry)})"
        )
    place = f"version {version}, champion before {registry.champion},"
    _check(found, registry, "rollback", place)
    return _choose(paths, model_name, registry, found, past, "rolled back")


def _open(paths: Paths, model_name: str) -> Registry:
    custom = custom_uri(paths)
    if custom is not None:
        raise UsageError(
            f"MLFLOW_TRACKING_URI: models are kept in an MLflow of your own (got {custom}); look "
            "and choose there, or unset the variable to see mlruns/"
        )
    return read_registry(paths.mlruns, model_name)


def _describe(found: ListedVersion, registry: Registry) -> ModelVersion:
    is_champion = found.version == registry.champion
    state, n_themes = _examine(found)
    return ModelVersion(
        version=found.version,
        role="champion" if is_champion
        else "challenger" if found.version == registry.challenger else "",
        registered=_time(found.registered),
        champion_since=_time(found.updated) if is_champion else None,
        run_id=found.run_id,
        run_name=found.run_name,
        macro_f1=found.scores[0],
        macro_f1_low=found.scores[1],
        macro_f1_high=found.scores[2],
        n_themes=n_themes,
        verdict=found.tags.get(GATE_VERDICT),
        reason=found.tags.get(GATE_REASON),
        by_hand=tuple(found.tags[key] for key in (CHOSEN, REPLACED) if key in found.tags),
        model_hash=found.tags.get(MODEL_HASH),
        state=state,
    )  # fmt: skip


def _examine(found: ListedVersion) -> tuple[str, int | None]:
    """What is wrong with the files of a version, and how many themes it knows."""
    if found.model is None:
        return "outside mlruns/", None
    wrong = check_registered(found.model)
    if wrong is not None:
        return wrong, None
    try:
        return "whole", count_themes(found.model.folder)
    except ContractError as error:
        return f"outdated ({error})", None


def _check(found: ListedVersion, registry: Registry, command: str, what: str) -> None:
    """Refuse a version that cannot label."""
    from pipeline.io.models import load_model

    state, _ = _examine(found)
    if state == "whole" and found.model is not None:
        load_model(found.model.folder)
        return
    whole = [v for v in registry.versions if _examine(v)[0] == "whole"]
    others = ", ".join(str(v.version) for v in whole if v.version != registry.champion) or "none"
    raise ContractError(
        f"{command}: {what} is {state}; choose another: newsthemes promote VERSION (whole: "
        f"{others})"
    )


def _choose(
    paths: Paths,
    model_name: str,
    registry: Registry,
    found: ListedVersion,
    past: Sequence[int],
    verb: str,
) -> str:
    from pipeline.tracking import choose_champion

    before = registry.find(registry.champion)
    instead = f"version {before.version}" if before else "no champion"
    choose_champion(
        paths, model_name, found.version, past=past, how=f"{verb}, in place of {instead}"
    )
    model_hash = found.tags.get(MODEL_HASH)
    same = ""
    if before is not None and model_hash is not None and before.tags.get(MODEL_HASH) == model_hash:
        same = f"; both hold the same model ({model_hash}), so labels stay as they were"
    return (
        f"{verb}: version {found.version} of {model_name} is champion now, in place of "
        f"{instead}{same}"
    )


def _step_back(registry: Registry) -> tuple[int | None, list[int]]:
    known = {found.version for found in registry.versions}
    return champion_before(_past(registry), registry.champion, known)


def _past(registry: Registry) -> list[int]:
    promoted = [v.version for v in registry.versions if v.tags.get(GATE_VERDICT) == PROMOTED]
    return past_champions(registry.history, promoted, registry.champion)


def _names(registry: Registry) -> str:
    return ", ".join(str(found.version) for found in registry.versions) or "none yet; dvc repro"


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
