"""The generator keeps its word: gold is on the page, and a seed gives the same pages again."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import pytest

from benchmarks.page_generator import MAKERS, make_pages
from benchmarks.pages.copies import Desk, Story
from benchmarks.pages.gold import Page, read_gold, write_corpus
from benchmarks.pages.texts import Content, Texts
from benchmarks.pages.wordings import Voice

NOUNS = "harbour bridge tower mill canal ferry market orchard quarry signal".split()
VERBS = "opened closed moved burned leaned rose stalled grew failed turned".split()


def sentence(rng: Random) -> str:
    return (
        f"The {rng.choice(NOUNS)} near the {rng.choice(NOUNS)} {rng.choice(VERBS)} on its "
        f"{rng.randint(2, 999)}th day, and every {rng.choice(NOUNS)} {rng.choice(VERBS)} with it."
    )


def made_up_texts() -> Texts:
    rng = Random(1)

    def content(kind: str, i: int, n: int) -> Content:
        title = f"{rng.choice(NOUNS).title()} {rng.choice(VERBS)} after {i + 2} quiet winters"
        parts = tuple(f"{sentence(rng)} {sentence(rng)}" for _ in range(n))
        return Content(f"{kind}{i}", title, parts)

    return Texts(
        tuple(content("long", i, rng.randint(4, 14)) for i in range(600)),
        tuple(content("short", i, 1) for i in range(900)),
        tuple(content("note", i, 1) for i in range(2000)),
        tuple(f"{a.title()} {v} beside the {b}" for a in NOUNS for v in VERBS for b in NOUNS),
    )


TEXTS = made_up_texts()


def words(text: str) -> str:
    text = text.replace("\u200b", "")
    return " ".join(re.findall(r"\w+", text.casefold()))


def test_a_seed_gives_the_same_pages_again_and_another_seed_gives_others() -> None:
    first, again, other = (make_pages(TEXTS, seed, 25) for seed in (5, 5, 6))
    assert first == again
    assert not {text for text, _ in first.values()} & {text for text, _ in other.values()}


@pytest.mark.parametrize("layout", sorted(MAKERS))
def test_every_gold_word_and_every_boilerplate_line_is_on_its_page(layout: str) -> None:
    rng = Random(layout)
    desk = Desk(TEXTS, rng)
    for _ in range(12):
        page = MAKERS[layout](desk, Voice(rng, desk.headlines))
        shown = set(words(page.text).split())
        for article in page.articles:
            assert article.text.strip()
            assert set(words(f"{article.title or ''} {article.text}").split()) <= shown
        for line in [*page.boilerplate, *page.empty]:
            assert words(line) in words(page.text)


def test_a_single_page_holds_one_article_whatever_tempts_to_split_it() -> None:
    rng = Random(3)
    desk = Desk(TEXTS, rng)
    pages = [MAKERS["single"](desk, Voice(rng, desk.headlines)) for _ in range(40)]
    assert {len(page.articles) for page in pages} == {1}


def test_a_cut_off_copy_is_the_beginning_of_its_story() -> None:
    rng = Random(4)
    desk = Desk(TEXTS, rng)
    story = Story("near", "A headline of a few words", TEXTS.long[0].paragraphs)
    copies = [desk.copy(story) for _ in range(60)]
    assert {copy.near for copy in copies} == {"near"}
    assert any(copy.paragraphs == story.paragraphs for copy in copies)
    shorter = [c for c in copies if c.paragraphs == story.paragraphs[: len(c.paragraphs)]]
    assert any(len(copy.paragraphs) < len(story.paragraphs) for copy in shorter)


def test_phrases_fill_choices_from_the_innermost_outwards() -> None:
    voice = Voice(Random(0), ("Elsewhere",))
    said = {voice.say("[a|b [c|d]] <headline>") for _ in range(60)}
    assert said == {"a Elsewhere", "b c Elsewhere", "b d Elsewhere"}


def test_a_corpus_is_written_as_pages_and_gold_of_the_same_names(tmp_path: Path) -> None:
    page = Page("single")
    page.put("Text.")
    page.junk("Share", "")
    write_corpus({"one": (page.text, page.gold)}, tmp_path)
    assert (tmp_path / "pages/one.txt").read_bytes() == b"Text.\nShare\n"
    assert read_gold(tmp_path)["one"]["boilerplate"] == ["Share"]
