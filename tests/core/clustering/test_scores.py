"""Agreement of groupings: what each number says by example, then what all of them obey."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pipeline.core.clustering.scores import (
    ClusterScores,
    b_cubed,
    fowlkes_mallows,
    score_clusters,
    stability,
)

Groups = list[int]

AGREEMENTS = ("ami", "ari", "fmi", "v", "b3_f1")
BOUNDED = ("fmi", "v", "b3_precision", "b3_recall", "b3_f1", "share_in_none")

true_groups = st.lists(st.integers(0, 4), min_size=1, max_size=30)


@st.composite
def pairs_of_groupings(draw: st.DrawFn, least: int = -1) -> tuple[Groups, Groups]:
    truth = draw(true_groups)
    n = len(truth)
    return truth, draw(st.lists(st.integers(least, 4), min_size=n, max_size=n))


def names(groups: Groups) -> list[str]:
    return [f"theme {group}" for group in groups]


def score(truth: Groups, found: Groups) -> ClusterScores:
    scores = score_clusters(names(truth), found)
    assert scores is not None
    return scores


# By example


def test_a_theme_cut_in_two_keeps_precision_and_costs_recall() -> None:
    scores = score_clusters(["war"] * 4 + ["sport"] * 2, [0, 0, 1, 1, 2, 2])

    assert scores is not None
    assert (scores.n_items, scores.n_true, scores.n_found) == (6, 2, 3)
    assert scores.share_in_none == 0
    assert scores.b3_precision == 1
    assert scores.b3_recall == pytest.approx((4 * 0.5 + 2 * 1) / 6)
    # 3 pairs are found, all right, of 7.
    assert scores.fmi == pytest.approx((3 / 3 * 3 / 7) ** 0.5)
    assert scores.v < 1


def test_themes_thrown_together_keep_recall_and_cost_precision() -> None:
    scores = b_cubed([0, 0, 0, 1], [5, 5, 5, 5])
    assert scores.precision == pytest.approx((3 * 0.75 + 0.25) / 4)
    assert scores.recall == 1
    assert scores.f1 == pytest.approx(2 * 0.625 / 1.625)


def test_items_that_people_said_nothing_of_do_not_count() -> None:
    scores = score_clusters(["a", None, "a", "b", None], [0, 3, 0, 1, -1])
    assert scores is not None
    assert (scores.n_items, scores.n_true, scores.n_found) == (3, 2, 2)
    assert scores.ami == pytest.approx(1)
    assert scores.share_in_none == 0


@pytest.mark.parametrize("truth", [[], [None, None]])
def test_without_people_there_is_no_score(truth: list[str | None]) -> None:
    assert score_clusters(truth, [0] * len(truth)) is None


def test_groupings_of_different_items_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="2 items grouped by people, 1 found"):
        score_clusters(["a", "b"], [0])


def test_none_is_one_group_or_each_its_own_and_no_cluster() -> None:
    truth, found = ["a", "a", "b", "b"], [0, 0, -1, -1]
    together = score_clusters(truth, found)
    alone = score_clusters(truth, found, none_as="own_groups")
    assert together is not None
    assert alone is not None
    assert (together.ami, together.fmi) == (pytest.approx(1), pytest.approx(1))
    assert alone.ami < 1
    assert alone.fmi < 1
    assert together.n_found == alone.n_found == 1
    assert together.share_in_none == alone.share_in_none == 0.5


def test_to_leave_articles_out_costs_b_cubed_recall_and_hides_no_mistake() -> None:
    everything, half = b_cubed([0] * 4, [0] * 4), b_cubed([0] * 4, [0, 0, -1, -1])
    assert everything.f1 == 1
    assert half.precision == 1
    assert half.recall == pytest.approx((2 * 0.5 + 2 * 0.25) / 4)


def test_two_groupings_without_any_pair_agree() -> None:
    assert fowlkes_mallows([0, 1, 2], [2, 0, 1]) == 1
    assert fowlkes_mallows([0, 1, 2], [0, 0, 0]) == 0


def test_the_numbers_go_by_name_into_the_metrics() -> None:
    metrics = score([0, 0, 1], [1, 1, 0]).as_metrics("agreement_")
    assert metrics["agreement_ami"] == pytest.approx(1)
    assert metrics["agreement_n_found"] == 2
    assert len(metrics) == 11


def test_chance_agreement_scores_nothing_in_ami_and_ari() -> None:
    rng = np.random.default_rng(3)
    truth, found = rng.integers(8, size=3000).tolist(), rng.integers(8, size=3000).tolist()
    scores = score(truth, found)
    assert abs(scores.ami) < 0.01
    assert abs(scores.ari) < 0.01


# What all obey


@given(pairs_of_groupings())
def test_scores_keep_their_bounds(drawn: tuple[Groups, Groups]) -> None:
    scores = score(*drawn)
    assert all(0 <= getattr(scores, name) <= 1 + 1e-12 for name in BOUNDED)
    assert -1 <= scores.ami <= 1 + 1e-12
    assert -1 <= scores.ari <= 1
    assert scores.n_true >= 1
    low, high = sorted((scores.b3_precision, scores.b3_recall))
    assert low - 1e-12 <= scores.b3_f1 <= high + 1e-12


@given(true_groups)
def test_the_truth_itself_is_perfect(truth: Groups) -> None:
    scores = score(truth, truth)
    assert [getattr(scores, name) for name in AGREEMENTS] == pytest.approx([1.0] * 5)


@given(pairs_of_groupings(), st.permutations(range(5)))
def test_the_numbers_of_clusters_do_not_matter(
    drawn: tuple[Groups, Groups], renumbered: list[int]
) -> None:
    truth, found = drawn
    again = [renumbered[group] if group >= 0 else -1 for group in found]
    first, second = score(truth, found), score([renumbered[group] for group in truth], again)
    assert second.as_metrics() == pytest.approx(first.as_metrics())


@given(pairs_of_groupings(), st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(drawn: tuple[Groups, Groups], random: object) -> None:
    pairs = list(zip(*drawn, strict=True))
    random.shuffle(pairs)  # type: ignore[attr-defined]
    shuffled = score([t for t, _ in pairs], [f for _, f in pairs])
    assert shuffled.as_metrics() == pytest.approx(score(*drawn).as_metrics())


@given(pairs_of_groupings(least=0))
def test_b_cubed_is_what_its_definition_says_item_by_item(drawn: tuple[Groups, Groups]) -> None:
    truth, found = drawn
    items = range(len(truth))

    def mean_share(of: Groups, within: Groups) -> float:
        shares = []
        for i in items:
            group = [j for j in items if within[j] == within[i]]
            shares.append(sum(of[j] == of[i] for j in group) / len(group))
        return sum(shares) / len(shares)

    scores = b_cubed(truth, found)
    assert scores.precision == pytest.approx(mean_share(truth, found))
    assert scores.recall == pytest.approx(mean_share(found, truth))


@given(pairs_of_groupings(least=0))
def test_fowlkes_mallows_is_scikit_learns_where_some_pair_is_together(
    drawn: tuple[Groups, Groups],
) -> None:
    from sklearn.metrics import fowlkes_mallows_score

    truth, found = drawn
    assume(len(set(truth)) < len(truth))
    assert fowlkes_mallows(truth, found) == pytest.approx(fowlkes_mallows_score(truth, found))
    assert fowlkes_mallows(truth, found) == pytest.approx(fowlkes_mallows(found, truth))


# Stability


def test_stability_looks_at_the_items_that_two_fits_share() -> None:
    first = {"a": 0, "b": 0, "c": 1, "d": 1}
    assert stability([first, {"b": 7, "c": 3, "d": 3, "z": 7}]) == 1
    assert stability([first, {"a": 0, "b": 1, "c": 0, "d": 1}]) < 0.1


def test_stability_needs_two_fits_that_share_two_items() -> None:
    assert stability([]) is None
    assert stability([{"a": 0, "b": 0}]) is None
    assert stability([{"a": 0, "b": 0}, {"a": 0, "c": 0}]) is None


@given(st.lists(true_groups, min_size=2, max_size=4), st.permutations(range(5)))
def test_fits_that_differ_in_numbers_only_are_stable(
    fits: list[Groups], renumbered: list[int]
) -> None:
    groups = max(fits, key=len)
    assume(len(groups) >= 2)
    one = {str(i): group for i, group in enumerate(groups)}
    other = {item: renumbered[group] for item, group in one.items()}
    assert stability([one, other, one]) == pytest.approx(1)
