"""What the classifier is taught: clusters' themes, corrected by people's labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.labels.holdout import GroupLabels
from pipeline.records import UNKNOWN, Article, Assignment, Theme

#: Labelled members, and their share, that make a new cluster the theme that people call it.
_MIN_AGREEING = 2
_MIN_AGREEING_SHARE = 0.5
#: Articles that people called `UNKNOWN`, from which there is something to learn.
_MIN_UNKNOWN = 3
_ACRONYMS = frozenset({"ai", "eu", "nato", "uk", "un", "us", "usa", "who", "wto"})


@dataclass(frozen=True, slots=True)
class Targets:
    """Canonical articles to train on, sorted by content id, and what each is to be.

    `themes` (`UNKNOWN` among them), `weights` and `is_label` (whether a person said so) are
    aligned with `articles`. `names` maps each theme id in `themes` → name. `trained_on` is sorted
    and lists all contents of the groups that take part, copies included. `renamed` maps
    provisional id → the theme that people call it.
    """

    articles: tuple[Article, ...]
    themes: tuple[str, ...]
    weights: tuple[float, ...]
    is_label: tuple[bool, ...]
    names: dict[str, str]
    trained_on: tuple[str, ...]
    renamed: dict[str, str]


def choose_targets(
    articles: Sequence[Article],
    assignments: Sequence[Assignment],
    themes: Sequence[Theme],
    labels: GroupLabels,
    *,
    label_weight: float,
) -> Targets:
    """Decide what each canonical article outside the hold-out is trained as.

    A person's label outweighs the cluster's theme. Articles that a person called `UNKNOWN` are
    taught as that, with weight 1, where there are enough of them to learn from; articles with
    neither label nor theme are not trained on. A provisional theme most of whose
    labelled members people call by one uncatalogued name is trained under that name.

    Parameters
    ----------
    articles, assignments, themes
        As the stages write them, in any order; an article without an assignment has no theme.
    labels : GroupLabels
        Its held-out groups take no part at all, neither as labels nor as cluster members.
    label_weight : float
        Weight of a person's label; a cluster's assignment weighs 1.
    """
    canonical = [a for a in articles if a.is_canonical and a.duplicate_group not in labels.held_out]
    canonical.sort(key=lambda a: (a.content_id, a.article_id))
    assigned = {a.article_id: a.theme for a in assignments}
    renamed = names_by_people(articles, assignments, themes, labels)

    chosen: list[tuple[Article, str, bool]] = []
    for article in canonical:
        label = labels.themes.get(article.duplicate_group)
        theme = label if label is not None else assigned.get(article.article_id)
        if theme is not None:
            theme = theme if label is not None else renamed.get(theme, theme)
            chosen.append((article, theme, label is not None))
    if sum(theme == UNKNOWN for _, theme, _ in chosen) < _MIN_UNKNOWN:
        chosen = [example for example in chosen if example[1] != UNKNOWN]
    groups = {article.duplicate_group for article, _, _ in chosen}
    known_names = {theme.theme_id: theme.name for theme in themes}
    return Targets(
        articles=tuple(article for article, _, _ in chosen),
        themes=tuple(theme for _, theme, _ in chosen),
        # An UNKNOWN that weighs more costs right answers and gains nothing (benchmarks/trust.py).
        weights=tuple(label_weight if said and t != UNKNOWN else 1.0 for _, t, said in chosen),
        is_label=tuple(said for _, _, said in chosen),
        names={
            t: known_names.get(t) or readable_name(t) for t in sorted({t for _, t, _ in chosen})
        },
        trained_on=tuple(sorted({a.content_id for a in articles if a.duplicate_group in groups})),
        renamed=renamed,
    )


def names_by_people(
    articles: Sequence[Article],
    assignments: Sequence[Assignment],
    themes: Sequence[Theme],
    labels: GroupLabels,
) -> dict[str, str]:
    """Provisional theme id → the uncatalogued theme that people call most of its members.

    At least two members, and half of those that people labelled outside the hold-out, have to
    agree. Several provisional themes may be called the same.
    """
    catalogued = {theme.theme_id for theme in themes if theme.status == "catalogued"}
    return labels_of_themes(
        articles, {a.article_id: a.theme for a in assignments}, catalogued, labels
    )


def labels_of_themes(
    articles: Sequence[Article],
    assigned: Mapping[str, str | None],
    catalogued: Container[str],
    labels: GroupLabels,
) -> dict[str, str]:
    """Do what `names_by_people` does, for articles whose theme is given by article id."""
    said: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for article in articles:
        theme = assigned.get(article.article_id)
        label = labels.themes.get(article.duplicate_group)
        is_open = article.is_canonical and article.duplicate_group not in labels.held_out
        if is_open and theme is not None and theme not in catalogued and label is not None:
            said[theme][label] += 1
    renamed = {}
    for theme, votes in sorted(said.items()):
        label = min(votes, key=lambda t: (-votes[t], t))
        enough = votes[label] >= max(_MIN_AGREEING, _MIN_AGREEING_SHARE * votes.total())
        if enough and label != UNKNOWN and label not in catalogued:
            renamed[theme] = label
    return renamed


def readable_name(theme_id: str) -> str:
    """Readable name of a theme that only labels mention: `eu-energy` → `EU Energy`."""
    words = theme_id.split("-")
    return " ".join(w.upper() if w in _ACRONYMS else w[:1].upper() + w[1:] for w in words)
