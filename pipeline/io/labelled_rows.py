"""Labelled output read back, in any of its three formats."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pipeline.errors import InputError
from pipeline.io.review_files import unguard
from pipeline.io.tables import read_rows
from pipeline.records import LABELLED, Labelled

#: What ids begin with in CSV, so that no spreadsheet takes them for numbers.
_MARK = re.compile(r"[abcm]-(?=[0-9a-f]+$)")
_IDS = ("article_id", "content_id", "duplicate_group", "seen_before", "model_version")
_LABELLED = TypeAdapter(Labelled)


def read_labelled(path: Path) -> list[Labelled]:
    """Read what `newsthemes label` wrote: .csv, .jsonl or .parquet.

    Raises
    ------
    InputError
        If it is not readable, of another kind, or changed so that a row makes no sense.
    ContractError
        If it is a Parquet file of another schema.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; give labelled output (.csv, .jsonl or .parquet)")
    ending = path.suffix.lower()
    if ending == ".parquet":
        return read_rows(path, Labelled)
    if ending not in {".csv", ".jsonl"}:
        raise InputError(
            f"{path}: format not known (got '{ending or 'no ending'}'); give labelled output "
            "(.csv, .jsonl or .parquet)"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
        records = _csv_records(text) if ending == ".csv" else _json_records(text)
        return [_row_of(path, line, record) for line, record in records]
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(
            f"{path}: not readable as labelled output ({error}); write it again: newsthemes label"
        ) from error


def _json_records(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, json.loads(line)


def _csv_records(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    for row in reader:
        record: dict[str, Any] = {
            field.name: unguard(row.get(field.name) or "") for field in LABELLED
        }
        record |= {name: _MARK.sub("", record[name]) for name in _IDS}
        for field in LABELLED:
            if field.nullable and not record[field.name]:
                record[field.name] = None
        record["alternatives"] = [part for part in record["alternatives"].split(";") if part]
        yield reader.line_num, record


def _row_of(path: Path, line: int, record: Mapping[str, Any]) -> Labelled:
    try:
        return _LABELLED.validate_python(record)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise InputError(
            f"{path}: line {line}: {place}: {problem['msg']}; write it again: newsthemes label"
        ) from error
