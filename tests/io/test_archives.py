"""WARC archives."""

from __future__ import annotations

import gzip
import io
import zlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.io.archives import ArchivedPage, ArchiveFault, iter_warc

PAGE = b"<html><body><p>The council met in the morning.</p></body></html>"


def record(
    body: bytes = PAGE,
    *,
    url: str = "https://a.example/1",
    kind: str = "response",
    media: str = "text/html",
    status: str = "200 OK",
    headers: str = "",
    length: int | None = None,
    is_http: bool = True,
) -> bytes:
    http = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{headers}\r\n".encode()
    block = http + body if is_http else body
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\n"
        "WARC-Date: 2025-03-01T00:00:00Z\r\n"
        f"Content-Type: {'application/http; msgtype=response' if is_http else media}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    ).encode()
    return head + block + b"\r\n\r\n"


def read(
    archive: bytes, limit: int = 100_000, skipped: Counter[str] | None = None
) -> list[ArchivedPage | ArchiveFault]:
    return list(iter_warc(io.BytesIO(archive), max_page_bytes=limit, skipped=skipped))


def urls(items: list[ArchivedPage | ArchiveFault]) -> list[str | None]:
    return [item.url if isinstance(item, ArchivedPage) else item.code for item in items]


def numbered(n: int) -> bytes:
    return record(url=f"https://a.example/{n}")


@pytest.mark.parametrize("is_packed", [False, True])
def test_pages_come_in_order_with_their_address(is_packed: bool) -> None:
    records = [record(b"", kind="warcinfo", is_http=False), numbered(1), numbered(2)]
    archive = b"".join(gzip.compress(r, mtime=0) if is_packed else r for r in records)

    first, second = read(archive)

    assert isinstance(first, ArchivedPage)
    assert (first.number, first.url, first.kind) == (1, "https://a.example/1", "html")
    assert first.content == PAGE
    assert isinstance(second, ArchivedPage)
    assert archive[second.offset :][:2] == (b"\x1f\x8b" if is_packed else b"WA")


def test_archive_that_is_packed_as_a_whole_is_read() -> None:
    assert len(read(gzip.compress(numbered(1) + numbered(2)))) == 2


def test_what_holds_no_page_is_skipped_and_counted() -> None:
    skipped: Counter[str] = Counter()
    archive = b"".join(
        [
            record(kind="request"),
            record(kind="revisit"),
            record(media="image/png"),
            record(status="404 Not Found"),
            record(b"User-agent: *", media="text/plain", url="https://a.example/robots.txt"),
            record(b"<urlset/>", media="text/xml"),
            numbered(1),
        ]
    )

    assert urls(read(archive, skipped=skipped)) == ["https://a.example/1"]
    assert skipped == {
        "request": 1,
        "revisit": 1,
        "image/png": 1,
        "status 404": 1,
        "robots.txt": 1,
        "text/xml": 1,
    }


@pytest.mark.parametrize(
    ("media", "body", "kind"),
    [
        ("text/html; charset=utf-8", PAGE, "html"),
        ("application/xhtml+xml", PAGE, "html"),
        ("text/plain", b"Some words", "text"),
        ("application/rss+xml", b"<rss/>", "feed"),
        ("text/xml", b"<?xml version='1.0'?><rss version='2.0'></rss>", "feed"),
        ("", PAGE, "html"),
    ],
)
def test_kind_is_what_the_server_says_or_the_page_looks_like(
    media: str, body: bytes, kind: str
) -> None:
    (page,) = read(record(body, media=media))

    assert isinstance(page, ArchivedPage)
    assert page.kind == kind


def test_records_without_http_are_pages_too() -> None:
    (page,) = read(record(b"Some words", kind="conversion", media="text/plain", is_http=False))

    assert isinstance(page, ArchivedPage)
    assert (page.kind, page.content) == ("text", b"Some words")


def deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("Content-Encoding: gzip", gzip.compress(PAGE, mtime=0)),
        ("Content-Encoding: gzip", PAGE),
        ("Content-Encoding: deflate", zlib.compress(PAGE)),
        ("Content-Encoding: deflate", deflated(PAGE)),
        ("Content-Encoding: br", PAGE),
        ("Content-Encoding: unheard-of", PAGE),
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
        ("Transfer-Encoding: chunked", PAGE),
    ],
)
def test_encodings_are_undone_where_the_crawler_left_them(header: str, body: bytes) -> None:
    (page,) = read(record(body, headers=f"{header}\r\n"))

    assert isinstance(page, ArchivedPage)
    assert page.content == PAGE


def test_encoding_that_the_server_names_is_kept_as_utf8_with_a_mark() -> None:
    word = "привет"
    fits = record(word.encode("cp1251"), media="text/html; charset=windows-1251")
    lies = record(b"\xff\xfe\xfd", media="text/html; charset=utf-7x")

    first, second = read(fits + lies)

    assert isinstance(first, ArchivedPage)
    assert isinstance(second, ArchivedPage)
    assert first.content == b"\xef\xbb\xbf" + word.encode()
    assert second.content == b"\xff\xfe\xfd"


N = len(PAGE) + len(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")


@pytest.mark.parametrize("is_packed", [False, True])
@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (record(length=10**12), "cut off"),
        (record(length=N + 300), "runs into the next one"),
        (record(length=5), "no HTTP response"),
        (record().replace(b"Content-Length", b"X-Length"), "no Content-Length"),
        (record().replace(b"WARC-Type: response\r\n", b""), "no WARC-Type"),
        (b"no record at all\r\n" * 20, "no readable record"),
    ],
)
def test_damaged_record_is_one_fault_and_others_are_kept(
    bad: bytes, told: str, is_packed: bool
) -> None:
    records = [numbered(1), bad, numbered(2), numbered(3)]

    items = read(b"".join(gzip.compress(r, mtime=0) if is_packed else r for r in records))

    assert urls(items) == [
        "https://a.example/1",
        "warc",
        "https://a.example/2",
        "https://a.example/3",
    ]
    assert isinstance(items[1], ArchiveFault)
    assert told in items[1].message
    assert [item.number for item in items] == [0, 1, 2, 3]


@pytest.mark.parametrize("cut", [12, 60, 150, 200])
def test_member_that_is_cut_off_is_a_fault(cut: int) -> None:
    members = [gzip.compress(numbered(n), mtime=0) for n in range(3)]

    at_end = read(members[0] + members[1][:-cut])
    within = read(members[0] + members[1][:-cut] + members[2])

    assert urls(at_end) == ["https://a.example/0", "warc"]
    assert urls(within)[:2] == ["https://a.example/0", "warc"]
    assert urls(within)[-1] == "https://a.example/2"


@pytest.mark.parametrize("archive", [b"garbage\n" * 100, b"\x1f\x8b\x08\x00garbage"])
def test_garbage_is_one_fault(archive: bytes) -> None:
    assert urls(read(archive)) == ["warc"]


def test_record_beyond_the_limit_is_too_large_packed_or_not() -> None:
    bomb = gzip.compress(bytes(1_000_000), mtime=0)
    archive = (
        record(bomb, headers="Content-Encoding: gzip\r\n") + record(b"x" * 200_000) + numbered(1)
    )

    assert urls(read(archive)) == ["too_large", "too_large", "https://a.example/1"]


def test_stream_that_cannot_seek_is_read_to_its_first_damage() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    items = list(
        iter_warc(Pipe(numbered(1) + b"garbage\r\n\r\n" + numbered(2)), max_page_bytes=1000)
    )

    assert urls(items) == ["https://a.example/1", "warc"]


@given(st.binary(max_size=400), st.integers(0, 600))
def test_any_bytes_in_an_archive_raise_nothing(noise: bytes, place: int) -> None:
    archive = numbered(1) + numbered(2)

    for item in read(archive[:place] + noise + archive[place:]):
        assert isinstance(item, (ArchivedPage, ArchiveFault))


@pytest.mark.parametrize("kept", [4, 30, 120, 250])
def test_record_that_is_cut_off_in_its_head_is_a_fault(kept: int) -> None:
    assert urls(read(numbered(1) + numbered(2)[:kept]))[0] == "https://a.example/1"
    assert len(read(numbered(1) + numbered(2)[:kept])) == 2
