"""Whole files, written so that a reader sees the old one or the new one, never a mix."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import ContractError, InputError


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; sync it and rename it to `path` on success.

    Raises
    ------
    InputError
        If the place cannot be written to.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".tmp-", suffix=path.suffix, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def check_writable(path: Path) -> None:
    """Make sure, before the work, that `path` can be written after it; leaves no trace.

    Raises
    ------
    InputError
        If `path` is a folder, or its folder does not let a file be made in it.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        # Folders that are not there yet are made in the nearest one that is.
        folder = next(parent for parent in path.absolute().parents if parent.exists())
        with tempfile.NamedTemporaryFile(prefix=".tmp-", dir=folder):
            pass
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> InputError:
    remedy = {
        errno.EISDIR: "a folder of that name is there; choose another name",
        errno.ENOTDIR: "a file stands where a folder must be; choose another place",
        errno.EEXIST: "a file stands where a folder must be; choose another place",
        errno.ENOSPC: "make room there, or choose another place",
    }.get(error.errno or 0, "choose another place, or get the right to write there")
    return InputError(f"{path}: cannot be written ({error.strerror or error}); {remedy}")


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` as the whole of `path`."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def copy_file(source: Path, target: Path) -> None:
    """Write the content of `source` as the whole of `target`."""
    with replacing(target) as temporary:
        shutil.copyfile(source, temporary)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with the line ends that it has."""
    write_bytes(path, text.encode("utf-8", errors="surrogatepass"))


def write_json(path: Path, value: object) -> None:
    """Write sorted, indented JSON; NaN and infinity are refused with ValueError."""
    text = json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")


def read_json(path: Path) -> Any:
    """Read a JSON file that a stage has made.

    Raises
    ------
    ContractError
        If it is missing or not JSON.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ContractError(f"{path}: missing; run: dvc repro") from error
    except (OSError, ValueError) as error:
        raise ContractError(f"{path}: not readable as JSON ({error}); run: dvc repro") from error
