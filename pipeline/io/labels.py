"""data/labels.csv: what people decided."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.io.files import write_text
from pipeline.io.locks import holding
from pipeline.records import UNKNOWN, Label

COLUMNS = ["content_id", "theme", "annotator", "note"]
_THEME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_MARKED = re.compile(r"c-([0-9a-f]+)")
_PATIENCE = 30.0
_BOM = "\ufeff"
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _File:
    """labels.csv as it stands: its labels, how it is written, and columns of people's own.

    `extra` holds the cells of further columns by content id and annotator. `is_marked` says that
    content ids begin with `c-`.
    """

    labels: tuple[Label, ...]
    columns: tuple[str, ...] = tuple(COLUMNS)
    extra: Mapping[_Key, Mapping[str, str]] | None = None
    delimiter: str = ","
    has_bom: bool = False
    line_end: str = "\n"
    is_marked: bool = True


def plain_id(given: str) -> str:
    """Content id without the `c-` that keeps spreadsheets from taking it for a number."""
    marked = _MARKED.fullmatch(given)
    return marked[1] if marked else given


def load_labels(path: Path) -> list[Label]:
    """Read labels.csv, sorted by content id and annotator; a missing file holds no labels.

    Commas, semicolons or tabs part the columns; rows of empty cells are skipped. Content ids may
    begin with `c-`, which is taken off.

    Raises
    ------
    InputError
        With every problem and its line: columns missing, an id or a theme left empty, a theme that
        is no id, two labels of one annotator for one content.
    """
    return list(_load(path).labels)


def edit_labels(path: Path, change: Callable[[list[Label]], Sequence[Label]]) -> bool:
    """Let `change` give new labels for those that are there; whether the file was written.

    The file is replaced as a whole, sorted by content id and annotator. Further columns, what
    parts the columns, and whether ids begin with `c-` stay as they were; a new file gets `c-`.

    Raises
    ------
    InputError
        As `load_labels`, or if the file cannot be written.
    BusyError
        If another command edits it for long.
    """
    with holding(path.parent / "cache" / f"{path.name}.lock", patience=_PATIENCE):
        before = _load(path)
        labels = change(list(before.labels))
        if list(labels) == list(before.labels):
            return False
        write_text(path, _text_of(before, labels))
    return True


def _load(path: Path) -> _File:
    if not path.exists():
        return _File(())
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise InputError(
            f"{path}: not readable ({error.strerror or error}); it must be a file that you may read"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f'{path}: not readable as UTF-8 text ({error}); save it as "CSV UTF-8"'
        ) from error
    has_bom, text = text.startswith(_BOM), text.removeprefix(_BOM)
    # Where the comma is the decimal sign, spreadsheets part the columns by semicolons.
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    lines = io.StringIO(text, newline="")
    try:
        found = _read(path, csv.DictReader(lines, strict=True, delimiter=delimiter))
    except csv.Error as error:
        raise InputError(
            f"{path}: not readable as CSV ({error}); look for a quote that is not closed"
        ) from error
    line_end = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    return _File(
        found.labels, found.columns, found.extra, delimiter, has_bom, line_end, found.is_marked
    )


def _read(path: Path, reader: csv.DictReader[str]) -> _File:
    columns = tuple(reader.fieldnames or ())
    missing = [name for name in COLUMNS if name not in columns]
    if missing:
        raise InputError(
            f"{path}: line 1: column {', '.join(missing)} missing (got "
            f"{', '.join(columns) or 'nothing'}); needs {','.join(COLUMNS)}"
        )
    labels: dict[_Key, Label] = {}
    extra: dict[_Key, Mapping[str, str]] = {}
    problems: list[str] = []
    n_marked = 0
    for row in reader:
        if not any((row[name] or "").strip() for name in COLUMNS):
            continue
        given, *others = ((row[name] or "").strip() for name in COLUMNS)
        n_marked += given != plain_id(given)
        label = Label(plain_id(given), *others)
        key = (label.content_id, label.annotator)
        problem = _problem_of(label, is_known=key in labels)
        if problem:
            problems.append(f"{path}: line {reader.line_num}: {problem}")
        labels[key] = label
        extra[key] = {name: row[name] or "" for name in columns if name not in COLUMNS}
    if problems:
        raise InputError("\n".join(problems))
    is_marked = n_marked > 0 or not labels
    return _File(tuple(labels[key] for key in sorted(labels)), columns, extra, is_marked=is_marked)


def _problem_of(label: Label, *, is_known: bool) -> str | None:
    if not label.content_id:
        return "no content_id; copy it from the labelled output"
    if not _THEME.fullmatch(label.theme):
        return (
            f"theme '{label.theme}' is no theme id; use small letters, digits and hyphens, or "
            f"'{UNKNOWN}'"
        )
    if is_known:
        return f"{label.content_id} is labelled twice by '{label.annotator}'; keep one"
    return None


def _text_of(file: _File, labels: Sequence[Label]) -> str:
    text = io.StringIO(newline="")
    if file.has_bom:
        text.write(_BOM)
    columns = file.columns
    writer = csv.DictWriter(
        text, columns, restval="", delimiter=file.delimiter, lineterminator=file.line_end
    )
    writer.writeheader()
    for label in sorted(labels, key=lambda label: (label.content_id, label.annotator)):
        own = (file.extra or {}).get((label.content_id, label.annotator), {})
        mark = "c-" if file.is_marked and re.fullmatch(r"[0-9a-f]+", label.content_id) else ""
        writer.writerow({
            **own,
            "content_id": mark + label.content_id,
            "theme": label.theme,
            "annotator": label.annotator,
            "note": label.note,
        })  # fmt: skip
    return text.getvalue()
