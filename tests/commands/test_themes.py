"""`newsthemes themes`: what people type, what it says, and what is in themes.yaml then."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.io.catalogue import load_catalogue
from pipeline.io.files import write_json
from pipeline.io.paths import Paths
from pipeline.io.tables import write_rows
from pipeline.records import Article, Assignment, CatalogueTheme, Level, Theme
from tests.conftest import make_article, make_theme

YAML = "# mine\nthemes:\n  - id: ships\n    name: Ships\n    description: They sail.\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    paths = Paths.of_project(tmp_path)
    paths.data.mkdir()
    paths.catalogue.write_text(YAML, encoding="utf-8")
    articles = [make_article(title=f"Title {i}", text=f"text {i} of it") for i in range(8)]
    write_rows(paths.articles, articles, Article)
    rows = [
        Assignment(a.article_id, t, t, (0, i // 2), "s-1", 1 - i / 10, "core")
        for i, a in enumerate(articles)
        for t in ["ships" if i < 4 else "t-rafts1"]
    ]
    write_rows(paths.assignments, rows, Assignment)
    write_rows(
        paths.themes,
        [
            theme("ships", "Ships", "catalogued", articles[:4]),
            theme("t-rafts1", "Rafts", "provisional", articles[4:]),
        ],
        Theme,
    )
    write_rows(paths.levels, [Level(0, 1, 1.0, 0.0, False), Level(1, 4, 0.9, 0.0, True)], Level)
    event = {"kind": "grew", "theme_id": "ships", "name": "Ships", "themes": [], "n_before": 1,
             "n_after": 4, "n_shared": 1, "message": "3 more"}  # fmt: skip
    write_json(paths.theme_events, {"events": [event]})
    yield paths, articles
    for number, handler in before.items():
        signal.signal(number, handler)


def theme(theme_id: str, name: str, status: Any, articles: list[Article]) -> Theme:
    ids = tuple(article.article_id for article in articles)
    return make_theme(
        theme_id, name=name, status=status, keywords=("wood", "water"), n_articles=len(ids),
        n_distinct=len(ids), representative=ids,
    )  # fmt: skip


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["themes", *arguments])


def kept(paths: Paths, theme_id: str) -> CatalogueTheme:
    return next(t for t in load_catalogue(paths.catalogue).themes if t.theme_id == theme_id)


def test_an_edit_is_said_in_one_line_and_is_in_the_file(project: Any) -> None:
    paths, articles = project
    ids = [article.content_id for article in articles]
    for arguments, said in [
        (["rename", "ships", "Große Schiffe"], "renamed 'ships': 'Große Schiffe'"),
        (["pin", "große schiffe", ids[0][:8]], "pinned 1 article to 'ships'"),
        (["exclude", "ships", articles[5].article_id, ids[6]], "excluded 2 articles from 'ships'"),
        (["exclude", "ships", ids[6], "--undo"], "readmitted 1 article to 'ships'"),
        (["cannot-link", ids[0], ids[7]], "never share a theme"),
        (["merge", "ships", "t-ra"], "merged 't-rafts1' into 'ships'"),
    ]:
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (0, ""), result.stderr
        assert said in result.stderr
        assert result.stderr.endswith("; run dvc repro to make it so\n")
    assert kept(paths, "ships") == CatalogueTheme(
        "ships",
        "Große Schiffe",
        "They sail.",
        (),
        pinned=(ids[0], ids[4], ids[6]),
        excluded=(ids[5],),
        merged=("t-rafts1",),
    )
    assert paths.catalogue.read_text(encoding="utf-8").startswith("# mine\nthemes:\n  - id: ships")
    again = run("pin", "ships", ids[0])
    assert again.stderr == "nothing to change: the catalogue says so already\n"
    assert "was merged into 'ships'" in run("rename", "t-rafts1", "x").stderr


def test_an_edit_of_a_provisional_theme_puts_it_into_the_catalogue(project: Any) -> None:
    paths, articles = project
    assert run("exclude", "Rafts", articles[4].content_id).exit_code == 0
    entry = kept(paths, "t-rafts1")
    assert entry.excluded == (articles[4].content_id,)
    assert articles[4].content_id not in entry.pinned
    assert run("retire", "Rafts").exit_code == 0
    assert run("keep", "t-rafts1", "--id", "rafts", "--name", "Wood").exit_code == 0
    assert (kept(paths, "rafts").name, kept(paths, "rafts").merged) == ("Wood", ("t-rafts1",))


def test_a_split_is_shown_and_then_done(project: Any) -> None:
    paths, articles = project
    before = paths.catalogue.read_bytes()
    shown = run("split", "ships")
    assert (shown.exit_code, paths.catalogue.read_bytes()) == (0, before)
    assert "Title 2" in shown.stdout
    assert run("split", "ships", "--apply").exit_code == 0
    new = next(t for t in load_catalogue(paths.catalogue).themes if t.theme_id != "ships")
    parts = [tuple(a.content_id for a in articles[start : start + 2]) for start in (0, 2)]
    assert sorted([kept(paths, "ships").pinned, new.pinned]) == sorted(parts)
    assert run("split", "ships", "--level", "0").exit_code == 2


def test_what_makes_no_sense_is_two_and_changes_nothing(project: Any) -> None:
    paths, _ = project
    before = paths.catalogue.read_bytes()
    for arguments, message in [
        (["rename", "shipz", "x"], "did you mean 'ships'?"),
        (["merge", "ships", "ships"], "into itself"),
        (["pin", "ships", "abcdef"], "no article 'abcdef'"),
        (["keep", "ships"], "is in the catalogue already"),
    ]:
        result = run(*arguments)
        assert result.exit_code == 2
        assert message in result.stderr
        assert "Traceback" not in result.output
    assert paths.catalogue.read_bytes() == before


def test_without_a_run_the_catalogue_can_be_edited_and_the_rest_says_what_is_missing(
    project: Any,
) -> None:
    paths, _ = project
    paths.themes.unlink()
    assert run("rename", "ships", "S").exit_code == 0
    result = run("list")
    assert (result.exit_code, "missing; run: dvc repro" in result.stderr) == (4, True)


def test_views_are_for_people_and_for_scripts(project: Any) -> None:
    for view in (["list"], ["show", "ships"], ["events"], ["tree"]):
        result = run(*view)
        assert result.exit_code == 0, result.output
        assert "hips" in result.stdout
        json.loads(run(*view, "--json").stdout)
    assert "provisional" in run("list").stdout
    assert "default" in run("tree").stdout
    assert "3 more" in run("events").stdout


def test_a_theme_kept_under_another_id_and_merged_before_a_retrain_leaves_no_unknown_id() -> None:
    assert run("keep", "t-rafts1", "--id", "rafts").exit_code == 0
    assert run("merge", "ships", "rafts").exit_code == 0
    (ships,) = load_catalogue(Paths.of_project().catalogue).themes
    assert ships.merged == ("t-rafts1",)
