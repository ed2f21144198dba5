"""Backends of the encoder beside sentence-transformers: CPU time, start, memory, closeness.

CPU milliseconds are of the whole process; rounds are interleaved, so that a busy machine slows
all alike, and ratios are taken within a round. Start, peak memory and wall time are those of a
fresh process on one core and on all.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.labelled_sets import ENCODER, MAX_TOKENS
from pipeline.errors import InputError
from pipeline.io.encoders import BACKENDS, SentenceEncoder, find_model
from pipeline.io.tables import read_rows
from pipeline.records import Article, FloatMatrix

#: Sentence-transformers as it is commonly called: batches of 32, sorted by length and padded.
PEER = "peer"
_LONG, _N_TEXTS = 210, 24  # words of a text that surely fills the limit; texts of one kind
Encode = Callable[[Sequence[str]], FloatMatrix]


def peer_encoder() -> Encode:
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(str(find_model(ENCODER)), device="cpu", local_files_only=True)
    model.max_seq_length = MAX_TOKENS
    return lambda texts: np.asarray(
        model.encode(list(texts), batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    )


def open_encoder(name: str) -> Encode | None:
    """One that works here: not every processor computes with bfloat16."""
    if name == PEER:
        return peer_encoder()
    encoder = SentenceEncoder(ENCODER, MAX_TOKENS, name)
    try:
        encoder.encode(["warm up"])
    except InputError as error:
        print(f"{name}: {error}")
        return None
    return encoder.encode


def kinds_of_text(articles: Path) -> dict[str, list[str]]:
    rows = [row for row in read_rows(articles, Article) if row.is_canonical]
    bodies = [row.text for row in rows if len(row.text.split()) >= _LONG]
    titles = [row.title for row in rows if row.title]
    return {"articles": bodies[:_N_TEXTS], "titles": titles[: 3 * _N_TEXTS]}


def measure_cpu(kinds: dict[str, list[str]], n_rounds: int) -> None:
    opened = {name: open_encoder(name) for name in (PEER, *BACKENDS)}
    encoders = {name: encode for name, encode in opened.items() if encode}
    print(f"{'texts':10}{'encoder':15}{'CPU ms':>8}  ratio to {PEER}, range {'difference':>13}"
          f"{'least cos':>14}")  # fmt: skip
    for kind, texts in kinds.items():
        spent: dict[str, list[float]] = {name: [] for name in encoders}
        vectors: dict[str, FloatMatrix] = {}
        for _ in range(n_rounds):
            for name, encode in encoders.items():
                start = time.process_time()
                vectors[name] = encode(texts)
                spent[name].append((time.process_time() - start) * 1000 / len(texts))
        for name, each in spent.items():
            ratios = np.array(spent[PEER]) / np.array(each)
            difference = np.abs(vectors[name] - vectors[PEER]).max()
            cosine = np.einsum("ij,ij->i", vectors[name], vectors[PEER], dtype=np.float64).min()
            print(
                f"{kind:10}{name:15}{np.median(each):8.1f}  {np.median(ratios):5.2f} "
                f"({ratios.min():.2f}-{ratios.max():.2f}){difference:20.1e}{cosine:14.7f}"
            )


def measure_process(name: str, texts: Sequence[str], started: float) -> None:
    """Print what a fresh process needs; `started` is when its parent began it."""
    encode = open_encoder(name)
    if encode is None:
        sys.exit(1)
    encode(texts[:1])
    ready = time.time() - started
    start = time.perf_counter()
    encode(texts)
    rate = len(texts) / (time.perf_counter() - start)
    # Not ru_maxrss: a child starts with that of its parent.
    status = Path("/proc/self/status").read_text("utf-8")
    peak_mb = int(status.partition("VmHWM:")[2].split()[0]) / 1000
    print(json.dumps({"ready": ready, "rate": rate, "peak_mb": peak_mb}))


def measure_processes(texts: Sequence[str]) -> None:
    cores = sorted(os.sched_getaffinity(0))
    print(f"\n{'encoder':15}{'cores':>6}{'first vector s':>16}{'articles/s':>12}{'peak MB':>9}")
    for used in (cores[:1], cores):
        for name in (PEER, *BACKENDS):
            # On its own cores from the start: libraries count them when they are loaded.
            code = (
                f"import os, sys; os.sched_setaffinity(0, {used}); sys.path.insert(0, "
                f"{str(Path(__file__).resolve().parents[1])!r}); import json; "
                "from benchmarks.encoders import measure_process as m; "
                f"m({name!r}, json.load(sys.stdin), {time.time()})"
            )
            done = subprocess.run(
                [sys.executable, "-W", "ignore", "-c", code],
                input=json.dumps(texts),
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                print(f"{name:15}{len(used):>6}  failed: {(done.stdout + done.stderr)[-200:]}")
                continue
            row = json.loads(done.stdout.splitlines()[-1])
            print(
                f"{name:15}{len(used):>6}{row['ready']:>16.1f}{row['rate']:>12.1f}"
                f"{row['peak_mb']:>9.0f}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=Path("data/articles.parquet"))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    kinds = kinds_of_text(options.articles)
    print(f"{', '.join(f'{len(texts)} {kind}' for kind, texts in kinds.items())}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    measure_cpu(kinds, options.rounds)
    measure_processes(kinds["articles"])


if __name__ == "__main__":
    main()
