"""Finding and reading what people bring."""

from __future__ import annotations

import gzip
import io
import os
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io.readers import (
    STDIN,
    Found,
    SourceFile,
    UnreadableFile,
    find_files,
    read_content,
)


def put(path: Path, content: bytes = b"text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(found: Found) -> list[str]:
    return [file.name for file in found.files]


def refused(found: Found) -> dict[str, str]:
    return {item.name: item.code for item in found.refused}


def test_folder_is_walked_and_names_are_relative(tmp_path: Path) -> None:
    for name in ("b.txt", "sub/a.HTML", "sub/c.jsonl.gz", ".hidden.txt", ".git/x.txt", "d.parquet"):
        put(tmp_path / name)

    found = find_files([tmp_path])

    assert [(f.name, f.format, f.is_packed) for f in found.files] == [
        ("b.txt", "text", False),
        ("d.parquet", "parquet", False),
        ("sub/a.HTML", "html", False),
        ("sub/c.jsonl.gz", "json_lines", True),
    ]
    assert found.refused == ()


def test_single_file_goes_by_its_name(tmp_path: Path) -> None:
    assert names(find_files([put(tmp_path / "sub" / "a.txt")])) == ["a.txt"]


def test_names_that_clash_get_the_folder_put_before_them(tmp_path: Path) -> None:
    for name in ("x/a.txt", "y/a.txt", "y/b.txt"):
        put(tmp_path / name)

    assert names(find_files([tmp_path / "x", tmp_path / "y"])) == ["b.txt", "x/a.txt", "y/a.txt"]


def test_folders_of_one_name_are_numbered(tmp_path: Path) -> None:
    for name in ("1/x/a.txt", "2/x/a.txt"):
        put(tmp_path / name)

    found = find_files([tmp_path / "1" / "x", tmp_path / "2" / "x"])

    assert names(found) == ["x/a.txt", "x/a.txt~2"]


def test_file_that_is_given_twice_is_read_once(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt")

    assert names(find_files([tmp_path, path])) == ["a.txt"]


def test_unknown_kind_is_refused_by_name(tmp_path: Path) -> None:
    for name in ("a.txt", "b.docx", "c"):
        put(tmp_path / name)

    found = find_files([tmp_path])

    assert refused(found) == {"b.docx": "unknown_format", "c": "unknown_format"}
    assert "got '.docx'" in found.refused[0].message
    assert "got no ending" in found.refused[1].message


def test_missing_inputs_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        find_files([tmp_path / "x", tmp_path, tmp_path / "y"])

    assert str(error.value).split("\n") == [
        f"{tmp_path / 'x'}: no such file or folder; check the path",
        f"{tmp_path / 'y'}: no such file or folder; check the path",
    ]


def test_folder_without_pages_is_an_error_that_names_the_kinds(tmp_path: Path) -> None:
    put(tmp_path / "a.docx")

    with pytest.raises(InputError, match=r"no pages found \(got 1 other file\); .*\.parquet"):
        find_files([tmp_path])
    with pytest.raises(InputError, match="no input given"):
        find_files([])


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret.txt")
    put(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "out.txt").symlink_to(secret)
    (tmp_path / "in" / "inside.txt").symlink_to(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "broken.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")

    found = find_files([tmp_path / "in"])

    assert names(found) == ["a.txt", "inside.txt"]
    assert refused(found) == {"out.txt": "path", "broken.txt": "path", "loop": "path"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_fifo_is_refused_and_never_opened(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe.txt")

    assert refused(find_files([tmp_path])) == {"pipe.txt": "path"}
    with pytest.raises(UnreadableFile, match="not a regular file"):
        read_content(SourceFile("pipe.txt", tmp_path / "pipe.txt", "text"), max_page_mb=1)


def test_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    try:
        put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.txt")))
    except OSError:
        pytest.skip("this file system knows only UTF-8 names")

    assert refused(find_files([tmp_path])) == {"b\\xff.txt": "filename"}


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
        ("a.txt.gz", gzip.compress(bytes(50_000_000)), "too_large"),
        ("a.txt.gz", b"no gzip", "not_text"),
        ("a.txt.gz", gzip.compress(b"x" * 1000, mtime=0)[:-15], "not_text"),
    ],
)
def test_file_beyond_its_limit_or_broken_has_a_code(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(UnreadableFile) as error:
        content_of(put(tmp_path / name, content))

    assert error.value.code == code


def test_table_may_be_larger_than_a_page(tmp_path: Path) -> None:
    assert len(content_of(put(tmp_path / "a.csv", b"x" * 2_000_000))) == 2_000_000


def test_file_that_cannot_be_read_has_a_code(tmp_path: Path) -> None:
    file = SourceFile("a.txt", tmp_path / "gone.txt", "text")

    with pytest.raises(UnreadableFile, match="cannot be read") as error:
        read_content(file, max_page_mb=1)

    assert error.value.code == "path"


def test_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b"piped")

    monkeypatch.setattr("sys.stdin", Stdin)
    (file,) = find_files([STDIN]).files

    assert (file.name, file.format) == ("stdin", "stdin")
    assert read_content(file, max_page_mb=1) == b"piped"
