"""What one retrain leaves to the next: who was in which theme."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pipeline.core.arithmetic import one_thread
from pipeline.core.embeddings import mean_direction
from pipeline.core.themes.grouping import NO_GROUP, Grouping
from pipeline.records import FloatMatrix, RememberedTheme, Snapshot, Status, Theme, ThemeMemory

#: A theme that was not found in more retrains than this is forgotten.
MAX_ABSENT = 50
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Absorbed:
    """A group that an edit made part of a catalogued theme: `rows` are its articles."""

    theme_id: str
    name: str
    part_of: str
    rows: tuple[int, ...]


def last_snapshot(memory: ThemeMemory | None, fingerprint: str) -> Snapshot | None:
    """Snapshot to compare with: that of the last retrain which had other inputs.

    So a stage that runs twice on the same inputs compares with the same snapshot twice, and
    writes the same bytes.
    """
    if memory is None:
        return None
    return memory.before if memory.now.fingerprint == fingerprint else memory.now


def at_present(before: Snapshot, canonical_of: Mapping[str, str]) -> Snapshot:
    """Rewrite a snapshot in the canonical contents of today.

    `canonical_of` maps each content of the corpus to the canonical one of its group, which may be
    another than last time. Contents that left the corpus are left out.
    """

    def now(contents: Sequence[str]) -> tuple[str, ...]:
        return tuple(sorted({canonical_of[c] for c in contents if c in canonical_of}))

    themes = tuple(replace(theme, members=now(theme.members)) for theme in before.themes)
    return replace(before, themes=themes, unplaced=now(before.unplaced))


def sizes_of(snapshot: Snapshot | None) -> dict[str, int]:
    """Articles of each remembered theme, by id; parts of other themes are left out."""
    themes = snapshot.themes if snapshot else ()
    return {theme.theme_id: len(theme.members) for theme in themes if theme.part_of is None}


def remember(
    content_ids: Sequence[str],
    vectors: FloatMatrix,
    grouping: Grouping,
    themes: Sequence[Theme],
    absorbed: Sequence[Absorbed],
    before: Snapshot | None,
    *,
    fingerprint: str,
    model: str,
    merged: Collection[str] = (),
    formerly: Mapping[str, str] | None = None,
    granularity: int = 0,
) -> Snapshot:
    """Make the snapshot of a retrain.

    Parameters
    ----------
    content_ids, vectors, grouping
        Canonical articles, their unit vectors and their groups.
    themes : sequence of Theme
        One for each group, in order; an empty one is remembered only if it is catalogued.
    absorbed : sequence of Absorbed
        What edits made part of other themes.
    before : Snapshot or None
        The last retrain, as it was written: its themes that were not found stay, counted as
        absent once more, up to `MAX_ABSENT`.
    fingerprint, model, granularity
        See `Snapshot`.
    merged : collection of str
        Ids that the catalogue merges: they are never forgotten.
    formerly : mapping of str to str, optional
        Id now → id last time, of themes that people's labels gave another id.
    """
    with one_thread():
        found = [
            _remembered(theme.theme_id, theme.name, theme.status, rows, content_ids, vectors)
            for g, theme in enumerate(themes)
            if (rows := np.flatnonzero(grouping.groups == g).tolist())
            or theme.status == "catalogued"
        ]
        parts = [
            replace(
                _remembered(
                    part.theme_id, part.name, "provisional", part.rows, content_ids, vectors
                ),
                part_of=part.part_of,
            )
            for part in absorbed
        ]
    old = before.themes if before else ()
    was = {theme.theme_id: theme for theme in old if theme.part_of is None}
    found = [theme if theme.members else _absent(theme, was) for theme in found]
    ids, part_ids = {t.theme_id for t in found}, {t.theme_id for t in parts}
    gone = part_ids | set((formerly or {}).values())
    absent = [
        replace(theme, absent=theme.absent + 1)
        for theme in old
        if theme.theme_id not in gone
        and (theme.theme_id not in ids or theme.part_of == theme.theme_id)
        and (theme.absent < MAX_ABSENT or theme.theme_id in merged)
    ]
    everything = sorted([*found, *parts, *absent], key=lambda t: (t.theme_id, t.part_of or ""))
    unplaced = [c for c, g in zip(content_ids, grouping.groups, strict=True) if g == NO_GROUP]
    return Snapshot(fingerprint, model, tuple(everything), tuple(sorted(unplaced)), granularity)


def _absent(theme: RememberedTheme, was: Mapping[str, RememberedTheme]) -> RememberedTheme:
    """Catalogued theme without articles: what it last had is kept, so that its return shows."""
    old = was.get(theme.theme_id)
    if old is None:
        return replace(theme, absent=1)
    return replace(old, name=theme.name, status=theme.status, absent=old.absent + 1)


def _remembered(
    theme_id: str,
    name: str,
    status: Status,
    rows: Sequence[int],
    content_ids: Sequence[str],
    vectors: FloatMatrix,
) -> RememberedTheme:
    members = sorted((content_ids[row], row) for row in rows)
    if not members:
        return RememberedTheme(theme_id, name, status, (), ())
    # In the order of the ids, so that the sum does not depend on the order of the rows.
    centre = mean_direction(vectors[[row for _, row in members]])
    numbers = tuple(round(float(x), _DIGITS) + 0.0 for x in centre)
    return RememberedTheme(theme_id, name, status, tuple(c for c, _ in members), numbers)


def share_kept(before: Snapshot | None, now: Snapshot, became: Mapping[str, str]) -> float:
    """Share of the articles which had a theme last time, and are still here, that keep its id.

    `before` is given as `at_present` gives it. 1.0 where there is nothing to keep. `became` maps
    ids of last time to those that people gave instead, by labels or by edits: they are kept.
    """
    if before is None:
        return 1.0
    had = {content: became.get(t, t) for content, t in _theme_of(before).items()}
    has = _theme_of(now)
    here = has.keys() | set(now.unplaced)
    twice = [content for content in had if content in here]
    kept = sum(had[content] == has.get(content) for content in twice)
    return round(kept / len(twice), 4) if twice else 1.0


def _theme_of(snapshot: Snapshot) -> dict[str, str]:
    return {
        content: theme.theme_id
        for theme in snapshot.themes
        if theme.part_of is None and not theme.absent
        for content in theme.members
    }
