"""Labels that flow along a graph of neighbours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from pipeline.core.labels.spreading import MOST_WEIGHT, neighbor_graph, spread_labels
from pipeline.records import FloatMatrix


def clouds(n_each: int, n_classes: int, spread: float = 0.15) -> tuple[FloatMatrix, list[str]]:
    rng = np.random.default_rng(3)
    centres = np.repeat(np.eye(8)[:n_classes], n_each, axis=0)
    points = centres + rng.normal(size=centres.shape) * spread
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32), [f"t{i}" for i in range(n_classes) for _ in range(n_each)]


def no_words(n: int) -> csr_array:
    return csr_array((n, 0), dtype=np.float64)


def graph_of(points: FloatMatrix) -> csr_array:
    return neighbor_graph(points, no_words(len(points)))


def only(themes: list[str], rows: list[int]) -> list[str | None]:
    return [theme if row in rows else None for row, theme in enumerate(themes)]


def test_one_label_for_each_cloud_tells_what_all_others_are() -> None:
    points, themes = clouds(40, 3)
    found = spread_labels(graph_of(points), only(themes, [0, 40, 80]), np.ones(120))

    assert list(found.themes) == themes
    assert found.weights[[0, 40, 80]].tolist() == [0, 0, 0]
    assert np.delete(found.weights, [0, 40, 80]).min() > 0.3 * MOST_WEIGHT
    assert found.weights.max() <= MOST_WEIGHT


def test_a_theme_with_many_labels_does_not_swallow_one_with_few() -> None:
    points, themes = clouds(40, 2)
    found = spread_labels(graph_of(points), only(themes, [*range(30), 40]), np.ones(80))

    assert list(found.themes) == themes


def test_what_no_label_reaches_stays_unknown() -> None:
    graph = csr_array(np.array([[0, 1.0, 0], [1.0, 0, 0], [0, 0, 0]]))
    found = spread_labels(graph, ["a", "b", None], np.ones(3))

    assert found.themes == ("a", "b", None)
    assert found.weights.tolist() == [0, 0, 0]


def test_between_two_themes_a_guess_weighs_little() -> None:
    graph = csr_array(np.array([[0, 0, 0.5], [0, 0, 0.5], [0.5, 0.5, 0]]))
    found = spread_labels(graph, ["a", "b", None], np.ones(3))

    assert found.weights[2] == pytest.approx(0)


@pytest.mark.parametrize("theme", ["a", None])
def test_without_two_themes_nothing_is_guessed(theme: str | None) -> None:
    points, _ = clouds(5, 1)
    found = spread_labels(graph_of(points), [theme, None, None, None, None], np.ones(5))

    assert found.themes == (theme, None, None, None, None)
    assert not found.weights.any()


def test_words_bring_together_what_vectors_do_not() -> None:
    points = np.eye(30, dtype=np.float32)
    words = csr_array(np.repeat(np.eye(2), 15, axis=0))
    found = spread_labels(
        neighbor_graph(points, words), ["a", *[None] * 14, "b", *[None] * 14], np.ones(30)
    )

    assert found.themes == ("a",) * 15 + ("b",) * 15


@pytest.mark.parametrize("n", [0, 1, 2])
def test_tiny_corpora_have_a_graph(n: int) -> None:
    points, _ = clouds(2, 1)

    assert graph_of(points[:n]).shape == (n, n)


def test_the_graph_is_symmetric_and_has_no_loops() -> None:
    graph = graph_of(clouds(30, 3)[0])

    np.testing.assert_allclose(graph.toarray(), graph.toarray().T, atol=1e-12)
    assert not graph.diagonal().any()


@given(st.permutations(range(24)))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_changes_no_guess(order: list[int]) -> None:
    points, themes = clouds(8, 3)
    known = only(themes, [0, 8, 16])
    straight = spread_labels(graph_of(points), known, np.ones(24))
    rows: npt.NDArray[np.intp] = np.array(order)
    turned = spread_labels(graph_of(points[rows]), [known[i] for i in order], np.ones(24))

    assert turned.themes == tuple(straight.themes[i] for i in order)
    np.testing.assert_allclose(turned.weights, straight.weights[rows], atol=1e-9)
