"""The ingest stage: files in, articles and rejected rows out."""

from __future__ import annotations

import gzip
import io
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import InputError, TooManyRejected
from pipeline.io.params import IngestParams, Params, load_params
from pipeline.io.paths import Paths
from pipeline.io.readers import STDIN
from pipeline.io.tables import read_rejected, read_rows
from pipeline.records import Article
from pipeline.stages import ingest as stage
from pipeline.stages.ingest import ingest, run

CHECKOUT = Path(__file__).parent.parent.parent
NEWS = {
    "harbour": "The harbour board approved a new quay on Monday after two years of talks.",
    "bridge": "Engineers closed the old bridge for a week to replace rusted bolts and rails.",
    "market": "Traders at the covered market said that rents had doubled since the spring.",
}


@pytest.fixture
def params() -> Params:
    return load_params(CHECKOUT / "params.yaml")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.of_project(tmp_path)
    paths.raw.mkdir(parents=True)
    for name, text in NEWS.items():
        (paths.raw / f"{name}.txt").write_text(f"News of the {name}\n\n{text}\n", encoding="utf-8")
    rows = [
        {"title": f"Row {n}", "text": f"{text} Row {n}."} for n, text in enumerate(NEWS.values())
    ]
    (paths.raw / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    page = f"<html><body><article><h1>Market</h1><p>{NEWS['market']}</p></article></body></html>"
    (paths.raw / "market.html").write_text(page, encoding="utf-8")
    return paths


def loose(params: Params) -> IngestParams:
    return params.ingest.model_copy(update={"max_rejected_share": 1.0})


def test_every_item_of_the_input_is_an_article_or_rejected(paths: Paths, params: Params) -> None:
    (paths.raw / "notes.docx").write_bytes(b"x")
    (paths.raw / "empty.txt").write_bytes(b"")

    run(paths, params)

    articles = read_rows(paths.articles, Article)
    rejected = read_rejected(paths.rejected)
    counts = json.loads(paths.metrics("ingest").read_text(encoding="utf-8"))
    assert [a.article_id for a in articles] == sorted(a.article_id for a in articles)
    assert {(r.source_file, r.code) for r in rejected} == {
        ("empty.txt", "empty"),
        ("notes.docx", "unknown_format"),
    }
    assert {a.source_file for a in articles} == {
        *(f"{name}.txt" for name in NEWS),
        "rows.jsonl",
        "market.html",
    }
    assert (counts["n_articles"], counts["n_rejected"]) == (len(articles), len(rejected))
    assert counts["n_items"] == len(articles) + len(rejected)
    assert counts["n_files"] == 7
    assert counts["n_distinct"] == sum(a.is_canonical for a in articles)
    assert counts["rejected.empty"] == 1
    assert counts["kind.article"] == len(articles)
    assert all(isinstance(value, (int, float)) for value in counts.values())


def test_same_pages_give_the_same_bytes_in_any_place_and_number_of_processes(
    paths: Paths, params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(paths, params)
    moved = Paths.of_project(tmp_path / "elsewhere")
    shutil.copytree(paths.raw, moved.raw)
    monkeypatch.setattr(stage, "_WORTH_A_PROCESS", 1e-6)
    monkeypatch.setattr(stage, "n_cores", lambda: 8)

    run(moved, params)

    for name in ("articles", "rejected"):
        before, after = getattr(paths, name), getattr(moved, name)
        assert before.read_bytes() == after.read_bytes()
    assert paths.metrics("ingest").read_bytes() == moved.metrics("ingest").read_bytes()


def test_no_sample_footer_is_left_in_any_text(paths: Paths, params: Params) -> None:
    text = "The council met in the morning and went home at noon.\n\n© newsthemes sample text."
    row = json.dumps({"title": "Council meets", "text": text})
    (paths.raw / "records.jsonl").write_text(row, encoding="utf-8")
    (paths.raw / "records.csv").write_text(f'title,text\nOther,"{text}"\n', encoding="utf-8")

    articles = ingest([paths.raw], loose(params)).articles

    assert {a.source_file for a in articles} >= {"records.jsonl", "records.csv"}
    assert not any("newsthemes" in a.full_text for a in articles)


def test_copy_in_another_file_is_one_group(paths: Paths, params: Params) -> None:
    shutil.copy(paths.raw / "bridge.txt", paths.raw / "bridge_again.txt")

    ingested = ingest([paths.raw], loose(params))

    (copy,) = [a for a in ingested.articles if a.duplicate_kind == "exact"]
    assert ingested.counts["n_exact"] == 1
    assert [a.is_canonical for a in ingested.articles if a.content_id == copy.content_id] in (
        [True, False],
        [False, True],
    )


def test_too_many_rejected_items_fail_after_the_outputs_are_written(
    paths: Paths, params: Params
) -> None:
    for number in range(40):
        (paths.raw / f"{number}.txt").write_bytes(b"")

    with pytest.raises(TooManyRejected, match=r"40 of 47 items rejected .got empty 40"):
        run(paths, params)

    assert len(read_rejected(paths.rejected)) == 40
    assert read_rows(paths.articles, Article)


def test_input_without_any_article_is_an_error_and_says_why(tmp_path: Path, params: Params) -> None:
    paths = Paths.of_project(tmp_path)
    paths.raw.mkdir(parents=True)
    (paths.raw / "a.txt").write_bytes(b"")

    with pytest.raises(InputError, match=r"no articles \(got 1 rejected item: empty 1\)"):
        run(paths, params)

    assert [row.code for row in read_rejected(paths.rejected)] == ["empty"]


def test_what_was_set_aside_is_given_also_where_nothing_is_left(
    tmp_path: Path, params: Params
) -> None:
    (tmp_path / "a.txt").write_bytes(b"")

    ingested = ingest([tmp_path], params.ingest)

    assert ingested.articles == ()
    assert [row.code for row in ingested.rejected] == ["empty"]


def test_missing_folder_is_an_error(tmp_path: Path, params: Params) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        run(Paths.of_project(tmp_path), params)


def test_huge_page_is_rejected_and_others_are_kept(paths: Paths, params: Params) -> None:
    (paths.raw / "huge.txt").write_bytes(b"x" * 21_000_000)

    ingested = ingest([paths.raw], loose(params))

    assert ingested.counts["rejected.too_large"] == 1
    assert ingested.articles


@pytest.mark.shared
def test_five_real_pages_give_53_articles_and_two_empty_posts(shared: Path, params: Params) -> None:
    counts = ingest([shared / "pages"], params.ingest).counts

    assert counts["n_items"] == 55
    assert (counts["n_articles"], counts["rejected.empty"]) == (53, 2)
    assert counts["n_contents"] == 49
    assert (counts["n_exact"], counts["n_near"] + counts["n_contained"]) == (4, 2)


def test_nothing_but_the_outputs_is_left_in_their_folder(paths: Paths, params: Params) -> None:
    run(paths, params)

    left = {path.name for path in paths.data.iterdir()}
    assert left == {"raw", "articles.parquet", "rejected.jsonl", "metrics"}


def test_standard_input_is_cut_and_parsed_as_a_file(
    tmp_path: Path, params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [json.dumps({"title": f"Row {n}", "text": NEWS["bridge"]}) for n in range(3)]

    class Stdin:
        buffer = io.BytesIO("\n".join([*rows, "{broken"]).encode())

    monkeypatch.setattr("sys.stdin", Stdin)

    ingested = ingest([STDIN], loose(params), scratch=tmp_path)

    assert sorted(a.position for a in ingested.articles) == [0, 1, 2]
    assert [(r.source_file, r.line, r.code) for r in ingested.rejected] == [("stdin", 4, "json")]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_packed", [False, True])
def test_standard_input_may_be_a_page_also_packed(
    tmp_path: Path, params: Params, monkeypatch: pytest.MonkeyPatch, is_packed: bool
) -> None:
    content = f"News of the bridge\n\n{NEWS['bridge']}\n".encode()

    class Stdin:
        buffer = io.BytesIO(gzip.compress(content) if is_packed else content)

    monkeypatch.setattr("sys.stdin", Stdin)

    (article,) = ingest([STDIN], params.ingest, scratch=tmp_path).articles

    assert article.text == NEWS["bridge"]


def test_table_is_parsed_in_units_and_its_dates_by_the_evidence_of_the_whole(
    tmp_path: Path, params: Params
) -> None:
    """Only the last of a thousand records shows that the month comes first."""
    rows = [{"text": f"{NEWS['bridge']} {n}", "date": "07-09-2025"} for n in range(1000)]
    rows[-1]["date"] = "07-30-2025"
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    articles = ingest([tmp_path], params.ingest).articles

    assert sorted(a.position for a in articles) == list(range(1000))
    assert Counter(a.published for a in articles) == {"2025-07-09": 999, "2025-07-30": 1}


def test_message_about_odd_names_stays_on_its_line(tmp_path: Path, params: Params) -> None:
    (tmp_path / "two\nlines.txt").write_bytes(b"")

    with pytest.raises(InputError) as error:
        run(Paths(root=tmp_path, data=tmp_path), Params.model_validate(params.model_dump()))
    assert "no such file" in str(error.value)
    with pytest.raises(InputError) as error:
        stage.ingest_into(Paths(tmp_path / "out", tmp_path / "out"), [tmp_path], params.ingest)

    assert str(error.value).split("\n")[1:] == [r"  'two\nlines.txt': nothing but white space"]
