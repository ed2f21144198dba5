"""A batch in parts: each labelled once and committed by its name, then all in reading order.

A part is done when the file of its name is there: it appears whole or not at all, so whoever was
killed, here or on one of many machines, left nothing half done, and the next one goes on with the
parts that are missing.
"""

from __future__ import annotations

import contextlib
import pickle
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa

from pipeline.io.tables import read_table, stream_rows, write_table
from pipeline.records import ARTICLES, Labelled

_MERGE = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -16000;
    PRAGMA temp_store = FILE;
    CREATE TABLE rows (source_file TEXT, position INTEGER, article_id TEXT, record BLOB);
"""


def label_shard(source: Path, target: Path, label_batch: Callable[[pa.Table], pa.Table]) -> bool:
    """Label the articles of one file into another, unless that is done.

    Give each source one target, in a folder of the same model, wherever and in whatever order it
    runs: `label_batch` gives the same bytes for the same articles.

    Parameters
    ----------
    source : Path
        A Parquet file of `ARTICLES`, in whole duplicate groups.
    target : Path
        Result, of `LABELLED`; written to a temporary name, synced and renamed.
    label_batch : callable
        Table of articles → table of labelled rows.

    Returns
    -------
    bool
        False where `target` was there already.

    Raises
    ------
    ContractError
        If `source` is missing, cut off or of another schema.
    InputError
        If `target` cannot be written.
    """
    if target.exists():
        return False
    write_table(target, label_batch(read_table(source, ARTICLES)))
    return True


def merge_shards(shards: Sequence[Path], scratch: Path) -> Iterator[Labelled]:
    """Give the rows of all labelled shards by source file, position and article id.

    They are sorted in a file below the folder `scratch`: memory holds one shard at a time.
    """
    path = scratch / "merge.sqlite"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    with contextlib.closing(connection) as database:
        database.executescript(_MERGE)
        database.execute("BEGIN")
        for shard in shards:
            database.executemany(
                "INSERT INTO rows VALUES (?, ?, ?, ?)",
                (
                    (row.source_file, row.position, row.article_id, pickle.dumps(row))
                    for row in stream_rows(shard, Labelled)
                ),
            )
        ordered = database.execute(
            "SELECT record FROM rows ORDER BY source_file, position, article_id"
        )
        for (record,) in ordered:
            yield pickle.loads(record)  # noqa: S301 - written above
    path.unlink(missing_ok=True)
