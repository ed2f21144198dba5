"""The bytes of a file, unpacked and limited."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest

from pipeline.io.contents import UnreadableFile, chunks_of, read_content, spool_stdin
from pipeline.io.readers import SourceFile, find_files


def put(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def content_of(path: Path, max_page_mb: int = 1) -> bytes:
    (file,) = find_files([path]).files
    return read_content(file, max_page_mb=max_page_mb)


def test_packed_file_is_unpacked_with_all_its_members(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt.gz", gzip.compress(b"one ", mtime=0) + gzip.compress(b"two"))

    assert content_of(path) == b"one two"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"x" * 1_000_001, "too_large"),
        ("a.txt.gz", gzip.compress(bytes(50_000_000)), "bomb"),
        ("a.txt.gz", gzip.compress(os.urandom(1_000_001)), "too_large"),
        ("a.txt.gz", b"no gzip", "not_text"),
        ("a.txt.gz", gzip.compress(b"x" * 1000, mtime=0)[:-15], "not_text"),
    ],
    ids=["large", "bomb", "large and packed", "not packed", "cut off"],
)
def test_file_beyond_its_limit_or_broken_has_a_code(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(UnreadableFile) as error:
        content_of(put(tmp_path / name, content))

    assert error.value.code == code


def test_file_of_many_pages_has_no_limit_of_its_own(tmp_path: Path) -> None:
    (file,) = find_files([put(tmp_path / "a.csv", b"x" * 2_500_000)]).files

    assert sum(map(len, chunks_of(file, max_page_mb=1))) == 2_500_000


def test_bomb_is_not_unpacked_further_than_its_limit(tmp_path: Path) -> None:
    (file,) = find_files([put(tmp_path / "a.csv.gz", gzip.compress(bytes(50_000_000)))]).files
    given: list[bytes] = []

    with pytest.raises(UnreadableFile, match="more than 100 times its size"):
        given.extend(chunks_of(file, max_page_mb=5))

    assert sum(map(len, given)) < 7_000_000


def test_what_came_before_a_broken_end_is_given(tmp_path: Path) -> None:
    packed = gzip.compress(os.urandom(3_000_000))[:-1000]
    (file,) = find_files([put(tmp_path / "a.csv.gz", packed)]).files
    given: list[bytes] = []

    with pytest.raises(UnreadableFile, match="not readable as gzip"):
        given.extend(chunks_of(file, max_page_mb=5))

    assert sum(map(len, given)) > 1_000_000


def test_file_that_cannot_be_read_has_a_code(tmp_path: Path) -> None:
    file = SourceFile("a.txt", tmp_path / "gone.txt", "text")

    with pytest.raises(UnreadableFile, match="cannot be read") as error:
        read_content(file, max_page_mb=1)

    assert error.value.code == "path"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_fifo_that_took_the_place_of_a_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    with pytest.raises(UnreadableFile, match="not a regular file"):
        read_content(SourceFile("pipe.txt", tmp_path / "pipe.txt", "text"), max_page_mb=1)


def test_standard_input_is_copied_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b"piped" * 500_000)

    monkeypatch.setattr("sys.stdin", Stdin)

    spool_stdin(tmp_path / "stdin")

    assert (tmp_path / "stdin").read_bytes() == b"piped" * 500_000
