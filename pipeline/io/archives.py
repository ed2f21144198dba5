"""WARC archives → the pages in them, one after the other, in flat memory.

Pages are what `response`, `resource` and `conversion` records hold as HTML, plain text or a feed.
All else is skipped and counted: requests, notes of the crawler, revisits (which hold no page),
redirects and errors, `robots.txt`, images and other media. The record's own date is the crawl's,
not the article's, and is not given.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal
from urllib.parse import urlsplit

from pipeline.io.payloads import LargePage, as_declared, undo_encodings, within_limit

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

PageKind = Literal["html", "text", "feed"]
FaultCode = Literal["warc", "too_large"]

_KINDS: dict[str, PageKind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
}
#: What these name may be a page or not; the first bytes tell.
_VAGUE = frozenset({"", "text/xml", "application/xml", "application/octet-stream"})
_ENCODINGS = ("Content-Encoding", "Transfer-Encoding")
_N_SNIFFED = 1024
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.IGNORECASE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_SWALLOWED = re.compile(rb"\r?\n\r?\nWARC/[01]\.\d\r?\nWARC-")
#: Where reading can start again: at a packed member, or at the head of a record.
_PACKED_START = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]|\x28\xb5\x2f\xfd")
_PLAIN_START = re.compile(rb"(?<![^\n])WARC/[01]\.\d\r?\n")
_LONGEST_START = 16
_CHUNK = 1 << 20
#: After so many false starts in a row the rest of an archive is given up.
_MAX_FALSE_STARTS = 100


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """One page of an archive.

    `number` counts all records from 0 and `offset` is where the record begins in the file, in
    bytes. `content` is the page as it was served, transfer and content encodings undone; where
    the server named a character encoding other than UTF-8 and the bytes fit it, they are UTF-8
    with a byte-order mark instead, so that the server's word is not lost.
    """

    number: int
    offset: int
    url: str | None
    kind: PageKind
    content: bytes


@dataclass(frozen=True, slots=True)
class ArchiveFault:
    """One record that cannot be read; `code` is the one of its `Rejected` row."""

    number: int
    offset: int
    code: FaultCode
    message: str


class _Fault(ValueError):
    """Why one record cannot be read."""


def iter_warc(
    stream: BinaryIO, *, max_page_bytes: int, skipped: Counter[str] | None = None
) -> Iterator[ArchivedPage | ArchiveFault]:
    """Give the pages of a WARC file.

    Parameters
    ----------
    stream : binary file
        The archive from its beginning, as it is: plain or packed (gzip or zstandard, whole or
        record by record), which is seen by itself. If it can seek, reading goes on behind a
        damaged record; if not, it ends there.
    max_page_bytes : int
        A record that holds more, before or after unpacking, is a fault (`too_large`).
    skipped : Counter, optional
        Counts what holds no page, by reason: `request`, `revisit`, `status 404`, `image/png`, ….

    Yields
    ------
    ArchivedPage or ArchiveFault
        In the order of the file. Faults (`warc`) are: bytes that are no record, records that are
        shorter or longer than they say, missing headers, damaged packing, and a disk that fails.
        Never raises for what the file holds.
    """
    counts: Counter[str] = Counter() if skipped is None else skipped
    can_seek = stream.seekable()
    is_packed = can_seek and _is_packed(stream)
    number, n_failures = 0, 0
    start: int | None = 0
    while start is not None and n_failures <= _MAX_FALSE_STARTS:
        place, is_whole = start, True
        for record in _records_from(stream):
            item: ArchivedPage | ArchiveFault | None
            if isinstance(record, OSError):
                item, is_whole = _no_record(number, place, record), False
                n_failures += 1
            else:
                place, n_failures = record.stream_pos, 0
                item = _read_record(record, number, place, max_page_bytes, counts)
                is_whole = not (isinstance(item, ArchiveFault) and item.code == "warc")
            # Failures in a row are false starts in one damaged place: only the first is told.
            if n_failures <= 1:
                number += 1
                if item:
                    yield item
            if not is_whole:
                break
        if is_whole:
            if can_seek and _goes_on(stream, place, number, is_packed=is_packed):
                yield ArchiveFault(number, place, "warc", "what follows is cut off or no record")
            return
        start = _find_start(stream, place + 1, is_packed=is_packed) if can_seek else None


def _records_from(stream: BinaryIO) -> Iterator[WarcRecord | OSError]:
    """Give records to the end of the stream, or to the first failure, which is given last."""
    from fastwarc.warc import ArchiveIterator

    try:
        yield from ArchiveIterator(stream, parse_http=False)
    except OSError as error:
        yield error


def _goes_on(stream: BinaryIO, place: int, n_read: int, *, is_packed: bool) -> bool:
    """Whether bytes follow the last record that the reader passed over without a word."""
    if not n_read:
        stream.seek(0)
        return bool(stream.read(1))
    for _ in range(_MAX_FALSE_STARTS):
        start = _find_start(stream, place + 1, is_packed=is_packed)
        if start is None:
            return False
        place = start
        head = stream.read(_N_SNIFFED)
        if not is_packed or _is_record(head):
            return True
    return False


def _is_record(packed: bytes) -> bool:
    """Whether what unpacks from `packed` is the beginning of a record, as far as there is any."""
    try:
        head = zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(packed, _N_SNIFFED)
    except zlib.error:
        return False
    return b"WARC/".startswith(head[:5])


def _no_record(number: int, offset: int, error: OSError) -> ArchiveFault:
    message = f"no readable record ({error}); reading goes on at the next one, if there is one"
    return ArchiveFault(number, offset, "warc", message)


def _is_packed(stream: BinaryIO) -> bool:
    begin = stream.tell()
    head = stream.read(4)
    stream.seek(begin)
    return _PACKED_START.match(head) is not None


def _find_start(stream: BinaryIO, place: int, *, is_packed: bool) -> int | None:
    """Go to the first byte from `place` on where a record may begin; None: there is none."""
    pattern = _PACKED_START if is_packed else _PLAIN_START
    stream.seek(place)
    held = b""
    while part := stream.read(_CHUNK):
        held += part
        match = pattern.search(held)
        if match:
            stream.seek(place + match.start())
            return place + match.start()
        cut = max(0, len(held) - _LONGEST_START)
        place, held = place + cut, held[cut:]
    return None


def _read_record(
    record: WarcRecord, number: int, offset: int, limit: int, skipped: Counter[str]
) -> ArchivedPage | ArchiveFault | None:
    try:
        found = _page_of(record, limit)
    except LargePage as fault:
        return ArchiveFault(number, offset, "too_large", str(fault))
    except _Fault as fault:
        return ArchiveFault(number, offset, "warc", str(fault))
    except (OSError, ValueError) as error:
        return ArchiveFault(number, offset, "warc", f"the record cannot be read ({error})")
    if isinstance(found, str):
        skipped[found] += 1
        return None
    kind, content = found
    return ArchivedPage(number, offset, record.headers.get("WARC-Target-URI"), kind, content)


def _page_of(record: WarcRecord, limit: int) -> tuple[PageKind, bytes] | str:
    """Kind and content of the page that a record holds; why it is skipped, if it holds none."""
    for header in ("Content-Length", "WARC-Type"):
        if header not in record.headers:
            raise _Fault(f"the record has no {header}")
    name = str(record.record_type)
    if name not in {"response", "resource", "conversion"}:
        return name
    media = record.headers.get("Content-Type") or ""
    charset = None
    if record.is_http:
        record.parse_http(auto_decode="none")
        status = record.http_headers.status_code
        if not str(status).isdigit():
            raise _Fault("the record holds no HTTP response")
        if not 200 <= int(str(status)) < 300:
            return f"status {status}"
        media, charset = record.http_headers.get("Content-Type") or "", record.http_charset
    return _content_of(record, media.partition(";")[0].strip().lower(), charset, limit)


def _content_of(
    record: WarcRecord, media: str, charset: str | None, limit: int
) -> tuple[PageKind, bytes] | str:
    url = record.headers.get("WARC-Target-URI") or ""
    kind = _KINDS.get(media)
    if (kind is None and media not in _VAGUE) or urlsplit(url).path == "/robots.txt":
        return media if kind is None else "robots.txt"
    expected = record.content_length
    content = within_limit(record.reader.read(limit + 1), limit)
    if len(content) < expected:
        raise _Fault(f"the record is cut off: {len(content)} of {expected} bytes")
    if _SWALLOWED.search(content):
        raise _Fault("the record runs into the next one: its Content-Length is wrong")
    if record.is_http:
        headers = (record.http_headers.get(name) or "" for name in _ENCODINGS)
        content = undo_encodings(content, ",".join(headers), limit)
    kind = kind or _sniff(content[:_N_SNIFFED])
    return (kind, as_declared(content, charset)) if kind else media or "unnamed content"


def _sniff(head: bytes) -> PageKind | None:
    if _HTML.search(head):
        return "html"
    return "feed" if _FEED.search(head) else None
