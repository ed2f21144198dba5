"""Pages → drafts → articles: splitting, cleaning, ids.

Every non-blank line of a text dump ends in exactly one role, and `Split.roles` says which: `title`
and `text` are in a draft; any other role names what the line is instead.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from pipeline.core.boilerplate.chrome import chrome_of, without_inline
from pipeline.core.boilerplate.cleaning import find_boilerplate
from pipeline.core.pages.layouts import Layout, cut_page
from pipeline.core.pages.segments import Segment
from pipeline.core.pages.wrapping import wrapped_runs
from pipeline.core.texts import comparable, split_lines, words_of
from pipeline.core.times.stamps import parse_stamp
from pipeline.records import Article, Draft, Rejected

#: Buttons that change the size of the text stand where an article begins: evidence, not ornament.
_SIZES = re.compile(r"[+-]\s?[+-]")
_ID_LENGTH = 16
_EXCERPT = 200


@dataclass(frozen=True, slots=True)
class Split:
    """A page and what became of each of its lines.

    `roles` and `owners` have one entry for each line: its role (`blank`, `title`, `text`, or the
    name of what it is instead) and the index of the draft that it belongs to, None for none.
    Drafts may be empty (a post without a body) or short; `assess_draft` tells.
    """

    layout: Layout
    drafts: tuple[Draft, ...]
    lines: tuple[str, ...]
    roles: tuple[str, ...]
    owners: tuple[int | None, ...]


def split_page(text: str) -> Split:
    """Split a text dump into drafts.

    Parameters
    ----------
    text : str
        Decoded text with line feeds as line breaks, mended or not.

    Returns
    -------
    Split
        Drafts in the order of the page; none for a page of nothing but boilerplate.
    """
    lines = split_lines(text)
    roles = [_role_of(line) for line in lines]
    cut = cut_page(lines, roles)
    owners: list[int | None] = [None] * len(lines)
    for i, role in cut.headers.items():
        roles[i] = role
    drafts = []
    for number, segment in enumerate(cut.segments):
        drafts.append(_draft_segment(lines, roles, segment))
        owners[segment.start : segment.end] = [number] * (segment.end - segment.start)
    owners = [owner if roles[i] != "blank" else None for i, owner in enumerate(owners)]
    return Split(cut.layout, tuple(drafts), tuple(lines), tuple(roles), tuple(owners))


def _role_of(line: str) -> str:
    """Role of a line by itself: empty where its place must decide."""
    if not line:
        return "blank"
    if not any(char.isalnum() for char in line) and not _SIZES.fullmatch(line):
        return "separator" if len(line.replace(" ", "")) > 2 else "bullet"
    return "" if parse_stamp(line) else chrome_of(line) or ""


def _draft_segment(lines: Sequence[str], roles: list[str], segment: Segment) -> Draft:
    """Clean one segment, note the roles of its lines, and make its draft."""
    for i, role in segment.marks.items():
        roles[i] = role
    places = [i for i in range(segment.start, segment.end) if not roles[i]]
    for i, role in find_boilerplate(lines, places, segment.title).items():
        roles[i] = role
    for i in places:
        roles[i] = roles[i] or ("text" if without_inline(lines[i]) else "advertisement")
    own = [i for i in range(segment.start, segment.end) if roles[i] != "blank"]
    kept = [i for i in own if roles[i] == "text"]
    return Draft(
        kind=segment.kind,
        title=without_inline(segment.title) or None if segment.title else None,
        text=_join_paragraphs(lines, kept, segment.rewritten),
        published=segment.published,
        source=segment.source,
        author=segment.author,
        line_start=own[0] + 1,
        line_end=own[-1] + 1,
        notes=tuple(dict.fromkeys(segment.notes)),
    )


def _join_paragraphs(
    lines: Sequence[str], kept: Sequence[int], rewritten: Mapping[int, str] = MappingProxyType({})
) -> str:
    """Paragraphs parted by a blank line; hard-wrapped lines become one paragraph again."""
    joined = {i for run in wrapped_runs(lines, kept) for i in run[1:]}
    paragraphs: list[list[str]] = []
    for i in kept:
        if i not in joined:
            paragraphs.append([])
        paragraphs[-1].append(without_inline(rewritten.get(i, lines[i])))
    return "\n\n".join(" ".join(parts) for parts in paragraphs)


def clean_body(text: str, title: str | None) -> str:
    """Body of an article that comes without layout (HTML, tables), without its boilerplate."""
    lines = split_lines(text)
    places = [i for i, line in enumerate(lines) if line and not chrome_of(line)]
    removed = find_boilerplate(lines, places, title)
    kept = [i for i in places if i not in removed and without_inline(lines[i])]
    return _join_paragraphs(lines, kept)


def assess_draft(draft: Draft, *, min_words: int) -> tuple[str, str] | None:
    """Why a draft is no article: (code, message), or None if it is one."""
    n_words = len(words_of(draft.text))
    if n_words == 0:
        return "empty", f"'{draft.title}' has no body" if draft.title else "no text is left"
    if n_words < min_words:
        return "too_short", f"{n_words} words; ingest.min_words is {min_words}"
    return None


def excerpt_of(text: str) -> str:
    """Cut the beginning of `text`, on one line and of at most 200 characters."""
    return " ".join(text[: 4 * _EXCERPT].split())[:_EXCERPT]


def reject(
    source_file: str, code: str, message: str, *, line: int | None = None, excerpt: str = ""
) -> Rejected:
    """Make a `Rejected` row of this stage; characters that no file can hold are replaced."""
    clean = [_storable(part) for part in (source_file, message, excerpt_of(excerpt))]
    return Rejected(clean[0], line, "ingest", code, clean[1], clean[2])


def _storable(text: str) -> str:
    return text.encode("utf-8", errors="replace").decode("utf-8")


def content_id_of(title: str | None, text: str) -> str:
    """Id of what an article says: equal for copies that differ in case, quotes or spaces."""
    return _digest(comparable(title or ""), comparable(text))


def article_id_of(source_file: str, position: int, content_id: str) -> str:
    """Id of one article at one place of one file."""
    return _digest(source_file, str(position), content_id)


def _digest(*parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8", errors="surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:_ID_LENGTH]


def build_article(
    source_file: str, position: int, draft: Draft, language: str | None = None
) -> Article:
    """Make an article with its ids, before copies are known: `unique` and its own group."""
    content_id = content_id_of(draft.title, draft.text)
    return Article(
        article_id=article_id_of(source_file, position, content_id),
        content_id=content_id,
        source_file=source_file,
        position=position,
        kind=draft.kind,
        title=draft.title,
        text=draft.text,
        published=draft.published,
        source=draft.source,
        author=draft.author,
        language=language,
        n_words=len(words_of(draft.text)),
        line_start=draft.line_start,
        line_end=draft.line_end,
        notes=draft.notes,
        duplicate_group=content_id,
        duplicate_kind="unique",
        is_canonical=True,
        carried_by=(draft.source,) if draft.source else (),
    )


def count_codes(rejected: Sequence[Rejected]) -> Mapping[str, int]:
    """Count the items that each code set aside, by falling number and then by name."""
    counts: dict[str, int] = {}
    for row in rejected:
        counts[row.code] = counts.get(row.code, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
