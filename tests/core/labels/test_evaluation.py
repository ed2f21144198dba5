"""Hold-out answers, baselines and what is said of them."""

from __future__ import annotations

import pytest

from pipeline.core.embeddings import join_embeddings
from pipeline.core.labels.baselines import predict_baselines
from pipeline.core.labels.evaluation import (
    calibration_inputs,
    held_out_articles,
    score_model,
    summarise_holdout,
    summarise_themes,
)
from pipeline.core.labels.fitting import fit_classifier
from pipeline.core.labels.holdout import GroupLabels
from pipeline.core.labels.targets import Targets, choose_targets
from pipeline.records import (
    UNKNOWN,
    Article,
    Assignment,
    Embeddings,
    HoldoutRow,
    ThemeClassifier,
)
from tests.conftest import FakeEncoder, make_article, make_theme

TEXTS = {
    "energy": "pipeline terminal gas prices winter storage barrels",
    "football": "striker penalty league stadium goalkeeper transfer",
}
N_EACH = 10


def corpus() -> list[Article]:
    return [
        make_article(
            title=None,
            text=f"{text} {n:04d}",
            article_id=f"{theme}-{n}",
            content_id=f"{theme}-c{n}",
            duplicate_group=f"{theme}-g{n}",
        )
        for theme, text in TEXTS.items()
        for n in range(N_EACH)
    ]


def embed(articles: list[Article]) -> Embeddings:
    vectors = {a.content_id: FakeEncoder().encode([a.full_text])[0] for a in articles}
    return join_embeddings(vectors, "fake/64")


def clusters(articles: list[Article]) -> list[Assignment]:
    return [
        Assignment(a.article_id, theme, theme, (0,), "s-0", 1.0, "core")
        for a in articles
        for theme in [a.article_id.split("-")[0]]
    ]


def labelled(held_out: set[str]) -> GroupLabels:
    themes = {f"{theme}-g{n}": theme for theme in TEXTS for n in (0, 1, 2)}
    return GroupLabels(themes, frozenset(held_out), 0, 0)


def targets_of(articles: list[Article], labels: GroupLabels) -> Targets:
    return choose_targets(articles, clusters(articles), [], labels, label_weight=3.0)


def train(articles: list[Article], labels: GroupLabels) -> ThemeClassifier:
    targets = targets_of(articles, labels)
    return fit_classifier(
        [a.full_text for a in targets.articles],
        embed(articles).take([a.content_id for a in targets.articles]),
        targets.themes,
        content_ids=[a.content_id for a in targets.articles],
        weights=targets.weights,
        names=targets.names,
        languages=["en"] * len(targets.articles),
        trained_on=targets.trained_on,
        encoder="fake/64",
        regularization=10.0,
        lexical_weight=0.3,
        max_features=100,
        min_probability=0.5,
        max_novelty=1.0,
    ).classifier


def row(actual: str, predicted: str, number: int, probability: float = 0.8) -> HoldoutRow:
    best = predicted if predicted != UNKNOWN else "energy"
    return HoldoutRow(
        f"a{number}", f"c{number}", f"g{number}", actual, predicted, best, probability, 0.1
    )


def test_a_model_answers_for_the_held_out_groups_only() -> None:
    articles = corpus()
    labels = labelled({"energy-g0", "football-g1"})
    rows = score_model(train(articles, labels), articles, embed(articles), labels)

    assert [(r.content_id, r.actual, r.predicted) for r in rows] == [
        ("energy-c0", "energy", "energy"),
        ("football-c1", "football", "football"),
    ]


def test_what_either_of_two_models_has_seen_is_left_out() -> None:
    articles = corpus()
    labels = labelled({"energy-g0", "football-g1"})
    old = train(articles, labelled({"football-g1"}))
    new = train(articles, labels)
    embeddings = embed(articles)

    ours = score_model(new, articles, embeddings, labels, other_trained_on=old.trained_on)
    theirs = score_model(old, articles, embeddings, labels, other_trained_on=new.trained_on)

    assert [r.content_id for r in ours] == [r.content_id for r in theirs] == ["football-c1"]


def test_a_group_is_left_out_when_a_copy_was_trained_on() -> None:
    original = make_article(article_id="a", content_id="a", duplicate_group="g")
    copy = make_article(article_id="b", content_id="b", duplicate_group="g", is_canonical=False)
    labels = GroupLabels({"g": "x"}, frozenset({"g"}), 0, 0)

    assert held_out_articles([original, copy], labels, trained_on=[]) == [original]
    assert held_out_articles([original, copy], labels, trained_on=["b"]) == []


def test_baselines_answer_everything() -> None:
    articles = corpus()
    labels = labelled({"energy-g0", "energy-g1", "football-g0"})
    new = held_out_articles(articles, labels, trained_on=[])
    answers = predict_baselines(
        targets_of(articles, labels), embed(articles), new, regularization=10.0, max_features=100
    )

    assert answers == {
        "majority": ["football"] * 3,
        "tfidf": ["energy", "energy", "football"],
        "embedding": ["energy", "energy", "football"],
    }


def test_there_are_no_baselines_without_anything_to_answer_for() -> None:
    articles = corpus()
    targets = targets_of(articles, labelled(set()))

    assert (
        predict_baselines(targets, embed(articles), [], regularization=1.0, max_features=100) == {}
    )


def test_the_summary_says_what_each_row_adds_up_to() -> None:
    rows = [
        row("energy", "energy", 0),
        row("energy", UNKNOWN, 1),
        row("football", "football", 2),
        row(UNKNOWN, UNKNOWN, 3),
    ]
    baselines = {"tfidf": ["energy", "energy", "energy", "energy"]}
    summary = summarise_holdout(rows, baselines, n_resamples=200, seed=7)

    assert summary["n_holdout"] == 4
    assert summary["n_holdout_unknown"] == 1
    assert summary["macro_f1"] == pytest.approx((2 / 3 + 1) / 2)
    assert summary["macro_f1_forced"] == pytest.approx((4 / 5 + 1) / 2)
    assert summary["accuracy"] == 0.75
    assert summary["coverage"] == 0.5
    assert summary["accuracy_answered"] == 1.0
    assert summary["unknown_recall"] == 1.0
    assert summary["ece"] == pytest.approx(0.2)
    assert summary["brier"] == pytest.approx(0.04)
    assert summary["baseline_tfidf_macro_f1"] == pytest.approx(1 / 3)
    assert summary["minus_tfidf"] == pytest.approx(1.0 - 0.4)
    for name in ("macro_f1", "accuracy", "coverage", "baseline_tfidf_macro_f1"):
        assert summary[f"{name}_low"] <= summary[f"{name}_high"]


def test_no_held_out_label_gives_no_score() -> None:
    assert summarise_holdout([], {}, n_resamples=100, seed=7) == {
        "n_holdout": 0.0,
        "n_holdout_unknown": 0.0,
    }


def test_labels_of_no_theme_alone_give_no_f1_and_no_calibration() -> None:
    summary = summarise_holdout(
        [row(UNKNOWN, UNKNOWN, 0)], {"tfidf": ["energy"]}, n_resamples=100, seed=7
    )

    assert "macro_f1" not in summary
    assert "ece" not in summary
    assert "minus_tfidf" not in summary
    assert summary["unknown_recall"] == 1.0


def test_calibration_is_judged_on_articles_of_a_theme() -> None:
    rows = [row("energy", UNKNOWN, 0, 0.4), row("football", "energy", 1), row(UNKNOWN, "energy", 2)]

    assert calibration_inputs(rows) == ([0.4, 0.8], [True, False])


def test_found_themes_are_judged_apart_from_the_model() -> None:
    articles = corpus()
    labels = labelled(set())
    themes = [
        make_theme("energy", status="catalogued"),
        make_theme("football"),
    ]
    rows = [row("energy", "football", 0)]
    summary = summarise_themes(rows, articles, clusters(articles), themes, labels)

    assert summary["themes_ami"] == pytest.approx(1)
    assert summary["themes_ari"] == pytest.approx(1)
    assert summary["themes_f1.energy"] == 1.0
    assert summary["themes_f1.football"] == 1.0
    assert (summary["f1.energy"], summary["n.energy"]) == (0.0, 1.0)
    assert (summary["precision.football"], summary["n.football"]) == (0.0, 0.0)


def test_articles_of_no_theme_are_one_group() -> None:
    articles = corpus()
    labels = GroupLabels(
        {"energy-g0": "energy", "energy-g1": "energy", "football-g0": UNKNOWN}, frozenset(), 0, 0
    )
    assignments = [
        Assignment("energy-0", "energy", "E", (0,), "s-0", 1.0, "core"),
        Assignment("energy-1", "energy", "E", (0,), "s-0", 1.0, "core"),
        Assignment("football-0", None, None, (), "s-0", 0.0, "none"),
    ]

    assert summarise_themes([], articles, assignments, [], labels)["themes_ari"] == 1.0
