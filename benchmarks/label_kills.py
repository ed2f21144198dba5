"""Kill `newsthemes label` at random points, let it finish, and compare every byte.

    python -m benchmarks.label_kills [--kills 20] [--seed 1] [--pages FOLDER] [--part 16]

Works on a copy of the model of this checkout, in a temporary folder; the pages are by default the
sample corpus. Parts are of few articles, so that a small corpus has many to be interrupted in. What
is compared is the result, what was set aside, all that is kept of the batch, and what the ledger of
batches says, against a run that nobody disturbed.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: The command itself, with parts of another size.
_COMMAND = """
import sys
from pipeline.desks import labelling
from pipeline.cli import main
labelling._SHARD = int(sys.argv.pop(1))
main()
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the kills: how many hit, after how many seconds, and what differs (nothing)."""

    n_kills: int
    seconds: tuple[float, ...]
    undisturbed: float
    differing: tuple[str, ...]


def kill_and_finish(
    command: Sequence[str], make_project: Path, folder: Path, *, n_kills: int, seed: int
) -> Outcome:
    """Run `command` in copies of `make_project`, kill it at random points, and compare.

    Parameters
    ----------
    command : sequence of str
        Labels some pages; run in the copy, where it writes.
    make_project : Path
        A project that has not labelled them yet.
    folder : Path
        For the copies; must be empty.
    n_kills : int
        Kills that hit before each comparison has been made; at least so many.
    seed : int
        Draws the points.
    """
    draw = random.Random(seed)
    whole = folder / "whole"
    shutil.copytree(make_project, whole)
    started = time.monotonic()
    _finish(command, whole)
    undisturbed = time.monotonic() - started
    expected = contents_of(whole)
    seconds: list[float] = []
    differing: set[str] = set()
    n_rounds = 0
    while len(seconds) < n_kills:
        project = folder / f"round-{n_rounds}"
        n_rounds += 1
        shutil.copytree(make_project, project)
        # At most so many in one round, so that a process that gets nowhere is seen.
        for _ in range(min(8, n_kills - len(seconds))):
            after = draw.uniform(0.0, undisturbed)
            if not _is_killed(command, project, after):
                break
            seconds.append(after)
        _finish(command, project)
        found = contents_of(project)
        differing |= {n for n in expected | found if expected.get(n) != found.get(n)}
        shutil.rmtree(project)
    return Outcome(len(seconds), tuple(seconds), undisturbed, tuple(sorted(differing)))


def contents_of(project: Path) -> dict[str, bytes]:
    """Name → bytes of every file but caches; of a database, what it says."""
    found = {}
    for path in sorted(project.rglob("*")):
        name = path.relative_to(project).as_posix()
        if path.is_file() and "/cache/" not in name and not name.endswith(("-wal", "-shm")):
            found[name] = _dump(path) if path.suffix == ".sqlite" else path.read_bytes()
    return found


def _dump(path: Path) -> bytes:
    database = sqlite3.connect(path)
    try:
        return "\n".join(database.iterdump()).encode()
    finally:
        database.close()


def _is_killed(command: Sequence[str], project: Path, after: float) -> bool:
    """Start the command and kill it after some seconds; False if it was done before."""
    with _start(command, project) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        _, said = process.communicate()
    if process.returncode == -signal.SIGKILL:
        return True
    if process.returncode:
        raise RuntimeError(f"exit {process.returncode}: {said.decode(errors='replace')}")
    return False


def _finish(command: Sequence[str], project: Path) -> None:
    with _start(command, project) as process:
        _, said = process.communicate()
    if process.returncode:
        raise RuntimeError(f"exit {process.returncode}: {said.decode(errors='replace')}")


def _start(command: Sequence[str], project: Path) -> subprocess.Popen[bytes]:
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        list(command),
        cwd=project,
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def copy_project(target: Path) -> None:
    """Copy what labelling needs of this checkout."""
    (target / "data").mkdir(parents=True)
    shutil.copy(ROOT / "params.yaml", target)
    shutil.copytree(ROOT / "data" / "model", target / "data" / "model")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=Path, default=ROOT / "data" / "raw")
    parser.add_argument("--part", type=int, default=16)
    arguments = parser.parse_args()
    command = [sys.executable, "-c", _COMMAND, str(arguments.part)]
    command += ["label", str(arguments.pages.resolve()), "--out", "labelled.csv"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_project(folder / "project")
        outcome = kill_and_finish(
            command,
            folder / "project",
            folder,
            n_kills=arguments.kills,
            seed=arguments.seed,
        )
    points = ", ".join(f"{after:.1f}" for after in outcome.seconds)
    print(f"undisturbed: {outcome.undisturbed:.1f} s")
    print(f"{outcome.n_kills} kills, after {points} s")
    print(f"files that differ: {', '.join(outcome.differing) or 'none'}")
    sys.exit(bool(outcome.differing))


if __name__ == "__main__":
    main()
