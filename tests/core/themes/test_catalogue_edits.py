"""Edits of the catalogue: what each does, and what makes no sense."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.core.themes import catalogue_edits as edits
from pipeline.core.themes.catalogue_edits import FoundTheme, theme_in
from pipeline.core.themes.overview import (
    collapse_chains,
    merged_in_parts,
    parts_of,
    tree_of,
)
from pipeline.core.themes.references import ArticleRef, ThemeRef, find_content, find_theme
from pipeline.errors import UsageError
from pipeline.records import Assignment, Catalogue, CatalogueTheme, RememberedTheme

SHIPS = CatalogueTheme("ships", "Ships", "They sail. They sink.", ("a ship",), pinned=("c1",))
BOATS = CatalogueTheme(
    "boats", "Boats", "Small ones.", ("a boat",), pinned=("c2",), excluded=("c3",), merged=("t-0",)
)
KEPT = Catalogue((BOATS, SHIPS), cannot_link=(("c1", "c4"),))
FOUND = FoundTheme("t-9", "Rafts", "", ("rafts wood", "A raft"), ("c4", "c5", "c1"))


def test_a_kept_theme_has_its_id_and_typical_articles() -> None:
    assert theme_in(edits.keep_theme(KEPT, FOUND), "t-9") == CatalogueTheme(
        "t-9", "Rafts", "", ("rafts wood", "A raft"), pinned=("c4", "c5")
    )
    renamed = theme_in(edits.keep_theme(KEPT, FOUND, theme_id="rafts", name="R"), "rafts")
    assert renamed is not None
    assert (renamed.name, renamed.merged) == ("R", ("t-9",))


def test_a_merge_brings_pins_phrases_and_earlier_merges_along() -> None:
    merged = edits.merge_themes(KEPT, "ships", FoundTheme("boats", "Boats"))
    assert merged.themes == (
        CatalogueTheme(
            "ships",
            "Ships",
            "They sail. They sink.",
            ("a ship", "a boat", "Small ones."),
            pinned=("c1", "c2"),
            excluded=("c3",),
            merged=("boats", "t-0"),
        ),
    )
    with_found = theme_in(edits.merge_themes(KEPT, "ships", FOUND), "ships")
    assert with_found is not None
    assert with_found.pinned == ("c1", "c5")  # c4 must not be beside c1


def test_a_split_moves_the_pins_of_the_parts_that_leave() -> None:
    parts = [FoundTheme("ships", "Ships", "", (), ("c7",)), FoundTheme("t-1", "S", "", (), ("c1",))]
    split = edits.split_theme(KEPT, "ships", parts)
    assert [t.pinned for t in split.themes] == [("c2",), ("c7",), ("c1",)]


def test_a_part_that_was_merged_once_takes_its_old_id_along() -> None:
    parts = [
        FoundTheme("boats", "Boats", "", (), ("c2",)),
        FoundTheme("t-1", "S", "", ("a",), ("c9",), merged=("t-0",)),
    ]
    split = edits.split_theme(KEPT, "boats", parts)
    merged = {theme.theme_id: theme.merged for theme in split.themes}
    assert merged == {"boats": (), "ships": (), "t-1": ("t-0",)}


def test_undoing_gives_what_was_before() -> None:
    assert edits.unpin_contents(edits.pin_contents(KEPT, "ships", ["x"]), "ships", ["x"]) == KEPT
    assert (
        edits.readmit_contents(edits.exclude_contents(KEPT, "ships", ["x"]), "ships", ["x"]) == KEPT
    )
    assert edits.rejoin_contents(edits.part_contents(KEPT, "y", "x"), "x", "y") == KEPT
    assert edits.retire_theme(edits.keep_theme(KEPT, FOUND), "t-9") == KEPT


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda: edits.keep_theme(KEPT, FoundTheme("ships", "S")), "is in the catalogue already"),
        (lambda: edits.keep_theme(KEPT, FOUND, theme_id="T 9"), "keep: not an id (got 'T 9')"),
        (lambda: edits.keep_theme(KEPT, FOUND, theme_id="boats"), "id 'boats' is taken"),
        (lambda: edits.keep_theme(KEPT, FOUND, theme_id="unknown"), "not 'unknown'"),
        (lambda: edits.keep_theme(KEPT, FoundTheme("t-0", "T")), "id 't-0' is taken or merged"),
        (lambda: edits.rename_theme(KEPT, "ships", "BOATS"), "'boats' is called 'Boats'"),
        (lambda: edits.rename_theme(KEPT, "ships", "  "), "the name is empty; write one"),
        (lambda: edits.rename_theme(KEPT, "ships", "a\x1bb"), "a name is one line of text"),
        (lambda: edits.merge_themes(KEPT, "ships", FoundTheme("ships", "")), "into itself"),
        (lambda: edits.merge_themes(KEPT, "boats", FoundTheme("t-0", "")), "part of 'boats' al"),
        (lambda: edits.split_theme(KEPT, "ships", [FOUND]), "one sub-cluster only"),
        (lambda: edits.pin_contents(KEPT, "boats", ["c3"]), "is excluded from 'boats'; first: "),
        (lambda: edits.pin_contents(KEPT, "boats", ["c1"]), "is pinned to 'ships'; first: "),
        (lambda: edits.pin_contents(KEPT, "ships", ["c4"]), "must not share a theme with 'c1'"),
        (lambda: edits.pin_contents(KEPT, "ferries", ["c4"]), "not in the catalogue; see: "),
        (lambda: edits.unpin_contents(KEPT, "ships", ["c2"]), "not pinned to 'ships'"),
        (lambda: edits.exclude_contents(KEPT, "ships", ["c1"]), "is pinned to 'ships'; first: "),
        (lambda: edits.readmit_contents(KEPT, "ships", ["c1"]), "is not excluded from 'ships'"),
        (lambda: edits.part_contents(KEPT, "c1", "c1"), "name two different articles"),
        (lambda: edits.rejoin_contents(KEPT, "c1", "c2"), "no pair of 'c1' and 'c2'"),
        (lambda: edits.retire_theme(KEPT, "t-0"), "'t-0' is not in the catalogue"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_remedy(
    edit: Callable[[], Catalogue], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        edit()
    assert message in str(caught.value)
    assert "; " in str(caught.value)


def test_a_theme_is_found_by_id_name_or_start() -> None:
    refs = [ThemeRef("ships", "Ships"), ThemeRef("t-12", "Ünrest"), ThemeRef("t-13", "X")]
    assert [find_theme(g, refs, KEPT) for g in ("ships", "ünrest", "t-12", "sh")] == [
        "ships", "t-12", "t-12", "ships",
    ]  # fmt: skip
    for given, message in [
        ("t-1", "may be 't-12', 't-13'; write the whole id"),
        ("shipps", "did you mean 'ships'?"),
        ("t-0", "was merged into 'boats'"),
        ("", "no theme ''"),
    ]:
        with pytest.raises(UsageError) as caught:
            find_theme(given, refs, KEPT)
        assert message in str(caught.value)


def test_an_article_is_found_by_either_id_as_its_original() -> None:
    refs = [ArticleRef("aaaaaa11", "cccccc11", "cccccc11"), ArticleRef("aaaaaa22", "cccccc22", "cccccc11"),
            ArticleRef("dddddd11", "eeeeee11", "eeeeee11")]  # fmt: skip
    for given in ("aaaaaa22", "cccccc22", "AAAAAA", "cccccc11"):
        assert find_content(given, refs) == "cccccc11"
    assert find_content("ffffff", refs, ["ffffff99"]) == "ffffff99"
    for given, message in [("aaa", "too short"), ("zzzzzz", "no article 'zzzzzz'")]:
        with pytest.raises(UsageError, match=message):
            find_content(given, refs)
    with pytest.raises(UsageError, match="may be 'ab000001', 'ab000002'; write more"):
        find_content("ab00000", [ArticleRef("x" * 8, c, c) for c in ("ab000001", "ab000002")])


def rows(*paths: tuple[int, ...], theme: str = "ships") -> list[Assignment]:
    return [
        Assignment(f"a{i}", theme, theme, path, "s", 1.0 - i / 100, "core")
        for i, path in enumerate(paths)
    ]


def test_sub_clusters_are_those_of_the_coarsest_level_that_has_two() -> None:
    found = parts_of(rows((0, 1), (0, 2), (0, 1), (0, 2), (0, 2), (0, 3)), "ships")
    assert [[row.article_id for row in part] for part in found] == [
        ["a1", "a3", "a4"],
        ["a0", "a2"],
    ]
    assert parts_of(rows((0, 1), (0, 1)), "ships") == []
    assert parts_of([], "ships", 7) == []


def test_the_tree_lists_clusters_before_those_inside_them_and_large_ones_first() -> None:
    nodes = tree_of(rows((0, 1), (5, 2), (5, 2), (5, 3)), 2)
    assert [(node.path, node.n_distinct) for node in nodes] == [
        ((5,), 3), ((5, 2), 2), ((5, 3), 1), ((0,), 1), ((0, 1), 1),
    ]  # fmt: skip


def test_a_cluster_that_levels_leave_whole_is_told_once() -> None:
    nodes = collapse_chains(tree_of(rows((0, 1, 4), (5, 2, 6), (5, 2, 7)), 3))
    assert [(node.path, node.n_levels) for node in nodes] == [
        ((5, 2), 2), ((5, 2, 6), 1), ((5, 2, 7), 1), ((0, 1, 4), 3),
    ]  # fmt: skip
    assert [nodes[0].is_at(level) for level in range(3)] == [True, True, False]


def test_a_merged_theme_goes_with_the_part_that_has_most_of_it() -> None:
    past = [
        RememberedTheme("boats", "Boats", "provisional", ("c1", "c2", "c3"), (), 0, "ships"),
        RememberedTheme("rafts", "Rafts", "provisional", ("c1", "c5"), (), 0, "ships"),
        RememberedTheme("ships", "Ships", "catalogued", ("c1", "c2", "c3", "c5", "c6"), ()),
    ]
    parts = [("c5", "c6", "c3"), ("c1", "c2")]
    assert merged_in_parts(parts, ["rafts", "boats", "t-0"], past) == [(), ("boats",)]
    assert merged_in_parts(parts, [], past) == [(), ()]


def test_an_id_that_no_retrain_has_seen_is_not_listed_as_merged() -> None:
    unseen = FoundTheme("boats", "Boats", is_known=False)
    ships = theme_in(edits.merge_themes(KEPT, "ships", unseen), "ships")
    assert ships is not None
    assert ships.merged == ("t-0",)
