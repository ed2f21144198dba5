"""Files of a batch: read in blocks, written and read back, refused where they are not whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import ContractError
from pipeline.io.batch_files import (
    count_rejected,
    earlier_batches,
    read_articles,
    read_candidates,
    recent_batches,
    source_files_of,
    stream_blocks,
    write_candidates,
)
from pipeline.io.files import write_text
from pipeline.io.ledger import Ledger
from pipeline.io.paths import BatchPaths, Paths
from pipeline.records import ARTICLES, LABELLED, Candidate
from tests.batches import comets, labelled, write_batch

COMETS = Candidate(
    "new-1", "Comets", ("comet",), ("c1", "c2"), ("Seen",), 2, 2, 1, "2024-05-01", None,
    (("2024-05-01", 2),),
)  # fmt: skip


@pytest.fixture
def batch(tmp_path: Path) -> BatchPaths:
    paths = Paths.of_project(tmp_path)
    return write_batch(paths, "b1", [(a, labelled(a)) for a in comets()])


def test_columns_come_in_blocks(batch: BatchPaths) -> None:
    blocks = list(stream_blocks(batch.labelled, LABELLED, ["theme"]))
    assert [block.column_names for block in blocks] == [["theme"]]
    assert sum(block.num_rows for block in blocks) == 4


@pytest.mark.parametrize("damage", ["missing", "cut off", "foreign"])
def test_a_table_that_is_not_whole_is_refused_with_a_remedy(batch: BatchPaths, damage: str) -> None:
    if damage == "missing":
        batch.labelled.unlink()
    elif damage == "cut off":
        batch.labelled.write_bytes(batch.labelled.read_bytes()[:100])
    schema = ARTICLES if damage == "foreign" else LABELLED
    with pytest.raises(ContractError, match="label these pages again"):
        list(stream_blocks(batch.labelled, schema, ["article_id"]))


def test_only_the_articles_that_are_wanted_are_read(batch: BatchPaths) -> None:
    wanted = comets()[1]
    found = [a for part in read_articles(batch.articles, {wanted.article_id}) for a in part]
    assert found == [wanted]
    batch.articles.unlink()
    assert list(read_articles(batch.articles, set())) == []


def test_source_files_are_found_by_content(batch: BatchPaths) -> None:
    one = comets()[0]
    assert source_files_of(batch, {one.content_id, "other"}) == {one.content_id: "page.txt"}
    batch.labelled.unlink()
    assert source_files_of(batch, {one.content_id}) == {}


def test_rejected_items_are_counted_and_none_where_there_is_no_list(batch: BatchPaths) -> None:
    assert count_rejected(batch) == 0
    write_text(batch.rejected, '{"a": 1}\n{"a": 2}\n')
    assert count_rejected(batch) == 2


def test_candidates_come_back_as_they_were_written(batch: BatchPaths) -> None:
    write_candidates(batch, [COMETS])
    assert read_candidates(batch) == [COMETS]
    write_candidates(batch, [])
    assert read_candidates(batch) == []


@pytest.mark.parametrize("content", ["", "[]", '{"candidates": [{"name": 3}]}'])
def test_a_file_that_holds_no_candidates_is_refused(batch: BatchPaths, content: str) -> None:
    write_text(batch.candidates, content)
    with pytest.raises(ContractError, match="label these pages again"):
        read_candidates(batch)


def test_missing_candidates_are_refused(batch: BatchPaths) -> None:
    with pytest.raises(ContractError, match="not readable"):
        read_candidates(batch)


def test_batches_that_were_finished_before_are_given_the_latest_first(tmp_path: Path) -> None:
    paths = Paths.of_project(tmp_path)
    for number, batch_id in enumerate(("b9", "b1", "b5", "b7")):
        write_batch(paths, batch_id, [])
        Ledger(paths.batches / "ledger.sqlite").add_batch(batch_id, number, [], [])
    found = earlier_batches(paths.batch("b5"), 10)
    assert [b.batch_id for b in found] == ["b1", "b9"]
    assert [b.batch_id for b in earlier_batches(paths.batch("b7"), 1)] == ["b5"]


def test_without_a_ledger_no_batch_is_earlier_and_reported_ones_are_listed(
    batch: BatchPaths,
) -> None:
    assert earlier_batches(batch, 10) == []
    assert recent_batches(batch.folder.parent) == []
    write_candidates(batch, [])
    assert [b.batch_id for b in recent_batches(batch.folder.parent)] == ["b1"]
