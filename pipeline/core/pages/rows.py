"""Records of tables (JSON lines, CSV, Parquet) → drafts.

A record is a mapping of column names to values. Which names mean what comes from params.yaml; the
first that is there and holds something wins, in any case of letters.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.pages.articles import clean_body
from pipeline.core.pages.dates import is_day_first, parse_date
from pipeline.core.pages.texts import UnreadablePage, mend_text
from pipeline.records import Draft

#: Column names of each field of a draft, in the order in which they are looked for.
ColumnNames = Mapping[str, Sequence[str]]

_EXCERPT = 200
_MAX_FIELD = 100_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One record and the line on which it begins (1-based; None in Parquet)."""

    line: int | None
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class BadRow:
    """One record that could not be read or has no text."""

    line: int | None
    code: str
    message: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class RowDraft:
    """What became of one record; `position` is its number in the table, from 0."""

    position: int
    line: int | None
    result: Draft | BadRow


def read_json_lines(text: str) -> Iterator[Row | BadRow]:
    """Give the records of JSON lines; blank lines are none, a bad line spoils no other."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield BadRow(number, "json", f"not valid JSON ({error})", line[:_EXCERPT])
            continue
        if isinstance(values, dict):
            yield Row(number, values)
        else:
            message = f"a JSON {type(values).__name__}, not an object of columns"
            yield BadRow(number, "json", message, line[:_EXCERPT])


def looks_like_json_lines(text: str) -> bool:
    """Whether the first line that is not blank is a JSON object; others may be broken."""
    return isinstance(next(read_json_lines(text), None), Row)


def read_csv(text: str) -> Iterator[Row | BadRow]:
    """Give the records of a CSV with a header; commas, semicolons or tabs part its columns."""
    csv.field_size_limit(_MAX_FIELD)
    header_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=header_line.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    header: list[str] | None = None
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line, "csv", f"not readable as CSV ({error})", "")
            line = reader.line_num + 1
            continue
        begins, line = line, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = cells
        elif len(cells) > len(header):
            message = f"{len(cells)} cells, the header names {len(header)}"
            yield BadRow(begins, "csv", message, delimiter.join(cells)[:_EXCERPT])
        else:
            yield Row(begins, dict(zip(header, cells, strict=False)))


def read_parquet(content: bytes) -> Iterator[Row | BadRow]:
    """Give the records of a Parquet file.

    Raises
    ------
    UnreadablePage
        `parquet`: the file is cut off or no Parquet at all.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        batches = pq.ParquetFile(pa.BufferReader(content)).iter_batches(batch_size=1024)
        for batch in batches:
            yield from (Row(None, record) for record in batch.to_pylist())
    except (pa.ArrowException, OSError) as error:
        raise UnreadablePage("parquet", f"not readable as Parquet ({error})") from error


def draft_rows(rows: Iterable[Row | BadRow], columns: ColumnNames) -> list[RowDraft]:
    """Turn records into drafts.

    Parameters
    ----------
    rows : iterable of Row or BadRow
        All records of one table: whether `09-07-2025` puts the day first is seen from all dates.
    columns : mapping of str to sequence of str
        For each of `title`, `text`, `published`, `source` and `author`, the names to look for.

    Returns
    -------
    list of RowDraft
        One for each record, in their order; a record without text gives a `BadRow` (`no_text`).
    """
    records = list(rows)
    dates = (_text_of(_pick(r.values, columns["published"])) for r in records if isinstance(r, Row))
    day_first = is_day_first(dates)
    return [
        RowDraft(
            position,
            row.line,
            _draft(row, columns, day_first=day_first) if isinstance(row, Row) else row,
        )
        for position, row in enumerate(records)
    ]


def _draft(row: Row, columns: ColumnNames, *, day_first: bool) -> Draft | BadRow:
    picked = {field: _pick(row.values, names) for field, names in columns.items()}
    body = picked["text"]
    text = "\n\n".join(filter(None, map(_text_of, body))) if isinstance(body, list) else body
    if not isinstance(text, str) or not text.strip():
        shown = ", ".join(str(key) for key in list(row.values)[:12])
        wanted = ", ".join(columns["text"])
        message = f"no text in any of the columns {wanted} (columns found: {shown})"
        return BadRow(row.line, "no_text", message, str(picked["title"] or "")[:_EXCERPT])
    title = _line_of(picked["title"])
    return Draft(
        kind="article",
        title=title,
        text=clean_body(text.replace("\r\n", "\n").replace("\r", "\n"), title),
        published=_date_of(picked["published"], day_first=day_first),
        source=_line_of(picked["source"]),
        author=_line_of(picked["author"]),
    )


def _pick(values: Mapping[str, object], names: Sequence[str]) -> object:
    folded = {str(key).strip().lstrip("\ufeff").casefold(): value for key, value in values.items()}
    for name in names:
        value = folded.get(name.casefold())
        if not _is_missing(value):
            return value
    return None


def _is_missing(value: object) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, (str, list, dict)) and (not value or not str(value).strip())


def _text_of(value: object) -> str:
    """Write a value as text: lists are joined, a nested object gives its name."""
    if isinstance(value, dict):
        named: Any = value.get("name") or value.get("title") or ""
        return str(named)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text_of, value)))
    return "" if value is None else str(value)


def _line_of(value: object) -> str | None:
    return " ".join(mend_text(_text_of(value)).split()) or None


def _date_of(value: object, *, day_first: bool) -> str | None:
    if isinstance(value, (dt.datetime, dt.date)):
        return parse_date(value.isoformat())
    if isinstance(value, (bool, float)):
        return None
    return parse_date(_text_of(value), day_first=day_first)
