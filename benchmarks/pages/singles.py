"""Layout D: one article, with all that tempts a splitter to see several."""

from __future__ import annotations

from datetime import datetime, timedelta

from benchmarks.pages.bodies import (
    BEFORE,
    TOP,
    Style,
    dress,
    make_style,
    put_after,
    put_body,
    put_caption,
    put_credits,
    put_junk,
)
from benchmarks.pages.copies import Desk, Story
from benchmarks.pages.dates import PLAIN, some_day, some_moment
from benchmarks.pages.furniture import block
from benchmarks.pages.gold import GoldArticle, Page
from benchmarks.pages.wordings import Voice


def _timeline(desk: Desk, voice: Voice) -> list[str]:
    """Clock times or days that open a paragraph each: a chronicle inside one article."""
    rng = voice.rng
    notes = desk.notes(rng.randint(3, 6))
    between = rng.choice([" – ", ": ", " - ", " "])
    head = voice.say(
        "[Timeline|TIMELINE|How [it|the day|events] unfolded|The day in brief|Key dates]"
    )
    if rng.random() < 0.5:
        minutes = sorted(rng.sample(range(300, 1400), len(notes)))
        sign = rng.choice([":", "."])
        marks = [f"{m // 60:02d}{sign}{m % 60:02d}" for m in minutes]
    else:
        form = rng.choice(PLAIN)
        marks = [form(day) for day in sorted(some_day(rng) for _ in notes)]
    return [head, *(f"{mark}{between}{note}" for mark, note in zip(marks, notes, strict=True))]


def _diary(desk: Desk, voice: Voice) -> list[str]:
    """Days on lines of their own inside an article."""
    rng = voice.rng
    form = rng.choice(PLAIN)
    day = some_day(rng)
    out = [voice.say("[Diary of a week|Day by day|The week in review|A chronology]")]
    for note in desk.notes(rng.randint(3, 5)):
        out += [form(day), note]
        day += timedelta(days=rng.randint(1, 9))
    return out


def _questions(desk: Desk, voice: Voice) -> list[str]:
    rng = voice.rng
    q, a = rng.choice([("Q: ", "A: "), ("Q. ", "A. "), ("", ""), ("Question: ", "Answer: ")])
    out = []
    for note in desk.notes(rng.randint(2, 4)):
        ask = voice.say(
            "[What [does this mean|happens next|changes now] for <place>?|Why [now|does it matter]?"
            "|Who [is affected|pays for this|decides]?|How [long will it take|did we get here]?]"
        )
        out += [q + ask, a + note]
    return out


def _numbered(desk: Desk, voice: Voice) -> list[str]:
    rng = voice.rng
    notes = desk.notes(rng.randint(3, 6))
    form = rng.choice(["{}. ", "{}) ", "({}) ", "#{} ", "{} - "])
    if rng.random() < 0.4:
        heads = [voice.say("[The|A] [long|slow|hard|new] [road|winter|deal|vote]") for _ in notes]
        return [x for i, note in enumerate(notes) for x in (form.format(i + 1) + heads[i], note)]
    return [form.format(i) + note for i, note in enumerate(notes, 1)]


def _clocked(voice: Voice, part: str) -> str:
    rng = voice.rng
    time = f"{rng.randint(1, 23):02d}{rng.choice(':.')}{rng.randint(0, 59):02d}"
    return f"{part} " + voice.say(
        f"[The alarm was raised at {time}, [police|the operator|officials] said."
        f"|At {time} [the doors closed|the line went dead|the vote began]."
        f"|“{time}, <person>,” read the [note|entry in the log|message].]"
    )


def _with_traps(desk: Desk, voice: Voice, parts: list[str]) -> list[str]:
    """The paragraphs with lists, times and days among them."""
    rng = voice.rng
    parts = list(parts)
    for trap, chance in ((_timeline, 0.14), (_diary, 0.06), (_questions, 0.1), (_numbered, 0.12)):
        if rng.random() < chance and len(parts) > 4:
            where = rng.randint(3, len(parts))
            parts[where:where] = trap(desk, voice)
    where = rng.randrange(len(parts))
    if rng.random() < 0.25 and len(parts[where].split()) > 9:
        parts[where] = _clocked(voice, parts[where])
    return parts


def _put_headline(page: Page, voice: Voice, title: str) -> None:
    """The headline, perhaps under a label, with the site's name, or twice."""
    rng = voice.rng
    if rng.random() < 0.15:
        page.junk(voice.say("[<section>|<section>|EXCLUSIVE|Analysis|OPINION|Explainer|BREAKING]"))
    between = rng.choice([" | ", " | ", " - ", " – ", " — ", " :: "])
    suffix = ""
    if rng.random() < 0.5:
        suffix = between + voice.site + rng.choice(["", "", "", between + voice.say("<section>")])
        page.boilerplate.append(suffix.strip())
    page.put(title + suffix)
    if suffix and rng.random() < 0.35:
        page.gap(rng.choice([0, 1, 2]))
        page.put(title)
    page.gap(rng.choice([0, 1, 2, 3]))


def _put_head(page: Page, voice: Voice, story: Story, style: Style, moment: datetime) -> str | None:
    """Byline, date, captions, buttons beneath the headline; the day if the page now says it."""
    rng = voice.rng
    day = None
    has = rng.choice(["none", "none", "both", "date", "author"])
    if has != "none":
        day = put_credits(page, voice, moment, has)
        page.gap(rng.choice([0, 1, 2]))
    elif rng.random() < 0.15:
        page.junk(f"{moment:%H:%M} , {voice.staff[0]}")
    if rng.random() < 0.2:
        put_caption(page, voice, story, rng.randint(1, 3))
    for kind in BEFORE:
        if rng.random() < 0.06:
            put_junk(page, style, block(voice, kind, []))
    return day


def make_single(desk: Desk, voice: Voice) -> Page:
    """One article with or without its headline, site name, byline, date."""
    rng = voice.rng
    page, style = Page("single"), make_style(rng)
    story = desk.long() if rng.random() < 0.85 else desk.short(may_copy=True)
    moment = some_moment(rng)
    parts = _with_traps(desk, voice, dress(voice, story, style, moment, desk))
    for kind in TOP:
        if rng.random() < 0.1:
            page.junk(*block(voice, kind, []))
            page.gap(rng.choice([0, 1, 2]))
    title, day = None, None
    if rng.random() < 0.9:
        title = story.title
        _put_headline(page, voice, title)
        day = _put_head(page, voice, story, style, moment)
    if rng.random() < 0.2:
        page.gap(rng.randint(1, 3))
    text = put_body(page, voice, story, parts, style)
    put_after(page, voice, style, story)
    article = GoldArticle("article", title, text, story.near, story.near, published=day)
    # Whether a name in a copyright line or a title is the article's source, readers differ.
    article.unscored = ["source"] if page.boilerplate else []
    page.articles.append(article)
    if day is None and rng.random() < 0.1:
        _put_footer_date(page, voice, moment)
    return page


def _put_footer_date(page: Page, voice: Voice, moment: datetime) -> None:
    """A day at the foot, as bulletin sites print it."""
    form = voice.rng.choice(PLAIN)
    later = moment + timedelta(minutes=5)
    page.gap(1)
    page.junk(voice.say("[Published|Posted|Date published|Date]: ") + form(later))
    page.articles[-1].published = later.date().isoformat()
