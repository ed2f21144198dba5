"""What people read of themes: every article has one assignment, copies what their original has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.descriptions import (
    Members,
    adopt_labels,
    assign_articles,
    describe_themes,
    story_names,
)
from pipeline.core.themes.grouping import NO_GROUP, Grouping
from pipeline.core.themes.identity import Identity
from pipeline.core.themes.names import ThemeName
from pipeline.records import Article, Assignment, CatalogueTheme, Clusters, Theme
from tests.conftest import make_article

CATALOGUE = [
    CatalogueTheme("ferries", "Ferries", "Boats that cross.", ("a ferry sails",)),
    CatalogueTheme("violins", "Violins", "Strings.", ("a violin plays",)),
]


def canonical_articles(groups: list[int]) -> list[Article]:
    words = {-1: "nothing much", 0: "ferry harbour quay", 1: "violin bow", 2: "orchard frost"}
    return [
        make_article(
            article_id=f"a{i:03d}",
            content_id=f"{i * 7919 % 997:08x}00000000",
            duplicate_group=f"g{i:03d}",
            title=None,
            text=f"{words.get(g, 'glacier ice')} item{i}",
            published=f"2024-01-{i % 28 + 1:02d}" if i % 3 else None,
            source=("Harbour Dispatch", "Civic Courier", None)[i % 3],
        )
        for i, g in enumerate(groups)
    ]


def grouping_of(groups: list[int], n_groups: int) -> Grouping:
    fits = np.full((len(groups), n_groups), 0.2, np.float32)
    for row, group in enumerate(groups):
        if group != NO_GROUP:
            fits[row, group] = 0.9 - 0.01 * row
    how = tuple("none" if g == NO_GROUP else "core" for g in groups)
    return Grouping(np.array(groups, np.int32), fits, how)


def copies_of(article: Article, n: int) -> list[Article]:
    return [
        make_article(
            article_id=f"{article.article_id}-copy{i}",
            content_id=f"{article.content_id}{i}",
            duplicate_group=article.duplicate_group,
            duplicate_kind="near",
            is_canonical=False,
            title=None,
            text=article.text,
        )
        for i in range(n)
    ]


def describe(
    canonical: list[Article],
    groups: list[int],
    articles: list[Article] | None = None,
    *,
    coarse: list[int] | None = None,
    stories: list[int] | None = None,
) -> tuple[list[Theme], list[Assignment]]:
    n = len(groups)
    n_groups = max(len(CATALOGUE), max(groups, default=-1) + 1)
    grouping = grouping_of(groups, n_groups)
    own = [(g,) if g != NO_GROUP else () for g in groups]
    clusters = Clusters(
        tuple(a.article_id for a in canonical),
        tuple(zip(coarse, groups, strict=True)) if coarse else tuple(own),
        np.array(stories or range(n), np.int32),
        np.zeros(n, np.float32),
        np.zeros((n, 2), np.float32),
    )
    members = Members(articles or canonical, canonical, clusters)
    new = [Identity(f"t-{g}", None) for g in range(len(CATALOGUE), n_groups)]
    names = [t.name for t in CATALOGUE] + [f"New {g}" for g in range(len(CATALOGUE), n_groups)]
    themes = describe_themes(
        members,
        grouping,
        CATALOGUE,
        new,
        [ThemeName(name, 1.0, 0.0, tuple(range(g, g + 1)), "given") for g, name in enumerate(names)]
        if n >= n_groups
        else [ThemeName(name, 0.0, 0.0, (), "given") for name in names],
        [("one", "two")] * n_groups,
        level=1 if coarse else 0,
        n_evidence=2,
    )
    return themes, assign_articles(members, grouping, themes)


def test_catalogued_themes_come_first_even_empty_ones_and_new_themes_name_themselves() -> None:
    groups = [0, 0, 2, 2, 2, -1]
    themes, _ = describe(canonical_articles(groups), groups)
    ferries, violins, new = themes
    assert (ferries.theme_id, ferries.status, ferries.n_distinct) == ("ferries", "catalogued", 2)
    assert ferries.share == pytest.approx(0.3333)
    assert (violins.n_articles, violins.share, violins.representative) == (0, 0.0, ())
    assert (violins.first_seen, violins.last_seen, violins.top_source_share) == (None, None, None)
    assert new.status == "provisional"
    assert (new.theme_id, new.name, new.description) == ("t-2", "New 2", "")
    assert (new.keywords, new.name_evidence) == (("one", "two"), ("a002",))


def test_dates_sources_and_evidence_are_those_of_the_members() -> None:
    groups = [0, 0, 0, 0, 0]
    (ferries, _), _ = describe(canonical_articles(groups), groups)
    assert (ferries.first_seen, ferries.last_seen) == ("2024-01-02", "2024-01-05")
    assert (ferries.top_source, ferries.top_source_share) == ("Civic Courier", 0.5)
    assert ferries.one_source
    assert ferries.representative == ("a000", "a001")
    assert ferries.borderline == ("a004", "a003")


def test_a_copy_has_the_theme_of_its_original_and_counts_as_an_article() -> None:
    groups = [0, -1]
    canonical = canonical_articles(groups)
    articles = [*copies_of(canonical[0], 2), *copies_of(canonical[1], 1), *canonical]
    (ferries, _), assignments = describe(canonical, groups, articles)
    assert (ferries.n_articles, ferries.n_distinct) == (3, 1)
    by_id = {a.article_id: a for a in assignments}
    original, copy = by_id["a000"], by_id["a000-copy1"]
    assert (copy.theme, copy.theme_name, copy.path) == ("ferries", "Ferries", (0,))
    assert (copy.how, original.how) == ("copy", "core")
    assert copy.strength == original.strength
    assert (by_id["a001-copy0"].theme, by_id["a001-copy0"].how) == (None, "none")


@given(st.lists(st.tuples(st.integers(-1, 4), st.integers(0, 2)), max_size=14), st.randoms())
def test_every_article_has_exactly_one_assignment(
    drawn: list[tuple[int, int]], random: object
) -> None:
    # Groups after the catalogued ones are numbered without gaps.
    new = sorted({g for g, _ in drawn if g >= len(CATALOGUE)})
    groups = [len(CATALOGUE) + new.index(g) if g in new else g for g, _ in drawn]
    canonical = canonical_articles(groups)
    articles = canonical + [
        copy for a, (_, n) in zip(canonical, drawn, strict=True) for copy in copies_of(a, n)
    ]
    random.shuffle(articles)
    themes, assignments = describe(canonical, groups, articles)
    ids = [a.article_id for a in assignments]
    assert ids == sorted(article.article_id for article in articles)
    assert len(themes) == len(CATALOGUE) + len(new)
    assert len({theme.theme_id for theme in themes}) == len(themes)
    for theme in themes:
        assert theme.n_articles == sum(a.theme == theme.theme_id for a in assignments)
        assert theme.n_stories <= theme.n_distinct
        assert 0 <= theme.share <= 1
    for assignment in assignments:
        assert (assignment.theme is None) == (assignment.how == "none")
        assert (assignment.theme is None) == (assignment.theme_name is None)


def test_themes_in_one_coarse_group_share_a_parent_called_by_the_largest() -> None:
    groups = [0, 0, 1, 1, 1, 2, 2, -1]
    themes, _ = describe(canonical_articles(groups), groups, coarse=[5, 5, 5, 5, 6, 7, 7, 7])
    assert [theme.parent for theme in themes] == ["g-violins", "g-violins", None]


def test_articles_of_one_story_share_its_name_and_a_theme_counts_its_stories() -> None:
    groups = [0, 0, 0, 0]
    canonical = canonical_articles(groups)
    (ferries, _), assignments = describe(canonical, groups, stories=[0, 0, 1, 2])
    assert ferries.n_stories == 3
    stories = [a.story for a in assignments]
    assert stories[0] == stories[1] == f"s-{canonical[1].content_id[:12]}"  # 0 has no date
    assert len(set(stories)) == 3


def test_a_story_keeps_its_name_as_it_goes_on() -> None:
    canonical = [
        make_article(content_id="b" * 16, published="2024-01-01"),
        make_article(content_id="a" * 16, published="2024-01-02"),
        make_article(content_id="0" * 16, published=None),
    ]
    one = np.zeros(3, np.int32)
    assert story_names(canonical[:1], one[:1]) == story_names(canonical, one)


def test_labels_give_their_id_to_the_largest_theme_that_people_call_so() -> None:
    found = (Identity("t-1", "One"), Identity("t-2", "Two"), Identity("t-3", "Three"))
    called = {"t-1": "eu-energy", "t-2": "eu-energy", "t-3": "ferries"}
    assert adopt_labels(found, [5, 9, 4], called, {"ferries"}) == (
        Identity("t-1", "One"),
        Identity("eu-energy", "EU Energy"),
        Identity("t-3", "Three"),
    )


def test_a_theme_that_labels_named_before_keeps_their_name() -> None:
    found = (Identity("eu-energy", None),)
    assert adopt_labels(found, [3], {"eu-energy": "eu-energy"}, ()) == (
        Identity("eu-energy", "EU Energy"),
    )


def test_an_id_that_a_theme_gives_up_for_its_label_goes_to_the_theme_that_people_call_so() -> None:
    found = (Identity("harvest", "All"), Identity("t-9", None))
    called = {"harvest": "frost", "t-9": "harvest"}
    assert adopt_labels(found, [4, 9], called, ()) == (
        Identity("frost", "Frost"),
        Identity("harvest", "Harvest"),
    )


def test_a_theme_keeps_its_id_from_another_that_people_call_so() -> None:
    found = (Identity("harvest", "All"), Identity("t-9", None))
    assert adopt_labels(found, [4, 9], {"t-9": "harvest"}, ()) == found
