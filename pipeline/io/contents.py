"""The bytes of a file, unpacked, and never more of them than its limit."""

from __future__ import annotations

import gzip
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pipeline.io.readers import SourceFile

MEGABYTE = 1_000_000
_CHUNK = 1 << 20
#: Text packs ten times smaller, tables of much the same rows perhaps fifty times.
BOMB_RATIO = 100


class UnreadableFile(ValueError):
    """A file whose bytes cannot be had; `code` is the one of its `Rejected` row."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_content(file: SourceFile, *, max_page_mb: int) -> bytes:
    """Read the bytes of a file that is one page, unpacked.

    Parameters
    ----------
    file : SourceFile
        What to read.
    max_page_mb : int
        Largest page in MB, after unpacking.

    Raises
    ------
    UnreadableFile
        As `chunks_of`, and `too_large`: it is beyond the limit.
    """
    limit = max_page_mb * MEGABYTE
    content = bytearray()
    for chunk in chunks_of(file, max_page_mb=max_page_mb):
        content += chunk
        if len(content) > limit:
            raise UnreadableFile(
                "too_large", f"larger than {max_page_mb} MB; see ingest.max_page_mb"
            )
    return bytes(content)


def chunks_of(file: SourceFile, *, max_page_mb: int) -> Iterator[bytes]:
    """Give the bytes of a file in order, unpacked, a megabyte at a time.

    Raises
    ------
    UnreadableFile
        `path`: it cannot be opened; `not_text`: it is named .gz and is not, or is cut off (what
        came before has been given); `bomb`: it unpacks to more than a hundred times its size, and
        to more than a page may have.
    """
    try:
        with open_regular(file.path) as raw:
            if file.is_packed:
                yield from _unpacked(raw, max_page_mb * MEGABYTE)
            else:
                while chunk := raw.read(_CHUNK):
                    yield chunk
    except OSError as error:
        raise UnreadableFile("path", f"cannot be read ({error.strerror or error})") from error


def open_regular(path: Path) -> BinaryIO:
    """Open a file for reading; OSError if it is no regular one."""
    # O_NONBLOCK: a file that was swapped for a FIFO since it was found must not hang us.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    raw = os.fdopen(handle, "rb")
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raw.close()
        raise OSError(None, "not a regular file")
    return raw


def _unpacked(raw: BinaryIO, limit: int) -> Iterator[bytes]:
    """Unpack gzip, all its members."""
    n_given = 0
    try:
        with gzip.GzipFile(fileobj=raw) as packed:
            # read1: where the file breaks off, what came just before is given.
            while chunk := packed.read1(_CHUNK):
                n_given += len(chunk)
                if n_given > limit and n_given > BOMB_RATIO * raw.tell():
                    raise UnreadableFile(
                        "bomb", f"unpacks to more than {BOMB_RATIO} times its size; not read on"
                    )
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise UnreadableFile("not_text", f"not readable as gzip ({error})") from error


def spool_stdin(path: Path) -> None:
    """Copy standard input to a file, so that it can be read by another process, and twice."""
    with path.open("wb") as file:
        while chunk := sys.stdin.buffer.read(_CHUNK):
            file.write(chunk)
