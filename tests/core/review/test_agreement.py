"""Agreement beyond chance, conflicts, and rates with an honest interval."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.review.agreement import (
    find_conflicts,
    measure_agreement,
    rate_of,
    votes_by_group,
)
from pipeline.records import Label


def votes(*columns: str) -> dict[str, dict[str, str]]:
    """One string for each annotator, a letter for each item; a blank says nothing."""
    names = ["ann", "ben", "eve"]
    return {
        f"g{i:03}": {
            names[who]: column[i] for who, column in enumerate(columns) if column[i] != " "
        }
        for i in range(len(columns[0]))
    }


def test_two_annotators_get_cohens_kappa_with_its_interval() -> None:
    # 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: Cohen's textbook example, kappa 0.4
    found = measure_agreement(votes("y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15))
    assert (found.coefficient, found.n_items, found.n_conflicts) == ("Cohen's kappa", 50, 15)
    assert found.value == pytest.approx(0.4)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.4 < found.high


def test_more_annotators_get_krippendorffs_alpha_and_may_leave_items_out() -> None:
    # An example with gaps that K. Krippendorff works through: alpha 0.691 for nominal data
    found = measure_agreement(votes("     34121133 3", "1 213343       ", "  21344 21133 4"))
    assert (found.coefficient, found.n_items) == ("Krippendorff's alpha", 12)
    assert found.value == pytest.approx(0.691, abs=5e-4)
    same = measure_agreement(votes("abcab", "abcab", "abcab"))
    assert same.value == pytest.approx(1.0)


def test_nothing_shared_and_one_theme_only_have_no_value() -> None:
    alone = measure_agreement(votes("ab  ", "  ab"))
    assert (alone.n_items, alone.value, alone.low) == (0, None, None)
    assert measure_agreement({}).value is None
    assert measure_agreement(votes("aaaa", "aaaa")).value is None


@given(st.lists(st.tuples(st.sampled_from("ab "), st.sampled_from("abc "), st.sampled_from("bc ")), max_size=12))  # fmt: skip
def test_it_is_at_most_one_and_the_order_of_items_changes_nothing(
    rows: list[tuple[str, str, str]],
) -> None:
    said = votes(*("".join(column) for column in zip(*rows, strict=True))) if rows else {}
    found = measure_agreement(said)
    assert found == measure_agreement(dict(reversed(said.items())))
    assert found.value is None or found.value <= 1 + 1e-9
    assert found.n_conflicts == len(find_conflicts(said))


def test_votes_are_by_group_and_merged_themes_are_one() -> None:
    labels = [
        Label("c1", "rafts", "ben", ""),
        Label("c2", "ships", "ann", ""),
        Label("c3", "rain", "ann", ""),
        Label("c9", "rain", "ann", ""),
    ]
    found = votes_by_group(labels, {"c1": "c1", "c2": "c1", "c3": "c3"}, {"rafts": "ships"})
    assert found == {
        "c1": {"ann": "ships", "ben": "ships"},
        "c3": {"ann": "rain"},
        "c9": {"ann": "rain"},
    }
    assert find_conflicts(found) == []
    (conflict,) = find_conflicts(votes_by_group(labels, {"c1": "c1", "c2": "c1"}, {}))
    assert conflict.votes == (("ann", "ships"), ("ben", "rafts"))


@pytest.mark.parametrize(
    ("n_right", "n", "low", "high"),
    [(0, 0, 0.0, 1.0), (8, 10, 0.490, 0.943), (10, 10, 0.722, 1.0), (0, 12, 0.0, 0.243)],
)
def test_a_rate_has_wilsons_interval(n_right: int, n: int, low: float, high: float) -> None:
    rate = rate_of(n_right, n)
    assert (rate.low, rate.high) == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))
