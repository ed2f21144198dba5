"""Bytes as servers send them."""

from __future__ import annotations

import gzip
import io

import pytest
from fastwarc.stream_io import ZstdWriter
from hypothesis import given
from hypothesis import strategies as st

from pipeline.io.payloads import LargePage, as_declared, undo_encodings, within_limit

PAGE = "<p>Some words of a page, and an é.</p>".encode()


def zstandard_of_page() -> bytes:
    stream = io.BytesIO()
    with ZstdWriter(stream) as file:
        file.write(PAGE)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (PAGE, ""),
        (gzip.compress(PAGE, mtime=0), "gzip"),
        (gzip.compress(gzip.compress(PAGE, mtime=0), mtime=0), "gzip, x-gzip"),
        (
            b"%x\r\n%s\r\n0\r\n\r\n"
            % (len(gzip.compress(PAGE, mtime=0)), gzip.compress(PAGE, mtime=0)),
            "gzip,chunked",
        ),
    ],
)
def test_encodings_are_undone_last_one_first(content: bytes, names: str) -> None:
    assert undo_encodings(content, names, 1000) == PAGE


def test_brotli_and_zstandard_are_undone() -> None:
    brotli = pytest.importorskip("brotli")

    assert undo_encodings(brotli.compress(PAGE), "br", 1000) == PAGE
    assert undo_encodings(zstandard_of_page(), "zstd", 1000) == PAGE


def test_no_more_than_the_limit_is_unpacked() -> None:
    with pytest.raises(LargePage, match="larger than 1000 bytes"):
        undo_encodings(gzip.compress(bytes(1_000_000), mtime=0), "gzip", 1000)
    assert within_limit(b"x" * 10, 10) == b"x" * 10


def test_declared_encoding_is_used_where_it_fits() -> None:
    assert as_declared(b"\xe9", "iso-8859-1").decode("utf-8-sig") == "é"
    assert as_declared("é".encode(), "utf-8") == "é".encode()
    assert as_declared(b"\xef\xbb\xbfx", "iso-8859-1") == b"\xef\xbb\xbfx"
    assert as_declared(b"\xe9", "no-such-set") == b"\xe9"


@given(st.binary(max_size=100), st.sampled_from(["gzip", "br", "deflate", "chunked", "zstd"]))
def test_any_bytes_are_undone_or_refused(content: bytes, name: str) -> None:
    try:
        assert len(undo_encodings(content, name, 10_000)) <= 10_000
    except (OSError, ValueError):
        return
