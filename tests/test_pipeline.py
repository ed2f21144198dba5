"""The whole pipeline: the same input gives the same bytes, whatever the order and the place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from pipeline.io.files import read_json
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rejected, read_rows
from pipeline.records import Article, Assignment, Theme
from tests.conftest import FakeEncoder
from tests.small_corpus import PAGES, files_of, run_pipeline, start_project, topic_of

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def own_place(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DVC_ROOT", "DVC_EXP_NAME", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DVC_ROOT", "DVC_EXP_NAME", "MLFLOW_TRACKING_URI"):
            patch.delenv(name, raising=False)
        paths = start_project(tmp_path_factory.mktemp("finished"))
        run_pipeline(paths)
    return paths


def differing(paths: Paths, other: Paths) -> list[str]:
    """Names of files that are not the same in both."""
    one, two = files_of(paths), files_of(other)
    return sorted(name for name in one | two if one.get(name) != two.get(name))


def members_of(paths: Paths) -> dict[str, set[str]]:
    """Theme → the topics that its articles were written for."""
    topics = {a.article_id: topic_of(a) for a in read_rows(paths.articles, Article)}
    members: dict[str, set[str]] = {}
    for assignment in read_rows(paths.assignments, Assignment):
        members.setdefault(str(assignment.theme), set()).add(topics[assignment.article_id])
    return members


def test_every_item_is_counted_and_every_article_has_one_assignment(finished: Paths) -> None:
    articles = read_rows(finished.articles, Article)
    assert len(articles) == 31
    assert sum(article.is_canonical for article in articles) == 30
    assert [row.source_file for row in read_rejected(finished.rejected)] == ["short.txt"]
    assignments = read_rows(finished.assignments, Assignment)
    assert [a.article_id for a in assignments] == [a.article_id for a in articles]


def test_what_was_written_about_one_thing_is_one_theme(finished: Paths) -> None:
    members = members_of(finished)
    assert members.pop("ferries") == {"ferries"}
    assert members.pop("violins") == {"violins"}
    members.pop("None", None)
    assert list(members.values()) == [{"orchards"}]
    (empty,) = [t for t in read_rows(finished.themes, Theme) if t.theme_id == "meteors"]
    assert (empty.n_articles, empty.status) == (0, "catalogued")


def test_the_result_is_scored_shown_and_logged(finished: Paths) -> None:
    assert read_json(finished.metrics("evaluate"))["n_holdout"] > 0
    assert "Island ferry" in finished.report.read_text("utf-8")
    assert len(read_json(finished.run)["fingerprint"]) == 64


def test_a_second_project_made_in_another_order_has_the_same_bytes(
    finished: Paths, tmp_path: Path
) -> None:
    paths = start_project(tmp_path / "another place", tuple(reversed(PAGES)))
    run_pipeline(paths)
    assert differing(paths, finished) == []


def test_running_again_changes_no_byte_and_computes_no_vector(
    finished: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths.of_project(Path(shutil.copytree(finished.root, tmp_path / "again")))
    monkeypatch.setattr(FakeEncoder, "encode", None)
    run_pipeline(paths)
    assert differing(paths, finished) == []


def test_renamed_files_keep_contents_and_themes(finished: Paths, tmp_path: Path) -> None:
    paths = start_project(tmp_path)
    for number, page in enumerate(sorted(paths.raw.rglob("*.txt"), reverse=True)):
        page.rename(paths.raw / f"renamed {number}.txt")
    run_pipeline(paths)
    contents = [
        sorted(article.content_id for article in read_rows(p.articles, Article))
        for p in (paths, finished)
    ]
    assert contents[0] == contents[1]
    members = members_of(paths)
    assert (members["ferries"], members["violins"]) == ({"ferries"}, {"violins"})


def test_a_changed_parameter_reaches_what_reads_it_and_going_back_restores_the_result(
    finished: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths.of_project(Path(shutil.copytree(finished.root, tmp_path / "changed")))
    monkeypatch.setattr(FakeEncoder, "encode", None)
    shipped = paths.params.read_text("utf-8")
    paths.params.write_text(shipped.replace("n_keywords: 10", "n_keywords: 3"))
    run_pipeline(paths)
    changed = differing(paths, finished)
    assert "data/themes.parquet" in changed
    untouched = {"articles", "embeddings", "clusters", "assignments"}
    assert not {f"data/{name}.parquet" for name in untouched} & set(changed)
    assert all(len(theme.keywords) <= 3 for theme in read_rows(paths.themes, Theme))
    paths.params.write_text(shipped)
    run_pipeline(paths)
    # What tells of the last retrain tells of another one now.
    told = {"metrics/themes.json", "theme_events.json", "theme_memory.json", "report.html"}
    assert set(differing(paths, finished)) <= {f"data/{name}" for name in (*told, "run.json")}
