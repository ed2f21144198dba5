"""`newsthemes themes candidates` and `accept`: what they say, and what a retrain makes of it."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.io.batch_files import write_candidates
from pipeline.io.catalogue import load_catalogue
from pipeline.io.files import read_json
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows, write_rows
from pipeline.records import UNKNOWN, Article, Assignment, Candidate
from tests.batches import comets, labelled, write_batch
from tests.small_corpus import run_stage, start_project

YAML = "# mine\nthemes:\n  - id: ships  # keep\n    name: Ships\n    description: They sail.\n"


@pytest.fixture(autouse=True)
def restored_signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.chdir(tmp_path)
    paths = Paths.of_project(tmp_path)
    paths.data.mkdir()
    paths.catalogue.write_text(YAML, encoding="utf-8")
    report_comets(paths)
    return paths


def report_comets(paths: Paths) -> None:
    """A batch whose report has one candidate: the comets."""
    articles = comets(source_file="scrapes/may.txt")
    batch = write_batch(paths, "b1", [(a, labelled(a, UNKNOWN)) for a in articles])
    contents = tuple(a.content_id for a in articles)
    found = Candidate(
        f"new-{contents[0][:8]}", "Comet telescope", ("comet", "telescope"), contents,
        tuple(a.title or "" for a in articles), 4, 2, 1, "2024-05-01", "2024-05-04",
        (("2024-05-01", 4),),
    )  # fmt: skip
    write_candidates(batch, [found])


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["themes", *arguments])


def test_candidates_are_listed_with_evidence(paths: Paths) -> None:
    said = run("candidates").stdout
    assert "Comet telescope" in said
    assert "Comet report 0" in said
    (value,) = json.loads(run("candidates", "--json").stdout)
    assert (value["name"], value["batch_id"], value["accepted_as"]) == (
        "Comet telescope", "b1", None,
    )  # fmt: skip


def test_without_batches_there_is_nothing_to_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    assert "no candidates" in run("candidates").stderr
    assert json.loads(run("candidates", "--json").stdout) == []
    assert run("accept", "new-1").exit_code == 2


def test_accepting_writes_the_catalogue_keeps_its_comments_and_names_the_scrapes(
    paths: Paths,
) -> None:
    done = run("accept", "comet telescope", "--as", "Comets")
    assert done.exit_code == 0
    assert "as 'comets', 4 articles pinned" in done.stderr
    assert "copy their scrapes (scrapes/may.txt)" in done.stderr
    assert "data/raw" in done.stderr
    text = paths.catalogue.read_text()
    assert text.startswith(YAML)
    comet = next(t for t in load_catalogue(paths.catalogue).themes if t.theme_id == "comets")
    assert set(comet.pinned) == {a.content_id for a in comets()}
    assert json.loads(run("candidates", "--json").stdout)[0]["accepted_as"] == "comets"
    assert "accepted as comets" in run("candidates").stdout


def test_accepting_twice_is_refused(paths: Paths) -> None:
    run("accept", "new-")
    again = run("accept", "new-")
    assert again.exit_code == 2
    assert "already" in again.stderr


def test_articles_that_are_in_the_corpus_need_no_scrape(paths: Paths) -> None:
    write_rows(paths.articles, comets(), Article)
    done = run("accept", "new-")
    assert "scrapes" not in done.stderr
    assert "run dvc repro" in done.stderr


@pytest.mark.slow
def test_a_retrain_goes_through_without_the_scrapes_and_honours_the_theme_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DVC_ROOT", "DVC_EXP_NAME", "MLFLOW_TRACKING_URI"):
        monkeypatch.delenv(name, raising=False)
    paths = start_project(tmp_path / "project")
    monkeypatch.chdir(paths.root)
    report_comets(paths)
    assert run("accept", "new-", "--as", "Comets").exit_code == 0
    stages = ("ingest", "embed", "cluster", "themes", "train")
    for stage in stages:
        run_stage(stage, paths)
    assert "comets" not in {a.theme for a in read_rows(paths.assignments, Assignment)}
    told = read_json(paths.theme_events)["events"]
    assert any(e["kind"] == "conflict" and e["theme_id"] == "comets" for e in told)
    rows = [{"title": a.title, "text": a.text, "source": a.source, "date": a.published}
            for a in comets()]  # fmt: skip
    scrape = "".join(json.dumps(row) + "\n" for row in rows)
    (paths.raw / "may.jsonl").write_text(scrape, encoding="utf-8")
    for stage in stages:
        run_stage(stage, paths)
    titles = {a.article_id: a.title for a in read_rows(paths.articles, Article)}
    members = {
        titles[a.article_id]
        for a in read_rows(paths.assignments, Assignment)
        if a.theme == "comets"
    }
    assert members == {f"Comet report {i}" for i in range(4)}
