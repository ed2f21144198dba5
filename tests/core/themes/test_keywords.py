"""Keywords: what sets a group apart, each thing once, and no word that all news uses."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.vocabulary import STOP_WORDS
from pipeline.core.themes.keywords import keywords_of
from pipeline.core.themes.token_table import read_tokens
from pipeline.core.themes.words import LINK_WORDS, NEWS_WORDS

VALLEY = [
    "Silicon Valley lends to start-ups. Depositors left Silicon Valley in a hurry.",
    "Regulators closed Silicon Valley and paid the depositors.",
    "Silicon Valley failed because of bonds; depositors queued.",
]
ORCHARD = [
    "Apple growers fear frost in the orchard.",
    "The orchard lost its apple blossom to frost.",
    "Frost spoils the orchard, and apple prices rise.",
]


def find(texts: Sequence[str], groups: Sequence[int], n: int) -> list[list[str]]:
    return keywords_of(read_tokens(texts), groups, n=n)


def test_a_pair_stands_for_its_words_where_they_hardly_occur_alone() -> None:
    keywords, _ = find(VALLEY + ORCHARD, [0] * 3 + [1] * 3, n=5)
    assert keywords[0] == "Silicon Valley"
    assert "Silicon" not in keywords
    assert "Valley" not in keywords
    assert "depositors" in keywords


def test_forms_of_one_word_are_listed_once() -> None:
    texts = [
        "Iran met Iranian envoys in Iran over tankers",
        "Iranian tankers left Iran for the gulf",
        "Iran sold Iranian oil to tankers",
    ]
    keywords, _ = find(texts + ORCHARD, [0] * 3 + [1] * 3, n=10)
    assert [word for word in keywords if word.startswith("Iran")] == ["Iran"]


def test_words_are_written_as_most_texts_write_them() -> None:
    texts = ["NATO fleet", "NATO ships", "Nato fleet"]
    (keywords,) = find(texts, [0, 0, 0], n=3)
    assert "NATO" in " ".join(keywords)
    assert "Nato" not in " ".join(keywords)


def test_a_possessive_is_the_word() -> None:
    (keywords,) = find(["Kenya's ports", "Kenya’s rails", "Kenya exports"], [0] * 3, n=1)
    assert keywords == ["Kenya"]


def test_what_one_talkative_text_repeats_names_nothing() -> None:
    texts = ["zebra zebra zebra zebra frost", "frost orchard", "frost orchard"]
    (keywords,) = find(texts, [0, 0, 0], n=10)
    assert "zebra" not in keywords


def test_background_texts_weaken_words_and_have_no_list() -> None:
    texts = ["orchard frost", "orchard rain", "orchard snow"] + ["orchard wind"] * 20
    alone = find(texts[:3] * 2, [0] * 6, n=1)
    found = find(texts[:3] * 2 + texts[3:], [0] * 6 + [-1] * 20, n=1)
    assert alone == [["orchard"]]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("texts", "groups", "expected"),
    [
        ([], [], []),
        ([""], [0], [[]]),
        (["", "the and of said"], [0, 1], [[], []]),
        (["words"], [-1], []),
        (["12 34 !!", "frost"], [0, 1], [[], ["frost"]]),
        (["frost"], [1], [[], ["frost"]]),
    ],
)
def test_groups_without_usable_words_have_an_empty_list(
    texts: list[str], groups: list[int], expected: list[list[str]]
) -> None:
    assert find(texts, groups, n=3) == expected


WORDS = st.sampled_from(
    "the said frost orchard Orchard orchards apple Apples silicon valley minister ferry "
    "ferries harbour 12 it's don't quay".split()
)


@given(
    st.lists(
        st.tuples(st.lists(WORDS, max_size=12).map(" ".join), st.integers(-1, 2)), max_size=12
    ),
    st.integers(1, 6),
)
def test_keywords_are_few_distinct_and_never_function_words(
    rows: list[tuple[str, int]], n: int
) -> None:
    texts, groups = [text for text, _ in rows], [group for _, group in rows]
    found = find(texts, groups, n=n)
    assert len(found) == max(groups, default=-1) + 1
    for group, keywords in enumerate(found):
        assert len(keywords) <= n
        words = [word.casefold() for term in keywords for word in term.split()]
        assert not set(words) & (NEWS_WORDS | STOP_WORDS | LINK_WORDS)
        own = " ".join(text for text, g in rows if g == group).casefold()
        assert all(word in own for word in words)
        parts = [set(term.casefold().split()) for term in keywords]
        assert not any(a & b for a, b in combinations(parts, 2))


@given(st.lists(st.lists(WORDS, max_size=8).map(" ".join), max_size=8), st.randoms())
def test_the_order_of_texts_changes_nothing(texts: list[str], random: object) -> None:
    rows = [(text, i % 2) for i, text in enumerate(texts)]
    rows += [("frost", 0), ("quay", 1)]
    shuffled = rows.copy()
    random.shuffle(shuffled)
    found = [find([t for t, _ in r], [g for _, g in r], n=5) for r in (rows, shuffled)]
    assert found[0] == found[1]


def test_countries_and_their_people_are_one_word() -> None:
    texts = ["French farmers in France", "France taxes French bread", "French roads, France"]
    (keywords,) = find(texts, [0] * 3, n=10)
    assert len({"France", "French"} & set(keywords)) == 1


def test_two_words_that_always_share_a_text_are_listed_once() -> None:
    texts = [f"quarrel over tariffs {i}" for i in range(10)] + ["quarrel ends"] * 30
    texts += [f"Brexit bill, says Farage {i}" for i in range(10)]
    listed = " ".join(find(texts, [0] * 50, n=10)[0])
    assert ("Brexit" in listed) != ("Farage" in listed)


def test_what_is_as_common_elsewhere_comes_last() -> None:
    texts = ["email: frost", "email orchard frost", "frost. email", "email quay", "email ferry"]
    first, _ = find(texts, [0, 0, 0, 1, 1], n=5)
    assert first == ["frost", "email"]


def test_words_of_unspaced_scripts_are_found() -> None:
    texts = ["北京发生地震", "北京地震死亡", "地震救援北京"]
    (keywords,) = find(texts, [0] * 3, n=3)
    assert "北京" in keywords
    assert "地震" in keywords


def test_phrases_of_unspaced_scripts_are_written_without_spaces() -> None:
    texts = ["北京大地震了", "北京大地震救援", "北京大地震死亡"]
    (keywords,) = find(texts, [0] * 3, n=3)
    assert keywords
    assert all(keyword in "".join(texts) for keyword in keywords)
