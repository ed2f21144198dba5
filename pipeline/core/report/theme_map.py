"""The plane on which articles that read alike lie close together, ready to be drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.records import Clusters, FloatMatrix

#: Size of the drawing, and the margin kept free on each side.
WIDTH, HEIGHT, MARGIN = 860, 560, 24
#: Above this many articles the map shows a sample: more dots only hide each other.
MAX_DOTS = 3000
#: However large the others are, a theme keeps this many dots in the sample (if it has them).
MIN_DOTS = 8
#: Room that a number takes, in both directions.
LABEL_SIZE = 18
# Where a number may go that would cover another: directions, nearest first.
_AROUND = (
    (0, -20),
    (20, 0),
    (0, 20),
    (-20, 0),
    (20, -20),
    (20, 20),
    (-20, 20),
    (-20, -20),
)


@dataclass(frozen=True, slots=True)
class Dot:
    """One article at (`x`, `y`) in the drawing."""

    article_id: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Group:
    """The dots of one theme (None: of no theme), and the place of its number."""

    theme_id: str | None
    dots: tuple[Dot, ...]
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class ThemeMap:
    """Groups in drawing order: no theme first, so that themes lie on top."""

    groups: tuple[Group, ...]
    n_shown: int
    n_articles: int
    width: int = WIDTH
    height: int = HEIGHT


def make_map(
    clusters: Clusters,
    theme_of: Mapping[str, str | None],
    order: Sequence[str],
    max_dots: int = MAX_DOTS,
) -> ThemeMap | None:
    """Place the clustered articles on the drawing; None where there are none to place.

    Parameters
    ----------
    clusters : Clusters
        `map_xy` of shape (n, 2); rows that are not finite are left out.
    theme_of : Mapping
        Theme id of each article id; missing and None both mean no theme.
    order : Sequence
        Theme ids in the order in which they are drawn.
    max_dots : int
        Above it a sample is drawn: the same share of each theme, spread evenly over the sorted
        article ids, and never fewer than `MIN_DOTS` of a theme that has them (fewer, but at least
        one, where there are very many themes).
    """
    usable = np.flatnonzero(np.isfinite(clusters.map_xy).all(axis=1))
    if not usable.size:
        return None
    places = _scale(clusters.map_xy[usable])
    known = set(order)
    members: dict[str | None, list[int]] = defaultdict(list)
    for place, row in enumerate(usable):
        theme = theme_of.get(clusters.article_ids[row])
        members[theme if theme in known else None].append(place)
    share = min(1.0, max_dots / usable.size)
    least = min(MIN_DOTS, max(1, max_dots // len(members)))
    groups = []
    for theme in (None, *order):
        rows = members.get(theme, [])
        if rows:
            shown = rows if share == 1 else _sample(rows, share, least)
            dots = tuple(
                Dot(clusters.article_ids[usable[i]], *(float(v) for v in places[i])) for i in shown
            )
            label_x, label_y = (float(v) for v in np.round(np.median(places[rows], axis=0), 1))
            groups.append(Group(theme, dots, label_x, label_y))
    n_shown = sum(len(group.dots) for group in groups)
    return ThemeMap(_spread_labels(groups), n_shown, int(usable.size))


def _scale(map_xy: FloatMatrix) -> npt.NDArray[np.float64]:
    """Fit points into the drawing without distortion; y points up, as in any chart."""
    points = map_xy.astype(np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.array([WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN], dtype=np.float64)
    factor = float(np.min(room / np.maximum(high - low, 1e-9)))
    middle = np.array([WIDTH / 2, HEIGHT / 2])
    scaled: npt.NDArray[np.float64] = (points - (low + high) / 2) * [factor, -factor] + middle
    return scaled.round(1)


def _sample(rows: list[int], share: float, least: int) -> list[int]:
    n = min(len(rows), max(round(len(rows) * share), least))
    return [rows[i * len(rows) // n] for i in range(n)]


def _spread_labels(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Move numbers that would cover each other apart, a little and always in the same way."""
    moved: list[Group] = []
    taken: list[tuple[float, float]] = []
    for group in groups:
        x, y = group.label_x, group.label_y
        steps = [(0, 0), *((dx * r, dy * r) for r in (1, 2) for dx, dy in _AROUND)]
        for dx, dy in steps:
            free = all(
                abs(x + dx - u) > LABEL_SIZE or abs(y + dy - v) > LABEL_SIZE for u, v in taken
            )
            if free and 0 < x + dx < WIDTH and 0 < y + dy < HEIGHT:
                x, y = x + dx, y + dy
                break
        if group.theme_id is not None:
            taken.append((x, y))
        moved.append(Group(group.theme_id, group.dots, round(x, 1), round(y, 1)))
    return tuple(moved)
