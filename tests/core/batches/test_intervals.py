"""Shares and their differences hold what they should, and never leave [0, 1]."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.batches.intervals import change_of, share_of


def test_two_of_ten_is_a_fifth_give_or_take_a_quarter() -> None:
    share = share_of(2, 10)
    assert (share.value, share.low, share.high) == (0.2, 0.0567, 0.5098)  # published example


def test_a_difference_has_the_published_interval() -> None:
    # R. G. Newcombe (1998), table II, example a: 56/70 and 48/80.
    change = change_of(share_of(56, 70), share_of(48, 80))
    assert (change.value, change.low, change.high) == (0.2, 0.0524, 0.3339)


def test_nothing_of_nothing_may_be_anything() -> None:
    assert share_of(0, 0).low == 0.0
    assert share_of(0, 0).high == 1.0


@given(st.integers(1, 10_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share_and_stays_in_bounds(counts: tuple[int, int]) -> None:
    share = share_of(*counts)
    assert 0 <= share.low <= share.value <= share.high <= 1


@given(st.integers(0, 50), st.integers(0, 50))
def test_differences_are_opposite_the_other_way_round(a: int, b: int) -> None:
    one, other = share_of(a, 50), share_of(b, 50)
    assert change_of(one, other).value == -change_of(other, one).value
    assert change_of(one, other).low <= change_of(one, other).value <= change_of(one, other).high
