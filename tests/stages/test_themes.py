"""The themes stage: clusters and the catalogue in, themes and one assignment for each article out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.core.embeddings import join_embeddings
from pipeline.errors import ContractError, InputError
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows, write_clusters, write_embeddings, write_rows
from pipeline.records import Article, Assignment, Clusters, Theme
from pipeline.stages import themes as stage
from tests.conftest import CHECKOUT, FakeEncoder, make_article

PARAMS = load_params(CHECKOUT / "params.yaml")
TOPICS = ("ferry harbour quay island", "violin concert strings orchestra")
CATALOGUE = """
themes:
  - id: ferries
    name: Ferry harbour
    description: quay island
    seed_phrases: [ferry harbour quay island]
  - id: orchards
    name: Orchards
    seed_phrases: [apple blossom frost]
"""


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A project up to the cluster stage: two clusters of six, and one copy."""
    monkeypatch.delenv("DVC_ROOT", raising=False)
    paths = Paths.of_project(tmp_path)
    articles = [
        make_article(title=None, text=f"{topic} {'z' * (4 + i)}", source=f"s{i}")
        for topic in TOPICS
        for i in range(6)
    ]
    first = articles[0]
    copy = make_article(
        title=None,
        text=f"{first.text} again",
        duplicate_group=first.duplicate_group,
        duplicate_kind="near",
        is_canonical=False,
    )
    by_id = sorted(articles, key=lambda a: a.article_id)
    vectors = {a.content_id: FakeEncoder().encode([a.text])[0] for a in [*articles, copy]}
    zeros = np.zeros((12, 2), np.float32)
    topic_of = [(0 if a.text.startswith("ferry") else 1,) for a in by_id]
    write_rows(paths.articles, sorted([*articles, copy], key=lambda a: a.article_id), Article)
    write_embeddings(paths.embeddings, join_embeddings(vectors, FakeEncoder.model))
    write_clusters(
        paths.clusters,
        Clusters(tuple(a.article_id for a in by_id), tuple(topic_of), zeros[:, 0], zeros),
    )
    return paths


def test_clusters_become_catalogued_and_new_themes(paths: Paths) -> None:
    paths.catalogue.write_text(CATALOGUE)
    stage.run(paths, PARAMS, FakeEncoder())
    ferries, orchards, new = read_rows(paths.themes, Theme)
    assert (ferries.theme_id, ferries.n_distinct, ferries.n_articles) == ("ferries", 6, 7)
    assert (orchards.theme_id, orchards.n_distinct, orchards.status) == (
        "orchards",
        0,
        "catalogued",
    )
    assert (new.status, new.n_distinct) == ("provisional", 6)
    assignments = read_rows(paths.assignments, Assignment)
    articles = {a.article_id: a for a in read_rows(paths.articles, Article)}
    assert [a.article_id for a in assignments] == sorted(articles)
    for a in assignments:
        expected = "ferries" if articles[a.article_id].text.startswith("ferry") else new.theme_id
        assert a.theme == expected
        assert a.how == ("core" if articles[a.article_id].is_canonical else "copy")
    assert json.loads(paths.metrics("themes").read_text()) == {
        "n_themes": 2,
        "n_catalogued_found": 1,
        "n_catalogued_missing": 1,
        "n_provisional": 1,
        "n_core": 12,
        "n_guided": 0,
        "n_leftover": 0,
        "n_pins_unmatched": 0,
        "share_in_none": 0.0,
        "largest_share": 0.5,
    }


def test_without_a_catalogue_all_themes_are_new_and_no_encoder_is_asked(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeEncoder, "encode", None)
    stage.run(paths, PARAMS, FakeEncoder())
    themes = read_rows(paths.themes, Theme)
    assert [theme.status for theme in themes] == ["provisional"] * 2
    assert len({theme.theme_id for theme in themes}) == 2


def test_an_edit_of_the_catalogue_embeds_only_what_is_new(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths.catalogue.write_text(CATALOGUE)
    stage.run(paths, PARAMS, FakeEncoder())
    written = paths.themes.read_bytes()
    monkeypatch.setattr(FakeEncoder, "encode", None)
    stage.run(paths, PARAMS, FakeEncoder())
    assert paths.themes.read_bytes() == written


def test_a_catalogued_theme_keeps_its_id_when_it_is_renamed(paths: Paths) -> None:
    paths.catalogue.write_text(CATALOGUE.replace("Ferry harbour", "Boats"))
    stage.run(paths, PARAMS, FakeEncoder())
    ferries = read_rows(paths.themes, Theme)[0]
    assert (ferries.theme_id, ferries.name, ferries.n_distinct) == ("ferries", "Boats", 6)


def test_a_bad_catalogue_writes_nothing(paths: Paths) -> None:
    paths.catalogue.write_text("themes: [{id: A}]")
    with pytest.raises(InputError, match=r"themes\.yaml"):
        stage.run(paths, PARAMS, FakeEncoder())
    assert not paths.themes.exists()


def test_without_clusters_it_says_what_to_run(paths: Paths) -> None:
    paths.clusters.unlink()
    with pytest.raises(ContractError, match=r"clusters\.parquet: missing; run: dvc repro"):
        stage.run(paths, PARAMS, FakeEncoder())
