"""data/labels.csv: what people decided."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from pipeline.errors import InputError
from pipeline.records import UNKNOWN, Label

COLUMNS = ["content_id", "theme", "annotator", "note"]
_THEME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def load_labels(path: Path) -> list[Label]:
    """Read labels.csv, sorted by content id and annotator; a missing file holds no labels.

    Commas, semicolons or tabs part the columns; rows of empty cells are skipped.

    Raises
    ------
    InputError
        With every problem and its line: columns missing, an id or a theme left empty, a theme that
        is no id, two labels of one annotator for one content.
    """
    if not path.exists():
        return []
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(
            f"{path}: not readable ({error.strerror or error}); it must be a file that you may read"
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            f'{path}: not readable as UTF-8 text ({error}); save it as "CSV UTF-8"'
        ) from error
    # Where the comma is the decimal sign, spreadsheets part the columns by semicolons.
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    lines = io.StringIO(text, newline="")
    try:
        return _read(path, csv.DictReader(lines, strict=True, delimiter=delimiter))
    except csv.Error as error:
        raise InputError(
            f"{path}: not readable as CSV ({error}); look for a quote that is not closed"
        ) from error


def _read(path: Path, reader: csv.DictReader[str]) -> list[Label]:
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise InputError(
            f"{path}: line 1: column {', '.join(missing)} missing (got "
            f"{', '.join(reader.fieldnames or []) or 'nothing'}); needs {','.join(COLUMNS)}"
        )
    labels: dict[tuple[str, str], Label] = {}
    problems: list[str] = []
    for row in reader:
        if not any((row[name] or "").strip() for name in COLUMNS):
            continue
        label = Label(*((row[name] or "").strip() for name in COLUMNS))
        key = (label.content_id, label.annotator)
        place = f"{path}: line {reader.line_num}"
        if not label.content_id:
            problems.append(f"{place}: no content_id; copy it from the labelled output")
        elif not _THEME.fullmatch(label.theme):
            problems.append(
                f"{place}: theme '{label.theme}' is no theme id; use small letters, digits and "
                f"hyphens, or '{UNKNOWN}'"
            )
        elif key in labels:
            problems.append(
                f"{place}: {label.content_id} is labelled twice by '{label.annotator}'; keep one"
            )
        labels[key] = label
    if problems:
        raise InputError("\n".join(problems))
    return [labels[key] for key in sorted(labels)]
