"""What people wrote → labels; every row by itself."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.core.review.decisions import (
    Given,
    KnownThemes,
    count_labels,
    decide,
    merge_labels,
)
from pipeline.records import Label

THEMES = KnownThemes(
    {"ships": "Ships at sea", "rain": "Rain", "rafts": "Rafts", "twin-a": "Twin", "twin-b": "Twin"},
    {"ships": "ships", "rafts": "ships"},
)
ID = "00ab" * 4


def row(number: int = 0, **fields: Any) -> Given:
    values = {
        "place": f"line {number + 2}", "content_id": f"{number:08x}", "theme": "ships",
        "annotator": "ann", "note": "", "suggested": "rain", "why": "least sure",
    }  # fmt: skip
    return Given(**(values | fields))


@pytest.mark.parametrize(
    ("written", "theme"),
    [
        ("rain", "rain"),
        ("RAIN", "rain"),
        (" ships  at SEA ", "ships"),
        ("unknown", "unknown"),
        ("Unknown", "unknown"),
        ("rafts", "ships"),  # merged
        ("Rafts", "ships"),
        ("ok", "rain"),
        ("=", "rain"),
        ("Same", "rain"),
    ],
)
def test_a_theme_is_given_by_id_by_name_or_by_saying_ok(written: str, theme: str) -> None:
    (label,) = decide([row(theme=written)], THEMES).labels
    assert label == Label("00000000", theme, "ann", "")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"theme": "shipz"}, "no theme 'shipz'; did you mean 'ships'? "),
        ({"theme": "qqqqqq"}, "no theme 'qqqqqq'; ids stand in"),
        ({"theme": "twin"}, "'twin' may be twin-a, twin-b; write the id"),
        ({"theme": "ok", "suggested": ""}, "'ok' confirms a suggestion, but there is none"),
        ({"content_id": "1.2e+14"}, "content_id '1.2e+14' is none of ours"),
        ({"content_id": ""}, "content_id '' is none of ours"),
        ({"annotator": ""}, "no annotator; fill in the column, or give --annotator"),
    ],
)
def test_a_bad_row_says_why_and_costs_no_good_one(fields: dict[str, str], reason: str) -> None:
    found = decide([row(0), row(1, **fields), row(2)], THEMES)
    assert [label.content_id for label in found.labels] == ["00000000", "00000002"]
    (refused,) = found.refused
    assert refused.row == 1
    assert refused.reason.startswith(reason)


def test_new_themes_have_to_be_asked_for_and_have_to_be_ids() -> None:
    rows = [row(0, theme="new-thing"), row(1, theme="New Thing!")]
    assert len(decide(rows, THEMES).refused) == 2
    found = decide(rows, THEMES, allow_new=True)
    assert found.new_themes == ("new-thing",)
    assert [r.reason for r in found.refused] == [
        "'New Thing!' is no theme id; use small letters, digits and hyphens"
    ]


def test_empty_themes_are_counted_repetitions_too_and_contradictions_are_refused() -> None:
    rows = [row(theme=""), row(), row(), row(theme="rain"), row(annotator="ben", theme="rain")]
    found = decide(rows, THEMES)
    assert (found.n_empty, found.n_repeated, len(found.labels)) == (1, 1, 2)
    assert found.refused[0].reason == (
        "'ann' says 'rain' of c-00000000 here, and 'ships' in line 2; keep one"
    )


def test_a_name_given_beside_stands_in_where_the_row_has_none() -> None:
    rows = [row(0, annotator=""), row(1, annotator="ben")]
    assert [label.annotator for label in decide(rows, THEMES, annotator="eve").labels] == [
        "eve",
        "ben",
    ]


def test_the_random_part_is_what_suggestions_are_measured_on() -> None:
    rows = [
        row(0, why="random", theme="ok"),
        row(1, why="suspected error: now rain; random"),
        row(2, why="least sure"),
        row(3, why="random", theme=""),
        row(4, why="random", suggested=""),
    ]
    checked = decide(rows, THEMES).checked
    assert [(c.suggested, c.theme) for c in checked] == [("rain", "rain"), ("rain", "ships")]


def test_labels_are_added_to_those_that_are_there_and_replace_only_ones_own() -> None:
    there = [Label("c1", "ships", "ann", "why"), Label("c1", "rain", "ben", "")]
    new = [Label("c1", "rain", "ann", ""), Label("c0", "rain", "ann", "x"), Label("c1", "rain", "ben", "")]  # fmt: skip
    merged = merge_labels(there, new)
    assert merged.labels == (new[1], new[0], there[1])
    assert (merged.n_added, merged.n_same) == (1, 1)
    assert merged.replaced == ((there[0], new[0]),)
    same = merge_labels(there, [Label("c1", "ships", "ann", "")])
    assert same.labels == tuple(sorted(there, key=lambda label: label.annotator))
    assert merge_labels(merged.labels, new).n_same == 3


def test_labels_are_counted_by_theme_and_annotator() -> None:
    labels = [Label("a", "x", "ann", ""), Label("b", "x", "ben", ""), Label("c", "x", "ann", "")]
    assert count_labels(labels) == {"x": {"ann": 2, "ben": 1}}
