"""Review files as spreadsheets: written for people, and read back whatever became of them there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InputError
from pipeline.io.files import write_text
from pipeline.io.labels import plain_id

if TYPE_CHECKING:
    from _csv import Reader as _Reader

COLUMNS = (
    "number", "content_id", "title", "excerpt", "published", "source", "suggested_theme",
    "suggested_name", "probability", "alternatives", "why", "theme", "annotator", "note",
)  # fmt: skip
_NEEDED = ("content_id", "theme")
_EXCERPT = 400
#: A spreadsheet takes a cell that starts so for a formula (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One article to be looked at.

    `suggested_theme` is a theme id or `unknown`; `probability` is in [0, 1]; `alternatives` are
    theme ids, best first; `why` says why it is shown, parted by semicolons.
    """

    content_id: str
    title: str | None
    text: str
    published: str | None
    source: str | None
    suggested_theme: str
    suggested_name: str
    probability: float
    alternatives: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class ReturnedRow:
    """One row as it came back; `cells` holds all of it by column, for setting it aside.

    `line` is 1-based: of the file, or the number of the task.
    """

    line: int
    content_id: str
    theme: str
    annotator: str
    note: str
    suggested_theme: str
    why: str
    cells: Mapping[str, str]


def themes_beside(path: Path) -> Path:
    """File that lists the themes which may be written into the review file `path`."""
    return path.with_name(f"{path.stem}.themes.csv")


def rejected_beside(path: Path) -> Path:
    """File that holds the rows of `path` which could not be used."""
    return path.with_name(f"{path.name}.rejected.csv")


def write_review(path: Path, rows: Sequence[ReviewRow], annotator: str | None = None) -> None:
    """Write rows with an empty column `theme`; opens well and safely in a spreadsheet.

    The file begins with a mark that says UTF-8, content ids with `c-`; no cell has a line break.
    """
    cells = [
        {
            "number": str(number),
            "content_id": f"c-{row.content_id}",
            "title": row.title or "",
            "excerpt": excerpt_of(row.text),
            "published": row.published or "",
            "source": row.source or "",
            "suggested_theme": row.suggested_theme,
            "suggested_name": row.suggested_name,
            "probability": f"{row.probability:.2f}",
            "alternatives": "; ".join(row.alternatives),
            "why": row.why,
            "annotator": annotator or "",
        }
        for number, row in enumerate(rows, start=1)
    ]
    write_text(path, _csv_text(COLUMNS, cells))


def write_themes(path: Path, names: Mapping[str, str]) -> None:
    """Write theme ids and names, for people to copy from."""
    rows = [{"theme": theme, "name": name} for theme, name in sorted(names.items())]
    write_text(path, _csv_text(("theme", "name"), rows))


def write_refused(path: Path, rows: Sequence[tuple[ReturnedRow, str]]) -> None:
    """Write rows that could not be used, as they came, with their line and the reason before."""
    columns = dict.fromkeys(name for row, _ in rows for name in row.cells)
    cells = [
        {"line": str(row.line), "reason": reason}
        | {name: cell for name, cell in row.cells.items() if name not in {"line", "reason"}}
        for row, reason in rows
    ]
    names = ("line", "reason", *(name for name in columns if name not in {"line", "reason"}))
    write_text(path, _csv_text(names, cells))


def read_review(path: Path) -> list[ReturnedRow]:
    """Read a review file that people filled in and saved, with rows of empty cells left out.

    Commas, semicolons or tabs may part the columns, which may stand in any order; only
    `content_id` and `theme` are needed.

    Raises
    ------
    InputError
        If it is no such file.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(
            f"{path}: not readable ({error.strerror or error}); give the file that was filled in"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f'{path}: not readable as UTF-8 text ({error}); save it as "CSV UTF-8"'
        ) from error
    n_before = 0
    if text.lower().startswith("sep="):
        text, n_before = text.partition("\n")[2], 1
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    try:
        return list(_rows_of(path, reader, n_before))
    except csv.Error as error:
        raise InputError(
            f"{path}: line {reader.line_num + n_before}: not readable as CSV ({error}); look for "
            "a quote that is not closed"
        ) from error


def excerpt_of(text: str) -> str:
    """Return the beginning of a text as one line of at most about 400 characters, cut at a word."""
    line = " ".join(text[: 4 * _EXCERPT].split())
    if len(line) <= _EXCERPT:
        return line
    return line[:_EXCERPT].rpartition(" ")[0].rstrip(" ,;:") + " …"


def guard(value: str) -> str:
    """`value` so that no spreadsheet takes it for a formula; `unguard` gives it back."""
    is_risky = value.lstrip("'").startswith(_FORMULA_STARTS)
    return f"'{value}" if is_risky else value


def unguard(cell: str) -> str:
    """Undo `guard`."""
    is_guarded = cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_STARTS)
    return cell[1:] if is_guarded else cell


def _rows_of(path: Path, lines: _Reader, n_before: int) -> Iterator[ReturnedRow]:
    header = [" ".join(name.split()).lower() for name in next(lines, [])]
    missing = [name for name in _NEEDED if name not in header]
    if missing:
        raise InputError(
            f"{path}: line 1: column {', '.join(missing)} missing (got "
            f"{', '.join(header) or 'nothing'}); give a file of newsthemes review export"
        )
    for values in lines:
        if any(value.strip() for value in values):
            padded = values + [""] * (len(header) - len(values))
            cells = {name: unguard(v).strip() for name, v in zip(header, padded, strict=False)}
            yield returned_row(lines.line_num + n_before, cells)


def returned_row(line: int, cells: Mapping[str, str]) -> ReturnedRow:
    """Build a row from its cells by column; those that are missing are empty."""
    return ReturnedRow(
        line=line,
        content_id=plain_id(cells.get("content_id", "").lower()),
        theme=cells.get("theme", ""),
        annotator=cells.get("annotator", ""),
        note=cells.get("note", ""),
        suggested_theme=cells.get("suggested_theme", ""),
        why=cells.get("why", ""),
        cells=cells,
    )


def _csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> str:
    text = io.StringIO(newline="")
    text.write(_BOM)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guard(_one_line(row.get(name, ""))) for name in columns])
    return text.getvalue()


def _one_line(value: str) -> str:
    # A line break in a cell is kept by no two spreadsheets alike; NUL ends the file for some.
    return " ".join(value.replace("\0", " ").splitlines()) if value else ""
