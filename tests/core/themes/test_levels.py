"""Themes are cut at one level of the tree, and stay where they were while a level has them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.levels import choose_level, cut_tree
from pipeline.records import Level, RememberedTheme, Snapshot, Status

COARSE = [0] * 12 + [1] * 6
MIDDLE = [0] * 6 + [1] * 6 + [2] * 6
FINE = [0] * 6 + [1] * 3 + [3] * 3 + [2] * 6
TREE = np.array([COARSE, MIDDLE, FINE], dtype=np.int32)
IDS = [f"c{row:02d}" for row in range(18)]


def remembered(
    name: str, rows: range, status: Status = "provisional", absent: int = 0
) -> RememberedTheme:
    return RememberedTheme(name, name, status, tuple(IDS[row] for row in rows), (), absent)


def cut(level: int, *themes: RememberedTheme) -> list[set[int]]:
    before = Snapshot("f", "m", themes, ()) if themes else None
    found = cut_tree(TREE, level, IDS, before)
    return [set(np.flatnonzero(found == c).tolist()) for c in np.unique(found[found >= 0])]


def test_the_level_is_counted_from_the_default_one_within_the_tree() -> None:
    levels = [Level(i, i + 2, 0.9, 0.0, is_default=i == 1) for i in range(3)]
    assert [choose_level(levels, step) for step in (-6, -1, 0, 1, 6)] == [0, 0, 1, 2, 2]
    assert choose_level([], 3) == 0


def test_without_a_past_the_tree_is_cut_at_the_level() -> None:
    assert cut(1) == [set(range(6)), set(range(6, 12)), set(range(12, 18))]


def test_a_theme_that_the_level_divides_stays_whole() -> None:
    parts = cut(1, remembered("grain", range(12)), remembered("rail", range(12, 18)))
    assert sorted(map(sorted, parts)) == [list(range(12)), list(range(12, 18))]


def test_a_theme_that_the_level_swallows_stays_apart_and_the_rest_stays_together() -> None:
    parts = cut(0, remembered("grain", range(6)), remembered("rye", range(8, 12)))
    assert sorted(map(sorted, parts)) == [list(range(6)), list(range(6, 12)), list(range(12, 18))]


def test_articles_that_are_new_do_not_part_a_theme_from_its_cluster() -> None:
    assert cut(0, remembered("grain", range(6))) == cut(0)


def test_a_theme_that_no_level_has_follows_the_level() -> None:
    assert cut(1, remembered("mixed", range(6, 15))) == cut(1)


def test_what_the_catalogue_found_or_was_absent_has_no_say() -> None:
    assert cut(1, remembered("grain", range(12), "catalogued")) == cut(1)
    assert cut(1, remembered("grain", range(12), absent=1)) == cut(1)


def test_a_rest_that_is_too_small_for_a_cluster_is_in_none() -> None:
    tree = np.array([[0] * 9, [0] * 6 + [1] * 3], dtype=np.int32)
    before = Snapshot("f", "m", (remembered("grain", range(6)), remembered("b", range(6, 9))), ())
    assert cut_tree(tree, 0, IDS[:9], before).tolist()[6:] == [-1, -1, -1]


@given(st.data())
def test_every_cut_is_made_of_whole_finest_clusters(data: st.DataObject) -> None:
    level = data.draw(st.integers(0, 2))
    bounds = data.draw(st.lists(st.tuples(st.integers(0, 17), st.integers(1, 18)), max_size=4))
    themes = [remembered(f"t{i}", range(a, max(a, b))) for i, (a, b) in enumerate(bounds)]
    found = cut_tree(TREE, level, IDS, Snapshot("f", "m", tuple(themes), ()))
    for finest in range(4):
        assert len(set(found[TREE[2] == finest].tolist())) == 1
