"""The body of one page of HTML."""

from __future__ import annotations

import pytest

from pipeline.core.formats.bodies import Body, find_body, flatten, prepare

WORDS = (
    "harbour council bridge ferry market school river engineer mayor trader vote repair fund pier"
).split()


def sentence(n: int) -> str:
    picked = [WORDS[(n * 5 + k) % len(WORDS)] for k in range(12)]
    return (
        f"Number {n} says that the {' and the '.join(picked[:6])} are near {' '.join(picked[6:])}."
    )


def paragraphs(*numbers: int) -> str:
    return "".join(f"<p>{sentence(n)}</p>" for n in numbers)


def body_of(
    inner: str, *, is_article: bool = True, stated_body: str = "", **kwargs: object
) -> Body:
    page = f"<html><head><title>T</title></head><body>{inner}</body></html>"
    return find_body(prepare(page), is_article=is_article, stated_body=stated_body, **kwargs)  # type: ignore[arg-type]


def test_text_of_a_page_laid_out_in_tables_is_found() -> None:
    rows = "".join(f"<tr><td>{sentence(n)}</td></tr>" for n in range(8))

    lines = body_of(
        f"<table><tr><td><table>{rows}</table></td></tr></table>", is_article=False
    ).lines

    assert [sentence(n) in " ".join(lines) for n in range(8)] == [True] * 8


def test_article_that_goes_on_in_the_next_box_is_whole_and_comments_stay_out() -> None:
    box = "<div class='box'><div class='grid'>{}</div></div>"
    comments = f"<div class='comments'>{box.format(paragraphs(20, 21, 22))}</div>"
    inner = (
        box.format(paragraphs(*range(5)))
        + "<div class='ad'></div>"
        + box.format(paragraphs(*range(5, 12)))
    )

    text = " ".join(body_of(f"<main><article>{inner}</article>{comments}</main>").lines)

    assert all(sentence(n) in text for n in range(12))
    assert sentence(21) not in text


@pytest.mark.parametrize("depth", [300, 20_000])
def test_page_that_nests_too_deep_for_parsers_is_read(depth: int) -> None:
    found = body_of("<div>" * depth + paragraphs(*range(6)) + "</div>" * depth)

    assert all(sentence(n) in " ".join(found.lines) for n in range(6))


def test_page_of_very_many_elements_is_read_in_another_way_and_that_is_noted() -> None:
    found = body_of("".join(f"<p>Line {n} of many in this page</p>" for n in range(21_000)))

    assert len(found.lines) >= 20_000
    assert found.notes == (
        "the page has too many elements for the usual extractor; its text may hold more",
    )


def test_stated_body_settles_what_belongs_to_it() -> None:
    extra = "<p>Tickets for the summer fair are on sale from today at all kiosks in town.</p>"
    inner = f"<article>{paragraphs(*range(10))}{extra}</article>"
    stated = " ".join(sentence(n) for n in range(10))

    lines = body_of(inner, stated_body=stated).lines

    assert not any("Tickets" in line for line in lines)
    assert any("Tickets" in line for line in body_of(inner).lines)
    assert any("Tickets" in line for line in body_of(inner, stated_body="Something else").lines)


def test_stated_body_is_taken_where_the_page_shows_only_its_beginning() -> None:
    stated = "\n\n".join(sentence(n) for n in range(10))

    assert body_of(f"<article>{paragraphs(0, 1)}</article>", stated_body=stated).lines == tuple(
        sentence(n) for n in range(10) for _ in [0]
    )


def test_stated_description_begins_the_body_only_if_the_page_shows_it() -> None:
    shown = "What the town should know of the bridge and of the ferry this week."
    hidden = "What the world should know of the town and of its ten old towers."
    inner = f"<header><h2 class='standfirst'>{shown}</h2></header><article>{paragraphs(*range(8))}</article>"

    lines = body_of(inner, standfirsts=[hidden, shown]).lines

    assert lines.count(shown) == 1
    assert lines[0] == shown
    assert hidden not in lines


def test_pointers_to_other_stories_go() -> None:
    inner = f"<article>{paragraphs(*range(4))}<p>Lea también: El puente reabre el lunes</p>{paragraphs(5)}</article>"

    assert not any("puente" in line for line in body_of(inner).lines)


def test_page_without_any_text_has_no_lines() -> None:
    assert body_of("<p></p>").lines == ()


def test_what_parsers_stumble_on_is_taken_out() -> None:
    page = '<?xml version="1.0" encoding="x"?><!DOCTYPE html [<!ENTITY a "b">]><p>x\ud800y\x00z</p>'

    assert prepare(page).strip() == "<p>x\ufffdy z</p>"
    assert flatten("<div><p>One</p></div>").split() == ["<p>One</p>"]
