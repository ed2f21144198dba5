"""Labelled rows as files: by the ending, safe to open, and nothing lost."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UsageError
from pipeline.io.labelled_files import ENDINGS, check_ending, rejected_beside, write_labelled
from pipeline.io.tables import read_rows
from pipeline.records import Labelled


def make_row(**fields: Any) -> Labelled:
    defaults: dict[str, Any] = {
        "article_id": "a1",
        "content_id": "c1",
        "source_file": "page.txt",
        "position": 0,
        "title": "A headline",
        "published": "2024-05-01",
        "source": "Harbour Dispatch",
        "theme": "ferries",
        "theme_name": "Ferries",
        "probability": 0.75,
        "alternatives": ("violins", "orchards"),
        "novelty": 0.125,
        "reason": "",
        "duplicate_group": "g1",
        "is_canonical": True,
        "seen_before": None,
        "model_version": "v1",
    }
    return Labelled(**(defaults | fields))


def read_csv(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", ["out.csv", "out.JSONL", "a.b.Parquet"])
def test_known_endings_are_taken_in_any_case(name: str, tmp_path: Path) -> None:
    check_ending(tmp_path / name)
    write_labelled(tmp_path / name, [make_row()])
    assert (tmp_path / name).stat().st_size > 0


@pytest.mark.parametrize(("name", "got"), [("out.xlsx", r"\.xlsx"), ("out", "no ending")])
def test_another_ending_is_refused_before_anything_is_written(
    name: str, got: str, tmp_path: Path
) -> None:
    message = rf"format not known \(got '{got}'\); end the name in \.csv, \.jsonl, \.parquet"
    for use in (lambda: check_ending(tmp_path / name), lambda: write_labelled(tmp_path / name, [])):
        with pytest.raises(UsageError, match=message):
            use()
    assert list(tmp_path.iterdir()) == []


def test_what_is_rejected_lies_beside_the_result(tmp_path: Path) -> None:
    assert rejected_beside(tmp_path / "a.csv") == tmp_path / "a.csv.rejected.jsonl"


def test_a_csv_row_reads_like_the_record(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_labelled(path, [make_row(published=None)])
    (row,) = read_csv(path)
    assert list(row) == [field.name for field in dataclasses.fields(Labelled)]
    assert (row["theme"], row["probability"], row["position"]) == ("ferries", "0.75", "0")
    assert (row["published"], row["alternatives"]) == ("", "violins;orchards")
    assert row["is_canonical"] == "True"


@pytest.mark.parametrize("hexadecimal", ["1234e567", "123456789012", "00012345", "c0ffee"])
def test_no_id_in_a_csv_is_a_number(hexadecimal: str, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    ids = ("article_id", "content_id", "duplicate_group", "seen_before", "model_version")
    write_labelled(path, [make_row(**dict.fromkeys(ids, hexadecimal))])
    (row,) = read_csv(path)
    assert [row[name] for name in ids] == [f"{mark}-{hexadecimal}" for mark in "accbm"]


def test_a_csv_says_that_it_is_utf_8_and_other_files_do_not(tmp_path: Path) -> None:
    for ending in (".csv", ".jsonl"):
        write_labelled(tmp_path / f"out{ending}", [make_row()])
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfarticle_id,")
    assert (tmp_path / "out.jsonl").read_bytes().startswith(b"{")


@pytest.mark.parametrize("ending", ENDINGS)
def test_rows_that_come_one_by_one_are_the_same_file(ending: str, tmp_path: Path) -> None:
    rows = [make_row(position=i) for i in range(3000)]
    write_labelled(tmp_path / f"a{ending}", rows)
    write_labelled(tmp_path / f"b{ending}", iter(rows))
    assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0"])
@pytest.mark.parametrize("field", ["title", "source", "source_file", "theme_name", "reason"])
def test_no_cell_of_a_csv_is_a_formula(start: str, field: str, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    text = f"{start}cmd|' /C calc'!A0"
    write_labelled(path, [make_row(**{field: text})])
    (row,) = read_csv(path)
    assert row[field] == "'" + text.replace("\r", "\n")


def test_a_list_of_formulas_is_no_formula_either(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_labelled(path, [make_row(alternatives=("=1+1", "b"))])
    assert read_csv(path)[0]["alternatives"] == "'=1+1;b"


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_rows_are_a_valid_file(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{ending}"
    write_labelled(path, [])
    if ending == ".parquet":
        assert read_rows(path, Labelled) == []
    else:
        assert len(path.read_text().splitlines()) == (1 if ending == ".csv" else 0)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ROWS = st.lists(
    st.builds(
        make_row,
        title=st.none() | TEXT,
        theme_name=TEXT,
        reason=TEXT,
        probability=st.floats(0, 1),
        alternatives=st.lists(st.sampled_from(["a", "b-c"]), max_size=3).map(tuple),
        is_canonical=st.booleans(),
    ),
    max_size=4,
)


@given(ROWS)
def test_json_lines_and_parquet_give_back_every_value(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Labelled]
) -> None:
    folder = tmp_path_factory.mktemp("labelled")
    write_labelled(folder / "out.jsonl", rows)
    write_labelled(folder / "out.parquet", rows)
    lines = (folder / "out.jsonl").read_text("utf-8").split("\n")[:-1]
    values = [json.loads(line) for line in lines]
    found = [Labelled(**(v | {"alternatives": tuple(v["alternatives"])})) for v in values]
    assert found == rows
    assert read_rows(folder / "out.parquet", Labelled) == rows


@given(ROWS)
def test_csv_keeps_one_row_for_each_and_all_text(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Labelled]
) -> None:
    path = tmp_path_factory.mktemp("labelled") / "out.csv"
    write_labelled(path, rows)
    found = read_csv(path)
    assert len(found) == len(rows)
    for cells, row in zip(found, rows, strict=True):
        title = (row.title or "").replace("\r\n", "\n").replace("\r", "\n")
        assert cells["title"] in {title, f"'{title}"}
        assert float(cells["probability"]) == row.probability


@pytest.mark.parametrize("ending", [".csv", ".jsonl"])
def test_unicode_stays_readable_in_text_files(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"out{ending}"
    write_labelled(path, [make_row(title="Überfahrt – 船")])
    assert "Überfahrt – 船" in path.read_text("utf-8")


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for ending in ENDINGS:
        for name in "ab":
            write_labelled(tmp_path / f"{name}{ending}", [make_row()])
        assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()
