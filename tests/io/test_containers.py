"""Files of many pages, cut into units and these into records."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.core.formats.rows import BadRow, Row, read_csv, read_json_lines, read_parquet
from pipeline.io.containers import Refusal, Unit, cut_container, single_records
from pipeline.io.readers import find_files

Found = list[Unit | Refusal]


def cut(path: Path, content: bytes, max_page_mb: int = 1) -> Found:
    path.write_bytes(content)
    (file,) = find_files([path]).files
    return list(cut_container(file, max_page_mb=max_page_mb, scratch=path.parent))


def units(found: Found) -> list[Unit]:
    return [item for item in found if isinstance(item, Unit)]


def refusals(found: Found) -> list[tuple[str, int | None]]:
    return [(item.code, item.line) for item in found if isinstance(item, Refusal)]


def rows_of(unit: Unit) -> list[Row | BadRow]:
    if unit.kind == "parquet":
        return list(read_parquet(unit.content))
    reader = read_csv if unit.kind == "csv" else read_json_lines
    return list(reader(unit.content.decode(), unit.first_line))


def numbered(found: list[Unit]) -> list[tuple[int, Row | BadRow]]:
    """Each record with its position."""
    return [(unit.first_position + i, row) for unit in found for i, row in enumerate(rows_of(unit))]


def parquet_of(rows: list[dict[str, object]], **options: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink, **options)
    return sink.getvalue()


JSON_LINES = "".join(
    "\n" * ((n % 3 == 0) + 5000 * (n == 40))
    + json.dumps({"n": n, "text": "wörds " * (n % 50)})
    + "\n"
    for n in range(1000)
)


@pytest.mark.parametrize("is_packed", [False, True])
def test_json_lines_are_cut_in_order_with_their_lines_and_positions(
    tmp_path: Path, is_packed: bool
) -> None:
    content = JSON_LINES.encode()
    name = "a.jsonl.gz" if is_packed else "a.jsonl"
    found = cut(tmp_path / name, gzip.compress(content) if is_packed else content)

    assert len(found) > 5
    assert numbered(units(found)) == list(enumerate(read_json_lines(JSON_LINES)))


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_cut_between_records_and_each_unit_has_the_header(
    tmp_path: Path, delimiter: str
) -> None:
    rows = [f'{n}{delimiter}"line{delimiter}\n\nend {n}"' + "\n" * (n % 4 == 0) for n in range(700)]
    table = f'"the\nnumber"{delimiter}text\n' + "\n".join(rows)

    found = cut(tmp_path / "a.csv", table.encode())

    assert len(found) > 5
    assert numbered(units(found)) == list(enumerate(read_csv(table)))


@pytest.mark.parametrize("is_packed", [False, True])
def test_parquet_is_cut_also_within_a_row_group(tmp_path: Path, is_packed: bool) -> None:
    rows: list[dict[str, object]] = [{"n": n, "text": "words " * n} for n in range(500)]
    content = parquet_of(rows)
    name = "a.parquet.gz" if is_packed else "a.parquet"

    found = cut(tmp_path / name, gzip.compress(content) if is_packed else content)

    assert len(found) > 3
    assert numbered(units(found)) == [(n, Row(None, row)) for n, row in enumerate(rows)]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_unit_falls_into_single_records_that_say_the_same(tmp_path: Path, kind: str) -> None:
    rows: list[dict[str, object]] = [{"n": str(n), "text": f"a\n\nb {n}"} for n in range(250)]
    content = {
        "jsonl": "".join("\n" + json.dumps(row) + "\n" for row in rows).encode(),
        "csv": ("n,text\n" + "".join(f'{r["n"]},"{r["text"]}"\n\n' for r in rows)).encode(),
        "parquet": parquet_of(rows),
    }[kind]
    whole = units(cut(tmp_path / f"a.{kind}", content))

    singles = [single for unit in whole for single in single_records(unit)]

    assert len(singles) == len(rows)
    assert numbered(singles) == numbered(whole)


def test_page_is_a_single_record() -> None:
    unit = Unit("a.warc", "html", b"<html>", 3000, page_url="https://example.org/")

    assert single_records(unit) == [unit]


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=8)


@given(st.lists(st.dictionaries(st.sampled_from("ab"), CELLS, min_size=1), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_lines_come_back(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    text = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)

    found = cut(tmp_path / "a.jsonl", text.encode())

    assert numbered(units(found)) == list(enumerate(read_json_lines(text)))


def test_record_beyond_the_limit_is_refused_and_the_others_are_kept(tmp_path: Path) -> None:
    long = '{"text": "' + "x" * 1_100_000 + '"}'
    found = cut(tmp_path / "a.jsonl", f'{{"n": 1}}\n\n{long}\n{{"n": 2}}\n'.encode())

    assert refusals(found) == [("too_large", 3)]
    assert [(position, row.line) for position, row in numbered(units(found))] == [(0, 1), (2, 4)]

    found = cut(tmp_path / "a.csv", b'n,text\n1,a\n2,"' + b"x\n" * 600_000 + b"3,b\n")
    assert refusals(found) == [("too_large", 3)]
    assert rows_of(units(found)[0])[0] == Row(2, {"n": "1", "text": "a"})

    rows: list[dict[str, object]] = [{"t": "a"}, {"t": "x" * 1_100_000}, {"t": "b"}]
    found = cut(tmp_path / "a.parquet", parquet_of(rows))
    assert refusals(found) == [("too_large", None)]
    assert [position for position, _ in numbered(units(found))] == [0, 2]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jsonl", b"", "empty"),
        ("a.jsonl", b"\n \n", "empty"),
        ("a.csv", b"title,text\n", "empty"),
        ("a.csv", b"x" * 1_100_000 + b"\n1,2\n", "csv"),
        ("a.parquet", b"PAR1 and no more", "parquet"),
        ("a.parquet", b"", "parquet"),
        ("a.parquet.gz", b"no gzip", "not_text"),
        ("a.parquet.gz", gzip.compress(bytes(200_000_000)), "bomb"),
        ("a.jsonl.gz", gzip.compress(b" " * 50_000_000), "bomb"),
        ("a.warc", b"", "empty"),
    ],
)
def test_file_that_gives_nothing_says_why(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    found = cut(tmp_path / name, content)

    assert (units(found), [item[0] for item in refusals(found)]) == ([], [code])


def test_packed_file_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"n": n * 7919 % 104729}) + "\n" for n in range(50_000))
    found = cut(tmp_path / "a.jsonl.gz", gzip.compress(lines.encode())[:-100])

    assert refusals(found) == [("not_text", None)]
    assert len(numbered(units(found))) > 10_000


def test_pages_of_an_archive_are_units_with_positions_of_their_own(tmp_path: Path) -> None:
    found = cut(tmp_path / "a.warc", warc_of(b"<html>one</html>", b"<html>two</html>"))

    assert [(u.kind, u.content, u.first_position, u.page_url) for u in units(found)] == [
        ("html", b"<html>one</html>", 0, "https://example.org/0"),
        ("html", b"<html>two</html>", 1000, "https://example.org/1"),
    ]


def test_broken_record_of_an_archive_is_refused_by_number_and_place(tmp_path: Path) -> None:
    found = cut(tmp_path / "a.warc", warc_of(b"<html>one</html>") + b"no record at all")

    assert len(units(found)) == 1
    (refusal,) = [item for item in found if isinstance(item, Refusal)]
    assert refusal.code == "warc"
    assert refusal.message.startswith("record 1 at byte ")


def test_archive_without_pages_says_what_it_has(tmp_path: Path) -> None:
    content = warc_of(b"<html>gone</html>", status="404 Not Found")

    (refusal,) = cut(tmp_path / "a.warc", content)

    assert isinstance(refusal, Refusal)
    assert (refusal.code, "status 404 1" in refusal.message) == ("empty", True)


def warc_of(*pages: bytes, status: str = "200 OK") -> bytes:
    """Build an archive of HTML pages."""
    content = b""
    for number, page in enumerate(pages):
        body = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n\r\n".encode() + page
        content += (
            (
                "WARC/1.0\r\nWARC-Type: response\r\n"
                f"WARC-Target-URI: https://example.org/{number}\r\n"
                "Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            ).encode()
            + body
            + b"\r\n\r\n"
        )
    return content
