"""What `newsthemes themes` prints: the list, one theme, events, the tree, sub-clusters."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from pipeline.core.themes.catalogue_edits import theme_in
from pipeline.core.themes.overview import collapse_chains, tree_of
from pipeline.desks.theme_desk import Desk
from pipeline.errors import ContractError
from pipeline.io.command import say
from pipeline.io.files import read_json
from pipeline.io.paths import Paths
from pipeline.io.progress import counted
from pipeline.io.tables import read_rows
from pipeline.io.terminal import show_lines, show_table
from pipeline.records import Level

_N_ARTICLES = 5


def list_themes(desk: Desk, *, as_json: bool) -> None:
    """Print all themes, as the catalogue calls them now, with the counts of the last run."""
    catalogue = desk.catalogue()
    merged = {other for theme in catalogue.themes for other in theme.merged}
    ids = {t.theme_id for t in catalogue.themes} | (set(desk.themes) - merged)
    rows: list[dict[str, Any]] = []
    for theme_id in ids:
        entry, found = theme_in(catalogue, theme_id), desk.themes.get(theme_id)
        name = entry.name if entry else found.name if found else theme_id
        rows.append(
            {
                "id": theme_id,
                "name": name,
                "status": "catalogued" if entry else "provisional",
                "n_articles": found.n_articles if found else 0,
                "n_distinct": found.n_distinct if found else 0,
                "n_stories": found.n_stories if found else 0,
                "pinned": len(entry.pinned) if entry else 0,
                "excluded": len(entry.excluded) if entry else 0,
                "merged": len(entry.merged) if entry else 0,
            }
        )
    rows.sort(key=lambda row: (row["status"], -row["n_distinct"], row["id"]))
    if as_json:
        _print_json(rows)
        return
    columns = ("Theme", "Id", "Status", "Articles", "Distinct", "Stories", "Pinned", "Excluded")
    show_table("Themes", (*columns, "Merged"), [
        [row["name"], row["id"], *list(row.values())[2:]] for row in rows
    ])  # fmt: skip


def show_theme(desk: Desk, given: str, *, as_json: bool) -> None:
    """Print one theme."""
    catalogue = desk.catalogue()
    theme_id = desk.theme(given, catalogue)
    entry, found = theme_in(catalogue, theme_id), desk.themes.get(theme_id)
    if as_json:
        _print_json(
            {
                "id": theme_id,
                "catalogue": dataclasses.asdict(entry) if entry else None,
                "found": dataclasses.asdict(found) if found else None,
            }
        )
        return
    title = {desk.canonical[a]: desk.titles.get(a, "") for a in desk.canonical}
    name = entry.name if entry else found.name if found else theme_id
    lines = [f"{name}  ({theme_id}, {'catalogued' if entry else 'provisional'})"]
    if entry:
        lines += [entry.description] if entry.description else []
        lines += [f"  seed phrase: {phrase}" for phrase in entry.seed_phrases]
        lines += [f"  must mention: {', '.join(group)}" for group in entry.must_mention]
        lines += [f"  pinned: {c}  {title.get(c, '(not in the corpus)')}" for c in entry.pinned]
        lines += [f"  excluded: {c}  {title.get(c, '(not in the corpus)')}" for c in entry.excluded]
        lines += [f"  merged: {other}" for other in entry.merged]
    if found:
        lines.append(
            f"{counted(found.n_articles, 'article')}, {found.n_distinct} distinct, in stories: "
            f"{found.n_stories}; {found.first_seen or '?'} to {found.last_seen or '?'}"
        )
        lines.append(f"  keywords: {', '.join(found.keywords)}")
        for word, articles in (("typical", found.representative), ("borderline", found.borderline)):
            lines += [
                f"  {word}: {desk.canonical.get(a, a)}  {desk.titles.get(a, '')}"
                for a in articles[:_N_ARTICLES]
            ]
    else:
        lines.append("not in the last run; run: dvc repro")
    show_lines(lines)


def show_events(paths: Paths, *, as_json: bool) -> None:
    """Print what became of themes between the last two retrains."""
    values = read_json(paths.theme_events)
    events = values.get("events") if isinstance(values, dict) else None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise ContractError(f"{paths.theme_events}: holds no list of events; run: dvc repro themes")
    if as_json:
        _print_json(values)
        return
    if not events:
        show_lines(["No events: the themes are as they were."])
        return
    show_table(
        "Events since the retrain before",
        ("Event", "Theme", "Id", "Before", "After", "What happened"),
        [
            [e.get(k, "") for k in ("kind", "name", "theme_id", "n_before", "n_after", "message")]
            for e in events
        ],
    )


def show_tree(desk: Desk, level: int | None, *, as_json: bool) -> None:
    """Print the clusters from coarse to fine."""
    levels = read_rows(desk.paths.levels, Level)
    default = next((found.level for found in levels if found.is_default), len(levels) - 1)
    depth = (default + 1 if level is None else level) + 1
    nodes = tree_of(desk.assignments, depth)
    if as_json:
        _print_json(
            {
                "levels": [dataclasses.asdict(found) for found in levels],
                "clusters": [
                    {"path": n.path, "n_distinct": n.n_distinct, "themes": dict(n.themes)}
                    for n in nodes
                ],
            }
        )
        return
    show_table("Levels, from coarse to fine", ("Level", "Clusters", "Stability", "In none", ""), [
        [f.level, f.n_clusters, f"{f.stability:.2f}", f"{f.share_in_none:.1%}",
         "default" if f.is_default else ""]
        for f in levels
    ])  # fmt: skip
    names = {theme.theme_id: theme.name for theme in desk.themes.values()}
    lines = []
    above: list[int] = []  # lengths of the paths of the clusters that the next one is inside of
    for node in collapse_chains(nodes):
        above = [length for length in above if length <= len(node.path) - node.n_levels]
        shown = ", ".join(f"{names.get(t, t)} ({n})" for t, n in node.themes[:3]) or "no theme"
        place = ".".join(map(str, node.path))
        mark = " *" if node.is_at(default) else ""
        lines.append(f"{'  ' * len(above)}{place}{mark}  {node.n_distinct}: {shown}")
        above.append(len(node.path))
    show_lines([*lines, "* = default level; numbers are distinct articles"])


def show_parts(desk: Desk, given: str, level: int | None) -> None:
    """Print the sub-clusters that `split --apply` would make themes of."""
    catalogue = desk.catalogue()
    theme_id = desk.theme(given, catalogue)
    parts = desk.parts(theme_id, catalogue, level)
    show_table(
        f"Sub-clusters of {theme_id}",
        ("Id", "Distinct", "Typical titles"),
        [[part.theme_id, len(part.contents), " | ".join(part.seed_phrases)] for part in parts],
    )
    say(f"the first keeps its id; to do it: newsthemes themes split {theme_id} --apply")


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))  # noqa: T201
