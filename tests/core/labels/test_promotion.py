"""The gate: newer wins unless it is shown to be worse."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.promotion import Duel, decide_promotion, find_weakness
from pipeline.core.labels.scores import Comparison
from pipeline.records import ThemeClassifier


def duel(difference: float, low: float, high: float) -> Duel:
    return Duel(Comparison(difference, low, high), n_groups=40)


def test_a_challenger_that_may_lose_more_than_the_margin_is_held_and_told_why() -> None:
    decision = decide_promotion(champion="7", duel=duel(-0.08, -0.15, -0.01), margin=0.02)
    assert decision.verdict == "held"
    assert decision.reason == (
        "may lose more than the margin of 0.02: macro-F1 -0.080 against champion 7 "
        "(-0.150 to -0.010, hold-out of 40)"
    )


@pytest.mark.parametrize(
    ("found", "margin"),
    [
        (duel(0.1, 0.02, 0.2), 0.0),
        (duel(0.0, 0.0, 0.0), 0.0),  # equal quality: the newer one knows newer news
        (duel(0.01, -0.3, 0.3), 0.0),  # better, though nobody can be sure
        (duel(-0.01, -0.04, 0.02), 0.05),  # a loss, but none beyond the margin
    ],
)
def test_a_challenger_that_is_not_shown_to_be_worse_is_promoted(found: Duel, margin: float) -> None:
    assert decide_promotion(champion="7", duel=found, margin=margin).promote


@pytest.mark.parametrize(
    ("found", "promoted"),
    [(duel(0.0, 0.0, 0.0), False), (duel(0.05, -0.01, 0.1), False), (duel(0.1, 0.02, 0.2), True)],
)
def test_an_experiment_must_be_shown_to_be_better(found: Duel, promoted: bool) -> None:
    decision = decide_promotion(champion="7", duel=found, margin=0.5, is_experiment=True)
    assert decision.promote is promoted


def test_an_experiment_that_cannot_be_compared_is_held() -> None:
    decision = decide_promotion(
        champion="7", duel=None, margin=0.0, obstacle="gone", is_experiment=True
    )
    assert decision.reason == "an experiment that is not shown to be better: not measured"


def test_a_comparison_on_a_handful_of_articles_counts_for_nothing() -> None:
    few = Duel(Comparison(-1.0, -1.0, -1.0), n_groups=3)
    decision = decide_promotion(champion="7", duel=few, margin=0.0)
    assert decision.promote
    assert decision.reason.startswith("a hold-out of 3 is too small to compare with champion 7")


def test_a_model_that_learnt_from_far_less_is_held_where_nothing_can_be_measured() -> None:
    decision = decide_promotion(
        champion="7", duel=None, margin=0.0, weakness="it was trained on 9 articles only"
    )
    assert not decision.promote
    assert decision.reason.endswith("and it was trained on 9 articles only")


@pytest.mark.parametrize(
    ("trained", "labels", "said"),
    [(100, 50, None), (48, 50, "48 articles only"), (100, 24, "24 labels of people only")],
)
def test_a_weakness_is_half_the_articles_or_half_the_labels(
    trained: int, labels: int, said: str | None
) -> None:
    def model(n: int, n_labels: int) -> ThemeClassifier:
        ids = tuple(f"{i:04d}" for i in range(n))
        return cast("ThemeClassifier", SimpleNamespace(trained_on=ids, n_labels=n_labels))

    found = find_weakness(model(trained, labels), model(98, 49))
    assert (said in found) if said and found else found is said


def test_the_first_model_is_champion() -> None:
    decision = decide_promotion(champion=None, duel=None, margin=0.0)
    assert (decision.promote, decision.reason) == (True, "there was no champion")


def test_without_labels_the_newer_model_wins_and_the_reason_says_so() -> None:
    decision = decide_promotion(champion="3", duel=None, margin=0.0)
    assert decision.promote
    assert "no labelled hold-out to compare" in decision.reason


def test_a_champion_that_cannot_be_loaded_does_not_block_newer_models() -> None:
    decision = decide_promotion(champion="3", duel=None, margin=0.0, obstacle="files are gone")
    assert decision.promote
    assert "champion 3 cannot be compared (files are gone)" in decision.reason


@given(
    difference=st.floats(-1, 1),
    spread=st.floats(0, 1),
    margin=st.floats(0, 1),
    more=st.floats(0, 1),
)
def test_a_wider_margin_never_turns_a_promotion_into_a_refusal(
    difference: float, spread: float, margin: float, more: float
) -> None:
    found = duel(difference, difference - spread, difference + spread)
    narrow = decide_promotion(champion="1", duel=found, margin=margin)
    wide = decide_promotion(champion="1", duel=found, margin=margin + more)
    assert wide.promote or not narrow.promote
