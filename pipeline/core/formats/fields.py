"""What the values of a record mean: title, text, date, source and author of an article.

Which column names mean what comes from params.yaml; the first that is there and holds something
wins, in any case of letters.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.core.formats.fragments import line_of_fragment, text_of_fragment
from pipeline.core.formats.markup import bare_title, host_of, unread_date
from pipeline.core.pages.articles import clean_body
from pipeline.core.texts import mend_text
from pipeline.core.times.dates import parse_date
from pipeline.records import Draft

#: Column names of each field of a draft, in the order in which they are looked for: `title`,
#: `text`, `published`, `source`, `author`, and where given `url` and `language`.
ColumnNames = Mapping[str, Sequence[str]]

#: Parts of a nested body, in reading order (fundus: summary, sections of headline and paragraphs).
_PARTS = ("summary", "headline", "title", "text", "paragraphs", "sections", "content", "body")
_MAX_DEPTH = 6
_N_SHOWN = 12

#: Numbers that are Unix times: seconds from 1973 to 2100, or the same in milliseconds.
_SECONDS = range(100_000_000, 4_102_444_800)
_MILLISECONDS = range(_SECONDS.start * 1000, _SECONDS.stop * 1000)
_DAY_NUMBER = re.compile(r"(?:19|20)\d{6}")
_STAMP_NUMBER = re.compile(r"((?:19|20)\d{6})\d{6}")
_HOST = re.compile(r"www\.[\w.-]+|https?://\S+", re.IGNORECASE)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_].*)?", re.IGNORECASE)


class NoText(ValueError):
    """A record without text; `excerpt` says which it is."""

    def __init__(self, message: str, excerpt: str) -> None:
        super().__init__(message)
        self.excerpt = excerpt


def draft_record(
    values: Mapping[str, object],
    columns: ColumnNames,
    *,
    day_first: bool,
    notes: Sequence[str] = (),
) -> Draft:
    """Turn one record into a draft.

    Parameters
    ----------
    values : mapping of str to object
        Column names and what they hold. A text may be plain, HTML, a list of paragraphs, or a
        nested object of these.
    columns : mapping of str to sequence of str
        See `ColumnNames`.
    day_first : bool
        See `dates.is_day_first`.
    notes : sequence of str
        What is odd about the record already.

    Returns
    -------
    Draft
        Its date is the day as written; a number (no digits in a text) may be Unix seconds or
        milliseconds, read in UTC, or a day such as 20250121. Where no column names the source, it
        is the host of the address.

    Raises
    ------
    NoText
        If no column that may hold the text holds any.
    """
    picked = {field: pick(values, names) for field, names in columns.items()}
    text = _body_of(picked.get("text"))
    title = _line_of(picked.get("title"))
    if not text.strip():
        shown = ", ".join(str(key)[:40] for key in list(values)[:_N_SHOWN])
        wanted = ", ".join(columns["text"])
        message = f"no text in any of the columns {wanted} (columns found: {shown})"
        raise NoText(message, title or "")
    stated = picked.get("published")
    published = _date_of(stated, day_first=day_first)
    if stated is not None and not published:
        notes = [*notes, unread_date(_text_of(stated))]
    plain = text_of_fragment(text.replace("\r\n", "\n").replace("\r", "\n"))
    source = _line_of(picked.get("source"))
    if source and _HOST.fullmatch(source):
        source = host_of(source if "//" in source else f"//{source}") or source
    source = source or host_of(_text_of(picked.get("url")))
    title = bare_title(title, source) if title else None
    return Draft(
        kind="article",
        title=title,
        text=clean_body(plain, title),
        published=published,
        source=source,
        author=_line_of(picked.get("author")),
        notes=tuple(notes),
    )


def pick(values: Mapping[str, object], names: Sequence[str]) -> object:
    """Value of the first of `names` that holds something; None if none does."""
    folded = {str(key).strip().lstrip("\ufeff").casefold(): value for key, value in values.items()}
    for name in names:
        value = folded.get(name.casefold())
        if not _is_missing(value):
            return value
    return None


def date_text(values: Mapping[str, object], columns: ColumnNames) -> str:
    """Give the date of a record as it is written; "" for none."""
    return _text_of(pick(values, columns["published"]))


def language_of(values: Mapping[str, object], columns: ColumnNames) -> str | None:
    """Language code that a record states; None if it states none that looks like one."""
    match = _LANGUAGE.fullmatch(_text_of(pick(values, columns.get("language", ()))).strip())
    return match[1].lower() if match else None


def _is_missing(value: object) -> bool:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, (str, list, dict)) and (not value or not str(value).strip())


def _body_of(value: object, depth: int = 0) -> str:
    """Write a body as paragraphs: of lists and nested objects all parts, in reading order."""
    if isinstance(value, str):
        return value
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, dict):
        parts = [value[name] for name in _PARTS if name in value]
    elif isinstance(value, (list, tuple)):
        parts = list(value)
    else:
        return ""
    return "\n\n".join(filter(str.strip, (_body_of(part, depth + 1) for part in parts)))


def _text_of(value: object) -> str:
    """Write a value as text: lists are joined, a nested object gives its name."""
    if isinstance(value, dict):
        named: Any = value.get("name") or value.get("title") or ""
        return str(named)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_text_of, value)))
    return "" if value is None else str(value)


def _line_of(value: object) -> str | None:
    return line_of_fragment(mend_text(_text_of(value)))


def _date_of(value: object, *, day_first: bool) -> str | None:
    if isinstance(value, (dt.datetime, dt.date)):
        return parse_date(value.isoformat())
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return _date_of_number(value)
    text = _text_of(value).strip()
    stamp = _STAMP_NUMBER.fullmatch(text)
    return parse_date(stamp[1] if stamp else text, day_first=day_first)


def _date_of_number(number: float) -> str | None:
    if not math.isfinite(number):
        return None
    whole = int(number)
    stamp = _STAMP_NUMBER.fullmatch(str(whole))
    if stamp or _DAY_NUMBER.fullmatch(str(whole)):
        date = parse_date(stamp[1] if stamp else str(whole))
        if date:
            return date
    seconds = whole // 1000 if whole in _MILLISECONDS else whole
    if seconds not in _SECONDS:
        return None
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()
