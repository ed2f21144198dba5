"""What items of a listing say: headline, source, author, day.

Items of one page are made alike, so the page is asked before the line: the headline stands where
most items have it, and a line of a name is a source, a section or an author by what most of the
names at its place are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from pipeline.core.boilerplate.captions import is_caption
from pipeline.core.boilerplate.sections import is_section
from pipeline.core.boilerplate.sentences import is_headline
from pipeline.core.pages.credits import Slot, credit_fields, name_slots
from pipeline.core.pages.heads import read_byline, read_source
from pipeline.core.pages.item_lines import (
    MIN_TITLE_WORDS,
    Item,
    is_short,
    number_of,
    teaser_of,
    topic_of,
    without_number,
)
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.sites import is_one_word_site, is_press
from pipeline.core.texts import comparable
from pipeline.core.times.names import read_name

#: A headline that is longer than this is as good as any other.
_LONG_TITLE = 6
#: Share of headlines with a number for the page to be one that counts its items.
_MOST = 0.6

_KEYED = re.compile(
    r"^(?:title|headline|summary|description|text|abstract|teaser|excerpt|snippet)\s*:\s+",
    re.IGNORECASE,
)
_SOURCE_KEY = re.compile(r"(?:source|publisher|outlet|via)\s*:\s*(\S.{0,60})", re.IGNORECASE)

# Headlines


def _offset(item: Item, at: int) -> int:
    """Count the lines from the date of an item, or from its top, to the place `at`."""
    if item.anchor is None:
        return at - item.start
    return at - item.anchor.first if at < item.anchor.first else at - item.anchor.last


def usual_title(page: Page, items: Sequence[Item]) -> int | None:
    """Where dated items have their headline, counted from the date: what most have in common."""
    offsets = Counter(
        _offset(item, at)
        for item in items
        if item.anchor
        for at in [title_place(page, item, None)]
        if at is not None
    )
    return min(offsets, key=lambda k: (-offsets[k], k)) if offsets else None


def title_place(page: Page, item: Item, usual: int | None) -> int | None:
    """Place of the headline: where items of the page have it, else the longest likely line."""
    head = item.head(page)
    if usual is not None and item.anchor:
        at = (item.anchor.first if usual < 0 else item.anchor.last) + usual
        is_sentence = item.start <= at < item.anchor.first and is_short(page, at)
        is_sentence = is_sentence and not (item.closes or page.live[at] in page.wrapped)
        if (at in head or is_sentence) and _is_title(page, at):
            return at
    likely = [at for at in head if _is_title(page, at) and is_likely_title(page, at)]
    if usual is None:
        likely = [at for at in likely if len(item.text_places()) > 1]
    if item.closes or item.anchor is None:
        long = [at for at in likely if _n_words(page, at) >= MIN_TITLE_WORDS]
        return next(iter([*long, *likely]), None)
    return max(likely, key=lambda at: (min(_n_words(page, at), _LONG_TITLE), -at), default=None)


def _n_words(page: Page, at: int) -> int:
    return len(page.lines[page.live[at]].split())


def _is_title(page: Page, at: int) -> bool:
    """Whether a line may be the headline where others have theirs."""
    line = page.lines[page.live[at]]
    is_name = topic_of(line) or is_section(line) or _SOURCE_KEY.fullmatch(line)
    return not is_name and _n_words(page, at) >= MIN_TITLE_WORDS - 1


def is_likely_title(page: Page, at: int) -> bool:
    """Whether a line reads like a headline by itself."""
    line = page.lines[page.live[at]]
    return (
        is_headline(line)
        and not read_byline(line)
        and not is_caption(line, in_head=True)
        and not (is_press(line) and _n_words(page, at) <= MIN_TITLE_WORDS)
    )


# Segments


def read_items(
    page: Page, items: Sequence[Item], inherited: Mapping[int, str | None]
) -> list[Segment]:
    """Make the segments of a listing.

    Parameters
    ----------
    page : Page
        The page.
    items : sequence of Item
        Its items in order.
    inherited : mapping of int to (str or None)
        Day of items (by their place in `items`) that stand below a date they share.

    Returns
    -------
    list of Segment
        One for each item, in order.
    """
    usual = usual_title(page, items)
    titles = [title_place(page, item, usual) for item in items]
    lines = [_name_lines(page, item, title) for item, title in zip(items, titles, strict=True)]
    fields = [_fields(page, item) for item in items]
    slots = name_slots(page, lines, fields)
    known = {
        comparable(name)
        for found in fields
        for slot, name in found.items()
        if slots.get(slot) == "source"
    }
    segments = []
    for n, (item, title) in enumerate(zip(items, titles, strict=True)):
        segment = _segment(page, item, title)
        segment.published = segment.published or inherited.get(n)
        _read_lines(page, segment, lines[n], slots, known)
        _read_fields(segment, fields[n], slots)
        _read_keys(page, segment, item)
        _cut_links(page, segment, item)
        segments.append(segment)
    _strip_numbers(segments)
    return segments


def _strip_numbers(segments: Sequence[Segment]) -> None:
    """Take `1.`, `2.` from headlines where the page counts its items."""
    titled = [segment for segment in segments if segment.title]
    counted = [segment for segment in titled if number_of(segment.title or "") is not None]
    if len(counted) > 1 and len(counted) >= _MOST * len(titled):
        for segment in counted:
            segment.title = without_number(segment.title or "")


def _segment(page: Page, item: Item, title: int | None) -> Segment:
    first = page.live[item.start]
    stop = page.live[item.end] if item.end < len(page.live) else len(page.lines)
    segment = Segment("listing_item", first, stop)
    if item.anchor:
        stamp = item.anchor.stamp
        segment.published = stamp.date
        if stamp.impossible:
            segment.notes.append(f"date {stamp.impossible} does not exist")
        for at in range(item.anchor.first, item.anchor.last + 1):
            segment.marks[page.live[at]] = "date"
    if title is not None:
        segment.title, segment.source = page.site_of(page.live[title])
        segment.marks[page.live[title]] = "title"
    return segment


def _name_lines(page: Page, item: Item, title: int | None) -> dict[int, Slot]:
    """Give the short lines of an item's head that are not its headline, and where they stand."""
    places = [page.live[at] for at in item.head(page) if at != title]
    top = page.live[title] if title is not None else None
    dated = [page.live[item.anchor.first], page.live[item.anchor.last]] if item.anchor else []
    near = {*places, *dated, *([top] if top is not None else [])}
    # A name that reads like a button (`First Post`) stands right beside the rest of the head.
    taken = {k for i in near for k in (i - 1, i + 1) if 0 <= k < len(page.lines)}
    places += [k for k in taken if page.roles[k] not in ("", "blank") and _is_paper(page.lines[k])]
    found: dict[int, Slot] = {}
    ranks: Counter[tuple[bool, bool]] = Counter()
    pivot = top if top is not None else (dated[0] if dated else -1)
    for i in sorted(places, key=lambda i: (abs(i - pivot), i)):
        key = (i < pivot, bool(topic_of(page.lines[i])))
        found[i] = Slot("topic" if key[1] else "line", above=key[0], rank=ranks[key])
        ranks[key] += 1
    return found


def _is_paper(line: str) -> bool:
    """Whether a line names a paper and is neither a section nor a row of links."""
    is_named = is_press(line) or is_one_word_site(line)
    return is_named and not is_section(line) and bool(read_name(line)) and "|" not in line


def _fields(page: Page, item: Item) -> dict[Slot, str]:
    """Give the names that stand on the line of the date."""
    if not item.anchor:
        return {}
    line = page.live[item.anchor.first]
    return credit_fields(page.lines[line])


def _read_lines(
    page: Page,
    segment: Segment,
    lines: Mapping[int, Slot],
    slots: Mapping[Slot, str],
    known: AbstractSet[str],
) -> None:
    """Tell source, section, topics and author apart by where they stand."""
    topics = {comparable(match[1]) for i in lines if (match := topic_of(page.lines[i]))}
    for i, slot in sorted(lines.items()):
        line = page.lines[i]
        byline, named = read_byline(line), read_source(line)
        role = slots.get(slot, "")
        if slot.kind == "topic":
            role = "topic"
        elif named:
            role, segment.source = "source", segment.source or named
        elif byline:
            role, segment.author = "byline", segment.author or byline[0]
        elif role == "source" or comparable(line) in topics | known or _is_paper(line):
            role, segment.source = "source", segment.source or line
        elif role == "byline":
            segment.author = segment.author or line
        elif is_section(line) and slot.above:
            role = "section"
        if role:
            segment.marks[i] = role


def _read_fields(segment: Segment, fields: Mapping[Slot, str], slots: Mapping[Slot, str]) -> None:
    for slot, name in fields.items():
        if slots.get(slot) == "source":
            segment.source = segment.source or name
        elif slots.get(slot) == "byline":
            segment.author = segment.author or name


def _cut_links(page: Page, segment: Segment, item: Item) -> None:
    """Take the link from the end of a teaser: `The council met on Monday... Read more`."""
    for i in page.live[item.start : item.end]:
        teaser = teaser_of(segment.rewritten.get(i, page.lines[i]))
        if teaser and i not in segment.marks:
            segment.marks[i], segment.rewritten[i] = "text", teaser


def _read_keys(page: Page, segment: Segment, item: Item) -> None:
    """Take the names of fields away: `Title: Headline`, `Summary: Text`."""
    if segment.title:
        segment.title = _KEYED.sub("", segment.title, count=1) or segment.title
    for i in page.live[item.start : item.end]:
        source = _SOURCE_KEY.fullmatch(page.lines[i])
        if source and i not in segment.marks:
            segment.marks[i], segment.source = "source", segment.source or source[1]
        elif _KEYED.match(page.lines[i]) and i not in segment.marks:
            segment.rewritten[i] = _KEYED.sub("", page.lines[i], count=1)
