"""Speed, memory and start-up of `newsthemes label`, beside BERTopic's `transform`.

    python -m benchmarks.label_speed [--short 1000 100000] [--long 1000] [--peer 1000]

Short articles are titles and lines of public sets, each once, below a headline of their own; long
ones are those of `allsides_topics`. Both are written as .jsonl at run time. The model is this
checkout's; no vector is known before, but when the same pages are labelled again. Every measurement
is a process of its own. Memory is the largest sum over the process and all that it started, and the
largest single process. BERTopic, where it is installed, is fitted on 2,000 other articles of the
same kind (1,000 long ones), with the same sentence model; its `transform` embeds as well, and
neither its fit nor the first call of `transform`, which compiles, is counted.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.label_kills import ROOT, copy_project
from benchmarks.labelled_sets import datasets_folder

_SETS = {
    "short": (
        "octis_dblp",
        "stackoverflow_titles",
        "search_snippets",
        "huffpost_titles",
        "banking77",
        "octis_m10",
    ),
    "long": ("allsides_topics",),
}
_N_FIT = {"short": 2000, "long": 1000}
_N_WARM = 50
_PAGE = 4096


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took, and all that it started; `seconds` by the clock."""

    seconds: float
    cpu: float
    peak_mb: float
    largest_mb: float
    said: str


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command and watch its memory, ten times a second."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env=os.environ | {"PYTHONPATH": path},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        peak = [0]
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.1):
                peak[0] = max(peak[0], sum(map(_resident, _tree(process.pid))))

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.monotonic() - started
        done.set()
        watcher.join()
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode(errors="replace")
    if process.returncode:
        raise RuntimeError(f"exit {process.returncode}: {said[-2000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(seconds, cpu, peak[0] / 1e6, usage.ru_maxrss * 1024 / 1e6, said)


def _tree(pid: int) -> list[int]:
    """A process and all below it."""
    found, todo = [], [pid]
    while todo:
        current = todo.pop()
        found.append(current)
        try:
            for children in Path(f"/proc/{current}/task").glob("*/children"):
                todo += [int(child) for child in children.read_text().split()]
        except OSError:
            continue
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def _texts_of(name: str) -> list[str]:
    path = datasets_folder() / name / f"{name}.parquet"
    texts: list[str] = pq.read_table(path, columns=["text"]).column("text").to_pylist()
    return texts


def write_articles(path: Path, kind: str, n: int, *, after: int = 0) -> None:
    """Write `n` articles of a kind as .jsonl, in a fixed order, after so many others."""
    texts = sorted({text for name in _SETS[kind] for text in _texts_of(name)})
    random.Random(1).shuffle(texts)
    if after + n > len(texts):
        raise ValueError(f"{kind}: only {len(texts)} articles (got {after + n})")
    bodies = texts[after : after + n]
    with path.open("w", encoding="utf-8") as file:
        for number, body in enumerate(bodies):
            file.write(json.dumps({"title": f"Item {number}", "text": body}) + "\n")


def measure(kind: str, n: int, folder: Path) -> None:
    copy_project(folder / "project")
    write_articles(folder / "articles.jsonl", kind, n)
    label = [sys.executable, "-m", "pipeline.cli", "label", str(folder / "articles.jsonl")]
    command = [*label, "--out", "labelled.csv", "--json"]
    cost = run(command, folder / "project")
    _row(f"label, {kind}", n, cost)
    cost = run(command, folder / "project")
    _row(f"label, {kind}, again", n, cost)


_BERTOPIC = """
import json, resource, sys, time
from bertopic import BERTopic
from pipeline.io.encoders import find_model
from sentence_transformers import SentenceTransformer

def bodies(path):
    return [json.loads(line)["text"] for line in open(path, encoding="utf-8")]

fit, new, n_warm = bodies(sys.argv[1]), bodies(sys.argv[2]), int(sys.argv[3])
sentences = SentenceTransformer(str(find_model("all-MiniLM-L6-v2")), device="cpu")
topics = BERTopic(embedding_model=sentences).fit(fit)
topics.transform(new[:n_warm])
wall, cpu = time.monotonic(), time.process_time()
topics.transform(new)
print(json.dumps([time.monotonic() - wall, time.process_time() - cpu]))
"""


def measure_peer(kind: str, n: int, folder: Path) -> None:
    write_articles(folder / "fit.jsonl", kind, _N_FIT[kind], after=n)
    write_articles(folder / "new.jsonl", kind, n)
    code = [sys.executable, "-c", _BERTOPIC, "fit.jsonl", "new.jsonl", str(_N_WARM)]
    cost = run(code, folder)
    seconds, cpu = json.loads(cost.said.splitlines()[-1])
    own = Cost(seconds, cpu, cost.peak_mb, cost.largest_mb, "")
    _row(f"BERTopic transform, {kind}", n, own)


def measure_start(folder: Path) -> None:
    copy_project(folder / "project")
    page = "The island ferry sails twice a day from Monday, the harbour office said on Friday.\n"
    (folder / "page.txt").write_text(page)
    cli = [sys.executable, "-m", "pipeline.cli"]
    _row("--help", 0, run([*cli, "--help"], folder / "project"))
    _row("label --help", 0, run([*cli, "label", "--help"], folder / "project"))
    command = [*cli, "label", str(folder / "page.txt"), "--out", "labelled.csv"]
    _row("label, first", 1, run(command, folder / "project"))
    _row("label, again", 1, run(command, folder / "project"))


def _row(what: str, n: int, cost: Cost) -> None:
    rate = f"{n / cost.seconds:10.1f}{n / cost.cpu:12.1f}" if n > 1 else " " * 22
    print(
        f"{what:28}{n:8}{cost.seconds:9.1f}{cost.cpu:9.1f}{rate}{cost.peak_mb:9.0f}"
        f"{cost.largest_mb:9.0f}{os.getloadavg()[0]:7.1f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--short", type=int, nargs="*", default=[1000, 100_000])
    parser.add_argument("--long", type=int, nargs="*", default=[1000])
    parser.add_argument("--peer", type=int, default=1000, help="articles for BERTopic; 0: none")
    options = parser.parse_args()
    print(f"{len(os.sched_getaffinity(0))} cores")
    heads = ("wall s", "CPU s", "per s", "per CPU s", "sum MB", "one MB", "load")
    widths = (9, 9, 10, 12, 9, 9, 7)
    columns = "".join(f"{head:>{n}}" for head, n in zip(heads, widths, strict=True))
    print(f"{'':28}{'n':>8}{columns}")
    jobs = [("short", n) for n in options.short] + [("long", n) for n in options.long]
    has_peer = options.peer and importlib.util.find_spec("bertopic") is not None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "start").mkdir()
        measure_start(folder / "start")
        for kind in ("short", "long"):
            if has_peer and any(job[0] == kind for job in jobs):
                (folder / f"peer-{kind}").mkdir()
                measure_peer(kind, options.peer, folder / f"peer-{kind}")
            for _, n in (job for job in jobs if job[0] == kind):
                place = folder / f"{kind}-{n}"
                place.mkdir()
                measure(kind, n, place)
                shutil.rmtree(place)


if __name__ == "__main__":
    main()
