"""Scraped text becomes one line, whatever it holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.report.headlines import headline_of, iso_day, shorten, source_of
from tests.conftest import make_article


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Grain deal  holds\n again", "Grain deal holds again"),
        ("Grain deal holds for another season", "Grain deal holds for…"),
        ("a" * 40, "a" * 23 + "…"),
        ("one\x00two\x1b[31m", "one two [31m"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("\ud800 lone", "lone"),
        ("", ""),
    ],
)
def test_text_is_cut_at_a_word_and_kept_on_one_line(text: str, expected: str) -> None:
    assert shorten(text, 24) == expected


@given(st.text(), st.integers(8, 60))
def test_no_line_is_longer_than_its_limit_or_breaks_the_encoding(text: str, limit: int) -> None:
    line = shorten(text, limit)

    assert len(line) <= limit
    assert "\n" not in line
    line.encode("utf-8")


@given(st.text(max_size=80), st.integers(8, 60))
def test_a_line_that_fits_is_not_shortened_again(text: str, limit: int) -> None:
    line = shorten(text, limit)

    assert shorten(line, limit) == line


def test_an_article_without_a_title_is_called_by_its_first_words() -> None:
    text = "one two three four five six seven eight nine ten eleven twelve thirteen"

    assert headline_of(make_article(title="Harbour reopens")) == "Harbour reopens"
    assert headline_of(make_article(title=None, text=text)).endswith("eleven twelve …")
    assert headline_of(make_article(title=" \n", text="Just this.")) == "Just this."
    assert headline_of(make_article(title=None, text="\x00")) == "(no text)"


def test_a_source_or_date_that_says_nothing_is_none() -> None:
    assert source_of(make_article(source="\x00 ")) is None
    assert iso_day("31-02-2025") is None
    assert source_of(make_article(source="Harbour Dispatch")) == "Harbour Dispatch"
    assert iso_day("2025-03-01T10:00:00") == "2025-03-01"
