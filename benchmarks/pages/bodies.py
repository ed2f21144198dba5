"""How a story is set on a page: its head, its paragraphs, and what interrupts and follows them."""

# ruff: noqa: E501 - wordings are easier to read when each stands in one line

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from benchmarks.pages.copies import Desk, Story
from benchmarks.pages.dates import PLAIN, date_line
from benchmarks.pages.furniture import MONTHS, block, caption
from benchmarks.pages.gold import Page
from benchmarks.pages.texts import sentences
from benchmarks.pages.wordings import PLACES, Voice

_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{2,} [A-Z][a-z]{2,}\b(?! [A-Z])")

#: Furniture that stands between paragraphs, and that which follows a story.
MIDDLE = ["ad", "ad", "newsletter", "related", "readmore", "readmore", "photo", "photo", "video",
          "app", "paywall", "residue", "cookie"]  # fmt: skip
AFTER = ["share", "comments", "tags", "bio", "copyright", "related", "newsletter", "readmore", "app",
         "sourcelink", "residue", "credit", "paywall", "ad"]  # fmt: skip
BEFORE = ["listen", "share", "translate", "listen", "cookie"]
TOP = ["nav", "cookie", "nav", "listen", "share", "app", "paywall"]

CREDITS = [
    "(Reporting by <person> in <place>; [editing|Editing] by <person>)",
    "Reporting by <person> and <person>; Writing by <person>; Editing by <person>",
    "[With inputs from|With|Additional reporting by] <agency>",
    "[Source|SOURCE|Agency]: <agency>",
    "(<agency>)",
]


@dataclass(frozen=True, slots=True)
class Style:
    """One page's habits, kept for all its articles."""

    spacing: str  # blank, tight, double, wrapped
    width: int
    dirt: float  # chance of furniture at a paragraph break
    after: float  # chance of furniture of a kind behind a story
    subheads: str  # upper, title, dash, plain
    has_subheads: float
    dateline: str


def make_style(rng: Random, spacings: str = "blank blank blank tight double wrapped") -> Style:
    return Style(
        spacing=rng.choice(spacings.split()),
        width=rng.choice([60, 68, 72, 80, 96]),
        dirt=rng.choice([0.0, 0.02, 0.05, 0.1, 0.16]),
        after=rng.choice([0.0, 0.05, 0.12, 0.25]),
        subheads=rng.choice(["upper", "title", "dash", "plain"]),
        has_subheads=rng.choice([0.0, 0.3, 0.8]),
        dateline=rng.choice(["", "", "agency", "dash", "comma"]),
    )


def names_in(story: Story) -> list[str]:
    found = _NAME.findall(" ".join(story.paragraphs))
    return sorted(set(found))


def put_paragraph(page: Page, style: Style, text: str) -> None:
    """One paragraph, wrapped and parted from the one before as the page does."""
    if style.spacing != "tight":
        page.gap(2 if style.spacing == "double" else 1)
    if style.spacing == "wrapped":
        page.put(*textwrap.wrap(text, style.width, break_long_words=False, break_on_hyphens=False))
    else:
        page.put(text)


def put_junk(page: Page, style: Style, lines: list[str]) -> None:
    if style.spacing != "tight":
        page.gap(1)
    page.junk(*lines)


def subhead(voice: Voice, names: list[str], form: str) -> str:
    """A sub-head in the page's form, of words that a headline might have."""
    name = voice.rng.choice(names) if names else voice.say("<place>")
    text = voice.say(
        "[a|the] [war|question|matter|test|clash|year] of [attrition|trust|numbers|will]"
        "|[mounting|growing|renewed|little] [pressure|doubts|concern|hope] [at home|abroad|over costs]"
        f"|[pressure on|what next for|no sign of] {name}|[tackling|facing] [the|a] [backlog|crisis|gap]"
        "|[planes|trucks|ships], [gold|grain|chips]|[what happens next|why it matters|the background]"
        f"|{name} [under fire|responds|and the vote]|['no comment'|'not enough'|'a long way to go']".join(
            "[]"
        )
    )
    if form == "upper":
        return text.upper()
    if form == "dash":
        return f"- {text[0].upper()}{text[1:]} -"
    if form == "title":
        return " ".join(word[:1].upper() + word[1:] for word in text.split())
    return text[0].upper() + text[1:]


def _dateline(rng: Random, form: str, text: str, moment: datetime) -> str:
    if not form or re.search(r"[—(]|--| - ", text[:60]):
        return text
    place = rng.choice(PLACES)
    month = MONTHS[moment.month - 1][:3]
    return {
        "agency": f"{place.upper()} ({rng.choice(['Reuters', 'AP', 'AFP', 'dpa', 'Xinhua'])}) - {text}",
        "dash": f"{place.upper()} — {text}",
        "comma": f"{place.upper()}, {month} {moment.day} ({rng.choice(['Reuters', 'UPI', 'AFP'])}) – {text}",
    }[form]


def dress(voice: Voice, story: Story, style: Style, moment: datetime, desk: Desk) -> list[str]:
    """The story's paragraphs with what belongs to it: dateline, standfirst, sub-heads, lists."""
    rng = voice.rng
    parts = list(story.paragraphs)
    first = sentences(parts[0])
    stand = None
    if rng.random() < 0.15 and len(first) > 1 and 9 <= len(first[0].split()) <= 30:
        stand = first[0].removesuffix(".") if rng.random() < 0.6 else first[0]
        parts[0] = " ".join(first[1:])
    parts[0] = _dateline(rng, style.dateline if rng.random() < 0.7 else "", parts[0], moment)
    if rng.random() < 0.05 and len(parts) > 5:
        where = rng.randint(3, len(parts) - 1)
        bullet = rng.choice(["- ", "• ", "* ", "– ", "1"])
        notes = desk.notes(rng.randint(2, 4))
        listed = [f"{i}. {x}" if bullet == "1" else bullet + x for i, x in enumerate(notes, 1)]
        parts[where:where] = listed
    if len(parts) > 6 and rng.random() < style.has_subheads:
        names = names_in(story)
        for where in sorted(rng.sample(range(2, len(parts) - 1), rng.randint(1, 3)), reverse=True):
            parts.insert(where, subhead(voice, names, style.subheads))
    if rng.random() < 0.04 and len(parts[-1].split()) > 20:
        words = parts[-1].split()
        parts[-1] = " ".join(words[: rng.randint(9, len(words) - 4)]).rstrip(".,;") + rng.choice(
            ["", "…", "..."]
        )
    elif rng.random() < 0.05:
        parts.append(voice.say(CORRECTION.replace("<day>", rng.choice(PLAIN)(moment))))
    return ([stand] if stand else []) + parts


#: A correction is part of the article: it changes what the article says.
CORRECTION = """[This [article|story|report] was amended on <day> to [correct|clarify] the [name|title|age|role] of [a spokesperson|an official|a witness].
|Correction: [An earlier version of this [article|story] gave|A previous version of this [article|story] had] the wrong [date|figure|title] for [the meeting|the survey|the minister].
|Editor's note: This [story|article] has been [updated|corrected] to [reflect|include] [a statement from the company|the ministry's reply].]""".replace(
    "\n", ""
)


def put_body(
    page: Page, voice: Voice, story: Story, parts: list[str], style: Style, *, middle: bool = True
) -> str:
    """Put the paragraphs, interrupted by furniture; returns the gold text."""
    rng = voice.rng
    names = names_in(story)
    inner = style
    if style.spacing == "double" and rng.random() < 0.4:
        inner = replace(style, spacing="blank")
    for i, part in enumerate(parts):
        if i and middle and rng.random() < style.dirt:
            put_junk(page, style, block(voice, rng.choice(MIDDLE), names))
        if i and style.spacing != "tight" and rng.random() < 0.01:
            page.gap(rng.randint(2, 3))
        put_paragraph(page, inner, part)
    return "\n\n".join(parts)


def put_after(page: Page, voice: Voice, style: Style, story: Story) -> None:
    """What follows a story."""
    rng = voice.rng
    for kind in rng.sample(AFTER, len(AFTER)):
        if rng.random() >= style.after * 0.6:
            continue
        lines = (
            [voice.say(rng.choice(CREDITS))]
            if kind == "credit"
            else block(voice, kind, names_in(story))
        )
        put_junk(page, style, lines)


def byline(voice: Voice) -> str:
    return voice.say(
        "[By <staff>|By <staff>|BY <staff>|<staff>|<staff> in <place>|By <staff> and <person>"
        "|By <staff>, <place>|Written by <staff>|<staff>, <role>|By <staff>, <role>|by <staff>"
        "|By <staff> ¦ <site>|<staff> and <person> in <place>|Author: <staff>|Words by <staff>"
        "|By <staff> for <site>|By: <staff>|<staff> - <site>|Reported by <staff>|<site> Staff|Agencies|By AFP|Reuters|News Desk|By Agencies"
        "|Associated Press|By <staff> ¦ <agency>]"
    ).replace("¦", "|")


def put_credits(page: Page, voice: Voice, moment: datetime, has: str) -> str | None:
    """Byline and date lines beneath a headline; returns the day if the page now states it."""
    rng = voice.rng
    line = date_line(rng, moment)
    day = moment.date().isoformat()
    who = byline(voice)
    if has == "both":
        lines = [who, line] if rng.random() < 0.6 else [line, who]
        if rng.random() < 0.25:
            plain = rng.choice(PLAIN)(moment)
            lines = [f"{who}{rng.choice([', ', ' | ', ' · ', ' — '])}{plain}"]
        page.junk(*lines)
        return day
    if has == "date":
        page.junk(line)
        return day
    if has == "author":
        page.junk(who)
    return None


def put_caption(page: Page, voice: Voice, story: Story, times: int) -> str:
    line = caption(voice, names_in(story))
    page.junk(*[line] * times)
    return line
