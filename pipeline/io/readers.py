"""Files that people bring: finding them without trusting them.

Nothing is followed out of an input folder, and what is no regular file is never opened.
"""

from __future__ import annotations

import functools
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.errors import InputError
from pipeline.io.progress import counted, one_line

Format = Literal["text", "html", "feed", "json", "json_lines", "csv", "parquet", "warc", "stdin"]

#: What is read from standard input instead of a file.
STDIN = Path("-")

_FORMATS: dict[str, Format] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".json": "json",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".warc": "warc",
}
KNOWN_KINDS = (
    ".txt, .html, .json, .jsonl, .csv, .tsv, .parquet, .rss, .atom, .xml or .warc (each also .gz)"
)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read.

    `name` is what `source_file` says: relative, with `/`. `size` is in bytes, as it lies there.
    """

    name: str
    path: Path
    format: Format
    is_packed: bool = False
    size: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """One file that is not read; `code` is the one of its `Rejected` row."""

    name: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Found:
    """What lies below the inputs, sorted by name."""

    files: tuple[SourceFile, ...]
    refused: tuple[Refused, ...]


def find_files(inputs: Sequence[Path]) -> Found:
    """Find the files to read in `inputs`: files, folders (walked whole), or `-`.

    Names are relative to the folder that was given, or the name of the file that was; where two
    inputs would give the same name, the folder's own name is put before it. Hidden files are
    skipped. A file that is given twice is read once.

    Raises
    ------
    InputError
        For every input that does not exist, one a line; and where no file of a known kind is
        found at all.
    """
    missing = [path for path in inputs if path != STDIN and not path.exists()]
    if missing or not inputs:
        lines = [f"{one_line(path)}: no such file or folder; check the path" for path in missing]
        raise InputError("\n".join(lines) or f"no input given; give {KNOWN_KINDS}, folders or -")
    names = _name_inputs(inputs)
    files: dict[str, SourceFile] = {}
    refused: list[Refused] = []
    roots = [path for path in inputs if path.is_dir()]
    for name, path in sorted(names.items()):
        item = _examine(name, path, roots)
        if isinstance(item, Refused):
            refused.append(item)
        else:
            files[name] = item
    if not files:
        place = ", ".join(one_line(path) for path in inputs)
        raise InputError(
            f"{place}: no pages found (got {counted(len(refused), 'other file')}); "
            f"give files or folders with {KNOWN_KINDS}"
        )
    return Found(tuple(files.values()), tuple(refused))


def _name_inputs(inputs: Sequence[Path]) -> dict[str, Path]:
    """Name → path for everything below the inputs."""
    listed: list[tuple[str, str, Path]] = []
    seen: set[tuple[Path | None, str]] = set()
    resolved = functools.cache(Path.resolve)  # of folders: each holds many files
    for root in inputs:
        label = resolved(root).name if root.is_dir() else resolved(root).parent.name
        for name, path in [("stdin", STDIN)] if root == STDIN else _below(root):
            place = (None if path == STDIN else resolved(path.parent), path.name)
            if place not in seen:
                seen.add(place)
                listed.append((name, f"{label}/{name}", path))
    counts: dict[str, int] = {}
    for name, _, _ in listed:
        counts[name] = counts.get(name, 0) + 1
    names: dict[str, Path] = {}
    for name, longer, path in listed:
        chosen = name if counts[name] == 1 else longer
        # Two folders of one name: number them, in the order in which they were given.
        number = 2
        while chosen in names:
            chosen, number = f"{longer}~{number}", number + 1
        names[chosen] = path
    return names


def _below(root: Path) -> list[tuple[str, Path]]:
    if not root.is_dir():
        return [(root.name, root)]
    found: list[tuple[str, Path]] = []

    def note(error: OSError) -> None:
        # A folder that cannot be read stands for what is in it, and is refused.
        path = Path(error.filename)
        found.append((path.relative_to(root).as_posix() if path != root else root.name, path))

    for folder, subfolders, names in os.walk(root, onerror=note, followlinks=False):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        for name in sorted([*names, *links]):
            if not name.startswith("."):
                path = Path(folder) / name
                found.append((path.relative_to(root).as_posix(), path))
    return found


def _examine(name: str, path: Path, roots: Sequence[Path]) -> SourceFile | Refused:
    if path == STDIN:
        return SourceFile(name, path, "stdin")
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        shown = os.fsencode(name).decode("utf-8", errors="backslashreplace")
        return Refused(shown, "filename", "the name is not UTF-8; rename the file")
    problem = _path_problem(path, roots)
    if problem:
        return Refused(name, "path", problem)
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    is_packed = bool(suffixes) and suffixes[-1] == ".gz"
    ending = (suffixes[:-1] if is_packed else suffixes)[-1:]
    kind = _FORMATS.get(ending[0]) if ending else None
    if kind is None:
        shown = f"'{path.suffix}'" if path.suffix else "no ending"
        message = f"unknown kind of file (got {shown}); known are {KNOWN_KINDS}"
        return Refused(name, "unknown_format", message)
    return SourceFile(name, path, kind, is_packed, path.stat().st_size)


def _path_problem(path: Path, roots: Sequence[Path]) -> str | None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return f"cannot be reached ({error.strerror}); a broken link?"
    if path.is_symlink():
        homes = [root.resolve() for root in roots if path.is_relative_to(root)]
        target = path.resolve()
        if stat.S_ISDIR(mode):
            return "a link to a folder, not followed; give that folder as an input"
        if homes and not any(target.is_relative_to(home) for home in homes):
            return "a link out of the input folder, not followed; copy the file instead"
    if stat.S_ISDIR(mode):
        return "a folder that cannot be read; get the right to"
    if not stat.S_ISREG(mode):
        return "not a regular file, not opened"
    return None
