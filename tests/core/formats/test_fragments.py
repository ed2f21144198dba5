"""Pieces of HTML → plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.formats.fragments import holds_markup, line_of_fragment, text_of_fragment


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>One &amp; two.</p><p>Three.</p>", "One & two.\n\nThree."),
        ("One.<br/>Two.", "One.\n\nTwo."),
        ("&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two.&lt;/p&gt;", "One.\n\nTwo."),
        ("<p>One.</p><script>alert('no')</script>", "One."),
        ("a &amp; b &#8217;s &nbsp;c", "a & b ’s \u00a0c"),
        ("Plain text, 3 < 4 and 5 > 4.", "Plain text, 3 < 4 and 5 > 4."),
        ("Keep &lt;img src=x&gt; as it is written", "Keep &lt;img src=x&gt; as it is written"),
        ("Two\n\nparagraphs", "Two\n\nparagraphs"),
        ("", ""),
    ],
)
def test_markup_becomes_paragraphs_and_plain_text_stays(fragment: str, text: str) -> None:
    assert text_of_fragment(fragment) == text


def test_words_in_angle_brackets_are_no_markup() -> None:
    assert not holds_markup("a <b and c> d")
    assert not holds_markup("<ann@example.org> wrote")
    assert holds_markup("<em>so</em>")


def test_line_is_one_line_or_none() -> None:
    assert line_of_fragment("One\n <b>two</b> ") == "One two"
    assert line_of_fragment(" ") is None
    assert line_of_fragment(None) is None


@given(st.text(max_size=200))
def test_any_text_is_a_fragment(text: str) -> None:
    assert isinstance(text_of_fragment(text), str)
    assert "\n" not in (line_of_fragment(f"<p>{text}</p>") or "")
