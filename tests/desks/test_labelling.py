"""One batch, from pages to files: the same bytes whatever happened on the way."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from benchmarks.label_kills import contents_of, kill_and_finish
from pipeline.core.labels.classifier import predict
from pipeline.desks import labelling
from pipeline.desks.labelling import LabelledBatch, label_pages
from pipeline.errors import BusyError, ContractError, InputError
from pipeline.io import article_store, shards
from pipeline.io.batches import holding_batch
from pipeline.io.files import read_json
from pipeline.io.models import load_model
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_embeddings, read_rows
from pipeline.io.worker_process import Work
from pipeline.records import Article, Labelled
from pipeline.stages import ingest
from tests.conftest import FakeEncoder
from tests.projects import TOPICS, make_project

N_EACH = 5


def write_pages(folder: Path, *, suffix: str = "", n_each: int = N_EACH) -> Path:
    """Pages and a table of two topics, a copy, and what cannot be read."""
    folder.mkdir(parents=True)
    for topic, words in TOPICS.items():
        parts = words.split()
        for number in range(n_each):
            turned = " ".join(parts[number % 8 :] + parts[: number % 8])
            body = f"{turned} of number {number} {topic}{number * 7}{suffix}"
            (folder / f"{topic}{number}.txt").write_text(body + "\n")
    shutil.copy(folder / "energy0.txt", folder / "copy.txt")
    rows = [
        {"title": f"Row {n}", "text": f"grain wheat silo and row {n} {n * n}"} for n in range(9)
    ]
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "notes.docx").write_bytes(b"x")
    return folder


class OwnProcess:
    """Parses pages here: starting processes takes seconds, and other tests do."""

    def __init__(self, work: Work, *_: Any, **_named: Any) -> None:
        self._settings = work.settings

    def __class_getitem__(cls, _: object) -> type[OwnProcess]:
        return cls

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def allow(self, _: int) -> None:
        """There is but one."""

    def close(self) -> None:
        """There is nothing to end."""

    def results(self, tasks: Iterable[Any]) -> Iterator[Any]:
        return (ingest.harvest_task(task, self._settings) for task in tasks)

    def parts(self, file: Any) -> Iterator[Any]:
        return (part for part in ingest.cut_table(file, self._settings) if part is not None)


@pytest.fixture(autouse=True)
def own_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DVC_ROOT", raising=False)
    monkeypatch.setattr("pipeline.io.encoders.SentenceEncoder", lambda *_: FakeEncoder())
    monkeypatch.setattr(labelling, "_SHARD", 4)
    monkeypatch.setattr(ingest, "WorkerPool", OwnProcess)
    monkeypatch.setattr(ingest, "WorkerStream", OwnProcess)


@pytest.fixture
def project(tmp_path: Path) -> Paths:
    return make_project(tmp_path / "project")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    return write_pages(tmp_path / "pages")


def label(paths: Paths, *inputs: Path, out: str = "out.jsonl") -> LabelledBatch:
    settings = load_params(paths.params)
    with label_pages(inputs, paths.root / out, settings, paths, paths.model) as labelled:
        return labelled


def rows_of(labelled: LabelledBatch) -> list[Labelled]:
    return read_rows(labelled.place.batch.labelled, Labelled)


# What is there in the end


def test_a_batch_is_kept_with_its_articles_labels_and_counts(project: Paths, pages: Path) -> None:
    labelled = label(project, pages)
    batch = labelled.place.batch

    assert sorted(p.name for p in batch.folder.iterdir()) == [
        ".lock",
        "articles.parquet",
        "batch.json",
        "labelled.parquet",
        "rejected.jsonl",
    ]
    articles, rows = read_rows(batch.articles, Article), rows_of(labelled)
    assert len(rows) == 2 * N_EACH + 1 + 9
    assert [r.article_id for r in rows] == [
        a.article_id
        for a in sorted(articles, key=lambda a: (a.source_file, a.position, a.article_id))
    ]
    manifest = read_json(batch.manifest)
    assert (manifest["batch_id"], manifest["out"]) == (batch.batch_id, "out.jsonl")
    assert manifest["counts"]["n_articles"] == len(rows)
    lines = (project.root / "out.jsonl").read_text().splitlines()
    assert [json.loads(line)["article_id"] for line in lines] == [r.article_id for r in rows]
    rejected = (project.root / "out.jsonl.rejected.jsonl").read_text()
    assert rejected == batch.rejected.read_text()


def test_copies_in_a_batch_have_one_answer(project: Paths, pages: Path) -> None:
    rows = {row.source_file: row for row in rows_of(label(project, pages))}
    copy, original = rows["copy.txt"], rows["energy0.txt"]
    assert copy.duplicate_group == original.duplicate_group
    assert {copy.is_canonical, original.is_canonical} == {True, False}
    assert (copy.theme, copy.probability) == (original.theme, original.probability)


def test_articles_of_training_get_the_answer_that_the_model_gives_for_them(
    project: Paths, tmp_path: Path
) -> None:
    """All articles of the project, through pages and back."""
    articles, embeddings = read_rows(project.articles, Article), read_embeddings(project.embeddings)
    table = tmp_path / "articles.jsonl"
    fields = ("title", "text", "source")
    lines = [json.dumps({name: getattr(a, name) for name in fields}) for a in articles]
    table.write_text("\n".join(lines))
    rows = {row.title: row for row in rows_of(label(project, table))}
    answers = predict(
        load_model(project.model),
        [a.full_text for a in articles],
        embeddings,
        [a.content_id for a in articles],
        [a.language for a in articles],
    )

    assert len(rows) == len(articles)
    for article, answer in zip(articles, answers, strict=True):
        row = rows[article.title]
        assert (row.theme, row.probability, row.novelty, row.alternatives) == (
            answer.theme,
            answer.probability,
            answer.novelty,
            answer.alternatives,
        )


def test_the_size_of_the_parts_changes_no_byte(
    project: Paths, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label(project, pages, out="a.csv")
    monkeypatch.setattr(labelling, "_SHARD", 1000)
    label(project, pages, out="b.csv")
    assert (project.root / "a.csv").read_bytes() == (project.root / "b.csv").read_bytes()


# Interruptions


@pytest.fixture
def undisturbed(tmp_path: Path, pages: Path) -> dict[str, bytes]:
    """What a run that nobody stopped leaves; made once, as the bytes are always the same."""
    if not UNDISTURBED:
        whole = make_project(tmp_path / "whole")
        label(whole, pages)
        UNDISTURBED.update(contents_of(whole.root))
    return UNDISTURBED


UNDISTURBED: dict[str, bytes] = {}


class Stop(BaseException):
    """As sudden as a kill."""


@pytest.mark.parametrize(
    "function",
    [
        "gather_pages",
        "write_rows",
        "label_shard",
        "merge_shards",
        "write_labelled",
        "write_json",
        "remember_batch",
    ],
)
@pytest.mark.parametrize("call", [1, 2])
def test_stopped_anywhere_it_goes_on_to_the_same_bytes(
    function: str,
    call: int,
    undisturbed: dict[str, bytes],
    tmp_path: Path,
    pages: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped = make_project(tmp_path / "stopped")
    real = getattr(labelling, function)
    calls: list[int] = []

    def stop(*arguments: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) == call:
            raise Stop
        return real(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(labelling, function, stop)
        if call == 1 or function in {"label_shard", "write_rows", "write_json"}:
            with pytest.raises(Stop):
                label(stopped, pages)
        else:
            label(stopped, pages)
    label(stopped, pages)
    assert contents_of(stopped.root) == undisturbed


def test_pages_and_parts_that_are_done_are_not_done_again(
    project: Paths, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*_: Any) -> Iterator[Labelled]:
        raise Stop

    with monkeypatch.context() as patch:
        patch.setattr(labelling, "merge_shards", stop)
        with pytest.raises(Stop):
            label(project, pages)
    with monkeypatch.context() as patch:
        patch.setattr(labelling, "gather_pages", None)
        patch.setattr(shards, "write_table", None)
        patch.setattr(FakeEncoder, "encode", None)
        label(project, pages)
    assert (project.root / "out.jsonl").exists()


def test_pages_that_were_parsed_are_not_parsed_again(
    undisturbed: dict[str, bytes], tmp_path: Path, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopped = make_project(tmp_path / "stopped")
    monkeypatch.setattr(article_store, "_COMMIT_SECONDS", -1.0)
    real = ingest.harvest_task
    parsed: list[str] = []

    def stop_after_five(task: Any, settings: Any) -> ingest.Gleaned:
        if len(parsed) == 5:
            raise Stop
        parsed.append(ingest._part_of(task))
        return real(task, settings)

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "harvest_task", stop_after_five)
        with pytest.raises(Stop):
            label(stopped, pages)
    again: list[str] = []
    monkeypatch.setattr(
        ingest, "harvest_task", lambda t, s: (again.append(ingest._part_of(t)), real(t, s))[1]
    )
    label(stopped, pages)
    assert not set(again) & set(parsed)
    assert len(again) + len(parsed) == 2 * N_EACH + 2
    assert contents_of(stopped.root) == undisturbed


def test_one_process_at_a_time_labels_a_batch(project: Paths, pages: Path, tmp_path: Path) -> None:
    place = label(project, pages).place
    other = write_pages(tmp_path / "other", suffix="x")
    with holding_batch(place):
        with pytest.raises(BusyError, match="another process is labelling these pages"):
            label(project, pages)
        label(project, other)


KILLED = """
import sys, time
from pipeline.desks import labelling
from pipeline.cli import main
from tests.conftest import FakeEncoder

class Slow(FakeEncoder):
    def encode(self, texts):
        time.sleep(0.02 * len(texts))
        return super().encode(texts)

import pipeline.io.encoders
pipeline.io.encoders.SentenceEncoder = lambda *_: Slow()
labelling._SHARD = 8
sys.argv = ["newsthemes", "label", sys.argv[1], "--out", "labels.csv", "--no-track"]
main()
"""


@pytest.mark.slow
def test_killed_at_random_points_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    pages = write_pages(tmp_path / "pages", n_each=20)
    make_project(tmp_path / "project")
    outcome = kill_and_finish(
        [sys.executable, "-c", KILLED, str(pages)],
        tmp_path / "project",
        tmp_path,
        n_kills=3,
        seed=1,
    )
    assert outcome.n_kills >= 3
    assert outcome.differing == ()


# Earlier batches


def test_what_an_earlier_batch_held_is_marked(project: Paths, tmp_path: Path) -> None:
    first = label(project, write_pages(tmp_path / "one"))
    more = write_pages(tmp_path / "two")
    (more / "new.txt").write_text("A kettle of soup was served to hikers at the mountain hut.\n")
    second = label(project, more)
    third = label(project, more, tmp_path / "one")

    assert {row.seen_before for row in rows_of(first)} == {None}
    one, two = first.place.batch.batch_id, second.place.batch.batch_id
    seen = {row.source_file: row.seen_before for row in rows_of(second)}
    assert seen.pop("new.txt") is None
    assert set(seen.values()) == {one}
    assert {row.seen_before for row in rows_of(third)} == {one, two}


def test_near_copies_of_earlier_articles_are_marked(project: Paths, tmp_path: Path) -> None:
    text = (
        "The harbour board said on Monday that the new quay would open in spring, after two years "
        "of talks with the fishers, who had feared for their berths. The mayor thanked everyone "
        "and promised a feast of herring, bread and music on the day of the opening."
    )
    for name, body in (("one", text), ("two", text.replace("spring", "autumn"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(body + "\n")
    first = label(project, tmp_path / "one")
    (row,) = rows_of(label(project, tmp_path / "two"))
    assert row.seen_before == first.place.batch.batch_id


def test_a_batch_that_is_labelled_again_gives_its_earlier_answer(
    project: Paths, tmp_path: Path
) -> None:
    one, two = write_pages(tmp_path / "one"), write_pages(tmp_path / "two", suffix="x")
    files = []
    for pages in (one, two, one, two):
        label(project, pages)
        files.append((project.root / "out.jsonl").read_bytes())
    assert files[:2] == files[2:]


# Where something is wrong


def test_where_the_project_cannot_be_written_the_result_is_the_same(
    project: Paths, pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    label(project, pages)
    closed = make_project(tmp_path / "closed")
    (closed.data / "batches").write_text("in the way")
    out = tmp_path / "elsewhere" / "out.jsonl"
    out.parent.mkdir()
    with label_pages([pages], out, load_params(closed.params), closed, closed.model) as labelled:
        assert len(rows_of(labelled)) == 2 * N_EACH + 10

    assert out.read_bytes() == (project.root / "out.jsonl").read_bytes()
    assert sorted(p.name for p in out.parent.iterdir()) == [
        "out.jsonl",
        "out.jsonl.rejected.jsonl",
    ]
    assert "cannot be written; earlier batches are not known" in capsys.readouterr().err


def test_a_batch_without_an_article_leaves_no_folder(project: Paths, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "page.txt").write_text("")
    with pytest.raises(InputError, match="no articles"):
        label(project, tmp_path / "empty")
    assert [p for p in project.batches.iterdir() if p.is_dir()] == []


def test_a_model_of_another_encoder_is_refused(
    project: Paths, pages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeEncoder, "model", "other/64")
    with pytest.raises(ContractError, match="trained on vectors of fake/64"):
        label(project, pages)


# What is loaded

IMPORTS = """
import sys
from pathlib import Path
from pipeline.cli import main
from tests.conftest import FakeEncoder
import pipeline.io.encoders
pipeline.io.encoders.SentenceEncoder = lambda *_: FakeEncoder()
for name in ("hypothesis", "pytest"):
    sys.modules.pop(name, None)
sys.argv = ["newsthemes", "label", sys.argv[1], "--out", "labels.csv"]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
print("loaded", *sorted({name.split(".")[0] for name in sys.modules}))
"""


def test_labelling_loads_only_what_it_needs(project: Paths, pages: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, str(pages)],
        cwd=project.root,
        env={"PYTHONPATH": ":".join(sys.path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(done.stdout.splitlines()[-1].split())
    heavy = {"umap", "hdbscan", "numba", "mlflow", "sklearn", "torch", "sentence_transformers"}
    assert loaded & heavy == set()
