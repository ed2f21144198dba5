"""The tree: groups hold themes, themes hold sub-themes, and the level that was cut is marked."""

from __future__ import annotations

import dataclasses

from pipeline.core.report.news_of_themes import MAX_EVENTS, list_events
from pipeline.core.report.theme_cards import make_cards
from pipeline.core.report.theme_tree import list_levels, make_tree
from pipeline.records import Assignment, Level, ThemeEvent
from tests.conftest import make_article
from tests.core.report.test_page import sample_theme

LEVELS = [Level(i, 2**i, 0.9, 0.1, is_default=i == 1) for i in range(3)]


def test_themes_lie_in_their_groups_and_sub_themes_in_their_themes() -> None:
    articles = [make_article(title=f"Headline {i}") for i in range(6)]
    paths = [(0, 0), (0, 0), (0, 1), (0, 1), (0, 2), (1, 3)]
    assignments = [
        Assignment(a.article_id, "one" if i < 5 else "two", None, path, f"s-{i}", i / 10, "core")
        for i, (a, path) in enumerate(zip(articles, paths, strict=True))
    ]
    themes = [
        sample_theme("one", parent="g", n_distinct=5, n_stories=4),
        sample_theme("two", parent="g", n_distinct=1, n_stories=1),
        sample_theme("alone", n_distinct=3),
    ]
    cards = make_cards(themes, articles, assignments, None)
    together, alone = make_tree(cards, articles, assignments, 0)
    assert together.name == "One · Two"
    assert (together.n_distinct, together.n_stories) == (6, 5)
    first, second = together.branches
    assert [(t.headline, t.n_distinct, t.n_stories) for t in first.twigs] in (
        [("Headline 1", 2, 2), ("Headline 3", 2, 2)],
        [("Headline 3", 2, 2), ("Headline 1", 2, 2)],
    )
    assert second.twigs == ()
    assert [branch.card.theme_id for branch in alone.branches] == ["alone"]


def test_the_level_that_was_cut_is_marked_and_the_default_where_it_is_unknown() -> None:
    rows = list_levels(LEVELS[::-1], 2)
    assert [(r.steps, r.is_chosen) for r in rows] == [(-1, False), (0, False), (1, True)]
    assert [r.is_chosen for r in list_levels(LEVELS, "word")] == [False, True, False]
    assert list_levels([], 0) == ()


def test_conflicts_are_told_first_and_long_lists_are_cut() -> None:
    born = ThemeEvent("born", "t", "T", (), 0, 3, 0, "appeared")
    many = [dataclasses.replace(born, theme_id=f"t{i}", n_after=i) for i in range(60)]
    conflict = dataclasses.replace(born, kind="conflict", message="pin and exclude")
    found = list_events([*many, conflict])
    assert [(group.kind, group.n) for group in found] == [("conflict", 1), ("born", 60)]
    assert len(found[1].shown) == MAX_EVENTS
    assert found[1].shown[0].n_after == 59
    assert list_events([]) == ()
