"""Vectors that were computed before, by content, outside DVC: a retrain embeds only what is new.

One SQLite file for each encoder. Queued experiments share it; a process that dies loses at most
the block it was working on.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.errors import InputError
from pipeline.io.progress import blocks_of, in_blocks
from pipeline.records import Encoder

Vector = npt.NDArray[np.float32]
_BLOCK = 500  # SQLite takes at most 999 values in one query
_COMMIT = 64


class VectorCache:
    """Text → vector for one encoder.

    Parameters
    ----------
    folder : Path
        Where the files lie; made on first use.
    model : str
        `Encoder.model`: names all that changes the numbers.
    """

    def __init__(self, folder: Path, model: str) -> None:
        digest = hashlib.sha256(model.encode()).hexdigest()[:16]
        self.path = folder / f"{digest}.sqlite"

    def find(self, texts: Sequence[str]) -> dict[str, Vector]:
        """Vectors of those `texts` that are known."""
        keys = {_key(text): text for text in texts}
        found: dict[str, Vector] = {}
        with self._open() as database:
            for block in blocks_of(list(keys), _BLOCK):
                marks = ",".join("?" * len(block))
                rows = database.execute(
                    f"SELECT key, vector FROM vectors WHERE key IN ({marks})",  # noqa: S608
                    block,
                )
                for key, vector in rows:
                    found[keys[key]] = np.frombuffer(vector, dtype="<f4").astype(np.float32)
        return found

    def add(self, vectors: Mapping[str, Vector]) -> None:
        """Keep the vectors of some texts; all of them or, if interrupted, none."""
        rows = [(_key(text), v.astype("<f4").tobytes()) for text, v in vectors.items()]
        with self._open() as database:
            database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.closing(sqlite3.connect(self.path, timeout=60)) as database, database:
                database.execute(
                    "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)"
                )
                yield database
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                f"{self.path}: the embedding cache cannot be used ({error}); delete this file, "
                "it is rebuilt"
            ) from error


def encode_cached(
    texts: Sequence[str], encoder: Encoder, folder: Path, *, what: str | None = None
) -> dict[str, Vector]:
    """Vectors of `texts`, computing and keeping only those that are not known.

    What was computed is kept every few dozen texts, so that an interruption costs no more. With
    `what`, a progress bar of that name is shown.
    """
    cache = VectorCache(folder, encoder.model)
    known = cache.find(texts)
    new = sorted({text for text in texts if text not in known})
    for block in in_blocks(new, _COMMIT, what) if what else blocks_of(new, _COMMIT):
        vectors = dict(zip(block, encoder.encode(block), strict=True))
        cache.add(vectors)
        known |= vectors
    return known


class CachedEncoder:
    """An encoder that keeps what it computed, and computes only what is new.

    Parameters
    ----------
    encoder : Encoder
    folder : Path
        As for `VectorCache`.
    """

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        self._encoder, self._folder = encoder, folder

    @property
    def model(self) -> str:
        """That of the encoder itself."""
        return self._encoder.model

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of shape (len(texts), d), float32, of length 1."""
        known = encode_cached(texts, self._encoder, self._folder)
        return np.stack([known[text] for text in texts]) if texts else self._encoder.encode(texts)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).digest()
