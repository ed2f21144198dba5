"""A theme that goes on keeps its id and name; the rule of continuation, one to one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.grouping import NO_GROUP, Grouping
from pipeline.core.themes.identity import Identity, identify
from pipeline.records import RememberedTheme, Snapshot

#: Three directions that have nothing in common.
CENTRES = np.eye(3, dtype=np.float32)


def content(number: int) -> str:
    return f"{number * 7919 % 9973:08x}{number:08x}"


def grouping_of(groups: list[int]) -> Grouping:
    labels = np.array(groups, np.int32)
    fits = np.zeros((len(groups), max(groups, default=-1) + 1), np.float32)
    for row, group in enumerate(groups):
        if group != NO_GROUP:
            fits[row, group] = 1 - row / 1000
    how = tuple("none" if g == NO_GROUP else "core" for g in groups)
    return Grouping(labels, fits, how)


def remembered(theme_id: str, rows: range, centre: int = 0, **fields: object) -> RememberedTheme:
    values = {
        "theme_id": theme_id,
        "name": theme_id.title(),
        "status": "provisional",
        "members": tuple(sorted(content(row) for row in rows)),
        "centre": tuple(CENTRES[centre].tolist()),
    }
    return RememberedTheme(**(values | fields))  # type: ignore[arg-type]


def past(*themes: RememberedTheme, unplaced: range = range(0)) -> Snapshot:
    return Snapshot("f", "m", themes, tuple(sorted(content(row) for row in unplaced)))


def identities(
    groups: list[int], before: Snapshot | None, centres: list[int] | None = None, **options: object
) -> tuple[Identity, ...]:
    """Identities of groups of articles 0, 1, …; `centres` says which direction each group has."""
    grouping = grouping_of(groups)
    directions = centres or [0] * (max(groups, default=-1) + 1)
    vectors = np.stack([CENTRES[directions[g] if g >= 0 else 2] for g in groups])
    ids = [content(row) for row in range(len(groups))]
    settings = {"n_catalogued": 0, "model": "m"} | options
    return identify(ids, vectors, grouping, before, **settings)  # type: ignore[arg-type]


def ids(groups: list[int], before: Snapshot | None, **options: object) -> list[str]:
    return [identity.theme_id for identity in identities(groups, before, **options)]  # type: ignore[arg-type]


def test_a_group_with_the_members_of_a_theme_keeps_its_id_and_name() -> None:
    before = past(remembered("grain", range(5)), remembered("ports", range(5, 9), 1))
    found = identities([1] * 5 + [0] * 4, before, centres=[1, 0])
    assert found == (Identity("ports", "Ports"), Identity("grain", "Grain"))


def test_without_a_past_ids_come_from_content_alone() -> None:
    first, second = identities([0, 0, 0, 1, 1, 1], None)
    assert (first.theme_id, second.theme_id) == (f"t-{content(0)[:8]}", f"t-{content(3)[:8]}")
    assert first.name is None


def test_a_theme_that_grew_keeps_its_id() -> None:
    assert ids([0] * 20, past(remembered("grain", range(5)))) == ["grain"]


def test_of_a_theme_that_split_the_largest_part_keeps_the_id() -> None:
    found = ids([1, 1, 1, 0, 0, 0, 0], past(remembered("grain", range(7))))
    assert found[0] == "grain"
    assert found[1].startswith("t-")


def test_themes_that_merged_go_on_as_the_one_that_brings_most() -> None:
    before = past(remembered("grain", range(5)), remembered("ports", range(5, 12)))
    assert ids([0] * 12, before) == ["ports"]


def test_of_equal_parts_that_with_the_smallest_content_keeps_the_id() -> None:
    before = past(remembered("grain", range(8)))
    assert ids([0] * 4 + [1] * 4, before).index("grain") == (
        0 if min(map(content, range(4))) < min(map(content, range(4, 8))) else 1
    )


def test_a_few_articles_in_common_make_no_continuation() -> None:
    before = past(remembered("grain", range(12)), remembered("ports", range(12, 24)))
    groups = [0, 0, *[NO_GROUP] * 10, 0, 0, *[NO_GROUP] * 10]
    assert "grain" not in ids(groups, before)


def test_articles_that_were_in_no_theme_count_against_a_continuation() -> None:
    grain = remembered("grain", range(4))
    groups = [0] * 30
    assert ids(groups, past(grain)) == ["grain"]
    assert ids(groups, past(grain, unplaced=range(4, 30))) != ["grain"]


def test_a_group_whose_centre_points_elsewhere_is_another_theme() -> None:
    before = past(remembered("grain", range(5), 0))
    assert ids([0] * 5, before, centres=[1]) != ["grain"]
    assert ids([0] * 5, before, centres=[1], model="other") == ["grain"]


def test_without_common_articles_only_the_same_direction_makes_a_continuation() -> None:
    before = past(remembered("grain", range(0), 0))
    assert ids([0] * 4, before, centres=[0]) == ["grain"]
    assert ids([0] * 4, before, centres=[1]) != ["grain"]


def test_a_theme_returns_under_its_id_if_most_of_it_is_found_again() -> None:
    absent = remembered("grain", range(6), absent=3)
    assert ids([0] * 6, past(absent)) == ["grain"]
    assert ids([0] * 2 + [NO_GROUP] * 4, past(absent)) != ["grain"]


def test_a_theme_that_was_there_comes_before_one_that_was_absent() -> None:
    before = past(remembered("grain", range(6), absent=1), remembered("ports", range(6)))
    assert ids([0] * 6, before) == ["ports"]


def test_a_name_is_found_anew_when_most_members_changed_and_the_id_stays() -> None:
    (found,) = identities([0] * 3 + [NO_GROUP] * 7, past(remembered("grain", range(10))))
    assert found == Identity(found.theme_id, None)
    (kept,) = identities([0] * 4 + [NO_GROUP] * 6, past(remembered("grain", range(7))))
    assert kept == Identity("grain", "Grain")
    (changed,) = identities([0] * 4 + [NO_GROUP] * 6, past(remembered("grain", range(10))))
    assert changed == Identity("grain", None)


def test_barred_ids_are_continued_by_nobody_and_given_to_nobody() -> None:
    own = f"t-{content(0)[:8]}"
    found = ids([0] * 5, past(remembered(own, range(5))), barred={own})
    assert found == [f"t-{content(0)[:9]}"]


def test_what_was_merged_is_still_found_by_its_own_members() -> None:
    whole = remembered("grain", range(10), status="catalogued")
    part = remembered("ports", range(5, 10), part_of="grain")
    assert ids([0] * 5 + [1] * 5, past(whole, part), barred={"grain"})[1] == "ports"


@given(
    st.lists(st.integers(-1, 4), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39), st.integers(0, 2)), max_size=5),
    st.randoms(use_true_random=False),
)
def test_ids_are_distinct_and_do_not_depend_on_the_order_of_the_articles(
    drawn: list[int], spans: list[tuple[int, int, int]], random: object
) -> None:
    used = sorted(set(drawn) - {NO_GROUP})
    groups = [used.index(g) if g >= 0 else g for g in drawn]
    themes = [
        remembered(f"theme-{i}", range(min(a, b), max(a, b)), absent=absent)
        for i, (a, b, absent) in enumerate(spans)
    ]
    found = ids(groups, past(*themes))
    assert len(found) == len(set(found)) == len(used)

    order = list(range(len(groups)))
    random.shuffle(order)  # type: ignore[attr-defined]
    grouping = grouping_of(groups)
    shuffled = Grouping(
        grouping.groups[order], grouping.fits[order], tuple(grouping.how[i] for i in order)
    )
    vectors = np.stack([CENTRES[0 if groups[i] >= 0 else 2] for i in order])
    again = identify(
        [content(i) for i in order], vectors, shuffled, past(*themes), n_catalogued=0, model="m"
    )
    assert [identity.theme_id for identity in again] == found


@given(st.lists(st.integers(-1, 3), min_size=4, max_size=30))
def test_the_same_groups_keep_all_their_ids(drawn: list[int]) -> None:
    used = sorted(set(drawn) - {NO_GROUP})
    groups = [used.index(g) if g >= 0 else g for g in drawn]
    first = ids(groups, None)
    themes = [
        RememberedTheme(
            theme_id,
            theme_id,
            "provisional",
            tuple(sorted(content(row) for row, g in enumerate(groups) if g == group)),
            tuple(CENTRES[0].tolist()),
        )
        for group, theme_id in enumerate(first)
    ]
    unplaced = tuple(sorted(content(row) for row, g in enumerate(groups) if g == NO_GROUP))
    assert ids(groups, Snapshot("f", "m", tuple(themes), unplaced)) == first
