"""What is trained as what."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.labels.holdout import GroupLabels
from pipeline.core.labels.targets import Targets, choose_targets
from pipeline.records import UNKNOWN, Article, Assignment, Theme
from tests.conftest import make_article, make_theme


def article(number: int, **fields: object) -> Article:
    ids = {"content_id": f"c{number}", "article_id": f"a{number}", "duplicate_group": f"g{number}"}
    return make_article(**(ids | fields))


def assignment(number: int, theme: str | None) -> Assignment:
    return Assignment(f"a{number}", theme, theme, (0,), "s-0", 1.0, "core" if theme else "none")


def theme(theme_id: str, name: str, status: str) -> Theme:
    return make_theme(theme_id, name=name, status=status)


def choose(
    assigned: Sequence[str | None],
    labels: dict[str, str],
    *,
    held_out: frozenset[str] = frozenset(),
    themes: Sequence[Theme] = (),
) -> Targets:
    return choose_targets(
        [article(n) for n in range(len(assigned))],
        [assignment(n, t) for n, t in enumerate(assigned)],
        themes,
        GroupLabels(labels, held_out, 0, 0),
        label_weight=3.0,
    )


def test_a_label_outweighs_the_cluster_and_one_unknown_is_too_little_to_learn() -> None:
    targets = choose(
        ["war", "war", None, None, "war"],
        {"g1": "energy-prices", "g2": "war", "g4": UNKNOWN},
        themes=[theme("war", "The war", "catalogued")],
    )

    assert [a.article_id for a in targets.articles] == ["a0", "a1", "a2"]
    assert targets.themes == ("war", "energy-prices", "war")
    assert targets.weights == (1.0, 3.0, 3.0)
    assert targets.is_label == (False, True, True)
    assert targets.names == {"energy-prices": "Energy Prices", "war": "The war"}
    assert targets.trained_on == ("c0", "c1", "c2")


def test_three_articles_called_unknown_are_taught_as_that_and_weigh_no_more_than_clusters() -> None:
    targets = choose(["war", None, "war", "war"], {"g1": UNKNOWN, "g2": UNKNOWN, "g3": UNKNOWN})

    assert targets.themes == ("war", UNKNOWN, UNKNOWN, UNKNOWN)
    assert targets.weights == (1.0, 1.0, 1.0, 1.0)


def test_held_out_groups_take_no_part_not_even_as_cluster_members() -> None:
    targets = choose(["war", "war"], {"g0": "war"}, held_out=frozenset({"g0"}))

    assert [a.article_id for a in targets.articles] == ["a1"]
    assert targets.trained_on == ("c1",)


def test_copies_are_not_trained_on_but_are_named_as_seen() -> None:
    articles = [article(0), article(1, duplicate_group="g0", is_canonical=False)]
    targets = choose_targets(
        articles,
        [assignment(0, "war"), assignment(1, "war")],
        [],
        GroupLabels({}, frozenset(), 0, 0),
        label_weight=3.0,
    )

    assert targets.articles == (articles[0],)
    assert targets.trained_on == ("c0", "c1")


def test_a_provisional_theme_becomes_what_people_call_it() -> None:
    targets = choose(["t-1"] * 4 + ["t-2"] * 3, {"g0": "strikes", "g1": "strikes", "g4": "strikes"})

    assert targets.renamed == {"t-1": "strikes"}
    assert targets.themes == ("strikes",) * 5 + ("t-2",) * 2
    assert targets.names["strikes"] == "Strikes"


def test_several_provisional_themes_may_be_one() -> None:
    labels = {f"g{n}": "strikes" for n in (0, 1, 3, 4)}

    targets = choose(["t-1"] * 3 + ["t-2"] * 3, labels)

    assert targets.renamed == {"t-1": "strikes", "t-2": "strikes"}
    assert set(targets.themes) == {"strikes"}


def test_a_minority_or_unknown_or_catalogued_label_renames_nothing() -> None:
    catalogued = [theme("war", "The war", "catalogued")]

    minority = choose(
        ["t-1"] * 6,
        {"g0": "x", "g1": "x", "g2": "y", "g3": "z", "g4": UNKNOWN},
    )
    unknown = choose(["t-1"] * 3, {"g0": UNKNOWN, "g1": UNKNOWN})
    known = choose(["t-1"] * 3, {"g0": "war", "g1": "war"}, themes=catalogued)
    fixed = choose(["war"] * 3, {"g0": "x", "g1": "x"}, themes=catalogued)

    assert minority.renamed == unknown.renamed == known.renamed == fixed.renamed == {}


def test_labels_of_held_out_groups_rename_nothing() -> None:
    labels = {"g0": "strikes", "g1": "strikes"}

    assert choose(["t-1"] * 3, labels, held_out=frozenset({"g1"})).renamed == {}


def test_nothing_to_train_on_is_no_error() -> None:
    assert choose([None, None], {}).articles == ()
