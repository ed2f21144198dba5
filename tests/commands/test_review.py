"""`newsthemes review`: out into a spreadsheet, back into labels.csv, and how things stand."""

from __future__ import annotations

import csv
import io
import json
import signal
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.io.labelled_files import write_labelled
from pipeline.io.labels import load_labels
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows, write_rows
from pipeline.io.vector_cache import VectorCache
from pipeline.records import UNKNOWN, Article, Assignment, Label, Labelled
from tests.conftest import FakeEncoder, make_article
from tests.projects import TOPICS, make_articles, make_project, theme_of

N_ARTICLES = 24


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
    paths = make_project(tmp_path)
    rows = [
        Assignment(a.article_id, theme_of(a), theme_of(a).title(), (0,), "s-1", 0.9, "core")
        for a in make_articles()
    ]
    write_rows(paths.assignments, rows, Assignment)
    yield paths
    for number, handler in before.items():
        signal.signal(number, handler)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["review", *arguments])


def cells_of(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    delimiter = max(",;", key=text.partition("\n")[0].count)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def fill(path: Path, **answers: Any) -> list[dict[str, str]]:
    """Fill columns in; a value is a text, or a function of the row's number."""
    rows = cells_of(path)
    for number, row in enumerate(rows):
        row |= {k: v(number) if callable(v) else v for k, v in answers.items()}
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(b"\xef\xbb\xbf" + text.getvalue().encode())
    return rows


def truth(row: dict[str, str]) -> str:
    return row["title"].split()[0]


def labelled_of(article: Article, theme: str, probability: float, **fields: Any) -> Labelled:
    values: dict[str, Any] = {
        "article_id": article.article_id, "content_id": article.content_id,
        "source_file": article.source_file, "position": 0, "title": article.title,
        "published": None, "source": None, "theme": theme, "theme_name": theme.title(),
        "probability": probability, "alternatives": (), "novelty": 0.1, "reason": "",
        "duplicate_group": article.duplicate_group, "is_canonical": True, "seen_before": None,
        "model_version": "00ff",
    }  # fmt: skip
    return Labelled(**(values | fields))


def test_a_review_goes_out_and_comes_back_as_labels(project: Paths) -> None:
    result = run("export", "--n", "8", "--novel", "2", "--out", "review.csv")
    assert (result.exit_code, result.stdout) == (0, ""), result.output
    assert result.stderr.startswith("review: 8 articles in review.csv (4 least sure, 2 most novel,")
    rows = cells_of(Path("review.csv"))
    assert [row["why"] for row in rows] == ["least sure"] * 4 + ["most novel"] * 2 + ["random"] * 2
    assert len({row["content_id"] for row in rows}) == 8
    themes = cells_of(Path("review.themes.csv"))
    assert [row["theme"] for row in themes] == ["energy", "harvest", UNKNOWN]

    fill(Path("review.csv"), theme=lambda i: ["ok", "", "Harvest"][i % 3])
    before = Path("review.csv").read_bytes()
    again = run("export", "--n", "8", "--out", "review.csv")
    assert (again.exit_code, Path("review.csv").read_bytes()) == (4, before)
    assert "holds answers" in again.stderr

    dry = run("import", "review.csv", "--annotator", "ann", "--dry-run")
    assert (dry.exit_code, project.labels.exists()) == (0, False), dry.output
    result = run("import", "review.csv", "--annotator", "ann")
    assert result.exit_code == 0, result.output
    assert result.stderr.startswith("review: 5 labels added, 0 replaced, 0 as before; 3 without a")
    assert "random part (ann): " in result.stdout
    labels = load_labels(project.labels)
    suggested = {row["content_id"][2:]: row["suggested_theme"] for row in rows}
    assert len(labels) == 5
    assert {label.annotator for label in labels} == {"ann"}
    said = {row["content_id"][2:]: i for i, row in enumerate(rows)}
    for label in labels:
        position = said[label.content_id]
        assert label.theme == (suggested[label.content_id] if position % 3 == 0 else "harvest")
    assert "0 labels added, 0 replaced, 5 as before" in run("import", "review.csv", "--annotator", "ann").stderr  # fmt: skip


def test_the_same_project_gives_the_same_bytes_and_who_has_answered_is_asked_no_more(
    project: Paths,
) -> None:
    run("export", "--n", "12", "--out", "a.csv")
    run("export", "--n", "12", "--out", "b.csv")
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    rows = cells_of(Path("a.csv"))
    fill(Path("a.csv"), theme=lambda i: truth(rows[i]))
    run("import", "a.csv", "--annotator", "ann")
    first = {row["content_id"] for row in cells_of(Path("b.csv"))}
    for arguments, overlap in ([], 0), (["--annotator", "ann"], 0), (["--annotator", "ben"], 12):
        run("export", "--n", "24", "--out", "c.csv", *arguments)
        shown = {row["content_id"] for row in cells_of(Path("c.csv"))}
        assert len(shown & first) == overlap


def test_a_label_that_looks_wrong_comes_first_though_it_is_done(project: Paths) -> None:
    articles = make_articles()
    wrong = articles[3]
    other = next(topic for topic in TOPICS if topic != theme_of(wrong))
    lines = [f"{a.content_id},{other if a is wrong else theme_of(a)},ann,a note" for a in articles]
    project.labels.write_text("\n".join(["content_id,theme,annotator,note", *lines]) + "\n")
    assert "1 suspected error" in run("export", "--n", "8").stderr
    (row,) = cells_of(Path("review.csv"))
    assert (row["content_id"], row["suggested_theme"]) == (
        f"c-{wrong.content_id}",
        theme_of(wrong),
    )
    assert row["why"] == f"suspected error: now {other}"
    fill(Path("review.csv"), theme="ok", note="mended")
    result = run("import", "review.csv", "--annotator", "ann")
    assert f"replaced: c-{wrong.content_id} by ann: {other} -> {theme_of(wrong)}" in result.stderr
    labels = {label.content_id: label for label in load_labels(project.labels)}
    assert labels[wrong.content_id] == Label(wrong.content_id, theme_of(wrong), "ann", "mended")
    assert sum(label.note == "a note" for label in labels.values()) == N_ARTICLES - 1


def test_bad_rows_are_named_and_set_aside_and_good_ones_kept(project: Paths) -> None:
    run("export", "--n", "4")
    fill(Path("review.csv"), theme=lambda i: ["energy", "harvets", "brand-new", "energy"][i])
    result = run("import", "review.csv", "--annotator", "ann")
    assert result.exit_code == 0, result.output
    assert "review.csv: line 3: no theme 'harvets'; did you mean 'harvest'?" in result.stderr
    refused = cells_of(Path("review.csv.rejected.csv"))
    assert [row["line"] for row in refused] == ["3", "4"]
    assert len(load_labels(project.labels)) == 2
    mended = run("import", "review.csv.rejected.csv", "--annotator", "ann", "--new-themes")
    assert "new theme: brand-new" in mended.stderr
    assert {label.theme for label in load_labels(project.labels)} == {
        "energy",
        "harvets",
        "brand-new",
    }


def test_where_nothing_could_be_used_it_says_so_by_its_exit_code(project: Paths) -> None:
    run("export", "--n", "4")
    fill(Path("review.csv"), theme="energy")
    result = run("import", "review.csv")  # nobody is named
    assert (result.exit_code, project.labels.exists()) == (3, False)
    assert "no annotator" in result.stderr
    assert "Traceback" not in result.output


def test_two_annotators_get_their_agreement_and_conflicts(project: Paths) -> None:
    run("export", "--n", "12")
    rows = fill(Path("review.csv"), theme="energy", annotator="ann")
    fill(Path("review.csv"), theme=lambda i: truth(rows[i]))
    run("import", "review.csv")
    fill(Path("review.csv"), theme=lambda i: "unknown" if i == 0 else truth(rows[i]), annotator="ben")  # fmt: skip
    result = run("import", "review.csv")
    assert "agreement: Cohen's kappa 0." in result.stdout
    assert "12 articles labelled by two or more of ann, ben; 1 conflict)" in result.stdout
    assert f"conflict: {rows[0]['content_id']}: ann says {truth(rows[0])}, ben says unknown" in (
        result.stdout
    )
    status = run("status")
    assert status.exit_code == 0, status.output
    assert "12 of 24 (50%)" in status.stdout
    found = json.loads(run("status", "--json").stdout)
    assert (found["n_labels"], found["n_labelled_groups"], found["agreement"]["n_conflicts"]) == (
        24,
        12,
        1,
    )
    assert found["labels"][UNKNOWN] == {"ben": 1}


def test_label_studio_gets_tasks_and_gives_annotations(project: Paths) -> None:
    result = run("export", "--n", "4", "--out", "tasks.json")
    assert "labelling configuration for Label Studio: tasks.config.xml" in result.stderr
    assert run("export", "--n", "4", "--out", "tasks.json").exit_code == 0
    tasks = json.loads(Path("tasks.json").read_text(encoding="utf-8"))
    for task in tasks:
        task["annotations"] = [
            {
                "completed_by": {"id": 1, "email": "eve@example.org"},
                "was_cancelled": False,
                "result": task["predictions"][0]["result"],
            }
        ]
    Path("export.json").write_text(json.dumps(tasks), encoding="utf-8")
    result = run("import", "export.json")
    assert (result.exit_code, "4 labels added" in result.stderr) == (0, True), result.output
    assert {label.annotator for label in load_labels(project.labels)} == {"eve@example.org"}
    assert "random part (eve@example.org): 1 of 1 suggestions right" in result.stdout


def keep_batch(paths: Paths, articles: list[Article], *, with_vectors: bool) -> list[Labelled]:
    batch = paths.batch("0123456789ab")
    rows = [
        labelled_of(a, "energy", 0.9, seen_before="00ff" if i == 0 else None)
        for i, a in enumerate(articles)
    ]
    write_rows(batch.articles, articles, Article)
    write_rows(batch.labelled, rows, Labelled)
    if with_vectors:
        texts = [a.full_text for a in articles]
        vectors = FakeEncoder().encode(texts)
        VectorCache(paths.embedding_cache, FakeEncoder.model).add(
            dict(zip(texts, vectors, strict=True))
        )
    return rows


@pytest.mark.parametrize("with_vectors", [True, False])
def test_articles_of_batches_are_shown_too_and_their_labels_kept(
    with_vectors: bool, project: Paths
) -> None:
    new = [
        make_article(title=f"New {i}", text=f"storage tariff cargo winter {i}") for i in range(3)
    ]
    old = read_rows(project.articles, Article)[0]
    keep_batch(project, [*new, old], with_vectors=with_vectors)
    result = run("export", "--n", "40")
    rows = {row["content_id"][2:]: row for row in cells_of(Path("review.csv"))}
    assert (result.exit_code, len(rows)) == (0, N_ARTICLES + 2), result.output
    assert new[0].content_id not in rows  # labelled in an earlier batch
    assert rows[new[1].content_id]["excerpt"].startswith("storage tariff")
    fill(Path("review.csv"), theme=lambda i: "energy")
    result = run("import", "review.csv", "--annotator", "ann")
    assert "2 labels of articles that are not in the corpus: kept; put the scrapes" in result.stderr
    assert len(load_labels(project.labels)) == N_ARTICLES + 2


def test_labelled_files_are_checked_with_the_answers_that_they_give(project: Paths) -> None:
    articles = read_rows(project.articles, Article)[:6]
    rows = [labelled_of(a, "harvest", 0.5 + i / 20) for i, a in enumerate(articles)]
    write_labelled(Path("out.csv"), rows)
    result = run("export", "out.csv", "--n", "4")
    assert (result.exit_code, len(cells_of(Path("review.csv")))) == (0, 4), result.output
    assert {row["suggested_theme"] for row in cells_of(Path("review.csv"))} == {"harvest"}
    assert all(row["excerpt"] for row in cells_of(Path("review.csv")))
    assert run("export", "none.csv", "--n", "4", "--out", "x.csv").exit_code == 4


def test_mistakes_are_one_line_and_an_exit_code(project: Paths, tmp_path: Path) -> None:
    assert run("export", "--out", "review.txt").exit_code == 2
    assert run("import", "review.txt").exit_code == 2
    assert run("import", "none.csv").exit_code == 4
    Path("other.csv").write_text("something,else\n1,2\n", encoding="utf-8")
    assert run("export", "--out", "other.csv").exit_code == 4
    assert run("import", "other.csv").exit_code == 4
    project.labels.write_text("content_id,theme,annotator,note\nc1,A,ann,\n", encoding="utf-8")
    result = run("status")
    assert (result.exit_code, "is no theme id" in result.stderr) == (4, True)


def test_without_a_model_it_says_what_to_run(project: Paths) -> None:
    for path in project.model.iterdir():
        path.unlink()
    project.model.rmdir()
    result = run("export")
    assert (result.exit_code, "no model yet; run: dvc repro" in result.stderr) == (4, True)
