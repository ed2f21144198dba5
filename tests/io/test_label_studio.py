"""Label Studio's JSON, there and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pipeline.errors import InputError
from pipeline.io.label_studio import config_beside, read_tasks, write_config, write_tasks
from pipeline.io.review_files import ReviewRow

ROW = ReviewRow(
    "12345678", "A title", "All of the text.", "2024-03-01", "wire", "ships", "Ships", 0.876,
    ("rain",), "random",
)  # fmt: skip


def exported(path: Path, *annotations: dict[str, Any]) -> Path:
    """The file that Label Studio would export of the tasks in `path`."""
    tasks = json.loads(path.read_text(encoding="utf-8"))
    for number, task in enumerate(tasks, start=1):
        task |= {"id": number, "annotations": list(annotations), "project": 1, "drafts": []}
    back = path.with_name("export.json")
    back.write_text(json.dumps(tasks), encoding="utf-8")
    return back


def choice(*themes: str, **fields: Any) -> dict[str, Any]:
    result = [
        {"id": "x1", "type": "choices", "from_name": "theme", "to_name": "text",
         "origin": "manual", "value": {"choices": list(themes)}},
        {"id": "x2", "type": "textarea", "from_name": "note", "to_name": "text",
         "value": {"text": ["sure", "of it"]}},
    ]  # fmt: skip
    return {"result": result, "was_cancelled": False, "completed_by": 7, **fields}


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    path = tmp_path / "tasks.json"
    write_tasks(path, [ROW], "abc")
    return path


def test_a_task_holds_the_article_and_the_suggestion_as_a_prediction(tasks: Path) -> None:
    (task,) = json.loads(tasks.read_text(encoding="utf-8"))
    assert task["data"]["text"] == "All of the text."
    assert task["data"]["content_id"] == "c-12345678"
    (prediction,) = task["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("abc", 0.876)
    (result,) = prediction["result"]
    assert (result["from_name"], result["to_name"], result["type"], result["value"]) == (
        "theme",
        "text",
        "choices",
        {"choices": ["ships"]},
    )


def test_the_configuration_names_what_tasks_and_results_name(tasks: Path) -> None:
    path = config_beside(tasks)
    write_config(path, {"ships": 'Ships "& <rafts>', "unknown": "none"})
    view = ET.parse(path).getroot()
    (task,) = json.loads(tasks.read_text(encoding="utf-8"))
    assert {e.get("value", "$")[1:] for e in view if "$" in e.get("value", "")} <= set(task["data"])
    choices = view.find("Choices[@name='theme'][@toName='text']")
    assert choices is not None
    assert [c.get("value") for c in choices] == ["ships", "unknown"]
    assert choices[0].get("hint") == 'Ships "& <rafts>'


def test_every_annotation_of_every_annotator_comes_back(tasks: Path) -> None:
    path = exported(
        tasks,
        choice("ships"),
        choice("rain", completed_by={"id": 3, "email": "eve@example.org", "first_name": "Eve"}),
        choice("rain", completed_by={"id": 4, "first_name": "Ben", "last_name": "Best"}),
    )
    rows = read_tasks(path)
    assert [(row.theme, row.annotator) for row in rows] == [
        ("ships", "user-7"),
        ("rain", "eve@example.org"),
        ("rain", "Ben Best"),
    ]
    assert {(r.line, r.content_id, r.note, r.suggested_theme, r.why) for r in rows} == {
        (1, "12345678", "sure of it", "ships", "random")
    }
    assert "text" not in rows[0].cells


def test_skipped_and_empty_annotations_have_no_theme_and_two_choices_are_no_theme(
    tasks: Path,
) -> None:
    path = exported(
        tasks, choice("ships", was_cancelled=True), choice(), choice("a", "b"), {"result": []}
    )
    assert [row.theme for row in read_tasks(path)] == ["", "", "a; b", ""]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not readable as JSON"),
        ("[" * 100_000, "not readable as JSON"),
        ('{"data": {}}', "not a list of tasks"),
        ('[{"content_id": "c-1", "theme": "ships"}]', "not JSON-MIN"),
        ('[{"data": {}, "annotations": [1]}]', "not a list of tasks"),
    ],
)
def test_what_is_no_export_says_so(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_tasks(path)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not readable"):
        read_tasks(tmp_path / "none.json")
