"""Time and memory of clustering at growing sizes, beside plain UMAP + HDBSCAN on the same vectors.

    python benchmarks/clustering.py [n ...]        (default: 1000 10000)

Vectors are a mixture of 60 blobs on the unit sphere with texts drawn from a vocabulary of their
own: they say something of cost, nothing of quality. Each measurement runs in a process of its
own, so that peak memory is its own; both are warmed up, so that compilation is not counted.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import numpy as np

from pipeline.core.clustering.clusters import ClusterSettings, find_clusters

N_BLOBS, N_DIMS, NOISE = 60, 384, 1.2
SETTINGS = ClusterSettings(
    neighbors_scale=0.67, min_size_scale=0.35, lexical_weight=0.15, n_components=5, seed=7
)


def make_corpus(n: int) -> tuple[np.ndarray, list[str]]:
    rng = np.random.default_rng(0)
    blob = rng.integers(N_BLOBS, size=n)
    centres = rng.normal(size=(N_BLOBS, N_DIMS))
    vectors = centres[blob] + NOISE * rng.normal(size=(n, N_DIMS))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    words = rng.integers(200, size=(n, 30))
    texts = [" ".join(f"w{b}x{w}" for w in row) for b, row in zip(blob, words, strict=True)]
    return vectors.astype(np.float32), texts


def ours(vectors: np.ndarray, texts: list[str]) -> int:
    ids = [f"{i:08d}" for i in range(len(texts))]
    return int(find_clusters(ids, vectors, texts, SETTINGS).labels.max()) + 1


def plain(vectors: np.ndarray, _texts: list[str]) -> int:
    import hdbscan
    import umap

    layout = umap.UMAP(
        n_neighbors=15, n_components=5, min_dist=0, metric="cosine", random_state=7
    ).fit_transform(vectors)
    umap.UMAP(n_components=2, metric="cosine", random_state=7).fit_transform(vectors)  # the map
    return int(hdbscan.HDBSCAN(min_cluster_size=15).fit(layout).labels_.max()) + 1


METHODS = {"ours": ours, "plain": plain}


def measure(name: str, n: int) -> None:
    method = METHODS[name]
    method(*make_corpus(500))
    corpus = make_corpus(n)
    wall, cpu = time.perf_counter(), time.process_time()
    n_clusters = method(*corpus)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "peak_mb": peak, "clusters": n_clusters}))


def main() -> None:
    sizes = [int(argument) for argument in sys.argv[1:]] or [1000, 10_000]
    print(f"{'n':>8} {'method':>8} {'wall s':>8} {'CPU s':>8} {'peak MB':>8} {'clusters':>8}")
    for n in sizes:
        cpu = {}
        for name in METHODS:
            command = [sys.executable, "-W", "ignore", __file__, "--measure", name, str(n)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            row = json.loads(done.stdout.splitlines()[-1])
            cpu[name] = row["cpu"]
            print(
                f"{n:>8} {name:>8} {row['wall']:>8.1f} {row['cpu']:>8.1f} "
                f"{row['peak_mb']:>8.0f} {row['clusters']:>8}",
                flush=True,
            )
        print(f"{n:>8} {'ratio':>8} {'':>8} {cpu['ours'] / cpu['plain']:>8.2f}   (ours / plain)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        measure(sys.argv[2], int(sys.argv[3]))
    else:
        main()
