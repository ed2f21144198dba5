"""Events say in plain words what became of each theme, and nothing where nothing changed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.events import KINDS, find_events, summarise_events
from pipeline.records import RememberedTheme, Snapshot, ThemeEvent


def theme(theme_id: str, *spans: range, **fields: object) -> RememberedTheme:
    members = tuple(sorted(f"c{i:03d}" for span in spans for i in span))
    values = {"name": theme_id.title(), "status": "provisional", "centre": ()}
    return RememberedTheme(theme_id=theme_id, members=members, **(values | fields))  # type: ignore[arg-type]


def snapshot(*themes: RememberedTheme, unplaced: range = range(0)) -> Snapshot:
    return Snapshot("f", "m", themes, tuple(f"c{i:03d}" for i in unplaced))


def told(before: Snapshot | None, now: Snapshot, **options: object) -> list[tuple[str, str]]:
    return [(e.kind, e.message) for e in find_events(before, now, **options)]  # type: ignore[arg-type]


def test_a_theme_that_grew_is_told_with_its_numbers() -> None:
    before, now = snapshot(theme("grain", range(22))), snapshot(theme("grain", range(31)))
    (event,) = find_events(before, now)
    assert event == ThemeEvent(
        "grew", "grain", "Grain", (), 22, 31, 22, "Grain grew from 22 to 31 articles"
    )
    assert told(now, before) == [("shrank", "Grain shrank from 31 to 22 articles")]


def test_small_changes_are_no_events() -> None:
    assert told(snapshot(theme("grain", range(5))), snapshot(theme("grain", range(7)))) == []
    assert told(snapshot(theme("grain", range(100))), snapshot(theme("grain", range(109)))) == []


def test_without_a_past_every_theme_is_new() -> None:
    assert told(None, snapshot(theme("grain", range(5)))) == [("born", "Grain is new: 5 articles")]


def test_a_new_theme_says_how_much_of_it_is_new() -> None:
    before = snapshot(theme("ports", range(50, 60)), unplaced=range(2))
    now = snapshot(theme("ports", range(50, 60)), theme("grain", range(5)))
    assert told(before, now) == [("born", "Grain is new: 5 articles, 3 of them new")]


def test_parts_of_a_theme_that_are_themes_now_are_one_split() -> None:
    before = snapshot(theme("grain", range(20)))
    now = snapshot(theme("grain", range(11)), theme("wheat", range(11, 17)))
    (event,) = find_events(before, now)
    assert (event.kind, event.theme_id, event.themes) == ("split", "grain", ("wheat",))
    assert (event.n_before, event.n_after, event.n_shared) == (20, 11, 11)
    assert event.message == (
        "Grain split: 'Wheat' (6) is a theme of its own now; Grain went from 20 articles to 11"
    )


def test_themes_that_went_into_another_are_one_merge() -> None:
    before = snapshot(theme("grain", range(10)), theme("wheat", range(10, 16)))
    (event,) = find_events(before, snapshot(theme("grain", range(16))))
    assert (event.kind, event.theme_id, event.themes) == ("merged", "grain", ("wheat",))
    assert event.message == ("'Wheat' (6) is part of Grain now, which went from 10 articles to 16")


def test_a_theme_that_is_found_no_more_says_where_its_articles_are() -> None:
    before = snapshot(theme("grain", range(9)), theme("ports", range(20, 30)))
    now = snapshot(theme("ports", range(20, 30), range(4)), unplaced=range(4, 9))
    assert ("faded", "Grain (9 articles before) was not found any more; its articles: 4 in "
            "'Ports' and 5 in no theme") in told(before, now)  # fmt: skip


def test_a_theme_out_of_the_catalogue_says_so() -> None:
    before = snapshot(theme("grain", range(9), status="catalogued"))
    now = snapshot(unplaced=range(9))
    assert told(before, now, retired={"grain"}) == [
        (
            "faded",
            "Grain (9 articles before) was taken out of the catalogue; its articles: 9 in no theme",
        )
    ]


def test_a_theme_that_was_absent_returns_once_and_is_not_missed_twice() -> None:
    absent = theme("grain", range(9), absent=2)
    now = snapshot(theme("grain", range(9)))
    assert told(snapshot(absent), now) == [
        ("returned", "Grain is back after 2 retrains without it: 9 articles")
    ]
    assert told(snapshot(absent), snapshot(absent)) == []


def test_a_theme_that_labels_gave_another_id_is_the_same_theme() -> None:
    before, now = snapshot(theme("t-1", range(9))), snapshot(theme("grain", range(9)))
    assert told(before, now, formerly={"grain": "t-1"}) == []
    assert [kind for kind, _ in told(before, now)] == ["born", "merged"]


def test_what_is_part_of_a_catalogued_theme_is_no_theme() -> None:
    whole = theme("grain", range(9))
    part = theme("wheat", range(4), part_of="grain")
    assert told(snapshot(whole, part), snapshot(whole, part)) == []


def test_conflicts_come_first_every_time() -> None:
    conflict = ThemeEvent("conflict", "grain", "Grain", (), 0, 0, 0, "Something. Do this.")
    now = snapshot(theme("grain", range(9)))
    found = find_events(None, now, conflicts=[conflict, conflict])
    assert [event.kind for event in found] == ["conflict", "born"]
    assert summarise_events(found) == "1 edit not honoured, 1 born"
    assert summarise_events([]) == ""


def test_articles_that_have_left_the_corpus_were_there_before() -> None:
    before = snapshot(theme("grain", range(2)), theme("ports", range(20, 22)), unplaced=range(9, 9))
    sizes = {"grain": 12, "ports": 9}
    found = told(before, snapshot(theme("grain", range(2)), unplaced=range(20, 22)), sizes=sizes)
    assert found == [
        ("faded", "Ports (9 articles before) was not found any more; its articles: 2 in no theme"),
        ("shrank", "Grain shrank from 12 to 2 articles"),
    ]


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    of = draw(st.lists(st.integers(-2, 4), min_size=1, max_size=40))
    themes = [
        RememberedTheme(
            f"theme-{t}",
            f"Theme {t}",
            "provisional",
            tuple(f"c{i:03d}" for i, g in enumerate(of) if g == t),
            (),
            draw(st.sampled_from([0, 0, 0, 1])),
        )
        for t in sorted(set(of))
        if t >= 0
    ]
    unplaced = tuple(f"c{i:03d}" for i, g in enumerate(of) if g == -1)
    return Snapshot("f", "m", tuple(themes), unplaced)


@given(snapshots(), snapshots())
def test_every_theme_that_came_or_went_is_told_and_the_order_is_that_of_the_kinds(
    before: Snapshot, now: Snapshot
) -> None:
    events = find_events(before, now)
    mentioned = {event.theme_id for event in events} | {t for e in events for t in e.themes}
    old = {t.theme_id for t in before.themes if not t.absent}
    new = {t.theme_id for t in now.themes if not t.absent}
    assert old ^ new <= mentioned
    assert [KINDS.index(e.kind) for e in events] == sorted(KINDS.index(e.kind) for e in events)
    assert find_events(before, now) == events


@given(snapshots())
def test_a_retrain_that_changes_nothing_has_no_events(now: Snapshot) -> None:
    assert find_events(now, now) == []


def test_a_theme_that_took_the_name_of_an_absent_one_keeps_its_own_past() -> None:
    before = snapshot(theme("t-1", range(12)), theme("grain", range(20, 24), absent=1))
    now = snapshot(theme("grain", range(12)), theme("wheat", range(30, 35)))
    assert told(before, now, formerly={"grain": "t-1"}) == [
        ("born", "Wheat is new: 5 articles, all of them new")
    ]
