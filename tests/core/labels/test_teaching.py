"""Labelled rows, descriptions and unlabelled rows as one lesson."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from pipeline.core.labels.linear import fit_linear, out_of_fold_logits
from pipeline.core.labels.spreading import neighbor_graph
from pipeline.core.labels.teaching import Lessons
from pipeline.records import FloatMatrix
from tests.core.labels.test_spreading import clouds, no_words


def lessons_of(points: FloatMatrix, themes: list[str | None]) -> Lessons:
    graph = neighbor_graph(points, no_words(len(points)))
    return Lessons(csr_array(points.astype(np.float64)), graph, tuple(themes), np.ones(len(points)))


def test_one_label_and_unlabelled_rows_do_better_than_the_label_alone() -> None:
    points, truth = clouds(60, 3, spread=0.4)
    known: list[str | None] = [t if row % 60 == 0 else None for row, t in enumerate(truth)]
    lessons = lessons_of(points[: len(points)], known)
    labelled = [0, 60, 120]
    alone = fit_linear(
        lessons.features[labelled], ["t0", "t1", "t2"], np.ones(3), regularization=10.0
    )

    def hits(answers: list[str]) -> int:
        return sum(a == b for a, b in zip(answers, truth, strict=True))

    together = lessons.learn(regularization=10.0)
    assert hits(together.best(lessons.features)) > hits(alone.best(lessons.features))


def test_without_unlabelled_rows_it_is_the_plain_fit() -> None:
    points, themes = clouds(12, 3)
    lessons = lessons_of(points, list(themes))
    plain = fit_linear(lessons.features, themes, np.ones(36), regularization=10.0)

    np.testing.assert_array_equal(
        lessons.learn(regularization=10.0).coefficients, plain.coefficients
    )


def test_a_row_that_is_left_out_changes_nothing_by_its_label() -> None:
    points, themes = clouds(12, 3)
    wrong = ["t2", *themes[1:]]
    right = lessons_of(points, list(themes)).learn(regularization=10.0, without=[0])
    other = lessons_of(points, list(wrong)).learn(regularization=10.0, without=[0])

    np.testing.assert_array_equal(right.coefficients, other.coefficients)


def test_a_theme_that_only_a_description_speaks_of_can_be_answered() -> None:
    points, truth = clouds(20, 3)
    described: list[str | None] = [t if row % 20 == 0 else None for row, t in enumerate(truth)]
    linear = lessons_of(points, described).learn(regularization=10.0)

    assert linear.best(csr_array(points.astype(np.float64))) == truth


def test_out_of_fold_logits_cover_classes_that_no_labelled_row_has() -> None:
    points, truth = clouds(20, 3)
    known: list[str | None] = [*truth[:40], *["t2"] * 2, *[None] * 18]
    lessons = lessons_of(points, known)
    logits = out_of_fold_logits(
        lessons.features[:40], truth[:40], np.ones(40), [f"c{i}" for i in range(40)], 10.0,
        learn=lambda rows: lessons.learn(regularization=10.0, without=rows),
        classes=("t0", "t1", "t2"),
    )  # fmt: skip

    assert logits.shape == (40, 3)
    assert np.isfinite(logits).all()
    assert [f"t{i}" for i in logits.argmax(axis=1)] == truth[:40]


def test_no_label_at_all_is_an_error() -> None:
    points, _ = clouds(3, 1)
    with pytest.raises(ValueError, match="no row has a label"):
        lessons_of(points, [None, None, None]).learn(regularization=10.0)
