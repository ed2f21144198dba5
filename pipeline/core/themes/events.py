"""What became of each theme since the last retrain, told so that an analyst understands it.

Themes are followed by id; where articles went is counted on those that were in the corpus both
times. The kinds of events are those of MONIC (M. Spiliopoulou et al., KDD 2006): a theme survives
(and may grow or shrink), is split, is absorbed (here: merged), disappears (faded) or appears
(born); returned is an id that was absent for a while. A retrain that changes nothing has no events.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.records import EventKind, RememberedTheme, Snapshot, ThemeEvent

#: A theme grew or shrank if it changed by so many articles and by this share of what it had.
MIN_CHANGE, MIN_CHANGE_SHARE = 3, 0.1
#: Share of a theme's articles that make another its origin, or its successor.
MOST = 0.5
#: Articles that a part of a theme needs for the theme to have split.
MIN_PART = 2
#: The order in which people read them: what needs them first, then what is new, then the rest.
KINDS: tuple[EventKind, ...] = (
    "conflict", "born", "split", "merged", "faded", "returned", "grew", "shrank",
)  # fmt: skip
_N_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Flows:
    """Themes by id, then and now, and where the articles of then are.

    `to[old][new]` counts articles; those that are in no theme now count for the id ``""``.
    `had[old]` counts all that a theme had, those that have left the corpus included.
    """

    old: dict[str, RememberedTheme]
    new: dict[str, RememberedTheme]
    had: dict[str, int]
    to: dict[str, Counter[str]]
    n_known: dict[str, int]


def find_events(
    before: Snapshot | None,
    now: Snapshot,
    *,
    sizes: Mapping[str, int] | None = None,
    formerly: Mapping[str, str] | None = None,
    retired: Collection[str] = (),
    conflicts: Iterable[ThemeEvent] = (),
) -> list[ThemeEvent]:
    """Compare two retrains.

    Parameters
    ----------
    before : Snapshot or None
        As `pipeline.core.themes.memory.at_present` gives it. None: every theme is born.
    now : Snapshot
        As `pipeline.core.themes.memory.remember` gives it.
    sizes : mapping of str to int, optional
        Id before → articles that the theme had then, as `pipeline.core.themes.memory.sizes_of`
        gives it; by default those that are still in the corpus.
    formerly : mapping of str to str, optional
        Id now → id before, of themes that people's labels gave another id.
    retired : collection of str
        Ids that people took out of the catalogue.
    conflicts : iterable of ThemeEvent
        Edits that could not be honoured: they are told every time.

    Returns
    -------
    list of ThemeEvent
        By kind in the order of `KINDS`, then by falling size and id.
    """
    flows = _follow(before, now, sizes or {}, formerly or {})
    split, parts = _splits(flows)
    merged, gone = _merges(flows)
    events = [*conflicts, *split, *merged]
    explained = {event.theme_id for event in (*split, *merged)}
    for theme_id, theme in flows.new.items():
        old = flows.old.get(theme_id)
        if old is None:
            if theme_id not in parts:
                events.append(_born(theme, flows))
        elif old.absent:
            events.append(_returned(theme, old, flows.had[theme_id]))
        elif theme_id not in explained:
            events += _resized(theme, flows)
    for theme_id, old in flows.old.items():
        if theme_id not in flows.new and theme_id not in gone and not old.absent:
            events.append(_faded(theme_id, flows, is_retired=theme_id in retired))
    unique = {(e.kind, e.theme_id, e.message): e for e in events}
    return sorted(
        unique.values(),
        key=lambda e: (KINDS.index(e.kind), -max(e.n_before, e.n_after), e.theme_id, e.message),
    )


def _follow(
    before: Snapshot | None, now: Snapshot, sizes: Mapping[str, int], formerly: Mapping[str, str]
) -> _Flows:
    called = {old: new for new, old in formerly.items()}
    themes = before.themes if before else ()
    # Where a theme has taken the name of one that was absent, it is the present one that went on.
    there = sorted((t for t in themes if t.part_of is None), key=lambda t: -t.absent)
    old = {called.get(t.theme_id, t.theme_id): t for t in there}
    had = {i: sizes.get(t.theme_id, len(t.members)) for i, t in old.items()}
    new = {t.theme_id: t for t in now.themes if t.part_of is None and not t.absent}
    theme_of = {content: t.theme_id for t in new.values() for content in t.members}
    here = theme_of.keys() | set(now.unplaced)
    present = {i: t for i, t in old.items() if not t.absent}
    to = {
        i: Counter(theme_of.get(content, "") for content in t.members if content in here)
        for i, t in present.items()
    }
    then = {content for t in present.values() for content in t.members}
    then.update(before.unplaced if before else ())
    n_known = {i: sum(content in then for content in t.members) for i, t in new.items()}
    return _Flows(old, new, had, to, n_known)


def _splits(flows: _Flows) -> tuple[list[ThemeEvent], set[str]]:
    """Themes parts of which are themes of their own now, and the ids of those parts."""
    parts_of: dict[str, list[str]] = {}
    for theme_id in flows.new:
        if theme_id in flows.old:
            continue
        sources = {old: to[theme_id] for old, to in flows.to.items() if to[theme_id]}
        if not sources:
            continue
        parent = min(sources, key=lambda old: (-sources[old], old))
        enough = max(MIN_PART, MOST * flows.n_known[theme_id], MOST * len(_now(flows, theme_id)))
        if parent in flows.new and sources[parent] >= enough:
            parts_of.setdefault(parent, []).append(theme_id)
    events = []
    for parent, parts in parts_of.items():
        parts.sort(key=lambda part: (-len(_now(flows, part)), part))
        theme = flows.new[parent]
        told = _listed([f"{_quoted(flows.new[p].name)} ({len(_now(flows, p))})" for p in parts])
        verb = "are themes" if len(parts) > 1 else "is a theme"
        events.append(
            _event(
                "split", theme, flows.had[parent], flows.to[parent][parent], tuple(parts),
                f"{theme.name} split: {told} {verb} of {'their' if len(parts) > 1 else 'its'} own "
                f"now; {theme.name} went from {_articles(flows.had[parent])} to "
                f"{len(theme.members)}",
            )
        )  # fmt: skip
    return events, {part for parts in parts_of.values() for part in parts}


def _merges(flows: _Flows) -> tuple[list[ThemeEvent], set[str]]:
    """Themes into which others were merged, and the ids of those others."""
    into: dict[str, list[str]] = {}
    for theme_id, to in flows.to.items():
        target = min(to, key=lambda t: (-to[t], t), default="")
        enough = target and to[target] >= max(MIN_PART, MOST * to.total())
        if theme_id not in flows.new and enough:
            into.setdefault(target, []).append(theme_id)
    events = []
    for target, others in into.items():
        others.sort(key=lambda other: (-flows.had[other], other))
        theme, old = flows.new[target], flows.old.get(target)
        n_before = flows.had.get(target, 0)
        told = _listed([f"{_quoted(flows.old[o].name)} ({flows.had[o]})" for o in others])
        size = len(theme.members)
        grown = (
            f"from {_articles(n_before)} to {size}"
            if old and not old.absent
            else f"to {_articles(size)}"
        )
        kept = flows.to.get(target, Counter())[target]
        events.append(
            _event(
                "merged", theme, n_before, kept, tuple(others),
                f"{told} {'are' if len(others) > 1 else 'is'} part of {theme.name} now, which "
                f"went {grown}",
            )
        )  # fmt: skip
    return events, {other for others in into.values() for other in others}


def _born(theme: RememberedTheme, flows: _Flows) -> ThemeEvent:
    n, known = len(theme.members), flows.n_known[theme.theme_id]
    origin = "all of them new" if not known else f"{n - known} of them new"
    told = f"{theme.name} is new: {_articles(n)}" + (f", {origin}" if flows.old else "")
    return _event("born", theme, 0, 0, (), told)


def _returned(theme: RememberedTheme, old: RememberedTheme, n_before: int) -> ThemeEvent:
    shared = len(set(theme.members) & set(old.members))
    retrains = f"{old.absent} retrain{'s' * (old.absent > 1)}"
    return _event(
        "returned", theme, n_before, shared, (),
        f"{theme.name} is back after {retrains} without it: {_articles(len(theme.members))}",
    )  # fmt: skip


def _resized(theme: RememberedTheme, flows: _Flows) -> list[ThemeEvent]:
    before, after = flows.had[theme.theme_id], len(theme.members)
    if abs(after - before) < max(MIN_CHANGE, MIN_CHANGE_SHARE * before):
        return []
    kind: EventKind = "grew" if after > before else "shrank"
    told = f"{theme.name} {kind} from {before} to {_articles(after)}"
    return [_event(kind, theme, before, flows.to[theme.theme_id][theme.theme_id], (), told)]


def _faded(theme_id: str, flows: _Flows, *, is_retired: bool) -> ThemeEvent:
    old = flows.old[theme_id]
    to = flows.to.get(theme_id, Counter())
    went = sorted((t for t in to if t), key=lambda t: (-to[t], t))
    places = [f"{to[t]} in {_quoted(flows.new[t].name)}" for t in went[:_N_NAMED]]
    places += [f"{to['']} in no theme"] if to[""] else []
    why = "was taken out of the catalogue" if is_retired else "was not found any more"
    where = f"; its articles: {_listed(places)}" if places else ""
    had = flows.had[theme_id]
    told = f"{old.name} ({_articles(had)} before) {why}{where}"
    return ThemeEvent("faded", old.theme_id, old.name, tuple(went), had, 0, 0, told)


def _event(
    kind: EventKind,
    theme: RememberedTheme,
    n_before: int,
    n_shared: int,
    others: Sequence[str],
    message: str,
) -> ThemeEvent:
    return ThemeEvent(
        kind, theme.theme_id, theme.name, tuple(others), n_before, len(theme.members), n_shared,
        message,
    )  # fmt: skip


def _now(flows: _Flows, theme_id: str) -> tuple[str, ...]:
    return flows.new[theme_id].members


def _articles(n: int) -> str:
    return f"{n} article{'s' * (n != 1)}"


def _quoted(name: str) -> str:
    return f"'{name}'"


def _listed(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def summarise_events(events: Sequence[ThemeEvent]) -> str:
    """Count events by kind, in the order of `KINDS`: ``2 born, 1 split``; '' for none."""
    counts = Counter(event.kind for event in events)
    edits = "edit not honoured" if counts["conflict"] == 1 else "edits not honoured"
    words = {"conflict": edits}
    return ", ".join(f"{counts[k]} {words.get(k, k)}" for k in KINDS if counts[k])
