"""Clusters + the catalogue → themes: who belongs where, how sure, and on what evidence.

A catalogued theme is looked for by its own words: name, description and seed phrases are embedded
and their mean is its query. Clusters whose centre lies close to a query are that theme; several may
be (density often splits a large theme). Articles that fit the query join from anywhere, and a part
of such a cluster that lies apart from the query is split off. What is left of the clusters are
provisional themes.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.clustering.clusters import MIN_CLUSTER_SIZE, NO_CLUSTER
from pipeline.core.mentions import mentions_all
from pipeline.errors import InputError
from pipeline.records import CatalogueTheme, FloatMatrix, How

NO_GROUP = -1
Labels = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class ThemeSettings:
    """What params.yaml says of themes; see there for the meaning and the ranges."""

    match_similarity: float
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


def catalogue_texts(theme: CatalogueTheme) -> list[str]:
    """Texts whose mean vector is the query of a catalogued theme."""
    return [f"{theme.name}. {theme.description}", *theme.seed_phrases]


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


def unit(vector: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """`vector` scaled to length 1; zeros stay zeros."""
    norm = float(np.linalg.norm(vector))
    return (vector / norm if norm else vector).astype(np.float32)


def group_articles(
    content_ids: Sequence[str],
    texts: Sequence[str],
    vectors: FloatMatrix,
    clusters: Labels,
    catalogue: Sequence[CatalogueTheme],
    queries: FloatMatrix,
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
        Length t; `queries` has shape (t, d), unit rows, in the same order.
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
    queries: FloatMatrix,
    settings: ThemeSettings,
) -> Grouping:
    likeness = _likeness(texts, vectors, catalogue, queries)
    groups, how = _start_from_clusters(vectors, clusters, queries, likeness, settings)
    _join_guided(groups, how, vectors, queries, likeness, settings)
    _pin(groups, how, content_ids, catalogue)
    groups = _drop_small(groups, len(catalogue))
    fits = _fits(groups, vectors, queries)
    _settle_leftovers(groups, how, fits, likeness, settings)
    _pin(groups, how, content_ids, catalogue)
    groups, fits = _by_size(groups, fits, len(catalogue))
    names = tuple("none" if g == NO_GROUP else h for g, h in zip(groups, how, strict=True))
    return Grouping(groups, fits, names)


def _likeness(
    texts: Sequence[str],
    vectors: FloatMatrix,
    catalogue: Sequence[CatalogueTheme],
    queries: FloatMatrix,
) -> FloatMatrix:
    """Cosine of each article and each query; -1 where the article lacks what it must mention."""
    if not catalogue or not len(vectors):
        return np.zeros((len(vectors), len(catalogue)), dtype=np.float32)
    allowed = [[mentions_all(text, theme.must_mention) for theme in catalogue] for text in texts]
    return np.where(np.array(allowed), vectors @ queries.T, -1).astype(np.float32)


def _start_from_clusters(
    vectors: FloatMatrix,
    clusters: Labels,
    queries: FloatMatrix,
    likeness: FloatMatrix,
    settings: ThemeSettings,
) -> tuple[Labels, list[How]]:
    """Clusters close to a query become that theme, less the part that lies apart from it."""
    n_themes = len(queries)
    groups = np.where(clusters == NO_CLUSTER, NO_GROUP, clusters + n_themes).astype(np.int32)
    spare = int(clusters.max(initial=-1)) + 1 + n_themes
    for cluster in range(int(clusters.max(initial=-1)) + 1):
        members = np.flatnonzero(clusters == cluster)
        if not n_themes or not len(members):
            continue
        # What lacks the terms of a theme has no say in whether the cluster is that theme.
        able = likeness[members] > -1
        closeness = np.array(
            [queries[t] @ unit(vectors[members[able[:, t]]].sum(axis=0)) for t in range(n_themes)]
        )
        theme = int(np.argmax(closeness))
        apart = _part_apart(vectors[members], likeness[members, theme], queries[theme], settings)
        apart |= ~able[:, theme]
        core = members[~apart]
        if len(core) >= MIN_CLUSTER_SIZE:  # a theme that was swallowed may show once parted
            closeness[theme] = max(
                closeness[theme], queries[theme] @ unit(vectors[core].mean(axis=0))
            )
        if closeness[theme] >= settings.match_similarity:
            groups[core] = theme
            groups[members[apart]] = spare
            spare += 1
    how: list[How] = ["none" if group == NO_GROUP else "core" for group in groups]
    return groups, how


def _part_apart(
    vectors: FloatMatrix,
    likeness: npt.NDArray[np.float32],
    query: npt.NDArray[np.float32],
    settings: ThemeSettings,
) -> npt.NDArray[np.bool_]:
    """Members of a cluster that are a theme of their own beside the catalogued one.

    Two centres are started from the articles below and above `join_similarity` and settled as in
    k-means. The part counts only if it is large enough for a theme and its centre is no match.
    """
    nobody = np.zeros(len(vectors), dtype=bool)
    apart = likeness < settings.join_similarity
    for _ in range(10):
        if apart.sum() < MIN_CLUSTER_SIZE or (~apart).sum() < 1:
            return nobody
        inner, outer = (unit(vectors[part].mean(axis=0)) for part in (~apart, apart))
        moved = vectors @ outer > vectors @ inner
        if (moved == apart).all():
            break
        apart = moved
    return apart if query @ outer < settings.match_similarity else nobody


def _join_guided(
    groups: Labels,
    how: list[How],
    vectors: FloatMatrix,
    queries: FloatMatrix,
    likeness: FloatMatrix,
    settings: ThemeSettings,
) -> None:
    """Articles that fit a catalogued theme better than what they are in join it.

    The fit is judged half by the theme's words and half by its members so far; by its words
    alone where it has too few members. Articles in no group compare with every other group.
    """
    n_themes = likeness.shape[1]
    if not n_themes:
        return
    fits = _fits(groups, vectors, queries)
    for theme in range(n_themes):
        members = groups == theme
        if members.sum() >= MIN_CLUSTER_SIZE:
            typical = max(float(np.median(likeness[members, theme])), settings.join_similarity)
            fits[:, theme] = (fits[:, theme] + likeness[:, theme] / typical) / 2
        else:
            fits[:, theme] = likeness[:, theme] / settings.match_similarity
    before = groups.copy()
    for row in range(len(groups)):
        theme = int(np.argmax(likeness[row]))
        own = int(before[row])
        if own == theme or likeness[row, theme] < settings.join_similarity:
            continue
        rivals = np.delete(fits[row], theme) if own == NO_GROUP else fits[row, [own]]
        if fits[row, theme] > rivals.max(initial=0):
            groups[row] = theme
            how[row] = "guided"


def _pin(
    groups: Labels,
    how: list[How],
    content_ids: Sequence[str],
    catalogue: Sequence[CatalogueTheme],
) -> None:
    pinned = {content: t for t, theme in enumerate(catalogue) for content in theme.pinned}
    for row, content in enumerate(content_ids):
        if content in pinned and groups[row] != pinned[content]:
            groups[row] = pinned[content]
            how[row] = "guided"


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


def _fits(groups: Labels, vectors: FloatMatrix, queries: FloatMatrix) -> FloatMatrix:
    """Closeness of every article to every group, as a share of that of its median member."""
    n_groups = max(int(groups.max(initial=-1)) + 1, len(queries))
    fits = np.zeros((len(vectors), n_groups), dtype=np.float32)
    for g in range(n_groups):
        members = groups == g
        if members.sum() >= 2:
            closeness = vectors @ unit(vectors[members].mean(axis=0))
            fits[:, g] = closeness / max(float(np.median(closeness[members])), 1e-6)
        elif g < len(queries):  # an empty catalogued theme or one of a single article
            fits[:, g] = vectors @ queries[g]
    return np.clip(fits, 0, None)


def _settle_leftovers(
    groups: Labels,
    how: list[How],
    fits: FloatMatrix,
    likeness: FloatMatrix,
    settings: ThemeSettings,
) -> None:
    """Articles in no group join the one that they fit best, if they fit; bad fits leave theirs."""
    n_themes = likeness.shape[1]
    sizes = [(groups == g).sum() for g in range(fits.shape[1])]
    for row in range(len(groups)):
        if groups[row] == NO_GROUP:
            if not fits.shape[1]:
                continue
            able = fits[row].copy()
            able[:n_themes][likeness[row] == -1] = 0
            best = int(np.argmax(able))
            fits_well = able[best] >= settings.min_fit
            if best < n_themes and sizes[best] < MIN_CLUSTER_SIZE:
                # Too few members to judge by: its words must fit as well.
                fits_well = fits_well and likeness[row, best] >= settings.join_similarity
            if fits_well:
                groups[row] = best
                how[row] = "leftover"
        elif how[row] == "core" and fits[row, groups[row]] < settings.min_fit:
            groups[row] = NO_GROUP


def _by_size(groups: Labels, fits: FloatMatrix, n_catalogued: int) -> tuple[Labels, FloatMatrix]:
    """Order provisional groups by falling size, then by their first article."""
    provisional = [int(g) for g in np.unique(groups) if g >= n_catalogued]
    provisional.sort(key=lambda g: (-int((groups == g).sum()), int(np.argmax(groups == g))))
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
