"""Scraped text cut down to one safe, readable line."""

from __future__ import annotations

import re

from pipeline.core.report.timelines import day_of
from pipeline.records import Article

#: Words of a text that stand in for a headline that the page did not give.
HEADLINE_WORDS = 12
# Control characters and lone surrogates: they have no place in a page, and break its encoding.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def shorten(text: str, limit: int) -> str:
    """Write `text` on one line of at most `limit` characters.

    Runs of white space become one space, control characters and lone surrogates go. A text that
    is longer is cut at a word and ends in `…`; the markup that it may hold is kept as text.
    """
    # The head is enough: white space can hardly fill four times the limit, and texts may be huge.
    line = " ".join(_UNPRINTABLE.sub(" ", text[: 4 * limit + 200]).split())
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    cut = head.rfind(" ")
    return (head[:cut] if cut > limit // 2 else head).rstrip() + "…"


def headline_of(article: Article, limit: int = 160) -> str:
    """Return the title of `article`, or the first words of its text where it has none."""
    title = shorten(article.title or "", limit)
    if title:
        return title
    words = article.text[:4000].split(None, HEADLINE_WORDS)
    line = shorten(" ".join(words[:HEADLINE_WORDS]), limit)
    if len(words) > HEADLINE_WORDS and not line.endswith("…"):
        line += " …"
    return line or "(no text)"


def source_of(article: Article) -> str | None:
    """Return the source of `article` in at most 60 characters; None where it is not known."""
    return shorten(article.source or "", 60) or None


def iso_day(published: str | None) -> str | None:
    """Return the day of an ISO date or date and time; None for None and for anything else."""
    day = day_of(published)
    return day.isoformat() if day else None
