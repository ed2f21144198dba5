"""HTML pages → drafts."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.formats.markup import extract_draft, extract_drafts, host_of, page_language
from pipeline.records import Draft

SENTENCES = (
    "The council met in the old hall and spoke for three hours about the bridge.",
    "A report on the state of the piers had been handed in the week before.",
    "Two members asked for a ferry until the repairs are paid for and done.",
    "The mayor said that money would come from the harbour fund this spring.",
    "Traders on the north bank fear for the market that opens every Friday.",
    "Engineers will look at the arches again when the river has gone down.",
    "A vote is set for the first Monday of the coming month in open session.",
    "Schools have been told to plan for longer ways in the morning and evening.",
)


def prose(*numbers: int) -> str:
    return "".join(f"<p>{SENTENCES[n]}</p>" for n in numbers)


def page(body: str, head: str = "", title: str = "Bridge to close | The Post") -> str:
    return f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body>{body}</body></html>'


def ld(node: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


ALL = prose(*range(8))
LIVE = {
    "@type": "LiveBlogPosting",
    "headline": "Bridge talks, as they happen",
    "datePublished": "2025-01-21T08:00:00Z",
    "publisher": {"name": "The Wire"},
}


def test_single_article_with_what_its_page_states() -> None:
    node = {
        "@type": "NewsArticle",
        "headline": "Bridge to close",
        "datePublished": "2025-01-21T23:30:00-05:00",
        "author": {"name": "Ann Lee"},
        "publisher": {"name": "The Post"},
    }
    nav = "<nav><a href='/'>Home</a></nav>"

    (draft,) = extract_drafts(
        page(f"{nav}<article><h1>Bridge to close</h1>{ALL}</article>", ld(node))
    )

    assert draft == Draft(
        "article", "Bridge to close", "\n\n".join(SENTENCES), "2025-01-21", "The Post", "Ann Lee"
    )


def test_date_of_meta_or_time_element_is_taken_and_an_impossible_one_noted() -> None:
    meta = '<meta property="article:published_time" content="{}">'
    body = f"<article><h1>Bridge to close</h1>{ALL}</article>"
    time = "<time datetime='2025-01-21T10:00'>today</time>"

    assert extract_drafts(page(body, meta.format("2025-01-21")))[0].published == "2025-01-21"
    assert extract_drafts(page(time + body))[0].published == "2025-01-21"
    (bad,) = extract_drafts(page(body, meta.format("31-02-2025")))
    assert bad.published is None
    assert bad.notes == ("the stated date could not be read ('31-02-2025')",)
    assert extract_drafts(page(body))[0].published is None


def test_source_falls_back_to_the_host_that_the_page_came_from() -> None:
    (draft,) = extract_drafts(page(ALL, title="T"), page_url="https://www.example.org/a?b")

    assert draft.source == "example.org"
    assert extract_drafts(page(ALL))[0].source == "The Post"


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.a.example/x", "a.example"),
        ("//b.example", "b.example"),
        ("x", None),
        (None, None),
        ("http://[", None),
    ],
)
def test_host(url: str | None, host: str | None) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    "heading", ["<h1>Bridge to close</h1>", "<h1><a href='/'>Bridge <i>to</i> close</a></h1>", ""]
)
def test_title_has_no_site(heading: str) -> None:
    assert extract_drafts(page(f"<article>{heading}{ALL}</article>"))[0].title == "Bridge to close"


def test_heading_that_names_the_site_is_no_title() -> None:
    site = '<meta property="og:site_name" content="Old Town Blog">'
    body = f"<h1>Old Town Blog</h1><article><h2>Bridge to close</h2>{ALL}</article>"

    (draft,) = extract_drafts(page(body, site, title="Bridge to close « Old Town Blog"))

    assert draft.title is not None
    assert draft.title.startswith("Bridge to close")


def test_live_blog_of_json_ld_gives_its_intro_and_every_post() -> None:
    posts = [
        {
            "headline": "Vote is set",
            "articleBody": SENTENCES[6],
            "datePublished": "2025-01-22T00:10:00Z",
            "author": {"name": "Bo Wu"},
        },
        {"headline": "Nothing yet", "articleBody": ""},
        {
            "headline": "Traders speak",
            "articleBody": f"&lt;p&gt;{SENTENCES[4]}&lt;/p&gt;",
            "datePublished": "2025-01-21T22:00:00Z",
        },
    ]
    shown = f"<h1>Bridge talks, as they happen</h1>{prose(0, 1)}<div>{prose(6)}{prose(4)}</div>"

    drafts = extract_drafts(page(shown, ld({**LIVE, "liveBlogUpdate": posts}), "x"))

    assert [(d.kind, d.title, d.published) for d in drafts] == [
        ("article", "Bridge talks, as they happen", "2025-01-21"),
        ("liveblog_entry", "Vote is set", "2025-01-22"),
        ("liveblog_entry", "Nothing yet", "2025-01-22"),
        ("liveblog_entry", "Traders speak", "2025-01-21"),
    ]
    assert drafts[0].text == f"{SENTENCES[0]}\n\n{SENTENCES[1]}"
    assert [d.text for d in drafts[1:]] == [SENTENCES[6], "", SENTENCES[4]]
    assert {d.source for d in drafts} == {"The Wire"}
    assert drafts[1].author == "Bo Wu"


@pytest.mark.parametrize("updates", [[], None, "none", {}])
def test_live_blog_without_posts_in_json_ld_is_read_from_the_page(updates: object) -> None:
    boxes = "".join(
        f"<div class='post-{n}'><time>{12 - n}:14</time><h3>Heading number {n} here</h3>{prose(n)}</div>"
        for n in range(2, 6)
    )
    shown = f"<h1>Bridge talks, as they happen</h1>{prose(0, 1)}<section>{boxes}</section>"
    shown = (
        shown.replace("post-2", "post")
        .replace("post-3", "post")
        .replace("post-4", "post")
        .replace("post-5", "post")
    )

    drafts = extract_drafts(page(shown, ld({**LIVE, "liveBlogUpdate": updates}), "x"))

    assert [d.kind for d in drafts] == ["article"] + ["liveblog_entry"] * 4
    assert [d.text for d in drafts[1:]] == [SENTENCES[n] for n in range(2, 6)]
    assert [d.title for d in drafts[1:]] == [f"Heading number {n} here" for n in range(2, 6)]
    assert {d.published for d in drafts} == {"2025-01-21"}


def test_articles_that_json_ld_gives_with_their_bodies_are_all_taken() -> None:
    nodes = [
        {
            "@type": "NewsArticle",
            "headline": f"Heading number {n}",
            "articleBody": " ".join(SENTENCES[n : n + 4]),
        }
        for n in (0, 4)
    ]

    drafts = extract_drafts(page(ALL, ld(nodes)))

    assert [d.title for d in drafts] == ["Heading number 0", "Heading number 4"]


def test_same_article_said_twice_is_one() -> None:
    nodes = [
        {"@type": "NewsArticle", "headline": title, "articleBody": " ".join(SENTENCES)}
        for title in ("Bridge to close", "The bridge will close soon")
    ]

    assert len(extract_drafts(page(f"<h1>Bridge to close</h1>{ALL}", ld(nodes)))) == 1


def test_sibling_articles_are_one_draft_each() -> None:
    boxes = "".join(
        f"<article><h2>Heading number {n}</h2><time datetime='2025-01-2{n}'>then</time>"
        f"<p class='byline'>By Ann Lee</p>{prose(*range(n, n + 4))}</article>"
        for n in (0, 2, 4)
    )

    drafts = extract_drafts(page(f"<h1>News of the week</h1>{boxes}"))

    assert [d.title for d in drafts] == [f"Heading number {n}" for n in (0, 2, 4)]
    assert [d.published for d in drafts] == ["2025-01-20", "2025-01-22", "2025-01-24"]
    assert [d.text.count("\n\n") for d in drafts] == [3, 3, 3]
    assert {(d.kind, d.author) for d in drafts} == {("article", "Ann Lee")}


def test_cards_beside_an_article_are_no_articles() -> None:
    cards = "".join(
        f"<article><h3><a href='/{n}'>Another story number {n}</a></h3><p>{SENTENCES[n]}</p></article>"
        for n in range(3)
    )

    (draft,) = extract_drafts(
        page(f"<article><h1>Bridge to close</h1>{ALL}</article><section>{cards}</section>")
    )

    assert draft.title == "Bridge to close"
    assert "Another story" not in draft.text


def test_numbered_sections_are_one_article() -> None:
    boxes = "".join(f"<section><h2>{n}. A place to see</h2>{ALL}</section>" for n in range(1, 5))

    assert len(extract_drafts(page(f"<h1>Four places to see</h1>{boxes}"))) == 1


def test_comments_are_no_posts() -> None:
    comments = "".join(
        f"<li class='comment'><time>12:1{n}</time>{prose(n, n + 1)}</li>" for n in range(5)
    )

    (draft,) = extract_drafts(
        page(f"<article><h1>Bridge to close</h1>{ALL}</article><ul>{comments}</ul>")
    )

    assert draft.kind == "article"
    assert draft.text.count(SENTENCES[0]) == 1


def test_list_of_teasers_gives_its_items() -> None:
    cards = "".join(
        f"<li class='card'><h3><a href='/{n}'>Story number {n} of today</a></h3><p>{SENTENCES[n]}</p></li>"
        for n in range(5)
    )

    drafts = extract_drafts(page(f"<h1>Latest from the town</h1><ul>{cards}</ul>", title="Latest"))

    assert [(d.kind, d.title) for d in drafts] == [
        ("listing_item", f"Story number {n} of today") for n in range(5)
    ]
    assert [d.text for d in drafts] == list(SENTENCES[:5])


def test_page_can_be_taken_as_one_article_and_one_without_text_gives_none() -> None:
    boxes = "".join(f"<article><h2>Heading {n}</h2>{ALL}</article>" for n in range(3))

    assert extract_draft(page(boxes)) is not None
    assert extract_drafts("<html><body></body></html>") == []
    assert extract_draft("") is None


def test_language_that_a_page_declares() -> None:
    assert page_language("<html class='x' lang='pt-BR'>") == "pt"
    assert page_language("<html>") is None


@given(st.text(max_size=300))
def test_any_text_can_be_a_page(text: str) -> None:
    for draft in extract_drafts(page(text) + text):
        assert isinstance(draft, Draft)
