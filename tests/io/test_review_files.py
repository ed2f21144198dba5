"""Review files: opened by a spreadsheet, saved by it, and read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.io.review_files import (
    COLUMNS,
    ReviewRow,
    excerpt_of,
    guard,
    read_review,
    rejected_beside,
    themes_beside,
    unguard,
    write_refused,
    write_review,
    write_themes,
)

ROW = ReviewRow(
    "12345678", '=HYPERLINK("x")', 'First line.\n\nSecond, with "quotes"; and more.', "2024-03-01",
    None, "ships", "Ships at sea", 0.876, ("rain", "rafts"), "random",
)  # fmt: skip


def cells_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_a_row_is_safe_and_whole_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "review.csv"
    write_review(path, [ROW], "ann")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfnumber,content_id,title,")
    (cells,) = cells_of(path)
    assert tuple(cells) == COLUMNS
    assert cells == {
        "number": "1", "content_id": "c-12345678", "title": "'=HYPERLINK(\"x\")",
        "excerpt": 'First line. Second, with "quotes"; and more.', "published": "2024-03-01",
        "source": "", "suggested_theme": "ships", "suggested_name": "Ships at sea",
        "probability": "0.88", "alternatives": "rain; rafts", "why": "random", "theme": "",
        "annotator": "ann", "note": "",
    }  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_what_a_spreadsheet_saves_comes_back(
    delimiter: str, encoding: str, line_end: str, tmp_path: Path
) -> None:
    write_review(tmp_path / "a.csv", [ROW, ROW], "ann")
    rows = cells_of(tmp_path / "a.csv")
    rows[0] |= {"theme": "Ships at sea", "published": "01.03.2024", "probability": "0,88"}
    rows[1] |= {"theme": "rain", "note": "'=1+1, or\nso"}
    text = io.StringIO(newline="")
    columns = ["theme", *[c for c in COLUMNS if c not in {"theme", "source"}], "source", ""]
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    writer.writerow([c.title() if c == "theme" else c for c in columns])
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
    path = tmp_path / "b.csv"
    path.write_bytes(("sep=;\n" if delimiter == ";" else "").encode() + text.getvalue().encode())
    path.write_bytes(path.read_bytes().decode().encode(encoding))
    first, second = read_review(path)
    assert (first.content_id, first.theme, first.annotator) == ("12345678", "Ships at sea", "ann")
    assert (first.suggested_theme, first.why) == ("ships", "random")
    assert (second.theme, second.note) == ("rain", "=1+1, or\nso")
    assert first.line == (3 if delimiter == ";" else 2)


def test_rows_cut_short_and_rows_of_nothing_are_read(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("content_id,theme,note\nc-00ab00ab,ships\n,,\n\nC-00AB00AC,rain,x,y\n")
    assert [(r.line, r.content_id, r.theme, r.note) for r in read_review(path)] == [
        (2, "00ab00ab", "ships", ""),
        (5, "00ab00ac", "rain", "x"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "column content_id, theme missing (got nothing)"),
        (b"id,theme\n", "column content_id missing (got id, theme)"),
        (b'content_id,theme\nc-1,"x', "line 2: not readable as CSV"),
        (b"content_id,theme\nc-1,\xe9\n", 'save it as "CSV UTF-8"'),
    ],
)
def test_a_file_that_is_none_says_what_is_wrong(
    content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"r\.csv") as caught:
        read_review(path)
    assert message in str(caught.value)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not readable"):
        read_review(tmp_path / "none.csv")


def test_refused_rows_keep_all_cells_and_can_be_read_again(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("content_id,mine,theme\nc-00ab00ab,@x,shipz\n", encoding="utf-8")
    rows = read_review(path)
    refused = rejected_beside(path)
    assert refused.name == "r.csv.rejected.csv"
    write_refused(refused, [(rows[0], "no theme 'shipz'")])
    assert cells_of(refused) == [
        {"line": "2", "reason": "no theme 'shipz'", "content_id": "c-00ab00ab", "mine": "'@x",
         "theme": "shipz"}
    ]  # fmt: skip
    (again,) = read_review(refused)
    assert (again.content_id, again.theme, again.cells["mine"]) == ("00ab00ab", "shipz", "@x")
    write_refused(refused, [(again, "still")])
    assert list(cells_of(refused)[0]) == ["line", "reason", "content_id", "mine", "theme"]


def test_the_themes_stand_beside(tmp_path: Path) -> None:
    path = themes_beside(tmp_path / "review.csv")
    assert path.name == "review.themes.csv"
    write_themes(path, {"ships": "Ships", "rain": "=Rain"})
    assert path.read_text(encoding="utf-8-sig") == "theme,name\nrain,'=Rain\nships,Ships\n"


def test_an_excerpt_is_one_short_line_that_ends_at_a_word() -> None:
    assert excerpt_of("One.\n\nTwo  three.") == "One. Two three."
    long = excerpt_of("word, " * 200)
    assert len(long) <= 402
    assert long.endswith("word …")


@given(st.text())
def test_no_cell_starts_a_formula_and_all_come_back(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not guard(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\0"))
