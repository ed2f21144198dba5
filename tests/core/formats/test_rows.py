"""Records of tables."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.formats.rows import (
    BadRow,
    Row,
    draft_rows,
    looks_like_json_lines,
    read_csv,
    read_json,
    read_json_lines,
    read_parquet,
)
from pipeline.core.texts import UnreadablePage
from pipeline.records import Draft

COLUMNS = {
    "title": ["title", "headline"],
    "text": ["text", "body"],
    "published": ["published", "date"],
    "source": ["source"],
    "author": ["author", "authors"],
}


def drafts_of(*records: dict[str, object]) -> list[Draft | BadRow]:
    rows = [Row(None, record) for record in records]
    return [item.result for item in draft_rows(rows, COLUMNS)]


def test_first_column_that_holds_something_wins() -> None:
    (draft,) = drafts_of(
        {"Title": " ", "HEADLINE": "Bridge", "text": None, "body": "It is closed.", "x": 1}
    )

    assert draft == Draft("article", "Bridge", "It is closed.")


def test_nested_values_become_text() -> None:
    (draft,) = drafts_of(
        {
            "text": ["One.", "Two."],
            "source": {"id": None, "name": "The Wire"},
            "authors": ["Ann Lee", "Bo Wu"],
            "date": "2025-01-21T10:00:00Z",
        }
    )

    assert draft == Draft(
        "article", None, "One.\n\nTwo.", "2025-01-21", "The Wire", "Ann Lee, Bo Wu"
    )


def test_order_of_day_and_month_is_seen_from_the_whole_table() -> None:
    first, second = drafts_of(
        {"text": "One.", "date": "09/07/2025"}, {"text": "Two.", "date": "06/30/2025"}
    )

    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    assert (first.published, second.published) == ("2025-09-07", "2025-06-30")


@pytest.mark.parametrize("text", [None, "", "  ", 7, float("nan"), {}, [None]])
def test_record_without_text_is_bad(text: object) -> None:
    (bad,) = drafts_of({"title": "Bridge", "text": text})

    assert isinstance(bad, BadRow)
    assert (bad.code, bad.excerpt) == ("no_text", "Bridge")
    assert "columns found: title, text" in bad.message


def test_boilerplate_and_repeated_title_go() -> None:
    (draft,) = drafts_of(
        {"title": "Bridge", "text": "Bridge\r\nIt is closed.\r\n\r\n© Someone 2025"}
    )

    assert isinstance(draft, Draft)
    assert draft.text == "It is closed."


def test_bad_json_line_is_named_and_spoils_no_other() -> None:
    text = '{"text": "a"}\n\n{"text": \n[1]\n{"text": "b", "x": NaN}\n{"te'

    rows = list(read_json_lines(text))

    assert [type(row) for row in rows] == [Row, BadRow, BadRow, Row, BadRow]
    assert [row.line for row in rows] == [1, 3, 4, 5, 6]
    items = draft_rows(rows, COLUMNS)
    assert [item.position for item in items] == [0, 1, 2, 3, 4]


def test_deep_json_is_one_bad_line() -> None:
    (row,) = read_json_lines("[" * 100_000)

    assert isinstance(row, BadRow)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_with_its_own_delimiter_and_line_numbers(delimiter: str) -> None:
    text = 'title,text\nBridge,It is closed\n\nFerry,"It runs\nat night"\nTram,It, stops\n'.replace(
        ",", delimiter
    )

    rows = list(read_csv(text))

    assert [row.line for row in rows] == [2, 4, 6]
    assert isinstance(rows[1], Row)
    assert rows[1].values == {"title": "Ferry", "text": "It runs\nat night"}
    assert isinstance(rows[2], BadRow)
    assert rows[2].message == "3 cells, the header names 2"


def test_parquet_keeps_dates_and_reports_damage() -> None:
    table = pa.table({"text": ["One."], "date": [dt.date(2025, 1, 21)]})
    buffer = io.BytesIO()
    pq.write_table(table, buffer)

    (item,) = draft_rows(read_parquet(buffer.getvalue()), COLUMNS)

    assert item.result == Draft("article", None, "One.", "2025-01-21")
    with pytest.raises(UnreadablePage, match="not readable as Parquet"):
        list(read_parquet(buffer.getvalue()[:50]))


def test_json_lines_are_recognised() -> None:
    assert looks_like_json_lines('{"text": "a"}\n\n{"text": "b"}\n')
    assert looks_like_json_lines('\n {"text": "a"}\n{"text": "cut o')
    assert not looks_like_json_lines('Hello\n{"text": "a"}')
    assert not looks_like_json_lines('["a"]')
    assert not looks_like_json_lines("{not json}")
    assert not looks_like_json_lines("")


def test_key_that_is_given_twice_is_noted_and_the_last_one_counts() -> None:
    (row,) = read_json_lines('{"text": "a", "x": {"y": 1, "y": 2}, "text": "b"}')

    assert isinstance(row, Row)
    assert row.values["text"] == "b"
    assert row.notes == (
        "the column 'y' is given twice; the last one counts",
        "the column 'text' is given twice; the last one counts",
    )
    (item,) = draft_rows([row], COLUMNS)
    assert isinstance(item.result, Draft)
    assert item.result.notes == row.notes


def test_json_array_gives_its_records_and_their_lines() -> None:
    rows = list(read_json('\n[{"text": "a"},\n\n {"text": "b"}, 7,\n{"text": "c"}]\n'))

    assert [row.line for row in rows] == [2, 4, 4, 5]
    assert [type(row) for row in rows] == [Row, Row, BadRow, Row]


@pytest.mark.parametrize("end", ["", ",", ", {", ' {"text": "c"}]', ', {"text": }]'])
def test_array_that_breaks_off_keeps_what_came_before(end: str) -> None:
    rows = list(read_json('[{"text": "a"},\n{"text": "b"}' + end))

    assert [type(row) for row in rows] == [Row, Row, BadRow]
    assert isinstance(rows[2], BadRow)
    assert (rows[2].code, rows[2].line) == ("json", 2)


@pytest.mark.parametrize(
    "text",
    [
        '{"text": "a", "date": "2025-01-21"}',
        '{"status": "ok", "articles": [{"text": "a"}]}',
        '{"data": [{"text": "a"}]}',
        ' {"text": "a"}\n',
    ],
)
def test_json_of_one_object_is_a_record_or_holds_the_list_of_them(text: str) -> None:
    (row,) = read_json(text)

    assert isinstance(row, Row)
    assert row.values["text"] == "a"


def test_json_file_may_hold_json_lines_after_all() -> None:
    rows = list(read_json('{"text": "a"}\n{"text": "b"}\n{"te'))

    assert [type(row) for row in rows] == [Row, Row, BadRow]


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, '{"a":' * 100_000, '"a"', "NaN", "x"])
def test_what_is_no_json_is_one_bad_row(text: str) -> None:
    (row,) = read_json(text)

    assert isinstance(row, BadRow)


def test_limit_of_csv_fields_is_put_back() -> None:
    before = csv.field_size_limit()

    (row,) = read_csv('text\n"' + "word " * 60_000 + '"\n')

    assert isinstance(row, Row)
    assert csv.field_size_limit() == before


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["title", "text", "date", "source", "authors"]), VALUES))
def test_any_record_gives_a_draft_or_a_bad_row(record: dict[str, object]) -> None:
    (result,) = drafts_of(json.loads(json.dumps(record)))

    assert isinstance(result, (Draft, BadRow))


@given(st.text(alphabet='[]{}",:ab1 \n', max_size=60) | st.text(max_size=60))
def test_any_text_can_be_read_as_json(text: str) -> None:
    assert all(isinstance(row, (Row, BadRow)) for row in read_json(text))


@given(st.text(max_size=200))
def test_any_text_can_be_read_as_csv(text: str) -> None:
    assert all(isinstance(row, (Row, BadRow)) for row in read_csv(text))
