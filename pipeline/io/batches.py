"""Where the work on one batch lies, what names the batch, and who may work on it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BusyError, InputError
from pipeline.io.contents import open_regular
from pipeline.io.files import check_writable
from pipeline.io.locks import holding
from pipeline.io.paths import BatchPaths, Paths
from pipeline.io.readers import Found

_N_DIGITS = 12
_LEDGER = "ledger.sqlite"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class BatchPlace:
    """Where a batch is worked on.

    `vectors` is the folder of the embedding cache, `ledger` the file of what was labelled before.
    `home` is None where all of it lies in the project; otherwise all of it lies in this folder,
    beside the result, and is removed in the end.
    """

    batch: BatchPaths
    vectors: Path
    ledger: Path
    home: Path | None

    @property
    def work(self) -> Path:
        """Folder for what is needed until the batch is done."""
        return self.batch.folder / "work"

    def shard(self, number: int) -> Path:
        """Articles of one part."""
        return self.work / f"shard-{number:05}.parquet"

    def labelled_shard(self, number: int) -> Path:
        """The same part, labelled."""
        return self.work / f"labelled-{number:05}.parquet"

    def sweep(self) -> None:
        """Remove the files that a killed process was writing."""
        for path in self.batch.folder.rglob(".tmp-*"):
            path.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what was needed until the batch was done."""
        shutil.rmtree(self.home or self.work, ignore_errors=True)
        if self.home is None and not self.batch.labelled.exists():
            shutil.rmtree(self.batch.folder, ignore_errors=True)


def fingerprint_batch(found: Found, *settings: object) -> str:
    """SHA-256 of all that labels hang on: names and contents of the files, and `settings`.

    Parameters
    ----------
    found : Found
        The files, standard input among them as a file.
    *settings : object
        Anything that JSON can hold.
    """
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True).encode())
    for refused in found.refused:
        digest.update(json.dumps(["refused", refused.name, refused.code]).encode())
    for file in found.files:
        digest.update(json.dumps(["file", file.name, _hash_file(file.path)]).encode())
    return digest.hexdigest()


def _hash_file(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with open_regular(path) as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return "unreadable"  # is set aside as such when its turn comes
    return digest.hexdigest()


def place_batch(paths: Paths, out: Path, fingerprint: str) -> BatchPlace:
    """Choose the project's folder of the batch, or one beside `out` if that cannot be written."""
    batch = paths.batch(fingerprint[:_N_DIGITS])
    try:
        for needed in (batch.manifest, paths.batches / _LEDGER, paths.embedding_cache / "vectors"):
            check_writable(needed)
    except InputError:
        home = out.absolute().parent / f".tmp-label-{batch.batch_id}"
        folder = BatchPaths(home / batch.batch_id)
        return BatchPlace(folder, home / "vectors", home / _LEDGER, home)
    return BatchPlace(batch, paths.embedding_cache, paths.batches / _LEDGER, None)


@contextlib.contextmanager
def holding_batch(place: BatchPlace) -> Iterator[None]:
    """Keep others from the batch.

    Raises
    ------
    BusyError
        If another process is at it.
    """
    batch = place.batch
    try:
        with holding(batch.folder / ".lock", patience=0.0):
            yield
    except BusyError as error:
        if str(batch.folder) not in str(error):
            raise
        raise BusyError(
            f"{batch.folder}: another process is labelling these pages; wait for it to end, then "
            "run this again"
        ) from error
