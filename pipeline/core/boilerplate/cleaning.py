"""What on a page is not the story: boilerplate, found by rules that have names.

Rules of single lines (`chrome.chrome_of`) come first and know nothing of layouts. The rules here
then look at the lines of one article in their order. Every line that is taken away keeps the name
of the rule that took it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.core.boilerplate.authors import is_bio, is_office, is_role
from pipeline.core.boilerplate.captions import is_caption, is_posed
from pipeline.core.boilerplate.chrome import chrome_of
from pipeline.core.boilerplate.related import (
    is_pointer,
    is_related_line,
    is_reporter_line,
    is_tags_line,
    overlaps,
)
from pipeline.core.boilerplate.sections import is_section
from pipeline.core.boilerplate.sentences import is_headline, is_sentence_end
from pipeline.core.texts import comparable

__all__ = ["find_boilerplate", "is_caption", "is_headline", "is_sentence_end"]

#: What one pass takes away may bare another link; bounded, so that no page makes it quadratic.
_MAX_PASSES = 8
_MAX_LINKS = 12
#: Only the last lines of an article say who wrote it.
_MAX_BIO_LINES = 6
_MAX_BIO_WORDS = 90
_MAX_SHORT = 8
#: A link below a heading and a gap is longer than a sub-head.
_MIN_LINK_WORDS = 6
#: An author's name is looked for in the head of the article only.
_HEAD_LINES = 8

#: Headings of lists of links or topics, as `chrome_of` names them.
_LIST_HEADINGS = frozenset({"related", "tags"})
#: Chrome below which nothing short belongs to the story any more.
_TAIL_CHROME = frozenset(
    {
        "related",
        "tags",
        "copyright",
        "comments",
        "newsletter",
        "subscription",
        "source_link",
        "share",
    }
)
#: Short lines at the end of an article that may be left of a menu.
_MAX_REMAINS = 12
_MAX_REMAIN_WORDS = 3
#: `- Politics` above the story: a topic.
_TOPIC_ITEM = re.compile(r"[-–•] ?[A-Z][\w.&'’-]*(?: (?:[A-Z&][\w.&'’-]*|of|and|the)){0,3}")
_BULLETS = "-–—•*·> "
_MARKER = re.compile(
    r"tt|T\s?T|[+-]\s?A\s?[+-]|[Tt]{1,2}\s?[+-]|A\s?[Aa]|[Aa][+-]?(?:\s?[Aa][+-]?){1,2}|[Aa][+-]"
)
_SOURCE = re.compile(
    r"[(\[]?(?:(?:source|agency|via|news source)\s?[:|]|via)"
    r" (?:the )?[A-Z][\w.&'’-]*(?: [\w.&'’-]+){0,4}[)\]]?\.?",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:written |words |reported |story )?by:? (\S.{1,80})", re.IGNORECASE)
_PERSON = re.compile(r"[A-ZÀ-Þ][\w.'’-]+(?: (?:[A-ZÀ-Þ][\w.'’-]*|de|van|von|al|bin|el)){1,3}")


@dataclass(frozen=True, slots=True)
class _Body:
    """The lines of one article that no rule has taken yet, with what surrounds them."""

    lines: Sequence[str]
    places: Sequence[int]
    title_key: str | None
    story: frozenset[int]

    def __len__(self) -> int:
        return len(self.places)

    def line(self, at: int) -> str:
        return self.lines[self.places[at]]

    def chrome_above(self, at: int) -> str | None:
        """Rule of the nearest line above that is not blank, if it is not one of the body."""
        place = self.places[at] - 1
        while place >= 0 and not self.lines[place]:
            place -= 1
        return None if place < 0 or place in self.story else chrome_of(self.lines[place])

    def is_block(self, first: int, last: int) -> bool:
        """Whether lines stand together, with a gap, chrome or the end of the body below them."""
        start, stop = self.places[first], self.places[last]
        is_near = stop - start == last - first
        return is_near and stop + 1 not in self.story


def find_boilerplate(
    lines: Sequence[str], places: Sequence[int], title: str | None
) -> dict[int, str]:
    """Find what surrounds the story among the body lines of one article.

    Parameters
    ----------
    lines : sequence of str
        All lines of the page.
    places : sequence of int
        Indices of the article's body lines, rising; lines that `chrome_of` took are not among them.
    title : str or None
        Headline of the article: a first line that repeats it is boilerplate.

    Returns
    -------
    dict of int to str
        Index of each line to take away → name of the rule: `title_repeat`, `caption`, `marker`,
        `source`, `byline`, `section`, `related`, `tags`, `referral`, `navigation`,
        `comments` or `author_bio`.
    """
    key = comparable(title) if title else None
    names = _names_above(lines, places)
    story = frozenset(places)
    found: dict[int, str] = {}
    for _ in range(_MAX_PASSES):
        body = _Body(lines, [place for place in places if place not in found], key, story)
        new = _pass(body)
        rest = replace(body, places=[place for place in body.places if place not in new])
        new |= _find_bios(rest, names) | _find_remains(rest)
        if not new:
            break
        found |= new
    return found


def _names_above(lines: Sequence[str], places: Sequence[int]) -> frozenset[str]:
    """Authors in the bylines at the top of the article."""
    if not places:
        return frozenset()
    head = lines[max(0, places[0] - _HEAD_LINES) : places[0] + 1]
    bylines = [match[1] for line in head if len(line) < 120 and (match := _BYLINE.fullmatch(line))]
    return frozenset(name for byline in bylines for name in _PERSON.findall(byline))


def _pass(body: _Body) -> dict[int, str]:
    found: dict[int, str] = {}
    places = body.places
    if places and body.title_key and comparable(body.line(0)) == body.title_key:
        found[places[0]] = "title_repeat"
    # Not where it would leave nothing of the story.
    in_head = any(is_sentence_end(body.line(at)) for at in range(len(body)))
    tail = _tail_of_headlines(body)
    for at, place in enumerate(places):
        if place in found:
            continue
        line = body.line(at)
        role = _role_alone(line, at, in_head=in_head)
        if role:
            found[place] = role
        elif is_pointer(line) or is_reporter_line(line):
            found |= dict.fromkeys(_referral(body, at), "referral")
        else:
            found |= _below_chrome(body, at, tail)
        in_head = in_head and (place in found or not is_sentence_end(line))
    return found


def _role_alone(line: str, at: int, *, in_head: bool) -> str | None:
    """Rule that takes a line of a body by its own words."""
    if is_caption(line, in_head=in_head) or (at > 0 and is_posed(line)):
        return "caption"
    if _MARKER.fullmatch(line):
        return "marker"
    if _SOURCE.fullmatch(line):
        return "source"
    if in_head and (is_role(line) or is_office(line)):
        return "byline"
    if is_tags_line(line):
        return "tags"
    return "related" if is_related_line(line) else None


def _below_chrome(body: _Body, at: int, tail: int) -> dict[int, str]:
    """Links, topics or comments right below the heading that announces them."""
    role = body.chrome_above(at)
    if role in _LIST_HEADINGS:
        return dict.fromkeys(_links_from(body, at, tail, role), role)
    if role == "comments":
        return dict.fromkeys(_comments_from(body, at), role)
    return {}


def _tail_of_headlines(body: _Body) -> int:
    """Place from which nothing but headlines follows to the end of the article."""
    tail = len(body)
    while tail and is_headline(body.line(tail - 1).lstrip(_BULLETS)):
        tail -= 1
    return tail


def _links_from(body: _Body, at: int, tail: int, role: str) -> list[int]:
    """Headlines or topics below a heading like `Related stories`: up to a gap or a sentence.

    Where nothing but headlines follows to the end of the article (from place `tail` on), all of
    them are links.
    """
    if at >= tail:
        return list(body.places[at:])
    is_apart = body.places[at] and not body.lines[body.places[at] - 1]
    if is_apart and role == "related" and len(body.line(at).split()) < _MIN_LINK_WORDS:
        return []
    links: list[int] = []
    for here in range(at, min(at + _MAX_LINKS, len(body))):
        line = body.line(here)
        is_item = is_headline(line.lstrip(_BULLETS)) or (role == "tags" and _is_topic(line))
        is_near = here == at or body.places[here] == body.places[here - 1] + 1
        if not (is_item and is_near):
            break
        links.append(body.places[here])
    return links


def _comments_from(body: _Body, at: int) -> list[int]:
    """Comments of readers below the number of comments: each begins with who says it."""
    first = body.line(at).removesuffix(" says:")
    if not _PERSON.fullmatch(first):
        return []
    stop = at + 1
    while stop < len(body) and body.places[stop] == body.places[stop - 1] + 1:
        stop += 1
    return list(body.places[at:stop]) if stop > at + 1 else []


def _is_topic(line: str) -> bool:
    return len(line.split()) <= 4 and not is_sentence_end(line)


def _referral(body: _Body, at: int) -> list[int]:
    """A referral (`Read the full report:`, `Ann Lee reports:`) and the link that it points to.

    A colleague may also be quoted with a colon, and `Ann Lee writes:` may begin a part of the
    story: there, the link must end a block or the article, or repeat its headline.
    """
    place = body.places[at]
    if at + 1 == len(body):
        return [place]
    after = body.line(at + 1)
    if not is_headline(after):
        return [place] if is_pointer(body.line(at)) else []
    is_last = at + 2 == len(body) or body.is_block(at, at + 1)
    is_sure = is_last or (body.title_key is not None and overlaps(after, body.title_key))
    if is_sure or is_pointer(body.line(at)):
        return [place, body.places[at + 1]]
    return []


def _find_bios(body: _Body, names: frozenset[str]) -> dict[int, str]:
    """Who the author is, told below the story, among short lines only."""
    bios: dict[int, str] = {}
    named: frozenset[str] = frozenset()
    for at in reversed(range(max(1, len(body) - _MAX_BIO_LINES), len(body))):
        line = body.line(at)
        is_short = len(line.split()) <= _MAX_SHORT and not is_sentence_end(line)
        is_headed = len(line.split()) <= _MAX_BIO_WORDS and body.chrome_above(at) == "author_bio"
        if is_bio(line, names) or is_headed or is_role(line):
            bios[body.places[at]] = "author_bio"
            named |= set(_PERSON.findall(line)[:1])
        elif is_short and line.strip(" -–—") in names | named:
            bios[body.places[at]] = "author_bio"
        elif not is_short:
            break
    return bios


def _find_remains(body: _Body) -> dict[int, str]:
    """Section names above the story, and short lines below the chrome that ends an article."""
    remains: dict[int, str] = {}
    prose = [at for at in range(len(body)) if is_sentence_end(body.line(at))]
    if not prose:
        return remains
    for at in range(prose[0]):
        line = body.line(at)
        if is_section(line) or _TOPIC_ITEM.fullmatch(line):
            remains[body.places[at]] = "section"
    for at in range(max(prose[-1] + 1, len(body) - _MAX_REMAINS), len(body)):
        line = body.line(at)
        if len(line.split()) > _MAX_REMAIN_WORDS:
            continue
        if is_section(line):
            remains[body.places[at]] = "section"
        elif body.chrome_above(at) in _TAIL_CHROME:
            remains[body.places[at]] = "navigation"
    return remains
