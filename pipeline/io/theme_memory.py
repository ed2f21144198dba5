"""data/theme_memory.json and data/theme_events.json: what themes were, and what became of them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import ContractError
from pipeline.io.files import read_json, write_json, write_text
from pipeline.records import RememberedTheme, Snapshot, ThemeEvent, ThemeMemory

_SCHEMA = "theme_memory/1"


def fingerprint_inputs(files: Sequence[Path], *settings: object) -> str:
    """Hash of the bytes of some files and of the `repr` of some settings; a missing file counts.

    The names of the files take no part.
    """
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes() if path.exists() else None
        digest.update(b"-" if content is None else hashlib.sha256(content).digest())
    for value in settings:
        digest.update(hashlib.sha256(repr(value).encode()).digest())
    return digest.hexdigest()[:32]


def load_memory(path: Path) -> ThemeMemory | None:
    """Read what the last retrain left; None where there is no file.

    Raises
    ------
    ContractError
        If the file is not such a memory.
    """
    if not path.exists():
        return None
    try:
        return _memory(read_json(path))
    except (ContractError, KeyError, TypeError, ValueError) as error:
        raise ContractError(
            f"{path}: not the memory of a retrain ({type(error).__name__}: {error}); get the last "
            "one back with: dvc checkout, or delete it: themes that are not in the catalogue then "
            "begin anew"
        ) from error


def _memory(values: Any) -> ThemeMemory:
    if values["schema"] != _SCHEMA:
        raise ValueError(f"schema {values['schema']}, expected {_SCHEMA}")
    before = values["before"]
    return ThemeMemory(_snapshot(values["now"]), _snapshot(before) if before else None)


def save_memory(path: Path, memory: ThemeMemory) -> None:
    """Write the memory, one theme a line; the same memory gives the same bytes."""
    before = _text(memory.before) if memory.before else "null"
    head = f'"schema": {json.dumps(_SCHEMA)}'
    write_text(path, f'{{\n{head},\n"now": {_text(memory.now)},\n"before": {before}\n}}\n')


def save_events(path: Path, events: Sequence[ThemeEvent]) -> None:
    """Write events in the order given: ``{"events": [...]}``."""
    write_json(path, {"events": [dataclasses.asdict(event) for event in events]})


def load_events(path: Path) -> list[ThemeEvent]:
    """Read events.

    Raises
    ------
    ContractError
        If the file is missing or holds something else.
    """
    values = read_json(path)
    try:
        return [ThemeEvent(**(e | {"themes": tuple(e["themes"])})) for e in values["events"]]
    except (KeyError, TypeError) as error:
        raise ContractError(
            f"{path}: no list of events ({error}); run: dvc repro themes"
        ) from error


def _text(snapshot: Snapshot) -> str:
    themes = ",\n".join(_dumps(dataclasses.asdict(theme)) for theme in snapshot.themes)
    return (
        f'{{"fingerprint": {_dumps(snapshot.fingerprint)}, "model": {_dumps(snapshot.model)}, '
        f'"granularity": {snapshot.granularity},\n'
        f'"themes": [\n{themes}\n],\n"unplaced": {_dumps(list(snapshot.unplaced))}}}'
    )


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _snapshot(values: Any) -> Snapshot:
    themes = tuple(
        RememberedTheme(
            theme_id=str(t["theme_id"]),
            name=str(t["name"]),
            status=_status(t["status"]),
            members=tuple(map(str, t["members"])),
            centre=tuple(map(float, t["centre"])),
            absent=int(t["absent"]),
            part_of=t["part_of"],
        )
        for t in values["themes"]
    )
    unplaced = tuple(map(str, values["unplaced"]))
    return Snapshot(
        str(values["fingerprint"]), str(values["model"]), themes, unplaced,
        int(values["granularity"]),
    )  # fmt: skip


def _status(value: str) -> Any:
    if value not in {"catalogued", "provisional"}:
        raise ValueError(f"status {value!r}")
    return value
