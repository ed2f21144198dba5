"""Labelled output in its three formats comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io.labelled_files import write_labelled
from pipeline.io.labelled_rows import read_labelled
from pipeline.records import Labelled

ROWS = [
    Labelled(
        "0a1b", "12345678", "a.txt", 0, "=A title", "2024-01-01", None, "ships", "Ships", 0.91,
        ("rain", "rafts"), 0.2, "", "12345678", True, None, "00ff",
    ),
    Labelled(
        "0a1c", "00e5", "b.txt", 1, None, None, "wire", "unknown", "Unknown", 0.4, (), 0.99,
        "unlike anything", "00e5", False, "abc123", "00ff",
    ),
]  # fmt: skip


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_what_was_written_is_read(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{ending}"
    write_labelled(path, ROWS)
    assert read_labelled(path) == ROWS


def test_a_spreadsheet_may_have_saved_it_with_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_labelled(path, ROWS[1:])
    text = path.read_text(encoding="utf-8-sig").replace(",", ";").replace("\n", "\r\n")
    path.write_bytes(text.encode())
    assert read_labelled(path) == ROWS[1:]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.txt", "", "format not known"),
        ("x.jsonl", "{", "not readable as labelled output"),
        ("x.jsonl", "{}\n", "line 1: article_id: Field required"),
        ("x.csv", "a,b\n1,2\n", "line 2: position"),
        ("x.parquet", "no", "not readable as Parquet"),
    ],
)
def test_what_is_none_says_so(name: str, content: str, message: str, tmp_path: Path) -> None:
    from pipeline.errors import NewsthemesError

    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(NewsthemesError, match=message):
        read_labelled(path)


def test_a_missing_file_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_labelled(tmp_path / "x.csv")
