"""Sketches of texts, and the pairs they propose."""

from __future__ import annotations

import pickle
import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.copies.sketches import Postings, Sketch, hash_words, sketch_article
from pipeline.core.pages.articles import build_article
from pipeline.records import Draft


def sketch(text: str, name: str = "a.txt", title: str | None = "T") -> Sketch:
    return sketch_article(build_article(name, 0, Draft("article", title, text)))


def words(seed: int, n: int) -> str:
    return " ".join(f"w{random.Random(f'{seed} {i}').randrange(5000)}" for i in range(n))


def proposed(*texts: str) -> list[list[int]]:
    """Candidates of each text; the longest comes first."""
    return [found.tolist() for found in Postings([sketch(t) for t in texts]).find_candidates()]


def test_sketch_is_the_same_in_every_process() -> None:
    found = sketch("Nine grey geese crossed the wide river before the first frost came down")

    assert (found.n_words, found.n_chars) == (13, 71)
    assert found.text_key == 12670280061076876853
    assert found.hashes[:3].tolist() == [113605647, 523600946, 628084840]


def test_sketch_travels_between_processes_and_is_small() -> None:
    long = sketch(words(1, 1000))

    assert pickle.loads(pickle.dumps(long)).hashes.tolist() == long.hashes.tolist()
    assert len(pickle.dumps(long)) < 2000


def test_text_key_ignores_case_and_punctuation_and_for_long_texts_the_title() -> None:
    long, short = words(1, 30), words(1, 10)

    assert sketch(long).text_key == sketch(f"{long.upper()}!").text_key
    assert sketch(long).text_key == sketch(long, title="Other").text_key
    assert sketch(short).text_key != sketch(short, title="Other").text_key


def test_edited_text_and_part_of_a_text_are_proposed() -> None:
    full = words(1, 400)
    edited = " ".join(f"x{i}" if i % 5 < 2 else w for i, w in enumerate(full.split()[:390]))
    part = " ".join(full.split()[50:150])

    assert proposed(full, edited, words(2, 300), part)[1:] == [[0], [], [0, 1]]


def test_boilerplate_weighs_less_than_what_few_texts_share() -> None:
    notice = words(9, 60)
    texts = [f"{words(i, 200)} {notice}" for i in range(50)]

    found = proposed(*texts, f"{words(7, 150)} {notice}")

    assert found[-1][0] == 7


def test_each_text_has_at_most_ten_candidates() -> None:
    texts = [f"{words(1, 100)} {words(i, 20)}" for i in range(40)]

    assert max(len(found) for found in proposed(*texts)) == 10


def test_rare_words_weigh_more() -> None:
    texts = [f"common {words(i, 10)}" for i in range(20)]
    postings = Postings([sketch(text, title=str(i)) for i, text in enumerate(texts)])

    common, rare = postings.weigh_words(hash_words("common unseen"))

    assert common < rare


@given(st.lists(st.text(max_size=200), max_size=12))
def test_no_text_breaks_the_search_and_earlier_ones_are_proposed(texts: list[str]) -> None:
    sketches = sorted((sketch(text) for text in texts), key=lambda s: -s.n_words)

    for number, found in enumerate(Postings(sketches).find_candidates()):
        assert np.all(found < number)


def test_words_with_digits_have_odd_hashes() -> None:
    assert (hash_words("plain 12 covid19 words") % 2).tolist() == [0, 1, 1, 0]
