"""Live-blogs: posts that bear times.

The lines that are nothing but a time or a date are anchors. Where a piece begins (headline above
the anchor or below it, with or without a line for the author or the source) is read from all
anchors of the page together: what most of them have in the same place is the page's pattern.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pipeline.core.pages.anchors import Anchor, group_stamps
from pipeline.core.pages.cleaning import is_headline, is_sentence_end
from pipeline.core.pages.heads import is_name, is_role, read_byline
from pipeline.core.pages.names import read_name
from pipeline.core.pages.segments import Page, Segment
from pipeline.core.pages.stamps import Stamp, split_stamp
from pipeline.core.pages.timelines import resolve_dates

#: Share of a page's anchors that must show a pattern for it to be the page's.
_MOST = 0.6
#: The same for headlines below the stamp, which nothing else looks like.
_SOME = 0.3
#: The same for bare clock times, which also stand in chronologies told by one article.
_NEARLY_ALL = 0.8
_MAX_NAME_WORDS = 5
#: A label that so many posts bear, of at most so many words.
_MIN_BADGES = 3
_MAX_BADGE_WORDS = 3
_BADGE = re.compile(
    r"key (?:moment|event|update|point)s?|pinned(?: post)?|breaking(?: news)?|analysis|explainer"
    r"|just in|new|latest|live",
    re.IGNORECASE,
)
#: Fewer lines that begin with a time are a schedule or chance.
_MIN_INLINE = 3
_LIVE = re.compile(
    r"\blive\b|\bas it happened\b|\bupdates\b|\bblog\b|\bminute by minute\b", re.IGNORECASE
)
#: A longer line is a teaser, whether or not it ends a sentence.
_MAX_HEADER_WORDS = 24
_MAX_HEADER = 170
_MAX_TOPIC = 80
#: Lines above or below an anchor that may belong to the head of its piece.
_MAX_HEAD = 5

_LISTED = re.compile(r"(?:[-–—•*·|>]\s*|#)(\S.*)")


def cut_liveblog(page: Page) -> list[Segment]:
    """Cut posts that bear times; empty where the page is no live-blog."""
    badges = _badges(page)
    page = replace(page, live=[i for i in page.live if i not in badges])
    segments = _posts(page)
    for segment in segments:
        for i in badges & set(range(segment.start, segment.end)):
            segment.marks[i] = "navigation"
    return segments


def _badges(page: Page) -> set[int]:
    """Labels beside stamps: known ones (`Key moment`), and short ones that the page repeats."""
    near = {
        i
        for at, i in enumerate(page.live)
        if any(k in page.stamps for k in page.live[max(0, at - 2) : at + 3])
    }
    counts = Counter(page.lines[i] for i in page.live if i in near)
    return {
        i
        for i in near
        if _BADGE.fullmatch(page.lines[i])
        or (counts[page.lines[i]] >= _MIN_BADGES and _may_be_badge(page, i))
    }


def _may_be_badge(page: Page, i: int) -> bool:
    line = page.lines[i]
    is_short = len(line.split()) <= _MAX_BADGE_WORDS and not is_sentence_end(line)
    return is_short and i not in page.stamps and not read_name(line)


def _posts(page: Page) -> list[Segment]:
    """Cut posts that have a line of their own for the time, or else share it with the headline."""
    anchors = _without_header(page, group_stamps(page, lambda stamp: stamp.is_timed))
    anchors = _with_names(page, anchors)
    inline = _inline_posts(page)
    if len(inline) > sum(not anchor.stamp.is_note for anchor in anchors):
        return inline
    if len(anchors) < 2:
        return []
    side = _headline_side(page, anchors)
    if not _is_liveblog(page, anchors, side):
        return []
    segments = [_post(page, anchor, side) for anchor in anchors]
    _close(page, segments)
    _date_posts(page, [anchor.stamp for anchor in anchors], segments)
    return segments


def _close(page: Page, segments: Sequence[Segment]) -> None:
    for segment, after in zip(segments, [*segments[1:], None], strict=True):
        segment.end = after.start if after else len(page.lines)


def _inline_posts(page: Page) -> list[Segment]:
    """Cut posts whose time and headline, or text, share a line; empty where too few do."""
    parted = [(i, parts) for i in page.live if (parts := split_stamp(page.lines[i]))]
    n_own = sum(i in page.stamps for i, _ in parted)
    # A short headline beside a time looks like a name; the other lines say which it is.
    are_headlines = n_own < len(parted) - n_own
    found = [
        (i, parts)
        for i, parts in parted
        if i not in page.stamps or are_headlines or _may_be_headline(page.stamps[i])
    ]
    if all(i in page.stamps for i, _ in found):
        return []
    stamps = [stamp for _, (stamp, _) in found]
    rests = [rest for _, (_, rest) in found]
    n_headlines = sum(
        is_headline(rest) and i not in page.wrapped
        for (i, _), rest in zip(found, rests, strict=True)
    )
    n_bodies = sum(
        after[0] - i > 1 and any(page.is_prose(k) for k in range(i + 1, after[0]))
        for (i, _), after in itertools.pairwise([*found, (len(page.lines), None)])
    )
    is_told = min(n_headlines, n_bodies) < _MOST * len(found) and not _only_falls(stamps)
    if len(found) < _MIN_INLINE or is_told:
        return []
    segments = []
    for i, (stamp, rest) in found:
        segment = Segment("liveblog_entry", i, 0, author=stamp.author)
        if is_headline(rest):
            segment.title = rest
            segment.marks[i] = "title"
        else:
            segment.rewritten[i] = rest
        segments.append(segment)
    _close(page, segments)
    _date_posts(page, stamps, segments)
    return segments


def _may_be_headline(stamp: Stamp) -> bool:
    """Whether what was read as the author beside a time is too long for a name."""
    return stamp.author is not None and len(stamp.author.split()) > _MAX_NAME_WORDS - 1


def _with_names(page: Page, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Take the author's own line into the anchor, where most anchors have one in that place."""
    named = [anchor for anchor in anchors if anchor.stamp.author]
    if len(named) > _MOST * len(anchors):
        return list(anchors)
    for slots in (_slots_below, _slots_above):
        places = _name_places(page, [slots(page, anchor) for anchor in anchors])
        if places:
            return [_named(page, *pair) for pair in zip(anchors, places, strict=True)]
    return list(anchors)


def _slots_below(page: Page, anchor: Anchor) -> list[int]:
    """Places below a stamp, and below the headline that follows it."""
    at = anchor.last + 1
    return [at, at + 1] if _may_be_title(page, at) else [at]


def _slots_above(_page: Page, anchor: Anchor) -> list[int]:
    return [anchor.first - 1]


def _name_places(page: Page, slots: Sequence[Sequence[int]]) -> list[int | None] | None:
    """Which place of each post names its author; None where too few posts name one."""
    counts = Counter(page.lines[page.live[at]] for places in slots for at in places if _name_at(page, at))
    found = [
        max(
            (at for at in places if _name_at(page, at)),
            key=lambda at: (counts[page.lines[page.live[at]]], is_name(page.lines[page.live[at]]), at),
            default=None,
        )
        for places in slots
    ]
    lines = [page.lines[page.live[at]] for at in found if at is not None]
    if not lines or len(lines) < _MOST * len(slots):
        return None
    is_sure = sum(line.casefold().startswith("by ") for line in lines) >= _MOST * len(lines)
    is_few = len(set(lines)) <= max(1, len(lines) // 2)
    are_people = sum(is_name(line) for line in lines) >= _NEARLY_ALL * len(slots)
    return found if is_sure or is_few or are_people else None


def _name_at(page: Page, at: int) -> str | None:
    if not 0 <= at < len(page.live) or page.live[at] in page.stamps:
        return None
    line = page.lines[page.live[at]]
    byline = read_byline(line)
    if byline:
        return byline[0]
    if len(line.split()) not in range(2, _MAX_NAME_WORDS + 1):
        return None
    return read_name(line) or None


def _named(page: Page, anchor: Anchor, at: int | None) -> Anchor:
    """Give an anchor its author; a name, and an office, beside the stamp become part of it."""
    name = None if at is None else _name_at(page, at)
    if at is None or not name:
        return anchor
    stamp = replace(anchor.stamp, author=anchor.stamp.author or name, is_rich=True)
    first, last = min(anchor.first, at), anchor.last
    if at == last + 1:
        last = at
    while last + 1 < len(page.live) and is_role(page.lines[page.live[last + 1]]):
        last += 1
    return replace(anchor, first=first, last=last, stamp=stamp, name=at)


def _without_header(page: Page, anchors: Sequence[Anchor]) -> list[Anchor]:
    """Drop anchors that date the page, not a post: `Updated 21 January 2025 14:05` at its top."""
    if len(anchors) < 2:
        return list(anchors)
    notes = [anchor for anchor in anchors if anchor.stamp.is_note]
    posts = [anchor for anchor in anchors if not anchor.stamp.is_note]
    if len(notes) > 2 * len(posts):
        # Every post says `Updated` or `Published`: these are its stamps.
        posts = notes
    first, others = posts[0], posts[1:]
    is_alone = first.stamp.is_dated and not any(a.stamp.is_dated for a in others)
    if is_alone and len(others) > 1 and first.stamp.author is None and _starts_page(page, first):
        return others
    return posts


def _starts_page(page: Page, anchor: Anchor) -> bool:
    above = page.live[: anchor.first]
    return not any(is_sentence_end(page.lines[i]) for i in above[1:])


def _headline_side(page: Page, anchors: Sequence[Anchor]) -> int:
    """Where posts have their headline: -1 above the anchor, 1 below it, 0 nowhere."""
    above = sum(_is_head_at(page, anchor.first - 1) for anchor in anchors)
    below = sum(_is_head_at(page, anchor.last + 1) for anchor in anchors)
    if max(above, below) < _MOST * len(anchors):
        # A line between stamp and text is hardly anything else, even where few posts have one.
        return 1 if below >= _SOME * len(anchors) and below >= 2 * above else 0
    if above == below:
        # Both: a headline stands closer to its stamp than to the post before it.
        far = sum(page.gap(anchor.first) > 0 for anchor in anchors[1:])
        return 1 if far > len(anchors) // 2 or not _is_head_at(page, anchors[0].first - 1) else -1
    return -1 if above > below else 1


def _is_head_at(page: Page, at: int) -> bool:
    if not 0 <= at < len(page.live) or page.live[at] in page.stamps:
        return False
    if page.live[at] in page.wrapped:
        return False
    line = page.lines[page.live[at]]
    if at and page.lines[page.live[at - 1]].endswith(":") and page.gap(at) <= page.gap(at + 1):
        return False  # `Read the full report:` and the link that it points to
    is_single_word = len(line.split()) == 1 and not is_sentence_end(line)
    return is_headline(line) or is_single_word


def _may_be_title(page: Page, at: int) -> bool:
    """Whether a line is short enough for a headline, even if it ends with a full stop."""
    if not 0 <= at < len(page.live) or page.live[at] in page.stamps:
        return False
    line = page.lines[page.live[at]]
    return len(line) <= _MAX_HEADER and page.live[at] not in page.wrapped


def _is_title(page: Page, anchor: Anchor, at: int) -> bool:
    """Whether the line beside a stamp is the headline: by its words, or else by its place."""
    if _is_head_at(page, at):
        return True
    if anchor.name is not None and anchor.name == at + 1 > anchor.last + 1:
        return _may_be_title(page, at)
    return at < anchor.first and _may_be_title(page, at) and page.gap(at) > page.gap(at + 1)


def _is_liveblog(page: Page, anchors: Sequence[Anchor], side: int) -> bool:
    """Two rich stamps, or three bare ones below or above headlines."""
    n_rich = sum(anchor.stamp.is_rich or anchor.stamp.is_note for anchor in anchors)
    n_headed = sum(
        _is_head_at(page, anchor.first - 1 if side < 0 else anchor.last + 1) for anchor in anchors
    )
    if side and n_headed >= _NEARLY_ALL * len(anchors):
        return n_rich >= 2 or len(anchors) >= 3
    if side and n_rich + n_headed >= len(anchors):
        return True
    if _is_chronology(anchors) and not _says_live(page, anchors):
        return False
    return n_rich >= _NEARLY_ALL * len(anchors) or (
        len(anchors) >= 3 and _only_falls([anchor.stamp for anchor in anchors])
    )


def _says_live(page: Page, anchors: Sequence[Anchor]) -> bool:
    """Whether the page calls itself a live-blog above its first post."""
    return any(_LIVE.search(page.lines[i]) for i in page.live[: min(anchors[0].first, 6)])


def _is_chronology(anchors: Sequence[Anchor]) -> bool:
    """A story told by the clock: times without names that only rise."""
    if any(a.stamp.author or a.stamp.ago is not None or a.stamp.is_note for a in anchors):
        return False
    times = [(a.stamp.date or "", a.stamp.minutes or 0) for a in anchors]
    return times == sorted(times)


def _only_falls(stamps: Sequence[Stamp]) -> bool:
    """Newest first: no story is told so, but a live-blog without headlines is."""
    times = [stamp.minutes or 0 for stamp in stamps]
    return sum(after > before for before, after in itertools.pairwise(times)) <= 1


def _post(page: Page, anchor: Anchor, side: int) -> Segment:
    segment = Segment("liveblog_entry", page.live[anchor.first], 0, author=anchor.stamp.author)
    for at in range(anchor.first, anchor.last + 1):
        is_stamp = page.live[at] in page.stamps
        segment.marks[page.live[at]] = "stamp" if is_stamp else "byline"
    if anchor.name is not None:
        segment.marks[page.live[anchor.name]] = "byline"
        for i in page.live[anchor.name + 1 : anchor.name + 2]:
            if is_role(page.lines[i]):
                segment.marks[i] = "byline"
    title_at = anchor.first - 1 if side < 0 else anchor.last + 1
    if side and _is_title(page, anchor, title_at):
        i = page.live[title_at]
        segment.title = page.lines[i]
        segment.marks[i] = "title"
        segment.start = min(segment.start, i)
    return segment


def _better(known: Stamp | None, stamp: Stamp) -> Stamp:
    """Which of two dates of a page dates its posts: when it was updated, else the later one."""
    if known is None:
        return stamp
    return max(known, stamp, key=lambda s: (bool(s.date), s.is_update, s.date or ""))


def _date_posts(page: Page, stated: Sequence[Stamp], segments: Sequence[Segment]) -> None:
    """Give posts their days; a line that is only a date heads the day of the post below it."""
    stamps = list(stated)
    own = {i for segment in segments for i in segment.marks}
    page_stamp: Stamp | None = None
    for i, stamp in page.stamps.items():
        if i in own or not stamp.is_dated:
            continue
        at = next((k for k, segment in enumerate(segments) if segment.start >= i), len(stamps))
        is_day = not (stamp.is_note or stamp.author or stamp.is_timed)
        if is_day and 0 < at < len(stamps) and not stamps[at].is_dated:
            stamps[at] = replace(stamps[at], date=stamp.date, month_day=stamp.month_day)
        elif at == 0 or (at == len(stamps) and stamp.is_note):
            page_stamp = _better(page_stamp, stamp)
    for segment, date, stamp in zip(
        segments, resolve_dates(stamps, page_stamp), stamps, strict=True
    ):
        segment.published = date
        if stamp.impossible:
            segment.notes.append(f"date {stamp.impossible} does not exist")
    for segment in segments:
        for i in page.within(segment.start, segment.end):
            if i in page.stamps and i not in segment.marks:
                segment.marks[i] = "date"
