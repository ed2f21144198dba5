"""The clusters below a theme, and the tree of clusters, as counts for people."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from pipeline.records import Assignment, RememberedTheme

#: Smallest share of a theme's articles that makes a sub-cluster of it.
_MIN_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One cluster: `path` down to it, its canonical articles, and their themes, commonest first.

    `n_levels` counts the levels, the last one of `path` included, at which it is the same.
    """

    path: tuple[int, ...]
    n_distinct: int
    themes: tuple[tuple[str, int], ...]
    n_levels: int = 1

    def is_at(self, level: int) -> bool:
        """Say whether it is a cluster of that level."""
        return len(self.path) - self.n_levels <= level < len(self.path)


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


def collapse_chains(nodes: Sequence[TreeNode]) -> tuple[TreeNode, ...]:
    """Tell a cluster that further levels leave whole once, with its path down to the last.

    `nodes` are those of `tree_of`, and keep their order.
    """
    collapsed: list[TreeNode] = []
    for node in nodes:
        above = collapsed[-1] if collapsed else None
        if above and above.path == node.path[:-1] and above.n_distinct == node.n_distinct:
            collapsed[-1] = replace(node, n_levels=above.n_levels + 1)
        else:
            collapsed.append(node)
    return tuple(collapsed)


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


def merged_in_parts(
    parts: Sequence[Collection[str]], merged: Collection[str], remembered: Sequence[RememberedTheme]
) -> list[tuple[str, ...]]:
    """Ids that each part of a theme brings along when the theme is split.

    Parameters
    ----------
    parts : sequence of collection of str
        Content ids of each part.
    merged : collection of str
        Ids that are merged into the theme.
    remembered : sequence of RememberedTheme
        Of the last retrain: who was in the merged themes.

    Returns
    -------
    list of tuple of str
        For each part, sorted, the merged ids with more than half of their articles in it: left
        with the theme, they would bring these articles back at the next retrain.
    """
    brought: list[list[str]] = [[] for _ in parts]
    # What is remembered as a part comes last: it is what the theme was when it was merged.
    past = sorted(remembered, key=lambda theme: theme.part_of is not None)
    members = {theme.theme_id: theme.members for theme in past}
    for theme_id in sorted(set(merged) & members.keys()):
        for part, contents in zip(brought, parts, strict=True):
            n_inside = len(set(members[theme_id]).intersection(contents))
            if 2 * n_inside > len(members[theme_id]):
                part.append(theme_id)
    return [tuple(part) for part in brought]
