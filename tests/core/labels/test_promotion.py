"""The gate: newer wins unless it is shown to be worse."""

from __future__ import annotations

import dataclasses
import functools
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.evaluation import score_model
from pipeline.core.labels.fitting import fit_classifier
from pipeline.core.labels.holdout import GroupLabels
from pipeline.core.labels.promotion import (
    Decision,
    Duel,
    decide_promotion,
    find_weakness,
    judge_challenger,
    level_thresholds,
)
from pipeline.core.labels.scores import Comparison, compare_models
from pipeline.records import UNKNOWN, Article, Embeddings, ThemeClassifier
from tests.conftest import FakeEncoder
from tests.projects import TOPICS, make_articles, theme_of


def duel(difference: float, low: float, high: float) -> Duel:
    return Duel(Comparison(difference, low, high), n_groups=40)


def test_a_challenger_that_is_shown_to_be_worse_is_held_and_told_why() -> None:
    decision = decide_promotion(champion="7", duel=duel(-0.08, -0.15, -0.03), margin=0.02)
    assert decision.verdict == "held"
    assert decision.reason == (
        "shown to be worse by more than 0.02: macro-F1 -0.080 against champion 7 "
        "(-0.150 to -0.030, hold-out of 40)"
    )


def test_a_retrain_whose_hold_out_grew_by_a_new_subject_is_not_held_for_one_article() -> None:
    known = [f"theme-{i % 5}" for i in range(40)]
    # Six articles of a subject that fits no theme: the champion has never heard of it, the
    # retrain takes one of them for a theme, and is wrong nowhere else.
    actual = known + [UNKNOWN] * 6
    champion, retrain = list(actual), [*known, "theme-0", *[UNKNOWN] * 5]
    groups = [f"group-{i:02d}" for i in range(len(actual))]
    found = compare_models(actual, retrain, champion, groups=groups, n_resamples=500, seed=7)
    assert found is not None
    assert found.difference < 0
    assert found.low < 0
    decision = decide_promotion(champion="7", duel=Duel(found, len(groups)), margin=0.0)
    assert decision.promote
    assert decision.reason.startswith("not shown to be worse: macro-F1 -0.0")


def test_a_retrain_that_loses_a_theme_is_held() -> None:
    actual = [f"theme-{i % 5}" for i in range(40)]
    retrain = [UNKNOWN if theme == "theme-0" else theme for theme in actual]
    groups = [f"group-{i:02d}" for i in range(40)]
    found = compare_models(actual, retrain, actual, groups=groups, n_resamples=500, seed=7)
    assert found is not None
    decision = decide_promotion(champion="7", duel=Duel(found, 40), margin=0.0)
    assert decision.reason.startswith("shown to be worse: macro-F1 -0.2")
    assert not decision.promote


@pytest.mark.parametrize(
    ("found", "margin"),
    [
        (duel(0.1, 0.02, 0.2), 0.0),
        (duel(0.0, 0.0, 0.0), 0.0),  # equal quality: the newer one knows newer news
        (duel(0.01, -0.3, 0.3), 0.0),  # better, though nobody can be sure
        (duel(-0.01, -0.04, 0.02), 0.0),  # a loss that chance alone would explain
        (duel(-0.08, -0.15, -0.01), 0.02),  # a loss, but none that is shown to exceed the margin
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


@functools.cache
def trained() -> tuple[ThemeClassifier, list[Article], Embeddings, GroupLabels]:
    """A model of two themes, four articles of each; the other forty are set aside."""
    articles = sorted(make_articles(24), key=lambda a: a.content_id)
    vectors = FakeEncoder().encode([a.full_text for a in articles])
    embeddings = Embeddings(tuple(a.content_id for a in articles), vectors, FakeEncoder.model)
    chosen = [a for t in TOPICS for a in [b for b in articles if theme_of(b) == t][:4]]
    ids = [a.content_id for a in chosen]
    fitted = fit_classifier(
        [a.full_text for a in chosen], embeddings.take(ids), [theme_of(a) for a in chosen],
        content_ids=ids, weights=[1.0] * 8, names={t: t for t in TOPICS}, languages=["en"] * 8,
        trained_on=ids, encoder=FakeEncoder.model, regularization=5.0, lexical_weight=0.3,
        max_features=1000, min_probability=0.0, max_novelty=1.0,
    )  # fmt: skip
    themes = {a.duplicate_group: theme_of(a) for a in articles}
    labels = GroupLabels(dict(sorted(themes.items())), frozenset(themes), 0, 0)
    return fitted.classifier, articles, embeddings, labels


def judged(challenger: ThemeClassifier, champion: ThemeClassifier) -> Decision:
    _, articles, embeddings, labels = trained()
    return judge_challenger(
        challenger, champion, champion_version="7", articles=articles, embeddings=embeddings,
        champion_embeddings=embeddings, labels=labels, margin=0.0, n_resamples=200, seed=7,
    )  # fmt: skip


def share_right(classifier: ThemeClassifier) -> float:
    _, articles, embeddings, labels = trained()
    rows = score_model(classifier, articles, embeddings, labels)
    return sum(row.actual == row.predicted for row in rows) / len(rows)


def test_a_changed_threshold_alone_is_no_loss_of_quality() -> None:
    classifier = trained()[0]
    strict = dataclasses.replace(classifier, min_probability=0.9999)
    assert share_right(strict) < share_right(classifier)
    for challenger, champion in [(strict, classifier), (classifier, strict)]:
        decision = judged(challenger, champion)
        assert decision.promote
        assert decision.duel is not None
        assert decision.duel.comparison == Comparison(0.0, 0.0, 0.0)
        assert decision.reason.endswith("hold-out of 40; both with the new thresholds)")


def test_equal_thresholds_are_not_spoken_of() -> None:
    classifier = trained()[0]
    assert level_thresholds(classifier, classifier) is classifier
    assert judged(classifier, classifier).reason.endswith("hold-out of 40)")


def test_a_worse_model_is_held_whatever_its_thresholds() -> None:
    classifier = trained()[0]
    swapped = dataclasses.replace(
        classifier, coefficients=-classifier.coefficients, min_probability=0.1
    )
    decision = judged(swapped, classifier)
    assert not decision.promote
    assert decision.reason.startswith("shown to be worse: macro-F1 -")
