"""The themes stage: clusters and the catalogue in, themes and one assignment for each article out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.core.embeddings import join_embeddings
from pipeline.core.labels.holdout import is_held_out
from pipeline.errors import ContractError, InputError
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import (
    read_clusters,
    read_rows,
    write_clusters,
    write_embeddings,
    write_rows,
)
from pipeline.io.theme_memory import load_events
from pipeline.records import Article, Assignment, Clusters, Level, Theme
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
        Clusters(
            tuple(a.article_id for a in by_id),
            tuple(topic_of),
            np.arange(12, dtype=np.int32),
            zeros[:, 0],
            zeros,
        ),
    )
    write_rows(paths.levels, [Level(0, 2, 1.0, 0.0, is_default=True)], Level)
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
        "coherence": 1.0,
        "diversity": 1.0,
        "n_born": 2,
        "n_split": 0,
        "n_merged": 0,
        "n_faded": 0,
        "n_returned": 0,
        "n_conflicts": 0,
        "share_kept": 1.0,
        "level": 0,
    }


def add_articles(paths: Paths, n: int) -> None:
    """Let the second topic go on: its cluster has `n` articles more, as a later scrape brings."""
    old = read_rows(paths.articles, Article)
    new = [make_article(title=None, text=f"{TOPICS[1]} {'y' * (4 + i)}") for i in range(n)]
    everything = {a.article_id: a for a in [*old, *new]}
    articles = [everything[article_id] for article_id in sorted(everything)]
    write_rows(paths.articles, articles, Article)
    vectors = {a.content_id: FakeEncoder().encode([a.text])[0] for a in articles}
    write_embeddings(paths.embeddings, join_embeddings(vectors, FakeEncoder.model))
    canonical = [a for a in articles if a.is_canonical]
    zeros = np.zeros((len(canonical), 2), np.float32)
    write_clusters(
        paths.clusters,
        Clusters(
            tuple(a.article_id for a in canonical),
            tuple((1 if a.text.startswith("ferry") else 0,) for a in canonical),
            np.arange(len(canonical), dtype=np.int32),
            zeros[:, 0],
            zeros,
        ),
    )


def results_of(paths: Paths) -> dict[str, bytes]:
    names = ("themes", "assignments", "theme_series", "theme_events", "theme_memory")
    files = [getattr(paths, name) for name in names] + [paths.metrics("themes")]
    return {path.name: path.read_bytes() for path in files}


def test_a_theme_keeps_id_and_name_as_it_grows_and_that_is_told(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.run(paths, PARAMS, FakeEncoder())
    before = {t.theme_id: t.name for t in read_rows(paths.themes, Theme)}
    add_articles(paths, 20)
    stage.run(paths, PARAMS, FakeEncoder())
    assert {t.theme_id: t.name for t in read_rows(paths.themes, Theme)} == before
    (event,) = load_events(paths.theme_events)
    assert event.message == f"{before[event.theme_id]} grew from 6 to 26 articles"
    assert "since the last retrain: 1 grew (listed in" in capsys.readouterr().err
    assert json.loads(paths.metrics("themes").read_text())["share_kept"] == 1.0


def test_the_same_inputs_give_the_same_bytes_however_often_it_runs(paths: Paths) -> None:
    stage.run(paths, PARAMS, FakeEncoder())
    add_articles(paths, 20)
    stage.run(paths, PARAMS, FakeEncoder())
    first = results_of(paths)
    stage.run(paths, PARAMS, FakeEncoder())
    assert results_of(paths) == first


def test_an_edit_of_a_provisional_theme_survives_retrains(paths: Paths) -> None:
    stage.run(paths, PARAMS, FakeEncoder())
    one, other = read_rows(paths.themes, Theme)
    entry = {"id": one.theme_id, "name": "Both", "seed_phrases": ["x"], "merged": [other.theme_id]}
    paths.catalogue.write_text(json.dumps({"themes": [entry]}))
    for n in (0, 5, 20):
        add_articles(paths, n)
        stage.run(paths, PARAMS, FakeEncoder())
        (both,) = read_rows(paths.themes, Theme)
        assert (both.theme_id, both.name, both.n_distinct) == (one.theme_id, "Both", 12 + n)
        told = [event.kind for event in load_events(paths.theme_events)]
        assert told == (["merged"] if n == 0 else ["grew"])


def test_a_theme_that_is_catalogued_under_another_id_is_the_same_theme(paths: Paths) -> None:
    stage.run(paths, PARAMS, FakeEncoder())
    one, other = read_rows(paths.themes, Theme)
    entry = {"id": "mine", "name": "Mine", "seed_phrases": ["x"], "merged": [one.theme_id]}
    paths.catalogue.write_text(json.dumps({"themes": [entry]}))
    stage.run(paths, PARAMS, FakeEncoder())
    assert [t.theme_id for t in read_rows(paths.themes, Theme)] == ["mine", other.theme_id]
    assert load_events(paths.theme_events) == []
    assert json.loads(paths.metrics("themes").read_text())["share_kept"] == 1.0


def test_edits_that_cannot_be_honoured_are_conflicts(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.catalogue.write_text(
        "themes: [{id: ferries, name: Ferries, description: ferry, pinned: [gone]}]"
    )
    stage.run(paths, PARAMS, FakeEncoder())
    message = "1 of 1 contents pinned to Ferries are not in the corpus (first: gone)"
    assert message in load_events(paths.theme_events)[0].message
    assert message in capsys.readouterr().err
    assert json.loads(paths.metrics("themes").read_text())["n_conflicts"] == 1


def test_labels_name_a_theme_which_keeps_that_id_without_them(paths: Paths) -> None:
    violins = [a for a in read_rows(paths.articles, Article) if a.text.startswith("violin")]
    rows = [f"{a.content_id},concert-season,me,\n" for a in violins]
    paths.labels.write_text("content_id,theme,annotator,note\n" + "".join(rows))
    stage.run(paths, PARAMS, FakeEncoder())
    names = {t.theme_id: t.name for t in read_rows(paths.themes, Theme)}
    assert names["concert-season"] == "Concert Season"
    paths.labels.unlink()
    add_articles(paths, 4)
    stage.run(paths, PARAMS, FakeEncoder())
    assert {t.theme_id: t.name for t in read_rows(paths.themes, Theme)} == names


def test_labels_of_the_hold_out_change_nothing(paths: Paths) -> None:
    header = "content_id,theme,annotator,note\n"
    share = PARAMS.train.holdout_share
    groups = sorted({a.duplicate_group for a in read_rows(paths.articles, Article)})
    (held, *_) = [g for g in groups if is_held_out(g, share=share)]
    paths.labels.write_text(header)
    stage.run(paths, PARAMS, FakeEncoder())
    add_articles(paths, 20)
    stage.run(paths, PARAMS, FakeEncoder())
    first = results_of(paths)
    paths.labels.write_text(f"{header}{held},concert-season,me,\n")
    stage.run(paths, PARAMS, FakeEncoder())
    assert results_of(paths) == first


def test_granularity_cuts_the_tree_at_another_level(paths: Paths) -> None:
    levels = [Level(0, 1, 1.0, 0.0, is_default=True), Level(1, 2, 1.0, 0.0, is_default=False)]
    write_rows(paths.levels, levels, Level)
    flat = read_clusters(paths.clusters)
    write_clusters(paths.clusters, replace(flat, paths=tuple((0, *p) for p in flat.paths)))
    for granularity, n_themes in ((0, 1), (1, 2), (6, 2)):
        finer = PARAMS.themes.model_copy(update={"granularity": granularity})
        stage.run(paths, PARAMS.model_copy(update={"themes": finer}), FakeEncoder())
        assert len(read_rows(paths.themes, Theme)) == n_themes
        used = json.loads(paths.metrics("themes").read_text())["level"]
        assert used == min(granularity, 1)


def test_without_a_catalogue_all_themes_are_new(paths: Paths) -> None:
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
