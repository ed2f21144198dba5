"""The lines of a table, and which of them make one record."""

from __future__ import annotations

import codecs
import csv
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

#: Bytes that the width of letters is seen from.
_N_SNIFFED = 100_000
_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def lines_of(chunks: Iterator[bytes], limit: int) -> Iterator[bytes | None]:
    """Give the lines of a file without their ends, in UTF-8 where they were in UTF-16 or -32.

    None stands for a line of more than `limit` bytes. Line ends are LF, CR LF and CR.
    """
    held, is_too_long = b"", False
    for chunk in _with_line_feeds(_narrow(chunks)):
        lines = (held + chunk).split(b"\n")
        held = lines.pop()
        for line in lines:
            yield None if is_too_long or len(line) > limit else line
            is_too_long = False
        if len(held) > limit:
            held, is_too_long = b"", True
    if held or is_too_long:
        yield None if is_too_long else held


def _with_line_feeds(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Turn every line end into LF; one that is cut in two between chunks is one."""
    held = b""
    for chunk in chunks:
        whole = held + chunk
        held = b"\r" if whole.endswith(b"\r") else b""
        yield whole.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if held:
        yield b"\n"


def _narrow(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Turn UTF-16 and UTF-32 into UTF-8: their line feeds have more bytes than one."""
    first = next(chunks, b"")
    wide = _wide_encoding(first)
    if not wide:
        yield first
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(wide)(errors="replace")
    yield decoder.decode(first).encode("utf-8", errors="replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", errors="replace")
    yield decoder.decode(b"", final=True).encode("utf-8", errors="replace")


def _wide_encoding(head: bytes) -> str | None:
    for mark, encoding in _WIDE_MARKS:
        if head.startswith(mark):
            return encoding
    sample = head[: len(head) // 2 * 2][:_N_SNIFFED]
    # ASCII in two bytes: every other one is NUL.
    for offset, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        if sample and sample[offset::2].count(0) > 0.7 * len(sample) / 2 > sample.count(0) * 0.6:
            return encoding
    return None


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in the file; without `lines` it is too large."""

    first_line: int
    lines: list[bytes]


def json_records(lines: Iterable[bytes | None], first_line: int = 1) -> Iterator[Record]:
    """Give the records of JSON lines: each line is one, unless it is blank."""
    for number, line in enumerate(lines, start=first_line):
        if line is None:
            yield Record(number, [])
        elif line and not line.isspace():
            yield Record(number, [line])


class LongHeader(ValueError):
    """The first record of a CSV is too large."""


class _TooLarge(Exception):
    """A record has more bytes than it may."""


class _Pulled:
    """Lines as the reader of CSV takes them; it notes which it took."""

    def __init__(self, lines: Iterator[bytes | None], n_before: int, limit: int) -> None:
        self._lines, self._limit, self._size = lines, limit, 0
        self.taken: list[bytes] = []
        self.number = n_before

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        self._size += len(line or b"") + 1
        if line is None or self._size > self._limit:
            raise _TooLarge
        self.taken.append(line)
        # Latin-1 maps each byte to a letter: enough to find quotes and ends.
        return line.decode("latin-1").replace("\x00", "") + "\n"

    def forget(self) -> None:
        self.taken, self._size = [], 0


def csv_records(
    lines: Iterable[bytes | None], limit: int, first_line: int = 1
) -> tuple[bytes, Iterator[Record]]:
    """Give the header of a CSV with its line end, and its records.

    Parameters
    ----------
    lines : iterable of bytes or None
        As `lines_of` gives them.
    limit : int
        A record of more bytes is too large.
    first_line : int
        Number of the line after the header, where that is not the one that follows it here.

    Raises
    ------
    LongHeader
        If the header is too large.
    """
    source = iter(lines)
    n_blank = 0
    for first in source:
        if first is None or first.strip():
            break
        n_blank += 1
    else:
        return b"", iter(())
    delimiter = max(",;\t", key=(first or b"").decode("latin-1").count)
    pulled = _Pulled(itertools.chain([first], source), n_blank, limit)
    records = _read_csv(pulled, delimiter, limit)
    header = next(records, None)
    if header is None:
        return b"", iter(())
    if not header.lines:
        raise LongHeader
    shift = max(0, first_line - pulled.number - 1)
    rest = (replace(record, first_line=record.first_line + shift) for record in records)
    return b"\n".join(header.lines) + b"\n", rest


def _read_csv(pulled: _Pulled, delimiter: str, limit: int) -> Iterator[Record]:
    csv.field_size_limit(max(limit, csv.field_size_limit()))
    reader = csv.reader(pulled, delimiter=delimiter)
    while True:
        pulled.forget()
        first_line = pulled.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _TooLarge:
            # Most likely a quote that is never closed; what follows may be whole again.
            reader = csv.reader(pulled, delimiter=delimiter)
            yield Record(first_line, [])
        except csv.Error:
            yield Record(first_line, pulled.taken)
        else:
            if any(cell and not cell.isspace() for cell in cells):
                yield Record(first_line, pulled.taken)
