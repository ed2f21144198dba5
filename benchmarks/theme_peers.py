"""Other topic finders, on the same vectors and with their own defaults.

Peers, each with the seed that it is given:

`bertopic`            BERTopic as it comes (UMAP 15 neighbours, HDBSCAN of at least 10)
`bertopic+embeddings` the same fit, outliers reassigned by its strategy "embeddings"
`bertopic+centroids`  the same fit, outliers to the nearest mean of the other articles' vectors
`top2vec`             Top2Vec as it comes, with the vectors as its embedding model
`topeax`              Topeax of turftopic as it comes

What a peer would compute to embed words is replaced by a constant: that names topics and never
moves an article. The extra `bench` installs BERTopic and Top2Vec. turftopic asks for an older
`rich` than the pipeline, so it needs an environment of its own, whose python is given:

    python -m venv peers && peers/bin/pip install turftopic
    python benchmarks/themes.py tune --turftopic-python peers/bin/python

This file is also what that python runs: `theme_peers.py vectors.npy texts.json seed labels.npy`.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]
#: Labels of every article by the name of the method; -1 for none.
Found = dict[str, Labels]


@dataclass(frozen=True, slots=True)
class Peer:
    """One fit of a peer and the methods that it answers for.

    `fit` takes vectors (n, d), n texts, a seed, and the python that has turftopic (None: this one).
    """

    name: str
    methods: tuple[str, ...]
    fit: Callable[[Vectors, Sequence[str], int, str | None], Found]


def fit_bertopic(
    vectors: Vectors, texts: Sequence[str], seed: int, _python: str | None = None
) -> Found:
    """BERTopic's defaults but for the seed of its UMAP, and two ways to place its outliers."""
    from bertopic import BERTopic
    from umap import UMAP

    # BERTopic's own defaults; it has no other way to be given a seed.
    reducer = UMAP(
        n_neighbors=15,
        n_components=5,
        min_dist=0.0,
        metric="cosine",
        low_memory=False,
        random_state=seed,
    )
    model = BERTopic(umap_model=reducer)
    topics, _ = model.fit_transform(list(texts), embeddings=vectors)
    found = np.array(topics, dtype=np.int32)
    placed = found
    if (found < 0).any() and (found >= 0).any():
        placed = np.array(
            model.reduce_outliers(
                list(texts), list(topics), strategy="embeddings", embeddings=vectors
            ),
            dtype=np.int32,
        )
    return {
        "bertopic": found,
        "bertopic+embeddings": placed,
        "bertopic+centroids": to_nearest_centroid(vectors, found),
    }


def to_nearest_centroid(vectors: Vectors, labels: Labels) -> Labels:
    """Give each article without a group (-1) the group whose unit mean lies closest."""
    groups = np.unique(labels[labels >= 0])
    lost = labels < 0
    if not len(groups) or not lost.any():
        return labels.copy()
    means = np.stack([vectors[labels == group].mean(axis=0) for group in groups])
    means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)
    placed = labels.copy()
    placed[lost] = groups[(vectors[lost] @ means.T).argmax(axis=1)]
    return placed


def fit_top2vec(
    vectors: Vectors, texts: Sequence[str], seed: int, _python: str | None = None
) -> Found:
    """Top2Vec's defaults but for the seed of its UMAP; every article gets its nearest topic.

    Where its HDBSCAN finds nothing it fails: then nobody has a topic.
    """
    from top2vec import Top2Vec

    marked = [f"{row}" for row in range(len(texts))]
    unnamed = np.eye(1, vectors.shape[1], dtype=np.float32)[0]

    def embed(keys: Sequence[str], batch_size: int = 32) -> Vectors:  # noqa: ARG001
        return np.stack([vectors[int(key)] if key.isdecimal() else unnamed for key in keys])

    def tokens_of(key: str) -> list[str]:
        # Words serve its names of topics only; bare digits would be taken for rows.
        return [f"w{word}" for word in texts[int(key)].lower().split()] or ["wnone"]

    try:
        model = Top2Vec(
            marked,
            embedding_model=embed,
            tokenizer=tokens_of,
            use_embedding_model_tokenizer=True,
            min_count=min(50, len(texts) // 100),  # fewer words leave it without a vocabulary
            verbose=False,
            umap_args={
                "n_neighbors": 15, "n_components": 5, "metric": "cosine", "random_state": seed
            },
        )  # fmt: skip
    except ValueError as error:
        if "at least one array" not in str(error):
            raise
        return {"top2vec": np.full(len(texts), -1, dtype=np.int32)}
    return {"top2vec": np.asarray(model.doc_top, dtype=np.int32)}


def fit_topeax(
    vectors: Vectors, texts: Sequence[str], seed: int, python: str | None = None
) -> Found:
    """Topeax's defaults, in the environment that has turftopic."""
    if python is None:
        return {"topeax": _topeax_here(vectors, texts, seed)}
    with tempfile.TemporaryDirectory() as scratch:
        inputs, labels = (
            [Path(scratch, name) for name in ("v.npy", "t.json")],
            Path(scratch, "l.npy"),
        )
        np.save(inputs[0], vectors)
        inputs[1].write_text(json.dumps(list(texts)), encoding="utf-8")
        command = [python, "-W", "ignore", __file__, *map(str, inputs), str(seed), str(labels)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return {"topeax": np.load(labels)}


class _NoNames:
    """Stands for the encoder of words, which only serves to name topics."""

    def __init__(self, n_dims: int) -> None:
        self._vector = np.eye(1, n_dims, dtype=np.float32)[0]

    def encode(self, texts: Sequence[str], **_: Any) -> Vectors:
        return np.tile(self._vector, (len(texts), 1))


def _topeax_here(vectors: Vectors, texts: Sequence[str], seed: int) -> Labels:
    from sklearn.feature_extraction.text import CountVectorizer
    from turftopic import Topeax

    np.random.seed(seed)  # noqa: NPY002 (its mixture model draws from here)
    model = Topeax(
        encoder=_NoNames(vectors.shape[1]),
        vectorizer=CountVectorizer(max_features=2000, stop_words="english"),
        random_state=seed,
    )
    model.fit_transform(list(texts), embeddings=vectors)
    return np.asarray(model.labels_, dtype=np.int32)


PEERS = (
    Peer("bertopic", ("bertopic", "bertopic+embeddings", "bertopic+centroids"), fit_bertopic),
    Peer("top2vec", ("top2vec",), fit_top2vec),
    Peer("topeax", ("topeax",), fit_topeax),
)


def fit_peer(
    peer: Peer, vectors: Vectors, texts: Sequence[str], seed: int, python: str | None = None
) -> Found:
    """Labels by method, with what the peer prints and warns left out, and its randomness seeded."""
    np.random.seed(seed)  # noqa: NPY002 (peers draw from it)
    random.seed(seed)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        return peer.fit(vectors, texts, seed, python)


class PeerCache:
    """What peers answered before, in one JSON file.

    Entries are keyed by set, peer, seed and number of articles, and count only for the vectors
    that they were made from. Without a file nothing is kept.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._entries: dict[str, Any] = {}
        if path is not None and path.is_file():
            self._entries = json.loads(path.read_text(encoding="utf-8"))

    def find(self, name: str, peer: Peer, vectors: Vectors, seed: int) -> Found | None:
        """Labels of an earlier fit on the same vectors; None where there was none."""
        entry = self._entries.get(_key(name, peer, vectors, seed))
        if entry is None or entry["digest"] != _digest(vectors):
            return None
        return {method: np.array(labels, np.int32) for method, labels in entry["found"].items()}

    def add(self, name: str, peer: Peer, vectors: Vectors, seed: int, found: Found) -> None:
        """Keep one fit; the file is replaced as a whole."""
        self._entries[_key(name, peer, vectors, seed)] = {
            "digest": _digest(vectors),
            "found": {method: labels.tolist() for method, labels in found.items()},
        }
        if self._path is not None:
            draft = self._path.with_suffix(".tmp")
            draft.write_text(json.dumps(self._entries), encoding="utf-8")
            draft.replace(self._path)


def peer_labels(
    name: str,
    peer: Peer,
    vectors: Vectors,
    texts: Sequence[str],
    seed: int,
    cache: PeerCache,
    python: str | None = None,
) -> Found:
    """Labels by method, from the cache where it has them."""
    found = cache.find(name, peer, vectors, seed)
    if found is None:
        found = fit_peer(peer, vectors, texts, seed, python)
        cache.add(name, peer, vectors, seed, found)
    return found


def _key(name: str, peer: Peer, vectors: Vectors, seed: int) -> str:
    return f"{name}|{peer.name}|{seed}|{len(vectors)}"


def _digest(vectors: Vectors) -> str:
    return hashlib.sha256(np.ascontiguousarray(vectors).tobytes()).hexdigest()[:16]


def main() -> None:
    vectors, texts, seed, labels = sys.argv[1:5]
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    contents = json.loads(Path(texts).read_text(encoding="utf-8"))
    np.save(labels, _topeax_here(np.load(vectors), contents, int(seed)))


if __name__ == "__main__":
    main()
