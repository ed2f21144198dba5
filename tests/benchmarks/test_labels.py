"""What benchmarks/labels.py counts, and how it cuts sets."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from benchmarks.label_learners import PEERS, ours, prepare, zero_shot
from benchmarks.label_sets import Side, Task, _without_copies
from benchmarks.labels import draw, half_width, macro_f1, resample

WORDS = ("striker league goal stadium coach", "tariff export quota customs container")


def small_task() -> Task:
    rng = np.random.default_rng(1)

    def side(n: int) -> Side:
        classes = np.repeat(np.arange(2), n)
        texts = tuple(" ".join(rng.choice(WORDS[c].split(), 4)) for c in classes)
        vectors = np.eye(2)[classes] + rng.normal(size=(2 * n, 2)) * 0.2
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return Side(texts, vectors.astype(np.float32), classes)

    return Task(
        "small", ("sport", "trade"), ("striker", "tariff"), np.eye(2, dtype=np.float32),
        side(30), side(20),
    )  # fmt: skip


def test_all_methods_answer_every_row() -> None:
    prepared = prepare(small_task(), 40)
    rows = draw(prepared.task.train.classes, 4, 0)
    truth = prepared.task.test.classes

    for method in (*PEERS.values(), ours):
        assert macro_f1(truth, method(prepared, rows)) > 0.9
    assert macro_f1(truth, zero_shot(prepared.task)) > 0.9
    assert macro_f1(truth, ours(prepared, np.zeros(0, dtype=np.intp))) > 0.9
    assert macro_f1(truth, ours(prepared, rows, alone=True)) > 0.9


def test_a_draw_has_that_many_of_each_class_and_follows_from_the_seed() -> None:
    classes = np.array([0] * 10 + [1] * 3)
    rows = draw(classes, 5, 1)

    assert np.bincount(classes[rows]).tolist() == [5, 3]
    assert rows.tolist() == draw(classes, 5, 1).tolist() == sorted(rows.tolist())
    assert rows.tolist() != draw(classes, 5, 2).tolist()


def test_macro_f1_is_that_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    truth, found = rng.integers(0, 4, 200), rng.integers(0, 5, 200)
    expected = f1_score(truth, found, average="macro", labels=range(4))
    assert macro_f1(truth, found) == pytest.approx(expected)

    times = rng.integers(0, 3, 200)
    weighted = f1_score(truth, found, average="macro", labels=range(4), sample_weight=times)
    assert macro_f1(truth, found, times) == pytest.approx(weighted)


def test_an_interval_has_the_spread_of_seeds_and_of_rows() -> None:
    truth = np.repeat([0, 1], 50)
    samples = resample(truth, [truth, truth])

    assert (samples == 100).all()
    assert half_width(np.array([90.0, 92.0]), samples) == pytest.approx(1.96)
    assert half_width(np.array([90.0]), samples[:, :1]) == 0


def test_copies_of_a_row_to_answer_for_are_not_learned_from() -> None:
    story = "The ministers met in Geneva on Tuesday and agreed to extend the grain deal by a year"
    texts = [
        story,
        "Striker scores twice as the home team wins the derby in front of a crowd",
        story,
    ]

    assert _without_copies(texts, [False, False, True]) == [1, 2]
