"""HTML → drafts: one for an article, one for each piece of a page of several.

In this order: posts that the page's JSON-LD states (a live-blog), several articles that it states
with their bodies, repeated boxes of the page itself, and else one article. Dates are those that
the page states; dates that could only be inferred (from a copyright line, the running text, the
file) are left out.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from pipeline.core.formats.bodies import Body, find_body, prepare
from pipeline.core.formats.fragments import line_of_fragment
from pipeline.core.formats.posts import Posts, find_posts
from pipeline.core.formats.structured import LiveBlog, Stated, Statement, names_of, read_stated
from pipeline.core.pages.articles import clean_body
from pipeline.core.pages.sites import is_press, part_site
from pipeline.core.texts import comparable, mend_text, words_of
from pipeline.core.times.dates import parse_date
from pipeline.core.times.stamps import Stamp
from pipeline.core.times.timelines import resolve_dates
from pipeline.records import Draft, Kind

_HEADING = re.compile(r"<h1\b[^>]{0,1000}>(.{1,2000}?)</h1", re.IGNORECASE | re.DOTALL)
_TITLE = re.compile(r"<title\b[^>]{0,300}>(.{1,2000}?)</title", re.IGNORECASE | re.DOTALL)
_TIME = re.compile(
    r"<time\b[^>]{0,600}?\bdatetime\s*=\s*[\"']?([^\"'>]{4,60})", re.IGNORECASE | re.DOTALL
)
_ARTICLE = re.compile(r"<article\b", re.IGNORECASE)
_LANGUAGE = re.compile(
    r"<html\b[^>]{0,2000}?\b(?:xml:)?lang\s*=\s*[\"']?([a-z]{2,3})\b", re.IGNORECASE
)
_MIN_STATED = 30
_MAX_STATED_SHOWN = 60


def extract_drafts(html: str, *, page_url: str | None = None) -> list[Draft]:
    """Extract the pieces of one HTML page.

    Parameters
    ----------
    html : str
        The decoded page.
    page_url : str, optional
        Where it came from: its host is the source where the page names none.

    Returns
    -------
    list of Draft
        In the order of the page. Empty where no text is found. A draft may be empty (a post
        without a body): `articles.assess_draft` tells. Text is untrusted: markup that the page
        had escaped comes out as it reads, so escape it wherever it is shown.
    """
    page = prepare(html)
    stated = read_stated(page)
    for live in stated.live_blogs:
        if any(post.body for post in live.posts):
            return _live_drafts(page, live, stated, page_url)
    bodies = [a for a in stated.articles if len(words_of(a.body)) >= _MIN_STATED and a.title]
    if len({comparable(a.title or "") for a in bodies}) > 1 and not _is_part(bodies):
        source = _source_of(page, stated, None, page_url)
        return [_stated_draft("article", a, source) for a in bodies]
    posts = find_posts(page, is_live=bool(stated.live_blogs), is_article=stated.is_one_article)
    if posts:
        drafts = _post_drafts(page, posts, stated, page_url)
        if sum(bool(draft.text) for draft in drafts) > 1:
            return drafts
    draft = _single_draft(page, stated, page_url)
    return [draft] if draft else []


def extract_draft(html: str, *, page_url: str | None = None) -> Draft | None:
    """Extract a page as one article, whatever it looks like; None where no text is found."""
    page = prepare(html)
    return _single_draft(page, read_stated(page), page_url)


def page_language(html: str) -> str | None:
    """Language that the page declares (`<html lang>`), as a code of two or three letters."""
    match = _LANGUAGE.search(html[:20_000])
    return match[1].lower() if match else None


def host_of(url: str | None) -> str | None:
    """Host of an address, without `www.`; None where it has none."""
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return None
    return host.removeprefix("www.") or None


def _is_part(statements: Sequence[Statement]) -> bool:
    """Whether some body is a part of another: then they are one article, said twice."""
    bodies = sorted((" ".join(words_of(s.body)) for s in statements), key=len)
    return any(short in bodies[-1] for short in bodies[:-1])


def _single_draft(page: str, stated: Stated, page_url: str | None) -> Draft | None:
    body = _body_of(page, stated)
    if not body.lines:
        return None
    document = body.document
    source = _source_of(page, stated, document, page_url)
    title = _title_of(page, stated, document, source)
    published, notes = _date_of(page, stated, document)
    stated_by = next((a.author for a in stated.articles if a.author), None)
    return Draft(
        kind="article",
        title=title,
        text=clean_body("\n\n".join(body.lines), title),
        published=published,
        source=source,
        author=stated_by or names_of(getattr(document, "author", None)),
        notes=(*body.notes, *notes),
    )


def _body_of(page: str, stated: Stated) -> Body:
    longest = max((a.body for a in stated.articles), key=len, default="")
    return find_body(
        page,
        is_article=stated.is_article or _ARTICLE.search(page) is not None,
        stated_body=longest,
        standfirsts=stated.descriptions,
        with_metadata=not (stated.date[0] and any(a.author and a.source for a in stated.articles)),
    )


def _one_line(value: str | None) -> str | None:
    return " ".join(mend_text(value or "").split()) or None


def _source_of(page: str, stated: Stated, document: Any, page_url: str | None) -> str | None:
    whole = [*stated.articles, *(live.whole for live in stated.live_blogs)]
    named = next((s.source for s in whole if s.source), None)
    return (
        named
        or stated.meta.get("og:site_name")
        or _one_line(getattr(document, "sitename", None))
        or _site_in_title(page)
        or host_of(page_url)
        or host_of(stated.meta.get("og:url"))
    )


def _site_in_title(page: str) -> str | None:
    """Paper that the `<title>` ends with, if it is named like one."""
    for text in _TITLE.findall(page)[:1]:
        site = part_site(line_of_fragment(text) or "")[1]
        return site if site and is_press(site) else None
    return None


def _title_of(page: str, stated: Stated, document: Any, source: str | None) -> str | None:
    """Headline: the one heading of the page if machines are told the like, else what they are."""
    told = [said.title for said in (*stated.articles, *(live.whole for live in stated.live_blogs))]
    told += [stated.meta.get("og:title"), stated.meta.get("twitter:title")]
    in_head = [line_of_fragment(text) for text in _TITLE.findall(page)[:1]]
    sites = {comparable(name) for name in (source, stated.meta.get("og:site_name")) if name}
    given = [title for title in (*told, *in_head) if title and comparable(title) not in sites]
    headings = [line_of_fragment(f"<p>{text}</p>") for text in _HEADING.findall(page)]
    headings = [heading for heading in headings if comparable(heading or "") not in sites]
    for heading in headings:
        if heading and any(_is_like(heading, title) for title in given):
            return bare_title(heading, source)
    whole = [title for title in given if not title.endswith(("…", "..."))]
    best = next(iter(whole or given), None)
    if best is None and len(headings) == 1:
        best = headings[0]
    best = best or _one_line(getattr(document, "title", None)) or next(iter(in_head), None)
    return bare_title(_one_line(best) or "", source) if best else None


def _is_like(heading: str, title: str) -> bool:
    ours, theirs = set(words_of(heading)), set(words_of(title))
    return len(ours) > 1 and 2 * len(ours & theirs) >= min(len(ours), len(theirs)) + 1


def bare_title(title: str, source: str | None) -> str:
    """Headline without its site: any name that reads like one, and the one that is known."""
    return part_site(title, frozenset({source} if source else ()))[0] or title


def _date_of(page: str, stated: Stated, document: Any) -> tuple[str | None, tuple[str, ...]]:
    date, text = stated.date
    if date:
        return date, ()
    times = [value for value in _TIME.findall(page)[:1] if any(c.isdigit() for c in value)]
    date = next(filter(None, map(parse_date, times)), None)
    text = text or next(iter(times), None)
    # trafilatura would make a day of what the page states and no calendar has.
    if date is None and text is None:
        date = parse_date(getattr(document, "date", None) or "")
    return date, () if date or not text else (unread_date(text),)


def unread_date(text: str) -> str:
    """Note that a stated date is none, or could not be read."""
    shown = " ".join(text.split())[:_MAX_STATED_SHOWN]
    return f"the stated date could not be read ('{shown}')"


def _stated_draft(kind: Kind, stated: Statement, source: str | None) -> Draft:
    title = bare_title(stated.title, stated.source) if stated.title else None
    is_unread = stated.stated_date and not stated.published
    return Draft(
        kind=kind,
        title=title,
        text=clean_body(stated.body, title),
        published=stated.published,
        source=stated.source or source,
        author=stated.author,
        notes=(unread_date(stated.stated_date or ""),) if is_unread else (),
    )


def _live_drafts(page: str, live: LiveBlog, stated: Stated, page_url: str | None) -> list[Draft]:
    """Intro of a live-blog, if it has one, and its posts; undated ones take the day of others."""
    source = live.whole.source or _source_of(page, stated, None, page_url)
    posts = [_stated_draft("liveblog_entry", post, source) for post in live.posts]
    stamps = [Stamp(post.published, None, None, is_rich=True) for post in posts]
    days = resolve_dates(stamps, _page_stamp(live.whole.published or stated.date[0]))
    posts = [
        dataclasses.replace(post, published=day) for post, day in zip(posts, days, strict=True)
    ]
    lines = (live.whole.body or _intro_of(page, stated, posts)).split("\n")
    title = _title_of(page, stated, None, source) or live.whole.title
    intro = Draft(
        kind="article",
        title=title,
        text=clean_body("\n".join(lines), title),
        published=live.whole.published or stated.date[0],
        source=source,
        author=live.whole.author,
    )
    return [intro, *posts] if intro.text else posts


def _intro_of(page: str, stated: Stated, posts: Sequence[Draft]) -> str:
    """What the page's body says before it comes to any of the posts."""
    known = " ".join(comparable(f"{post.title or ''} {post.text}") for post in posts)
    kept = []
    for line in _body_of(page, stated).lines:
        key = comparable(line)
        if key and key in known:
            break
        kept.append(line)
    return "\n\n".join(kept)


def _page_stamp(date: str | None) -> Stamp | None:
    return Stamp(date, None, None, is_rich=True) if date else None


def _post_drafts(page: str, found: Posts, stated: Stated, page_url: str | None) -> list[Draft]:
    kinds: dict[str, Kind] = {"live_blog": "liveblog_entry", "teasers": "listing_item"}
    kind = kinds.get(found.shape, "article")
    source = _source_of(page, stated, None, page_url)
    page_date = stated.date[0]
    nothing = Stamp(None, None, None, is_rich=False)
    stamps = [post.stamp or nothing for post in found.posts]
    if found.shape == "live_blog":
        dates = resolve_dates(stamps, _page_stamp(page_date))
    else:
        dates = [stamp.date for stamp in stamps]
    drafts = [
        Draft(
            kind=kind,
            title=post.title,
            text=clean_body(post.text, post.title),
            published=date,
            source=source,
            author=post.author,
            notes=_impossible(stamp),
        )
        for post, date, stamp in zip(found.posts, dates, stamps, strict=True)
    ]
    if found.shape != "live_blog":
        return drafts
    intro = _single_draft(found.rest, stated, page_url)
    return [intro, *drafts] if intro and len(words_of(intro.text)) >= 6 else drafts


def _impossible(stamp: Stamp) -> tuple[str, ...]:
    return (unread_date(stamp.impossible),) if stamp.impossible else ()
