"""Labelled rows as people ask for them: .csv, .jsonl or .parquet, by the ending of the name."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Sequence
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.io.files import write_text
from pipeline.io.tables import write_rows
from pipeline.records import Labelled

ENDINGS = (".csv", ".jsonl", ".parquet")
#: A spreadsheet takes a cell that starts so for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def check_ending(path: Path) -> None:
    """Refuse a name that says no known format, before any work is done; UsageError."""
    if path.suffix.lower() not in ENDINGS:
        raise UsageError(
            f"--out {path}: format not known (got '{path.suffix or 'no ending'}'); end the name "
            f"in {', '.join(ENDINGS)}"
        )


def rejected_beside(path: Path) -> Path:
    """File that holds what could not be labelled of what `path` holds."""
    return path.with_name(path.name + ".rejected.jsonl")


def write_labelled(path: Path, rows: Sequence[Labelled]) -> None:
    """Write labelled rows; CSV opens safely in a spreadsheet, lists are joined by a semicolon."""
    check_ending(path)
    ending = path.suffix.lower()
    if ending == ".parquet":
        write_rows(path, rows, Labelled)
    elif ending == ".jsonl":
        lines = (json.dumps(dataclasses.asdict(r), ensure_ascii=False) + "\n" for r in rows)
        write_text(path, "".join(lines))
    else:
        write_text(path, _as_csv(rows))


def _as_csv(rows: Sequence[Labelled]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    names = [field.name for field in dataclasses.fields(Labelled)]
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(getattr(row, name)) for name in names])
    return text.getvalue()


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, tuple):
        value = ";".join(str(part) for part in value)
    if not isinstance(value, str):
        return value
    # A lone carriage return would not be quoted, and ends the row for most readers.
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + value if value.startswith(_FORMULA_STARTS) else value
