"""The bytes of a page as a server sent them → the page: packing undone, within limits."""

from __future__ import annotations

import codecs
import io
import re
import zlib

_CHUNK_HEAD = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_N_SNIFFED = 1024


class LargePage(ValueError):
    """A page that is larger than it may be."""


def within_limit(content: bytes, limit: int) -> bytes:
    """Give `content` back, or raise LargePage if it has more than `limit` bytes."""
    if len(content) > limit:
        raise LargePage(f"the page is larger than {limit} bytes; see ingest.max_page_mb")
    return content


def undo_encodings(content: bytes, names: str, limit: int) -> bytes:
    """Undo the encodings that HTTP headers name.

    Parameters
    ----------
    content : bytes
        The body of a response. Crawlers often undo an encoding and leave its header: what does
        not look encoded is taken as it is.
    names : str
        The values of `Content-Encoding` and then `Transfer-Encoding`, parted by commas: the last
        one was applied last. Unknown ones are ignored.
    limit : int
        Most bytes that may come out.

    Raises
    ------
    LargePage
        If more than `limit` bytes come out; no more than that are unpacked.
    OSError, ValueError
        If the content is damaged.
    """
    from fastwarc.stream_io import BrotliReader, ChunkedReader, GzipReader, ZstdReader

    for name in reversed([part.strip().lower() for part in names.split(",") if part.strip()]):
        raw = io.BytesIO(content)
        if name == "chunked" and _CHUNK_HEAD.match(content):
            content = ChunkedReader(raw).read(limit + 1)
        elif name in {"gzip", "x-gzip"} and content.startswith(b"\x1f\x8b"):
            content = GzipReader(raw).read(limit + 1)
        elif name == "zstd" and content.startswith(b"\x28\xb5\x2f\xfd"):
            content = ZstdReader(raw).read(limit + 1)
        elif name == "deflate" and not _looks_plain(content):
            content = _inflate(content, limit)
        elif name == "br" and not _looks_plain(content):
            content = BrotliReader(raw).read(limit + 1)
        content = within_limit(content, limit)
    return content


def _looks_plain(content: bytes) -> bool:
    """Whether bytes that are said to be packed begin as a page; these packings have no mark."""
    return content.lstrip()[:1] in {b"<", b"{", b"["} or content[:_N_SNIFFED].isascii()


def _inflate(content: bytes, limit: int) -> bytes:
    """Undo `deflate`, with or without the header of zlib: servers send both."""
    try:
        return zlib.decompressobj().decompress(content, limit + 1)
    except zlib.error:
        pass
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(content, limit + 1)
    except zlib.error as error:
        raise ValueError(f"not readable as deflate ({error})") from error


def as_declared(content: bytes, charset: str | None) -> bytes:
    """Bytes as UTF-8 with a mark, where the server named another encoding that fits them."""
    if not charset or content.startswith(_MARKS):
        return content
    try:
        if codecs.lookup(charset).name in {"utf-8", "ascii"}:
            return content
        return codecs.BOM_UTF8 + content.decode(charset).encode("utf-8")
    except (LookupError, ValueError):
        return content
