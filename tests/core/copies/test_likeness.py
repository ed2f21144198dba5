"""How much of one text stands in another."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.copies.likeness import compare_texts, overlap
from pipeline.core.copies.sketches import Words, hash_words

ENGLISH = (
    "the of and to in a is that for it was on are as with his they at be this from have or by one"
).split()


def passage(seed: int, n: int) -> list[str]:
    """Half common words, half from a large vocabulary: as news are."""
    rng = random.Random(seed)
    return [rng.choice((rng.choice(ENGLISH), f"w{rng.randrange(3000)}")) for _ in range(n)]


def hashed(words: list[str]) -> Words:
    return hash_words(" ".join(words))


def test_text_covers_itself() -> None:
    found = compare_texts(hashed(passage(1, 50)), hashed(passage(1, 50)))

    assert (found.left, found.right, found.equal) == (1, 1, 1)
    assert found.spans.tolist() == [[0, 50]]


def test_edited_words_are_covered_by_their_neighbours() -> None:
    words = passage(1, 200)
    edited = [word if i % 5 < 3 else f"x{i}" for i, word in enumerate(words)]

    found = compare_texts(hashed(edited), hashed(words))

    assert min(found.left, found.right) > 0.95
    assert found.equal == pytest.approx(0.6, abs=0.05)


def test_part_covers_its_place_in_the_whole() -> None:
    whole = passage(1, 300)

    found = compare_texts(hashed(whole[100:160]), hashed(whole))

    assert found.left == 1
    assert found.right == pytest.approx(0.2, abs=0.03)
    assert abs(found.spans - [[100, 160]]).max() <= 4


def test_moved_passages_are_covered() -> None:
    words = passage(1, 120)

    assert compare_texts(hashed(words[60:] + words[:60]), hashed(words)).left > 0.95


@pytest.mark.parametrize("n", [30, 300, 3000])
def test_unlike_texts_cover_next_to_nothing(n: int) -> None:
    found = compare_texts(hashed(passage(1, n)), hashed(passage(2, n)))

    assert max(found.left, found.right) < 0.1


def test_shared_side_bar_covers_only_itself() -> None:
    side_bar = passage(9, 100)

    found = compare_texts(hashed(passage(1, 200) + side_bar), hashed(passage(2, 250) + side_bar))

    assert found.left == pytest.approx(1 / 3, abs=0.05)


def test_empty_text_covers_nothing() -> None:
    nothing, some = hashed([]), hashed(["one"])

    for left, right in ((nothing, nothing), (nothing, some)):
        found = compare_texts(left, right)
        assert (found.left, found.right, len(found.spans)) == (0, 0, 0)


def test_very_long_copies_are_told_within_bounds() -> None:
    words = passage(1, 30_000)
    edited = [word if i % 10 else f"x{i}" for i, word in enumerate(words)]

    found = compare_texts(hashed(edited), hashed(words))

    assert min(found.left, found.right) > 0.9


@given(st.lists(st.sampled_from("abcde"), max_size=60), st.lists(st.sampled_from("abcdefgh")))
def test_shares_are_shares_and_spans_lie_in_the_text(left: list[str], right: list[str]) -> None:
    found = compare_texts(hashed(left), hashed(right))

    assert 0 <= found.left <= 1
    assert 0 <= found.right <= 1
    assert 0 <= found.equal <= 1
    flat = found.spans.ravel()
    assert np.all(np.diff(flat) > 0)
    assert np.all((flat >= 0) & (flat <= len(right)))


def test_overlap_counts_common_places() -> None:
    left, right = np.array([[0, 10], [20, 30]]), np.array([[5, 25]])

    assert overlap(left, right) == 10
    assert overlap(left, np.empty((0, 2), dtype=np.int64)) == 0
