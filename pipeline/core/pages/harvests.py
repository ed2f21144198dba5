"""One file's bytes → its articles and what was set aside of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.core.pages.articles import assess_draft, build_article, reject, split_page
from pipeline.core.pages.languages import detect_languages
from pipeline.core.pages.markup import extract_draft
from pipeline.core.pages.rows import (
    BadRow,
    ColumnNames,
    Row,
    RowDraft,
    draft_rows,
    looks_like_json_lines,
    read_csv,
    read_json_lines,
    read_parquet,
)
from pipeline.core.pages.texts import UnreadablePage, decode_page
from pipeline.records import Article, Draft, Rejected

#: Characters that tell HTML from text: those of the longer beginning.
_N_SNIFFED = len("<!doctype html")


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one file gave; its articles do not know of copies yet."""

    articles: tuple[Article, ...]
    rejected: tuple[Rejected, ...]


def harvest_file(
    source_file: str, kind: str, content: bytes, *, columns: ColumnNames, min_words: int
) -> Harvest:
    """Turn the bytes of one file into articles.

    Parameters
    ----------
    source_file : str
        Name that ids and rejected rows carry.
    kind : str
        `text`, `html`, `json_lines`, `csv`, `parquet`, or `stdin` (JSON lines if its first line
        that is not blank is a JSON object, HTML if it begins as such a page, else text).
    content : bytes
        The whole file, unpacked.
    columns : mapping of str to sequence of str
        See `rows.draft_rows`.
    min_words : int
        A shorter text is set aside as `too_short`.

    Returns
    -------
    Harvest
        Every item of the file, either as an article or as a rejected row. Never raises: a file
        that no parser can take is one rejected row.
    """
    try:
        return _harvest(source_file, _items_of(kind, content, columns), min_words)
    except UnreadablePage as error:
        return Harvest((), (reject(source_file, error.code, str(error)),))
    except Exception as error:  # noqa: BLE001
        # The one broad except: pages are hostile, parsers have bugs, and a batch of 10 000 pages
        # must not be lost to one of them. The row names the exception, so the bug is not hidden.
        message = f"the parser failed ({type(error).__name__}: {error})"
        return Harvest((), (reject(source_file, "parser_failed", message),))


def _items_of(kind: str, content: bytes, columns: ColumnNames) -> list[RowDraft]:
    if kind == "parquet":
        return _of_table(read_parquet(content), columns)
    text = decode_page(content)
    if kind == "stdin":
        kind = _kind_of(text)
    if kind == "json_lines":
        return _of_table(read_json_lines(text), columns)
    if kind == "csv":
        return _of_table(read_csv(text), columns)
    if kind == "html":
        return [_of_html(text)]
    drafts = split_page(text).drafts
    if not drafts:
        raise UnreadablePage("empty", "nothing but boilerplate")
    return [RowDraft(position, draft.line_start, draft) for position, draft in enumerate(drafts)]


def _kind_of(text: str) -> str:
    """Kind of a text that has no name: `json_lines`, `html` or `text`."""
    if text.lstrip()[:_N_SNIFFED].lower().startswith(("<!doctype html", "<html")):
        return "html"
    return "json_lines" if looks_like_json_lines(text) else "text"


def _of_table(rows: Iterable[Row | BadRow], columns: ColumnNames) -> list[RowDraft]:
    items = draft_rows(rows, columns)
    if not items:
        raise UnreadablePage("empty", "the table has no records")
    return items


def _of_html(text: str) -> RowDraft:
    draft = extract_draft(text)
    if draft is None:
        return RowDraft(0, None, BadRow(None, "extract_none", "no article was found", text[:2000]))
    return RowDraft(0, None, draft)


def _harvest(source_file: str, items: Sequence[RowDraft], min_words: int) -> Harvest:
    accepted: list[tuple[int, Draft]] = []
    rejected: list[Rejected] = []
    for item in items:
        bad = _problem(item.result, min_words)
        if bad:
            row = reject(source_file, bad.code, bad.message, line=item.line, excerpt=bad.excerpt)
            rejected.append(row)
        elif isinstance(item.result, Draft):
            accepted.append((item.position, item.result))
    languages = detect_languages([f"{d.title or ''}\n{d.text}" for _, d in accepted])
    articles = [
        build_article(source_file, position, draft, language)
        for (position, draft), language in zip(accepted, languages, strict=True)
    ]
    return Harvest(tuple(articles), tuple(rejected))


def _problem(result: Draft | BadRow, min_words: int) -> BadRow | None:
    if isinstance(result, BadRow):
        return result
    problem = assess_draft(result, min_words=min_words)
    return BadRow(None, *problem, result.text or result.title or "") if problem else None
