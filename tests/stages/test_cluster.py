"""The cluster stage groups canonical articles only. What clusters are: tests/core/test_clusters.py."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.core.embeddings import join_embeddings
from pipeline.errors import ContractError
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_clusters, write_embeddings, write_rows
from pipeline.records import Article, Clusters
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
    assert json.loads(paths.metrics("cluster").read_text()) == {
        "n_clusters": 0,
        "share_in_none": 1.0,
    }


def test_clusters_and_what_is_in_none_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(ids: list[str], *_: object) -> Clusters:
        n = len(ids)
        zeros = np.zeros((n, 2), np.float32)
        return Clusters(tuple(sorted(ids)), ((0,), (1,), ()), np.arange(n), zeros[:, 0], zeros)

    monkeypatch.setattr(stage, "find_clusters", find)
    paths = Paths.of_project(tmp_path)
    write_corpus(paths, 3)
    stage.run(paths, PARAMS)
    numbers = json.loads(paths.metrics("cluster").read_text())
    assert numbers == {"n_clusters": 2, "share_in_none": 0.3333}


def test_without_vectors_it_says_what_to_run(tmp_path: Path) -> None:
    paths = Paths.of_project(tmp_path)
    write_rows(paths.articles, [make_article()], Article)
    with pytest.raises(ContractError, match=r"embeddings\.parquet: missing; run: dvc repro"):
        stage.run(paths, PARAMS)
