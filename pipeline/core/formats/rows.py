"""Tables (JSON, JSON lines, CSV, Parquet) → records, and records → drafts.

A record is a mapping of column names to values; `fields` knows what its values mean.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.core.formats.fields import ColumnNames, NoText, date_text, draft_record, language_of
from pipeline.core.texts import UnreadablePage
from pipeline.core.times.dates import is_day_first
from pipeline.records import Draft

_EXCERPT = 200
_NUMERIC_DATE = re.compile(r"(?<![\w/.-])\d{1,2}[-/.]\d{1,2}[-/.]\d{4}(?![\w/-])")


@dataclass(frozen=True, slots=True)
class Row:
    """One record and the line on which it begins (1-based; None in Parquet).

    `notes` say what is odd about how it was written.
    """

    line: int | None
    values: Mapping[str, object]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """One record that could not be read or has no text."""

    line: int | None
    code: str
    message: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class RowDraft:
    """What became of one record; `position` is its number in the table, from 0.

    `language` is the code that the record itself states, if it does.
    """

    position: int
    line: int | None
    result: Draft | BadRow
    language: str | None = None


def read_json_lines(text: str, first_line: int = 1) -> Iterator[Row | BadRow]:
    """Give the records of JSON lines; blank lines are none, a bad line spoils no other.

    `first_line` is the number that the first line of `text` has in its file.
    """
    for number, line in enumerate(text.split("\n"), start=first_line):
        if not line.strip():
            continue
        yield _read_object(line, number)


def _read_object(text: str, line: int) -> Row | BadRow:
    """Read one JSON object; keys that it gives twice are noted, and the last one counts."""
    twice: dict[str, None] = {}

    def collect(pairs: list[tuple[str, object]]) -> dict[str, object]:
        values = dict(pairs)
        if len(values) < len(pairs):
            keys = [key for key, _ in pairs]
            twice.update(dict.fromkeys(key for key in values if keys.count(key) > 1))
        return values

    try:
        values = json.loads(text, object_pairs_hook=collect)
    except (ValueError, RecursionError) as error:
        return BadRow(line, "json", f"not valid JSON ({error})", text[:_EXCERPT])
    if not isinstance(values, dict):
        message = f"a JSON {_JSON_NAMES[type(values)]}, not an object of columns"
        return BadRow(line, "json", message, text[:_EXCERPT])
    notes = tuple(f"the column '{key[:40]}' is given twice; the last one counts" for key in twice)
    return Row(line, values, notes)


_JSON_NAMES: Mapping[type, str] = {
    list: "array",
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
}
#: Names under which files of one object keep their records.
_LISTS = ("articles", "items", "data", "results", "records", "documents", "news", "entries", "rows")
_SPACE = re.compile(r"[ \t\n\r]*")


def read_json(text: str) -> Iterator[Row | BadRow]:
    """Give the records of a JSON file: an array of objects, one object, or JSON lines after all.

    An object that holds nothing but a list of objects beside plain values (`{"articles": [...]}`)
    stands for that list. Of an array that is broken somewhere, what comes before is kept.
    """
    begin = _after_space(text, 0)
    if text[begin : begin + 1] == "[":
        yield from _array_rows(text, begin + 1)
        return
    row = _read_object(text, 1)
    if isinstance(row, BadRow):
        yield from read_json_lines(text) if looks_like_json_lines(text) else [row]
        return
    listed = next(filter(None, (_objects(row.values.get(name)) for name in _LISTS)), None)
    yield from [row] if listed is None else (Row(1, record) for record in listed)


def _objects(value: object) -> list[dict[str, object]]:
    """Give the objects of a list that holds nothing else; an empty list otherwise."""
    if isinstance(value, list) and all(isinstance(item, dict) for item in value):
        return value
    return []


def _after_space(text: str, place: int) -> int:
    match = _SPACE.match(text, place)
    return match.end() if match else place


def _array_rows(text: str, place: int) -> Iterator[Row | BadRow]:
    """Give the elements of an array whose first one begins at `place` or after it."""
    decoder = json.JSONDecoder()
    line, counted = 1, 0
    place = _after_space(text, place)
    while text[place : place + 1] != "]":
        line, counted = line + text.count("\n", counted, place), place
        try:
            _, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError) as error:
            message = f"not valid JSON ({error}); the rest of the file is not read"
            yield BadRow(line, "json", message, text[place : place + _EXCERPT])
            return
        yield _read_object(text[place:end], line)
        place = _after_space(text, end)
        if text[place : place + 1] == ",":
            place = _after_space(text, place + 1)
        elif text[place : place + 1] != "]":
            message = "the array is cut off or lacks a comma; the rest of the file is not read"
            yield BadRow(line, "json", message, text[place : place + _EXCERPT])
            return


def looks_like_json_lines(text: str) -> bool:
    """Whether the first line that is not blank is a JSON object; others may be broken."""
    return isinstance(next(read_json_lines(text), None), Row)


def read_csv(text: str, first_line: int = 1) -> Iterator[Row | BadRow]:
    """Give the records of a CSV with a header; commas, semicolons or tabs part its columns.

    Where `text` is the header and some later records, `first_line` is the line of the file on
    which the first of them begins; 1 stands for the whole file.
    """
    with _field_limit(len(text)):
        yield from list(_csv_rows(text, first_line))


@contextlib.contextmanager
def _field_limit(n_chars: int) -> Iterator[None]:
    """Let fields be as long as the text; the limit is the process's, so it is put back."""
    before = csv.field_size_limit()
    csv.field_size_limit(max(before, n_chars))
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _csv_rows(text: str, first_line: int) -> Iterator[Row | BadRow]:
    header_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=header_line.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    header: list[str] | None = None
    line, skipped = 1, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield BadRow(line + skipped, "csv", f"not readable as CSV ({error})", "")
            line = reader.line_num + 1
            continue
        begins, line = line + skipped, reader.line_num + 1
        if not any(cell.strip() for cell in cells):
            continue
        if header is None:
            header = cells
            skipped = max(0, first_line - line)
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


def written_dates(rows: Iterable[Row | BadRow], columns: ColumnNames) -> set[str]:
    """Numeric dates of the records (`09-07-2025`): the evidence that `is_day_first` goes by."""
    dates: set[str] = set()
    for row in rows:
        if isinstance(row, Row):
            dates.update(_NUMERIC_DATE.findall(date_text(row.values, columns)))
    return dates


def draft_rows(
    rows: Iterable[Row | BadRow], columns: ColumnNames, day_first: bool | None = None
) -> list[RowDraft]:
    """Turn records into drafts.

    Parameters
    ----------
    rows : iterable of Row or BadRow
        Records of one table, all of them unless `day_first` is given.
    columns : mapping of str to sequence of str
        See `fields.ColumnNames`.
    day_first : bool, optional
        Whether `09-07-2025` puts the day first; by default it is seen from these records.

    Returns
    -------
    list of RowDraft
        One for each record, in their order; a record without text gives a `BadRow` (`no_text`).
    """
    records = list(rows)
    if day_first is None:
        day_first = is_day_first(sorted(written_dates(records, columns)))
    return [
        _row_draft(position, row, columns, day_first=day_first)
        for position, row in enumerate(records)
    ]


def _row_draft(
    position: int, row: Row | BadRow, columns: ColumnNames, *, day_first: bool
) -> RowDraft:
    if isinstance(row, BadRow):
        return RowDraft(position, row.line, row)
    language = language_of(row.values, columns)
    try:
        draft = draft_record(row.values, columns, day_first=day_first, notes=row.notes)
    except NoText as error:
        bad = BadRow(row.line, "no_text", str(error), error.excerpt[:_EXCERPT])
        return RowDraft(position, row.line, bad)
    return RowDraft(position, row.line, draft, language)
