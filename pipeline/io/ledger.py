"""What was labelled before, in one SQLite file: contents by id, and how to find near copies.

Batches are numbered as they finish. A batch knows those that had finished when it began, and
keeps both numbers for ever: labelled again, it is told the same.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.io.progress import blocks_of

_TABLES = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -32000;
    CREATE TABLE IF NOT EXISTS batches (
        number INTEGER PRIMARY KEY, batch_id TEXT UNIQUE, horizon INTEGER
    );
    CREATE TABLE IF NOT EXISTS contents (
        content_id TEXT PRIMARY KEY, batch INTEGER
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS texts (
        number INTEGER PRIMARY KEY, batch INTEGER, content_id TEXT, n_chars INTEGER,
        n_words INTEGER, text_key BLOB, title_key BLOB, hashes BLOB, text BLOB
    );
    CREATE TABLE IF NOT EXISTS hashes (
        hash INTEGER, text INTEGER, PRIMARY KEY (hash, text)
    ) WITHOUT ROWID;
"""
_BLOCK = 500  # SQLite takes at most 999 values in one query
#: Texts looked at for one hash: what more share it is a site's boilerplate.
_MAX_CARRIERS = 32
#: Likely copies named for one text.
_MAX_LIKELY = 8
#: Seconds to wait while another batch writes.
_PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text that was labelled: its sketch and the text itself. Keys are unsigned, of 64 bits.

    `batch` is the number of the batch that it was first labelled in; `hashes` holds little-endian
    32-bit numbers.
    """

    content_id: str
    batch: int
    n_chars: int
    n_words: int
    text_key: int
    title_key: int
    hashes: bytes
    text: str


@dataclass(frozen=True, slots=True)
class NewText:
    """A text to be remembered, and the hashes under which it is found again."""

    text: KnownText
    index: Sequence[int]


class Ledger:
    """The file; made on first use.

    Raises
    ------
    InputError
        In any method, if the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def horizon(self, batch_id: str) -> int:
        """Number of the last batch that `batch_id` knows of; 0 for none.

        For a batch that was never finished, the last one that is.
        """
        with self._open() as database:
            own = database.execute(
                "SELECT horizon FROM batches WHERE batch_id = ?", (batch_id,)
            ).fetchone()
            last = database.execute("SELECT ifnull(max(number), 0) FROM batches").fetchone()
            return int((own or last)[0])

    def batch_ids(self) -> dict[int, str]:
        """Number → id of every finished batch."""
        with self._open() as database:
            return dict(database.execute("SELECT number, batch_id FROM batches ORDER BY number"))

    def find_contents(self, content_ids: Iterable[str], horizon: int) -> dict[str, int]:
        """Content id → the batch that had it first, of those known up to batch `horizon`."""
        found: dict[str, int] = {}
        with self._open() as database:
            for block in blocks_of(sorted(set(content_ids)), _BLOCK):
                marks = ",".join("?" * len(block))
                found |= database.execute(
                    f"SELECT content_id, batch FROM contents WHERE content_id IN ({marks}) "  # noqa: S608
                    "AND batch <= ?",
                    (*block, horizon),
                )
        return found

    def find_likely(
        self, index: Mapping[str, Sequence[int]], horizon: int
    ) -> dict[str, list[KnownText]]:
        """Key → texts up to batch `horizon` that share most of its hashes, at most eight."""
        found: dict[str, list[KnownText]] = {}
        with self._open() as database:
            (last,) = database.execute(
                "SELECT ifnull(max(number), 0) FROM texts WHERE batch <= ?", (horizon,)
            ).fetchone()
            for key, hashes in index.items():
                counts: dict[int, int] = {}
                for value in hashes:
                    carriers = database.execute(
                        "SELECT text FROM hashes WHERE hash = ? AND text <= ? ORDER BY text "
                        "LIMIT ?",
                        (value, last, _MAX_CARRIERS),
                    )
                    for (number,) in carriers:
                        counts[number] = counts.get(number, 0) + 1
                best = sorted(counts, key=lambda number: (-counts[number], number))[:_MAX_LIKELY]
                if best:
                    found[key] = [_read_text(database, number) for number in best]
        return found

    def add_batch(
        self,
        batch_id: str,
        horizon: int,
        contents: Iterable[Sequence[str]],
        texts: Iterable[NewText],
    ) -> None:
        """Remember a finished batch: all of it, or nothing. One that is known stays as it is.

        Parameters
        ----------
        batch_id, horizon
            As given by `horizon` when the batch began.
        contents : iterable of sequences
            Content ids, some at a time. Known ones keep the batch that had them first.
        texts : iterable of NewText
            Read after `contents`; their `batch` is not looked at. Of a content that another batch
            had first, none is kept.
        """
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            if database.execute("SELECT 1 FROM batches WHERE batch_id = ?", (batch_id,)).fetchone():
                return
            number = database.execute(
                "INSERT INTO batches (batch_id, horizon) VALUES (?, ?) RETURNING number",
                (batch_id, horizon),
            ).fetchone()[0]
            for ids in contents:
                database.executemany(
                    "INSERT OR IGNORE INTO contents VALUES (?, ?)", [(i, number) for i in ids]
                )
            for new in texts:
                _add_text(database, new, number)
            database.execute("COMMIT")

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
            with contextlib.closing(connection) as database:
                database.executescript(_TABLES)
                yield database
        except (OSError, sqlite3.Error, zlib.error) as error:
            raise InputError(
                f"{self.path}: the list of what was labelled before cannot be used ({error}); "
                "delete this file: everything counts as new then"
            ) from error


def _read_text(database: sqlite3.Connection, number: int) -> KnownText:
    row = database.execute(
        "SELECT content_id, batch, n_chars, n_words, text_key, title_key, hashes, text FROM texts "
        "WHERE number = ?",
        (number,),
    ).fetchone()
    content_id, batch, n_chars, n_words, text_key, title_key, hashes, text = row
    return KnownText(
        content_id=content_id,
        batch=batch,
        n_chars=n_chars,
        n_words=n_words,
        text_key=int.from_bytes(text_key, "little"),
        title_key=int.from_bytes(title_key, "little"),
        hashes=hashes,
        text=zlib.decompress(text).decode("utf-8", errors="surrogatepass"),
    )


def _add_text(database: sqlite3.Connection, new: NewText, batch: int) -> None:
    text = new.text
    first = database.execute(
        "SELECT batch FROM contents WHERE content_id = ?", (text.content_id,)
    ).fetchone()
    if first != (batch,):
        return
    packed = zlib.compress(text.text.encode("utf-8", errors="surrogatepass"), 6)
    keys = (key.to_bytes(8, "little") for key in (text.text_key, text.title_key))
    number = database.execute(
        "INSERT INTO texts VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING number",
        (batch, text.content_id, text.n_chars, text.n_words, *keys, text.hashes, packed),
    ).fetchone()[0]
    database.executemany(
        "INSERT OR IGNORE INTO hashes VALUES (?, ?)", [(value, number) for value in new.index]
    )
