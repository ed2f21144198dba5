"""Queries: the texts of a theme together, or apart where they speak of several subjects."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.queries import ONE_SUBJECT, catalogue_texts, make_queries, subjects
from pipeline.records import CatalogueTheme, FloatMatrix

FERRIES = CatalogueTheme("ferries", "Ferries", "They sail.", ("a ferry", "a harbour"))
MERGED = CatalogueTheme("both", "Ferries", "They sail.", ("a ferry", "an orchard", "a frost"))


def towards(*axes: tuple[int, float]) -> FloatMatrix:
    """Unit vectors: each an axis and what it has of axis 5."""
    rows = np.zeros((len(axes), 6), dtype=np.float32)
    for row, (axis, more) in zip(rows, axes, strict=True):
        row[axis], row[5] = (1 - more**2) ** 0.5, more
    return rows


def test_a_theme_is_looked_for_by_name_description_and_phrases() -> None:
    assert catalogue_texts(FERRIES) == ["Ferries. They sail.", "a ferry", "a harbour"]
    assert catalogue_texts(CatalogueTheme("x", "Name", "", ())) == ["Name"]


def test_texts_of_one_subject_are_one_query_and_those_of_two_are_two() -> None:
    said = {
        "Ferries. They sail.": towards((0, 0.1))[0],
        "a ferry": towards((0, 0.2))[0],
        "a harbour": towards((0, 0.0))[0],
        "an orchard": towards((1, 0.0))[0],
        "a frost": towards((1, 0.1))[0],
    }
    queries = make_queries([FERRIES, MERGED], said, 6)
    assert queries.themes.tolist() == [0, 1, 1]
    assert queries.texts == (
        "Ferries. They sail. a ferry a harbour",
        "Ferries. They sail. a ferry",
        "an orchard a frost",
    )
    assert np.linalg.norm(queries.vectors, axis=1).tolist() == pytest.approx([1, 1, 1], abs=1e-5)
    closest = queries.closest(towards((1, 0.0), (0, 0.0), (2, 0.0)), 1)
    assert closest.round(1).tolist() == [1, 1, 0]


def test_without_themes_there_are_no_queries() -> None:
    assert make_queries([], {}, 6).vectors.shape == (0, 6)


@given(st.integers(0, 1000), st.integers(1, 9))
def test_every_text_is_in_one_subject_and_unlike_subjects_stay_apart(seed: int, n: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(n, 6))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    groups = subjects(vectors)
    assert sorted(row for rows in groups for row in rows) == list(range(n))
    assert groups == sorted(groups)
    for i, one in enumerate(groups):
        for other in groups[:i]:
            assert (vectors[one] @ vectors[other].T).mean() < ONE_SUBJECT + 1e-5
