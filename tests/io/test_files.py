"""Whole files or none: a reader never sees a half."""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ContractError, InputError
from pipeline.io.files import (
    check_writable,
    read_json,
    replacing,
    write_bytes,
    write_json,
    write_text,
)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_whole_with_its_folders(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.bin"
    write_bytes(path, b"\0\r\n")
    assert path.read_bytes() == b"\0\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert names_in(path.parent) == ["c.bin"]


@pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyboardInterrupt()])
def test_what_goes_wrong_on_the_way_leaves_the_old_file_and_nothing_else(
    error: BaseException, tmp_path: Path
) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")

    def write_half() -> None:
        with replacing(path) as temporary:
            temporary.write_text("half")
            raise error

    with pytest.raises(type(error)):
        write_half()
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["file.txt"]


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    write_text(path, "old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert temporary.parent == path.parent
        assert temporary.suffix == path.suffix
        assert path.read_text() == "old"
    assert path.read_text() == "new"


def test_the_content_is_on_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _handle: seen.append((tmp_path / "f").exists()))
    write_text(tmp_path / "f", "text")
    assert seen == [False]


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match=r"f: cannot be written \(Permission denied\)"):
            write_text(tmp_path / "f", "text")
    finally:
        tmp_path.chmod(0o700)


def test_a_refused_write_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    with pytest.raises(InputError, match=r"f: cannot be written \(Permission denied\)"):
        write_text(tmp_path / "f", "text")


def test_a_file_in_place_of_a_folder_is_a_clear_error(tmp_path: Path) -> None:
    write_text(tmp_path / "f", "text")
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "f" / "g", "text")


def test_a_folder_in_place_of_the_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_text(tmp_path / "f", "text")
    assert names_in(tmp_path) == ["f"]


def test_a_place_that_can_be_written_to_is_left_as_it_was(tmp_path: Path) -> None:
    write_text(tmp_path / "f", "text")
    for name in ("f", "new", "deep/er/new"):
        check_writable(tmp_path / name)
    assert names_in(tmp_path) == ["f"]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("folder", "a folder of that name is there; choose another name"),
        ("file/new", "a file stands where a folder must be; choose another place"),
        ("file/deep/new", "a file stands where a folder must be; choose another place"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_told_before_the_work(
    name: str, remedy: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    write_text(tmp_path / "file", "text")
    with pytest.raises(InputError, match=f"{name}: cannot be written .*; {remedy}"):
        check_writable(tmp_path / name)


def test_a_place_without_the_right_to_write_has_a_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    with pytest.raises(InputError, match=r"\(Permission denied\); choose another place, or get"):
        check_writable(tmp_path / "f")


def test_text_keeps_its_line_ends_and_odd_characters(tmp_path: Path) -> None:
    text = "a\r\nb\nc\u2028\ud800"
    write_text(tmp_path / "f", text)
    content = (tmp_path / "f").read_bytes()
    assert content.decode("utf-8", errors="surrogatepass") == text


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abé", max_size=3), inner),
    max_leaves=6,
)  # fmt: skip


@given(JSON)
def test_json_comes_back(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.mktemp("json") / "f.json"
    write_json(path, value)
    assert read_json(path) == value


def test_json_is_sorted_and_readable(tmp_path: Path) -> None:
    write_json(tmp_path / "f", {"b": "é", "a": 1})
    assert (tmp_path / "f").read_text("utf-8") == '{\n  "a": 1,\n  "b": "é"\n}\n'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused_and_the_old_file_stays(
    value: float, tmp_path: Path
) -> None:
    path = tmp_path / "f.json"
    write_json(path, {"a": 1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(path, {"a": value})
    assert read_json(path) == {"a": 1}
    assert names_in(tmp_path) == ["f.json"]


def test_json_that_is_missing_or_broken_says_what_to_run(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    with pytest.raises(ContractError, match=r"f\.json: missing; run: dvc repro"):
        read_json(path)
    for content in (b"{", b"\xff", b""):
        path.write_bytes(content)
        with pytest.raises(
            ContractError, match=r"f\.json: not readable as JSON .*; run: dvc repro"
        ):
            read_json(path)
