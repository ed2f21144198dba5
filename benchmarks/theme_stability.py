"""Whether the same articles give the same themes, and nearly the same ones nearly the same."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.labelled_sets import TUNE, LabelledSet, load_set, vectors_of
from benchmarks.theme_fits import OurFit, ours
from benchmarks.theme_peers import PEERS, PeerCache
from pipeline.core.clustering.scores import stability
from pipeline.records import FloatMatrix

Rows = npt.NDArray[np.intp]
N_SAMPLES, SAMPLE_SHARE = 5, 0.9
SMALL, LARGE = 2500, 10_000


def measure_stability(options: argparse.Namespace, peers: PeerCache) -> None:
    """Print, for each set, what changes with seed, sample, row order, threads and size."""
    print("Adjusted Rand index of default cuts, none counted as a group; identical = every byte.")
    for name in options.sets or list(TUNE):
        labelled = load_set(name)
        vectors = vectors_of(labelled, options.vector_cache, options.vectors)
        everything = np.arange(len(labelled.ids))
        fits = [_fit(labelled, vectors, everything, seed) for seed in range(options.seeds)]
        print(f"\n{name}: {len(everything)} articles, k by seed {[fit.k for fit in fits]}")
        _tell("seed to seed", stability([_groups(labelled, everything, fit) for fit in fits]))
        _tell("90 % samples", _over_samples(labelled, vectors))
        shuffled = np.random.default_rng(1).permutation(everything)
        again = _fit(labelled, vectors, shuffled, 0)
        print(f"  {'rows shuffled':28}{_same(again.digest == fits[0].digest)}")
        digests = {_digest_in_process(labelled, vectors, n) for n in (1, 4)}
        print(f"  {'1 and 4 threads':28}{_same(digests == {fits[0].digest})}")
        if len(everything) >= 2 * SMALL:
            _print_growth(labelled, vectors)
        for method, steadiness in _peers_by_seed(labelled, vectors, peers, options.seeds):
            _tell(f"{method}, seed to seed", steadiness)


def _fit(labelled: LabelledSet, vectors: FloatMatrix, rows: Rows, seed: int) -> OurFit:
    texts, ids, dates = (
        [column[i] for i in rows] for column in (labelled.texts, labelled.ids, labelled.dates)
    )
    return ours(vectors[rows], texts, ids, dates, seed)


def _groups(labelled: LabelledSet, rows: Rows, fit: OurFit) -> dict[str, int]:
    return {labelled.ids[i]: int(label) for i, label in zip(rows, fit.labels, strict=True)}


def _over_samples(labelled: LabelledSet, vectors: FloatMatrix) -> float | None:
    fits = []
    for number in range(N_SAMPLES):
        rng = np.random.default_rng(100 + number)
        n = len(labelled.ids)
        rows = np.sort(rng.permutation(n)[: round(SAMPLE_SHARE * n)])
        fits.append(_groups(labelled, rows, _fit(labelled, vectors, rows, 0)))
    return stability(fits)


def _print_growth(labelled: LabelledSet, vectors: FloatMatrix) -> None:
    """Clusters among a random part, and among up to four times as many that contain it."""
    order = np.random.default_rng(2).permutation(len(labelled.ids))
    sizes = SMALL, min(LARGE, len(order))
    k = [_fit(labelled, vectors, np.sort(order[:n]), 0).k for n in sizes]
    change = k[1] / max(k[0], 1) - 1
    print(f"  {f'k at {sizes[0]} and {sizes[1]}':28}{k[0]} and {k[1]} ({change:+.0%})")


def _peers_by_seed(
    labelled: LabelledSet, vectors: FloatMatrix, peers: PeerCache, n_seeds: int
) -> list[tuple[str, float | None]]:
    """Seed to seed agreement of what the cache has of peers."""
    found: dict[str, list[dict[str, int]]] = {}
    for peer in PEERS:
        for seed in range(n_seeds):
            known = peers.find(labelled.name, peer, vectors, seed) or {}
            for method, labels in known.items():
                groups = dict(zip(labelled.ids, labels.tolist(), strict=True))
                found.setdefault(method, []).append(groups)
    return [(method, stability(fits)) for method, fits in found.items()]


def _digest_in_process(labelled: LabelledSet, vectors: FloatMatrix, n_threads: int) -> str:
    """Digest of a fit by a fresh process with this many threads."""
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS")
    environment = os.environ | dict.fromkeys(names, str(n_threads))
    with tempfile.TemporaryDirectory() as scratch:
        paths = write_corpus(Path(scratch), vectors, labelled.texts, labelled.ids, labelled.dates)
        command = [sys.executable, "-W", "ignore", __file__, *paths]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


def write_corpus(
    folder: Path,
    vectors: FloatMatrix,
    texts: Sequence[str],
    ids: Sequence[str],
    dates: Sequence[str | None],
) -> list[str]:
    """Write what a fit needs for another process; `read_corpus` reads the two files."""
    np.save(folder / "vectors.npy", vectors)
    columns = json.dumps([list(texts), list(ids), list(dates)])
    (folder / "columns.json").write_text(columns, encoding="utf-8")
    return [str(folder / "vectors.npy"), str(folder / "columns.json")]


def read_corpus(
    vectors: str, columns: str
) -> tuple[FloatMatrix, list[str], list[str], list[str | None]]:
    """Vectors, texts, ids and dates that `write_corpus` wrote."""
    texts, ids, dates = json.loads(Path(columns).read_text(encoding="utf-8"))
    return np.load(vectors), texts, ids, dates


def _tell(what: str, value: float | None) -> None:
    print(f"  {what:28}{'-' if value is None else f'{value:.3f}'}", flush=True)


def _same(is_same: bool) -> str:
    return "identical" if is_same else "DIFFERENT"


if __name__ == "__main__":
    print(ours(*read_corpus(*sys.argv[1:3]), seed=0).digest)
