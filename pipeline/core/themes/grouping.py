"""Clusters + the catalogue → themes: who belongs where, how sure, and on what evidence.

Catalogued themes come first: `guided` finds their articles, whatever cluster they are in. What is
left of the clusters are provisional themes, and articles without a cluster join those that they
fit.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.clustering.clusters import NO_CLUSTER
from pipeline.core.clustering.tree import MIN_CLUSTER_SIZE
from pipeline.core.embeddings import mean_direction
from pipeline.core.themes.guided import NO_THEME, find_members, leave_to_clusters
from pipeline.core.themes.queries import Queries
from pipeline.errors import InputError
from pipeline.records import CatalogueTheme, FloatMatrix, How

__all__ = [
    "NO_GROUP", "Evidence", "Grouping", "ThemeSettings", "find_evidence",
    "group_articles", "pin_groups", "provisional_id", "strengths_of",
]  # fmt: skip

NO_GROUP = -1
Labels = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ThemeSettings:
    """What params.yaml says of themes; see there for the meaning and the ranges."""

    join_similarity: float
    min_fit: float


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Which group each canonical article is in.

    Groups 0 … n_catalogued - 1 are the catalogued themes in the order given, further ones are
    provisional, by falling size. `groups` has shape (n,), int32, `NO_GROUP` for none; `fits` has
    shape (n, n_groups), float32: closeness to each group, 1 = that of its median member (cosine
    with the query where a group has fewer than two members); `how[i]` says how article i came to
    its group.
    """

    groups: Labels
    fits: FloatMatrix
    how: tuple[How, ...]


def pin_groups(
    catalogue: Sequence[CatalogueTheme], canonical_of: Mapping[str, str]
) -> tuple[list[CatalogueTheme], list[str]]:
    """Let pins name any copy of an article; give also the pins that name nothing.

    Parameters
    ----------
    catalogue : sequence of CatalogueTheme
    canonical_of : mapping of str to str
        Content id → content id of the canonical article of its group.

    Returns
    -------
    list of CatalogueTheme
        Pinned to canonical contents.
    list of str
        Pinned contents that are not in the corpus, sorted.

    Raises
    ------
    InputError
        If copies of one article are pinned to two themes.
    """
    owner: dict[str, tuple[str, str]] = {}
    for theme in catalogue:
        for content in theme.pinned:
            first = owner.setdefault(canonical_of.get(content, content), (content, theme.theme_id))
            if first[1] != theme.theme_id:
                raise InputError(
                    f"themes.yaml: {first[0]} and {content} are copies of one article and pinned "
                    f"to '{first[1]}' and '{theme.theme_id}'; keep one"
                )
    unknown = sorted({c for t in catalogue for c in t.pinned if c not in canonical_of})
    pinned = [
        replace(theme, pinned=tuple(canonical_of[c] for c in theme.pinned if c in canonical_of))
        for theme in catalogue
    ]
    return pinned, unknown


def group_articles(
    content_ids: Sequence[str],
    texts: Sequence[str],
    vectors: FloatMatrix,
    clusters: Labels,
    catalogue: Sequence[CatalogueTheme],
    queries: Queries,
    settings: ThemeSettings,
) -> Grouping:
    """Decide for each canonical article which theme it belongs to.

    Parameters
    ----------
    content_ids : sequence of str
        Length n.
    texts : sequence of str
        Length n: title and body, for the terms that a theme must mention.
    vectors : ndarray of shape (n, d), float32
        Unit rows.
    clusters : ndarray of shape (n,), int32
        Cluster of each article, -1 for none.
    catalogue : sequence of CatalogueTheme
        Length t; `queries` are those of its themes, in the same order.
    settings : ThemeSettings
        From params.yaml.

    Returns
    -------
    Grouping
        Pinned articles are in their theme whatever else is said.
    """
    # Sums differ in their last digits with the number of threads, and are compared below.
    with one_thread():
        return _group(content_ids, texts, vectors, clusters, catalogue, queries, settings)


def _group(
    content_ids: Sequence[str],
    texts: Sequence[str],
    vectors: FloatMatrix,
    clusters: Labels,
    catalogue: Sequence[CatalogueTheme],
    queries: Queries,
    settings: ThemeSettings,
) -> Grouping:
    themes = find_members(content_ids, texts, vectors, catalogue, queries, settings.join_similarity)
    pinned = frozenset(content for theme in catalogue for content in theme.pinned)
    free = np.array([content not in pinned for content in content_ids], dtype=bool)
    leave_to_clusters(themes, vectors, clusters, free)
    n_themes = len(catalogue)
    groups = np.where(clusters == NO_CLUSTER, NO_GROUP, clusters + n_themes).astype(np.int32)
    groups = np.where(themes != NO_THEME, themes, groups).astype(np.int32)
    how = _how_found(themes, clusters)
    groups = _drop_small(groups, n_themes)
    fits = _fits(groups, vectors, queries, n_themes)
    _settle_leftovers(groups, how, fits, n_themes, settings.min_fit)
    groups, fits = _by_size(groups, fits, n_themes)
    names = tuple("none" if g == NO_GROUP else h for g, h in zip(groups, how, strict=True))
    return Grouping(groups, fits, names)


def _how_found(themes: Labels, clusters: Labels) -> list[How]:
    """Say `core` where density agrees: half of the article's cluster or more is of its theme."""
    how: list[How] = ["none"] * len(themes)
    for row, (theme, cluster) in enumerate(zip(themes, clusters, strict=True)):
        if theme != NO_THEME:
            how[row] = "guided"
        elif cluster != NO_CLUSTER:
            how[row] = "core"
    for cluster in range(int(clusters.max(initial=-1)) + 1):
        members = np.flatnonzero(clusters == cluster)
        for theme in np.unique(themes[members]):
            rows = members[themes[members] == theme]
            if theme != NO_THEME and len(rows) >= max(MIN_CLUSTER_SIZE, len(members) / 2):
                for row in rows:
                    how[int(row)] = "core"
    return how


def _drop_small(groups: Labels, n_catalogued: int) -> Labels:
    """Renumber; a provisional group that shrank below a theme's least size is dissolved."""
    kept = [
        g
        for g in np.unique(groups)
        if g >= n_catalogued and (groups == g).sum() >= MIN_CLUSTER_SIZE
    ]
    number = {int(g): n_catalogued + i for i, g in enumerate(kept)}
    number |= {t: t for t in range(n_catalogued)}
    return np.array([number.get(int(g), NO_GROUP) for g in groups], dtype=np.int32)


def _fits(groups: Labels, vectors: FloatMatrix, queries: Queries, n_catalogued: int) -> FloatMatrix:
    """Closeness of every article to every group, as a share of that of its median member."""
    n_groups = max(int(groups.max(initial=-1)) + 1, n_catalogued)
    fits = np.zeros((len(vectors), n_groups), dtype=np.float32)
    for g in range(n_groups):
        members = groups == g
        if members.sum() >= 2:
            closeness = vectors @ mean_direction(vectors[members]).astype(np.float32)
            fits[:, g] = closeness / max(float(np.median(closeness[members])), 1e-6)
        elif g < n_catalogued:  # an empty catalogued theme or one of a single article
            fits[:, g] = queries.closest(vectors, g)
    return np.clip(fits, 0, None)


def _settle_leftovers(
    groups: Labels, how: list[How], fits: FloatMatrix, n_catalogued: int, min_fit: float
) -> None:
    """Articles in no group join the provisional one that they fit best; bad fits leave theirs.

    Catalogued themes have all articles that fit them already.
    """
    n_groups = fits.shape[1]
    for row in range(len(groups)):
        own = int(groups[row])
        if own == NO_GROUP and n_groups > n_catalogued:
            best = n_catalogued + int(np.argmax(fits[row, n_catalogued:]))
            if fits[row, best] >= min_fit:
                groups[row] = best
                how[row] = "leftover"
        elif own >= n_catalogued and fits[row, own] < min_fit:
            groups[row] = NO_GROUP


def _by_size(groups: Labels, fits: FloatMatrix, n_catalogued: int) -> tuple[Labels, FloatMatrix]:
    """Order provisional groups by falling size, then by their first article.

    One that has too few articles left is dissolved.
    """
    found, first, sizes = np.unique(groups, return_index=True, return_counts=True)
    kept = np.flatnonzero((found >= n_catalogued) & (sizes >= MIN_CLUSTER_SIZE))
    provisional = found[kept[np.lexsort((first[kept], -sizes[kept]))]].tolist()
    order = [*range(n_catalogued), *provisional]
    number = {g: i for i, g in enumerate(order)}
    renumbered = [number.get(int(g), NO_GROUP) for g in groups]
    return np.array(renumbered, dtype=np.int32), fits[:, order]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows of a group's articles: the most typical, and those that nearly belong elsewhere."""

    representative: tuple[int, ...]
    borderline: tuple[int, ...]


def find_evidence(grouping: Grouping, group: int, *, n: int) -> Evidence:
    """Rows of the `n` best-fitting members and of the `n` with the smallest lead over a rival."""
    rows = np.flatnonzero(grouping.groups == group)
    own = grouping.fits[rows, group]
    others = np.delete(grouping.fits[rows], group, axis=1)
    lead = own - (others.max(axis=1) if others.shape[1] else 0)
    representative = rows[np.argsort(-own, kind="stable")][:n]
    chosen = set(representative.tolist())
    doubtful = [int(row) for row in rows[np.argsort(lead, kind="stable")] if row not in chosen]
    return Evidence(tuple(int(r) for r in representative), tuple(doubtful[:n]))


def strengths_of(grouping: Grouping) -> npt.NDArray[np.float32]:
    """How well each article fits its theme, in [0, 1]; 0 for none. Rounded to 4 digits."""
    n = len(grouping.groups)
    columns = np.where(grouping.groups == NO_GROUP, 0, grouping.groups)
    if not grouping.fits.shape[1]:
        return np.zeros(n, dtype=np.float32)
    own = grouping.fits[np.arange(n), columns]
    own = np.where(grouping.groups == NO_GROUP, 0, np.clip(own, 0, 1))
    return np.round(own, 4).astype(np.float32)


def provisional_id(
    content_ids: Sequence[str], representative: Sequence[int], taken: Container[str] = ()
) -> str:
    """Id of a theme that nobody has named: depends on the content of its most typical article.

    It is longer than usual where the short one is among those `taken`.
    """
    content_id = content_ids[representative[0]]
    for size in range(8, len(content_id)):
        if f"t-{content_id[:size]}" not in taken:
            return f"t-{content_id[:size]}"
    return f"t-{content_id}"
