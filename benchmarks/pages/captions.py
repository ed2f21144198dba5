"""Layout A: several whole articles on a page, each under a headline that stands there twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from benchmarks.pages.bodies import (
    BEFORE,
    TOP,
    Style,
    dress,
    make_style,
    names_in,
    put_after,
    put_body,
    put_credits,
    put_junk,
)
from benchmarks.pages.copies import Desk, Story
from benchmarks.pages.dates import some_moment
from benchmarks.pages.furniture import block, caption
from benchmarks.pages.gold import GoldArticle, Page
from benchmarks.pages.wordings import Voice

MARKERS = ["TT", "TT", "TT", "AA", "A A", "Aa", "T T", "A+ A-", "TT+", "▶", "Photo", "Zoom", "●",
           "Text size", "1 / 3", "Fullscreen"]  # fmt: skip
RULES = ["***", "* * *", "-----", "———", "• • •", "_______________", "=====", "# # #", "~~~", "---"]


@dataclass(frozen=True, slots=True)
class _Habit:
    before: int
    after: int
    marker: str
    n_heads: int
    label: bool
    credit: str
    order: str
    gap: int
    rule: str
    middle_gap: int


def _habit(voice: Voice) -> _Habit:
    rng = voice.rng
    kind = rng.choice(["full", "full", "bare", "once", "credited"])
    heads = {"full": 2, "bare": rng.choice([2, 2, 3]), "once": 2, "credited": 1}[kind]
    return _Habit(
        before={"full": rng.randint(1, 4), "bare": 0, "once": rng.choice([0, 1])}.get(kind, 0),
        after={"full": rng.randint(0, 4), "bare": 0, "once": 1}.get(kind, rng.choice([0, 1])),
        marker=rng.choice(MARKERS) if rng.random() < 0.6 and kind != "credited" else "",
        n_heads=heads,
        label=rng.random() < 0.2,
        credit="both"
        if kind == "credited"
        else rng.choice(["none", "none", "both", "date", "author"]),
        order=rng.choice(["head first", "head first", "head first", "caption first"]),
        gap=rng.choice([1, 2, 2, 3, 4]),
        rule=rng.choice(RULES) if rng.random() < 0.15 else "",
        middle_gap=rng.choice([0, 1, 1, 2]),
    )


def _as_shown(voice: Voice, title: str, site: str) -> str:
    """A headline's first showing: now and then with the site's name, in capitals, with curls."""
    rng = voice.rng
    if rng.random() < 0.88:
        return title
    curled = title.replace("'", "’")
    return rng.choice([f"{title} | {site}", f"{title} - {site}", title.upper(), curled])


def _captions(voice: Voice, line: str, n: int) -> list[str]:
    """A caption `n` times; now and then a later one is cut off."""
    lines = [line] * n
    if n > 1 and voice.rng.random() < 0.08:
        lines[-1] = line[: len(line) * 2 // 3].rsplit(" ", 1)[0] + voice.rng.choice(["...", "…"])
    return lines


def _put_head(page: Page, voice: Voice, story: Story, habit: _Habit, style: Style) -> None:
    rng = voice.rng
    title = story.title
    line = caption(voice, names_in(story))
    before = habit.before if rng.random() < 0.85 else 0
    after = habit.after if rng.random() < 0.85 else 0
    shown = [_as_shown(voice, title, voice.site)] + [title] * (habit.n_heads - 2)
    shown = shown[: habit.n_heads - 1]
    if any(voice.site in head for head in shown):
        page.boilerplate.append(voice.site)
    if habit.label:
        page.junk(voice.say("[<section>|<section>|<section> News|<place>]"))
    if habit.order == "caption first" and before:
        page.junk(*_captions(voice, line, before))
        page.gap(habit.middle_gap)
        page.put(*shown)
    else:
        page.put(*shown)
        page.gap(habit.middle_gap)
        page.junk(*_captions(voice, line, before))
    if habit.marker and rng.random() < 0.92:
        page.junk(habit.marker)
    page.gap(habit.middle_gap)
    page.put(title)
    if after:
        page.gap(habit.middle_gap)
        page.junk(*[line] * after)
    if style.spacing != "tight":
        page.gap(habit.middle_gap)


def make_captions(desk: Desk, voice: Voice) -> Page:
    """An old main article followed by newer, unrelated ones."""
    rng = voice.rng
    page, style, habit = Page("captions"), make_style(rng), _habit(voice)
    if rng.random() < 0.2:
        page.junk(*block(voice, rng.choice(TOP), []))
        page.gap(2)
    moment = some_moment(rng)
    n = rng.choice([2, 2, 3, 3, 4, 4, 4, 5, 6, 8, 10, 12])
    most = 40 if n < 6 else 10
    for i in range(n):
        story = desk.long(most)
        if any(story.near == article.near for article in page.articles):
            story = desk.long(most, may_copy=False)
        if i:
            page.gap(habit.gap)
            if habit.rule:
                page.junk(habit.rule)
                page.gap(min(habit.gap, 2))
            moment += timedelta(
                days=rng.randint(0, 900 if i == 1 else 2), minutes=rng.randrange(600)
            )
        parts = dress(voice, story, style, moment, desk)
        _put_head(page, voice, story, habit, style)
        if habit.n_heads > 1 and n > 2 and rng.random() < 0.02:
            page.empty.append(story.title)
            continue
        day = None
        if habit.credit != "none":
            page.gap(rng.choice([0, 0, 1]))
            day = put_credits(page, voice, moment, habit.credit)
        if rng.random() < 0.06:
            put_junk(page, style, block(voice, rng.choice(BEFORE), []))
        if style.spacing == "tight" and rng.random() < 0.5:
            page.gap(1)
        text = put_body(page, voice, story, parts, style)
        put_after(page, voice, style, story)
        page.articles.append(
            GoldArticle(
                "article",
                story.title,
                text,
                story.near,
                story.near,
                published=day,
                unscored=["source"],
            )
        )
    return page
