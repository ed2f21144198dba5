"""Names: from the members' own words, unique, faithful, and with the articles that bear them."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.keywords import keywords_of
from pipeline.core.themes.name_candidates import MIN_LIFT, MIN_SHARE
from pipeline.core.themes.names import ThemeName, name_from_keywords, name_themes
from pipeline.core.themes.token_table import read_tokens
from tests.conftest import FakeEncoder

IRAN = [
    "Iran Nuclear Talks Stall\nEnvoys left Vienna as the Iran nuclear talks stalled over uranium.",
    "Envoys Return to Vienna\nThe Iran nuclear talks go on, and uranium is counted.",
    "IRAN NUCLEAR TALKS RESUME\nUranium inspectors wait for the Iran nuclear talks in Vienna.",
    "Hopes for Iran nuclear talks\nA pause in enrichment would help.",
]
FROST = [
    "Ground frost in the orchard\nGrowers lit fires against ground frost among the apple trees.",
    "Apple growers count losses\nGround frost took the blossom.",
    "After the ground frost\nThe orchard lost its apple blossom.",
]
FERRY = ["Ferry strike ends\nThe ferry strike is over.", "Quay repairs\nA ferry strike cost days."]


def name(
    texts: Sequence[str], groups: Sequence[int], n_groups: int | None = None, **options: object
) -> list[ThemeName]:
    table = read_tokens(texts)
    keywords = keywords_of(table, groups, n=8)
    keywords += [[] for _ in range((n_groups or 0) - len(keywords))]
    return name_themes(table, groups, [0.5] * len(texts), keywords, **options)  # type: ignore[arg-type]


def test_a_theme_is_called_what_its_articles_call_it() -> None:
    first, second, third = name(IRAN + FROST + FERRY, [0] * 4 + [1] * 3 + [2] * 2)
    assert first == ThemeName("Iran nuclear talks", 1.0, 0.0, (0, 1, 2, 3), "phrase")
    assert second.name == "Ground frost"
    assert third.name == "Ferry strike"


def test_evidence_lists_the_members_that_bear_the_name_most_typical_first() -> None:
    texts = [*IRAN, "Centrifuges spin\nUranium again."]
    fits = [0.1, 0.9, 0.3, 0.2, 1.0]
    table = read_tokens(texts)
    keywords = keywords_of(table, [0] * 5, n=5)
    (found,) = name_themes(table, [0] * 5, fits, keywords, n_evidence=2)
    assert found.share_of_members == 0.8
    assert found.evidence == (1, 2)


def test_no_name_is_given_twice_nor_one_that_is_taken() -> None:
    texts, groups = IRAN[:2] * 3, [0, 0, 1, 1, 2, 2]
    names = [n.name for n in name(texts, groups, taken={"Iran Nuclear Talks"})]
    assert len({n.casefold() for n in names} | {"iran nuclear talks"}) == 4


def test_names_that_are_given_are_kept_and_get_their_evidence() -> None:
    found = name(IRAN + FROST, [0] * 4 + [1] * 3, given={0: "Vienna uranium"}, n_groups=3)
    assert found[0].name == "Vienna uranium"
    assert found[0].origin == "given"
    assert found[0].evidence == (0, 1, 2)
    assert found[1].name == "Ground frost"


def test_keywords_name_a_theme_that_has_no_phrase() -> None:
    texts = ["Orchard.", "Blossom.", "Orchard; blossom.", "Ferry.", "Quay."]
    found = name(texts, [0, 0, 0, 1, 1])
    assert found[0].name.casefold() in {"blossom and orchard", "orchard and blossom"}
    assert found[0].origin == "keywords"
    assert found[0].share_of_members == 1.0


def test_the_encoder_decides_between_phrases() -> None:
    texts = [*IRAN, "Iran nuclear talks\nVienna envoys", *FROST]
    found = name(
        texts, [0] * 5 + [1] * 3, vectors=FakeEncoder().encode(texts), encoder=FakeEncoder()
    )
    assert found[0].share_of_members > found[0].share_elsewhere
    assert found == name(
        texts, [0] * 5 + [1] * 3, vectors=FakeEncoder().encode(texts), encoder=FakeEncoder()
    )


@pytest.mark.parametrize(
    ("texts", "groups", "n_groups", "expected"),
    [
        ([], [], 0, []),
        ([], [], 2, ["Unnamed theme", "Unnamed theme 2"]),
        (["", "the of"], [0, 1], 2, ["Unnamed theme", "Unnamed theme 2"]),
        (["frost", "frost"], [0, 0], 1, ["Frost"]),
        (["words"], [-1], 0, []),
    ],
)
def test_little_text_still_gives_names(
    texts: list[str], groups: list[int], n_groups: int, expected: list[str]
) -> None:
    assert [n.name for n in name(texts, groups, n_groups)] == expected


def test_other_scripts_are_named_too() -> None:
    texts = [
        "Мирные переговоры в Женеве",
        "Мирные переговоры отложены",
        "北京地震",
        "北京地震救援",
    ]
    russian, chinese = name(texts, [0, 0, 1, 1])
    assert russian.name == "Мирные переговоры"
    assert "北京" in chinese.name


# A writer


class Fake:
    """Writes one answer whatever it is asked."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.asked: list[tuple[list[str], list[str]]] = []

    def write_name(self, titles: Sequence[str], keywords: Sequence[str]) -> str:
        self.asked.append((list(titles), list(keywords)))
        return self.answer


def test_a_writer_names_a_theme_in_the_words_of_its_articles() -> None:
    found = name(IRAN + FROST, [0] * 4 + [1] * 3, writer=Fake(' "Iran talks in Vienna."\n'))
    assert (found[0].name, found[0].origin) == ("Iran talks in Vienna", "writer")
    assert found[1].name == "Ground frost"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "  ",
        "Peace in our time",
        "Ground frost and Iran",
        "Iran " * 9,
        "Iran\x00talks",
        "word" * 30,
    ],
)
def test_a_written_name_that_is_not_faithful_or_short_is_refused(answer: str) -> None:
    found = name(IRAN + FROST, [0] * 4 + [1] * 3, writer=Fake(answer))
    assert [n.name for n in found] == ["Iran nuclear talks", "Ground frost"]


def test_two_themes_never_get_one_written_name() -> None:
    found = name(IRAN[:2] * 2, [0, 0, 1, 1], writer=Fake("Iran talks"))
    assert len({n.name for n in found}) == 2


def test_a_writer_is_not_asked_about_empty_themes_or_given_names() -> None:
    writer = Fake("Iran talks")
    name(IRAN, [0] * 4, 2, given={0: "Mine"}, writer=writer)
    assert writer.asked == []


# For all texts

WORDS = st.sampled_from(
    "the said Frost frost orchard orchards apple silicon Valley minister ferry of in Iran's "
    "Iranian talks, talk. 12 it's 北京 Женеве US".split()
)
ROWS = st.lists(
    st.tuples(st.lists(WORDS, max_size=12).map(" ".join), st.integers(-1, 3)), max_size=14
)


@given(ROWS, st.sets(st.sampled_from(["Frost", "Orchard", "Unnamed theme"])))
def test_names_are_unique_and_their_shares_are_true(
    rows: list[tuple[str, int]], taken: set[str]
) -> None:
    texts, groups = [t for t, _ in rows], [g for _, g in rows]
    found = name(texts, groups, 5, taken=taken)
    names = [n.name.casefold() for n in found]
    assert len(set(names)) == len(names) == 5
    assert not set(names) & {n.casefold() for n in taken}
    for group, one in enumerate(found):
        assert all(groups[row] == group for row in one.evidence)
        assert bool(one.evidence) == (one.share_of_members > 0)
        if one.origin == "phrase":
            assert 2 <= len(one.name.split()) <= 6
            assert one.share_of_members >= max(MIN_SHARE, MIN_LIFT * one.share_elsewhere - 0.001)


@given(ROWS, st.integers(0, 99))
def test_the_order_of_texts_changes_no_name(rows: list[tuple[str, int]], seed: int) -> None:
    shuffled = rows.copy()
    random.Random(seed).shuffle(shuffled)
    first, second = (
        [(n.name, n.share_of_members) for n in name([t for t, _ in r], [g for _, g in r], 4)]
        for r in (rows, shuffled)
    )
    assert first == second


@pytest.mark.parametrize(
    ("keywords", "taken", "expected"),
    [
        (["frost", "orchard", "apple", "rain"], set(), "Frost, orchard and apple"),
        (["frost", "orchard"], set(), "Frost and orchard"),
        (["frost"], {"frost"}, "Frost 2"),
        (["a", "b", "c", "d"], {"a, b and c"}, "A, b, c and d"),
        (["iPhone"], set(), "iPhone"),
        ([], {"unnamed theme"}, "Unnamed theme 2"),
    ],
)
def test_a_list_is_the_best_keywords_and_more_where_it_is_taken(
    keywords: list[str], taken: set[str], expected: str
) -> None:
    assert name_from_keywords(keywords, taken) == expected


def test_a_list_of_keywords_has_no_evidence_in_texts_that_hold_other_keywords() -> None:
    # All of it is as common elsewhere, so no name is faithful; "art" is a part of "party".
    texts = ["party", "vote", "poll", "art"] * 2
    keywords = [["party", "vote", "poll", "art"]]
    (found,) = name_themes(read_tokens(texts), [0] * 4 + [-1] * 4, [0.5] * 8, keywords)
    assert found.name == "Party, vote and poll"
    assert found.evidence == (0, 1, 2)


def test_the_name_of_a_theme_in_an_unspaced_script_stands_in_its_texts() -> None:
    texts = ["北京大地震\n救援来了", "北京大地震\n死亡", "北京大地震\n天气"]
    (found,) = name(texts, [0] * 3)
    assert all(found.name in text for text in texts)
