"""Which theme of the last retrain each group of this one continues.

Groups and remembered themes are matched one to one by the articles that they have in common; the
directions of their centres have to agree. The pair with the most articles in common comes first,
so the largest part of a theme that split keeps its id, and of themes that merged the one that
brings the most articles gives its id to the whole. What fits nothing gets an id of its own, which
depends on the content of its most typical article.

One-to-one matching of clusters by members follows MONIC (M. Spiliopoulou et al., KDD 2006), whose
rule is that at least half of the old cluster has to be found again; it is widened here for themes
that split into many parts or that are swallowed by a larger one, and narrowed by the centres.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.embeddings import mean_direction
from pipeline.core.themes.grouping import Grouping, find_evidence, provisional_id
from pipeline.records import FloatMatrix, RememberedTheme, Snapshot

#: Articles in common that a continuation needs; one may be a coincidence.
MIN_COMMON = 2
#: Share that the articles in common have to be of the old theme or of the group …
MIN_LARGER_SHARE = 0.5
#: … and of the other of the two.
MIN_SMALLER_SHARE = 0.2
#: Cosine of the centres that a continuation needs.
MIN_COSINE = 0.6
#: Without any article that could be in common, the centres alone have to be this close.
MIN_COSINE_ALONE = 0.9
#: A provisional name is kept while this share (Jaccard) of the members stays the same.
SAME_MEMBERS = 0.5


@dataclass(frozen=True, slots=True)
class Identity:
    """Id of a provisional group; the name that it had, or None where it needs a new one."""

    theme_id: str
    name: str | None


@dataclass(frozen=True, slots=True)
class _Pair:
    """A group and a remembered theme that may be one: better pairs sort first."""

    group: int
    theme: int
    common: int
    cosine: float
    likeness: float
    theme_id: str
    first_content: str

    @property
    def rank(self) -> tuple[int, float, float, str, str]:
        return (-self.common, -self.likeness, -self.cosine, self.theme_id, self.first_content)


def identify(
    content_ids: Sequence[str],
    vectors: FloatMatrix,
    grouping: Grouping,
    before: Snapshot | None,
    *,
    n_catalogued: int,
    barred: Collection[str] = (),
    model: str = "",
) -> tuple[Identity, ...]:
    """Give every provisional group the id of the theme that it continues, or a new one.

    Parameters
    ----------
    content_ids : sequence of str
        Length n, canonical contents.
    vectors : ndarray of shape (n, d), float32
        Unit rows.
    grouping : Grouping
        Of the same n articles; groups from `n_catalogued` on are identified.
    before : Snapshot or None
        The last retrain as `pipeline.core.themes.memory.at_present` gives it: members that are in
        the corpus no more are left out. None: everything is new.
    n_catalogued : int
        Number of catalogued themes.
    barred : collection of str
        Remembered ids that no group may continue.
    model : str
        Encoder of `vectors`; centres of another one are not compared.

    Returns
    -------
    tuple of Identity
        One for each provisional group, in order; ids are distinct. An id that is new is none of
        those that are remembered.
    """
    n_groups = grouping.fits.shape[1]
    members = [np.flatnonzero(grouping.groups == g) for g in range(n_catalogued, n_groups)]
    found: dict[int, Identity] = {}
    taken: set[str] = set()
    if before is not None:
        taken = {theme.theme_id for theme in before.themes}
        themes = _candidates(before.themes, barred)
        with one_thread():
            found = _continue(content_ids, vectors, members, before, themes, before.model == model)
    identities = []
    for number in range(len(members)):
        identity = found.get(number)
        if identity is None:
            evidence = find_evidence(grouping, n_catalogued + number, n=1)
            theme_id = provisional_id(content_ids, evidence.representative, taken)
            identity = Identity(theme_id, None)
            taken.add(theme_id)
        identities.append(identity)
    return tuple(identities)


def _candidates(
    themes: Sequence[RememberedTheme], barred: Collection[str]
) -> list[RememberedTheme]:
    """Themes that a group may continue, one for each id: what was merged before it was merged."""
    chosen: dict[str, RememberedTheme] = {}
    for theme in themes:
        if theme.theme_id not in barred and (
            theme.theme_id not in chosen or theme.part_of is not None
        ):
            chosen[theme.theme_id] = theme
    return [chosen[theme_id] for theme_id in sorted(chosen)]


def _continue(
    content_ids: Sequence[str],
    vectors: FloatMatrix,
    members: Sequence[npt.NDArray[np.intp]],
    before: Snapshot,
    themes: Sequence[RememberedTheme],
    has_same_model: bool,
) -> dict[int, Identity]:
    """Match groups with themes, present ones before those that were absent for a while."""
    centres = [mean_direction(vectors[rows]) for rows in members]
    cosines = _cosines(centres, themes) if has_same_model else {}
    pairs = _pairs(content_ids, members, before, themes, cosines)
    found: dict[int, Identity] = {}
    used: set[int] = set()
    for is_absent in (False, True):
        for pair in sorted(pairs, key=lambda p: p.rank):
            theme = themes[pair.theme]
            is_free = pair.group not in found and pair.theme not in used
            if is_free and (theme.absent > 0) == is_absent:
                keeps_name = pair.likeness >= SAME_MEMBERS or not theme.members
                found[pair.group] = Identity(theme.theme_id, theme.name if keeps_name else None)
                used.add(pair.theme)
    return found


def _cosines(
    centres: Sequence[npt.NDArray[np.float64]], themes: Sequence[RememberedTheme]
) -> dict[tuple[int, int], float]:
    """Cosine of each group's and each theme's centre, to 4 digits, where both have one."""
    theirs = [np.array(theme.centre) for theme in themes]
    return {
        (g, t): round(float(np.dot(centre, other)), 4)
        for g, centre in enumerate(centres)
        for t, other in enumerate(theirs)
        if len(other) == len(centre)
    }


def _pairs(
    content_ids: Sequence[str],
    members: Sequence[npt.NDArray[np.intp]],
    before: Snapshot,
    themes: Sequence[RememberedTheme],
    cosines: Mapping[tuple[int, int], float],
) -> list[_Pair]:
    """All pairs that satisfy the rule of continuation."""
    known = {content for theme in before.themes for content in theme.members}
    known.update(before.unplaced)
    themes_of: dict[str, list[int]] = {}
    for t, theme in enumerate(themes):
        for content in theme.members:
            themes_of.setdefault(content, []).append(t)
    pairs = []
    for g, rows in enumerate(members):
        contents = [content_ids[row] for row in rows]
        n_known = sum(content in known for content in contents)
        common = Counter(t for content in contents for t in themes_of.get(content, ()))
        for t, theme in enumerate(themes):
            n, cosine = common[t], cosines.get((g, t), 1.0 if n_known else 0.0)
            if _continues(n, len(theme.members), n_known, cosine, is_absent=theme.absent > 0):
                likeness = n / max(1, len(theme.members) + n_known - n)
                pairs.append(_Pair(g, t, n, cosine, likeness, theme.theme_id, min(contents)))
    return pairs


def _continues(common: int, n_theme: int, n_group: int, cosine: float, *, is_absent: bool) -> bool:
    """Say whether a group may continue a theme.

    `n_theme` counts the theme's members that are still in the corpus, `n_group` the group's that
    were in it then. A theme that was absent must be found again in the larger part of both.
    """
    if n_theme == 0 and n_group == 0:
        return cosine >= MIN_COSINE_ALONE
    if common < min(MIN_COMMON, n_theme) or common == 0 or cosine < MIN_COSINE:
        return False
    smaller, larger = sorted((common / n_theme, common / n_group))
    return larger >= MIN_LARGER_SHARE and smaller >= (
        MIN_LARGER_SHARE if is_absent else MIN_SMALLER_SHARE
    )
