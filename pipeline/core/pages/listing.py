"""Tag, search and archive pages: short items, most of them with their day.

The lines that are nothing but a date are anchors; `item_tops` finds where their items begin, and
this module whether they make a listing. A page may say so (`Tag: Energy`); else most of its items
name a source, a section or topics, or they are short and follow each other backwards in time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.core.boilerplate.sections import is_section
from pipeline.core.pages.anchors import group_stamps
from pipeline.core.pages.heads import is_name, read_byline
from pipeline.core.pages.item_lines import (
    REFERRALS,
    Item,
    is_heading,
    is_weak_heading,
    topic_of,
)
from pipeline.core.pages.item_tops import dated_items, group_days, with_undated
from pipeline.core.pages.items import read_items, title_place
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.sites import is_one_word_site, is_press
from pipeline.core.texts import comparable

#: Share of a page's items that must show a pattern for it to be the page's.
_MOST = 0.6
#: Items of so few words are teasers: the page is a listing even if no item names its source.
_TEASER_WORDS = 80
#: Items that all end with a link may be this long.
_ITEM_WORDS = 150
#: Timed pieces within so many days are posts, unless they name sources.
_LIVE_DAYS = 3


def cut_listing(page: Page) -> list[Segment]:
    """Cut the items of a listing; empty where the page is none."""
    anchors = group_stamps(page, lambda stamp: stamp.is_dated or stamp.ago is not None)
    n_timed = sum(
        stamp.minutes is not None and not stamp.is_dated for stamp in page.stamps.values()
    )
    if not anchors or n_timed > len(anchors):
        return []
    dated = dated_items(page, anchors)
    items = with_undated(page, dated)
    if not _is_listing(page, dated, items):
        return []
    return read_items(page, items, group_days(page, items))


def is_announced(page: Page, end: int) -> bool:
    """Whether what stands above `end` says that a listing follows.

    A section alone does (`World`, `World | City Chronicle`); several names are a menu.
    """
    above = page.within(0, end)
    section, _, site = page.lines[above[0]].partition(" | ") if above else ("", "", "")
    is_section_page = len(above) == 1 and is_section(section) and (not site or is_press(site))
    return is_section_page or any(is_heading(line) for line in page.lines[:end])


def _is_listing(page: Page, dated: Sequence[Item], items: Sequence[Item]) -> bool:
    """Short items of which most name a source, a section or topics, or a source named twice."""
    n_topics = sum(_has_topic(page, item) for item in dated)
    if len(items) < 2:
        return _repeats_source(page, items[0])
    n_titled = sum(title_place(page, item, None) is not None for item in dated)
    if n_titled < _MOST * len(dated) and not n_topics:
        return False
    n_named = sum(_names_source(page, item) for item in dated)
    if max(n_topics, n_named) >= _MOST * len(dated):
        return True
    if _reads_as_listing(page, dated, items):
        return True
    if _is_chronology(dated):
        return False
    is_headed = not any(page.is_prose(i) for i in page.live[: items[0].start])
    is_short = _median_words(page, dated) <= _TEASER_WORDS
    return is_short and (len(dated) > 2 or is_headed) and not _are_posts(dated)


def _median_words(page: Page, items: Sequence[Item]) -> int:
    sizes = sorted(
        sum(len(page.lines[i].split()) for i in page.live[item.start : item.end]) for item in items
    )
    return sizes[len(sizes) // 2]


def _reads_as_listing(page: Page, dated: Sequence[Item], items: Sequence[Item]) -> bool:
    """Whether the page says that it is a listing, or short items end with a link."""
    top = page.lines[: page.live[dated[0].start] + 1]
    if any(is_heading(line) for line in top):
        return True
    if _median_words(page, items) > _ITEM_WORDS:
        return False
    frames = [page.frame(item.end) for item in dated]
    is_linked = len(dated) > 2 and all(frame & REFERRALS for frame in frames[:-1])
    return is_linked or any(is_weak_heading(line) for line in top)


def _are_posts(items: Sequence[Item]) -> bool:
    """Whether all say the time and lie within a few days: posts of a live-blog."""
    stamps = [item.anchor.stamp for item in items if item.anchor]
    days = [stamp.date for stamp in stamps if stamp.date]
    span = (dt.date.fromisoformat(max(days)) - dt.date.fromisoformat(min(days))).days if days else 0
    return sum(stamp.is_timed for stamp in stamps) >= _MOST * len(items) and span <= _LIVE_DAYS


def _is_chronology(items: Sequence[Item]) -> bool:
    """Whether days only rise: a story told by dates. Listings begin with the newest."""
    days = [item.anchor.stamp.date or "" for item in items if item.anchor]
    return len(items) > 2 and days[0] < days[-1] and days == sorted(days)


def _has_topic(page: Page, item: Item) -> bool:
    """Whether names are listed in the head of an item: not only its author, `- Ann Lee`."""
    found = [topic_of(page.lines[page.live[at]]) for at in item.head(page)]
    topics = [match[1] for match in found if match]
    return any(is_section(topic) or not is_name(topic) for topic in topics)


def _names_source(page: Page, item: Item) -> bool:
    lines = [page.lines[page.live[at]] for at in item.head(page)]
    stamp = item.anchor.stamp if item.anchor else None
    lines += [stamp.author] if stamp and stamp.author else []
    lines = [line for line in lines if not read_byline(line)]
    is_named = any(is_press(line) or is_section(line) or is_one_word_site(line) for line in lines)
    return bool(stamp and stamp.source) or is_named


def _repeats_source(page: Page, item: Item) -> bool:
    lines = [page.lines[page.live[at]] for at in item.head(page)]
    names = {comparable(match[1]) for line in lines if (match := topic_of(line))}
    return any(comparable(line) in names for line in lines if not topic_of(line))
