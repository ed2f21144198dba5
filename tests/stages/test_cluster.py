"""The cluster stage groups canonical articles only. What clusters are: tests/core/clustering/."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.core.clustering.clusters import ClusterTree, find_clusters
from pipeline.core.embeddings import join_embeddings
from pipeline.errors import ContractError
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_clusters, read_rows, write_embeddings, write_rows
from pipeline.records import Article, Clusters, Level
from pipeline.stages import cluster as stage
from tests.conftest import CHECKOUT, FakeEncoder, make_article

PARAMS = load_params(CHECKOUT / "params.yaml")


def write_corpus(paths: Paths, n: int) -> list[Article]:
    originals = [make_article(title=None, text=f"ferry number {'x' * (i + 4)}") for i in range(n)]
    copies = [
        make_article(title=None, text=f"copy of {a.text}", is_canonical=False)
        for a in originals[:2]
    ]
    vectors = {a.content_id: FakeEncoder().encode([a.text])[0] for a in [*originals, *copies]}
    write_rows(paths.articles, [*originals, *copies], Article)
    write_embeddings(paths.embeddings, join_embeddings(vectors, FakeEncoder.model))
    return originals


def test_every_canonical_article_has_a_place_and_no_copy_has(tmp_path: Path) -> None:
    paths = Paths.of_project(tmp_path)
    originals = write_corpus(paths, 5)
    stage.run(paths, PARAMS)
    clusters = read_clusters(paths.clusters)
    assert clusters.article_ids == tuple(sorted(a.article_id for a in originals))
    assert read_rows(paths.levels, Level) == [Level(0, 0, 0.0, 1.0, is_default=True)]
    numbers = json.loads(paths.metrics("cluster").read_text())
    assert numbers == {
        "n_clusters": 0,
        "n_levels": 1,
        "n_stories": len(set(clusters.stories.tolist())),
        "share_in_none": 1.0,
        "stability": 0.0,
    }


def test_what_is_counted_is_of_the_default_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    levels = (
        Level(0, 1, 0.7, 0.0, is_default=False),
        Level(1, 2, 0.95, 0.0, is_default=True),
        Level(2, 3, 0.6, 0.0, is_default=False),
    )

    def find(ids: list[str], *_: object) -> ClusterTree:
        stories = np.array([0, 1, 1, 2], dtype=np.int32)
        paths = ((0, 0, 0), (0, 0, 1), (0, 0, 1), (0, 1, 2))
        zeros = np.zeros((4, 2), np.float32)
        clusters = Clusters(tuple(sorted(ids)), paths, stories, zeros[:, 0], zeros)
        return ClusterTree(clusters, levels)

    monkeypatch.setattr(stage, "find_clusters", find)
    paths = Paths.of_project(tmp_path)
    write_corpus(paths, 4)
    stage.run(paths, PARAMS)
    numbers = json.loads(paths.metrics("cluster").read_text())
    assert numbers == {
        "n_clusters": 2,
        "n_levels": 3,
        "n_stories": 3,
        "share_in_none": 0.0,
        "stability": 0.95,
    }
    assert tuple(read_rows(paths.levels, Level)) == levels
    assert read_clusters(paths.clusters).stories.tolist() == [0, 1, 1, 2]
    said = "cluster: 2 clusters among 4 distinct articles (levels of 1, 2, 3; 3 stories)"
    assert said in capsys.readouterr().err


def test_dates_reach_the_search_for_stories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[object] = []

    def find(*arguments: object) -> ClusterTree:
        seen.extend(arguments)
        return find_clusters(*arguments)

    monkeypatch.setattr(stage, "find_clusters", find)
    paths = Paths.of_project(tmp_path)
    articles = write_corpus(paths, 2)
    dated = [dataclasses.replace(articles[0], published="2024-03-01"), articles[1]]
    write_rows(paths.articles, dated, Article)
    stage.run(paths, PARAMS)
    assert seen[0] == [a.article_id for a in dated]
    assert seen[2] == [a.full_text for a in dated]
    assert seen[3] == ["2024-03-01", None]


def test_without_vectors_it_says_what_to_run(tmp_path: Path) -> None:
    paths = Paths.of_project(tmp_path)
    write_rows(paths.articles, [make_article()], Article)
    with pytest.raises(ContractError, match=r"embeddings\.parquet: missing; run: dvc repro"):
        stage.run(paths, PARAMS)
