"""Near copies among earlier articles: found by few hashes, told by the test of copies."""

from __future__ import annotations

import random

import pytest

from pipeline.core.copies.earlier import find_earlier, index_hashes
from pipeline.core.copies.sketches import Sketch, sketch_article
from pipeline.records import Article
from tests.conftest import make_article

NEAR, CONTAINED = 0.75, 0.85


def words(n: int, seed: int) -> list[str]:
    draw = random.Random(seed)
    return ["".join(draw.choices("abcdefghijklmnop", k=6)) for _ in range(n)]


def article(text: list[str], **fields: object) -> Article:
    return make_article(text=" ".join(text), **fields)


def edited(text: list[str], share: float, seed: int) -> list[str]:
    """The text with some of its words replaced."""
    draw = random.Random(seed)
    other = words(len(text), seed + 1000)
    return [new if draw.random() < share else old for old, new in zip(text, other, strict=True)]


def found(new: Article, *earlier: Article) -> list[str]:
    """Places of the earlier articles that `new` is a near copy of."""
    texts = {a.content_id: a.text for a in (new, *earlier)}
    copies = find_earlier(
        [sketch_article(new)],
        {new.content_id: [sketch_article(a) for a in earlier]},
        texts.__getitem__,
        near_duplicate=NEAR,
        contained_duplicate=CONTAINED,
    )
    return copies.get(new.content_id, [])


def test_an_edited_copy_is_found_and_another_article_is_not() -> None:
    text = words(200, 1)
    earlier = [article(text), article(words(200, 2))]

    assert found(article(edited(text, 0.1, 3)), *earlier) == [earlier[0].content_id]


def test_it_is_found_whichever_of_the_two_is_longer() -> None:
    text = words(200, 1)
    assert found(article(text[:180]), article(text))
    assert found(article(text), article(text[:180]))


def test_a_part_is_no_near_copy_of_the_whole() -> None:
    text = words(400, 1)
    assert not found(article(text[:100]), article(text))
    assert not found(article(text), article(text[:100]))


def test_the_same_text_below_another_headline_is_the_same() -> None:
    text = words(50, 1)
    assert found(article(text, title="One"), article(text, title="Other"))


def test_nothing_earlier_is_nothing_found() -> None:
    assert found(article(words(50, 1))) == []


def shared(one: Sketch, other: Sketch) -> int:
    return len(set(index_hashes(one)) & set(index_hashes(other)))


@pytest.mark.parametrize("n_words", [24, 58, 62, 118, 125, 250, 260, 800])
@pytest.mark.parametrize("share", [0.0, 0.05, 0.15])
def test_copies_share_a_hash_of_the_index(n_words: int, share: float) -> None:
    """Lengths lie beside those at which sketches become coarser; a copy may lie beyond."""
    missed = 0
    for seed in range(40):
        text = words(n_words, seed)
        copy = edited(text, share, seed)[: n_words - n_words // 20]
        missed += not shared(sketch_article(article(text)), sketch_article(article(copy)))
    assert missed <= 2


def test_the_index_is_small_sorted_and_distinct() -> None:
    for n_words in (0, 6, 30, 119, 120, 5000):
        hashes = index_hashes(sketch_article(article(words(n_words, 1))))
        assert hashes == sorted(set(hashes))
        assert len(hashes) <= 24
        assert n_words < 6 or hashes
