"""themes.yaml: what the analyst follows, or every problem with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io.catalogue import load_catalogue
from pipeline.records import Catalogue, CatalogueTheme
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
    excluded: [decaf, decaf]
    merged: [t-boats]
cannot_link:
  - [decaf, c0ffee]
  - [c0ffee, abba]
  - [c0ffee, decaf]
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
    assert load_catalogue(write(tmp_path, GOOD)) == Catalogue(
        themes=(
            CatalogueTheme(
                "ferries",
                "Ferries",
                "Boats that cross.",
                (),
                (("ferr*", "boat"),),
                pinned=("c0ffee",),
                excluded=("decaf",),
                merged=("t-boats",),
            ),
            CatalogueTheme("violins", "Violins", "", ("a violin plays",)),
        ),
        cannot_link=(("abba", "c0ffee"), ("c0ffee", "decaf")),
    )


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "themes: []\n", "cannot_link: []\n"])
def test_a_missing_file_and_one_that_says_nothing_hold_no_themes(tmp_path: Path, text: str) -> None:
    assert load_catalogue(tmp_path / "themes.yaml") == Catalogue()
    assert load_catalogue(write(tmp_path, text)) == Catalogue()


def test_the_shipped_catalogue_is_valid() -> None:
    ids = [theme.theme_id for theme in load_catalogue(CHECKOUT / "data" / "themes.yaml").themes]
    assert ids == ["russia-iran-ties", "uk-china-reset", "ukraine-attrition"]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            "id: Ferries\n    name: F\n    description: x",
            "theme 1: id: not an id (got 'Ferries'); use small letters a to z, digits and hyphens",
        ),
        ("id: a\n    description: x", "theme 'a': name: missing; add it"),
        ("name: A\n    description: x", "theme 1: id: missing; add it"),
        ("id: a\n    name: ''\n    description: x", "theme 'a': name: empty; write a text, or"),
        (
            "id: a\n    name: A\n    seed_phrase: [x]",
            "theme 'a': seed_phrase: unknown key; did you mean 'seed_phrases'?",
        ),
        ("id: a\n    name: A\n    zzz: [x]", "theme 'a': zzz: unknown key; known keys: id, name,"),
        (
            "id: a\n    name: A\n    seed_phrases: x",
            "theme 'a': seed_phrases: must be a list (got 'x'); write one text a line, each after",
        ),
        (
            "id: a\n    name: A\n    seed_phrases:\n      - one\n      - Ferries: late again",
            "theme 'a': seed_phrases, item 2: the colon makes a mapping of it "
            "(got {'Ferries': 'late again'}); put the text in quotes",
        ),
        (
            "id: a\n    name: A\n    seed_phrases: [[x]]",
            "theme 'a': seed_phrases, item 1: must be a text (got ['x']); write one, without",
        ),
        (
            "id: a\n    name: A\n    seed_phrases:\n      -",
            "theme 'a': seed_phrases, item 1: empty; write a text, or remove it",
        ),
        (
            "id: a\n    name: A\n    pinned: [12]",
            "theme 'a': pinned, item 1: must be a text (got 12, of type int); put it in quotes",
        ),
        ("id: a\n    name: A\n    1: x", "theme 'a': 1: a key must be a word (got 1); remove it"),
        (
            "id: a\n    name: A\n    description: x\n    must_mention: [[]]",
            "theme 'a': must_mention, item 1: a group without terms; write its terms, or remove it",
        ),
        (
            "id: a\n    name: A\n    description: x\n    must_mention: [boat]",
            "theme 'a': must_mention, item 1: must be a list (got 'boat'); put the terms of a",
        ),
        ("ferries", "theme 1: not a theme (got 'ferries'); write '- id: …'"),
        ("id: a\n    name: A", "theme 'a' has no description, seed phrases or pinned articles"),
        ("id: unknown\n    name: A\n    description: x", "id 'unknown' is reserved"),
    ],
)
def test_a_wrong_entry_says_where_and_what(entry: str, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"themes:\n  - {entry}\n")
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: ")
    assert message in problem


def test_what_is_given_twice_is_told_all_at_once(tmp_path: Path) -> None:
    text = """
themes:
  - {id: a, name: Alpha, description: x, pinned: [c1, c2]}
  - {id: a, name: ALPHA, description: x}
  - {id: b, name: Beta, pinned: [c2]}
  - {id: c, name: Gamma}
"""
    path = write(tmp_path, text)
    assert problems_of(path) == [
        f"{path}: id 'a' is given twice; give one of them another",
        f"{path}: name 'ALPHA' is given twice; rename one",
        (
            f"{path}: theme 'c' has no description, seed phrases or pinned articles; "
            "add one of them, or it cannot be recognised"
        ),
        f"{path}: content 'c2' is pinned to 'a' and to 'b'; keep one",
    ]


def test_edits_that_contradict_each_other_are_told_all_at_once(tmp_path: Path) -> None:
    text = """
themes:
  - {id: a, name: Alpha, pinned: [c1, c2], excluded: [c1], merged: [t-1, a, unknown]}
  - {id: b, name: Beta, description: x, merged: [t-1, c]}
  - {id: c, name: Gamma, description: x}
cannot_link:
  - [c1, c2]
  - [c3, c3]
"""
    path = write(tmp_path, text)
    assert problems_of(path) == [
        f"{path}: theme 'a' is merged into itself; remove its id from merged",
        f"{path}: theme 'a': 'unknown' is no theme to merge; remove it",
        f"{path}: id 't-1' is merged into 'a' and 'b'; keep one",
        f"{path}: id 'c' is merged into 'b' and is a theme as well; remove one of them",
        f"{path}: content 'c1' is pinned to 'a' and excluded; keep one",
        (
            f"{path}: cannot_link: contents 'c1' and 'c2' are both pinned to 'a'; "
            "remove the pair, or unpin one"
        ),
        f"{path}: cannot_link: content 'c3' is paired with itself; remove the pair",
    ]


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ("[[a]]", "cannot_link, item 1: a pair has two contents (got ['a']); write [content id,"),
        ("[[a, b, c]]", "cannot_link, item 1: a pair has two contents (got ['a', 'b', 'c']);"),
        ("[a]", "cannot_link, item 1: must be a list (got 'a'); write one pair a line: - [con"),
        ("x", "cannot_link: must be a list (got 'x'); write one pair a line: - [content id,"),
        ("[[a, 7]]", "cannot_link, item 1, item 2: must be a text (got 7, of type int); put it"),
    ],
)
def test_a_wrong_pair_says_where_and_what(pairs: str, message: str, tmp_path: Path) -> None:
    path = write(tmp_path, f"themes: []\ncannot_link: {pairs}\n")
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: {message}")


@pytest.mark.parametrize(
    "text", ["themes: [", "themes: []\nthemes: []", "a: !!python/name:os.x ''"]
)
def test_bad_yaml_is_an_input_error(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: not valid YAML: ")


@pytest.mark.parametrize("text", ["- a", "themes", "topics: []", "themes:", "cannot_link:"])
def test_a_file_of_another_shape_is_refused(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    problems = problems_of(path)
    assert all(problem.startswith(f"{path}: ") and "; " in problem for problem in problems)
    assert not any("_Catalogue" in problem for problem in problems)
