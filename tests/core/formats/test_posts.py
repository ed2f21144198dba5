"""Repeated boxes of a page."""

from __future__ import annotations

from pipeline.core.formats.posts import find_posts

WORDS = "the council met and talked of the bridge for so long that all the lamps went out at last"


def boxes(n: int, inner: str, tag: str = "div") -> str:
    return "".join(
        f"<{tag} class='post'>{inner.format(n=i)}<p>Part {i}: {WORDS}.</p></{tag}>"
        for i in range(n)
    )


def page(body: str, title: str = "Town") -> str:
    return f"<html><head><title>{title}</title></head><body><main>{body}</main></body></html>"


def test_boxes_with_a_time_of_day_are_posts_of_a_live_blog() -> None:
    found = find_posts(
        page("<h1>Talks</h1>" + boxes(4, "<time>12:1{n}</time><b>Point {n} now</b>"))
    )

    assert found is not None
    assert (found.shape, len(found.posts)) == ("live_blog", 4)
    assert [post.stamp and post.stamp.minutes for post in found.posts] == [730, 731, 732, 733]
    assert "Talks" in found.rest
    assert "Part 2" not in found.rest


def test_boxes_of_many_days_are_articles_unless_the_page_is_live() -> None:
    inner = "<h2>Heading number {n}</h2><time datetime='2025-01-1{n}'>1{n} January 2025</time>"
    inner += f"<p>{WORDS} {WORDS} {WORDS}.</p>"

    usual = find_posts(page(boxes(3, inner)))
    live = find_posts(page(boxes(3, inner), title="Bridge talks live"))

    assert usual is not None
    assert live is not None
    assert (usual.shape, live.shape) == ("articles", "live_blog")
    assert [post.title for post in usual.posts] == [f"Heading number {n}" for n in range(3)]
    assert [post.stamp and post.stamp.date for post in usual.posts] == [
        "2025-01-10",
        "2025-01-11",
        "2025-01-12",
    ]


def test_page_that_says_it_is_one_article_is_one() -> None:
    inner = f"<h2>Heading number {{n}}</h2><p>{WORDS} {WORDS} {WORDS}.</p>"

    assert find_posts(page(boxes(3, inner, "article"))) is not None
    assert find_posts(page(boxes(3, inner, "article")), is_article=True) is None


def test_boxes_that_hold_little_of_the_page_are_none_of_its_pieces() -> None:
    story = f"<div><p>{WORDS}.</p></div>" * 30

    assert find_posts(page(story + boxes(4, "<time>12:1{n}</time>"))) is None


def test_sections_inside_an_article_are_its_own() -> None:
    inner = f"<h2>Heading number {{n}}</h2><p>{WORDS} {WORDS} {WORDS}.</p>"

    assert find_posts(page(f"<article>{boxes(3, inner, 'section')}</article>")) is None
    assert find_posts("") is None
