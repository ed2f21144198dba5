"""Copies and what only looks like them."""

from __future__ import annotations

from collections import Counter

from pipeline.core.copies.matching import Match, Matcher
from pipeline.core.copies.sketches import Postings, sketch_article
from pipeline.core.pages.articles import build_article
from pipeline.records import Draft

SENTENCE = (
    "A freight train left the rails near the border town of Kelmark early on Sunday, blocking the "
    "only line to the coast, and crews expect repairs to last until Thursday."
)


class Pair:
    """A longer text and a shorter one, with a count of how often each is read."""

    def __init__(self, longer: str, shorter: str, *, titles: tuple[str, str] = ("T", "T")) -> None:
        articles = [
            build_article(f"{i}.txt", 0, Draft("article", title, text))
            for i, (title, text) in enumerate(zip(titles, (longer, shorter), strict=True))
        ]
        texts = {article.content_id: article.text for article in articles}
        sketches = [sketch_article(article) for article in articles]
        self.read: Counter[str] = Counter()

        def text_of(content_id: str) -> str:
            self.read[texts[content_id]] += 1
            return texts[content_id]

        self._matcher = Matcher(
            sketches,
            text_of,
            Postings(sketches),
            near_duplicate=0.75,
            contained_duplicate=0.85,
        )

    def match(self, *, is_known: bool = False) -> Match | None:
        return self._matcher.match(1, 0, is_known=is_known)


def test_most_of_both_is_near_and_most_of_one_is_contained() -> None:
    longer = f"{SENTENCE} {' '.join(f'w{i}' for i in range(60))}"
    near = Pair(SENTENCE, SENTENCE.replace("early", "late")).match()
    contained = Pair(longer, SENTENCE).match()

    assert near is not None
    assert near.is_near
    assert contained is not None
    assert (contained.is_near, contained.share) == (False, 1.0)


def test_brief_with_other_figures_is_other_news() -> None:
    count = "Police counted {0} marchers at the noon rally in Kelmark and {1} at the one by the sea"

    assert Pair(count.format(400, 120), count.format(950, 75)).match() is None
    assert Pair(count.format(400, 120), count.format(400, "few")).match() is not None


def test_short_texts_need_the_same_title_and_nearly_all_words() -> None:
    text = "voters in the lake district chose a new mayor on Saturday night"

    assert Pair(text, text.replace("Saturday", "Sunday")).match() is not None
    assert Pair(text, text.replace("Saturday", "Sunday"), titles=("A", "B")).match() is None
    assert Pair(text, text.replace("chose a new mayor", "keep their old senator")).match() is None


def test_short_text_is_part_of_a_longer_one_only_if_nearly_all_of_it_stands_there() -> None:
    words = SENTENCE.split()

    assert Pair(SENTENCE, " ".join(words[:14])).match() is not None
    assert Pair(SENTENCE, " ".join(words[:7])).match() is None
    assert (
        Pair(SENTENCE, " ".join([*words[:8], *"but nobody was hurt at all".split()])).match()
        is None
    )


def test_part_of_a_copy_may_differ_more_from_the_longest_one() -> None:
    words = SENTENCE.split()
    edited = " ".join("x" if i % 3 == 1 else word for i, word in enumerate(words))
    pair = Pair(f"{edited} {' '.join(f'w{i}' for i in range(30))}", " ".join(words[:25]))

    assert pair.match() is None
    assert pair.match(is_known=True) is not None


def test_each_text_is_read_once() -> None:
    pair = Pair(SENTENCE, SENTENCE.replace("early", "late"))
    pair.match()
    pair.match()

    assert set(pair.read.values()) == {1}


def test_empty_text_is_a_copy_of_nothing() -> None:
    assert Pair(SENTENCE, "").match() is None
    assert Pair("", "").match() is None
