"""labels.csv: what people decided, or every problem with its line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.io.labels import COLUMNS, edit_labels, load_labels
from pipeline.records import Label
from tests.conftest import CHECKOUT

HEADER = "content_id,theme,annotator,note\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "labels.csv"
    path.write_bytes(text.encode(encoding))
    return path


def problems_of(path: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_labels(path)
    return str(caught.value).split("\n")


def test_labels_are_read_by_content_and_annotator(tmp_path: Path) -> None:
    text = HEADER + 'c2,ferries,ben,"a note, with a comma"\nc1,unknown,eve,\n c1 , ferries ,ann,\n'
    assert load_labels(write(tmp_path, text)) == [
        Label("c1", "ferries", "ann", ""),
        Label("c1", "unknown", "eve", ""),
        Label("c2", "ferries", "ben", "a note, with a comma"),
    ]


def test_a_missing_file_and_a_header_alone_hold_no_labels(tmp_path: Path) -> None:
    assert load_labels(tmp_path / "labels.csv") == []
    assert load_labels(write(tmp_path, HEADER)) == []


def test_what_a_spreadsheet_saves_is_read(tmp_path: Path) -> None:
    text = "theme,content_id,note,annotator,extra\r\nferries,c1,,ann,x\r\n"
    path = write(tmp_path, text, "utf-8-sig")
    assert load_labels(path) == [Label("c1", "ferries", "ann", "")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_header_says_what_parts_the_columns(delimiter: str, tmp_path: Path) -> None:
    text = "content_id|theme|annotator|note\r\nc1|ferries|ann|one, two; three\r\n"
    text = text.replace("one, two; three", '"one, two; three"')
    path = write(tmp_path, text.replace("|", delimiter), "utf-8-sig")
    assert load_labels(path) == [Label("c1", "ferries", "ann", "one, two; three")]


@pytest.mark.parametrize("blank", [",,,\n", "\n", " , ,,\n", ",,,,,\n"])
def test_blank_rows_are_skipped_and_counted_as_lines(blank: str, tmp_path: Path) -> None:
    text = HEADER + blank + "c1,ferries,ann,\n" + blank
    assert load_labels(write(tmp_path, text)) == [Label("c1", "ferries", "ann", "")]
    (problem,) = problems_of(write(tmp_path, HEADER + blank + ",ferries,ann,\n"))
    assert "line 3: no content_id" in problem


def test_the_shipped_labels_are_valid() -> None:
    load_labels(CHECKOUT / "data" / "labels.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "",
            "line 1: column content_id, theme, annotator, note missing (got nothing); needs content_id,theme,",
        ),
        (
            "content_id,theme,note\nc,t,\n",
            "line 1: column annotator missing (got content_id, theme, note); needs ",
        ),
        ("content_id|theme|annotator|note\n", "line 1: column content_id, theme, "),
        (HEADER + ",ferries,ann,\n", "line 2: no content_id; copy it from the labelled output"),
        (HEADER + "c1,,ann,\n", "line 2: theme '' is no theme id; use small letters"),
        (HEADER + "c1,Ferries!,ann,\n", "line 2: theme 'Ferries!' is no theme id"),
        (HEADER + "c1\n", "line 2: theme '' is no theme id"),
        (HEADER + "c1,a,ann,\nc1,b,ann,\n", "line 3: c1 is labelled twice by 'ann'; keep one"),
        (HEADER + 'c1,a,ann,"' + "x" * 200_000, "not readable as CSV"),
    ],
)
def test_a_wrong_line_says_where_what_and_what_to_do(
    text: str, message: str, tmp_path: Path
) -> None:
    path = write(tmp_path, text)
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: ")
    assert message in problem


def test_all_problems_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    text = HEADER + 'c1,a,ann,"two\nlines"\n,a,ann,\nc1,a,ann,\nc2,A,ann,\n'
    problems = problems_of(write(tmp_path, text))
    assert [p.split(": ")[1] for p in problems] == ["line 4", "line 5", "line 6"]


def test_an_unreadable_file_is_an_input_error(tmp_path: Path) -> None:
    (problem,) = problems_of(write(tmp_path, HEADER + "é", "latin-1"))
    assert "not readable as UTF-8 text" in problem
    assert problem.endswith('; save it as "CSV UTF-8"')
    (tmp_path / "labels.csv").unlink()
    (tmp_path / "labels.csv").mkdir()
    assert "not readable" in problems_of(tmp_path / "labels.csv")[0]


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[0-9a-f]{1,6}", fullmatch=True),
            st.from_regex(r"[a-z0-9][a-z0-9-]{0,8}", fullmatch=True),
            st.text(st.characters(exclude_categories=["C", "Z"]), max_size=4),
            st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8),
        ),
        unique_by=lambda row: (row[0], row[2]),
        max_size=6,
    )
)
def test_labels_written_as_csv_come_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str, str]]
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([COLUMNS, *rows])
    path = write(tmp_path_factory.mktemp("labels"), text.getvalue())
    assert load_labels(path) == [Label(*row) for row in sorted(rows, key=lambda r: (r[0], r[2]))]


def test_ids_may_begin_with_a_mark_that_keeps_them_text(tmp_path: Path) -> None:
    text = HEADER + "c-00ab,ferries,ben,\n00ab,ferries,ann,\nc-x,ferries,ann,\n"
    assert [label.content_id for label in load_labels(write(tmp_path, text))] == [
        "00ab",
        "00ab",
        "c-x",
    ]
    (problem,) = problems_of(write(tmp_path, HEADER + "c-00ab,a,ann,\n00ab,a,ann,\n"))
    assert "line 3: 00ab is labelled twice" in problem


def test_a_new_file_is_sorted_and_safe_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "data" / "labels.csv"
    labels = [Label("0123", "rain", "ann", "a, b"), Label("00ab", "ships", "ben", "")]
    assert edit_labels(path, lambda _: labels)
    assert path.read_bytes() == (
        b'content_id,theme,annotator,note\nc-00ab,ships,ben,\nc-0123,rain,ann,"a, b"\n'
    )
    assert not edit_labels(path, lambda there: there)


def test_an_edit_loses_nothing_that_people_wrote(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "theme;content_id;reason;annotator;note\r\nferries;00ab;old;ann;x\r\nrain;0001;;eve;\r\n",
        "utf-8-sig",
    )
    assert edit_labels(path, lambda there: [*there, Label("0abc", "rain", "ann", "=1")])
    assert path.read_bytes().decode("utf-8") == (
        "\ufefftheme;content_id;reason;annotator;note\r\nrain;0001;;eve;\r\n"
        "ferries;00ab;old;ann;x\r\nrain;0abc;;ann;=1\r\n"
    )


def test_a_wrong_file_is_not_edited(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + "c1,A,ann,\n")
    before = path.read_bytes()
    with pytest.raises(InputError):
        edit_labels(path, lambda there: there)
    assert path.read_bytes() == before
