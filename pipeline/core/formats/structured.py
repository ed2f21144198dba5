"""What a page says of itself for machines: JSON-LD and `<meta>` elements."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.formats.fragments import line_of_fragment, text_of_fragment
from pipeline.core.texts import comparable, mend_text
from pipeline.core.times.dates import parse_date

_SCRIPT = re.compile(
    r"<script\b[^>]{0,500}application/ld\+json[^>]{0,500}>(.*?)</script", re.IGNORECASE | re.DOTALL
)
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_META = re.compile(r"<meta\b([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""([\w:-]{1,40})\s*=\s*(?:"([^"]{0,3000})"|'([^']{0,3000})'|([^\s"'>]{1,500}))"""
)
_ARTICLE_TYPES = re.compile(r"\w*(?:Article|BlogPosting|Report|Review)$")
_LIVE_TYPE = "LiveBlogPosting"
_MAX_NODES = 20_000
_MAX_DEPTH = 30
_ADDRESS = re.compile(r"https?://|@|^www\.", re.IGNORECASE)
_NO_ONE = frozenset({"admin", "administrator", "editor", "author", "unknown", "none", "null"})
_DATE_NAMES = (
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "datepublished",
    "date.published",
    "publication_date",
    "publish-date",
    "publish_date",
    "publishdate",
    "pubdate",
    "published_time",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "article.published",
    "article_date_original",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "date",
)


@dataclass(frozen=True, slots=True)
class Statement:
    """What one JSON-LD node says of one article or post; all as stated, on one line but `body`.

    `stated_date` is the text that `published` was read from.
    """

    title: str | None
    body: str
    published: str | None
    stated_date: str | None
    author: str | None
    source: str | None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class LiveBlog:
    """One `LiveBlogPosting`: what it says of the whole, and its posts in the order of the page."""

    whole: Statement
    posts: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """All that a page states for machines. `meta` has lower-case names, first one wins."""

    articles: tuple[Statement, ...]
    live_blogs: tuple[LiveBlog, ...]
    meta: Mapping[str, str]

    @property
    def date(self) -> tuple[str | None, str | None]:
        """Publication date, and the text that it was read from (also where it is no date)."""
        stated = [a.stated_date for a in self.articles] + [
            live.whole.stated_date for live in self.live_blogs
        ]
        stated += [self.meta.get(name) for name in _DATE_NAMES]
        given = [text for text in stated if text and any(char.isdigit() for char in text)]
        for text in given:
            date = parse_date(text)
            if date:
                return date, text
        return None, given[0] if given else None

    @property
    def descriptions(self) -> list[str]:
        """Give what the page says that it is about, in one or two sentences, each once."""
        found = [article.description for article in self.articles]
        found += [self.meta.get(name) for name in ("description", "og:description")]
        return list(dict.fromkeys(text for text in found if text))

    @property
    def is_article(self) -> bool:
        """Whether the page says that it is an article."""
        return bool(self.articles) or self._has_article_meta

    @property
    def is_one_article(self) -> bool:
        """Whether it says so, and of no other beside it."""
        if self.articles:
            return len({comparable(article.title or "") for article in self.articles}) == 1
        return self._has_article_meta

    @property
    def _has_article_meta(self) -> bool:
        is_typed = self.meta.get("og:type", "").lower() == "article"
        return is_typed or "article:published_time" in self.meta


def read_stated(page: str) -> Stated:
    """Read the JSON-LD and the `<meta>` elements of a page.

    Parameters
    ----------
    page : str
        HTML. Broken JSON is mended where that is simple (comments around it, commas too many,
        escaped quotes) and left out otherwise.
    """
    articles: list[Statement] = []
    live_blogs: list[LiveBlog] = []
    for node in _nodes_of(page):
        types = _types(node)
        if _LIVE_TYPE in types:
            live_blogs.append(LiveBlog(_statement(node), _posts(node)))
        elif any(_ARTICLE_TYPES.fullmatch(name) for name in types):
            articles.append(_statement(node))
    return Stated(tuple(_distinct(articles)), tuple(live_blogs), _meta_of(page))


def _distinct(statements: Sequence[Statement]) -> list[Statement]:
    """Merge what is said twice: the same title, or none, and a body that is the same or absent."""
    kept: dict[tuple[str | None, str], Statement] = {}
    for statement in statements:
        kept.setdefault((statement.title, statement.body), statement)
    return list(kept.values())


def _nodes_of(page: str) -> Iterator[dict[str, Any]]:
    """Give each typed node; posts of a live-blog are its own, not nodes of the page."""
    todo = [(value, 0) for value in map(_load, _SCRIPT.findall(page))][::-1]
    n_seen = 0
    while todo and n_seen < _MAX_NODES:
        value, depth = todo.pop()
        n_seen += 1
        if depth > _MAX_DEPTH:
            continue
        if isinstance(value, list):
            todo += [(item, depth + 1) for item in reversed(value)]
        elif isinstance(value, dict):
            if "@type" in value:
                yield value
            todo += [
                (item, depth + 1)
                for key, item in reversed(list(value.items()))
                if key not in {"liveBlogUpdate", "isPartOf", "comment", "review", "citation"}
                and isinstance(item, (dict, list))
            ]


def _load(text: str) -> object:
    text = _WRAPPING.sub("", _WRAPPING.sub("", text.strip()))
    for attempt in (
        text,
        _TRAILING_COMMA.sub("", text),
        html.unescape(text) if "&quot;" in text else "",
    ):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _types(node: Mapping[str, Any]) -> list[str]:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return [name.rpartition("/")[2] for name in names if isinstance(name, str)]


def _statement(node: Mapping[str, Any]) -> Statement:
    stated = _first(node, "datePublished", "dateCreated", "uploadDate", "dateModified")
    return Statement(
        title=_line(_first(node, "headline", "name")),
        body=_body(node),
        published=parse_date(stated) if stated else None,
        stated_date=stated,
        author=names_of(node.get("author")) or names_of(node.get("creator")),
        source=names_of(node.get("publisher")),
        description=_line(_first(node, "description", "abstract", "alternativeHeadline")),
    )


def _posts(node: Mapping[str, Any]) -> tuple[Statement, ...]:
    updates = node.get("liveBlogUpdate")
    if isinstance(updates, dict):
        updates = updates.get("itemListElement", [updates])
    if not isinstance(updates, list):
        return ()
    items = [item.get("item", item) if isinstance(item, dict) else None for item in updates]
    return tuple(_statement(item) for item in items if isinstance(item, dict))


def _body(node: Mapping[str, Any]) -> str:
    for key in ("articleBody", "text", "description"):
        value = node.get(key)
        if isinstance(value, list):
            value = "\n\n".join(part for part in value if isinstance(part, str))
        # A description stands for the body only in a post, which has nothing else.
        if key == "description" and "BlogPosting" not in _types(node):
            continue
        if isinstance(value, str) and value.strip():
            return text_of_fragment(value)
    return ""


def _first(node: Mapping[str, Any], *keys: str) -> str | None:
    for key in keys:
        value = node.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _line(text: str | None) -> str | None:
    return line_of_fragment(mend_text(text)) if text else None


def names_of(value: object) -> str | None:
    """Write the names of people or publishers: a text, a node with a name, or a list of these.

    Addresses and stand-ins (`admin`) are no names; None where no name is left.
    """
    items = value if isinstance(value, list) else [value]
    names: dict[str, None] = {}
    for item in items:
        name = item.get("name") if isinstance(item, dict) else item
        for part in name if isinstance(name, list) else [name]:
            line = _line(part) if isinstance(part, str) else None
            if line and not _ADDRESS.search(line) and line.lower() not in _NO_ONE:
                names[line] = None
    return ", ".join(names) or None


def _meta_of(page: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _META.finditer(page):
        attributes = {
            name.lower(): double or single or bare
            for name, double, single, bare in _ATTRIBUTE.findall(match[1])
        }
        names = (attributes.get(key) for key in ("property", "name", "itemprop"))
        name = next((name.strip().lower() for name in names if name), None)
        content = _line(html.unescape(attributes.get("content", "")))
        if name and content:
            found.setdefault(name, content)
    return found
