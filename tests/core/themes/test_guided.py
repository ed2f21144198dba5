"""Guided discovery: what belongs to a theme that somebody described."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.guided import (
    MEMBER_SHARE,
    NO_THEME,
    find_members,
    leave_to_clusters,
)
from pipeline.core.themes.queries import Queries
from pipeline.records import CatalogueTheme, FloatMatrix
from tests.core.themes.examples import one_query_each

N_DIMS = 12
FLOOR = 0.42


def theme(number: int = 0, **fields: object) -> CatalogueTheme:
    plain = CatalogueTheme(f"theme-{number}", f"Theme {number}", "", ())
    return dataclasses.replace(plain, **fields)


def at(degrees: float, n: int = 1) -> FloatMatrix:
    """`n` equal unit vectors in the plane of axes 0 and 1, so far from axis 0."""
    vectors = np.zeros((n, N_DIMS), dtype=np.float32)
    vectors[:, :2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vectors


def find(
    vectors: FloatMatrix,
    catalogue: list[CatalogueTheme],
    *,
    texts: list[str] | None = None,
    ids: list[str] | None = None,
    queries: Queries | None = None,
) -> list[int]:
    """Themes of articles; without `queries` that of catalogued theme i is axis i."""
    n = len(vectors)
    asked = queries or one_query_each(catalogue, N_DIMS)
    names = ids or [f"{i:04x}" for i in range(n)]
    words = texts or [""] * n
    return find_members(names, words, vectors, catalogue, asked, FLOOR).tolist()


def test_a_theme_is_found_from_its_description_alone() -> None:
    ferries = CatalogueTheme("ferries", "Ferries", "Ships that carry passengers.", ())
    vectors = np.vstack([at(30), at(40), at(45), at(85), at(120)])
    assert find(vectors, [ferries]) == [0, 0, 0, NO_THEME, NO_THEME]


def test_where_nothing_is_close_enough_to_the_words_a_theme_has_no_articles() -> None:
    assert find(np.vstack([at(66), at(70), at(80)]), [theme()]) == [NO_THEME] * 3


@pytest.mark.parametrize("closest", [0, 20, 40])
def test_closeness_is_a_share_of_what_the_examples_of_the_theme_reach(closest: float) -> None:
    inside = np.degrees(np.arccos(MEMBER_SHARE * np.cos(np.radians(closest)))) - 1
    vectors = np.vstack([at(closest, 12), at(-inside)])
    # Across from the examples, so that close to the words is not close to them.
    found = find(vectors, [theme()])
    assert found == [0] * 12 + [0 if closest == 0 else NO_THEME]


def test_the_examples_count_as_much_as_the_words() -> None:
    # 70° alone is too far from the words (0.34 / 0.64), but nearly as close to the examples.
    near_examples, apart = at(70), at(-70)
    found = find(np.vstack([at(50, 12), near_examples, apart]), [theme()])
    assert found == [0] * 12 + [0, NO_THEME]


def test_an_article_that_two_themes_could_have_is_of_the_closer_one() -> None:
    found = find(np.vstack([at(10, 5), at(80, 5), at(40), at(50)]), [theme(0), theme(1)])
    assert found == [0] * 5 + [1] * 5 + [0, 1]


def test_words_in_common_speak_for_a_theme() -> None:
    ferry = theme(name="Ferry harbour")
    # As close by their vectors, but only one has the words.
    texts = ["ferry harbour", "ferry", "harbour ferry", "ferry harbour", "orchard"]
    found = find(np.vstack([at(20, 3), at(68, 2)]), [ferry], texts=texts)
    assert found == [0, 0, 0, 0, NO_THEME]


def test_pinned_articles_are_examples() -> None:
    pinned = theme(pinned=("0000", "0001"))
    vectors = np.vstack([at(90, 2), at(85, 3), at(170, 3)])
    assert find(vectors, [theme()]) == [NO_THEME] * 8
    assert find(vectors, [pinned]) == [0] * 5 + [NO_THEME] * 3


def test_a_theme_of_two_subjects_has_the_articles_of_both_and_none_between_them() -> None:
    axes = np.eye(N_DIMS, dtype=np.float32)[:2]
    both = Queries(axes, ("ferries", "orchards"), np.array([0, 0]))
    mean = Queries((axes.sum(axis=0, keepdims=True) / np.sqrt(2)), ("ferries",), np.array([0]))
    vectors = np.vstack([at(0, 4), at(90, 4), at(45, 4), at(170)])
    assert find(vectors, [theme()], queries=both)[:8] == [0] * 8
    assert find(vectors, [theme()], queries=mean)[8:] == [0] * 4 + [NO_THEME]
    between = np.zeros((3, N_DIMS), dtype=np.float32)
    between[:, :3] = [0.35, 0.35, (1 - 2 * 0.35**2) ** 0.5]  # .49 from the mean, .35 from each
    vectors = np.vstack([at(0, 4), at(90, 4), between])
    assert find(vectors, [theme()], queries=both) == [0] * 8 + [NO_THEME] * 3


def test_an_excluded_article_is_no_example_and_no_member() -> None:
    vectors = np.vstack([at(0), at(30, 5)])
    assert find(vectors, [theme(excluded=("0000",))]) == [NO_THEME] + [0] * 5


def test_what_lacks_the_terms_is_no_example_and_no_member() -> None:
    harbours = theme(must_mention=(("harbour*",),))
    texts = ["an orchard"] + ["the harbours"] * 5
    assert find(np.vstack([at(0), at(30, 5)]), [harbours], texts=texts) == [NO_THEME] + [0] * 5


def test_a_large_theme_is_not_judged_by_the_few_that_are_nearly_alike() -> None:
    # Ten say nearly the words of the theme; forty say it in their own.
    rng = np.random.default_rng(3)
    many = np.eye(N_DIMS)[[0] * 40] + 0.28 * rng.normal(size=(40, N_DIMS))
    many = many / np.linalg.norm(many, axis=1, keepdims=True)
    found = find(np.vstack([at(2, 10), many]).astype(np.float32), [theme()])
    assert found.count(0) >= 45


def test_an_article_that_is_closer_to_a_cluster_of_something_else_stays_there() -> None:
    vectors = np.vstack([at(0, 4), at(90, 9), at(60)])
    clusters = np.array([0] * 4 + [1] * 10, np.int32)
    found = np.array([0] * 4 + [NO_THEME] * 9 + [0], np.int32)
    pinned = found.copy()
    leave_to_clusters(found, vectors, clusters, np.ones(14, dtype=bool))
    assert found.tolist() == [0] * 4 + [NO_THEME] * 10
    leave_to_clusters(pinned, vectors, clusters, np.zeros(14, dtype=bool))
    assert pinned[-1] == 0


def test_an_article_of_a_cluster_that_has_more_of_the_theme_does_not() -> None:
    vectors = np.vstack([at(0, 4), at(90, 4), at(60)])
    found = np.array([0] * 4 + [NO_THEME] * 4 + [0], np.int32)
    leave_to_clusters(found, vectors, np.zeros(9, np.int32), np.ones(9, dtype=bool))
    assert found[-1] == 0


def test_an_empty_corpus_and_an_empty_catalogue_have_no_members() -> None:
    assert find(np.zeros((0, N_DIMS), np.float32), [theme()]) == []
    assert find(at(0, 3), []) == [NO_THEME] * 3


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 3))
def test_members_do_not_depend_on_the_order_of_articles(seed: int, n: int, n_themes: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = np.eye(N_DIMS)[rng.integers(0, 5, n)] + 0.3 * rng.normal(size=(n, N_DIMS))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    texts = [" ".join(rng.choice(["port", "quay", "theme", "apple"], 3)) for _ in range(n)]
    ids = [f"{i:04x}" for i in range(n)]
    order = rng.permutation(n)
    catalogue = [theme(t) for t in range(n_themes)]
    found = find(vectors, catalogue, texts=texts, ids=ids)
    shuffled = find(
        vectors[order], catalogue, texts=[texts[i] for i in order], ids=[ids[i] for i in order]
    )
    assert shuffled == [found[i] for i in order]
