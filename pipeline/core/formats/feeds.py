"""RSS and Atom → drafts, through feedparser.

The parser gets bytes only: given a name it would open the file, given an address fetch it. It
resolves no entities that a document declares, so such a document is read without them.
"""

from __future__ import annotations

import email.utils
import io
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.core.formats.fragments import line_of_fragment, text_of_fragment
from pipeline.core.formats.markup import bare_title, unread_date
from pipeline.core.pages.articles import clean_body
from pipeline.core.texts import UnreadablePage, mend_text, words_of
from pipeline.core.times.dates import parse_date
from pipeline.records import Draft

_BEGINNING = re.compile(
    r"^\s*(?:<\?xml[^>]{0,300}\?>|<!--.{0,2000}?-->|<\?xml-stylesheet[^>]{0,500}\?>"
    r"|<!DOCTYPE[^<>\[]{0,500}(?:\[[^\]]{0,5000}\]\s*)?>|\s)*<([\w:-]{1,60})",
    re.DOTALL,
)
_DECLARATION = re.compile(r"<\?xml[^>]{0,300}\?>")
_FEED_ROOTS = frozenset({"rss", "feed", "rdf:rdf", "channel", "atom:feed"})
_N_SNIFFED = 8000
_DATES = ("published", "updated", "created")


def root_of(text: str) -> str | None:
    """Name of the first element of an XML document, in lower case; None where there is none."""
    match = _BEGINNING.match(text[:_N_SNIFFED].lstrip("\ufeff"))
    return match[1].lower() if match else None


def looks_like_feed(text: str) -> bool:
    """Whether a text begins as RSS or Atom, whatever its file is called."""
    return root_of(text) in _FEED_ROOTS


def read_feed(text: str) -> Iterator[Draft]:
    """Give the entries of a feed, in its order.

    Parameters
    ----------
    text : str
        The decoded document.

    Yields
    ------
    Draft
        One `article` for each entry. Its text is the longest full content that the entry has, and
        only failing that its summary (noted); it may be empty. Dates are read as they are written.

    Raises
    ------
    UnreadablePage
        `xml`: it is no feed; `empty`: it is one without entries.
    """
    import feedparser

    content = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).encode("utf-8", "replace")
    parsed = feedparser.parse(
        io.BytesIO(content),
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )
    if not parsed.entries:
        root = root_of(text)
        if root in _FEED_ROOTS:
            raise UnreadablePage("empty", "the feed has no entries")
        shown = f"its first element is <{root}>" if root else "it has no element"
        raise UnreadablePage("xml", f"neither RSS nor Atom: {shown}")
    site = _line(parsed.feed.get("title"))
    for entry in parsed.entries:
        yield _draft(entry, site)


def _draft(entry: Mapping[str, Any], site: str | None) -> Draft:
    source = _line((entry.get("source") or {}).get("title")) or site
    title = _line(entry.get("title"))
    title = bare_title(title, source) if title else None
    full = [part.get("value") or "" for part in entry.get("content") or ()]
    bodies = [text_of_fragment(value) for value in full]
    body = max(bodies, key=len, default="")
    notes: tuple[str, ...] = ()
    summary = text_of_fragment(entry.get("summary") or "")
    if len(words_of(summary)) > len(words_of(body)):
        body = summary
        notes = ("the text is the feed's summary",) if body else ()
    stated = [entry[name] for name in _DATES if entry.get(name)]
    published = next(filter(None, map(_date_of, stated)), None)
    if stated and not published:
        notes = (*notes, unread_date(stated[0]))
    return Draft(
        kind="article",
        title=title,
        text=clean_body(body, title),
        published=published,
        source=source,
        author=_line(entry.get("author")),
        notes=notes,
    )


def _date_of(stated: str) -> str | None:
    date = parse_date(stated)
    if date:
        return date
    # RFC 822 allows years of two digits.
    parts = email.utils.parsedate(stated)
    return parse_date(f"{parts[0]:04}-{parts[1]:02}-{parts[2]:02}") if parts else None


def _line(text: str | None) -> str | None:
    return line_of_fragment(mend_text(text)) if text else None
