"""What pages state for machines."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.formats.structured import read_stated


def script(*nodes: object) -> str:
    return "".join(
        f'<script type="application/ld+json">{node if isinstance(node, str) else json.dumps(node)}'
        "</script>"
        for node in nodes
    )


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Bridge &amp; ferry",
    "datePublished": "2025-01-21T23:30:00-05:00",
    "author": [{"@type": "Person", "name": "Ann Lee"}, {"name": "Bo Wu"}],
    "publisher": {"@type": "Organization", "name": "The Wire"},
    "articleBody": "<p>It is closed.</p><p>It opens on Monday.</p>",
    "description": "What became of the bridge.",
}


def test_article_is_read_as_it_is_stated() -> None:
    stated = read_stated(script({"@graph": [{"@type": "WebPage"}, ARTICLE]}))

    (article,) = stated.articles
    assert (article.title, article.published) == ("Bridge & ferry", "2025-01-21")
    assert (article.author, article.source) == ("Ann Lee, Bo Wu", "The Wire")
    assert article.body == "It is closed.\n\nIt opens on Monday."
    assert stated.descriptions == ["What became of the bridge."]
    assert stated.is_article
    assert stated.is_one_article


@pytest.mark.parametrize(
    "broken",
    [
        '<!-- {"@type": "Article", "headline": "T"} -->',
        '{"@type": "Article", "headline": "T",}',
        "{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;T&quot;}",
        '//<![CDATA[\n{"@type": "Article", "headline": "T"}\n//]]>',
        '{"@type": ["Thing", "https://schema.org/Article"], "headline": ["T"]}',
        '{"@type": "Article", "headline": "T", "text": "a\nb"}',
    ],
)
def test_simple_faults_are_mended(broken: str) -> None:
    assert [article.title for article in read_stated(script(broken)).articles] == ["T"]


def test_what_is_no_json_is_left_out_and_spoils_no_other() -> None:
    assert len(read_stated(script("{", "[" * 5000, "7", ARTICLE)).articles) == 1


@pytest.mark.parametrize("author", ["https://example.org/ann", "admin", {"name": None}, 7, [], ""])
def test_what_is_no_name_is_no_author(author: object) -> None:
    (article,) = read_stated(script({"@type": "Article", "author": author})).articles

    assert article.author is None


@pytest.mark.parametrize(
    "wrap", [lambda p: p, lambda p: {"itemListElement": [{"item": x} for x in p]}]
)
def test_posts_of_a_live_blog_are_read_in_its_order(
    wrap: Callable[[list[dict[str, str]]], object],
) -> None:
    posts = [
        {"@type": "BlogPosting", "headline": "Second", "articleBody": "&lt;p&gt;So.&lt;/p&gt;"},
        {"@type": "BlogPosting", "headline": "First", "datePublished": "2025-01-21"},
    ]
    node = {"@type": "LiveBlogPosting", "headline": "As it happens", "liveBlogUpdate": wrap(posts)}

    (live,) = read_stated(script(node)).live_blogs

    assert live.whole.title == "As it happens"
    assert [(p.title, p.body, p.published) for p in live.posts] == [
        ("Second", "So.", None),
        ("First", "", "2025-01-21"),
    ]
    assert read_stated(script(node)).articles == ()


@pytest.mark.parametrize(
    ("updates", "n"), [({"headline": "One"}, 1), (None, 0), ("x", 0), ([7], 0)]
)
def test_live_blog_updates_may_be_anything(updates: object, n: int) -> None:
    node = {"@type": "LiveBlogPosting", "liveBlogUpdate": updates}

    assert len(read_stated(script(node)).live_blogs[0].posts) == n


def test_meta_elements_are_read_whatever_their_form() -> None:
    page = (
        '<meta property="og:title" content="A &quot;T&quot;"><META name=author content=Ann>'
        "<meta content='2025-01-21' name='Date'/><meta name='empty' content=''>"
        '<meta property="og:title" content="Later">'
    )

    stated = read_stated(page)

    assert stated.meta == {"og:title": 'A "T"', "author": "Ann", "date": "2025-01-21"}
    assert stated.date == ("2025-01-21", "2025-01-21")
    assert not stated.is_article


def test_impossible_date_is_told_apart_from_none() -> None:
    page = '<meta property="article:published_time" content="2025-02-31T10:00">'

    assert read_stated(page).date == (None, "2025-02-31T10:00")
    assert read_stated("<p>").date == (None, None)


@given(
    st.recursive(
        st.none() | st.text(max_size=9),
        lambda v: (
            st.lists(v, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@graph",
                        "headline",
                        "author",
                        "name",
                        "liveBlogUpdate",
                        "articleBody",
                    ]
                ),
                v,
                max_size=4,
            )
        ),
        max_leaves=8,
    )
)
def test_any_json_can_be_stated(value: object) -> None:
    read_stated(
        script(value, {"@type": "LiveBlogPosting", "liveBlogUpdate": value, "author": value})
    )
