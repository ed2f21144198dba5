"""One file's bytes → its articles and what was set aside of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.core.formats.feeds import looks_like_feed, read_feed
from pipeline.core.formats.fields import ColumnNames
from pipeline.core.formats.markup import extract_drafts, page_language
from pipeline.core.formats.rows import (
    BadRow,
    Row,
    RowDraft,
    draft_rows,
    looks_like_json_lines,
    read_csv,
    read_json,
    read_json_lines,
    read_parquet,
)
from pipeline.core.languages import detect_languages
from pipeline.core.pages.articles import assess_draft, build_article, reject, split_page
from pipeline.core.texts import UnreadablePage, decode_noted
from pipeline.records import Article, Draft, Rejected

#: Characters that tell HTML from text: those of the longer beginning.
_N_SNIFFED = len("<!doctype html")


@dataclass(frozen=True, slots=True)
class Harvest:
    """What one file gave; its articles do not know of copies yet."""

    articles: tuple[Article, ...]
    rejected: tuple[Rejected, ...]


def harvest_unit(
    source_file: str,
    kind: str,
    content: bytes,
    *,
    columns: ColumnNames,
    min_words: int,
    first_position: int = 0,
    first_line: int = 1,
    day_first: bool | None = None,
    page_url: str | None = None,
) -> Harvest:
    """Turn the bytes of one file, or of a part of a table or archive, into articles.

    Parameters
    ----------
    source_file : str
        Name that ids and rejected rows carry.
    kind : str
        `text`, `html`, `feed`, `json`, `json_lines`, `csv`, `parquet`, or `stdin` (JSON lines if
        its first line that is not blank is a JSON object, else text). Text of any name that begins
        as an HTML page or as a feed is read as one.
    content : bytes
        The whole file, unpacked; or whole records of a table, in a CSV after its header.
    columns : mapping of str to sequence of str
        See `fields.ColumnNames`.
    min_words : int
        A shorter text is set aside as `too_short`.
    first_position : int
        Position of the first item: how many records of the file came before.
    first_line : int
        Line of the file on which the first record begins, in a CSV the first after the header.
    day_first : bool, optional
        How the whole table writes dates; by default it is seen from the records of this part.
    page_url : str, optional
        Where the page was taken from, as its archive says.

    Returns
    -------
    Harvest
        Every item of the file, either as an article or as a rejected row. Never raises but for
        MemoryError: a file that no parser can take is one rejected row.
    """
    try:
        items = _items_of(
            kind,
            content,
            columns,
            first_line=first_line,
            day_first=day_first,
            page_url=page_url,
        )
        return _harvest(source_file, items, min_words, first_position)
    except UnreadablePage as error:
        return Harvest((), (reject(source_file, error.code, str(error)),))
    except MemoryError:
        raise  # of the process, not of the page alone: the caller must end it
    except Exception as error:  # noqa: BLE001
        # The one broad except: pages are hostile, parsers have bugs, and a batch of 10 000 pages
        # must not be lost to one of them. The row names the exception, so the bug is not hidden.
        message = f"the parser failed ({type(error).__name__}: {error})"
        return Harvest((), (reject(source_file, "parser_failed", message),))


def _items_of(
    kind: str,
    content: bytes,
    columns: ColumnNames,
    *,
    first_line: int,
    day_first: bool | None,
    page_url: str | None,
) -> list[RowDraft]:
    if kind == "parquet":
        return _of_table(read_parquet(content), columns, day_first)
    decoded = decode_noted(content)
    text = decoded.text
    kind = _kind_of(text, kind)
    if kind == "json_lines":
        items = _of_table(read_json_lines(text, first_line), columns, day_first)
    elif kind == "json":
        items = _of_table(read_json(text), columns, day_first)
    elif kind == "csv":
        items = _of_table(read_csv(text, first_line), columns, day_first)
    elif kind == "feed":
        items = _of_drafts(read_feed(text), None)
    elif kind == "html":
        items = _of_html(text, page_url)
    else:
        items = _of_drafts(split_page(text).drafts, None)
        if not items:
            raise UnreadablePage("empty", "nothing but boilerplate")
    return [_with_notes(item, decoded.notes) for item in items]


def _kind_of(text: str, kind: str) -> str:
    """Kind of a text by its beginning, where that is clearer than its name."""
    if kind not in {"text", "html", "stdin", "feed"}:
        return kind
    if looks_like_feed(text):
        return "feed"
    if text.lstrip("\ufeff \t\n")[:_N_SNIFFED].lower().startswith(("<!doctype html", "<html")):
        return "html"
    if kind == "stdin":
        return "json_lines" if looks_like_json_lines(text) else "text"
    return kind


def _of_table(
    rows: Iterable[Row | BadRow], columns: ColumnNames, day_first: bool | None
) -> list[RowDraft]:
    items = draft_rows(rows, columns, day_first)
    if not items:
        raise UnreadablePage("empty", "the table has no records")
    return items


def _of_drafts(drafts: Iterable[Draft], language: str | None) -> list[RowDraft]:
    return [
        RowDraft(position, draft.line_start, draft, language)
        for position, draft in enumerate(drafts)
    ]


def _of_html(text: str, page_url: str | None) -> list[RowDraft]:
    drafts = extract_drafts(text, page_url=page_url)
    if not drafts:
        bad = BadRow(None, "extract_none", "no extractor found any text", text[:2000])
        return [RowDraft(0, None, bad)]
    return _of_drafts(drafts, page_language(text))


def _with_notes(item: RowDraft, notes: tuple[str, ...]) -> RowDraft:
    """Add what was noted of the whole file, and count the letters that nobody could read."""
    draft = item.result
    if not isinstance(draft, Draft):
        return item
    n_lost = f"{draft.title or ''}{draft.text}".count("\ufffd")
    lost = (f"{n_lost} unreadable character{'s' * (n_lost > 1)} replaced",) if n_lost else ()
    added = (*notes, *lost)
    if not added:
        return item
    return replace(item, result=replace(draft, notes=(*draft.notes, *added)))


def _harvest(
    source_file: str, items: Sequence[RowDraft], min_words: int, first_position: int
) -> Harvest:
    accepted: list[tuple[RowDraft, Draft]] = []
    rejected: list[Rejected] = []
    for item in items:
        bad = _problem(item.result, min_words)
        if bad:
            row = reject(source_file, bad.code, bad.message, line=item.line, excerpt=bad.excerpt)
            rejected.append(row)
        elif isinstance(item.result, Draft):
            accepted.append((item, item.result))
    languages = detect_languages(
        [f"{draft.title or ''}\n{draft.text}" for _, draft in accepted],
        [item.language for item, _ in accepted],
    )
    articles = [
        build_article(source_file, first_position + item.position, draft, language)
        for (item, draft), language in zip(accepted, languages, strict=True)
    ]
    return Harvest(tuple(articles), tuple(rejected))


def _problem(result: Draft | BadRow, min_words: int) -> BadRow | None:
    if isinstance(result, BadRow):
        return result
    problem = assess_draft(result, min_words=min_words)
    return BadRow(None, *problem, result.text or result.title or "") if problem else None
