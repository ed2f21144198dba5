"""Layout B: a live-blog: an introduction with key points, then stamped posts."""

# ruff: noqa: E501 - wordings are easier to read when each stands in one line

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.pages.bodies import (
    TOP,
    Style,
    make_style,
    names_in,
    put_after,
    put_paragraph,
    subhead,
)
from benchmarks.pages.copies import Desk, Story
from benchmarks.pages.dates import CLOCKS, PLAIN, some_moment
from benchmarks.pages.furniture import block
from benchmarks.pages.gold import GoldArticle, Page
from benchmarks.pages.stamps import (
    DATING,
    STAMPS,
    Habit,
    Post,
    ago,
    fitting,
    put_stamp,
    said_day,
    spans_midnight,
)
from benchmarks.pages.wordings import Voice


def _habit(voice: Voice, style: Style) -> Habit:
    rng = voice.rng
    place = rng.choice(["after", "after", "before", "before", "line"])
    stamp = rng.choice(STAMPS[place])
    dating = rng.choice(DATING)
    headless = {"after": rng.choice([0, 0, 0, 1]), "line": 0}.get(place, rng.choice([0, 0, 0.2, 1]))
    return Habit(
        stamp=stamp,
        clock=rng.choice(CLOCKS),
        day=rng.choice(PLAIN),
        dated=rng.choice(["D T", "T, D", "D, T", "D / T", "T D", "D at T", "T on D", "D - T"]),
        dating=fitting(dating, stamp),
        newest_first=rng.random() < 0.72,
        headless=headless,
        tail=rng.choice([0.0, 0.08, 0.2]),
        every=voice.lines(
            "[|||||Share|Copy link|Share\nCopy link|Link copied|Share this post|0 comments|Share Save]"
        ),
        gap={"tight": rng.choice([0, 0, 1, 2])}.get(style.spacing, rng.choice([1, 1, 2, 3])),
        updated=rng.choice([0.0, 0.0, 0.15]),
        labels=rng.choice([0.0, 0.0, 0.1, 0.2]),
        date_at=rng.choice(["top", "top", "top", "intro", "end"]),
    )


def _posts(desk: Desk, voice: Voice, habit: Habit) -> list[Post]:
    """Posts, oldest first."""
    rng = voice.rng
    moment = some_moment(rng)
    if habit.dating == "published":
        moment = moment.replace(hour=rng.randint(1, 9))
    step = rng.choice([12, 25, 50])
    posts: list[Post] = []
    for _ in range(rng.choice([4, 6, 8, 10, 12, 15, 20, 30])):
        after = moment + timedelta(minutes=rng.randint(2, 2 * step))
        if habit.dating == "published" and after.date() != moment.date():
            break
        moment = after
        headless = rng.random() < habit.headless
        told = [post for post in posts if not post.is_empty and post.headless == headless]
        if told and rng.random() < 0.05:
            story = _again(desk, voice, rng.choice(told).story)
        else:
            story = _fresh(desk, voice, headless=headless)
        is_empty = not headless and rng.random() < 0.05
        if is_empty:
            title = voice.say(
                "[Watch: <headline>|<headline>|In pictures: <headline>|Video: <headline>]"
            )
            story = Story("empty", title, ())
        posts.append(Post(moment, story, rng.choice(voice.staff), headless, is_empty))
    return posts


def _fresh(desk: Desk, voice: Voice, *, headless: bool) -> Story:
    rng = voice.rng
    if headless and rng.random() < 0.6:
        first = desk.note()
        more = desk.notes(rng.choice([0, 0, 1, 2]))
        return Story(first.near, "", (*first.paragraphs, *more))
    if rng.random() < 0.55:
        return desk.short()
    if rng.random() < 0.06:
        first = desk.short()
        mark = rng.choice(["- ", "• ", "* ", "– "])
        listed = tuple(mark + note for note in desk.notes(rng.randint(3, 5)))
        return Story(first.near, first.title, (*first.paragraphs, *listed))
    return desk.long(rng.randint(2, 6), may_copy=False, keep=False)


def _again(desk: Desk, voice: Voice, story: Story) -> Story:
    """The same post once more, perhaps under a lead-in, perhaps a little edited."""
    title = voice.say("[|||ICYMI: |Recap: ]") + story.title if story.title else ""
    if story.n_words > 120 and voice.rng.random() < 0.3:
        copied = desk.copy(story)
        return Story(story.near, title, copied.paragraphs)
    return Story(story.near, title, story.paragraphs)


def _put_tail(page: Page, voice: Voice, post: Post) -> None:
    label = voice.say(
        "[Read the full [report|story|article|piece]|Read more|Read more here|Full story|More on this"
        "|<person> writes|<person> reports|World affairs editor <person> writes|Read <staff>’s report"
        "|Read the full wrap of all the latest here|You can read the full story here|More details]"
        "[:|:|:|...]"
    )
    link = post.story.title if post.story.title and voice.rng.random() < 0.4 else voice.headline()
    page.junk(label, *([link] if voice.rng.random() < 0.85 else []))


def _page_date(voice: Voice, habit: Habit, posts: list[Post]) -> tuple[str, str | None]:
    """The line that dates the whole page, and its day; an empty line if there is none."""
    if habit.dating not in ("updated", "relative", "published"):
        return "", None
    word, at = "[Last updated|Updated|Last updated:|Updated:|Last update:]", posts[-1].moment
    if habit.dating == "published":
        word, at = "[Published|First published|Published:|Published at]", posts[0].moment
    day, clock = habit.day(at), habit.clock(at)
    when = voice.rng.choice([f"{day} {clock}", f"{clock}, {day}"])
    return f"{voice.say(word)} {when}", at.date().isoformat()


def _put_headline(page: Page, voice: Voice, *, has_intro: bool) -> str | None:
    """The page's headline: that of the introduction, or nobody's where there is none."""
    rng = voice.rng
    if has_intro and rng.random() < 0.4:
        return None
    title = voice.say(
        "[<headline>|<headline>: live updates|<place> live: <headline>|LIVE – <headline>|<headline> – live]"
    )
    suffix = voice.say("[||||¦]").replace("¦", rng.choice([" | ", " - "]) + voice.site)
    if has_intro:
        page.put(title + suffix)
        page.boilerplate += [suffix.strip()] if suffix else []
    else:
        page.junk(title + suffix)
    return title


def _put_intro(
    page: Page, desk: Desk, voice: Voice, habit: Habit, style: Style, posts: list[Post]
) -> None:
    rng = voice.rng
    has_intro = rng.random() < 0.75
    title = _put_headline(page, voice, has_intro=has_intro)
    line, day = _page_date(voice, habit, posts)
    if line and habit.date_at == "top":
        page.junk(line)
    if rng.random() < 0.15:
        page.junk(*block(voice, rng.choice(["share", "listen", "nav", "video"]), []))
    if not has_intro:
        if line and habit.date_at == "intro":
            page.junk(line)
        return
    told = [post for post in posts if post.story.paragraphs]
    lead = desk.long(rng.randint(2, 5), may_copy=False, keep=False)
    parts, echoes = list(lead.paragraphs), []
    if told and rng.random() < 0.4:
        post = rng.choice(told)
        if post.story.n_words <= lead.n_words:
            parts += post.story.paragraphs
            echoes = [post.story.near]
    for part in parts:
        put_paragraph(page, style, part)
    heads = [post.story.title for post in told if not post.headless and post.story.title]
    if len(heads) > 2 and rng.random() < 0.6:
        parts += _put_points(
            page, voice, style, rng.sample(heads, min(len(heads), rng.randint(3, 6)))
        )
    if line and habit.date_at == "intro":
        if style.spacing != "tight":
            page.gap(1)
        page.junk(line)
    page.articles.append(
        GoldArticle(
            "article",
            title,
            "\n\n".join(parts),
            lead.near,
            lead.near,
            published=day,
            unscored=["source"] + ([] if day else ["published"]),
            echoes=echoes,
        )
    )


def _put_points(page: Page, voice: Voice, style: Style, points: list[str]) -> list[str]:
    form = voice.rng.choice(["line", "dash", "dot", "plain", "star"])
    if style.spacing != "tight":
        page.gap(1)
    page.aside(
        voice.say(
            "[Key Points|Key points|KEY POINTS|Summary|Key developments|What you need to know|The latest|At a glance|Here are the latest developments]"
        )
    )
    for point in points:
        if form == "line":
            page.aside(voice.rng.choice(["-", "-", "•"]))
        page.put({"dash": "- ", "dot": "• ", "star": "* "}.get(form, "") + point)
    return points


def make_liveblog(desk: Desk, voice: Voice) -> Page:
    """Newest or oldest post first; days as the page says them, or nowhere."""
    rng = voice.rng
    style = make_style(rng, "tight tight tight blank blank wrapped")
    page, habit = Page("liveblog"), _habit(voice, style)
    posts = _posts(desk, voice, habit)
    newest = posts[-1].moment
    if habit.dating == "relative":
        posts = [post for post in posts if newest - post.moment < timedelta(hours=20)]
    if rng.random() < 0.15:
        page.junk(*block(voice, rng.choice(TOP), []))
        page.gap(rng.choice([0, 1]))
    _put_intro(page, desk, voice, habit, style, posts)
    if rng.random() < 0.15:
        page.gap(habit.gap)
        page.junk(
            *voice.lines(
                "[Live feed|Newest first\nOldest first|LIVE|Sort by: Latest|Show key events only|Live updates|<n> new updates|Jump to latest post|Key events]"
            )
        )
    form = rng.choice(["long", "short", "mid"])
    shown_day: date | None = None
    for post in posts[::-1] if habit.newest_first else posts:
        page.gap(habit.gap)
        shows, day = said_day(habit, post, posts[0].moment, newest)
        if habit.dating == "heads" and post.moment.date() != shown_day:
            page.junk(habit.day(post.moment))
            shown_day = post.moment.date()
        when = habit.clock(post.moment)
        if habit.dating == "relative":
            when = ago(newest, post.moment, form)
        if shows:
            when = (
                habit.dated.replace("D", "\0")
                .replace("T", when)
                .replace("\0", habit.day(post.moment))
            )
        put_stamp(page, voice, habit, post, when, ago(newest, post.moment, form))
        _put_post(page, voice, habit, style, post, day)
        if habit.dating == "relative" and not post.is_empty and spans_midnight(newest, post.moment):
            page.articles[-1].unscored.append("published")
    if rng.random() < 0.3:
        page.gap(habit.gap)
        page.junk(
            *voice.lines(
                "[Load more|Load more updates|Show more posts|Earlier updates|Back to top|Older posts]"
            )
        )
    line, _ = _page_date(voice, habit, posts)
    if line and habit.date_at == "end":
        page.gap(1)
        page.junk(line)
    put_after(page, voice, style, posts[0].story)
    return page


def _put_post(
    page: Page, voice: Voice, habit: Habit, style: Style, post: Post, day: date | None
) -> None:
    rng = voice.rng
    if post.is_empty:
        page.empty.append(post.story.title)
    parts = list(post.story.paragraphs)
    if len(parts) > 2 and rng.random() < 0.06:
        parts.insert(2, subhead(voice, names_in(post.story), style.subheads))
    for i, part in enumerate(parts):
        if i and rng.random() < style.dirt / 2:
            page.junk(
                *block(voice, rng.choice(["photo", "photo", "ad", "video"]), names_in(post.story))
            )
        put_paragraph(page, style, part)
    if not post.is_empty:
        title = None if post.headless or not post.story.title else post.story.title
        page.articles.append(
            GoldArticle(
                "liveblog_entry",
                title,
                "\n\n".join(parts),
                post.story.near,
                post.story.near,
                published=day.isoformat() if day else None,
                author=post.author if "A" in habit.stamp.replace("at", "") else None,
                unscored=["source"],
            )
        )
        if rng.random() < habit.tail:
            if style.spacing != "tight":
                page.gap(1)
            _put_tail(page, voice, post)
    page.junk(*[line for line in habit.every if line])
    if rng.random() < style.dirt / 3:
        page.junk(*block(voice, rng.choice(["ad", "newsletter", "share", "related"]), []))
