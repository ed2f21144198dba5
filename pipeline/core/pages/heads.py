"""What the top of an article says of it: headline, site, byline, date, source, section."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.core.boilerplate.chrome import chrome_of
from pipeline.core.boilerplate.cleaning import is_caption, is_headline
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.sites import is_press
from pipeline.core.texts import comparable
from pipeline.core.times.names import read_name
from pipeline.core.times.stamps import parse_stamp

_BYLINE = re.compile(
    r"(?:(?:written|words|reported|report|story|text|posted|published|edited|analysis|opinion"
    r"|interview|review|comment|compiled|author|from|live reporting)s?\s*(?:by\b|:)|by\b"
    r"|reporting from|(?:por|von|autor(?:a|es)?|автор|текст|от|द्वारा)(?=[\s:]))\s*:?\s*"
    r"(\S.{1,110})",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:[\w&'’-]+\s+){0,4}(?:reporter|correspondent|editor|columnist|analyst|writer|producer"
    r"|bureau chief|journalist|reporting|staff|newsroom|desk|agencies)s?"
    r"(?:,?\s+(?:in|at|for|from)?\s*\S.{0,40})?",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"[(\[]?(?:(?:source|via|from|published (?:by|in)|courtesy(?: of)?|reprinted from)\s*:\s*"
    r"|(?:via|courtesy of|reprinted from"
    r"|this (?:article|story) (?:first |originally )?appeared (?:in|on))\s+)"
    r"(\S.{0,50}?)[)\]]?",
    re.IGNORECASE,
)
#: `Ann Lee (now) and Bo Wu (earlier)`: the shifts of a live-blog.
_SHIFTS = re.compile(r"\s\((?:now|earlier|and others)\)", re.IGNORECASE)
_EMAIL = re.compile(r"\S+@\S+")
_BARS = re.compile(r"\s*[|·•]\s*|\s[-–—/]\s")
_SEPARATOR = re.compile(r"\s*[|·•]\s*|\s[-–—/]\s|,\s(?=[A-Z]\w+\.? \d|\d)")

#: Lines at the top of an article among which bylines and dates are looked for.
_HEAD_LINES = 12
_MAX_BYLINE = 16
_STANDFIRST_WORDS = 45
_MAX_NAME_WORDS = 4
_MAX_SOURCE_WORDS = 6


def is_name(line: str) -> bool:
    """Whether a line may be a person's name and nothing else: two to four capitalised words."""
    words = line.split()
    return 2 <= len(words) <= _MAX_NAME_WORDS and not is_press(line) and bool(read_name(line))


def is_role(line: str) -> bool:
    """Whether a line says what an author is: `Live reporter`, `Political correspondent, Oslo`."""
    return len(line.split()) <= 7 and _ROLE.fullmatch(line) is not None


def is_credit(line: str) -> bool:
    """Whether a line beside a date may say who wrote it: `Ann Lee`, `Ann Lee - City Chronicle`."""
    line = _EMAIL.sub("", line).strip()
    name, *others = _SEPARATOR.split(line)
    return is_name(name) and len(line.split()) <= 8 and all(read_name(part) for part in others)


def read_byline(line: str) -> tuple[str, str | None] | None:
    """Read `By Ann Lee`, `Words by Ann Lee | 21 January 2025` → name and ISO date, if it is one."""
    if len(line.split()) > _MAX_BYLINE:
        return None
    match = _BYLINE.fullmatch(line)
    if match is None:
        name = read_name(_SHIFTS.sub("", line)) if _SHIFTS.search(line) else None
        return (name, None) if name else None
    name, _, rest = _SEPARATOR.sub("\0", match[1], count=1).partition("\0")
    published = None
    for part in [rest] if parse_stamp(rest) else filter(None, _BARS.split(rest)):
        stamp = parse_stamp(part)
        if stamp is None and not chrome_of(part) and not read_name(part):
            return None
        published = published or (stamp.date if stamp else None)
    author = read_name(name)
    return (author, published) if author else None


def read_source(line: str) -> str | None:
    """Read `Source: The Ledger`, `via The Ledger`; None where the line is nothing of the kind."""
    named = _SOURCE.fullmatch(line)
    if named is None or len(named[1].split()) > _MAX_SOURCE_WORDS or named[1].endswith("."):
        return None
    return named[1] if not named[1][0].islower() or "." in named[1] else None


def head_lines(page: Page, live: Sequence[int]) -> list[int]:
    """Lines of `live` above the first paragraph, and below a standfirst if a date follows it."""
    head: list[int] = []
    for n, i in enumerate(live[:_HEAD_LINES]):
        if page.is_prose(i):
            below = live[n + 1 : n + 3]
            is_standfirst = len(head) == n and len(page.lines[i].split()) <= _STANDFIRST_WORDS
            if not (is_standfirst and any(_dates_piece(page, k) for k in below)):
                break
        else:
            head.append(i)
    return head


def _dates_piece(page: Page, i: int) -> bool:
    stamp = page.stamps.get(i)
    return bool(stamp and stamp.is_dated) or read_byline(page.lines[i]) is not None


def read_top(page: Page, segment: Segment, live: Sequence[int]) -> None:
    """Take headline and all that surrounds it from the first lines of an article."""
    at = _title_place(page, head_lines(page, live) or live[:1], len(live))
    rest = list(live)
    if at is not None:
        set_title(page, segment, live[at])
        segment.marks[live[at]] = "title"
        for i in live[:at]:
            if is_press(page.lines[i]):
                segment.marks[i] = "source"
                segment.source = segment.source or page.lines[i]
            elif is_label(page.lines[i]):
                segment.marks[i] = "section"
        rest = [i for i in live if i not in segment.marks]
    read_head(page, segment, rest)


def _title_place(page: Page, head: Sequence[int], n_live: int) -> int | None:
    """Place of the headline: the line that comes twice, else the first that is no label."""
    if n_live < 2:
        return None
    likely = [
        at
        for at, i in enumerate(head)
        if i not in page.stamps
        and is_headline(page.lines[i])
        and i not in page.wrapped
        and not (read_byline(page.lines[i]) or is_role(page.lines[i]))
        and not (is_press(page.lines[i]) and len(head) > 1)
        and not read_source(page.lines[i])
        and not is_caption(page.lines[i], in_head=True)
    ]
    keys = [comparable(page.site_of(i)[0]) for i in head]
    doubled = [at for at in likely if keys.count(keys[at]) > 1 and len(keys[at].split()) > 2]
    long = [at for at in likely if len(keys[at].split()) > 2 or not is_label(page.lines[head[at]])]
    return next(iter([*doubled, *long, *likely]), None)


def is_label(line: str) -> bool:
    """Whether a line may be a section's name: up to four words, no sentence."""
    return len(line.split()) <= 4 and not line.rstrip().endswith((".", "?", "!", ":", ","))


def set_title(page: Page, segment: Segment, place: int) -> None:
    """Take the headline from line `place`, and the site that follows it as the source."""
    segment.title, site = page.site_of(place)
    segment.source = segment.source or site


def read_head(page: Page, segment: Segment, body: Sequence[int]) -> None:
    """Take byline, date and source from the first lines, and a source line from the last."""
    head = head_lines(page, body)
    for n, i in enumerate(head):
        line = page.lines[i]
        stamp = page.stamps.get(i)
        byline = None if stamp else read_byline(line)
        if stamp and (stamp.is_dated or stamp.is_note or stamp.is_rich):
            segment.marks[i] = "date"
            segment.published = segment.published or stamp.date
            segment.source = segment.source or stamp.source
            _set_credit(segment, stamp.author)
            if stamp.impossible:
                segment.notes.append(f"date {stamp.impossible} does not exist")
        elif byline:
            segment.marks[i] = "byline"
            segment.author = segment.author or byline[0]
            segment.published = segment.published or byline[1]
        elif not read_source(line) and is_beside_date(page, head, n):
            if is_credit(line) or is_role(line):
                segment.marks[i] = "byline"
                _set_credit(segment, _SEPARATOR.split(line)[0])
            elif is_press(line) and not page.is_prose(i):
                segment.marks[i] = "source"
                segment.source = segment.source or line
    for i in (*head, *body[-2:]):
        source = read_source(page.lines[i])
        if source and i not in segment.marks:
            segment.marks[i] = "source"
            segment.source = segment.source or source


def is_beside_date(page: Page, head: Sequence[int], n: int) -> bool:
    """Whether a line of the head stands next to a date or a byline."""
    return any(
        0 <= k < len(head) and (head[k] in page.stamps or read_byline(page.lines[head[k]]))
        for k in (n - 1, n + 1)
    )


def _set_credit(segment: Segment, name: str | None) -> None:
    """A name beside a date is the source if it is a paper's, else the author."""
    if name and is_press(name):
        segment.source = segment.source or name
    elif name:
        segment.author = segment.author or name
