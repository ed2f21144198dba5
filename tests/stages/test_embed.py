"""The embed stage computes only what was never seen, and its output holds what is there now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ContractError
from pipeline.io.params import Params, load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_embeddings, write_rows
from pipeline.records import Article, FloatMatrix
from pipeline.stages import embed as stage
from tests.conftest import CHECKOUT, FakeEncoder, make_article


class CountingEncoder(FakeEncoder):
    """Notes what it is asked for, and can be interrupted."""

    def __init__(self, *, stop_after: int | None = None) -> None:
        self.seen: list[str] = []
        self._stop_after = stop_after

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        if self._stop_after is not None and len(self.seen) >= self._stop_after:
            raise KeyboardInterrupt
        self.seen += texts
        return super().encode(texts)


@pytest.fixture
def params() -> Params:
    return load_params(CHECKOUT / "params.yaml")


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.delenv("DVC_ROOT", raising=False)
    return Paths.of_project(tmp_path)


def articles(*texts: str) -> list[Article]:
    return [make_article(title=None, text=text) for text in texts]


def test_each_content_gets_one_vector_and_the_numbers_are_written(
    paths: Paths, params: Params
) -> None:
    rows = [*articles("ferry", "violin"), make_article(title=None, text="ferry", article_id="copy")]
    write_rows(paths.articles, rows, Article)
    stage.run(paths, params, FakeEncoder())
    embeddings = read_embeddings(paths.embeddings)
    assert embeddings.content_ids == tuple(sorted({row.content_id for row in rows}))
    assert embeddings.model == FakeEncoder.model
    assert np.allclose(np.linalg.norm(embeddings.vectors, axis=1), 1)
    assert json.loads(paths.metrics("embed").read_text()) == {"n_contents": 2, "n_dims": 64}


def test_a_retrain_computes_only_new_texts_and_forgets_old_ones(
    paths: Paths, params: Params
) -> None:
    write_rows(paths.articles, articles("ferry", "violin"), Article)
    stage.run(paths, params, CountingEncoder())
    now = articles("violin", "orchard")
    write_rows(paths.articles, now, Article)
    encoder = CountingEncoder()
    stage.run(paths, params, encoder)
    assert encoder.seen == ["orchard"]
    found = read_embeddings(paths.embeddings).content_ids
    assert found == tuple(sorted(article.content_id for article in now))


def test_a_warm_cache_a_cold_one_and_none_give_the_same_bytes(
    paths: Paths, params: Params, tmp_path: Path
) -> None:
    written = []
    for texts in (("ferry",), ("ferry", "violin"), ("ferry", "violin")):
        write_rows(paths.articles, articles(*texts), Article)
        stage.run(paths, params, FakeEncoder())
        written.append(paths.embeddings.read_bytes())
    fresh = Paths.of_project(tmp_path / "fresh")
    write_rows(fresh.articles, articles("violin", "ferry"), Article)
    stage.run(fresh, params, FakeEncoder())
    assert written[1] == written[2] == fresh.embeddings.read_bytes()


def test_an_interruption_costs_one_block_at_most(
    paths: Paths, params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.io.vector_cache._COMMIT", 2)
    texts = [f"text {letter * 4}" for letter in "abcdef"]
    write_rows(paths.articles, articles(*texts), Article)
    with pytest.raises(KeyboardInterrupt):
        stage.run(paths, params, CountingEncoder(stop_after=4))
    assert not paths.embeddings.exists()
    encoder = CountingEncoder()
    stage.run(paths, params, encoder)
    assert encoder.seen == texts[4:]


def test_the_encoder_is_the_one_that_params_name(
    paths: Paths, params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int, str]] = []

    def build(name: str, max_tokens: int, backend: str) -> FakeEncoder:
        asked.append((name, max_tokens, backend))
        return FakeEncoder()

    monkeypatch.setattr("pipeline.io.encoders.SentenceEncoder", build)
    write_rows(paths.articles, articles("ferry"), Article)
    stage.run(paths, params)
    assert asked == [("all-MiniLM-L6-v2", 256, "openvino")]


def test_without_articles_it_says_what_to_run(paths: Paths, params: Params) -> None:
    with pytest.raises(ContractError, match=r"articles\.parquet: missing; run: dvc repro"):
        stage.run(paths, params, FakeEncoder())
