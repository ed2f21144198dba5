"""A grouping of articles → the records that people and later stages read."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from pipeline.core.labels.targets import readable_name
from pipeline.core.themes.grouping import NO_GROUP, Grouping, find_evidence, strengths_of
from pipeline.core.themes.identity import Identity
from pipeline.core.themes.names import ThemeName
from pipeline.core.themes.series import find_span, find_top_source
from pipeline.records import Article, Assignment, CatalogueTheme, Clusters, Theme

_STORY_CHARS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Canonical articles in the order of their clusters, and all articles with their copies."""

    articles: Sequence[Article]
    canonical: Sequence[Article]
    clusters: Clusters


def describe_themes(
    members: Members,
    grouping: Grouping,
    catalogue: Sequence[CatalogueTheme],
    identities: Sequence[Identity],
    names: Sequence[ThemeName],
    keywords: Sequence[Sequence[str]],
    *,
    level: int,
    n_evidence: int,
) -> list[Theme]:
    """Build one record for each theme: catalogued ones first, then provisional ones by size.

    Parameters
    ----------
    members : Members
        `canonical` are those that were grouped, in the order of `grouping`.
    grouping : Grouping
        Its first groups are those of `catalogue`, in that order.
    catalogue : sequence of CatalogueTheme
    identities : sequence of Identity
        Of the further groups, in order.
    names : sequence of ThemeName
        Of every group; names are unique.
    keywords : sequence of sequence of str
        Of every group.
    level : int
        Level of the tree that themes are cut at: below the coarsest they have a `parent`.
    n_evidence : int
        How many representative and borderline articles to give, at most.

    Returns
    -------
    list of Theme
        A catalogued theme without articles is there too, with counts of 0.
    """
    copies: defaultdict[str, list[Article]] = defaultdict(list)
    for article in members.articles:
        copies[article.duplicate_group].append(article)
    ids = [theme.theme_id for theme in catalogue] + [i.theme_id for i in identities]
    parents = _parents(members.clusters, grouping, ids) if level > 0 else [None] * len(ids)
    themes = []
    for group, (theme_id, name) in enumerate(zip(ids, names, strict=True)):
        rows = np.flatnonzero(grouping.groups == group).tolist()
        inside = [members.canonical[row] for row in rows]
        evidence = find_evidence(grouping, group, n=n_evidence)
        everything = [copy for a in inside for copy in copies[a.duplicate_group]]
        span, top = find_span(everything), find_top_source(inside)
        themes.append(
            Theme(
                theme_id=theme_id,
                name=name.name,
                status="catalogued" if group < len(catalogue) else "provisional",
                description=catalogue[group].description if group < len(catalogue) else "",
                keywords=tuple(keywords[group]),
                name_evidence=_ids(members, name.evidence[:n_evidence]),
                n_articles=len(everything),
                n_distinct=len(inside),
                n_stories=len(np.unique(members.clusters.stories[rows])),
                share=round(len(inside) / max(1, len(members.canonical)), 4),
                parent=parents[group],
                representative=_ids(members, evidence.representative),
                borderline=_ids(members, evidence.borderline),
                first_seen=span.first_seen,
                last_seen=span.last_seen,
                top_source=top.source,
                top_source_share=top.share,
                one_source=top.one_source,
            )
        )
    return themes


def _ids(members: Members, rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(members.canonical[row].article_id for row in rows)


def _parents(clusters: Clusters, grouping: Grouping, ids: Sequence[str]) -> list[str | None]:
    """Coarse group of each theme: where most of its articles are on the coarsest level.

    It is called by the largest of its themes, and is None for a theme that is alone in it.
    """
    coarse = clusters.labels_at(0)
    inside: defaultdict[int, list[tuple[int, str]]] = defaultdict(list)
    home: dict[int, int] = {}
    for group, theme_id in enumerate(ids):
        found = coarse[grouping.groups == group]
        counts = Counter(found[found >= 0].tolist())
        if counts:
            home[group] = min(counts, key=lambda c: (-counts[c], c))
            inside[home[group]].append((-len(found), theme_id))
    return [
        f"g-{min(inside[home[group]])[1]}"
        if group in home and len(inside[home[group]]) > 1
        else None
        for group in range(len(ids))
    ]


def story_names(canonical: Sequence[Article], stories: npt.NDArray[np.int32]) -> dict[int, str]:
    """Name of each story: `s-` and the beginning of the content id of its first article.

    First is the earliest published, then the smallest id; articles without a date come last. A
    story so keeps its name as it goes on. Names are unique.
    """
    first: dict[int, tuple[str, str]] = {}
    for article, story in zip(canonical, stories.tolist(), strict=True):
        key = (article.published or "9999", article.content_id)
        first[story] = min(first.get(story, key), key)
    names: dict[int, str] = {}
    taken: set[str] = set()
    for story in sorted(first, key=lambda s: first[s][1]):
        content_id = first[story][1]
        size = _STORY_CHARS
        while f"s-{content_id[:size]}" in taken and size < len(content_id):
            size += 1
        names[story] = f"s-{content_id[:size]}"
        taken.add(names[story])
    return names


def assign_articles(
    members: Members, grouping: Grouping, themes: Sequence[Theme]
) -> list[Assignment]:
    """One assignment for every article, sorted by id; a copy has what its canonical has."""
    strengths = strengths_of(grouping)
    clusters = members.clusters
    stories = story_names(members.canonical, clusters.stories)
    by_group: dict[str, Assignment] = {}
    for row, article in enumerate(members.canonical):
        group = int(grouping.groups[row])
        theme = themes[group] if group != NO_GROUP else None
        by_group[article.duplicate_group] = Assignment(
            article_id=article.article_id,
            theme=theme.theme_id if theme else None,
            theme_name=theme.name if theme else None,
            path=clusters.paths[row],
            story=stories[int(clusters.stories[row])],
            strength=float(strengths[row]),
            how=grouping.how[row],
        )
    assignments = []
    for article in sorted(members.articles, key=lambda a: a.article_id):
        found = by_group[article.duplicate_group]
        is_copy = found.article_id != article.article_id and found.theme is not None
        assignments.append(
            replace(found, article_id=article.article_id, how="copy" if is_copy else found.how)
        )
    return assignments


def adopt_labels(
    identities: Sequence[Identity],
    sizes: Sequence[int],
    called: Mapping[str, str],
    taken: Collection[str],
) -> tuple[Identity, ...]:
    """Give provisional themes the ids that people's labels use, so that one theme has one name.

    Parameters
    ----------
    identities : sequence of Identity
        Of the provisional groups; `sizes` are their numbers of articles.
    called : mapping of str to str
        Provisional id → label. Where several are called the same, the largest gets the id and the
        others keep theirs. No theme loses its id to another; one that it gives up for its label
        is free for the theme that people call so.
    taken : collection of str
        Ids that no provisional theme may have.
    """
    used = set(taken) | {identity.theme_id for identity in identities}
    new = list(identities)
    order = sorted(range(len(new)), key=lambda i: (-sizes[i], identities[i].theme_id))
    waiting = [i for i in order if identities[i].theme_id in called]
    while waiting:
        for i in waiting:
            own, label = identities[i].theme_id, called[identities[i].theme_id]
            if label == own or label not in used:
                new[i] = Identity(label, readable_name(label))
                used = (used - {own}) | {label}
                waiting.remove(i)
                break
        else:
            break
    return tuple(new)
