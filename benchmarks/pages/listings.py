"""Layout C: the items of a tag, a section or a search, each a teaser or a whole text in one line."""

# ruff: noqa: E501 - wordings are easier to read when each stands in one line

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from benchmarks.pages.bodies import TOP
from benchmarks.pages.copies import Desk, Story
from benchmarks.pages.dates import CLOCKS, NUMERIC, PLAIN, some_moment
from benchmarks.pages.furniture import block
from benchmarks.pages.gold import GoldArticle, Page
from benchmarks.pages.texts import sentences
from benchmarks.pages.wordings import Voice

HEADERS = [
    "Latest news with #<place>[|-led]", "[Tag|Topic|Tagged|TAG|Category|Archive]: <topic>",
    "[Search results for|Results for|You searched for] [\"<topic>\"|'<place>'|<place>]",
    "[All|Latest|More] [stories|articles|news] [on|about|from] <place>", "<section> News ¦ <site>",
    "<n> [results|articles|stories] for <topic>", "#<topic>", "<section>",
    "News Archive - <section>\n[Page 1 of <n>|Showing 1 to 10 of <n>|Sort by: Newest]",
]  # fmt: skip

#: Items as lines of fields; a line all of whose fields are absent is left out. `-x` is `- x`.
FORMS = [
    "source/date/-topic/-source/title/text",
    "source/date/-topic/title/text",
    "source/date/title/text",
    "source, date/title/text",
    "source | date/title/text",
    "date/title/source/text",
    "title/source | date/text",
    "title/source - date/text",
    "title/date/text",
    "title/source/date/text",
    "topic/title/date/text",
    "topic/title/by | date/text",
    "crumb/title/text/source/date",
    "title/text/source · date",
    "title/text/date | topic",
    "#title/source, date/text",
    "date/topic/title/text",
    "date | topic/title/text",
    "#tag/title/date - source/text",
    "title/by/date/text",
    "date/source/title/by/text",
]


@dataclass(frozen=True, slots=True)
class _Habit:
    form: str
    gap: int
    length: str
    show: Callable[[date], str]
    is_numeric: bool
    clock: str
    button: str
    cut: str
    every: str
    width: int


def _habit(voice: Voice) -> _Habit:
    rng = voice.rng
    is_numeric = rng.random() < 0.4
    form = rng.choice(FORMS)
    gap = rng.choice([1, 2, 2, 3] if form.split("/")[-1] != "text" else [0, 1, 1, 2, 2, 3])
    return _Habit(
        form=form,
        gap=gap,
        width=rng.choice([66, 78, 90]) if gap and rng.random() < 0.08 else 0,
        length=rng.choice(["flat", "flat", "teaser", "teaser", "teaser", "paragraphs", "mixed"]),
        show=rng.choice([form for _, form in NUMERIC]) if is_numeric else rng.choice(PLAIN),
        is_numeric=is_numeric,
        clock=rng.choice(["", "", "", " ", ", ", " at "]) if not is_numeric else "",
        button=voice.say(
            "[||||Read more|Continue reading|READ MORE »|Read full story|More…|Continue reading →]"
        ),
        cut=rng.choice(["...", "…", " […]", " [...]", "", " ..."]),
        every=voice.say("[|||||Share|<n> comments|3 min read|Save]"),
    )


def _topic(voice: Voice, kind: str) -> str:
    if kind == "crumb":
        return voice.say("Home [>|»|/] <section>[| > <place>]")
    if kind == "#tag":
        return "#" + voice.say("[<place>|<atopic>|<section>]")
    return voice.say("[<section>|<section>|<section>|<section> News|Local News]")


def _cut(voice: Voice, text: str, ending: str) -> str:
    """A teaser: whole sentences, or cut off within one."""
    rng = voice.rng
    words = text.split()
    n = rng.randint(22, 60)
    if len(words) <= n + 3:
        return text
    if rng.random() < 0.4:
        whole = ""
        for sentence in sentences(text):
            whole = f"{whole} {sentence}".strip()
            if len(whole.split()) >= 20:
                break
        return whole
    cut = " ".join(words[:n]).rstrip(",;:—–-. ")
    if not ending and rng.random() < 0.5:
        cut = cut[: -rng.randint(1, max(1, len(words[n - 1]) - 2))]
    return cut + ending


def _body(page: Page, voice: Voice, story: Story, habit: _Habit) -> tuple[str, list[str]]:
    """The gold text, and the lines that stand for it."""
    rng = voice.rng
    if not story.paragraphs:
        return "", []
    length = rng.choice(["flat", "teaser"]) if habit.length == "mixed" else habit.length
    if length == "teaser":
        text = _cut(voice, " ".join(story.paragraphs), habit.cut)
        if habit.button and rng.random() < 0.3:
            page.boilerplate.append(habit.button)
            return text, [f"{text} {habit.button}"]
        return text, [text]
    if length == "paragraphs":
        parts = list(story.paragraphs[:4])
        return "\n\n".join(parts), parts
    parts, shown = list(story.paragraphs), list(story.paragraphs)
    if len(parts) > 4 and rng.random() < 0.25:
        for where in sorted(rng.sample(range(1, len(parts)), rng.randint(1, 2)), reverse=True):
            insert = voice.say(
                "[STORY CONTINUES BELOW THIS AD|ADVERTISEMENT|Story continues below Advertisement"
                "|ALSO READ ¦ <headline>|Article continues below]"
            ).replace("¦", "|")
            shown.insert(where, insert)
            page.boilerplate.append(insert)
    if rng.random() < 0.06:
        tail = voice.say(
            "[Facebook Twitter Linkedin Email|(This story has not been edited by <site> staff"
            " and is auto-generated from a syndicated feed.)|Source link|<n> Comments]"
        )
        shown.append(tail)
        page.boilerplate.append(tail)
    return " ".join(parts), [" ".join(shown)]


def _item(
    page: Page, voice: Voice, story: Story, habit: _Habit, fields: dict[str, str | None], i: int
) -> str:
    """Put one item; returns its gold text."""
    text, shown = _body(page, voice, story, habit)
    topic = ""
    for line in habit.form.split("/"):
        if line == "text":
            for part in shown:
                page.put(*(textwrap.wrap(part, habit.width) if habit.width else [part]))
        elif line in ("title", "#title"):
            page.put(f"{i}. {story.title}" if line[0] == "#" else story.title)
        elif line in ("topic", "crumb", "#tag", "-topic"):
            topic = _topic(voice, line)
            page.junk(f"- {topic}" if line[0] == "-" else topic)
        elif line == "-source":
            page.junk(f"- {fields['source']}")
        else:
            _put_fields(page, voice, line, fields)
    if habit.button and shown and not shown[-1].endswith(habit.button):
        page.junk(habit.button)
    if habit.every:
        page.junk(habit.every)
    return text


def _put_fields(page: Page, voice: Voice, line: str, fields: dict[str, str | None]) -> None:
    names = ["source", "date", "topic", "by"]
    found = sorted((line.index(name), name) for name in names if name in line)
    between = line[len(found[0][1]) : found[1][0]] if len(found) > 1 else ""
    values = []
    for _, name in found:
        if name == "topic":
            values.append(_topic(voice, "topic"))
        elif name == "by":
            values.append(voice.say("[By <staff>|By <person>|<person>]"))
        else:
            values.append(fields[name] or "")
    if any(values):
        page.junk(between.join(value for value in values if value))


def make_listing(desk: Desk, voice: Voice) -> Page:
    """A header, then two to a dozen items."""
    rng = voice.rng
    page, habit = Page("listing"), _habit(voice)
    if rng.random() < 0.2:
        page.junk(*block(voice, rng.choice(TOP), []))
        page.gap(rng.choice([0, 1, 2]))
    if rng.random() < 0.8:
        page.junk(*voice.say(rng.choice(HEADERS)).replace("¦", "|").split("\n"))
        page.gap(rng.choice([1, 2, 3]))
    outlets = [voice.make_site() for _ in range(rng.randint(2, 6))]
    has_source = "source" in habit.form
    moment = some_moment(rng)
    days: list[tuple[GoldArticle, date]] = []
    told: list[Story] = []
    for i in range(1, rng.choice([2, 3, 4, 5, 5, 6, 7, 8, 10, 12]) + 1):
        moment -= timedelta(hours=rng.choice([3, 20, 30, 60, 200]), minutes=rng.randrange(60))
        story = _choose(desk, voice, habit, told)
        told.append(story)
        source = rng.choice(outlets) if has_source else None
        shown, published = _date(voice, habit, moment)
        if i > 1:
            page.gap(habit.gap)
        if rng.random() < 0.025 and not habit.form.startswith("title/text"):
            story = Story("empty", story.title, ())
        text = _item(page, voice, story, habit, {"source": source, "date": shown}, i)
        if not text:
            page.empty.append(story.title)
            continue
        article = GoldArticle(
            "listing_item", story.title, text, story.near, story.near,
            published=published.isoformat() if published else None, source=source,
        )  # fmt: skip
        if not has_source:
            article.unscored.append("source")
        page.articles.append(article)
        if published:
            days.append((article, published))
        if rng.random() < 0.07:
            page.gap(1)
            kind = rng.choice(["ad", "residue", "newsletter", "app", "cookie", "residue"])
            page.junk(*block(voice, kind, []))
            page.gap(1)
    if rng.random() < 0.25:
        page.gap(1)
        page.junk(
            *voice.lines(
                "[Load more|Show more|Next page »|1 2 3 4 5 Next|« Previous Next »|Older posts|Back to top]"
            )
        )
    if habit.is_numeric and all(day.day <= 12 for _, day in days):
        for article, _ in days:
            article.unscored.append("published")
    return page


def _choose(desk: Desk, voice: Voice, habit: _Habit, told: list[Story]) -> Story:
    rng = voice.rng
    if told and rng.random() < 0.05 and habit.length in ("flat", "paragraphs"):
        return rng.choice(told)
    if habit.length in ("teaser", "mixed"):
        return desk.short(may_copy=True) if rng.random() < 0.4 else desk.long(4, keep=False)
    story = desk.short(may_copy=True) if rng.random() < 0.3 else desk.long(20)
    if any(other.near == story.near for other in told):
        return desk.short()
    return story


def _date(voice: Voice, habit: _Habit, moment: date) -> tuple[str, date | None]:
    """What the item prints, and the day that it says."""
    from datetime import datetime

    assert isinstance(moment, datetime)
    rng = voice.rng
    if rng.random() < 0.03 and habit.gap:
        return "", None
    if habit.is_numeric and rng.random() < 0.02:
        shown = habit.show(moment.replace(day=28))
        return shown.replace("28", "39"), None
    shown = habit.show(moment)
    if habit.clock:
        shown += habit.clock + rng.choice(CLOCKS)(moment)
    return shown, moment.date()
