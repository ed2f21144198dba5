"""A grouping of articles → the records that people and later stages read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.core.labels.targets import readable_name
from pipeline.core.themes.grouping import (
    NO_GROUP,
    Grouping,
    find_evidence,
    provisional_id,
    strengths_of,
)
from pipeline.core.themes.keywords import name_from_keywords, theme_keywords
from pipeline.records import Article, Assignment, CatalogueTheme, Theme


@dataclass(frozen=True, slots=True)
class _Label:
    theme_id: str
    name: str
    description: str
    keywords: tuple[str, ...]


def describe_themes(
    articles: Sequence[Article],
    canonical: Sequence[Article],
    grouping: Grouping,
    catalogue: Sequence[CatalogueTheme],
    *,
    n_keywords: int,
    n_evidence: int,
) -> list[Theme]:
    """Build one record for each theme: catalogued ones first, then provisional ones by size.

    Parameters
    ----------
    articles : sequence of Article
        All of them, copies included.
    canonical : sequence of Article
        Those that were grouped, in the order of `grouping`.
    grouping : Grouping
        Its first groups are those of `catalogue`, in that order.
    catalogue : sequence of CatalogueTheme
    n_keywords, n_evidence : int
        How many of each to give, at most.

    Returns
    -------
    list of Theme
        A catalogued theme without articles is there too, with counts of 0. Names are unique.
    """
    labels = _labels(canonical, grouping, catalogue, n_keywords, n_evidence)
    copies = Counter(article.duplicate_group for article in articles)
    themes = []
    for group, label in enumerate(labels):
        members = [a for a, g in zip(canonical, grouping.groups, strict=True) if g == group]
        evidence = find_evidence(grouping, group, n=n_evidence)
        dates = sorted(a.published for a in members if a.published)
        sources = Counter(a.source for a in members if a.source)
        themes.append(
            Theme(
                theme_id=label.theme_id,
                name=label.name,
                status="catalogued" if group < len(catalogue) else "provisional",
                description=label.description,
                keywords=label.keywords,
                n_articles=sum(copies[a.duplicate_group] for a in members),
                n_distinct=len(members),
                share=round(len(members) / max(1, len(canonical)), 4),
                representative=tuple(canonical[r].article_id for r in evidence.representative),
                borderline=tuple(canonical[r].article_id for r in evidence.borderline),
                first_seen=dates[0] if dates else None,
                last_seen=dates[-1] if dates else None,
                top_source_share=_top_share(sources),
            )
        )
    return themes


def _labels(
    canonical: Sequence[Article],
    grouping: Grouping,
    catalogue: Sequence[CatalogueTheme],
    n_keywords: int,
    n_evidence: int,
) -> list[_Label]:
    n_groups = max(int(grouping.groups.max(initial=NO_GROUP)) + 1, len(catalogue))
    texts = [article.full_text for article in canonical]
    keywords = theme_keywords(texts, grouping.groups.tolist(), n=n_keywords)
    keywords += [[] for _ in range(n_groups - len(keywords))]
    labels = [
        _Label(theme.theme_id, theme.name, theme.description, tuple(keywords[i]))
        for i, theme in enumerate(catalogue)
    ]
    taken = {label.name.casefold() for label in labels}
    content_ids = [article.content_id for article in canonical]
    for group in range(len(catalogue), n_groups):
        name = name_from_keywords(keywords[group], taken)
        taken.add(name.casefold())
        evidence = find_evidence(grouping, group, n=n_evidence)
        theme_id = provisional_id(
            content_ids, evidence.representative, {label.theme_id for label in labels}
        )
        labels.append(_Label(theme_id, name, "", tuple(keywords[group])))
    return labels


def assign_articles(
    articles: Sequence[Article],
    canonical: Sequence[Article],
    paths: Sequence[tuple[int, ...]],
    grouping: Grouping,
    themes: Sequence[Theme],
) -> list[Assignment]:
    """One assignment for every article, sorted by id; a copy has what its canonical has.

    `paths` are the clusters of `canonical`, in that order.
    """
    strengths = strengths_of(grouping)
    by_group: dict[str, Assignment] = {}
    for row, article in enumerate(canonical):
        group = int(grouping.groups[row])
        theme = themes[group] if group != NO_GROUP else None
        by_group[article.duplicate_group] = Assignment(
            article_id=article.article_id,
            theme=theme.theme_id if theme else None,
            theme_name=theme.name if theme else None,
            path=paths[row],
            strength=float(strengths[row]),
            how=grouping.how[row],
        )
    assignments = []
    for article in sorted(articles, key=lambda a: a.article_id):
        found = by_group[article.duplicate_group]
        is_copy = found.article_id != article.article_id and found.theme is not None
        assignments.append(
            Assignment(
                article_id=article.article_id,
                theme=found.theme,
                theme_name=found.theme_name,
                path=found.path,
                strength=found.strength,
                how="copy" if is_copy else found.how,
            )
        )
    return assignments


def adopt_names(
    themes: Sequence[Theme], assignments: Sequence[Assignment], called: Mapping[str, str]
) -> tuple[list[Theme], list[Assignment]]:
    """Give provisional themes the ids that people's labels use, so that one theme has one name.

    `called` maps provisional ids to labels; where several are called the same, the largest gets
    the id and the others keep theirs. Nothing moves from one theme to another.
    """
    taken = {theme.theme_id for theme in themes}
    names = {theme.name.casefold() for theme in themes}
    new: dict[str, tuple[str, str]] = {}
    for theme in sorted(themes, key=lambda t: (-t.n_distinct, t.theme_id)):
        label = called.get(theme.theme_id)
        if label is not None and label not in taken:
            name = readable_name(label)
            new[theme.theme_id] = (label, theme.name if name.casefold() in names else name)
            taken.add(label)
    renamed = [
        replace(t, theme_id=new[t.theme_id][0], name=new[t.theme_id][1]) if t.theme_id in new else t
        for t in themes
    ]
    moved = [
        replace(a, theme=new[a.theme][0], theme_name=new[a.theme][1]) if a.theme in new else a
        for a in assignments
    ]
    return renamed, moved


def _top_share(sources: Counter[str]) -> float | None:
    if not sources:
        return None
    return round(max(sources.values()) / sources.total(), 4)
