"""Groups of copies."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.pages.articles import build_article
from pipeline.core.pages.duplicates import group_duplicates
from pipeline.records import Article, Draft

WORDS = [f"word{i}" for i in range(400)]


def story(seed: int, n_words: int = 80) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=n_words))


def article(
    text: str, *, name: str = "a.txt", title: str = "T", date: str | None = None
) -> Article:
    return build_article(name, 0, Draft("article", title, text, published=date))


def grouped(*articles: Article) -> list[Article]:
    return group_duplicates(articles, near_duplicate=0.75, contained_duplicate=0.85)


def test_equal_contents_are_exact_copies_of_the_earliest() -> None:
    late = article(story(1), name="a.txt", date="2025-02-02")
    early = article(story(1), name="b.txt", date="2025-01-01")
    undated = article(story(1), name="c.txt")

    kinds = [(a.duplicate_kind, a.is_canonical) for a in grouped(late, early, undated)]

    assert kinds == [("exact", False), ("unique", True), ("exact", False)]


def test_lightly_edited_copy_is_near_its_original() -> None:
    words = story(1).split()
    edited = " ".join([*words[:40], "changed", *words[41:]])

    original, copy = grouped(article(story(1), date="2025-01-01"), article(edited, name="b.txt"))

    assert (copy.duplicate_kind, copy.duplicate_group) == ("near", original.content_id)
    assert original.duplicate_kind == "unique"


def test_article_that_was_cut_off_is_contained_in_the_full_one() -> None:
    full = article(story(1, 400))
    part = article(" ".join(story(1, 400).split()[:60]), name="b.txt")

    first, second = grouped(part, full)

    assert (first.duplicate_kind, first.duplicate_group) == ("contained", full.content_id)
    assert second.is_canonical


def test_different_stories_stay_apart() -> None:
    found = grouped(*(article(story(i), name=f"{i}.txt") for i in range(30)))

    assert all(a.is_canonical and a.duplicate_kind == "unique" for a in found)


def test_short_texts_are_copies_only_if_equal() -> None:
    stubs = [
        article("We will bring you more soon", name="a.txt"),
        article("We will bring you more", name="b.txt"),
    ]

    assert all(a.is_canonical for a in grouped(*stubs))
    one, two = grouped(stubs[0], article("we will bring you MORE soon!", name="c.txt"))
    assert {one.duplicate_kind, two.duplicate_kind} == {"unique", "exact"}


def test_ten_thousand_stubs_are_no_giant_group() -> None:
    stubs = [article(f"stub number {i} here", name=f"{i}.txt") for i in range(10_000)]

    assert len({a.duplicate_group for a in grouped(*stubs)}) == 10_000


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


def test_notice_shared_by_many_stories_does_not_join_them() -> None:
    notice = " ".join(f"notice{i}" for i in range(30))
    many = [article(f"{story(i, 60)} {notice}", name=f"{i}.txt") for i in range(80)]

    assert all(a.is_canonical for a in grouped(*many))


POOL = [
    article(text, name=f"{n}.txt", date=date)
    for n, (text, date) in enumerate(
        [
            (story(1), None),
            (story(1), "2025-01-01"),
            (story(1) + " more words", "2025-01-02"),
            (" ".join(story(1).split()[:40]), None),
            (story(2, 300), None),
            (" ".join(story(2, 300).split()[100:160]), "2024-01-01"),
            ("a stub", None),
            ("a stub", None),
            (story(3), "2025-03-03"),
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
def test_one_more_copy_leaves_all_other_groups(again: Article) -> None:
    before = {a.article_id: a.duplicate_group for a in grouped(*POOL)}
    copy = replace(again, article_id="zz", published=None)

    after = {a.article_id: a.duplicate_group for a in grouped(*POOL, copy)}

    assert after.pop("zz") == before[again.article_id]
    assert after == before
