"""Which articles people should look at next, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.review.spread import spread_rows

SUSPECTED = "suspected error"
LEAST_SURE = "least sure"
MOST_NOVEL = "most novel"
RANDOM = "random"

#: The least sure are chosen, spread out, from this many times as many, but no more than this
#: share of all: the rest is not doubtful.
_REACH = 20
_REACH_SHARE = 1 / 3

Vectors = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Reviewable:
    """One duplicate group that may be looked at, as its canonical article.

    `theme` is the answer that is to be checked, a theme id or `UNKNOWN`, of a model that had not
    seen the article; `margin` is how far its best theme's probability lies above that of the
    second, in [0, 1]; `novelty` as in `Labelled`.
    """

    content_id: str
    group: str
    title: str | None
    text: str
    published: str | None
    source: str | None
    theme: str
    theme_name: str
    probability: float
    alternatives: tuple[str, ...]
    margin: float
    novelty: float


@dataclass(frozen=True, slots=True)
class Queued:
    """One article to look at, and the reasons why."""

    item: Reviewable
    why: tuple[str, ...]


def choose_rows(
    pool: Sequence[Reviewable],
    n: int,
    *,
    seed: int,
    vectors: Vectors,
    novel: int = 0,
    suspects: Sequence[str] = (),
    done: Collection[str] = (),
) -> tuple[Queued, ...]:
    """Choose what is worth a person's time: doubtful, novel, and a random sample.

    A quarter is a simple random sample of all groups that are not done, drawn first, so that what
    people say of it tells how often the answers are right. Suspected errors take at most a
    quarter. The rest are the least sure, spread over what they are about, so that no two teach the
    same; of these, `novel` may be given to the most novel instead. benchmarks/review.py compares
    this with other shares: people label least with none of them novel.

    Parameters
    ----------
    pool : Sequence[Reviewable]
        One for each duplicate group, in any order.
    n : int
        How many rows are wanted, 1 or more.
    seed : int
        Another seed draws another random sample. With the same seed, the next export goes on in
        the order in which this one began.
    vectors : Vectors
        Content id → unit vector. If any of the doubtful has none, they are not spread.
    novel : int
        How many of the rows are to be the most novel.
    suspects : Sequence[str]
        Groups whose labels are probably wrong, worst first; they are shown though they are done.
    done : Collection[str]
        Groups that need no further look.

    Returns
    -------
    tuple of Queued
        At most `n`: suspects, least sure, most novel, then random. A row of the random sample
        that is suspected as well stands with the suspects and gives both reasons.
    """
    by_group = {item.group: item for item in sorted(pool, key=lambda i: (i.group, i.content_id))}
    is_open = [item for item in by_group.values() if item.group not in done]
    n_random = n - n // 2 - n // 4
    sampled = sorted(is_open, key=lambda item: _draw(item.content_id, seed))[:n_random]
    in_sample = {item.group for item in sampled}
    suspected = [by_group[group] for group in suspects if group in by_group][: n // 4]
    taken = in_sample | {item.group for item in suspected}
    n_novel = min(novel, n - len(taken))

    rest = [item for item in is_open if item.group not in taken]
    n_doubtful = n - len(taken) - n_novel
    doubtful = _least_sure(rest, n_doubtful, vectors)
    taken |= {item.group for item in doubtful}
    rest = [item for item in rest if item.group not in taken]
    strangest = sorted(rest, key=lambda item: (-item.novelty, item.content_id))[:n_novel]

    rows = [
        Queued(item, (SUSPECTED, RANDOM) if item.group in in_sample else (SUSPECTED,))
        for item in suspected
    ]
    rows += [Queued(item, (LEAST_SURE,)) for item in doubtful]
    rows += [Queued(item, (MOST_NOVEL,)) for item in strangest]
    shown = {item.group for item in suspected}
    return tuple(rows + [Queued(item, (RANDOM,)) for item in sampled if item.group not in shown])


def _draw(content_id: str, seed: int) -> str:
    return hashlib.sha256(f"review {seed} {content_id}".encode()).hexdigest()


def _least_sure(items: Sequence[Reviewable], n: int, vectors: Vectors) -> list[Reviewable]:
    ranked = sorted(items, key=lambda item: (item.margin, item.content_id))
    near = ranked[: max(n, min(n * _REACH, int(len(ranked) * _REACH_SHARE)))]
    if not near or not all(item.content_id in vectors for item in near):
        return near[:n]
    rows = spread_rows(
        np.stack([vectors[item.content_id] for item in near]),
        np.array([1.0 - item.margin for item in near]),
        n,
    )
    return sorted((near[row] for row in rows), key=lambda item: (item.margin, item.content_id))
