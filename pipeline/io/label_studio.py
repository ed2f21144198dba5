"""Label Studio's JSON: tasks with the model's suggestion, and the annotations that come back.

Format: https://labelstud.io/guide/task_format and https://labelstud.io/guide/predictions
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from pipeline.errors import InputError
from pipeline.io.files import write_json, write_text
from pipeline.io.review_files import ReturnedRow, ReviewRow, returned_row

_THEME, _NOTE, _TEXT = "theme", "note", "text"


def config_beside(path: Path) -> Path:
    """File that holds the labelling configuration which belongs to the tasks in `path`."""
    return path.with_name(f"{path.stem}.config.xml")


def write_tasks(path: Path, rows: Sequence[ReviewRow], model_version: str) -> None:
    """Write rows as tasks for Label Studio, each with the suggestion as a prediction."""
    write_json(path, [_task_of(row, model_version) for row in rows])


def write_config(path: Path, names: Mapping[str, str]) -> None:
    """Write the labelling configuration: one choice for each theme, id → name."""
    choices = "\n".join(
        f"    <Choice value={quoteattr(theme)} hint={quoteattr(name)}/>"
        for theme, name in sorted(names.items())
    )
    write_text(
        path,
        "<View>\n"
        '  <Header value="$title"/>\n'
        '  <Text name="where" value="$where"/>\n'
        f'  <Text name="{_TEXT}" value="$text"/>\n'
        f'  <Choices name="{_THEME}" toName="{_TEXT}" choice="single" showInline="false">\n'
        f"{choices}\n"
        "  </Choices>\n"
        f'  <TextArea name="{_NOTE}" toName="{_TEXT}" maxSubmissions="1" placeholder="Note"/>\n'
        "</View>\n",
    )


def _task_of(row: ReviewRow, model_version: str) -> dict[str, Any]:
    stated = [part for part in (row.published, row.source, row.why) if part]
    return {
        "data": {
            "content_id": f"c-{row.content_id}",
            "title": row.title or "",
            "text": row.text,
            "where": " · ".join(stated),
            "published": row.published or "",
            "source": row.source or "",
            "suggested_theme": row.suggested_theme,
            "suggested_name": row.suggested_name,
            "alternatives": "; ".join(row.alternatives),
            "probability": row.probability,
            "why": row.why,
        },
        "predictions": [
            {
                "model_version": model_version,
                "score": row.probability,
                "result": [
                    {
                        "id": f"c-{row.content_id}",
                        "from_name": _THEME,
                        "to_name": _TEXT,
                        "type": "choices",
                        "value": {"choices": [row.suggested_theme]},
                    }
                ],
            }
        ],
    }


def read_tasks(path: Path) -> list[ReturnedRow]:
    """Read Label Studio's export in the format JSON: a row for each annotation of each task.

    Skipped annotations and those without a choice give a row without a theme. Who annotated is an
    email, a name, or `user-<number>` where the export gives a number alone.

    Raises
    ------
    InputError
        If it is no such export.
    """
    try:
        tasks = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise InputError(
            f"{path}: not readable ({error.strerror or error}); give Label Studio's JSON export"
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{path}: not readable as JSON ({error}); give Label Studio's export in the format JSON"
        ) from error
    if not isinstance(tasks, list) or not all(map(_is_task, tasks)):
        raise InputError(
            f"{path}: not a list of tasks with data and annotations; in Label Studio choose "
            "Export, format JSON (not JSON-MIN)"
        )
    return [row for number, task in enumerate(tasks, start=1) for row in _rows_of(number, task)]


def _is_task(task: object) -> bool:
    if not isinstance(task, dict) or not isinstance(task.get("data"), dict):
        return False
    annotations = task.get("annotations")
    return isinstance(annotations, list) and all(isinstance(a, dict) for a in annotations)


def _rows_of(number: int, task: Mapping[str, Any]) -> Iterator[ReturnedRow]:
    cells = {str(name): value for name, value in task["data"].items() if isinstance(value, str)}
    cells.pop(_TEXT, None)  # the whole article: too long for a row that is set aside
    for annotation in task["annotations"]:
        if annotation.get("was_cancelled"):
            said = {_THEME: "", _NOTE: ""}
        else:
            result = annotation.get("result")
            items = [item for item in result if isinstance(item, dict)] if result else []
            said = {
                _THEME: "; ".join(_values(items, _THEME, "choices")),
                _NOTE: " ".join(_values(items, _NOTE, "text")),
            }
        yield returned_row(
            number, {**cells, **said, "annotator": _annotator(annotation.get("completed_by"))}
        )


def _values(items: Sequence[Mapping[str, Any]], name: str, kind: str) -> list[str]:
    values: list[str] = []
    for item in items:
        value = item.get("value")
        found = value.get(kind) if item.get("from_name") == name and isinstance(value, dict) else []
        values += [found] if isinstance(found, str) else [str(part) for part in found or []]
    return values


def _annotator(completed_by: object) -> str:
    if isinstance(completed_by, dict):
        names = [str(completed_by.get(part) or "") for part in ("first_name", "last_name")]
        number = completed_by.get("id")
        return str(
            completed_by.get("email")
            or " ".join(filter(None, names))
            or (f"user-{number}" if number is not None else "")
        )
    return "" if completed_by is None else f"user-{completed_by}"
