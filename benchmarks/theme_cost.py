"""Time and memory of finding themes, beside the peers, embedding not counted.

Each measurement runs in a process of its own that has been warmed up on 500 articles, so that
compilation does not count and peak memory is its own. Titles are those of `octis_dblp`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.labelled_sets import load_set, vectors_of
from benchmarks.theme_fits import ours
from benchmarks.theme_peers import fit_bertopic, fit_top2vec
from benchmarks.theme_stability import read_corpus, write_corpus
from pipeline.records import FloatMatrix

METHODS = ("ours", "bertopic", "top2vec")
_WARM_UP = 500


def measure_costs(options: argparse.Namespace) -> None:
    """Print CPU and wall seconds and peak memory of every method at every size."""
    name = (options.sets or ["octis_dblp"])[0]
    labelled = load_set(name)
    order = np.random.default_rng(0).permutation(len(labelled.ids))
    # Only what is looked at is embedded: that costs more than the fits.
    needed = np.sort(order[: max(options.sizes)])
    used = replace(labelled, texts=tuple(labelled.texts[i] for i in needed))
    vectors = dict(
        zip(needed.tolist(), vectors_of(used, options.vector_cache, options.vectors), strict=True)
    )
    print(
        f"{name}; threads: {os.environ.get('OMP_NUM_THREADS', 'all')}; embedding not counted",
        flush=True,
    )
    print(f"{'n':>8}  {'method':10}{'CPU s':>9}{'wall s':>9}{'peak MB':>9}{'k':>6}")
    for n in options.sizes:
        rows = np.sort(order[:n])
        columns = ([c[i] for i in rows] for c in (labelled.texts, labelled.ids, labelled.dates))
        with tempfile.TemporaryDirectory() as scratch:
            stacked = np.stack([vectors[row] for row in rows.tolist()])
            paths = write_corpus(Path(scratch), stacked, *columns)
            for method in METHODS:
                command = [sys.executable, "-W", "ignore", __file__, method, *paths]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                _print_row(len(rows), method, done)


def _print_row(n: int, method: str, done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1]
        print(f"{n:>8}  {method:10} failed: {reason}", flush=True)
        return
    row = json.loads(done.stdout.splitlines()[-1])
    print(
        f"{n:>8}  {method:10}{row['cpu']:>9.1f}{row['wall']:>9.1f}{row['peak_mb']:>9.0f}"
        f"{row['k']:>6}",
        flush=True,
    )


def _fit(
    method: str, vectors: FloatMatrix, texts: list[str], ids: list[str], dates: list[str | None]
) -> int:
    """Number of groups that a method finds."""
    if method == "ours":
        return ours(vectors, texts, ids, dates, 0).k
    fit = {"bertopic": fit_bertopic, "top2vec": fit_top2vec}[method]
    return int(fit(vectors, texts, 0)[method].max()) + 1


def _seconds() -> float:
    """CPU seconds of this process and the children it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def measure(method: str, paths: list[str]) -> None:
    """Print one measurement as JSON."""
    vectors, *columns = read_corpus(*paths)
    _fit(method, vectors[:_WARM_UP], *(column[:_WARM_UP] for column in columns))
    wall, cpu = time.perf_counter(), _seconds()
    k = _fit(method, vectors, *columns)
    wall, cpu = time.perf_counter() - wall, _seconds() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "peak_mb": peak, "k": k}))


if __name__ == "__main__":
    measure(sys.argv[1], sys.argv[2:4])
