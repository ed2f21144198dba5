"""Every number we report: the definition by example, then families of rules."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels import scores
from pipeline.core.labels.scores import (
    CalibrationBin,
    ThemeScore,
    accuracy,
    accuracy_answered,
    bootstrap_interval,
    brier_loss,
    calibration_bins,
    calibration_error,
    compare_models,
    confusion_counts,
    coverage,
    expected_calibration_error,
    macro_f1,
    macro_f1_statistic,
    theme_scores,
    unknown_recall,
)
from pipeline.records import UNKNOWN

Answers = Sequence[str]
Pairs = list[tuple[str, str]]
Stated = list[tuple[float, bool]]

OF_ANSWERS: list[Callable[[Answers, Answers], float | None]] = [
    macro_f1,
    accuracy,
    accuracy_answered,
    unknown_recall,
]
OF_PROBABILITIES = [calibration_error, brier_loss]
SYMMETRIC = [accuracy]
HIGHER_IS_BETTER = [*OF_ANSWERS]
RESAMPLED = {
    "accuracy_statistic",
    "bootstrap_interval",
    "calibration_error_statistic",
    "expected_calibration_error",
    "compare_models",
    "coverage_statistic",
    "macro_f1_statistic",
}
WITH_EXAMPLES = {"calibration_bins", "confusion_counts", "coverage", "theme_scores"}

answers = st.sampled_from(["a", "b", "c", UNKNOWN])
pairs = st.lists(st.tuples(answers, answers), max_size=25)
stated = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=25)


def test_every_public_function_is_in_a_family() -> None:
    public = {
        name
        for name, function in inspect.getmembers(scores, inspect.isfunction)
        if function.__module__ == scores.__name__ and not name.startswith("_")
    }
    families = {f.__name__ for f in [*HIGHER_IS_BETTER, *OF_PROBABILITIES]}

    assert public == families | RESAMPLED | WITH_EXAMPLES


def test_macro_f1_counts_abstaining_as_a_miss_and_false_alarms_as_errors() -> None:
    actual = ["a", "a", "b", "b", UNKNOWN]
    predicted = ["a", UNKNOWN, "b", "b", "b"]

    # a: 1 of 2 found, no false alarm; b: both found, one false alarm.
    assert macro_f1(actual, predicted) == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_macro_f1_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import f1_score

    actual = ["a", "b", "c", "a", UNKNOWN, "c"]
    predicted = ["a", "c", "c", "d", "c", UNKNOWN]
    expected = f1_score(actual, predicted, labels=["a", "b", "c"], average="macro")

    assert macro_f1(actual, predicted) == pytest.approx(expected)


def test_shares_by_example() -> None:
    actual = ["a", "a", UNKNOWN, UNKNOWN]
    predicted = ["a", "b", UNKNOWN, "b"]

    assert accuracy(actual, predicted) == 0.5
    assert coverage(predicted) == 0.75
    assert accuracy_answered(actual, predicted) == pytest.approx(1 / 3)
    assert unknown_recall(actual, predicted) == 0.5


def test_scores_of_each_theme() -> None:
    found = theme_scores(["a", "a", "b", UNKNOWN], ["a", UNKNOWN, "a", "c"])

    assert found == {
        "a": ThemeScore(precision=0.5, recall=0.5, f1=0.5, n=2),
        "b": ThemeScore(precision=0.0, recall=0.0, f1=0.0, n=1),
        "c": ThemeScore(precision=0.0, recall=0.0, f1=0.0, n=0),
    }


def test_confusion_counts_every_pair_that_occurs() -> None:
    assert confusion_counts(["b", "a", "b"], ["b", "b", "b"]) == {("a", "b"): 1, ("b", "b"): 2}


def test_exact_probabilities_show_an_error_by_chance_that_shrinks_with_the_articles() -> None:
    few = expected_calibration_error([0.8] * 20, n_draws=200, seed=1)
    many = expected_calibration_error([0.8] * 2000, n_draws=200, seed=1)
    assert few is not None
    assert many is not None
    assert 0 < many < 0.02 < few < 0.2
    assert expected_calibration_error([1.0, 0.0], n_draws=5, seed=1) == 0
    assert expected_calibration_error([], n_draws=5, seed=1) is None


def test_calibration_error_is_the_gap_between_promise_and_truth() -> None:
    assert calibration_error([0.8] * 10, [True] * 8 + [False] * 2) == pytest.approx(0)
    assert calibration_error([0.8] * 10, [True] * 3 + [False] * 7) == pytest.approx(0.5)
    assert calibration_error([1.0, 0.0], [False, True]) == pytest.approx(1)


def test_calibration_bins_hold_all_items_and_ties_together() -> None:
    bins = calibration_bins([0.2, 0.9, 0.2, 0.9], [False, True, True, True])

    assert bins == [CalibrationBin(0.2, 0.5, 2), CalibrationBin(0.9, 1.0, 2)]
    assert calibration_bins([], []) == []


def test_brier_loss_by_example() -> None:
    assert brier_loss([0.5, 1.0], [True, True]) == 0.125


@pytest.mark.parametrize("score", HIGHER_IS_BETTER)
def test_the_truth_scores_one(score: Callable[[Answers, Answers], float | None]) -> None:
    actual = ["a", "b", "b", UNKNOWN]

    assert score(actual, actual) == pytest.approx(1)


@pytest.mark.parametrize("score", [*HIGHER_IS_BETTER, *OF_PROBABILITIES])
def test_nothing_to_score_is_none(score: Callable[..., float | None]) -> None:
    assert score([], []) is None
    assert coverage([]) is None


@pytest.mark.parametrize("score", OF_ANSWERS)
@given(items=pairs)
def test_scores_are_shares(score: Callable[[Answers, Answers], float | None], items: Pairs) -> None:
    value = score([a for a, _ in items], [p for _, p in items])

    assert value is None or (type(value) is float and 0 <= value <= 1)


@pytest.mark.parametrize("score", OF_PROBABILITIES)
@given(items=stated)
def test_losses_are_in_bounds_and_blind_to_order(
    score: Callable[..., float | None], items: Stated
) -> None:
    value = score([p for p, _ in items], [r for _, r in items])
    turned = score([p for p, _ in items[::-1]], [r for _, r in items[::-1]])

    assert value == pytest.approx(turned)
    assert value is None or (type(value) is float and 0 <= value <= 1)


@pytest.mark.parametrize("score", HIGHER_IS_BETTER)
@given(items=pairs, data=st.data())
def test_the_order_of_items_changes_nothing(
    score: Callable[[Answers, Answers], float | None], items: Pairs, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(items))

    value = score([a for a, _ in items], [p for _, p in items])

    assert value == pytest.approx(score([a for a, _ in shuffled], [p for _, p in shuffled]))


@pytest.mark.parametrize("score", SYMMETRIC)
@given(items=pairs)
def test_symmetric_scores_do_not_know_who_is_right(
    score: Callable[[Answers, Answers], float | None], items: Pairs
) -> None:
    first, second = [a for a, _ in items], [p for _, p in items]

    assert score(first, second) == pytest.approx(score(second, first))


@given(pairs)
def test_theme_scores_and_macro_f1_agree(items: Pairs) -> None:
    actual, predicted = [a for a, _ in items], [p for _, p in items]
    of_actual = [s.f1 for s in theme_scores(actual, predicted).values() if s.n]

    expected = sum(of_actual) / len(of_actual) if of_actual else None

    assert macro_f1(actual, predicted) == pytest.approx(expected)


@given(pairs)
def test_the_interval_is_repeatable_ordered_and_in_bounds(items: Pairs) -> None:
    statistic = macro_f1_statistic([a for a, _ in items], [p for _, p in items])
    groups = [f"g{n}" for n in range(len(items))]
    interval = bootstrap_interval(statistic, groups, n_resamples=50, seed=7)

    assert interval == bootstrap_interval(statistic, groups, n_resamples=50, seed=7)
    assert interval is None or 0 <= interval.low <= interval.high <= 1


def test_the_interval_covers_a_known_share() -> None:
    actual = ["a"] * 400
    predicted = ["a"] * 320 + [UNKNOWN] * 80
    statistic = scores.accuracy_statistic(actual, predicted)
    interval = bootstrap_interval(statistic, [str(n) for n in range(400)], n_resamples=2000, seed=1)

    # Binomial: 0.8 plus or minus 1.96 x sqrt(0.8 x 0.2 / 400) = 0.039.
    assert interval is not None
    assert interval.low == pytest.approx(0.761, abs=0.006)
    assert interval.high == pytest.approx(0.839, abs=0.006)


def test_the_interval_does_not_depend_on_how_resamples_are_blocked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    statistic = scores.accuracy_statistic(["a"] * 9, ["a"] * 6 + ["b"] * 3)
    groups = [str(n) for n in range(9)]
    whole = bootstrap_interval(statistic, groups, n_resamples=100, seed=1)
    monkeypatch.setattr(scores, "_BLOCK", 70)

    assert bootstrap_interval(statistic, groups, n_resamples=100, seed=1) == whole


def test_items_of_one_group_are_drawn_together() -> None:
    statistic = scores.accuracy_statistic(["a"] * 4, ["a", "a", "b", "b"])

    alone = bootstrap_interval(statistic, ["g"] * 4, n_resamples=50, seed=1)

    assert alone is not None
    assert alone.low == alone.high == 0.5


@given(st.lists(st.tuples(answers, answers, answers), max_size=20))
def test_swapping_the_models_turns_the_comparison_round(items: list[tuple[str, str, str]]) -> None:
    actual, ours, theirs = ([item[i] for item in items] for i in range(3))
    groups = [f"g{n}" for n in range(len(items))]
    settings = {"groups": groups, "n_resamples": 60, "seed": 3}
    there = compare_models(actual, ours, theirs, **settings)  # type: ignore[arg-type]
    back = compare_models(actual, theirs, ours, **settings)  # type: ignore[arg-type]

    if there is None or back is None:
        assert there is back is None
        return
    assert there.difference == pytest.approx(-back.difference)
    assert there.low == pytest.approx(-back.high)
    assert there.high == pytest.approx(-back.low)


def test_a_model_compared_with_itself_differs_by_nothing() -> None:
    actual = ["a", "b", UNKNOWN, "a"]
    result = compare_models(
        actual, ["a"] * 4, ["a"] * 4, groups=list("wxyz"), n_resamples=50, seed=1
    )

    assert result == scores.Comparison(0.0, 0.0, 0.0)


def test_a_clearly_better_model_has_an_interval_above_nought() -> None:
    actual = ["a", "b"] * 40
    result = compare_models(
        actual,
        actual,
        ["a"] * 80,
        groups=[str(n) for n in range(80)],
        n_resamples=500,
        seed=1,
    )

    assert result is not None
    assert 0 < result.low <= result.difference <= result.high
