"""Pages of HTML that hold several pieces: posts of a live-blog, articles, or teasers of a list.

They are repeated boxes: children of one element, of the same make, which together hold most of
the page's prose. Cards of other stories beside one article, and readers' comments, are repeated
too, but hold little of it or say what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pipeline.core.formats.bodies import SIDE_MATTER
from pipeline.core.formats.fragments import text_of_fragment
from pipeline.core.texts import comparable, mend_text
from pipeline.core.times.dates import parse_date
from pipeline.core.times.stamps import Stamp, parse_stamp

PageShape = Literal["live_blog", "articles", "teasers"]

_BOXES = frozenset({"article", "section", "div", "li"})
_HEADINGS = ("h1", "h2", "h3", "h4", "h5")
_LIVE = re.compile(
    r"\blive(?:-?blog|\b)|\bas it happened\b|\bupdates?\b|\bliveticker\b", re.IGNORECASE
)
_AUTHOR = re.compile(r"(?:^|[\s_-])(?:author|byline)s?(?:$|[\s_-])", re.IGNORECASE)
_BY = re.compile(r"^(?:by|von|por|par)\s*:?\s+", re.IGNORECASE)
_MIN_ARTICLE = 40
_MIN_TEASER = 5
_MAX_TEASER = 80
_MIN_POSTS = 3
#: Share of the page's prose that the boxes hold together.
_MOST = 0.6
#: Lengths of the second longest and of the longest article of a page are not further apart.
_SECOND = 0.12
_MAX_LABEL = 14
_NUMBERED = re.compile(r"\s*\(?\d{1,3}[.):]?\s")


@dataclass(frozen=True, slots=True)
class Post:
    """One box: headline, plain text, and what is said of when and by whom."""

    title: str | None
    text: str
    stamp: Stamp | None
    author: str | None


@dataclass(frozen=True, slots=True)
class Posts:
    """What repeated boxes make of a page. `rest` is the page without them, as HTML."""

    shape: PageShape
    posts: tuple[Post, ...]
    rest: str


@dataclass(slots=True)
class _Box:
    element: Any
    n_words: int
    heading: Any
    time: Any


def find_posts(page: str, *, is_live: bool = False, is_article: bool = False) -> Posts | None:
    """Find the boxes that make a page one of several pieces.

    Parameters
    ----------
    page : str
        HTML that `bodies.prepare` has seen.
    is_live : bool
        Whether the page says of itself that it is a live-blog.
    is_article : bool
        Whether it says that it is one article: then its boxes are sections, or other stories.

    Returns
    -------
    Posts or None
        None for a page that is one piece, as far as one can see.
    """
    from lxml import etree
    from trafilatura.utils import load_html

    # An article may be a live-blog, but none without times.
    has_times = page.count("<time") >= _MIN_POSTS or page.count("<TIME") >= _MIN_POSTS
    tree = load_html(page) if has_times or not is_article else None
    if tree is None:
        return None
    n_words = _count_prose(tree)
    total = n_words.get(tree, 0)
    best: tuple[PageShape, list[_Box]] | None = None
    for group in _groups(n_words):
        shape = _shape_of(group, total, is_live=is_live or _says_live(tree, group))
        if is_article and shape != "live_blog":
            continue
        if shape and (best is None or len(group) > len(best[1])):
            best = shape, [box for box in group if _is_of_shape(box, shape)]
    if best is None:
        return None
    posts = tuple(_read_post(box) for box in best[1])
    for box in best[1]:
        box.element.drop_tree()
    return Posts(best[0], posts, etree.tostring(tree, encoding="unicode", method="html"))


def _count_prose(tree: Any) -> dict[Any, int]:
    """Words of prose in each element: of its paragraphs and items, links and side matter aside."""
    counts: dict[Any, int] = {}
    for element in tree.iter("p", "blockquote", "li", "div"):
        if element.tag != "p" and any(child.tag in _BOXES or child.tag == "p" for child in element):
            continue
        if element.tag != "p" and next(element.iterancestors("p", "blockquote"), None) is not None:
            continue
        text = element.text_content()
        linked = sum(len(link.text_content().split()) for link in element.iter("a"))
        n_words = len(text.split()) - linked
        above = list(element.iterancestors())
        if n_words < 3 or any(_is_side(a) for a in (element, *above)):
            continue
        for holder in (element, *above):
            counts[holder] = counts.get(holder, 0) + n_words
    return counts


def _is_side(element: Any) -> bool:
    if element.tag in {"aside", "footer", "nav", "form"}:
        return True
    if element.tag in {"body", "html", "main"}:
        return False
    return SIDE_MATTER.search(f"{element.get('class') or ''} {element.get('id') or ''}") is not None


def _groups(n_words: dict[Any, int]) -> Iterator[list[_Box]]:
    """Give boxes that are siblings of one make, for each element that has at least two."""
    for parent in list(n_words):
        makes: dict[tuple[str, str], list[Any]] = {}
        for child in parent:
            if child in n_words and child.tag in _BOXES:
                names = (child.get("class") or "").split()
                make = (child.tag, "" if child.tag == "article" else " ".join(names[:1]))
                makes.setdefault(make, []).append(child)
        for children in makes.values():
            if len(children) > 1:
                yield [_box(child, n_words[child]) for child in children]


def _box(element: Any, n_words: int) -> _Box:
    heading = next(element.iter(*_HEADINGS), None)
    time = next(element.iter("time"), None)
    return _Box(element, n_words, heading, time)


def _shape_of(group: Sequence[_Box], total: int, *, is_live: bool) -> PageShape | None:
    if sum(box.n_words for box in group) < _MOST * total:
        return None
    timed = [box for box in group if box.time is not None]
    if len(timed) >= _MIN_POSTS and len(timed) >= 0.6 * len(group):
        clocked = sum(_is_clocked(box.time) for box in timed)
        if is_live or clocked >= 0.6 * len(timed):
            return "live_blog"
    long = sorted((b.n_words for b in group if _is_of_shape(b, "articles")), reverse=True)
    if _are_sections(group):
        return None
    if len(long) > 1 and long[1] >= _SECOND * long[0] and sum(long) >= _MOST * total:
        return "articles"
    teasers = [box for box in group if _is_of_shape(box, "teasers")]
    if len(teasers) >= _MIN_POSTS and sum(b.n_words for b in teasers) >= _MOST * total:
        return "teasers"
    return None


def _are_sections(group: Sequence[_Box]) -> bool:
    """Whether boxes are parts of one article: they stand in it, or their headings are numbered."""
    first = group[0].element
    is_inside = next(first.iterancestors("article"), None) is not None
    headings = [box.heading.text_content() for box in group if box.heading is not None]
    return is_inside or sum(bool(_NUMBERED.match(text)) for text in headings) > len(headings) / 2


def _is_of_shape(box: _Box, shape: PageShape) -> bool:
    if shape == "live_blog":
        return box.time is not None
    if box.heading is None or len(box.heading.text_content().split()) < 2:
        return False
    if shape == "articles":
        is_box = box.element.tag in {"article", "section"} or box.time is not None
        return is_box and box.n_words >= _MIN_ARTICLE
    has_link = next(box.heading.iter("a"), None) is not None or any(
        above.tag == "a" for above in box.heading.iterancestors()
    )
    return has_link and _MIN_TEASER <= box.n_words <= _MAX_TEASER


def _is_clocked(time: Any) -> bool:
    """Whether a time is shown as one of the day, without the day: as live-blogs show it."""
    stamp = parse_stamp(" ".join(time.text_content().split()))
    return stamp is not None and stamp.is_timed and not stamp.is_dated


def _says_live(tree: Any, group: Sequence[_Box]) -> bool:
    """Whether the page's headline, its title or the boxes themselves speak of live updates."""
    heads = [element.text_content() for element in tree.iter("h1", "title")]
    first = group[0].element
    heads.append(f"{first.get('class') or ''} {first.getparent().get('class') or ''}")
    return any(_LIVE.search(head[:300]) for head in heads)


def _read_post(box: _Box) -> Post:
    from lxml import etree

    title = _line(box.heading)
    stamp = _stamp_of(box.time)
    authors = [
        element
        for element in box.element.iter()
        if isinstance(element.tag, str)
        and (
            element.get("rel") == "author"
            or element.get("itemprop") == "author"
            or _AUTHOR.search(element.get("class") or "")
        )
        and len(element.text_content().split()) <= _MAX_LABEL
    ]
    author = _BY.sub("", _line(authors[0]) or "") or None if authors else None
    marked = etree.tostring(box.element, encoding="unicode", method="html", with_tail=False)
    labels = {
        comparable(label.text_content()) for label in (box.time, *authors) if label is not None
    }
    labels |= {comparable(title or "")}
    lines = [
        line
        for line in text_of_fragment(f"<p></p>{marked}").split("\n\n")
        if not _is_label(line, labels)
    ]
    return Post(title, "\n\n".join(lines), stamp, author)


def _is_label(line: str, labels: set[str]) -> bool:
    """Whether a line is nothing but headline, time and author."""
    if len(line) > 400:
        return False
    rest = comparable(line)
    for label in sorted(filter(None, labels), key=len, reverse=True):
        rest = f" {rest} ".replace(f" {label} ", " ").strip()
    return rest in {"", "by", "posted by", "updated", "at", "on"} or parse_stamp(line) is not None


def _line(element: Any) -> str | None:
    if element is None:
        return None
    return " ".join(mend_text(element.text_content()).split()) or None


def _stamp_of(time: Any) -> Stamp | None:
    """What a `<time>` says: its machine-readable day if it has one, and the time that it shows."""
    if time is None:
        return None
    stated = time.get("datetime") or ""
    shown = parse_stamp(" ".join(time.text_content().split()))
    date = parse_date(stated)
    if date:
        return Stamp(date, None, None, is_rich=True)
    return parse_stamp(stated) or shown
