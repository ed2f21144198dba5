"""How far people agree with each other, and how often the answers that they checked are right."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.records import Label

_N_RESAMPLES = 1000
#: 97.5 % point of the normal distribution.
_Z = 1.959964

#: What each annotator says of one item.
Votes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rate:
    """`n_right` of `n`, and the interval of the share; low 0 and high 1 where n is 0."""

    n_right: int
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far annotators agree beyond chance, over items that two or more of them labelled.

    `coefficient` names the measure. `value`, `low` and `high` are at most 1 (all agree), 0 for
    agreement by chance; None where they are not defined: no shared item, or one theme only.
    """

    coefficient: str
    annotators: tuple[str, ...]
    n_items: int
    n_conflicts: int
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """An item on which people disagree; `votes` pairs annotator and theme, sorted."""

    group: str
    votes: tuple[tuple[str, str], ...]


def rate_of(n_right: int, n: int) -> Rate:
    """Share with Wilson's interval at 95 % (E. B. Wilson, JASA 22, 1927)."""
    if not n:
        return Rate(0, 0, 0.0, 1.0)
    share, z2 = n_right / n, _Z * _Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Rate(n_right, n, max(0.0, centre - half), min(1.0, centre + half))


def votes_by_group(
    labels: Sequence[Label], groups: Mapping[str, str], owners: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """What each annotator says of each duplicate group, sorted by group and annotator.

    Parameters
    ----------
    labels : Sequence[Label]
        Of an annotator who labelled several copies in a group, the smallest content id counts.
    groups : Mapping[str, str]
        Content id → duplicate group; a content of no group stands for itself.
    owners : Mapping[str, str]
        Theme id → the theme that it was merged into.
    """
    votes: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for label in sorted(labels, key=lambda label: (label.annotator, label.content_id)):
        group = groups.get(label.content_id, label.content_id)
        votes[group].setdefault(label.annotator, owners.get(label.theme, label.theme))
    return dict(sorted(votes.items()))


def find_conflicts(votes: Mapping[str, Votes]) -> list[Conflict]:
    """Items on which two annotators disagree, sorted."""
    return [
        Conflict(group, tuple(sorted(said.items())))
        for group, said in sorted(votes.items())
        if len(set(said.values())) > 1
    ]


def measure_agreement(votes: Mapping[str, Votes], *, seed: int = 0) -> Agreement:
    """Cohen's kappa for two annotators, Krippendorff's alpha (nominal) for more.

    The interval is the percentile bootstrap over items, 95 %.

    References
    ----------
    J. Cohen, "A coefficient of agreement for nominal scales", 1960. K. Krippendorff, "Content
    Analysis", chapter 11; it takes items that not everybody labelled.
    """
    shared = [said for _, said in sorted(votes.items()) if len(said) > 1]
    people = tuple(sorted({annotator for said in shared for annotator in said}))
    is_pair = len(people) <= 2
    statistic = _kappa if is_pair else _alpha
    value = statistic(shared)
    drawn = np.random.default_rng(seed).integers(
        0, max(len(shared), 1), size=(_N_RESAMPLES, len(shared))
    )
    resampled = [statistic([shared[i] for i in rows]) for rows in drawn.tolist()] if people else []
    defined = [v for v in resampled if v is not None]
    low, high = (
        (float(v) for v in np.percentile(defined, [2.5, 97.5]))
        if value is not None and defined
        else (None, None)
    )
    return Agreement(
        coefficient="Cohen's kappa" if is_pair else "Krippendorff's alpha",
        annotators=people,
        n_items=len(shared),
        n_conflicts=sum(len(set(said.values())) > 1 for said in shared),
        value=value,
        low=low,
        high=high,
    )


def _kappa(shared: Sequence[Votes]) -> float | None:
    if not shared:
        return None
    pairs = [[said[annotator] for annotator in sorted(said)] for said in shared]
    one, other = Counter(p[0] for p in pairs), Counter(p[1] for p in pairs)
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    by_chance = sum(one[theme] * other[theme] for theme in one) / len(pairs) ** 2
    return None if by_chance >= 1 else (agreed - by_chance) / (1 - by_chance)


def _alpha(shared: Sequence[Votes]) -> float | None:
    """One minus observed over expected disagreement, from the matrix of coincidences."""
    totals: Counter[str] = Counter()
    disagreed = 0.0
    for said in shared:
        themes = list(said.values())
        totals.update(themes)
        apart = sum(a != b for a, b in itertools.permutations(themes, 2))
        disagreed += apart / (len(themes) - 1)
    n = totals.total()
    expected = (n * n - sum(count * count for count in totals.values())) / (n - 1) if n > 1 else 0
    return None if not expected else 1 - disagreed / expected
