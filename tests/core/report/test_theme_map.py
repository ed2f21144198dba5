"""Articles are placed on a drawing of fixed size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.report.theme_map import HEIGHT, WIDTH, ThemeMap, make_map
from pipeline.records import Clusters


def make_clusters(points: list[tuple[float, float]]) -> Clusters:
    n = len(points)
    return Clusters(
        article_ids=tuple(f"a{i:05}" for i in range(n)),
        paths=((),) * n,
        stories=np.arange(n, dtype=np.int32),
        strengths=np.zeros(n, dtype=np.float32),
        map_xy=np.array(points, dtype=np.float32).reshape(-1, 2),
    )


def mapped(points: list[tuple[float, float]], themes: list[str | None], **options: int) -> ThemeMap:
    clusters = make_clusters(points)
    theme_of = dict(zip(clusters.article_ids, themes, strict=True))
    order = sorted({theme for theme in themes if theme})
    theme_map = make_map(clusters, theme_of, order, **options)
    assert theme_map is not None
    return theme_map


def test_themes_are_groups_and_the_rest_is_drawn_first() -> None:
    theme_map = mapped([(0, 0), (1, 0), (0, 1), (1, 1)], ["b", None, "a", "b"])

    assert [group.theme_id for group in theme_map.groups] == [None, "a", "b"]
    assert [len(group.dots) for group in theme_map.groups] == [1, 1, 2]
    assert (theme_map.n_shown, theme_map.n_articles) == (4, 4)


def test_y_points_up() -> None:
    low, high = mapped([(0, 0), (0, 1)], ["a", "b"]).groups

    assert high.dots[0].y < low.dots[0].y


def test_a_theme_that_is_not_listed_counts_as_none() -> None:
    clusters = make_clusters([(0, 0)])
    theme_map = make_map(clusters, {"a00000": "gone"}, [])

    assert theme_map is not None
    assert theme_map.groups[0].theme_id is None


def test_a_large_map_is_a_sample_that_keeps_small_themes() -> None:
    points = [(float(i % 97), float(i % 89)) for i in range(2010)]
    theme_map = mapped(points, ["big"] * 2000 + ["small"] * 10, max_dots=100)

    assert [len(group.dots) for group in theme_map.groups] == [100, 8]
    assert theme_map.n_shown == 108
    assert theme_map.n_articles == 2010


def test_numbers_of_themes_in_one_place_do_not_cover_each_other() -> None:
    theme_map = mapped([(0, 0)] * 5, ["a", "b", "c", "d", "e"])
    places = {(group.label_x, group.label_y) for group in theme_map.groups}

    assert len(places) == 5


@pytest.mark.parametrize("points", [[], [(float("nan"), 0.0)]])
def test_without_a_place_there_is_no_map(points: list[tuple[float, float]]) -> None:
    assert make_map(make_clusters(points), {}, []) is None


coordinate = st.floats(-(2.0**99), 2.0**99, width=32)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=30))
def test_every_dot_lies_inside_the_drawing(points: list[tuple[float, float]]) -> None:
    theme_map = mapped(points, [None] * len(points))

    dots = [dot for group in theme_map.groups for dot in group.dots]
    assert len(dots) == len(points)
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in dots)
