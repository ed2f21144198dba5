"""One file's bytes → articles and rejected rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.formats import harvests
from pipeline.core.formats.harvests import Harvest, harvest_unit

COLUMNS = {field: [field] for field in ("title", "text", "published", "source", "author")}
PAGE = b"A quiet day in town\n\nThe council met in the morning and went home again at noon.\n"


def harvest(kind: str, content: bytes) -> Harvest:
    return harvest_unit("a.txt", kind, content, columns=COLUMNS, min_words=6)


def codes(found: Harvest) -> list[str]:
    return [row.code for row in found.rejected]


def test_page_gives_articles_with_ids_and_language() -> None:
    (article,) = harvest("text", PAGE).articles

    assert (article.source_file, article.position, article.language) == ("a.txt", 0, "en")
    assert (article.line_start, article.line_end, article.n_words) == (1, 3, 12)


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("text", b"", "empty"),
        ("text", b"Advertisement\n\nSource link\n", "empty"),
        ("text", b"A quiet day\n\nShort.\n", "too_short"),
        ("text", b"\x89PNG\r\n\x1a\n\x00\x00", "not_text"),
        ("html", b"<html><body></body></html>", "extract_none"),
        ("json_lines", b'{"title": "x"}', "no_text"),
        ("json_lines", b"{", "json"),
        ("csv", b"title,text\n", "empty"),
        ("parquet", b"PAR1 and no more", "parquet"),
    ],
)
def test_what_cannot_be_used_is_rejected_with_its_code(
    kind: str, content: bytes, code: str
) -> None:
    if kind == "html":
        pytest.importorskip("trafilatura", exc_type=ImportError)
    found = harvest(kind, content)

    assert (found.articles, codes(found)) == ((), [code])


def test_empty_post_is_rejected_by_title_and_keeps_its_position() -> None:
    posts = (
        "Empty post\n12:14 , Ann Lee\n"
        "Council meets again\n11:02 , Ann Lee\nThe council met in the morning and went home.\n"
        "Early post\n10:40 , Ann Lee\nThe hall was opened and the benches were filled.\n"
    )

    found = harvest("text", posts.encode())

    assert [(row.code, row.line) for row in found.rejected] == [("empty", 1)]
    assert "Empty post" in found.rejected[0].message
    assert [(a.position, a.kind) for a in found.articles] == [
        (1, "liveblog_entry"),
        (2, "liveblog_entry"),
    ]


def test_standard_input_is_json_lines_html_or_a_page() -> None:
    line = b'{"title": "T", "text": "The council met in the morning and went home."}\n'

    broken = harvest("stdin", b"\n" + line + b'{"title": "cut o\n')
    assert [a.title for a in harvest("stdin", line).articles] == ["T"]
    assert ([a.title for a in broken.articles], codes(broken)) == (["T"], ["json"])
    assert [a.title for a in harvest("stdin", PAGE).articles] == ["A quiet day in town"]


@pytest.mark.parametrize(
    "start", [b"<!DOCTYPE html><html>", b"\n <html lang=en>", b"\xef\xbb\xbf<html>"]
)
def test_standard_input_that_begins_as_html_is_html(start: bytes) -> None:
    pytest.importorskip("trafilatura", exc_type=ImportError)
    body = b"<p>The council met in the morning and went home again at noon.</p>" * 3
    page = start + b"<head><title>A quiet day</title></head><body><article>" + body

    (article,) = harvest("stdin", page + b"</article></body></html>").articles

    assert "<" not in article.full_text
    assert article.full_text.startswith("A quiet day")


RSS = b"<rss><channel><title>The Wire</title><item><title>A quiet day</title><description>The council met in the morning and went home at noon.</description></item></channel></rss>"


@pytest.mark.parametrize("kind", ["feed", "text", "html", "stdin"])
def test_feed_is_known_by_its_beginning(kind: str) -> None:
    (article,) = harvest(kind, b'<?xml version="1.0"?>\n' + RSS).articles

    assert (article.title, article.source) == ("A quiet day", "The Wire")
    assert article.notes == ("the text is the feed's summary",)


def test_page_named_text_that_begins_as_html_is_html() -> None:
    page = (
        b"<!doctype html><html lang='fr'><body><h1>Un</h1><p>Le pont est clos ce soir.</p></body>"
    )

    (article,) = harvest("text", page * 1).articles

    assert "<" not in article.text
    assert article.language == "fr"


def test_json_file_gives_its_records() -> None:
    record = b'{"title": "T", "text": "The council met in the morning and went home."}'

    assert [
        a.position for a in harvest("json", b"[" + record + b", " + record + b"]").articles
    ] == [0, 1]
    assert codes(harvest("json", b"[")) == ["json"]
    assert codes(harvest("json", b"[]")) == ["empty"]


def test_part_of_a_file_counts_from_where_it_begins() -> None:
    line = b'{"text": "The council met in the morning and went home.", "published": "09/07/2025"}\n'

    found = harvest_unit(
        "a.jsonl",
        "json_lines",
        line + b"{\n",
        columns=COLUMNS,
        min_words=6,
        first_position=100,
        first_line=200,
        day_first=False,
    )

    assert [(a.position, a.published) for a in found.articles] == [(100, "2025-09-07")]
    assert [row.line for row in found.rejected] == [201]


def test_what_was_guessed_or_lost_is_noted() -> None:
    foreign = "Un café près de l’hôtel où l’été passe vite, dit-elle à l’abbé.".encode("cp1252")
    (guessed,) = harvest("text", foreign).articles
    lost = b'{"text": "The council \\ud800 met in \\udfff the morning and went home."}'
    (broken,) = harvest("json_lines", lost).articles

    assert guessed.notes == ("decoded as cp1252 (a guess)",)
    assert broken.notes == ("2 unreadable characters replaced",)
    assert "\ufffd" in broken.text


def test_language_of_a_short_text_is_the_one_that_its_record_states() -> None:
    columns = {**COLUMNS, "language": ["lang"]}
    line = b'{"text": "a b c d e f", "lang": "pt-BR"}'

    (article,) = harvest_unit("a", "json_lines", line, columns=columns, min_words=6).articles

    assert article.language == "pt"


def test_failing_parser_costs_one_rejected_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_text: str) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(harvests, "split_page", fail)

    found = harvest("text", PAGE)

    assert codes(found) == ["parser_failed"]
    assert "ZeroDivisionError: by zero" in found.rejected[0].message


@given(
    st.binary(max_size=300),
    st.sampled_from(["text", "html", "feed", "json", "json_lines", "csv", "parquet", "stdin"]),
)
def test_any_bytes_give_articles_or_rejected_rows(content: bytes, kind: str) -> None:
    found = harvest(kind, content)

    assert found.articles or found.rejected
    assert "parser_failed" not in codes(found)
