"""Lines of a table and the records that they make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.formats.rows import Row, read_csv
from pipeline.io.lines import LongHeader, csv_records, json_records, lines_of

LIMIT = 1000


def in_chunks(content: bytes, size: int) -> list[bytes]:
    return [content[i : i + size] for i in range(0, len(content), size)]


def test_lines_end_with_any_line_end_but_with_no_other_separator() -> None:
    content = "a\r\nb\rc\n\n\u2028d\x0be\x85".encode()

    lines = list(lines_of(iter([content]), LIMIT))

    assert lines == [b"a", b"b", b"c", b"", "\u2028d\x0be\x85".encode()]


@given(st.text("ab\r\n", max_size=40), st.integers(1, 7))
def test_lines_are_the_same_however_the_bytes_arrive(text: str, size: int) -> None:
    expected = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")

    lines = list(lines_of(iter(in_chunks(text.encode(), size)), LIMIT))

    # A line end at the end of the file begins no line.
    assert lines == ([] if not text else [line.encode() for line in expected])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("size", [3, 1000])
def test_wide_letters_become_utf8(encoding: str, size: int) -> None:
    text = '{"title": "Ein Zug fährt ab"}\n{"title": "Noch einer"}\n'
    # Without a mark the width is seen from the first bytes, so they come together.
    size = max(size, 60) if encoding.endswith("e") else max(size, 4)

    lines = list(lines_of(iter(in_chunks(text.encode(encoding), size)), LIMIT))

    assert [line.decode().lstrip("\ufeff") for line in lines if line] == text.split("\n")[:2]


@pytest.mark.parametrize("size", [10, 999, 5000])
def test_long_line_is_none_and_the_next_one_is_whole(size: int) -> None:
    content = b"a\n" + b"x" * 4000 + b"\nb\n" + b"y" * 1001

    assert list(lines_of(iter(in_chunks(content, size)), LIMIT)) == [b"a", None, b"b", None]


def test_each_line_of_json_lines_that_is_not_blank_is_a_record() -> None:
    records = list(json_records([b"{}", b" ", None, b"", b"{"], 5))

    assert [(r.first_line, r.lines) for r in records] == [(5, [b"{}"]), (7, []), (9, [b"{"])]


def test_record_of_a_csv_may_have_line_ends_in_quotes() -> None:
    lines = [b"", b"title;text", b'A;"one', b'two; ""three"""', b"", b"B;four"]

    header, records = csv_records(lines, LIMIT)

    assert header == b"title;text\n"
    assert [(r.first_line, r.lines) for r in records] == [
        (3, [b'A;"one', b'two; ""three"""']),
        (6, [b"B;four"]),
    ]


def test_quote_that_is_never_closed_costs_only_what_it_swallows() -> None:
    lines = [b"title,text", b'A,"one', *[b"x" * 100] * 12, b"B,two"]

    _, records = csv_records(lines, LIMIT)
    found = [(r.first_line, bool(r.lines)) for r in records]

    assert found[0] == (2, False)
    assert found[-1] == (15, True)


def test_quote_inside_a_cell_opens_nothing() -> None:
    _, records = csv_records([b"title,text", b'a 5" pipe,one', b"B,two"], LIMIT)

    assert [r.first_line for r in records] == [2, 3]


@pytest.mark.parametrize("lines", [[], [b"", b" "], [b",,", b""]])
def test_csv_without_a_header_has_no_records(lines: list[bytes]) -> None:
    header, records = csv_records(lines, LIMIT)

    assert (header, list(records)) == (b"", [])


def test_header_beyond_the_limit_is_an_error() -> None:
    with pytest.raises(LongHeader):
        csv_records([None, b"a,b"], LIMIT)


@given(st.text('ab",;\n ', max_size=60))
def test_records_of_a_csv_begin_where_its_reader_says(text: str) -> None:
    table = "title,text\n" + text
    _, records = csv_records([line.encode() for line in table.split("\n")], LIMIT)

    expected = [(row.line, isinstance(row, Row)) for row in read_csv(table)]

    assert [r.first_line for r in records] == [line for line, _ in expected]
