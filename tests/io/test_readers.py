"""Finding and reading what people bring."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io.readers import STDIN, Found, find_files


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
    for name in ("e.rss", "f.warc.gz", "g.tsv"):
        put(tmp_path / name, b"")

    found = find_files([tmp_path])

    assert [(f.name, f.format, f.is_packed) for f in found.files] == [
        ("b.txt", "text", False),
        ("d.parquet", "parquet", False),
        ("e.rss", "feed", False),
        ("f.warc.gz", "warc", True),
        ("g.tsv", "csv", False),
        ("sub/a.HTML", "html", False),
        ("sub/c.jsonl.gz", "json_lines", True),
    ]
    assert [f.size for f in found.files] == [4, 4, 0, 0, 0, 4, 4]
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


def test_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    try:
        put(Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xff.txt")))
    except OSError:
        pytest.skip("this file system knows only UTF-8 names")

    assert refused(find_files([tmp_path])) == {"b\\xff.txt": "filename"}


def test_socket_and_device_are_refused(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket.txt"))
        assert refused(find_files([tmp_path])) == {"socket.txt": "path"}
    assert refused(find_files([tmp_path, Path("/dev/null")]))["null"] == "path"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "closed" / "b.txt")
    (tmp_path / "closed").chmod(0)
    try:
        assert refused(find_files([tmp_path])) == {"closed": "path"}
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_folder_that_vanishes_while_it_is_looked_through_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "a.txt")
    put(tmp_path / "gone" / "b.txt")
    scan = os.scandir

    def failing(path: str) -> object:
        if str(path).endswith("gone"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", failing)

    assert refused(find_files([tmp_path])) == {"gone": "path"}


ODD_NAMES = [
    "two\nlines.txt",
    "-rf.txt",
    "quote'\".txt",
    "<img src=x onerror=alert(1)>.txt".replace("/", ""),
    "\x1b[31mred.txt",
    "ü" * 123 + ".txt",
    "caf\u00e9.txt",
    "cafe\u0301.txt",
    "A.txt",
    "a.txt",
    "=1+1.txt",
]


def test_odd_names_are_names_like_any_other(tmp_path: Path) -> None:
    for name in ODD_NAMES:
        put(tmp_path / name)
    if len(list(tmp_path.iterdir())) < len(ODD_NAMES):
        pytest.skip("this file system takes some of these names for the same")

    assert names(find_files([tmp_path])) == sorted(ODD_NAMES)


def test_dash_is_standard_input() -> None:
    (file,) = find_files([STDIN]).files

    assert (file.name, file.format) == ("stdin", "stdin")
