"""Parts of a batch: done once, whole or not there, and put together in reading order."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.errors import ContractError
from pipeline.io.shards import label_shard, merge_shards
from pipeline.io.tables import read_rows, table_of, write_rows, write_table
from pipeline.records import Article, Labelled
from tests.conftest import make_article
from tests.io.test_labelled_files import make_row


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_rows(tmp_path / "shard.parquet", [make_article(title="T")], Article)
    return tmp_path / "shard.parquet"


def answer(batch: pa.Table) -> pa.Table:
    return table_of(
        [make_row(title=title) for title in batch.column("title").to_pylist()], Labelled
    )


def test_a_shard_is_labelled_once(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "labelled.parquet"
    assert label_shard(source, target, answer)
    assert [row.title for row in read_rows(target, Labelled)] == ["T"]
    assert not label_shard(source, target, lambda _: 1 / 0)  # type: ignore[arg-type, return-value]


def test_a_shard_that_failed_leaves_nothing_and_is_done_next_time(
    source: Path, tmp_path: Path
) -> None:
    target = tmp_path / "labelled.parquet"

    def fail(_: pa.Table) -> pa.Table:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        label_shard(source, target, fail)
    assert list(tmp_path.iterdir()) == [source]
    assert label_shard(source, target, answer)


def test_what_is_no_table_of_articles_is_refused(tmp_path: Path) -> None:
    write_table(tmp_path / "other.parquet", pa.table({"a": [1]}))
    with pytest.raises(ContractError, match="schema none, expected articles"):
        label_shard(tmp_path / "other.parquet", tmp_path / "x.parquet", answer)


def test_shards_are_merged_by_file_position_and_id(tmp_path: Path) -> None:
    names = ["a.txt", "B.txt", "ä.txt", "\U0001f600.txt", "\uffee.txt"]
    rows = [
        make_row(source_file=name, position=position, article_id=article_id)
        for name in names
        for position in (0, 2, 10)
        for article_id in ("x", "y")
    ]
    shuffled = random.Random(1).sample(rows, len(rows))
    shards = [tmp_path / f"{number}.parquet" for number in range(3)]
    for number, shard in enumerate(shards):
        write_rows(shard, shuffled[number::3], Labelled)

    merged = list(merge_shards(shards, tmp_path))
    assert merged == sorted(rows, key=lambda r: (r.source_file, r.position, r.article_id))
    assert sorted(tmp_path.iterdir()) == shards


def test_no_shards_are_no_rows(tmp_path: Path) -> None:
    assert list(merge_shards([], tmp_path)) == []
