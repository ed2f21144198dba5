"""themes.yaml: what the analyst follows, or every problem with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io.catalogue import load_catalogue
from pipeline.records import CatalogueTheme
from tests.conftest import CHECKOUT

GOOD = """
themes:
  - id: violins
    name: Violins
    seed_phrases: [a violin plays]
  - id: ferries
    name: Ferries
    description: |
      Boats that cross.
    must_mention:
      - [ferr*, boat]
    pinned: [c0ffee]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "themes.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_catalogue(path)
    return str(caught.value).split("\n")


def test_themes_are_read_by_id(tmp_path: Path) -> None:
    assert load_catalogue(write(tmp_path, GOOD)) == [
        CatalogueTheme(
            "ferries", "Ferries", "Boats that cross.", (), (("ferr*", "boat"),), ("c0ffee",)
        ),
        CatalogueTheme("violins", "Violins", "", ("a violin plays",)),
    ]


def test_a_missing_file_and_an_empty_list_hold_no_themes(tmp_path: Path) -> None:
    assert load_catalogue(tmp_path / "themes.yaml") == []
    assert load_catalogue(write(tmp_path, "themes: []\n")) == []


def test_the_shipped_catalogue_is_valid() -> None:
    ids = [theme.theme_id for theme in load_catalogue(CHECKOUT / "data" / "themes.yaml")]
    assert ids == ["russia-iran-ties", "uk-china-reset", "ukraine-attrition"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("id: Ferries\n    name: F\n    description: x", "themes.0.id: String should match"),
        ("id: a\n    description: x", "themes.0.name: Field required"),
        ("id: a\n    name: ''\n    description: x", "themes.0.name: String should have at least 1"),
        ("id: a\n    name: A\n    seed: [x]", "themes.0.seed: Extra inputs are not permitted"),
        (
            "id: a\n    name: A\n    seed_phrases: x",
            "themes.0.seed_phrases: Input should be a valid",
        ),
        (
            "id: a\n    name: A\n    pinned: [12]",
            "themes.0.pinned.0: Input should be a valid string",
        ),
        (
            "id: a\n    name: A\n    description: x\n    must_mention: [[]]",
            "themes.0.must_mention.0: List should have at least 1 item",
        ),
        ("id: a\n    name: A", "theme 'a' has no description, seed phrases or pinned articles"),
        ("id: unknown\n    name: A\n    description: x", "id 'unknown' is reserved"),
    ],
)
def test_a_wrong_entry_says_where_and_what(entry: str, message: str, tmp_path: Path) -> None:
    (problem,) = problems_of(write(tmp_path, f"themes:\n  - {entry}\n"))
    assert problem.startswith("themes.yaml: ")
    assert message in problem


def test_what_is_given_twice_is_told_all_at_once(tmp_path: Path) -> None:
    text = """
themes:
  - {id: a, name: Alpha, description: x, pinned: [c1, c2]}
  - {id: a, name: ALPHA, description: x}
  - {id: b, name: Beta, pinned: [c2]}
  - {id: c, name: Gamma}
"""
    problems = problems_of(write(tmp_path, text))
    assert problems == [
        "themes.yaml: id 'a' is given twice; ids are permanent",
        "themes.yaml: name 'ALPHA' is given twice; rename one",
        "themes.yaml: content 'c2' is pinned to 'a' and to 'b'; keep one",
        (
            "themes.yaml: theme 'c' has no description, seed phrases or pinned articles; "
            "add one of them, or it cannot be recognised"
        ),
    ]


@pytest.mark.parametrize(
    "text", ["themes: [", "themes: []\nthemes: []", "a: !!python/name:os.x ''"]
)
def test_bad_yaml_is_an_input_error(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: not valid YAML: ")


@pytest.mark.parametrize("text", ["", "- a", "themes", "topics: []", "themes:"])
def test_a_file_of_another_shape_is_refused(text: str, tmp_path: Path) -> None:
    problems = problems_of(write(tmp_path, text))
    assert all(problem.startswith("themes.yaml: ") for problem in problems)
    assert not any("_Catalogue" in problem for problem in problems)
