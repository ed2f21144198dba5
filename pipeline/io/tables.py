"""Parquet and JSON lines ↔ records, with the schema checked both ways."""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.errors import ContractError
from pipeline.io.files import replacing
from pipeline.records import (
    ARTICLES,
    ASSIGNMENTS,
    CLUSTERS,
    HOLDOUT,
    LABELLED,
    LEVELS,
    SERIES,
    THEMES,
    Article,
    Assignment,
    Clusters,
    Embeddings,
    HoldoutRow,
    Labelled,
    Level,
    Rejected,
    SeriesPoint,
    Theme,
    embeddings_schema,
)

#: Rows of one group of a Parquet file.
_GROUP = 1024

Row = TypeVar("Row", Article, Level, Theme, Assignment, SeriesPoint, Labelled, HoldoutRow)
_SCHEMAS: dict[type, pa.Schema] = {
    Article: ARTICLES,
    Level: LEVELS,
    Theme: THEMES,
    Assignment: ASSIGNMENTS,
    SeriesPoint: SERIES,
    Labelled: LABELLED,
    HoldoutRow: HOLDOUT,
}


def table_of(rows: Sequence[Row], row_type: type[Row]) -> pa.Table:
    """Arrow table of `rows`, with the schema of their type (also where there are none)."""
    records = [{f.name: getattr(row, f.name) for f in dataclasses.fields(row)} for row in rows]
    return pa.Table.from_pylist(records, schema=_SCHEMAS[row_type])


def write_table(path: Path, table: pa.Table) -> None:
    """Write one Parquet file; the same table gives the same bytes."""
    with replacing(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def read_table(path: Path, schema: pa.Schema | None = None) -> pa.Table:
    """Read one Parquet file.

    Raises
    ------
    ContractError
        If it is missing, cut off, or (where `schema` is given) of another schema.
    """
    try:
        table = pq.read_table(path)
    except FileNotFoundError as error:
        raise ContractError(f"{path}: missing; run: dvc repro") from error
    except (OSError, pa.ArrowException) as error:
        raise ContractError(f"{path}: not readable as Parquet ({error}); run: dvc repro") from error
    if schema is not None:
        _check_schema(path, table.schema, schema)
    return table


def _check_schema(path: Path, schema: pa.Schema, wanted: pa.Schema) -> None:
    found = (schema.metadata or {}).get(b"schema", b"none").decode()
    expected = wanted.metadata[b"schema"].decode()
    if found != expected or not schema.equals(wanted):
        raise ContractError(f"{path}: schema {found}, expected {expected}; run: dvc repro")


def write_rows(path: Path, rows: Iterable[Row], row_type: type[Row]) -> None:
    """Write records as one Parquet file, in row groups of fixed size.

    The same records give the same bytes. Of an iterator, one group at a time is in memory.
    """
    source = iter(rows)
    with (
        replacing(path) as temporary,
        pq.ParquetWriter(temporary, _SCHEMAS[row_type], compression="zstd") as writer,
    ):
        group = list(itertools.islice(source, _GROUP))
        writer.write_table(table_of(group, row_type))
        while group := list(itertools.islice(source, _GROUP)):
            writer.write_table(table_of(group, row_type))


def read_rows(path: Path, row_type: type[Row]) -> list[Row]:
    """Read records of one type; lists come back as tuples. Raises as `read_table`."""
    table = read_table(path, _SCHEMAS[row_type])
    return [row_type(**_with_tuples(record)) for record in table.to_pylist()]


def stream_rows(path: Path, row_type: type[Row]) -> Iterator[Row]:
    """Give the records of one type in the order of the file; one group of them is in memory.

    Raises
    ------
    ContractError
        As `read_table`.
    """
    try:
        opened = pq.ParquetFile(path)
    except FileNotFoundError as error:
        raise ContractError(f"{path}: missing; run: dvc repro") from error
    except (OSError, pa.ArrowException) as error:
        raise ContractError(f"{path}: not readable as Parquet ({error}); run: dvc repro") from error
    with opened as file:
        _check_schema(path, file.schema_arrow, _SCHEMAS[row_type])
        for group in file.iter_batches(_GROUP):
            for record in group.to_pylist():
                yield row_type(**_with_tuples(record))


def _with_tuples(record: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in record.items()}


def write_embeddings(path: Path, embeddings: Embeddings) -> None:
    """Write vectors as one Parquet file."""
    n_dims = embeddings.vectors.shape[1]
    schema = embeddings_schema(n_dims, embeddings.model)
    flat = pa.array(embeddings.vectors.ravel(), type=pa.float32())
    vectors = pa.FixedSizeListArray.from_arrays(flat, type=schema.field("vector").type)
    ids = pa.array(embeddings.content_ids, type=pa.string())
    write_table(path, pa.Table.from_arrays([ids, vectors], schema=schema))


def read_embeddings(path: Path) -> Embeddings:
    """Read vectors. Raises as `read_table`, and ContractError for values that are no vectors."""
    table = read_table(path)
    metadata = table.schema.metadata or {}
    if metadata.get(b"schema") != b"embeddings/1":
        raise ContractError(f"{path}: not a table of embeddings; run: dvc repro embed")
    column = table.column("vector").combine_chunks()
    n_dims = column.type.list_size
    vectors = column.flatten().to_numpy(zero_copy_only=False).reshape(-1, n_dims)
    ids = tuple(table.column("content_id").to_pylist())
    try:
        return Embeddings(ids, vectors.astype(np.float32), metadata[b"model"].decode())
    except ValueError as error:
        raise ContractError(f"{path}: {error}; run: dvc repro embed") from error


def write_clusters(path: Path, clusters: Clusters) -> None:
    """Write clusters as one Parquet file."""
    columns = [
        pa.array(clusters.article_ids, type=pa.string()),
        pa.array([list(p) for p in clusters.paths], type=pa.list_(pa.int32())),
        pa.array(clusters.stories, type=pa.int32()),
        pa.array(clusters.strengths, type=pa.float32()),
        pa.array(clusters.map_xy[:, 0], type=pa.float32()),
        pa.array(clusters.map_xy[:, 1], type=pa.float32()),
    ]
    write_table(path, pa.Table.from_arrays(columns, schema=CLUSTERS))


def read_clusters(path: Path) -> Clusters:
    """Read clusters. Raises as `read_table`."""
    table = read_table(path, CLUSTERS)
    xy = np.column_stack([table.column("x").to_numpy(), table.column("y").to_numpy()])
    return Clusters(
        article_ids=tuple(table.column("article_id").to_pylist()),
        paths=tuple(tuple(p) for p in table.column("path").to_pylist()),
        stories=table.column("story").to_numpy().astype(np.int32),
        strengths=table.column("strength").to_numpy().astype(np.float32),
        map_xy=xy.astype(np.float32).reshape(-1, 2),
    )


def write_rejected(path: Path, rejected: Iterable[Rejected]) -> None:
    """Write rejected items as JSON lines, in the order given."""
    with replacing(path) as temporary, temporary.open("w", encoding="ascii", newline="") as file:
        for row in rejected:
            file.write(json.dumps(dataclasses.asdict(row), ensure_ascii=True) + "\n")


def stream_rejected(path: Path) -> Iterator[Rejected]:
    """Give rejected items in the order of the file. Raises as `read_rejected`."""
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for line in file:
                yield Rejected(**json.loads(line))
    except (OSError, ValueError, TypeError) as error:
        raise ContractError(f"{path}: not readable ({error}); run: dvc repro ingest") from error


def read_rejected(path: Path) -> list[Rejected]:
    """Read rejected items.

    Raises
    ------
    ContractError
        If the file is missing or not such a list.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        return [Rejected(**json.loads(line)) for line in lines if line]
    except (OSError, ValueError, TypeError) as error:
        raise ContractError(f"{path}: not readable ({error}); run: dvc repro ingest") from error
