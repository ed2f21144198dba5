"""Which labelled articles are set aside for evaluation, for good.

The rule is a function of the content id alone: no file remembers the split, and nothing that
happens later (new labels, new articles, another seed, a retrain) can move a label that is set
aside into training. A random or stratified split would be drawn anew whenever a label is added,
and a champion's score could then no longer be compared with a challenger's. Whole duplicate groups
are set aside, so that no copy of an evaluated article is trained on. A group enters the hold-out
when any of its labels does, and stays there; the one way in after training is a label for a
further copy, which is why a model lists the contents that it was trained on.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.records import Article, Label


@dataclass(frozen=True, slots=True)
class GroupLabels:
    """People's decisions, one for each labelled duplicate group.

    `themes` maps duplicate group → theme id or `UNKNOWN`, sorted by group; `held_out` is a part
    of its keys. `n_conflicts` counts groups whose labels disagree, `n_unmatched` labels whose
    content is in no article.
    """

    themes: dict[str, str]
    held_out: frozenset[str]
    n_conflicts: int
    n_unmatched: int


def is_held_out(content_id: str, *, share: float) -> bool:
    """Whether a label of this content is set aside; true for `share` of all contents.

    Growing `share` only adds contents: it never moves one out of the hold-out.
    """
    digest = hashlib.sha256(f"newsthemes holdout {content_id}".encode()).hexdigest()
    return int(digest[:8], 16) / 2**32 < share


def group_labels(
    articles: Sequence[Article],
    labels: Sequence[Label],
    *,
    share: float,
    owners: Mapping[str, str] | None = None,
) -> GroupLabels:
    """Carry labels from contents to duplicate groups, and set some groups aside.

    Parameters
    ----------
    articles : Sequence[Article]
        All articles, copies included; a label counts for every group that holds its content.
    labels : Sequence[Label]
        Any number for one group. The theme named most often wins, ties by smallest id.
    share : float
        Share of labelled contents that are set aside, in (0, 1).
    owners : mapping of str to str, optional
        Theme id → the theme that it was merged into (`Catalogue.owners`): what people labelled
        before a merge counts for the whole.

    Returns
    -------
    GroupLabels
        The order of articles and labels changes nothing.
    """
    groups_of: defaultdict[str, set[str]] = defaultdict(set)
    for article in articles:
        groups_of[article.content_id].add(article.duplicate_group)
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    held_out: set[str] = set()
    for label in labels:
        for group in groups_of.get(label.content_id, ()):
            votes[group][(owners or {}).get(label.theme, label.theme)] += 1
            if is_held_out(label.content_id, share=share):
                held_out.add(group)
    return GroupLabels(
        themes={group: _majority(votes[group]) for group in sorted(votes)},
        held_out=frozenset(held_out),
        n_conflicts=sum(len(themes) > 1 for themes in votes.values()),
        n_unmatched=sum(label.content_id not in groups_of for label in labels),
    )


def _majority(votes: Counter[str]) -> str:
    return min(votes, key=lambda theme: (-votes[theme], theme))
