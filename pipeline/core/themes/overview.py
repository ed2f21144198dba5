"""The clusters below a theme, and the tree of clusters, as counts for people."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.records import Assignment

#: Smallest share of a theme's articles that makes a sub-cluster of it.
_MIN_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One cluster: `path` down to it, its canonical articles, and their themes, commonest first."""

    path: tuple[int, ...]
    n_distinct: int
    themes: tuple[tuple[str, int], ...]


def tree_of(assignments: Sequence[Assignment], depth: int) -> tuple[TreeNode, ...]:
    """Clusters of the first `depth` levels, each before those inside it, the largest first."""
    members: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for row in assignments:
        if row.how != "copy":
            for level in range(min(depth, len(row.path))):
                members[row.path[: level + 1]].append(row.theme or "")
    nodes = {
        path: TreeNode(
            path,
            len(themes),
            tuple(sorted(Counter(filter(None, themes)).items(), key=lambda t: (-t[1], t[0]))),
        )
        for path, themes in members.items()
    }

    def order(path: tuple[int, ...]) -> list[tuple[int, int]]:
        steps = [path[: level + 1] for level in range(len(path))]
        return [(-nodes[step].n_distinct, step[-1]) for step in steps]

    return tuple(nodes[path] for path in sorted(nodes, key=order))


def parts_of(
    assignments: Sequence[Assignment], theme_id: str, level: int | None = None
) -> list[list[Assignment]]:
    """Sub-clusters of a theme, the largest first; each with its strongest articles first.

    `level` is the place in the path that tells them apart; by default the coarsest one at which
    there are two of at least two articles and a twentieth of the theme. Empty where there is none.
    """
    rows = [r for r in assignments if r.theme == theme_id and r.how != "copy" and r.path]
    smallest = max(2, math.ceil(_MIN_SHARE * len(rows)))
    depth = max((len(row.path) for row in rows), default=0)
    for place in range(depth) if level is None else [level]:
        parts: dict[tuple[int, ...], list[Assignment]] = defaultdict(list)
        for row in sorted(rows, key=lambda r: (-r.strength, r.article_id)):
            if place < len(row.path):
                parts[row.path[: place + 1]].append(row)
        large = [part for part in parts.values() if len(part) >= smallest]
        if len(large) > 1:
            return sorted(large, key=lambda part: (-len(part), part[0].article_id))
    return []
