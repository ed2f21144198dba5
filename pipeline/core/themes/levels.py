"""Where the tree of clusters is cut into themes: at one level, but where themes were before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.clustering.clusters import NO_CLUSTER
from pipeline.core.clustering.tree import MIN_CLUSTER_SIZE
from pipeline.records import Level, RememberedTheme, Snapshot

Labels = npt.NDArray[np.int32]
Rows = npt.NDArray[np.intp]

#: A cluster and a theme of the last retrain are one where this share (Jaccard) of the articles
#: that either has, and that were in themes then, is common.
SAME_THEME = 0.7


def choose_level(levels: Sequence[Level], granularity: int) -> int:
    """Level `granularity` steps finer than the default one, within the tree.

    A negative number is coarser. `levels` come from coarse to fine; without any it is 0.
    """
    default = next((level.level for level in levels if level.is_default), 0)
    return max(0, min(default + granularity, len(levels) - 1))


@dataclass(frozen=True, slots=True)
class _Node:
    """A cluster of another level that a remembered theme is."""

    likeness: float
    theme_id: str
    level: int
    cluster: int


def cut_tree(
    labels: Labels, level: int, content_ids: Sequence[str], before: Snapshot | None
) -> Labels:
    """Clusters at a level, but for themes of the last retrain that another level still has.

    Where a little more news moves the cut above or below a theme, the theme stays what it was:
    its cluster is taken from the level that has it, and what is left of clusters that it was part
    of stays together. A theme that no level has any more follows the level.

    Parameters
    ----------
    labels : ndarray of shape (n_levels, n), int32
        Nested clusters, coarsest level first; -1 for none.
    level : int
        Where the tree is cut otherwise.
    content_ids : sequence of str
        Length n.
    before : Snapshot or None
        The last retrain, in today's contents, if it was cut with the same granularity.

    Returns
    -------
    ndarray of shape (n,), int32
        Numbers without a meaning, -1 for none.
    """
    cut: Labels = labels[level].copy()
    themes = [theme for theme in before.themes if _is_of_density(theme)] if before else []
    row_of = {content: row for row, content in enumerate(content_ids)}
    members = [
        np.array([row_of[c] for c in theme.members if c in row_of], dtype=np.intp)
        for theme in themes
    ]
    if not sum(map(len, members)):
        return cut
    known = np.unique(np.concatenate(members))
    found = [
        _find(labels, level, theme, rows, known)
        for theme, rows in zip(themes, members, strict=True)
        if len(rows) >= MIN_CLUSTER_SIZE
    ]
    nodes = sorted((n for n in found if n), key=lambda n: (-n.likeness, n.theme_id))
    is_settled = np.zeros(len(cut), dtype=bool)
    for node in nodes:
        if node.level == level:
            is_settled |= cut == node.cluster
    spare = int(cut.max(initial=NO_CLUSTER)) + 1
    for node in nodes:
        rows = np.flatnonzero(labels[node.level] == node.cluster)
        if node.level == level or is_settled[rows].any():
            continue
        divided = np.unique(cut[rows])
        cut[rows] = spare
        is_settled[rows] = True
        spare += 1
        for cluster in divided[divided != NO_CLUSTER]:
            if (cut == cluster).sum() < MIN_CLUSTER_SIZE:
                cut[cut == cluster] = NO_CLUSTER
    return cut


def _is_of_density(theme: RememberedTheme) -> bool:
    """Say whether clusters found the theme, and did so last time."""
    return not theme.absent and (theme.status == "provisional" or theme.part_of is not None)


def _find(
    labels: Labels, level: int, theme: RememberedTheme, rows: Rows, known: Rows
) -> _Node | None:
    """Cluster that is the theme: that of the level itself if it is one, or else the likest."""
    best: _Node | None = None
    order = sorted(range(len(labels)), key=lambda other: (abs(other - level), other))
    for other in order:
        inside = labels[other, rows]
        clusters, common = np.unique(inside[inside != NO_CLUSTER], return_counts=True)
        if not len(clusters):
            continue
        sizes = np.array([(labels[other, known] == cluster).sum() for cluster in clusters])
        likeness = common / (sizes + len(rows) - common)
        top = int(np.argmax(likeness))
        share = float(likeness[top])
        if share >= SAME_THEME and (best is None or share > best.likeness):
            best = _Node(share, theme.theme_id, other, int(clusters[top]))
        if other == level and best is not None:
            return best
    return best
