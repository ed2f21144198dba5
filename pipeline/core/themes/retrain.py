"""One retrain: articles, clusters, the catalogue and what was before → groups that have ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.themes.descriptions import adopt_labels
from pipeline.core.themes.edits import Corpus, apply_edits, canonical_catalogue
from pipeline.core.themes.grouping import (
    NO_GROUP,
    Grouping,
    ThemeSettings,
    group_articles,
    pin_groups,
)
from pipeline.core.themes.identity import Identity, identify
from pipeline.core.themes.levels import cut_tree
from pipeline.core.themes.memory import Absorbed, at_present
from pipeline.core.themes.queries import Queries
from pipeline.records import Catalogue, CatalogueTheme, FloatMatrix, Snapshot, ThemeEvent


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What themes are found in.

    Canonical articles, n of them: `corpus`, `vectors` of shape (n, d), float32, unit rows, made by
    `model`, and `tree`, shape (n_levels, n), int32, -1 for none: nested clusters, coarsest first,
    to be cut at `level`, which is the one that `granularity` of params.yaml asks for.
    `queries` are those of the themes of `catalogue`, which has contents as the analyst wrote them.
    """

    corpus: Corpus
    vectors: FloatMatrix
    model: str
    tree: npt.NDArray[np.int32]
    level: int
    granularity: int
    catalogue: Catalogue
    queries: Queries


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Groups with ids.

    `catalogue` is that of the material with contents told by their canonical ones; `identities`
    are those of the provisional groups. `before` is the last retrain in today's contents.
    `formerly` maps ids that labels gave to those that the themes had, and `kept_as` ids under
    which somebody took provisional themes into the catalogue to those that these had. `retired`
    are ids that were catalogued then and are no more. `unknown_pins` are not in the corpus.
    """

    grouping: Grouping
    catalogue: tuple[CatalogueTheme, ...]
    identities: tuple[Identity, ...]
    absorbed: tuple[Absorbed, ...]
    conflicts: tuple[ThemeEvent, ...]
    before: Snapshot | None
    formerly: Mapping[str, str]
    kept_as: Mapping[str, str]
    retired: frozenset[str]
    unknown_pins: tuple[str, ...]

    @property
    def former_ids(self) -> dict[str, str]:
        """Id now → id last time, of every theme that people gave another one."""
        return {**self.kept_as, **self.formerly}

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """Id of each group, in order."""
        catalogued = [theme.theme_id for theme in self.catalogue]
        return (*catalogued, *(identity.theme_id for identity in self.identities))


def find_themes(
    material: Material,
    before: Snapshot | None,
    settings: ThemeSettings,
    name_by_labels: Callable[[Mapping[str, str | None]], Mapping[str, str]] | None = None,
) -> Outcome:
    """Group articles, let the groups continue the themes that they were, and apply the edits.

    Parameters
    ----------
    material : Material
    before : Snapshot or None
        The last retrain, as it was written.
    settings : ThemeSettings
        From params.yaml.
    name_by_labels : callable, optional
        Content id → theme id in; provisional theme id → what people call it out.

    Raises
    ------
    InputError
        If copies of one article are pinned to two themes.
    """
    corpus, written = material.corpus, material.catalogue
    pinned, unknown = pin_groups(written.themes, corpus.canonical_of)
    catalogue = canonical_catalogue(written, pinned, corpus.canonical_of)
    owners = written.owners
    then = at_present(before, corpus.canonical_of) if before else None
    alike = then if then and then.granularity == material.granularity else None
    clusters = cut_tree(material.tree, material.level, corpus.content_ids, alike)
    grouping = group_articles(
        corpus.content_ids, corpus.texts, material.vectors, clusters, catalogue, material.queries,
        settings,
    )  # fmt: skip
    retired = _retired(then, owners)
    identities = identify(
        corpus.content_ids, material.vectors, grouping, then,
        n_catalogued=len(catalogue),
        barred=retired | _catalogued_before(then, owners),
        model=material.model,
    )  # fmt: skip
    known = {t.theme_id for t in then.themes} | {i.theme_id for i in identities} if then else None
    edited = apply_edits(
        grouping, identities, corpus, written,
        min_fit=settings.min_fit,
        known=None if known is None else frozenset(known),
    )  # fmt: skip
    adopted = _adopt(edited.grouping, edited.identities, material, owners, name_by_labels)
    in_use = {identity.theme_id for identity in adopted}
    formerly = {
        new.theme_id: old.theme_id
        for new, old in zip(adopted, edited.identities, strict=True)
        if old.theme_id not in in_use  # else the old theme goes on under its id
    }
    return Outcome(
        edited.grouping, catalogue, adopted, edited.absorbed, edited.conflicts, then, formerly,
        _kept_as(then, written), retired, tuple(unknown),
    )  # fmt: skip


def _kept_as(before: Snapshot | None, catalogue: Catalogue) -> dict[str, str]:
    """Catalogued themes that are new, and the largest remembered one that each was made of."""
    sizes = {t.theme_id: len(t.members) for t in before.themes} if before else {}
    kept = {}
    for theme in catalogue.themes:
        made_of = [merged for merged in theme.merged if merged in sizes]
        if theme.theme_id not in sizes and made_of:
            kept[theme.theme_id] = min(made_of, key=lambda merged: (-sizes[merged], merged))
    return kept


def _retired(before: Snapshot | None, owners: Mapping[str, str]) -> frozenset[str]:
    """Themes that were catalogued and are no more, and that no other theme has taken in."""
    themes = before.themes if before else ()
    return frozenset(
        t.theme_id for t in themes if t.status == "catalogued" and t.theme_id not in owners
    )


def _catalogued_before(before: Snapshot | None, owners: Mapping[str, str]) -> frozenset[str]:
    """Themes that were catalogued then as now: the catalogue finds them, not their members.

    One that was provisional before it was catalogued is found by its members as well, for as long
    as density shows it.
    """
    themes = before.themes if before else ()
    own = {t.theme_id for t in themes if owners.get(t.theme_id) == t.theme_id}
    by_density = {t.theme_id for t in themes if t.part_of or t.status == "provisional"}
    return frozenset(own - by_density)


def _adopt(
    grouping: Grouping,
    identities: Sequence[Identity],
    material: Material,
    owners: Mapping[str, str],
    name_by_labels: Callable[[Mapping[str, str | None]], Mapping[str, str]] | None,
) -> tuple[Identity, ...]:
    """Let people's labels name what is not catalogued."""
    if name_by_labels is None:
        return tuple(identities)
    n = len(material.catalogue.themes)
    ids = [t.theme_id for t in material.catalogue.themes] + [i.theme_id for i in identities]
    theme_of = {
        content: ids[g] if g != NO_GROUP else None
        for content, g in zip(material.corpus.content_ids, grouping.groups, strict=True)
    }
    sizes = [int((grouping.groups == n + g).sum()) for g in range(len(identities))]
    return adopt_labels(identities, sizes, name_by_labels(theme_of), owners.keys())
