"""Tables: record → file → record is the identity, and a foreign file is named with what to run."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, get_args, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.errors import ContractError
from pipeline.io.tables import (
    read_clusters,
    read_embeddings,
    read_rejected,
    read_rows,
    read_table,
    table_of,
    write_clusters,
    write_embeddings,
    write_rejected,
    write_rows,
    write_table,
)
from pipeline.records import (
    ARTICLES,
    Article,
    Assignment,
    Clusters,
    Embeddings,
    HoldoutRow,
    Labelled,
    Rejected,
    Theme,
)
from tests.conftest import make_article

ROW_TYPES = [Article, Theme, Assignment, Labelled, HoldoutRow]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT,
    int: st.integers(-(2**31), 2**31 - 1),
    float: st.floats(allow_nan=False, width=32),
    bool: st.booleans(),
    type(None): st.none(),
}


def values_of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of one field's type."""
    if kind in SIMPLE:
        return SIMPLE[kind]
    arguments = get_args(kind)
    if arguments and arguments[-1] is Ellipsis:
        return st.lists(values_of(arguments[0]), max_size=3).map(tuple)
    if all(isinstance(argument, str) for argument in arguments):
        return st.sampled_from(arguments)
    return st.one_of([values_of(argument) for argument in arguments])


def records_of(row_type: type) -> st.SearchStrategy[Any]:
    hints = get_type_hints(row_type)
    return st.builds(
        row_type, **{f.name: values_of(hints[f.name]) for f in dataclasses.fields(row_type)}
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


@pytest.mark.parametrize("row_type", ROW_TYPES)
@given(data=st.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_rows_come_back_as_they_were(row_type: type, data: st.DataObject, folder: Path) -> None:
    rows = data.draw(st.lists(records_of(row_type), max_size=4))
    path = folder / f"{row_type.__name__}.parquet"
    write_rows(path, rows, row_type)
    assert read_rows(path, row_type) == rows


@pytest.mark.parametrize("row_type", ROW_TYPES)
def test_no_rows_are_a_table_with_its_columns(row_type: type, tmp_path: Path) -> None:
    path = tmp_path / "empty.parquet"
    write_rows(path, [], row_type)
    assert read_rows(path, row_type) == []
    assert pq.read_schema(path).names == [f.name for f in dataclasses.fields(row_type)]


@given(st.lists(records_of(Rejected), max_size=4))
def test_rejected_items_come_back_as_they_were(folder: Path, rows: list[Rejected]) -> None:
    path = folder / "rejected.jsonl"
    write_rejected(path, rows)
    assert read_rejected(path) == rows
    assert path.read_bytes().count(b"\n") == len(rows)


@given(st.integers(0, 6), st.integers(1, 5), st.integers(0, 1000))
def test_embeddings_come_back_as_they_were(folder: Path, n: int, n_dims: int, seed: int) -> None:
    vectors = np.random.default_rng(seed).normal(size=(n, n_dims)).astype(np.float32)
    ids = tuple(f"c{i}" for i in range(n))
    path = folder / "embeddings.parquet"
    write_embeddings(path, Embeddings(ids, vectors, "möd/1"))
    found = read_embeddings(path)
    assert (found.content_ids, found.model) == (ids, "möd/1")
    assert found.vectors.dtype == np.float32
    assert np.array_equal(found.vectors, vectors)


@given(st.lists(st.lists(st.integers(0, 99), max_size=3).map(tuple), max_size=6))
def test_clusters_come_back_as_they_were(folder: Path, paths: list[tuple[int, ...]]) -> None:
    n = len(paths)
    rng = np.random.default_rng(n)
    clusters = Clusters(
        article_ids=tuple(f"a{i}" for i in range(n)),
        paths=tuple(paths),
        stories=rng.integers(0, 9, n, dtype=np.int32),
        strengths=rng.random(n, dtype=np.float32),
        map_xy=rng.random((n, 2), dtype=np.float32),
    )
    path = folder / "clusters.parquet"
    write_clusters(path, clusters)
    found = read_clusters(path)
    assert (found.article_ids, found.paths) == (clusters.article_ids, clusters.paths)
    assert found.stories.dtype == np.int32
    assert np.array_equal(found.stories, clusters.stories)
    assert np.array_equal(found.strengths, clusters.strengths)
    assert np.array_equal(found.map_xy, clusters.map_xy)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_rows(tmp_path / name, [make_article()], Article)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_value_of_the_wrong_type_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(pa.ArrowException):
        write_rows(tmp_path / "a", [make_article(position="first")], Article)
    with pytest.raises((pa.ArrowException, ValueError)):
        write_rows(tmp_path / "a", [dataclasses.replace(make_article(), text=None)], Article)
    assert list(tmp_path.iterdir()) == []


# Files that are not what they should be

READERS = {
    "rows": lambda path: read_rows(path, Article),
    "embeddings": read_embeddings,
    "clusters": read_clusters,
    "rejected": read_rejected,
}


@pytest.mark.parametrize("reader", READERS)
def test_a_missing_file_is_named(reader: str, tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    with pytest.raises(ContractError, match=r"table\.parquet: .*; run: dvc repro"):
        READERS[reader](path)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("content", [b"PAR1", b"{", b"\xff" * 50], ids=["cut", "json", "noise"])
def test_a_damaged_file_is_named(reader: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    path.write_bytes(content)
    with pytest.raises(ContractError, match=r"table\.parquet: not readable .*; run: dvc repro"):
        READERS[reader](path)


def test_a_file_that_was_cut_off_is_named(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    write_rows(path, [make_article()], Article)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ContractError, match=r"articles\.parquet: not readable as Parquet"):
        read_rows(path, Article)


def test_a_table_of_another_kind_is_named_with_both_schemas(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    write_rows(path, [], Theme)
    message = r"articles\.parquet: schema themes/2, expected articles/2; run: dvc repro"
    with pytest.raises(ContractError, match=message):
        read_rows(path, Article)
    with pytest.raises(ContractError, match=r"schema themes/2, expected clusters/2"):
        read_clusters(path)
    with pytest.raises(ContractError, match="not a table of embeddings; run: dvc repro embed"):
        read_embeddings(path)


def test_a_table_of_nobody_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    with pytest.raises(ContractError, match=r"schema none, expected articles/2"):
        read_rows(path, Article)
    with pytest.raises(ContractError, match="not a table of embeddings"):
        read_embeddings(path)


def test_a_column_that_may_be_null_where_ours_may_not_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "articles.parquet"
    loose = pa.schema([field.with_nullable(True) for field in ARTICLES], metadata=ARTICLES.metadata)
    write_table(path, pa.Table.from_pylist([], schema=loose))
    with pytest.raises(ContractError, match="expected articles/2"):
        read_rows(path, Article)


def test_vectors_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "embeddings.parquet"
    write_embeddings(path, Embeddings(("a", "b"), np.eye(2, dtype=np.float32), "fake"))
    table = read_table(path)
    write_table(path, table.take([1, 0]))
    with pytest.raises(ContractError, match=r"must be sorted and unique; run: dvc repro embed"):
        read_embeddings(path)


@pytest.mark.parametrize("line", ['{"a": 1}', "[1]", '"text"', "7", "null"])
def test_a_line_that_is_no_rejected_item_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "rejected.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(ContractError, match=r"rejected\.jsonl: not readable .*dvc repro ingest"):
        read_rejected(path)


def test_a_table_keeps_the_order_of_its_rows() -> None:
    rows = [make_article(article_id=i, text=i) for i in "cab"]
    assert table_of(rows, Article).column("article_id").to_pylist() == ["c", "a", "b"]
