"""Scores are picked, named and put in order; what is absent is left out."""

import math

from pipeline.core.report.scorecard import MAX_CLASSES, make_scorecard
from pipeline.records import UNKNOWN, HoldoutRow

NAMES = {"chips": "Chips", "coup": "Coup"}


def answer(actual: str, predicted: str, probability: float = 0.8) -> HoldoutRow:
    best = predicted if predicted != UNKNOWN else "chips"
    return HoldoutRow("a", "c", "g", actual, predicted, best, probability, 0.1)


def test_our_model_stands_above_its_baselines() -> None:
    numbers = {
        "macro_f1": 0.9,
        "macro_f1_low": 0.8,
        "macro_f1_high": 0.95,
        "baseline_tfidf_macro_f1": 0.7,
        "baseline_majority_macro_f1": 0.1,
        "baseline_majority_macro_f1_low": 0.05,
    }

    card = make_scorecard({"evaluate": numbers}, NAMES)

    assert card.contenders[0].name == "this model"
    assert [c.macro_f1 for c in card.contenders] == [0.9, 0.7, 0.1]
    assert (card.contenders[0].low, card.contenders[0].high) == (0.8, 0.95)
    assert card.contenders[2].low == 0.05
    assert card.is_measured


def test_without_labels_nothing_is_measured() -> None:
    card = make_scorecard({"evaluate": {"n_holdout": 0.0}}, NAMES)

    assert not card.is_measured
    assert card.figures == card.themes == card.mistakes == card.reliability == ()
    assert card.matrix is None
    assert make_scorecard({}, {}) == make_scorecard({"evaluate": {}}, {})


def test_what_is_no_finite_number_is_passed_over() -> None:
    numbers = {"accuracy": math.nan, "coverage": math.inf, "ece": None, "unknown_recall": "high"}

    assert make_scorecard({"evaluate": numbers}, NAMES).figures == ()


def test_themes_follow_the_order_of_the_page_and_unknown_ends_it() -> None:
    numbers = {
        "f1.coup": 0.5,
        "f1.chips": 1.0,
        "f1.other": 0.2,
        "n.coup": 4.0,
        "precision.coup": 0.4,
        "themes_f1.chips": 0.9,
    }

    chips, coup, other = make_scorecard({"evaluate": numbers}, NAMES).themes

    assert (chips.name, chips.f1, chips.found_f1, chips.n) == ("Chips", 1.0, 0.9, None)
    assert (coup.name, coup.n, coup.precision, coup.recall) == ("Coup", 4, 0.4, None)
    assert other.name == "other"


def test_the_matrix_counts_what_was_taken_for_what() -> None:
    rows = [answer("coup", "coup"), answer("coup", "chips"), answer(UNKNOWN, UNKNOWN)]

    card = make_scorecard({}, NAMES, rows)

    assert card.matrix is not None
    assert card.matrix.names == ("Chips", "Coup", UNKNOWN)
    assert card.matrix.numbers == ("1", "2", "?")
    assert [[cell.n for cell in row] for row in card.matrix.rows] == [
        [0, 0, 0],
        [1, 1, 0],
        [0, 0, 1],
    ]
    assert [[cell.depth for cell in row] for row in card.matrix.rows][1] == [2, 2, 0]
    assert [(m.true, m.given, m.n) for m in card.mistakes] == [("Coup", "Chips", 1)]


def test_labels_of_no_theme_on_the_page_get_letters() -> None:
    rows = [answer("coup", "comets"), answer("comets", "audits")]

    matrix = make_scorecard({}, NAMES, rows).matrix

    assert matrix is not None
    assert list(zip(matrix.numbers, matrix.names, strict=True)) == [
        ("2", "Coup"),
        ("a", "audits"),
        ("b", "comets"),
    ]


def test_many_themes_give_a_list_of_mistakes_and_no_matrix() -> None:
    rows = [answer(f"t{i}", f"t{i + 1}") for i in range(MAX_CLASSES)]

    card = make_scorecard({}, {}, rows)

    assert card.matrix is None
    assert card.mistakes


def test_reliability_leaves_out_articles_of_no_theme() -> None:
    rows = [answer("coup", "coup", 0.9), answer(UNKNOWN, "coup", 0.2)]

    (only,) = make_scorecard({}, NAMES, rows).reliability

    assert (only.probability, only.accuracy, only.n) == (0.9, 1.0, 1)
