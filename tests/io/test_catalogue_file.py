"""Edits of themes.yaml: what was asked for is in it, and all else is as people wrote it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.themes import catalogue_edits as edits
from pipeline.core.themes.catalogue_edits import FoundTheme
from pipeline.errors import InputError, NewsthemesError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.catalogue_file import edit_catalogue
from pipeline.records import Catalogue

BEFORE = """\
# What we follow.   Two spaces at end.

themes:
  # --- boats ---
  - id: ferries   # for ever
    name: 'Ferries'
    description: >-
      Boats that cross.

      # this is text

    # why these
    seed_phrases:
      - "a ferry sails"   # typical
      - late boats
    must_mention: [[ferr*, boat,
       ship]]
    pinned: [c0ffee]  # said Ann

  # --- music ---
  - name: Violins
    seed_phrases: [a violin plays]
    id: violins
# the end
"""
NEW = FoundTheme("t-1234", "Café № 1: new", "", ("strikes: rail", "yes"), ("aaaaaa", "123456"))


def edited(tmp_path: Path, text: str, decide: object) -> str:
    path = tmp_path / "themes.yaml"
    path.write_bytes(text.encode())
    edit_catalogue(path, decide)  # type: ignore[arg-type]
    return path.read_bytes().decode()


def test_an_edit_changes_its_lines_and_nothing_else(tmp_path: Path) -> None:
    assert edited(
        tmp_path, BEFORE, lambda c: edits.rename_theme(c, "ferries", "It's a ship")
    ) == BEFORE.replace("'Ferries'", "'It''s a ship'")
    assert edited(
        tmp_path, BEFORE, lambda c: edits.pin_contents(c, "ferries", ["abba00"])
    ) == BEFORE.replace("[c0ffee]", "[c0ffee, abba00]")
    assert edited(
        tmp_path, BEFORE, lambda c: edits.exclude_contents(c, "violins", ["abba00", "123456"])
    ) == BEFORE.replace(
        "    id: violins\n", "    id: violins\n    excluded:\n      - abba00\n      - '123456'\n"
    )
    assert edited(tmp_path, BEFORE, lambda c: edits.keep_theme(c, NEW)) == BEFORE.replace(
        "    id: violins\n",
        "    id: violins\n\n"
        "  - id: t-1234\n    name: 'Café № 1: new'\n"
        "    seed_phrases:\n      - 'strikes: rail'\n      - 'yes'\n"
        "    pinned:\n      - aaaaaa\n      - '123456'\n",
    )
    assert edited(tmp_path, BEFORE, lambda c: edits.part_contents(c, "b", "a")) == BEFORE.replace(
        "    id: violins\n", "    id: violins\ncannot_link:\n  - [a, b]\n"
    )
    without = edited(tmp_path, BEFORE, lambda c: edits.retire_theme(c, "ferries"))
    start, stop = BEFORE.index("  - id: ferries"), BEFORE.index("\n  # --- music")
    assert without == BEFORE[:start] + BEFORE[stop:]


def test_the_last_theme_leaves_an_empty_list_that_takes_another(tmp_path: Path) -> None:
    def retire_all(catalogue: Catalogue) -> Catalogue:
        return replace(catalogue, themes=())

    text = edited(tmp_path, BEFORE, retire_all)
    assert "themes: []\n" in text
    assert "# --- music ---" in text
    again = edited(tmp_path, text, lambda c: edits.keep_theme(c, NEW))
    assert "themes:\n  - id: t-1234\n" in again
    assert "# --- music ---" in again


@pytest.mark.parametrize(
    "text",
    ["", "# only a note", "# a note\n\n", "themes: []", "themes:  [ ] # none\n", "\ufeffthemes: []\r\n",
     "cannot_link: []\n"],
)  # fmt: skip
def test_a_file_that_says_nothing_takes_a_first_theme_and_a_first_pair(
    text: str, tmp_path: Path
) -> None:
    def grow(catalogue: Catalogue) -> Catalogue:
        return edits.part_contents(edits.keep_theme(catalogue, NEW), "one", "two")

    after = edited(tmp_path, text, grow)
    assert load_catalogue(tmp_path / "themes.yaml") == grow(Catalogue())
    assert all(note in after for note in ("# only a note", "# a note", "# none") if note in text)


def test_a_missing_file_is_made(tmp_path: Path) -> None:
    path = tmp_path / "data" / "themes.yaml"
    assert edit_catalogue(path, lambda c: edits.keep_theme(c, NEW))
    assert [theme.name for theme in load_catalogue(path).themes] == ["Café № 1: new"]


def test_line_ends_stay_what_they_are(tmp_path: Path) -> None:
    text = edited(
        tmp_path,
        BEFORE.replace("\n", "\r\n"),
        lambda c: edits.part_contents(edits.keep_theme(c, NEW), "a", "b"),
    )
    assert text.count("\n") == text.count("\r\n")


def test_an_edit_that_changes_nothing_does_not_write(tmp_path: Path) -> None:
    path = tmp_path / "themes.yaml"
    path.write_text(BEFORE, encoding="utf-8")
    stamp = path.stat().st_mtime_ns
    assert not edit_catalogue(path, lambda c: edits.pin_contents(c, "ferries", ["c0ffee"]))
    assert path.stat().st_mtime_ns == stamp


@pytest.mark.parametrize(
    "text",
    [
        "themes: [{id: a, name: A, description: x}] # no",
        "{themes: [{id: a, name: A, description: x}]}",
        "themes:\n  - {id: a, name: A, description: &d x}\n  - {id: b, name: *d, pinned: [z]}\n",
    ],
)
def test_a_layout_that_cannot_be_edited_is_refused_and_left(text: str, tmp_path: Path) -> None:
    path = tmp_path / "themes.yaml"
    path.write_text(text, encoding="utf-8")

    def change(catalogue: Catalogue) -> Catalogue:
        renamed = edits.keep_theme(catalogue, NEW)
        if len(catalogue.themes) > 1:
            return edits.rename_theme(renamed, "b", "Beta")
        return renamed

    with pytest.raises(InputError, match=r"cannot be edited by a command .*; edit it by hand"):
        edit_catalogue(path, change)
    assert path.read_text(encoding="utf-8") == text
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["themes.yaml"]


def test_a_result_that_breaks_a_rule_is_never_written(tmp_path: Path) -> None:
    path = tmp_path / "themes.yaml"
    path.write_text(BEFORE, encoding="utf-8")

    def wrong(catalogue: Catalogue) -> Catalogue:
        return replace(catalogue, cannot_link=(("x", "x"),))

    with pytest.raises(InputError, match="not changed, as the result would be wrong: cannot_link"):
        edit_catalogue(path, wrong)
    assert path.read_text(encoding="utf-8") == BEFORE


IDS = ["ferries", "violins", "t-1", "t-2", "t-3"]
CONTENTS = ["c0ffee", "abba00", "123456", "1e5000", "decade"]
ids = st.sampled_from(IDS)
contents = st.sampled_from(CONTENTS)
names = st.text(min_size=1, max_size=12) | st.sampled_from(["yes", "a: b", "# x", "- y", "[z"])
commands = st.one_of(
    st.tuples(st.just("keep"), ids, names, contents),
    st.tuples(st.just("rename"), ids, names, contents),
    st.tuples(st.just("merge"), ids, ids, contents),
    st.tuples(st.just("split"), ids, ids, contents),
    st.tuples(st.sampled_from(["pin", "unpin", "exclude", "readmit"]), ids, ids, contents),
    st.tuples(st.sampled_from(["part", "rejoin"]), contents, ids, contents),
    st.tuples(st.just("retire"), ids, ids, contents),
)


def found(theme_id: str, name: str, content: str) -> FoundTheme:
    return FoundTheme(theme_id, name, "One. Two: three?", ("rail strikes", name), (content,))


def apply(  # noqa: PLR0911
    catalogue: Catalogue, command: tuple[str, str, str, str]
) -> Catalogue:
    what, one, other, content = command
    match what:
        case "keep":
            return edits.keep_theme(catalogue, found(one, other, content))
        case "rename":
            return edits.rename_theme(catalogue, one, other)
        case "merge":
            return edits.merge_themes(catalogue, one, found(other, other, content))
        case "split":
            parts = [found(one, one, "c0ffee"), found(other, f"part {other}", content)]
            return edits.split_theme(catalogue, one, parts)
        case "pin":
            return edits.pin_contents(catalogue, one, [content])
        case "unpin":
            return edits.unpin_contents(catalogue, one, [content])
        case "exclude":
            return edits.exclude_contents(catalogue, one, [content])
        case "readmit":
            return edits.readmit_contents(catalogue, one, [content])
        case "part":
            return edits.part_contents(catalogue, one, content)
        case "rejoin":
            return edits.rejoin_contents(catalogue, one, content)
    return edits.retire_theme(catalogue, one)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(commands, max_size=10),
    st.sampled_from([BEFORE, BEFORE.replace("\n", "\r\n"), "", "# note\n"]),
)
def test_any_commands_leave_what_the_same_edits_of_records_give(
    chosen: list[tuple[str, str, str, str]], text: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "themes.yaml"
        path.write_bytes(text.encode())
        expected = load_catalogue(path)
        for command in chosen:
            before = path.read_bytes()
            try:
                expected = apply(expected, command)
            except NewsthemesError:
                continue
            edit_catalogue(path, lambda catalogue, c=command: apply(catalogue, c))
            assert load_catalogue(path) == expected
            after = path.read_bytes()
            notes = [
                b"# What we follow.",
                b"# --- boats ---",
                b"# --- music ---",
                b"# the end",
                b"# note",
            ]
            assert [n for n in notes if n in before] == [n for n in notes if n in after]
            if b"- id: ferries" in after and b"ferries" not in repr(command).encode():
                end = b"c0ffee]  # said Ann"
                start = before.index(b"- id: ferries")
                if end in before:
                    assert before[start : before.index(end)] in after
