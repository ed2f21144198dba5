"""Pieces of HTML, as tables, feeds and JSON-LD hold them → paragraphs of plain text."""

from __future__ import annotations

import html
import re

from pipeline.core.texts import comparable

_SURROGATES = re.compile("[\ud800-\udfff]")
_TAGS = (
    "p|br|div|h[1-6]|ul|ol|li|span|a|strong|em|b|i|u|blockquote|figure|img|table|tr|td|section"
    "|article|iframe|script|style|sup|sub|small|pre|hr|font|center|video|picture"
)
_MARKUP = re.compile(rf"</(?:{_TAGS})\s*>|<(?:br|hr|img|p)\b[^<>]{{0,2000}}>", re.IGNORECASE)
_ESCAPED_MARKUP = re.compile(rf"&lt;/(?:{_TAGS})\s*&gt;|&lt;(?:br|hr|p)\s*/?\s*&gt;", re.IGNORECASE)
#: Characters that are written out; `&lt;` and `&gt;` are not among them: they may hold no tag.
_WRITTEN_OUT = re.compile(
    r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|nbsp|amp|quot|apos|[lr][sd]quo|[bs]bquo|[nm]dash|hellip|shy"
    r"|bull|middot|euro|pound|deg|copy|reg|trade|laquo|raquo"
    r"|[aeiouycnsz](?:acute|grave|circ|uml|tilde|ring|cedil|caron|slash|lig));",
    re.IGNORECASE,
)
_MAX_LAYERS = 2


def holds_markup(text: str) -> bool:
    """Whether a text is HTML: it has the end of a known element, a line break or a paragraph."""
    return "<" in text and _MARKUP.search(text) is not None


def text_of_fragment(text: str) -> str:
    """Turn what may be HTML, also escaped once, into plain text.

    Parameters
    ----------
    text : str
        Plain text, HTML, or HTML whose angle brackets are written as entities.

    Returns
    -------
    str
        Plain text as it was, but for characters that are written as entities; of HTML its visible
        text with a blank line between paragraphs. Scripts and styles are left out.
    """
    for _ in range(_MAX_LAYERS):
        if holds_markup(text) or not _ESCAPED_MARKUP.search(text):
            break
        text = html.unescape(text)
    if not holds_markup(text):
        return _WRITTEN_OUT.sub(lambda match: html.unescape(match[0]), text)
    from resiliparse.extract.html2text import extract_plain_text

    plain = extract_plain_text(
        _SURROGATES.sub("\ufffd", text),
        preserve_formatting=True,
        main_content=False,
        list_bullets=False,
        alt_texts=False,
    )
    return "\n\n".join(line.strip() for line in plain.split("\n") if line.strip())


def line_of_fragment(text: str | None) -> str | None:
    """Plain text on one line; None for none."""
    return " ".join(text_of_fragment(text or "").split()) or None


def is_same_text(first: str, second: str) -> bool:
    """Whether two texts read the same, whatever their case and marks."""
    return comparable(first) == comparable(second)
