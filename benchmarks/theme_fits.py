"""Ours as the benchmarks call it: one fit, its levels, and its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labelled_sets import ROOT
from pipeline.core.clustering.clusters import ClusterSettings, ClusterTree, find_clusters
from pipeline.io.params import load_params
from pipeline.records import FloatMatrix

Labels = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class OurLevel:
    """One level of our tree: `labels` (n,) in the caller's order, -1 for none.

    `stability` is NaN where the fit does not state one. `name` is the number of the level, 0 the
    coarsest, or "stories".
    """

    name: str
    stability: float
    is_default: bool
    labels: Labels

    @property
    def k(self) -> int:
        """Number of clusters."""
        return len(np.unique(self.labels[self.labels >= 0]))


@dataclass(frozen=True, slots=True, eq=False)
class OurFit:
    """All that one fit gives. `digest` is of every byte, by sorted id."""

    levels: tuple[OurLevel, ...]
    digest: str

    @property
    def labels(self) -> Labels:
        """Clusters at the default cut."""
        return next(level for level in self.levels if level.is_default).labels

    @property
    def k(self) -> int:
        """Number of clusters at the default cut."""
        return len(np.unique(self.labels[self.labels >= 0]))


def ours(
    vectors: FloatMatrix,
    texts: Sequence[str],
    ids: Sequence[str],
    dates: Sequence[str | None],
    seed: int,
) -> OurFit:
    """Fit with the settings of params.yaml and this seed."""
    params = load_params(Path(ROOT, "params.yaml"))
    settings = ClusterSettings(**params.cluster.model_dump(), seed=seed)
    tree = find_clusters(list(ids), vectors, list(texts), list(dates), settings)
    clusters = tree.clusters
    row = {article_id: i for i, article_id in enumerate(clusters.article_ids)}
    order = np.array([row[article_id] for article_id in ids], dtype=np.intp)
    views = [
        OurLevel(
            str(level.level),
            level.stability,
            level.is_default,
            clusters.labels_at(level.level)[order],
        )
        for level in tree.levels
    ]
    stories = clusters.stories[order]
    views.append(OurLevel("stories", float("nan"), is_default=False, labels=stories))
    return OurFit(tuple(views), _digest(tree))


def _digest(tree: ClusterTree) -> str:
    clusters = tree.clusters
    hasher = hashlib.sha256(repr((clusters.article_ids, clusters.paths, tree.levels)).encode())
    for column in (clusters.stories, clusters.strengths, clusters.map_xy):
        hasher.update(np.ascontiguousarray(column).tobytes())
    return hasher.hexdigest()
