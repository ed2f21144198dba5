"""Bytes → text → lines."""

from __future__ import annotations

import codecs
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.texts import (
    Decoded,
    UnreadablePage,
    comparable,
    decode_noted,
    decode_page,
    mend_text,
    split_lines,
    words_of,
)

TEXT = "A café’s owner said “no” — twice.\nThen she left the town for good."


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        codecs.BOM_UTF8 + TEXT.encode(),
        TEXT.encode("utf-16"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        TEXT.encode("cp1252"),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
    ],
)
def test_encoding_and_line_ends_make_no_difference(content: bytes) -> None:
    assert decode_page(content) == TEXT


def test_foreign_encoding_is_guessed() -> None:
    russian = "Совет города собрался утром и разошёлся до полудня, как и каждую неделю. " * 4

    assert decode_page(russian.encode("cp1251")).startswith("Совет города собрался")


def test_declared_encoding_of_html_is_believed() -> None:
    page = '<html><head><meta charset="iso-8859-2"></head><body>Łódź w nocy: żółć</body></html>'

    assert decode_page(page.encode("iso-8859-2")) == page


def test_declared_encoding_of_xml_is_believed_and_is_no_guess() -> None:
    page = '<?xml version="1.0" encoding="iso-8859-2"?><rss>Łódź w nocy: żółć</rss>'

    assert decode_noted(page.encode("iso-8859-2")) == Decoded(page)


def test_latin_1_is_read_as_browsers_read_it() -> None:
    page = '<meta charset="iso-8859-1"><p>She said “no”.</p>'

    assert decode_page(page.encode("cp1252")) == page


def test_guess_is_noted() -> None:
    russian = "Совет города собрался утром и разошёлся до полудня, как и каждую неделю. " * 4

    assert decode_noted(russian.encode("cp1251")).notes == ("decoded as cp1251 (a guess)",)
    assert decode_noted(TEXT.encode("cp1252")).notes == ("decoded as cp1252 (a guess)",)
    assert decode_noted(TEXT.encode()).notes == ()


@given(st.text())
def test_mending_twice_is_mending_once(text: str) -> None:
    once = mend_text(text)

    assert mend_text(once) == once


def test_page_cut_off_inside_a_letter_loses_that_letter_only() -> None:
    assert decode_page(TEXT.encode()[:50] + "”".encode()[:2]).endswith("\ufffd")


@pytest.mark.parametrize("content", [b"", b" \n\t\r\n ", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_page_of_nothing_is_empty(content: bytes) -> None:
    with pytest.raises(UnreadablePage, match="nothing but white space") as error:
        decode_page(content)

    assert error.value.code == "empty"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"%PDF-1.7 text",
        gzip.compress(b"x", mtime=0),
        b"a\x00b\x01c",
    ],
)
def test_binary_is_no_text(content: bytes) -> None:
    with pytest.raises(UnreadablePage) as error:
        decode_page(content)

    assert error.value.code == "not_text"


def test_stray_nul_in_a_long_page_is_stripped() -> None:
    page = "A long page of text. " * 50 + "\x00 The end."

    assert "\x00" not in "".join(split_lines(decode_page(page.encode())))


def test_only_line_feeds_break_lines() -> None:
    assert split_lines("a\u2028b\x0bc\x1cd\u2029e") == ["a b c d e"]
    assert split_lines("a\n\n b ") == ["a", "", "b"]


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("donâ€™t", "don’t"),
        ("wo\u200brd\u00ad \u202eabc\u202c", "word abc"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("a\ud800b", "a\ufffdb"),
        ("&lt;b&gt; it’s “so”", "&lt;b&gt; it’s “so”"),
        ("one\u00a0two\u3000three", "one two three"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("ab\u200dc", "abc"),
    ],
)
def test_broken_text_is_mended(broken: str, mended: str) -> None:
    assert mend_text(broken) == mended


@given(st.text())
def test_mending_keeps_the_number_of_lines(text: str) -> None:
    assert mend_text(text).count("\n") == text.count("\n")


@given(st.text())
def test_mended_text_can_be_stored(text: str) -> None:
    mend_text(text).encode("utf-8")


@given(st.binary())
def test_any_bytes_are_decoded_or_refused_with_a_code(content: bytes) -> None:
    try:
        text = decode_page(content)
    except UnreadablePage as error:
        assert error.code in {"empty", "not_text", "encoding"}  # noqa: PT017
    else:
        assert "\r" not in text


def test_words_ignore_case_width_and_marks() -> None:
    assert words_of("Ｔhe STRASSE’s  end—now") == ["the", "strasse", "s", "end", "now"]
    assert comparable("Straße!") == comparable("STRASSE")
    assert words_of("東京 2025") == ["東", "京", "2025"]
    assert words_of(" — ") == []


def test_entities_are_written_out_but_for_angle_brackets() -> None:
    assert mend_text("Smith&#8217;s tea &amp; cake&nbsp;shop") == "Smith’s tea & cake shop"
    assert mend_text("&lt;b&gt; and &#60; stay") == "&lt;b&gt; and &#60; stay"
    assert mend_text("AT&T; R&D &nosuch;") == "AT&T; R&D &nosuch;"
