"""Files of one labelled batch: its tables in blocks, its summary and its candidates."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field, ValidationError

from pipeline.errors import ContractError
from pipeline.io.files import write_json
from pipeline.io.ledger import Ledger
from pipeline.io.params import Section
from pipeline.io.paths import BatchPaths
from pipeline.records import ARTICLES, LABELLED, Article, Candidate

#: Rows in memory at a time.
_BLOCK = 4096
_LEDGER = "ledger.sqlite"
_REMEDY = "label these pages again"


def stream_blocks(path: Path, schema: pa.Schema, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Give some columns of a Parquet file, a few thousand rows at a time.

    Raises
    ------
    ContractError
        If it is missing, cut off, or of another schema.
    """
    expected = schema.metadata[b"schema"].decode()
    try:
        with pq.ParquetFile(path) as file:
            found = (file.schema_arrow.metadata or {}).get(b"schema", b"none").decode()
            if found != expected:
                raise ContractError(f"{path}: schema {found}, expected {expected}; {_REMEDY}")
            for batch in file.iter_batches(_BLOCK, columns=list(columns)):
                yield pa.Table.from_batches([batch])
    except FileNotFoundError as error:
        raise ContractError(f"{path}: missing; {_REMEDY}") from error
    except (OSError, pa.ArrowException) as error:
        raise ContractError(f"{path}: not readable as Parquet ({error}); {_REMEDY}") from error


def read_articles(path: Path, wanted: Collection[str]) -> Iterator[list[Article]]:
    """Give the articles with some ids, a part at a time; nothing is read where none is wanted.

    Raises
    ------
    ContractError
        As `stream_blocks`.
    """
    if not wanted:
        return
    import pyarrow.compute as pc

    ids = pa.array(sorted(wanted), type=pa.string())
    for block in stream_blocks(path, ARTICLES, ARTICLES.names):
        found = block.filter(pc.is_in(block["article_id"], value_set=ids))
        if found.num_rows:
            yield [_article(row) for row in found.to_pylist()]


def source_files_of(batch: BatchPaths, content_ids: Collection[str]) -> dict[str, str]:
    """Source file of each of some contents that the batch holds; the first where several do.

    A batch whose labels are gone has none.
    """
    found: dict[str, str] = {}
    if not batch.labelled.is_file():
        return found
    for block in stream_blocks(batch.labelled, LABELLED, ("content_id", "source_file")):
        for row in block.to_pylist():
            if row["content_id"] in content_ids:
                found.setdefault(row["content_id"], row["source_file"])
    return found


def _article(row: dict[str, Any]) -> Article:
    values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in row.items()}
    return Article(**values)


def count_rejected(batch: BatchPaths) -> int:
    """Items of the batch that were set aside; 0 where nothing says so."""
    try:
        with batch.rejected.open("rb") as file:
            return sum(1 for line in file if line.strip())
    except FileNotFoundError:
        return 0


def earlier_batches(batch: BatchPaths, most: int) -> list[BatchPaths]:
    """Batches that were finished when this one began, the latest first, at most `most`.

    They are those that its labels know of, so that labelling it again later gives the same. Only
    batches whose tables are still there are given.
    """
    ledger = batch.folder.parent / _LEDGER
    if not ledger.is_file():
        return []
    listed = Ledger(ledger)
    horizon = listed.horizon(batch.batch_id)
    ids = listed.batch_ids()
    numbers = sorted((n for n in ids if n <= horizon), reverse=True)
    found = (BatchPaths(batch.folder.parent / ids[n]) for n in numbers)
    whole = [
        b
        for b in found
        if b.batch_id != batch.batch_id and b.labelled.is_file() and b.articles.is_file()
    ]
    return whole[:most]


def recent_batches(batches: Path) -> list[BatchPaths]:
    """All batches that have candidates on file, the latest first."""
    folders = sorted(p.parent for p in batches.glob("*/candidates.json"))
    ledger = batches / _LEDGER
    ids = Ledger(ledger).batch_ids() if ledger.is_file() else {}
    number = {batch_id: n for n, batch_id in ids.items()}
    return [
        BatchPaths(folder)
        for folder in sorted(folders, key=lambda f: (-number.get(f.name, 0), f.name))
    ]


class _Candidate(Section):
    candidate_id: str
    name: str
    keywords: tuple[str, ...]
    content_ids: tuple[str, ...] = Field(min_length=1)
    headlines: tuple[str, ...]
    n_articles: int
    n_sources: int
    n_batches: int
    first_seen: str | None
    last_seen: str | None
    daily: tuple[tuple[str, int], ...]


class _Candidates(Section):
    schema_version: str
    batch_id: str
    candidates: tuple[_Candidate, ...]


_SCHEMA = "candidates/1"


def write_candidates(batch: BatchPaths, candidates: Sequence[Candidate]) -> None:
    """Write candidates.json; the order is kept."""
    values = [dataclasses.asdict(candidate) for candidate in candidates]
    content = {"schema_version": _SCHEMA, "batch_id": batch.batch_id, "candidates": values}
    write_json(batch.candidates, content)


def read_candidates(batch: BatchPaths) -> list[Candidate]:
    """Read candidates.json.

    Raises
    ------
    ContractError
        If it is missing or not what `write_candidates` writes.
    """
    try:
        # As JSON, not as Python values: lists are the tuples of JSON.
        values = _Candidates.model_validate_json(batch.candidates.read_bytes())
    except OSError as error:
        raise ContractError(
            f"{batch.candidates}: not readable ({error.strerror}); {_REMEDY}"
        ) from error
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise ContractError(f"{batch.candidates}: {place}: {problem['msg']}; {_REMEDY}") from error
    return [Candidate(**c.model_dump()) for c in values.candidates]
