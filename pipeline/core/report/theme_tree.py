"""The themes as a tree: coarse groups, themes, sub-themes; and how sure its levels are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.report.headlines import headline_of
from pipeline.core.report.theme_cards import ThemeCard
from pipeline.records import Article, Assignment, Level

#: Sub-themes shown of one theme, and themes that a group is called by.
MAX_TWIGS, MAX_NAMED = 8, 3


@dataclass(frozen=True, slots=True)
class Twig:
    """A sub-theme: its strongest article's headline and its independent reports and stories."""

    headline: str
    n_distinct: int
    n_stories: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A theme with its sub-themes, largest first; `n_more` of them are not shown."""

    card: ThemeCard
    n_stories: int
    twigs: tuple[Twig, ...]
    n_more: int


@dataclass(frozen=True, slots=True)
class Bough:
    """A coarse group of themes that lie beside each other, or one theme that lies alone."""

    name: str
    n_distinct: int
    n_stories: int
    branches: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One level of the tree; `steps` is how far `themes.granularity` moves to reach it."""

    level: Level
    steps: int
    is_chosen: bool


def list_levels(levels: Sequence[Level], chosen: object) -> tuple[LevelRow, ...]:
    """Levels from coarse to fine; `chosen` is the number of the one that themes were cut at.

    Where it is no such number, the default level is taken for it.
    """
    ordered = sorted(levels, key=lambda level: level.level)
    default = next((level.level for level in ordered if level.is_default), 0)
    numbers = {level.level for level in ordered}
    cut = chosen if isinstance(chosen, int) and chosen in numbers else default
    return tuple(LevelRow(one, one.level - default, one.level == cut) for one in ordered)


def make_tree(
    cards: Sequence[ThemeCard],
    articles: Sequence[Article],
    assignments: Sequence[Assignment],
    cut: int,
) -> tuple[Bough, ...]:
    """Put themes into their coarse groups, the largest first, with their sub-themes.

    Sub-themes are the clusters on the level below `cut`, the one that themes were cut at, that
    hold two articles of the theme at least; a theme that stays whole there has none.
    """
    by_id = {article.article_id: article for article in articles if article.is_canonical}
    members: dict[str, list[Assignment]] = defaultdict(list)
    for assignment in sorted(assignments, key=lambda a: a.article_id):
        if assignment.theme is not None and assignment.article_id in by_id:
            members[assignment.theme].append(assignment)
    groups: dict[str, list[Branch]] = defaultdict(list)
    for card in cards:
        twigs = _twigs(members[card.theme_id], by_id, cut + 1)
        branch = Branch(card, card.n_stories, twigs[:MAX_TWIGS], max(0, len(twigs) - MAX_TWIGS))
        groups[card.parent or f"theme {card.theme_id}"].append(branch)
    boughs = [_bough(branches) for branches in groups.values()]
    return tuple(sorted(boughs, key=lambda b: (-b.n_distinct, b.branches[0].card.mark.number)))


def _bough(branches: Sequence[Branch]) -> Bough:
    ordered = sorted(branches, key=lambda b: (-b.card.n_distinct, b.card.mark.number))
    names = [branch.card.name for branch in ordered]
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return Bough(
        name=" · ".join(names[:MAX_NAMED]) + more,
        n_distinct=sum(branch.card.n_distinct for branch in ordered),
        n_stories=sum(branch.n_stories for branch in ordered),
        branches=tuple(ordered),
    )


def _twigs(
    members: Sequence[Assignment], by_id: Mapping[str, Article], level: int
) -> tuple[Twig, ...]:
    clusters: dict[int, list[Assignment]] = defaultdict(list)
    for assignment in members:
        if len(assignment.path) > level:
            clusters[assignment.path[level]].append(assignment)
    parts = [part for part in clusters.values() if len(part) > 1]
    if len(parts) < 2:
        return ()
    parts.sort(key=lambda part: (-len(part), part[0].article_id))
    return tuple(
        Twig(
            headline_of(by_id[max(part, key=lambda a: a.strength).article_id], 90),
            len(part),
            len({assignment.story for assignment in part}),
        )
        for part in parts
    )
