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
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not readable as UTF-8 text ({error})") from error
    try:
        return _read(path, csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(
            f"{path}: not readable as CSV ({error}); look for a quote that is not closed"
        ) from error


def _read(path: Path, reader: csv.DictReader[str]) -> list[Label]:
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise InputError(
            f"{path}: line 1: column {', '.join(missing)} missing; needs {','.join(COLUMNS)}"
        )
    labels: dict[tuple[str, str], Label] = {}
    problems: list[str] = []
    for row in reader:
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
