"""What a retrain leaves to the next, and which of two retrains the next is compared with."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pipeline.core.themes.grouping import NO_GROUP, Grouping
from pipeline.core.themes.levels import choose_level
from pipeline.core.themes.memory import (
    MAX_ABSENT,
    Absorbed,
    at_present,
    last_snapshot,
    remember,
    share_kept,
    sizes_of,
)
from pipeline.records import Level, RememberedTheme, Snapshot, Theme, ThemeMemory
from tests.conftest import make_theme


def test_sizes_count_the_articles_of_themes_and_not_those_of_their_parts() -> None:
    part = RememberedTheme("wheat", "Wheat", "provisional", ("c0",), (), 0, "grain")
    grain = RememberedTheme("grain", "Grain", "catalogued", ("c0", "c1"), ())
    assert sizes_of(Snapshot("f", "m", (grain, part), ())) == {"grain": 2}
    assert sizes_of(None) == {}


def bare(theme_id: str, status: str = "provisional") -> Theme:
    return make_theme(theme_id, status=status)


def snapshot_of(
    groups: list[int],
    *themes: Theme,
    before: Snapshot | None = None,
    absorbed: tuple[Absorbed, ...] = (),
    **options: object,
) -> Snapshot:
    vectors = np.tile(np.array([[0.6, 0.8]], np.float32), (len(groups), 1))
    fits = np.zeros((len(groups), len(themes)), np.float32)
    how = tuple("none" if g == NO_GROUP else "core" for g in groups)
    grouping = Grouping(np.array(groups, np.int32), fits, how)
    ids = [f"c{row}" for row in range(len(groups))]
    return remember(
        ids, vectors, grouping, themes, absorbed, before, fingerprint="f", model="m", **options
    )  # type: ignore[arg-type]


def absences(snapshot: Snapshot) -> dict[str, int]:
    return {theme.theme_id: theme.absent for theme in snapshot.themes}


def test_members_and_centre_of_every_theme_are_remembered() -> None:
    found = snapshot_of([0, 0, NO_GROUP], bare("grain"))
    assert found.themes == (
        RememberedTheme("grain", "Grain", "provisional", ("c0", "c1"), (0.6, 0.8)),
    )
    assert found.unplaced == ("c2",)


def test_a_theme_that_is_not_found_is_remembered_for_a_while() -> None:
    first = snapshot_of([0, 0], bare("grain"))
    second = snapshot_of([NO_GROUP, NO_GROUP], before=first)
    assert absences(second) == {"grain": 1}
    assert second.themes[0].members == ("c0", "c1")
    old = replace(first, themes=(replace(first.themes[0], absent=MAX_ABSENT),))
    assert absences(snapshot_of([NO_GROUP], before=old)) == {}
    assert absences(snapshot_of([NO_GROUP], before=old, merged={"grain"})) == {"grain": 51}


def test_a_catalogued_theme_without_articles_keeps_what_it_last_had() -> None:
    ports = bare("ports", "catalogued")
    assert absences(snapshot_of([NO_GROUP], ports)) == {"ports": 1}
    full = snapshot_of([0, 0], ports)
    (empty,) = snapshot_of([NO_GROUP, NO_GROUP], ports, before=full).themes
    assert (empty.members, empty.absent) == (("c0", "c1"), 1)


def test_what_was_merged_is_remembered_beside_what_it_is_part_of() -> None:
    part = Absorbed("t-1", "T-1", "grain", (1,))
    found = snapshot_of([0, 0], bare("grain", "catalogued"), absorbed=(part,))
    assert [(t.theme_id, t.part_of, t.members) for t in found.themes] == [
        ("grain", None, ("c0", "c1")),
        ("t-1", "grain", ("c1",)),
    ]
    later = snapshot_of([0, 0], bare("grain", "catalogued"), before=found)
    assert [(t.theme_id, t.part_of, t.absent) for t in later.themes] == [
        ("grain", None, 0),
        ("t-1", "grain", 1),
    ]
    again = snapshot_of([0, 1], bare("grain", "catalogued"), bare("t-1"), before=later)
    assert [(t.theme_id, t.part_of) for t in again.themes] == [("grain", None), ("t-1", None)]


def test_an_id_that_labels_replaced_is_not_remembered() -> None:
    first = snapshot_of([0], bare("t-1"))
    found = snapshot_of([0], bare("grain"), before=first, formerly={"grain": "t-1"})
    assert absences(found) == {"grain": 0}


def test_the_same_inputs_are_compared_with_the_same_retrain() -> None:
    first, second = (Snapshot(name, "m", (), ()) for name in ("one", "two"))
    memory = ThemeMemory(second, first)
    assert last_snapshot(memory, "two") is first
    assert last_snapshot(memory, "three") is second
    assert last_snapshot(None, "one") is None


def test_members_are_told_by_the_canonical_contents_of_today() -> None:
    before = Snapshot(
        "f", "m", (RememberedTheme("grain", "Grain", "provisional", ("a", "b", "c"), ()),), ("d",)
    )
    now = at_present(before, {"a": "z", "b": "z", "d": "d"})
    assert (now.themes[0].members, now.unplaced) == (("z",), ("d",))


def test_the_share_that_keeps_its_theme_is_of_articles_that_had_one_and_are_here() -> None:
    before = snapshot_of([0, 0, 0, 1, NO_GROUP], bare("grain"), bare("ports"))
    after = snapshot_of([0, 0, NO_GROUP, 0], bare("grain"))
    assert share_kept(before, after, {}) == 0.5
    assert share_kept(None, after, {}) == 1.0
    renamed = snapshot_of([0, 0, 0, 1], bare("wheat"), bare("ports"))
    assert share_kept(before, renamed, {"grain": "wheat"}) == 1.0


def test_granularity_moves_the_level_and_stops_at_the_ends_of_the_tree() -> None:
    levels = [Level(i, 2**i, 1.0, 0.0, is_default=i == 1) for i in range(4)]
    assert [choose_level(levels, g) for g in (-3, -1, 0, 1, 2, 6)] == [0, 0, 1, 2, 3, 3]
    assert choose_level([], 2) == 0
