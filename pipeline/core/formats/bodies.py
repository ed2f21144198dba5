"""The body of one HTML page: several extractors, chosen between by evidence.

trafilatura comes first: it is the most precise on news. It is helped where it is known to fail
(tables that only lay out a page; text that goes on in a further container), checked against what
the page itself states as its body, and replaced by resiliparse where it finds nothing or, on a
page that does not say that it is an article, only a small part of the prose.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.formats.pointers import is_pointer
from pipeline.core.texts import words_of

#: More elements than any news page has; trafilatura's time grows faster than their number.
_MAX_TAGS = 40_000
#: Deeper than any page is written by hand; lxml gives up at about 256.
_BOXES = re.compile(
    r"</?(?:div|span|section|font|center|b|i|em|strong|u|small|big|main|article|form|table|tbody"
    r"|tr|td|dl|dd|ul|ol|li|blockquote|a)\b[^<>]*>",
    re.IGNORECASE,
)
_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[]*(?:\[[^\]]*\]\s*)?>|<\?xml[^>]{0,200}\?>", re.IGNORECASE)
_UNSAFE = re.compile("[\ud800-\udfff]")
_NUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

_LINK = re.compile(r"<a\b[^>]*>(.*?)</a>", re.IGNORECASE | re.DOTALL)
_BLOCK = re.compile(r"</?(?:h[1-6]|p|ul|ol|li|pre|br)\b[^>]*>|\n", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")

#: Containers of what readers and editors add; text in them does not go on with the article.
SIDE_MATTER = re.compile(
    r"comment|respond|disqus|repl(?:y|ies)|reaction|related|recirc|recommend|teaser|promo|sidebar"
    r"|footer|share|social|most-?read|popular|trending|newsletter|sponsor|advert|outbrain|taboola",
    re.IGNORECASE,
)
_MIN_PROSE = 10
_MAX_LINKS = 0.5
#: From this share of resiliparse's prose on, trafilatura has not lost the story.
_ENOUGH = 0.65
_WORTH_GROWING = 0.3
_MAX_STRANGERS = 3
_KEY_WORDS = 8
_MAX_STANDFIRST = 120
#: Token F1 from which a stated body is a witness, and overlap below which a paragraph is no part.
_AGREEMENT = 0.9
_NO_PART = 0.3


@dataclass(frozen=True, slots=True)
class Body:
    """Paragraphs, as lines; what trafilatura says of the page (None: not asked); how it came."""

    lines: tuple[str, ...]
    document: Any
    notes: tuple[str, ...] = ()


def prepare(page: str) -> str:
    """Take away what makes parsers give up: entity declarations, lone surrogates, controls."""
    return _DOCTYPE.sub(" ", _NUL.sub(" ", _UNSAFE.sub("\ufffd", page)), count=4)


def flatten(page: str) -> str:
    """Make line breaks of all boxes and inline marks, so that no nesting is left."""
    return _BOXES.sub("\n", page)


def find_body(
    page: str,
    *,
    is_article: bool,
    stated_body: str = "",
    standfirsts: Sequence[str] = (),
    with_metadata: bool = True,
) -> Body:
    """Extract the body of a page that is one article.

    Parameters
    ----------
    page : str
        HTML that `prepare` has seen.
    is_article : bool
        Whether the page says of itself that it is an article: then trafilatura's choice stands,
        even where other prose (comments, other stories) is longer.
    stated_body : str
        The body that its JSON-LD states, "" for none.
    standfirsts : sequence of str
        Descriptions that it states. One that is also seen on the page is its standfirst and
        begins the body, where extractors tend to leave it out.
    with_metadata : bool
        Whether trafilatura is to look for title, date, author and site; that takes time.

    Returns
    -------
    Body
        Without lines where there is no text at all.
    """
    if page.count("<") > _MAX_TAGS:
        note = "the page has too many elements for the usual extractor; its text may hold more"
        return Body(tuple(_plain_lines(flatten(page))), None, (note,))
    document, lines = _ask_trafilatura(page, with_metadata=with_metadata)
    notes: tuple[str, ...] = ()
    if not lines:
        flat = flatten(page)
        document, lines = (
            _ask_trafilatura(flat, with_metadata=with_metadata)
            if _is_deep(page)
            else (document, lines)
        )
        page = flat if _is_deep(page) else page
    blocks = _blocks_of(page) if not is_article or not lines else []
    n_prose = sum(len(text.split()) for text, links in blocks if _is_prose(text, links))
    n_found = sum(len(line.split()) for line in lines)
    if not lines or n_found < _ENOUGH * n_prose:
        kept = [text for text, links in blocks if links < _MAX_LINKS]
        if not any(len(text.split()) >= _MIN_PROSE for text in [*kept, *lines]):
            blocks = _blocks_of(page, main_content=False)
            kept = [text for text, links in blocks if _is_prose(text, links)]
        if kept:
            lines = kept
            notes = ("the usual extractor found little; the text is that of another one",)
    lines = [line for line in _checked(lines, stated_body) if not is_pointer(line)]
    return Body((*_standfirst(page, lines, standfirsts), *lines), document, notes)


def _is_deep(page: str) -> bool:
    """Whether elements may nest deeper than parsers follow."""
    depth = deepest = 0
    for match in _BOXES.finditer(page):
        depth = max(0, depth - 1) if match[0][1] == "/" else depth + 1
        deepest = max(deepest, depth)
    return deepest > 150


def _ask_trafilatura(page: str, *, with_metadata: bool) -> tuple[Any, list[str]]:
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    tree = load_html(page)
    if tree is None:
        return None, []
    going_on = _going_on(tree)
    _undo_layout_tables(tree)
    document = bare_extraction(
        tree,
        with_metadata=with_metadata,
        include_comments=False,
        include_tables=False,
        date_extraction_params={
            "original_date": True,
            "extensive_search": False,
            # htmldate's own limit is today, which would make results depend on the day.
            "max_date": "2100-12-31",
        },
    )
    if document is None or isinstance(document, dict):
        return None, []
    lines = [line for line in (document.text or "").split("\n") if line.strip()]
    return document, lines + _missing_rest(lines, going_on)


def _undo_layout_tables(tree: Any) -> None:
    """Make boxes of tables: old pages are laid out in them, and data is rarely in sentences."""
    for element in tree.iter("table", "tbody", "thead", "tfoot", "tr", "td", "th", "center"):
        element.tag = "div"


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """One paragraph of prose: its text, first and last words, and where it stands."""

    text: str
    keys: tuple[str, str]
    place: tuple[tuple[str, str], ...]
    home: object


def _going_on(tree: Any) -> list[_Paragraph]:
    """Give all paragraphs of prose of the page that are inside an article and no side matter."""
    found = []
    for element in tree.iter("p"):
        text = " ".join(element.text_content().split())
        words = words_of(text)
        n_linked = sum(len(link.text_content()) for link in element.iter("a"))
        if len(words) < _MIN_PROSE or n_linked > _MAX_LINKS * len(text):
            continue
        above = list(element.iterancestors())
        home = next((a for a in above if a.tag in {"article", "main"}), None)
        if home is None or any(_is_side_matter(a) for a in above):
            continue
        place = tuple((str(a.tag), a.get("class") or "") for a in (element, *above[:2]))
        found.append(_Paragraph(text, _keys(words), place, home))
    return found


def _is_side_matter(element: Any) -> bool:
    if element.tag in {"aside", "footer", "nav"}:
        return True
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag not in {"body", "html"} and SIDE_MATTER.search(named) is not None


def _keys(words: Sequence[str]) -> tuple[str, str]:
    return " ".join(words[:_KEY_WORDS]), " ".join(words[-_KEY_WORDS:])


def _missing_rest(lines: Sequence[str], paragraphs: Sequence[_Paragraph]) -> list[str]:
    """Find what follows the last extracted paragraph in containers of the same make.

    Only if it is much: some publishers cut an article into several boxes, of which the extractor
    takes the first.
    """
    joined = " ".join(words_of("\n".join(lines)))
    known = [any(key in joined for key in paragraph.keys) for paragraph in paragraphs]
    if not any(known):
        return []
    last = max(i for i, is_known in enumerate(known) if is_known)
    places = {paragraphs[i].place for i, is_known in enumerate(known) if is_known}
    rest: list[str] = []
    n_strangers = 0
    for paragraph in paragraphs[last + 1 :]:
        if paragraph.place in places and paragraph.home is paragraphs[last].home:
            rest.append(paragraph.text)
            n_strangers = 0
        elif (n_strangers := n_strangers + 1) > _MAX_STRANGERS:
            break
    n_found = sum(len(line.split()) for line in lines)
    n_rest = sum(len(line.split()) for line in rest)
    return rest if n_rest > _WORTH_GROWING * n_found else []


def _standfirst(page: str, lines: Sequence[str], stated: Sequence[str]) -> list[str]:
    """Find the one stated description that the page shows and the body lacks; at most one."""
    from trafilatura.utils import load_html

    joined = " ".join(words_of("\n".join(lines)))
    shown = page[max(0, page.find("<body")) :]
    keys = {
        key
        for text in stated
        if (key := " ".join(words_of(text)))
        and _MIN_PROSE <= key.count(" ") + 1 <= _MAX_STANDFIRST
        and key not in joined
        and " ".join(text.split()[:3]) in shown
    }
    tree = load_html(page) if keys and joined else None
    if tree is None:
        return []
    longest = 2 * max(map(len, keys))
    for element in tree.iter("p", "h2", "h3", "h4", "div", "span", "strong"):
        if len(element) <= 3 and len(text := element.text_content()) <= longest:
            is_stated = " ".join(words_of(text)) in keys
            if is_stated and not any(map(_is_side_matter, element.iterancestors())):
                return [" ".join(text.split())]
    return []


def _blocks_of(page: str, *, main_content: bool = True) -> list[tuple[str, float]]:
    """Blocks of resiliparse's main content, or of all, and the share of each that is in links."""
    from resiliparse.extract.html2text import extract_plain_text

    marked = extract_plain_text(
        page,
        preserve_formatting="minimal_html",
        main_content=main_content,
        list_bullets=False,
        alt_texts=False,
        links=True,
    )
    marked = _LINK.sub(lambda match: f"\x01{' '.join(match[1].split())}\x02", marked)
    blocks = []
    for block in _BLOCK.split(marked):
        bare = " ".join(_TAG.sub("", block).split())
        text = html.unescape(bare.replace("\x01", "").replace("\x02", "")).strip()
        if text:
            n_linked = sum(len(part) for part in re.findall("\x01([^\x02]*)", bare))
            blocks.append((text, n_linked / len(text)))
    return blocks


def _is_prose(text: str, links: float) -> bool:
    return links < 0.3 and len(text.split()) >= _MIN_PROSE


def _plain_lines(page: str) -> list[str]:
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(
        page, preserve_formatting=True, main_content=True, list_bullets=False, alt_texts=False
    )
    return [line.strip() for line in text.split("\n") if line.strip()]


def _checked(lines: list[str], stated_body: str) -> list[str]:
    """Take away what the stated body does not hold, if the two agree on the whole."""
    stated = Counter(words_of(stated_body))
    found = Counter(words_of("\n".join(lines)))
    common, n_stated, n_found = (stated & found).total(), stated.total(), found.total()
    if not common:
        return lines
    if common >= _AGREEMENT * n_found and n_found < _ENOUGH * n_stated:
        return [line for line in stated_body.split("\n") if line.strip()]
    if 2 * common < _AGREEMENT * (n_stated + n_found):
        return lines
    joined = f" {' '.join(words_of(stated_body))} "
    return [line for line in lines if _share_in(words_of(line), joined) >= _NO_PART]


def _share_in(words: Sequence[str], joined: str) -> float:
    """Share of the runs of three words (of a shorter line, the whole) that `joined` has."""
    width = min(3, len(words))
    runs = [f" {' '.join(words[i : i + width])} " for i in range(len(words) - width + 1)]
    return sum(run in joined for run in runs) / len(runs) if words else 1.0
