"""Files of many pages → units of a few records, in order and in flat memory.

Nothing is parsed here but for the borders between records. A unit can be cut again, into single
records, so that one which costs the process that parses it costs itself alone.
"""

from __future__ import annotations

import contextlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO

from pipeline.io.archives import ArchivedPage, iter_warc
from pipeline.io.contents import BOMB_RATIO, MEGABYTE, UnreadableFile, chunks_of, open_regular
from pipeline.io.lines import LongHeader, Record, csv_records, json_records, lines_of
from pipeline.io.readers import SourceFile

if TYPE_CHECKING:
    import pyarrow as pa

#: These hold many pages.
CONTAINERS = frozenset({"json_lines", "csv", "parquet", "warc"})

#: A unit is full with so many records or bytes.
_MAX_RECORDS = 100
_MAX_BYTES = 256_000
#: More blank lines in a row end a unit.
_MAX_GAP = 1000
#: Positions that each record of an archive has for the articles of its page.
_PLACES = 1000
_MAX_ARCHIVED = (1 << 31) // _PLACES - 1
#: A packed table is unpacked to disk, which may take so many times a page's limit.
_TABLE_FACTOR = 100
#: Bytes of an archive that are read before they are needed.
_READ_AHEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Unit:
    """Some records of one file: the arguments of `harvests.harvest_unit`."""

    source_file: str
    kind: str
    content: bytes
    first_position: int
    first_line: int = 1
    page_url: str | None = None
    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """What of a file cannot be read; the fields are those of its `Rejected` row."""

    source_file: str
    code: str
    message: str
    line: int | None = None


def cut_container(file: SourceFile, *, max_page_mb: int, scratch: Path) -> Iterator[Unit | Refusal]:
    """Cut a table or an archive into units.

    Parameters
    ----------
    file : SourceFile
        One of `CONTAINERS`, packed or not.
    max_page_mb : int
        A larger record is refused (`too_large`).
    scratch : path
        Folder for a table that has to be unpacked before it can be read.

    Yields
    ------
    Unit or Refusal
        In the order of the file; at least one. What cannot be read on gives what came before, and
        a refusal. The records of a JSON or CSV unit begin at `first_line`; a CSV unit begins with
        the header. Each page of an archive is a unit, with a thousand positions of its own.
    """
    n_given = 0
    try:
        if file.format == "warc":
            items = _cut_archive(file, max_page_mb)
        elif file.format == "parquet":
            items = _cut_parquet(file, max_page_mb, scratch)
        else:
            items = _cut_lines(file, max_page_mb)
        for item in items:
            n_given += 1
            yield item
    except UnreadableFile as error:
        n_given += 1
        yield Refusal(file.name, error.code, str(error))
    except LongHeader:
        n_given += 1
        yield Refusal(file.name, "csv", f"the header has more than {max_page_mb} MB", 1)
    if not n_given:
        yield Refusal(file.name, "empty", "the table has no records")


def single_records(unit: Unit) -> list[Unit]:
    """Cut a unit into units of one record each; a page is one record."""
    if unit.kind == "parquet":
        return _single_rows(unit)
    lines: list[bytes | None] = list(unit.content.split(b"\n"))
    if unit.kind == "json_lines":
        header, records = b"", json_records(lines, unit.first_line)
    elif unit.kind == "csv":
        header, records = csv_records(lines, len(unit.content), unit.first_line)
    else:
        return [unit]
    contents = [
        (record.first_line, header + b"\n".join(record.lines)) for record in records if record.lines
    ]
    return [
        replace(unit, content=content, first_position=unit.first_position + i, first_line=number)
        for i, (number, content) in enumerate(contents)
    ]


def _cut_lines(file: SourceFile, max_page_mb: int) -> Iterator[Unit | Refusal]:
    limit = max_page_mb * MEGABYTE
    failures: list[UnreadableFile] = []
    lines = lines_of(_noting(chunks_of(file, max_page_mb=max_page_mb), failures), limit)
    header, records = (
        csv_records(lines, limit) if file.format == "csv" else (b"", json_records(lines))
    )
    yield from _pack(file, header, records, max_page_mb)
    if failures:
        raise failures[0]


def _noting(chunks: Iterator[bytes], failures: list[UnreadableFile]) -> Iterator[bytes]:
    """End at a failure as at the end of the file, so that what came before it is used."""
    try:
        yield from chunks
    except UnreadableFile as error:
        failures.append(error)


def _pack(
    file: SourceFile, header: bytes, records: Iterable[Record], max_page_mb: int
) -> Iterator[Unit | Refusal]:
    """Put records into units; blank lines between them are kept, so that lines count on."""
    lines: list[bytes] = []
    position = n_records = size = first_line = 0

    def unit() -> Unit:
        content = header + b"\n".join(lines)
        return Unit(file.name, file.format, content, position, first_line)

    for record in records:
        gap = record.first_line - first_line - len(lines)
        is_full = n_records >= _MAX_RECORDS or size >= _MAX_BYTES or gap > _MAX_GAP
        if lines and (is_full or not record.lines):
            yield unit()
            position += n_records
            lines, n_records, size = [], 0, 0
        if not record.lines:
            message = f"a record of more than {max_page_mb} MB; see ingest.max_page_mb"
            yield Refusal(file.name, "too_large", message, record.first_line)
            position += 1
            continue
        if lines:
            lines += [b""] * gap
        else:
            first_line = record.first_line
        lines += record.lines
        n_records += 1
        size += sum(map(len, record.lines))
    if lines:
        yield unit()


# Parquet


def _cut_parquet(file: SourceFile, max_page_mb: int, scratch: Path) -> Iterator[Unit | Refusal]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    position = 0
    with _unpacked(file, max_page_mb, scratch) as raw:
        try:
            # Column chunks are read piece by piece: a file may be one row group of any size.
            table = pq.ParquetFile(raw, pre_buffer=False, buffer_size=1 << 16)
            for batch in table.iter_batches(batch_size=_MAX_RECORDS, use_threads=False):
                for part in _small_batches(batch):
                    if part.num_rows == 1 and part.nbytes > max_page_mb * MEGABYTE:
                        message = f"record {position} has more than {max_page_mb} MB"
                        yield Refusal(file.name, "too_large", message)
                    else:
                        yield Unit(file.name, "parquet", _parquet_of(part), position)
                    position += part.num_rows
        except MemoryError:
            raise
        except (pa.ArrowException, OSError) as error:
            detail = " ".join(str(error).split())
            raise UnreadableFile("parquet", f"not readable as Parquet ({detail})") from error


@contextlib.contextmanager
def _unpacked(file: SourceFile, max_page_mb: int, scratch: Path) -> Iterator[BinaryIO]:
    """Open a file that can be sought in; a packed one is unpacked to disk first."""
    if not file.is_packed:
        try:
            raw = open_regular(file.path)
        except OSError as error:
            raise UnreadableFile("path", f"cannot be read ({error.strerror or error})") from error
        with raw:
            yield raw
        return
    limit = _TABLE_FACTOR * max_page_mb * MEGABYTE
    with TemporaryFile(dir=scratch) as spooled:
        for chunk in chunks_of(file, max_page_mb=max_page_mb):
            spooled.write(chunk)
            if spooled.tell() > limit:
                message = f"unpacks to more than {limit // MEGABYTE} MB; unpack it yourself"
                raise UnreadableFile("too_large", message)
        spooled.seek(0)
        yield spooled


def _small_batches(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    if batch.num_rows > 1 and batch.nbytes > _MAX_BYTES:
        half = batch.num_rows // 2
        yield from _small_batches(batch.slice(0, half))
        yield from _small_batches(batch.slice(half))
    elif batch.num_rows:
        yield batch


def _parquet_of(batch: pa.RecordBatch) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = io.BytesIO()
    pq.write_table(pa.Table.from_batches([batch]), sink, compression="none", use_dictionary=False)
    return sink.getvalue()


def _single_rows(unit: Unit) -> list[Unit]:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(unit.content))
    return [
        replace(unit, content=_parquet_of(batch), first_position=unit.first_position + i)
        for i, batch in enumerate(table.to_batches(max_chunksize=1))
    ]


# Archives


def _cut_archive(file: SourceFile, max_page_mb: int) -> Iterator[Unit | Refusal]:
    limit = max_page_mb * MEGABYTE
    skipped: Counter[str] = Counter()
    n_given = 0
    with _unpacked(replace(file, is_packed=False), max_page_mb, file.path) as raw:
        for item in iter_warc(raw, max_page_bytes=limit, skipped=skipped):
            n_given += 1
            if item.number > _MAX_ARCHIVED:
                raise UnreadableFile("too_large", f"more than {_MAX_ARCHIVED} records; split it")
            if isinstance(item, ArchivedPage):
                place = item.number * _PLACES
                yield Unit(file.name, item.kind, item.content, place, page_url=item.url)
            else:
                n_packed = raw.tell() - item.offset - _READ_AHEAD
                is_bomb = item.code == "too_large" and limit > BOMB_RATIO * n_packed
                message = f"record {item.number} at byte {item.offset}: {item.message}"
                yield Refusal(file.name, "bomb" if is_bomb else item.code, message)
    if not n_given:
        reasons = ", ".join(f"{name} {n}" for name, n in sorted(skipped.items())) or "no record"
        yield Refusal(file.name, "empty", f"the archive holds no page (got {reasons})")
