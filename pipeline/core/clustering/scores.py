"""How well a grouping agrees with people's, and how steady it is. No one number decides.

The measures differ in what they punish: AMI and V look at information, ARI and FMI at pairs (so at
large groups), B-cubed at each article's own group. All are in [0, 1] but AMI and ARI, which may
fall a little below 0; 1 is perfect agreement.

Articles that people said nothing of are left out. Articles that were found to be in none (-1) are
scored as one group of their own for AMI, ARI, FMI and V, as the papers of other topic finders do,
or each as a group of its own; for B-cubed always the latter, so that leaving articles out costs
recall and hides no mistake.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Literal

import numpy as np
import numpy.typing as npt

Groups = Sequence[int] | npt.NDArray[np.integer]
NoneAs = Literal["one_group", "own_groups"]
_Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BCubed:
    """Precision, recall and their harmonic mean, each in [0, 1]."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class ClusterScores:
    """Agreement of a found grouping with people's, over the `n_items` that people grouped.

    `ami` and `ari` are at most 1 and about 0 by chance; `fmi`, `v` and the three of B-cubed are in
    [0, 1]. `n_true` and `n_found` count groups, none not among them; `share_in_none` is in [0, 1].
    """

    n_items: int
    n_true: int
    n_found: int
    share_in_none: float
    ami: float
    ari: float
    fmi: float
    v: float
    b3_precision: float
    b3_recall: float
    b3_f1: float

    def as_metrics(self, prefix: str = "") -> dict[str, float]:
        """Give the numbers by name, each name with `prefix` before it."""
        return {f"{prefix}{name}": value for name, value in asdict(self).items()}


def score_clusters(
    truth: Sequence[str | None], found: Groups, *, none_as: NoneAs = "one_group"
) -> ClusterScores | None:
    """Compare a found grouping with people's.

    Parameters
    ----------
    truth : sequence of str or None
        Group of each item by people; None where they said nothing: such items do not count.
    found : sequence of int
        Group of each item as found; -1 for none.
    none_as : {"one_group", "own_groups"}
        What items in none are for AMI, ARI, FMI and V; for B-cubed they are groups of their own.

    Returns
    -------
    ClusterScores or None
        None where people grouped nothing.

    Raises
    ------
    ValueError
        If the two differ in length.

    References
    ----------
    AMI: Vinh, Epps and Bailey, JMLR 11, 2010. ARI: Hubert and Arabie, 1985. FMI: Fowlkes and
    Mallows, 1983. V: Rosenberg and Hirschberg, 2007. B-cubed: Bagga and Baldwin, 1998; Amigó et
    al., 2009.
    """
    from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score, v_measure_score

    groups = np.asarray(found, dtype=np.int64)
    if len(truth) != len(groups):
        raise ValueError(f"{len(truth)} items grouped by people, {len(groups)} found")
    is_known = np.array([value is not None for value in truth], dtype=bool)
    if not is_known.any():
        return None
    actual = _numbered([value for value in truth if value is not None])
    groups = groups[is_known]
    whole = groups if none_as == "one_group" else _alone(groups)
    b3 = b_cubed(actual, groups)
    return ClusterScores(
        n_items=len(actual),
        n_true=len(np.unique(actual)),
        n_found=len(np.unique(groups[groups >= 0])),
        share_in_none=float((groups < 0).mean()),
        ami=float(adjusted_mutual_info_score(actual, whole)),
        ari=float(adjusted_rand_score(actual, whole)),
        fmi=fowlkes_mallows(actual, whole),
        v=float(v_measure_score(actual, whole)),
        b3_precision=b3.precision,
        b3_recall=b3.recall,
        b3_f1=b3.f1,
    )


def b_cubed(truth: Groups, found: Groups) -> BCubed:
    """Mean over items of how much of their group is right.

    An item's precision is the share of its found group that is of its true group, its recall the
    share of its true group that is in its found group; F1 is of the two means.

    Parameters
    ----------
    truth, found : sequence of int
        Group of each item, of one length, not empty; -1 makes an item a group of its own.
    """
    table, of_truth, of_found = _contingency(_alone(truth), _alone(found))
    squares = table.astype(np.float64) ** 2
    n = table.sum()
    # A cell of c items has c of them, each with precision c / (size of the found group).
    precision = float((squares / of_found).sum() / n)
    recall = float((squares / of_truth).sum() / n)
    return BCubed(precision, recall, 2 * precision * recall / (precision + recall))


def fowlkes_mallows(first: Groups, second: Groups) -> float:
    """Geometric mean of the shares of pairs that are together in both, in [0, 1].

    Two groupings that put no two items together agree wholly: 1 (scikit-learn says 0).

    Parameters
    ----------
    first, second : sequence of int
        Group of each item; every number is a group, -1 as well.
    """
    numbers = [np.asarray(groups, dtype=np.int64) for groups in (first, second)]
    in_first, in_second = [_pairs(np.unique(g, return_counts=True)[1]) for g in numbers]
    together = _pairs(_contingency(*numbers)[0])
    if not in_first and not in_second:
        return 1.0
    if not together:
        return 0.0
    return min(1.0, float(np.sqrt(together / in_first) * np.sqrt(together / in_second)))


def stability(fits: Sequence[dict[str, int]]) -> float | None:
    """Mean adjusted Rand index over all pairs of fits, each on the items that both have.

    Parameters
    ----------
    fits : sequence of dict
        Group by item id; -1 for none, which counts as a group.

    Returns
    -------
    float or None
        At most 1, which says that all fits agree; None without two fits that share two items.
    """
    from sklearn.metrics import adjusted_rand_score

    agreements = []
    for first, second in combinations(fits, 2):
        common = sorted(first.keys() & second.keys())
        if len(common) >= 2:
            pairs = [first[item] for item in common], [second[item] for item in common]
            agreements.append(float(adjusted_rand_score(*pairs)))
    return float(np.mean(agreements)) if agreements else None


def _numbered(values: Sequence[str]) -> _Ints:
    return np.unique(np.array(values, dtype=object), return_inverse=True)[1].astype(np.int64)


def _alone(groups: Groups) -> _Ints:
    """Give each item in none (-1) a number of its own."""
    numbers = np.asarray(groups, dtype=np.int64).copy()
    lost = np.flatnonzero(numbers < 0)
    numbers[lost] = numbers.max(initial=-1) + 1 + np.arange(len(lost))
    return numbers


def _contingency(first: _Ints, second: _Ints) -> tuple[_Ints, _Ints, _Ints]:
    """Items of every pair of groups that occurs, and the sizes of the two groups beside each."""
    _, rows, of_row = np.unique(first, return_inverse=True, return_counts=True)
    _, columns, of_column = np.unique(second, return_inverse=True, return_counts=True)
    cells, table = np.unique(rows * len(of_column) + columns, return_counts=True)
    return table, of_row[cells // len(of_column)], of_column[cells % len(of_column)]


def _pairs(sizes: _Ints) -> int:
    return int((sizes * (sizes - 1)).sum()) // 2
