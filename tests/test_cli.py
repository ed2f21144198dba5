"""What people type: exit codes, files, and nothing touched beside them."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline import __version__, cli
from pipeline.cli import app
from pipeline.commands.options import find_project
from pipeline.errors import InputError
from pipeline.io.tables import read_rows, write_rows
from pipeline.records import Article, Assignment, Labelled, Theme
from pipeline.stages import cluster
from tests.conftest import CHECKOUT, FakeEncoder
from tests.projects import make_project

PAGES = {
    "ferry.txt": "The island ferry sails twice a day from Monday, the harbour office said, after "
    "the repair of its second engine was finished a week early. Tickets stay at the old price.\n",
    "violin.txt": "A violin that lay in an attic for ninety years was played in the town hall on "
    "Friday. The maker of the instrument is not known, but its strings are new, the owner said.\n",
}
PARAMS = str(CHECKOUT / "params.yaml")


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder, no model to load, and signals as they were."""
    monkeypatch.chdir(tmp_path)
    for name in ("DVC_ROOT", "MLFLOW_TRACKING_URI", "NEWSTHEMES_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pipeline.io.encoders.SentenceEncoder", lambda *_: FakeEncoder())
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, text in PAGES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# Help and usage


def test_the_version_is_shown() -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout) == (0, f"newsthemes {__version__}\n")


@pytest.mark.parametrize("command", ["ingest", "discover", "label", "show", "ui", "doctor"])
def test_every_command_explains_itself(command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "Usage" in result.stdout


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["discover", "--help"], ["label", "--help"], ["--version"], ["labell"]],
    ids=" ".join,
)
def test_help_and_slips_load_no_heavy_library(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom pipeline.cli import main\n"
        f"sys.argv = ['newsthemes', *{arguments}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('loaded', *sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    heavy = {"torch", "umap", "hdbscan", "numba", "mlflow", "sklearn", "scipy", "transformers"}
    heavy |= {"sentence_transformers", "matplotlib", "trafilatura", "pandas", "pyarrow", "dvc"}
    assert loaded & heavy == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ["labell"],
        ["label"],
        ["label", "pages"],
        ["discover", "pages"],
        ["discover", "--out", "x"],
        ["discover", "pages", "--out", "x", "--colour"],
        ["label", "pages", "--out", "x.docx"],
        ["discover", "pages", "--out", "pages/out"],
        ["discover", "pages", "--out", "pages"],
        ["ingest", "pages", "--out", "pages/../pages/deep/out"],
        ["label", "pages", "--out", "pages/labels.csv"],
        ["discover", "pages", "--out", "x", "--themes", "none.yaml"],
        ["ui", "--port", "0"],
    ],
    ids=" ".join,
)
def test_what_makes_no_sense_is_two_and_leaves_the_input_alone(
    arguments: list[str], pages: Path
) -> None:
    before = files_below(pages)
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output
    assert files_below(pages) == before


def test_a_result_among_the_input_is_refused_with_a_reason(pages: Path) -> None:
    result = run("label", pages, "--out", pages / "labels.csv")
    assert "lies inside the input folder" in result.stderr
    assert "choose a place outside" in result.stderr


@pytest.mark.parametrize(
    ("given", "out"),
    [
        ("self.jsonl", "self.jsonl"),
        ("link.jsonl", "self.jsonl"),
        ("a.csv.rejected.jsonl", "a.csv"),
    ],
)
def test_label_never_overwrites_its_input(given: str, out: str, tmp_path: Path) -> None:
    (tmp_path / "self.jsonl").write_text('{"title": "T", "text": "a b c d e f g"}\n')
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "self.jsonl")
    (tmp_path / "a.csv.rejected.jsonl").write_text("{}\n")
    before = files_below(tmp_path)
    result = run("label", given, "--out", out)
    assert result.exit_code == 2
    assert f"--out {out}: would overwrite the input {given}; choose" in result.stderr
    assert files_below(tmp_path) == before


@pytest.mark.parametrize("command", ["ingest", "discover"])
def test_results_never_overwrite_an_input(command: str, pages: Path) -> None:
    assert run("ingest", pages, "--out", "out", "--params", PARAMS).exit_code == 0
    result = run(command, "out/articles.parquet", "--out", "out")
    assert result.exit_code == 2
    assert "would overwrite the input out/articles.parquet" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["ingest", "nowhere", "--out", "file"],
        ["discover", "nowhere", "--out", "file/deep"],
        ["label", "nowhere", "--out", "file/x.csv"],
        ["label", "nowhere", "--out", "folder.csv"],
    ],
    ids=" ".join,
)
def test_a_result_that_cannot_be_written_is_told_before_the_work(
    arguments: list[str], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder.csv").mkdir()
    result = run(*arguments)
    assert result.exit_code == 4
    assert "cannot be written" in result.stderr
    assert "; choose another" in result.stderr
    assert "nowhere" not in result.stderr


# Input and configuration


@pytest.mark.parametrize("command", [["ingest", "--out", "x"], ["discover", "--out", "x"]])
def test_a_path_that_is_not_there_is_four(command: list[str]) -> None:
    result = run(*command, "nowhere", "--params", PARAMS)
    assert result.exit_code == 4
    assert "nowhere: no such file or folder" in result.stderr
    assert result.stdout == ""


def test_wrong_params_are_four_with_all_problems(pages: Path, tmp_path: Path) -> None:
    text = Path(PARAMS).read_text("utf-8").replace("seed: 7", "sed: 7")
    (tmp_path / "params.yaml").write_text(text)
    result = run("discover", pages, "--out", "out")
    assert result.exit_code == 4
    assert "params.yaml: seed: missing; add it\n" in result.stderr
    assert "params.yaml: sed: unknown key; did you mean 'seed'?\n" in result.stderr
    assert not (tmp_path / "out").exists()


def test_params_that_are_named_but_missing_are_four(pages: Path) -> None:
    result = run("discover", pages, "--out", "out", "--params", "other.yaml")
    assert result.exit_code == 4
    assert "other.yaml: missing" in result.stderr


def test_a_bad_catalogue_is_four(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("themes: [{id: A, name: B}]")
    result = run("discover", pages, "--out", "out", "--themes", "mine.yaml")
    assert result.exit_code == 4
    assert "mine.yaml: theme 1: id: not an id (got 'A')" in result.stderr
    assert not (tmp_path / "out").exists()


def test_the_settings_of_another_project_are_one_line(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "params.yaml").write_text("lr: 0.1\nlayers: 3\n")
    result = run("discover", pages, "--out", "out")
    assert result.exit_code == 4
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"{tmp_path / 'params.yaml'}: not newsthemes's settings (got lr, layers")


def test_pages_without_articles_are_four(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "page.txt").write_text("")
    result = run("discover", "empty", "--out", "out")
    assert result.exit_code == 4
    assert "no articles" in result.stderr


def test_debug_shows_the_traceback() -> None:
    result = run("ingest", "nowhere", "--out", "x", "--params", PARAMS, "--debug")
    assert isinstance(result.exception, InputError)


def test_too_much_rejected_is_three_and_the_work_is_kept(pages: Path, tmp_path: Path) -> None:
    for number in range(5):
        (pages / f"{number}.docx").write_bytes(b"x")
    result = run("ingest", pages, "--out", "out", "--params", PARAMS)
    assert result.exit_code == 3
    assert "above ingest.max_rejected_share 0.5" in result.stderr
    assert len(read_rows(tmp_path / "out" / "articles.parquet", Article)) == 2


def test_a_bug_is_no_exit_code_of_a_mistake(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "run", lambda *_: 1 / 0)
    result = run("discover", pages, "--out", "out")
    assert result.exit_code == 1
    assert isinstance(result.exception, ZeroDivisionError)


def test_ctrl_c_is_130(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cluster, "run", interrupt)
    result = run("discover", pages, "--out", "out")
    assert result.exit_code == 130
    assert "interrupted" in result.stderr


def test_ctrl_c_in_a_process_of_its_own_is_130_without_a_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline.cli", "ingest", "-", "--out", tmp_path / "out"]
    with subprocess.Popen(
        [*command, "--params", PARAMS],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(CHECKOUT)},
    ) as process:
        assert process.stdin is not None
        # More than a pipe holds: once it is written, the process is reading its input.
        process.stdin.write(b"word " * 100_000)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.decode().startswith("interrupted; files are whole")
    assert not (tmp_path / "out").exists()


# ingest and discover


def test_ingest_writes_articles_and_what_was_set_aside(pages: Path, tmp_path: Path) -> None:
    (pages / "notes.docx").write_bytes(b"x")
    before = files_below(pages)
    result = run("ingest", pages, "--out", "out", "--params", PARAMS)
    assert (result.exit_code, result.stdout) == (0, "")
    assert sorted(files_below(tmp_path / "out")) == [
        "articles.parquet",
        "metrics/ingest.json",
        "rejected.jsonl",
    ]
    assert files_below(pages) == before


def test_discover_writes_what_it_promises_and_touches_nothing_else(
    pages: Path, tmp_path: Path
) -> None:
    before = files_below(tmp_path)
    project = {path: path.stat().st_mtime_ns for path in (CHECKOUT / "data").glob("*")}
    result = run("discover", pages, "--out", "out", "--params", PARAMS)
    assert result.exit_code == 0, result.output
    after = files_below(tmp_path)
    assert {name: content for name, content in after.items() if name in before} == before
    made = {name for name in after if name not in before and "/cache/" not in name}
    assert made - {name for name in made if name.startswith("out/plots/")} == {
        "out/articles.parquet",
        "out/assignments.parquet",
        "out/clusters.parquet",
        "out/embeddings.parquet",
        "out/levels.parquet",
        "out/metrics/cluster.json",
        "out/metrics/embed.json",
        "out/metrics/ingest.json",
        "out/metrics/themes.json",
        "out/rejected.jsonl",
        "out/report.html",
        "out/theme_events.json",
        "out/theme_memory.json",
        "out/theme_series.parquet",
        "out/themes.parquet",
        "out/themes.yaml",
    }
    assert {path: path.stat().st_mtime_ns for path in (CHECKOUT / "data").glob("*")} == project
    assert "Themes" in result.stdout
    assert "all files are in out; open out/report.html" in result.stderr


def test_discover_uses_the_catalogue_it_is_given(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "themes: [{id: ferries, name: Island ferry, "
        "seed_phrases: ['island ferry harbour engine tickets repair']}]"
    )
    result = run("discover", pages, "--out", "out", "--themes", "mine.yaml")
    assert result.exit_code == 0, result.output
    found = {a.theme for a in read_rows(tmp_path / "out" / "assignments.parquet", Assignment)}
    assert found == {"ferries", None}


def test_discover_keeps_the_catalogue_that_lies_by_its_results(pages: Path, tmp_path: Path) -> None:
    mine = "themes: [{id: violins, name: Violins, seed_phrases: [an old violin is played]}]\n"
    first = run("discover", pages, "--out", "out")
    assert f"discover: catalogue {CHECKOUT / 'data' / 'themes.yaml'} (3 themes)\n" in first.stderr
    (tmp_path / "out" / "themes.yaml").write_text(mine)
    again = run("discover", pages, "--out", "out")
    assert again.exit_code == 0, again.output
    assert "catalogue out/themes.yaml (1 theme), kept as it is; --themes FILE" in again.stderr
    assert (tmp_path / "out" / "themes.yaml").read_text() == mine
    (tmp_path / "other.yaml").write_text(mine.replace("violin", "fiddle"))
    other = run("discover", pages, "--out", "out", "--themes", "other.yaml")
    assert "discover: catalogue other.yaml (1 theme)\n" in other.stderr
    assert (tmp_path / "out" / "themes.yaml").read_text() == mine.replace("violin", "fiddle")


def test_discover_says_that_there_is_no_catalogue(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text("stages: {}\n")
    result = run("discover", pages, "--out", "out")
    assert result.exit_code == 0, result.output
    assert "discover: no catalogue" in result.stderr
    assert not (tmp_path / "out" / "themes.yaml").exists()


def test_a_missing_catalogue_is_told_before_the_work(pages: Path, tmp_path: Path) -> None:
    result = run("discover", pages, "--out", "out", "--themes", "nope.yaml")
    assert result.exit_code == 2
    assert result.stderr == "--themes nope.yaml: no such file; check the path\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("marker", ["dvc.yaml", "data/model", "mlruns"])
def test_other_settings_leave_catalogue_and_model_as_they_are(
    marker: str, pages: Path, tmp_path: Path
) -> None:
    assert find_project() == CHECKOUT
    (tmp_path / "elsewhere").mkdir()
    shutil.copy(PARAMS, tmp_path / "elsewhere" / "params.yaml")
    result = run("discover", pages, "--out", "out", "--params", "elsewhere/params.yaml")
    assert f"catalogue {CHECKOUT / 'data' / 'themes.yaml'} (" in result.stderr
    (tmp_path / marker).mkdir(parents=True)
    assert find_project() == tmp_path


def test_discover_reads_files_and_folders_alike(pages: Path) -> None:
    one = run("discover", pages / "ferry.txt", pages / "violin.txt", "--out", "a")
    other = run("discover", pages, "--out", "b")
    assert (one.exit_code, other.exit_code) == (0, 0)
    assert Path("a/articles.parquet").read_bytes() == Path("b/articles.parquet").read_bytes()
    assert Path("a/report.html").read_bytes() == Path("b/report.html").read_bytes()


# label


def test_label_without_a_model_says_what_to_run(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "dvc.yaml").write_text("stages: {}\n")
    result = run("label", pages, "--out", "labels.csv")
    assert result.exit_code == 4
    assert "no model yet; run: dvc repro" in result.stderr
    assert not (tmp_path / "labels.csv").exists()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    make_project(tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


NEWS = "tractor wheat drought orchard farmers grain silo irrigation wheat tractor drought orchard\n"


@pytest.mark.parametrize("ending", [".csv", ".jsonl", ".parquet"])
def test_label_writes_one_row_for_each_article(ending: str, project: Path, pages: Path) -> None:
    (pages / "news.txt").write_text(NEWS)
    before = files_below(project)
    result = run("label", pages, "--out", f"labels{ending}")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "using" in result.stderr
    assert "3 articles labelled" in result.stderr
    after = files_below(project)
    made = {n for n in after if n not in before and "/cache/" not in n}
    assert {n for n in made if not n.startswith("data/batches/")} == {f"labels{ending}"}
    if ending == ".parquet":
        rows = read_rows(project / "labels.parquet", Labelled)
        assert {r.source_file: r.theme for r in rows}["news.txt"] == "harvest"


def test_label_prints_its_summary_as_json(project: Path, pages: Path) -> None:
    result = run("label", pages, "--out", "labels.csv", "--json", "--no-track")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    assert (summary["n_articles"], summary["n_rejected"]) == (2, 0)
    kept = project / "data" / "batches" / summary["batch_id"]
    assert json.loads((kept / "summary.json").read_text()) == summary
    assert f"Report: {kept / 'report.html'}" in " ".join(result.stderr.split())


def test_label_says_that_it_goes_on_when_it_was_interrupted(
    project: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(FakeEncoder, "encode", interrupt)
        stopped = run("label", pages, "--out", "labels.csv")
    assert stopped.exit_code == 130
    assert stopped.stderr.endswith("files are whole, run the command again to go on\n")
    assert not (project / "labels.csv").exists()
    again = run("label", pages, "--out", "labels.csv")
    assert again.exit_code == 0, again.output
    assert "its pages were read before" in again.stderr


def test_label_without_a_report_is_labelled_all_the_same(
    project: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise InputError("batch: cannot be reported on")

    monkeypatch.setattr("pipeline.desks.label_desk.report_batch", refuse)
    result = run("label", pages, "--out", "labels.csv", "--json")
    assert result.exit_code == 0, result.output
    assert "label: no report of this batch: batch: cannot be reported on" in result.stderr
    assert json.loads(result.stdout)["counts"]["n_articles"] == 2
    assert (project / "labels.csv").exists()


def test_label_keeps_what_it_could_not_read_beside_the_result(project: Path, pages: Path) -> None:
    (pages / "notes.docx").write_bytes(b"x")
    assert run("label", pages, "--out", "labels.csv").exit_code == 0
    rejected = project / "labels.csv.rejected.jsonl"
    assert json.loads(rejected.read_text())["source_file"] == "notes.docx"
    (pages / "notes.docx").unlink()
    assert run("label", pages, "--out", "labels.csv").exit_code == 0
    assert not rejected.exists()


def test_label_uses_the_project_whatever_settings_are_given(
    project: Path, pages: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (project / "params.yaml").rename(tmp_path / "elsewhere" / "mine.yaml")
    result = run("label", pages, "--out", "a.csv", "--params", tmp_path / "elsewhere" / "mine.yaml")
    assert result.exit_code == 0, result.output
    assert f"using {project / 'data' / 'model'}" in result.stderr


def test_label_keeps_what_it_rejected_where_nothing_is_left(project: Path) -> None:
    (project / "in").mkdir()
    (project / "in" / "empty.txt").write_text("")
    result = run("label", "in", "--out", "labels.csv")
    assert result.exit_code == 4
    assert "in: no articles (got 1 rejected item: empty 1)" in result.stderr
    assert "labels.csv.rejected.jsonl: all rejected items\n" in result.stderr
    assert "labels.csv: not written\n" in result.stderr
    rejected = project / "labels.csv.rejected.jsonl"
    assert json.loads(rejected.read_text())["source_file"] == "empty.txt"
    (project / "labels.csv").write_text("old")
    again = run("label", "in", "--out", "labels.csv")
    assert "labels.csv: not written; what it holds is of an earlier run\n" in again.stderr
    assert (project / "labels.csv").read_text() == "old"


def test_label_reads_a_page_of_html_from_standard_input(project: Path) -> None:
    page = f"<html><head><title>Dry fields</title></head><body><p>{NEWS * 3}</p></body></html>"
    arguments = ["label", "-", "--out", "labels.jsonl"]
    result = CliRunner().invoke(app, arguments, input=page)
    assert result.exit_code == 0, result.output
    assert json.loads((project / "labels.jsonl").read_text())["title"] == "Dry fields"


def test_label_refuses_vectors_that_the_model_does_not_know(
    project: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeEncoder, "model", "other/64")
    result = run("label", pages, "--out", "labels.csv")
    assert result.exit_code == 4
    assert "trained on vectors of fake/64 (got other/64" in result.stderr
    assert not (project / "labels.csv").exists()


def test_label_gives_the_same_bytes_twice(project: Path, pages: Path) -> None:
    for name in ("a.csv", "b.csv"):
        assert run("label", pages, "--out", name).exit_code == 0
    assert (project / "a.csv").read_bytes() == (project / "b.csv").read_bytes()


# The process itself


def test_ctrl_c_before_any_command_is_130_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "app", interrupt)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 130
    assert capsys.readouterr().err.startswith("interrupted; files are whole")


def test_a_terminal_that_knows_only_ascii_gets_question_marks(project: Path) -> None:
    (project / "data" / "metrics" / "evaluate.json").write_text('{"n_holdout": 0.0}')
    theme = read_rows(project / "data" / "themes.parquet", Theme)[0]
    named = dataclasses.replace(theme, name="Über–船")
    write_rows(project / "data" / "themes.parquet", [named], Theme)
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "show"],
        env=os.environ | {"PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert b"?ber??" in done.stdout
    assert done.stderr == b""


# show


def test_show_prints_themes_scores_and_what_to_do_next(project: Path) -> None:
    (project / "data" / "metrics" / "evaluate.json").write_text('{"n_holdout": 0.0}')
    result = run("show")
    assert result.exit_code == 0, result.output
    assert "Harvest" in result.stdout
    assert "No labelled hold-out yet" in result.stdout
    assert "Report: data/report.html" in result.stdout


def test_show_before_the_first_run_says_what_to_run() -> None:
    result = run("show")
    assert result.exit_code == 4
    assert "missing; run: dvc repro" in result.stderr
