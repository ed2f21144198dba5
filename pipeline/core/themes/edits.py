"""What people decided, applied to what was found: merges, exclusions, contents kept apart.

`pipeline.core.themes.grouping` already honours pins. Here they are not moved any more: a pin wins
over everything else that the catalogue says, and what it wins over is reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.core.mentions import mentions_all
from pipeline.core.themes.grouping import NO_GROUP, Grouping
from pipeline.core.themes.identity import Identity
from pipeline.core.themes.memory import Absorbed
from pipeline.records import Catalogue, CatalogueTheme, How, ThemeEvent


@dataclass(frozen=True, slots=True)
class Corpus:
    """Canonical articles, in the order of a grouping: content ids and full texts.

    `canonical_of` maps each content, copies included, to the canonical one of its group.
    """

    content_ids: tuple[str, ...]
    texts: tuple[str, ...]
    canonical_of: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Edited:
    """A grouping after the edits, with identities of its provisional groups in order.

    `absorbed` lists the groups that are part of a catalogued theme now; `conflicts` what could
    not be honoured.
    """

    grouping: Grouping
    identities: tuple[Identity, ...]
    absorbed: tuple[Absorbed, ...]
    conflicts: tuple[ThemeEvent, ...]


def apply_edits(
    grouping: Grouping,
    identities: Sequence[Identity],
    corpus: Corpus,
    catalogue: Catalogue,
    *,
    min_fit: float,
    known: frozenset[str] | None = None,
) -> Edited:
    """Apply the catalogue's edits to a grouping.

    Parameters
    ----------
    grouping : Grouping
        Its first groups are those of `catalogue.themes`, in that order.
    identities : sequence of Identity
        One for each further group.
    corpus : Corpus
    catalogue : Catalogue
        With contents as the analyst wrote them: any copy of an article stands for all.
    min_fit : float
        An article that has to leave its theme joins the next best that it fits at least so well.
    known : frozenset of str, optional
        Ids that were ever found; given, a merged id that is none of them is a conflict.

    Returns
    -------
    Edited
        Provisional groups by falling size, then by their first article; none is empty.
    """
    return _Edits(grouping, identities, corpus, catalogue, min_fit).apply(known)


class _Edits:
    """One application of the edits: the grouping as it changes, and what went wrong."""

    def __init__(
        self,
        grouping: Grouping,
        identities: Sequence[Identity],
        corpus: Corpus,
        catalogue: Catalogue,
        min_fit: float,
    ) -> None:
        self.groups = grouping.groups.copy()
        self.fits = grouping.fits.copy()
        self.how: list[How] = list(grouping.how)
        self.identities = list(identities)
        self.corpus, self.catalogue, self.min_fit = corpus, catalogue, min_fit
        self.row_of = {content: row for row, content in enumerate(corpus.content_ids)}
        self.pins = self._rows_by_theme([theme.pinned for theme in catalogue.themes])
        self.excluded = self._rows_by_theme([theme.excluded for theme in catalogue.themes])
        self.apart: dict[int, set[int]] = {}
        self.absorbed: list[Absorbed] = []
        self.conflicts: list[ThemeEvent] = []

    def apply(self, known: frozenset[str] | None) -> Edited:
        pairs = self._pairs_apart()
        self._merge()
        self._report_pins(known)
        self._exclude()
        self._part(pairs)
        return self._result()

    def _rows_by_theme(self, contents: Sequence[Sequence[str]]) -> list[dict[int, str]]:
        """Row → the content that the analyst wrote, for each theme."""
        rows: list[dict[int, str]] = []
        for written in contents:
            found = [(self.row_of.get(self.corpus.canonical_of.get(c, ""), -1), c) for c in written]
            rows.append({row: content for row, content in found if row >= 0})
        return rows

    def _pairs_apart(self) -> list[tuple[int, int, str, str]]:
        """Rows that must not share a theme; copies of one article always do."""
        pairs = []
        for one, other in self.catalogue.cannot_link:
            rows = [self.row_of.get(self.corpus.canonical_of.get(c, ""), -1) for c in (one, other)]
            if -1 in rows:
                continue  # nothing to keep apart as long as one of them is not here
            if rows[0] == rows[1]:
                self._conflict(
                    None,
                    f"cannot_link: {one} and {other} are copies of one article and always share "
                    "its theme; remove the pair from themes.yaml",
                )
                continue
            pairs.append((rows[0], rows[1], one, other))
            self.apart.setdefault(rows[0], set()).add(rows[1])
            self.apart.setdefault(rows[1], set()).add(rows[0])
        return pairs

    def _merge(self) -> None:
        """Groups found under a merged id, or that of a catalogued theme, go to that theme."""
        number = {theme.theme_id: t for t, theme in enumerate(self.catalogue.themes)}
        owners = self.catalogue.owners
        for offset, identity in enumerate(self.identities):
            owner = owners.get(identity.theme_id)
            if owner is None:
                continue
            group, theme = len(number) + offset, number[owner]
            rows = [int(row) for row in np.flatnonzero(self.groups == group)]
            self.absorbed.append(
                Absorbed(
                    identity.theme_id,
                    identity.name or self.catalogue.themes[theme].name,
                    owner,
                    tuple(rows),
                )
            )
            self.fits[:, theme] = np.maximum(self.fits[:, theme], self.fits[:, group])
            able = [row for row in rows if self._may_join(row, theme)]
            self.groups[able] = theme
            for row in able:
                self.how[row] = "guided"
            self.fits[:, group] = 0  # a theme of its own no more: nothing joins it
            barred = sorted(set(rows) - set(able))
            for row in barred:
                self._move(row)
            lacking = [row for row in barred if row not in self.excluded[theme]]
            if lacking:
                self._conflict(
                    self.catalogue.themes[theme],
                    f"{len(lacking)} of {len(rows)} articles of '{identity.theme_id}' lack what "
                    f"{self.catalogue.themes[theme].name} must mention, so they stay outside it "
                    f"(first: {self.corpus.content_ids[lacking[0]]}); ease must_mention, or pin "
                    "them",
                )

    def _report_pins(self, known: frozenset[str] | None) -> None:
        for theme, pins, excluded in zip(
            self.catalogue.themes, self.pins, self.excluded, strict=True
        ):
            missing = [c for c in theme.pinned if c not in self.corpus.canonical_of]
            if missing:
                self._conflict(
                    theme,
                    f"{len(missing)} of {len(theme.pinned)} contents pinned to {theme.name} are "
                    f"not in the corpus (first: {missing[0]}); the pins are kept and wait for them",
                )
            for row in sorted(pins.keys() & excluded.keys()):
                self._conflict(
                    theme,
                    f"{pins[row]} is pinned to {theme.name}, and its copy {excluded[row]} is "
                    "excluded from it; the pin wins: remove one of them from themes.yaml",
                )
            for merged in theme.merged:
                if known is not None and merged not in known:
                    self._conflict(
                        theme,
                        f"{theme.name} lists '{merged}' as merged, and no theme has ever had that "
                        "id; correct it in themes.yaml, or remove it",
                    )

    def _exclude(self) -> None:
        for theme, excluded in enumerate(self.excluded):
            for row in sorted(excluded):
                if self.groups[row] == theme and row not in self.pins[theme]:
                    self._move(row)

    def _part(self, pairs: Sequence[tuple[int, int, str, str]]) -> None:
        """Of two that cannot share a theme, the one that fits it less well leaves."""
        for row, other, one, two in pairs:
            group = int(self.groups[row])
            if group == NO_GROUP or group != self.groups[other]:
                continue
            leaving = [r for r in (row, other) if not self._is_pinned(r, group)]
            if not leaving:
                theme = self.catalogue.themes[group]
                self._conflict(
                    theme,
                    f"cannot_link: {one} and {two} are both pinned to {theme.name}; the pins win: "
                    "unpin one of them, or remove the pair",
                )
                continue
            leaving.sort(key=lambda r: (float(self.fits[r, group]), self.corpus.content_ids[r]))
            self._move(leaving[0])

    def _is_pinned(self, row: int, group: int) -> bool:
        return group < len(self.pins) and row in self.pins[group]

    def _may_join(self, row: int, group: int) -> bool:
        """Say whether nothing that the analyst said keeps an article out of a group."""
        if any(self.groups[other] == group for other in self.apart.get(row, ())):
            return False
        if group >= len(self.catalogue.themes):
            return True
        if row in self.pins[group]:
            return True
        terms = self.catalogue.themes[group].must_mention
        return row not in self.excluded[group] and mentions_all(self.corpus.texts[row], terms)

    def _move(self, row: int) -> None:
        """Put an article into the best other group that it fits and may join, else into none."""
        left = int(self.groups[row])
        self.groups[row], self.how[row] = NO_GROUP, "none"
        for group in np.argsort(-self.fits[row], kind="stable"):
            if self.fits[row, group] < max(self.min_fit, 1e-6):
                return
            if group != left and self._may_join(row, int(group)):
                self.groups[row], self.how[row] = group, "leftover"
                return

    def _conflict(self, theme: CatalogueTheme | None, message: str) -> None:
        theme_id, name = (theme.theme_id, theme.name) if theme else ("", "")
        self.conflicts.append(ThemeEvent("conflict", theme_id, name, (), 0, 0, 0, message))

    def _result(self) -> Edited:
        """Leave out groups that nobody is in any more, and order the others by size again."""
        n_themes = len(self.catalogue.themes)
        left = [int(g) for g in np.unique(self.groups) if g >= n_themes]
        left.sort(key=lambda g: (-int((self.groups == g).sum()), int(np.argmax(self.groups == g))))
        order = [*range(n_themes), *left]
        number = {g: i for i, g in enumerate(order)} | {NO_GROUP: NO_GROUP}
        groups = np.array([number[int(g)] for g in self.groups], dtype=np.int32)
        identities = tuple(self.identities[g - n_themes] for g in left)
        grouping = Grouping(groups, self.fits[:, order], tuple(self.how))
        return Edited(grouping, identities, tuple(self.absorbed), tuple(self.conflicts))


def canonical_catalogue(
    catalogue: Catalogue, themes: Sequence[CatalogueTheme], canonical_of: Mapping[str, str]
) -> tuple[CatalogueTheme, ...]:
    """`themes` (of `catalogue`, in order) with what they exclude told by canonical content."""
    return tuple(
        replace(
            theme,
            excluded=tuple(sorted({canonical_of.get(c, c) for c in written.excluded})),
        )
        for theme, written in zip(themes, catalogue.themes, strict=True)
    )
