"""Labelled rows as people ask for them: .csv, .jsonl or .parquet, by the ending of the name."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipeline.errors import UsageError
from pipeline.io.files import replacing
from pipeline.io.tables import write_rows
from pipeline.records import Labelled

ENDINGS = (".csv", ".jsonl", ".parquet")
#: A spreadsheet takes a cell that starts so for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")

#: What ids begin with in CSV.
_ID_MARKS = {
    "article_id": "a",
    "content_id": "c",
    "duplicate_group": "c",
    "seen_before": "b",
    "model_version": "m",
}


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


def write_labelled(path: Path, rows: Iterable[Labelled]) -> None:
    """Write labelled rows, which need not fit into memory.

    CSV opens safely in a spreadsheet: it begins with a mark that says UTF-8, lists are joined by
    a semicolon, and ids begin with a letter and a hyphen, as one like `1234e567` or of digits
    alone would become a number.
    """
    check_ending(path)
    ending = path.suffix.lower()
    if ending == ".parquet":
        write_rows(path, rows, Labelled)
        return
    lines = _json_lines(rows) if ending == ".jsonl" else _csv_lines(rows)
    with replacing(path) as temporary, temporary.open("wb") as file:
        for line in lines:
            file.write(line.encode("utf-8", errors="surrogatepass"))


def _json_lines(rows: Iterable[Labelled]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(dataclasses.asdict(row), ensure_ascii=False) + "\n"


def _csv_lines(rows: Iterable[Labelled]) -> Iterator[str]:
    names = [field.name for field in dataclasses.fields(Labelled)]
    yield "\ufeff" + _csv_line(names)
    for row in rows:
        yield _csv_line([_cell(name, getattr(row, name)) for name in names])


def _csv_line(cells: Iterable[object]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _cell(name: str, value: object) -> object:
    if value is None:
        return ""
    if name in _ID_MARKS:
        return f"{_ID_MARKS[name]}-{value}"
    if isinstance(value, tuple):
        value = ";".join(str(part) for part in value)
    if not isinstance(value, str):
        return value
    # A lone carriage return would not be quoted, and ends the row for most readers.
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + value if value.startswith(_FORMULA_STARTS) else value
