"""What the comparison with peers relies on: placing outliers, and remembering answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.theme_peers import Found, Peer, PeerCache, Vectors, peer_labels, to_nearest_centroid

VECTORS = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], dtype=np.float32)


def test_an_article_without_a_group_goes_to_the_nearest_mean() -> None:
    placed = to_nearest_centroid(VECTORS, np.array([3, -1, 1, -1], dtype=np.int32))
    assert placed.tolist() == [3, 3, 1, 1]


def test_without_any_group_nobody_is_placed() -> None:
    nobody = np.full(4, -1, dtype=np.int32)
    assert to_nearest_centroid(VECTORS, nobody).tolist() == nobody.tolist()


def counting_peer(calls: list[int]) -> Peer:
    def fit(vectors: Vectors, texts: object, seed: int, python: str | None) -> Found:
        calls.append(seed)
        return {"some": np.full(len(vectors), seed, dtype=np.int32)}

    return Peer("some", ("some",), fit)


def test_a_peer_is_fitted_once_for_each_seed_and_set_of_vectors(tmp_path: Path) -> None:
    calls: list[int] = []
    peer = counting_peer(calls)
    for vectors, seed in [(VECTORS, 0), (VECTORS, 1), (VECTORS, 0), (VECTORS * 2, 0)]:
        cache = PeerCache(tmp_path / "peers.json")  # as another process would open it
        found = peer_labels("set", peer, vectors, ["text"] * 4, seed, cache)
        assert found["some"].tolist() == [seed] * 4
    assert calls == [0, 1, 0]


def test_without_a_file_answers_last_as_long_as_the_process() -> None:
    calls: list[int] = []
    cache = PeerCache(None)
    for _ in range(2):
        peer_labels("set", counting_peer(calls), VECTORS, ["text"] * 4, 0, cache)
    assert calls == [0]
