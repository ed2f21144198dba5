"""The ingest stage: files in, articles and rejected rows out."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from pipeline.errors import InputError, TooManyRejected
from pipeline.io.params import IngestParams, Params, load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rejected, read_rows
from pipeline.records import Article
from pipeline.stages import ingest as stage
from pipeline.stages.ingest import ingest, run

CHECKOUT = Path(__file__).parent.parent.parent
TEXT_PAGES = sorted((CHECKOUT / "tests" / "fixtures" / "pages").glob("*.txt"))


@pytest.fixture
def params() -> Params:
    return load_params(CHECKOUT / "params.yaml")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = Paths.of_project(tmp_path)
    paths.raw.mkdir(parents=True)
    for page in TEXT_PAGES:
        shutil.copy(page, paths.raw / page.name)
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
        ("live_blog.txt", "empty"),
        ("notes.docx", "unknown_format"),
    }
    assert (counts["n_articles"], counts["n_rejected"]) == (len(articles), len(rejected))
    assert counts["n_items"] == len(articles) + len(rejected)
    assert counts["n_files"] == len(TEXT_PAGES) + 2
    assert counts["n_distinct"] == sum(a.is_canonical for a in articles)
    assert counts["rejected.empty"] == 2
    assert counts["kind.listing_item"] == 3
    assert all(isinstance(value, (int, float)) for value in counts.values())


def test_same_pages_give_the_same_bytes_in_any_place_and_number_of_processes(
    paths: Paths, params: Params, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(paths, params)
    moved = Paths.of_project(tmp_path / "elsewhere")
    shutil.copytree(paths.raw, moved.raw)
    monkeypatch.setattr(stage, "_WORTH_PROCESSES", 1)

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
    shutil.copy(paths.raw / "tag_listing.txt", paths.raw / "tag_listing_again.txt")

    ingested = ingest([paths.raw], loose(params))

    copies = [a for a in ingested.articles if a.duplicate_kind == "exact"]
    assert len(copies) == ingested.counts["n_exact"] == 3
    assert len({a.duplicate_group for a in copies}) == 3


def test_too_many_rejected_items_fail_after_the_outputs_are_written(
    paths: Paths, params: Params
) -> None:
    for number in range(40):
        (paths.raw / f"{number}.txt").write_bytes(b"")

    with pytest.raises(TooManyRejected, match=r"41 of 55 items rejected .got empty 41"):
        run(paths, params)

    assert len(read_rejected(paths.rejected)) == 41
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
    assert (counts["n_exact"], counts["n_near"], counts["n_contained"]) == (4, 1, 1)
