"""Groups of copies."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.copies.duplicates import (
    find_copies,
    group_duplicates,
    mark_copy,
    sketch_article,
)
from pipeline.core.pages.articles import build_article
from pipeline.records import Article, Draft

WORDS = [f"{a}{b}" for a in "stone river cloud maple brick flint".split() for b in range(70)]


def story(seed: int, n_words: int = 80) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=n_words))


def edited(text: str, share: float, seed: int = 0) -> str:
    """`text` with this share of its words replaced, left out or doubled at random places."""
    rng = random.Random(seed)
    words = []
    for word in text.split():
        if rng.random() < share:
            words += rng.choice([[rng.choice(WORDS)], [], [word, rng.choice(WORDS)]])
        else:
            words.append(word)
    return " ".join(words)


def article(
    text: str,
    *,
    name: str = "a.txt",
    title: str = "T",
    date: str | None = None,
    source: str | None = None,
) -> Article:
    draft = Draft("article", title, text, published=date, source=source)
    return build_article(name, 0, draft)


def grouped(*articles: Article) -> list[Article]:
    return group_duplicates(articles, near_duplicate=0.75, contained_duplicate=0.85)


def kinds(*texts: str) -> list[str]:
    """What each text is among the others; the first is the earliest."""
    dated = [
        article(text, name=f"{i}.txt", date=f"2025-01-{i + 1:02}") for i, text in enumerate(texts)
    ]
    return [found.duplicate_kind for found in grouped(*dated)]


def test_equal_contents_are_exact_copies_of_the_earliest() -> None:
    late = article(story(1), name="a.txt", date="2025-02-02")
    early = article(story(1), name="b.txt", date="2025-01-01")
    undated = article(story(1), name="c.txt")

    found = [(a.duplicate_kind, a.is_canonical) for a in grouped(late, early, undated)]

    assert found == [("exact", False), ("unique", True), ("exact", False)]


def test_lightly_edited_copy_is_near_its_original() -> None:
    words = story(1).split()
    changed = " ".join([*words[:40], "changed", *words[41:]])

    original, copy = grouped(article(story(1), date="2025-01-01"), article(changed, name="b.txt"))

    assert (copy.duplicate_kind, copy.duplicate_group) == ("near", original.content_id)
    assert original.duplicate_kind == "unique"


@pytest.mark.parametrize("n_words", [90, 200, 600])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.4])
def test_copy_stays_near_when_up_to_forty_percent_of_its_words_change(
    share: float, n_words: int
) -> None:
    text = story(n_words, n_words)

    assert kinds(text, edited(text, share), story(9, n_words)) == ["unique", "near", "unique"]


def test_copy_below_another_headline_is_near() -> None:
    first, second = grouped(
        article(story(1), title="One", date="2025-01-01"),
        article(story(1), title="Other", name="b.txt"),
    )

    assert second.duplicate_group == first.content_id
    assert second.duplicate_kind == "near"


def test_moved_paragraphs_are_the_same_article() -> None:
    words = story(3, 160).split()

    assert kinds(" ".join(words), " ".join([*words[80:], *words[:80]])) == ["unique", "near"]


def test_article_that_was_cut_off_is_contained_in_the_full_one() -> None:
    full = article(story(1, 400))
    part = article(" ".join(story(1, 400).split()[:60]), name="b.txt")

    first, second = grouped(part, full)

    assert (first.duplicate_kind, first.duplicate_group) == ("contained", full.content_id)
    assert second.is_canonical


def test_different_stories_stay_apart() -> None:
    found = grouped(*(article(story(i), name=f"{i}.txt") for i in range(30)))

    assert all(a.is_canonical and a.duplicate_kind == "unique" for a in found)


ONE_OUTLET = """The harbour town of Veldmark opened its rebuilt lighthouse on Monday, eleven years
after a winter storm brought down the old tower. The mayor cut a blue ribbon at noon and thanked
the masons, who worked through two hard winters. "It will outlive all of us," she said. The lamp,
made in a workshop inland, can be seen from thirty kilometres away. Fishermen had asked for it
since the ferry route moved north, and the council paid for it out of the tourist tax."""
OTHER_OUTLET = """Crowds lined the quay at Veldmark for the first lighting of a new lighthouse that
replaces the one lost to a storm eleven years ago. Work took longer than planned because granite
had to be shipped from abroad, the head of the building company explained. "It will outlive all of
us," the mayor told visitors before schoolchildren sang. Guided tours begin next month; tickets go
on sale at the museum, and residents enter free on the first Sunday of each month."""


def test_two_reports_of_one_event_are_no_copies() -> None:
    assert kinds(ONE_OUTLET, OTHER_OUTLET) == ["unique", "unique"]


def test_side_bar_on_every_page_of_a_site_does_not_join_its_articles() -> None:
    side_bar = story(99, 200)
    pages = [article(f"{story(i, 220)} {side_bar}", name=f"{i}.txt") for i in range(60)]

    assert all(a.is_canonical for a in grouped(*pages))


def test_notice_shared_by_many_stories_does_not_join_them() -> None:
    notice = " ".join(f"notice{i}" for i in range(30))
    many = [article(f"{story(i, 60)} {notice}", name=f"{i}.txt") for i in range(80)]

    assert all(a.is_canonical for a in grouped(*many))


def test_articles_inside_one_that_runs_on_are_not_copies_of_each_other() -> None:
    first, second = story(1, 200), story(2, 100)

    whole, one, two = grouped(
        article(f"{first} {second}", name="w.txt"), article(first), article(second, name="b.txt")
    )

    assert one.duplicate_group == whole.duplicate_group
    assert two.duplicate_group != whole.duplicate_group


def test_short_texts_are_copies_only_if_nearly_equal() -> None:
    stubs = [
        article("We will bring you more soon", name="a.txt"),
        article("We will bring you more", name="b.txt"),
    ]

    assert all(a.is_canonical for a in grouped(*stubs))
    one, two = grouped(stubs[0], article("we will bring you MORE soon!", name="c.txt"))
    assert {one.duplicate_kind, two.duplicate_kind} == {"unique", "exact"}


def test_stub_repeated_below_other_headlines_stays_apart() -> None:
    stub = "This story is breaking and will be updated with all that we learn."
    found = grouped(article(stub, title="Flood"), article(stub, title="Fire", name="b.txt"))

    assert all(a.is_canonical for a in found)


def test_brief_with_one_word_mended_is_a_copy() -> None:
    brief = "Lawmakers in the upland region voted late on Tuesday to close the last open mine"

    assert kinds(brief, brief.replace("late", "early")) == ["unique", "near"]


def test_same_phrases_with_other_figures_are_other_news() -> None:
    phrases = (
        "The ministry of {0} reported {1} new cases of river fever on Friday and {2} recoveries, "
        "which brings the total of confirmed cases in the country to {3} since the spring."
    )

    found = kinds(
        phrases.format("Norland", 1204, 311, 88_100),
        phrases.format("Sudmark", 977, 290, 45_301),
        phrases.format("Ostland", 1530, 402, 91_772),
    )

    assert found == ["unique"] * 3


def test_phrase_that_stands_in_two_articles_belongs_to_neither() -> None:
    phrase = "the council will meet again next week to vote on the second reading"
    found = kinds(f"{story(1)} {phrase}", f"{story(2)} {phrase}", phrase)

    assert found == ["unique"] * 3


@pytest.mark.parametrize(
    "text_of_number",
    [
        lambda i: f"stub number {i} here",
        lambda _: "",
        lambda i: " ".join(random.Random(i).choices(WORDS[:200], k=5)),
    ],
    ids=["stubs", "empty", "five words"],
)
def test_ten_thousand_stubs_are_no_giant_group(text_of_number: Callable[[int], str]) -> None:
    stubs = [article(text_of_number(i), name=f"{i}.txt", title=f"Title {i}") for i in range(10_000)]

    assert len({a.duplicate_group for a in grouped(*stubs)}) == 10_000


def n_read(texts: list[str]) -> int:
    """How often a text is asked for while copies are sought."""
    articles = [article(text, name=f"{i}.txt", title=f"{i}") for i, text in enumerate(texts)]
    contents = {a.content_id: a.text for a in articles}
    asked: Counter[str] = Counter()

    def text_of(content_id: str) -> str:
        asked[content_id] += 1
        return contents[content_id]

    find_copies(
        [sketch_article(a) for a in articles],
        text_of,
        near_duplicate=0.75,
        contained_duplicate=0.85,
    )
    return asked.total()


def test_texts_are_read_only_where_copies_are_likely() -> None:
    different = [story(i) for i in range(100)]

    assert n_read(different) == 0
    assert n_read([*different, edited(different[0], 0.1)]) == 2
    assert n_read([story(1)] * 100) == 0


def test_reading_grows_with_the_number_of_texts_however_alike_they_are() -> None:
    many = {n: n_read([edited(story(1, 150), 0.2, seed) for seed in range(n)]) for n in (50, 400)}

    assert many[400] <= 10 * many[50]


def test_chain_of_likeness_does_not_merge_its_ends() -> None:
    words = [f"w{i}" for i in range(200)]
    chain = [
        article(
            " ".join(words[start : start + 100]), name=f"{start}.txt", date=f"2025-01-{i + 1:02}"
        )
        for i, start in enumerate((0, 20, 40, 60, 80))
    ]

    found = grouped(*chain)

    assert found[0].duplicate_group != found[-1].duplicate_group
    assert all(a.is_canonical == (a.content_id == a.duplicate_group) for a in found)


def test_group_says_who_carried_it() -> None:
    found = grouped(
        article(story(1), name="a.txt", source="Wire"),
        article(edited(story(1), 0.1), name="b.txt", source="Gazette"),
        article(story(1), name="c.txt"),
        article(story(2), name="d.txt"),
    )

    assert [a.carried_by for a in found] == [("Gazette", "Wire")] * 3 + [()]


def test_repost_on_the_same_page_is_a_copy() -> None:
    draft = Draft("liveblog_entry", None, story(1))
    first, second = (build_article("live.txt", position, draft) for position in (3, 40))

    found = grouped(first, second)

    assert {a.duplicate_kind for a in found} == {"unique", "exact"}


def test_marks_say_what_marked_articles_say() -> None:
    articles = [article(story(1)), article(edited(story(1), 0.1), name="b.txt")]
    texts = {a.content_id: a.text for a in articles}
    marks = find_copies(
        [sketch_article(a) for a in articles],
        texts.__getitem__,
        near_duplicate=0.75,
        contained_duplicate=0.85,
    )

    assert [mark_copy(a, marks[a.article_id]) for a in articles] == grouped(*articles)


def test_nothing_gives_nothing() -> None:
    assert grouped() == []


POOL = [
    article(text, name=f"{n}.txt", date=date, title=title)
    for n, (text, date, title) in enumerate(
        [
            (story(1), None, "T"),
            (story(1), "2025-01-01", "T"),
            (story(1), "2025-01-05", "Other"),
            (story(1) + " more words", "2025-01-02", "T"),
            (edited(story(1), 0.3), "2025-01-02", "T"),
            (edited(story(1), 0.4, seed=5), "2025-01-03", "T"),
            (" ".join(story(1).split()[:40]), None, "T"),
            (story(2, 300), None, "T"),
            (" ".join(story(2, 300).split()[100:160]), "2024-01-01", "T"),
            (f"{story(2, 300)} {story(3)}", None, "T"),
            ("a stub", None, "T"),
            ("a stub", None, "T"),
            (story(3), "2025-03-03", "T"),
            ("", None, "T"),
        ]
    )
]


@given(st.permutations(POOL))
def test_order_of_articles_changes_nothing(articles: list[Article]) -> None:
    expected = {a.article_id: a for a in grouped(*POOL)}

    assert {a.article_id: a for a in grouped(*articles)} == expected


@given(st.lists(st.sampled_from(POOL), unique_by=lambda a: a.article_id))
def test_every_group_has_one_canonical_and_carries_its_id(articles: list[Article]) -> None:
    found = grouped(*articles)
    canonical = {a.duplicate_group: a for a in found if a.is_canonical}

    assert [a.article_id for a in found] == [a.article_id for a in articles]
    assert len(canonical) == sum(a.is_canonical for a in found)
    for a in found:
        assert canonical[a.duplicate_group].content_id == a.duplicate_group
        assert (a.duplicate_kind == "unique") == a.is_canonical


@given(st.sampled_from(POOL))
def test_one_more_exact_copy_leaves_all_groups(again: Article) -> None:
    # Of edited copies this cannot be promised: a longer one becomes what the others are held to.
    before = {a.article_id: a.duplicate_group for a in grouped(*POOL)}
    copy = replace(again, article_id="zz", published=None)

    after = {a.article_id: a.duplicate_group for a in grouped(*POOL, copy)}

    assert after.pop("zz") == before[again.article_id]
    assert after == before


@given(st.integers(1000, 10_000), st.floats(0, 0.35))
@settings(max_examples=25)
def test_edited_copy_leaves_all_unlike_articles(seed: int, share: float) -> None:
    others = [article(story(i), name=f"{i}.txt") for i in range(100, 110)]
    text = story(seed, 120)

    found = grouped(*others, article(text), article(edited(text, share, seed), name="b.txt"))

    assert all(a.duplicate_group == a.content_id for a in found[:10])
    assert found[10].duplicate_group == found[11].duplicate_group
