"""The cache gives back what it was given, and nothing of another encoder."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.io.vector_cache import VectorCache

TEXTS = st.lists(st.text(max_size=8), unique=True, max_size=8)


def vectors_of(texts: Sequence[str], seed: int = 0) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {text: rng.normal(size=5).astype(np.float32) for text in texts}


@given(TEXTS, TEXTS)
def test_what_was_added_is_found_to_the_bit_and_the_rest_is_not(
    tmp_path_factory: pytest.TempPathFactory, added: list[str], asked: list[str]
) -> None:
    cache = VectorCache(tmp_path_factory.mktemp("cache"), "fake")
    vectors = vectors_of(added)
    cache.add(vectors)
    found = cache.find(asked)
    assert set(found) == set(added) & set(asked)
    for text, vector in found.items():
        assert vector.dtype == np.float32
        assert vector.tobytes() == vectors[text].tobytes()
        assert vector.flags.writeable


def test_texts_with_broken_characters_are_texts_too(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "fake")
    cache.add(vectors_of(["\ud800", "a\0b", ""]))
    assert set(cache.find(["\ud800", "\udc00", "a\0b", ""])) == {"\ud800", "a\0b", ""}


def test_more_texts_than_one_query_takes_are_found(tmp_path: Path) -> None:
    texts = [f"text {i}" for i in range(1203)]
    cache = VectorCache(tmp_path, "fake")
    cache.add(vectors_of(texts))
    assert len(cache.find([*texts, "unknown"])) == 1203


def test_it_outlives_its_object_and_the_newest_vector_counts(tmp_path: Path) -> None:
    VectorCache(tmp_path, "fake").add(vectors_of(["a"], seed=1))
    VectorCache(tmp_path, "fake").add(vectors_of(["a"], seed=2))
    found = VectorCache(tmp_path, "fake").find(["a"])
    assert found["a"].tobytes() == vectors_of(["a"], seed=2)["a"].tobytes()


def test_two_encoders_never_share(tmp_path: Path) -> None:
    VectorCache(tmp_path, "model@1/256").add(vectors_of(["a"]))
    assert VectorCache(tmp_path, "model@1/128").find(["a"]) == {}
    assert VectorCache(tmp_path, "model@2/256").find(["a"]) == {}


def test_nothing_is_made_before_it_is_used(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "cache", "fake")
    assert not (tmp_path / "cache").exists()
    assert cache.find([]) == {}


def test_a_block_that_fails_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "fake")
    broken = vectors_of(["a"]) | {"b": None}
    with pytest.raises(AttributeError):
        cache.add(broken)
    assert cache.find(["a", "b"]) == {}


@pytest.mark.parametrize("content", [b"not a database" * 100, b"SQLite format 3\0" + b"\xff" * 200])
def test_a_damaged_file_says_what_to_do(content: bytes, tmp_path: Path) -> None:
    cache = VectorCache(tmp_path, "fake")
    cache.path.write_bytes(content)
    for use in (lambda: cache.find(["a"]), lambda: cache.add(vectors_of(["a"]))):
        with pytest.raises(InputError, match=r"sqlite: the embedding cache .*; delete this file"):
            use()
    cache.path.unlink()
    cache.add(vectors_of(["a"]))
    assert set(cache.find(["a"])) == {"a"}


def test_a_place_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(InputError, match="the embedding cache cannot be used"):
        VectorCache(tmp_path / "cache", "fake").find(["a"])


def _fill(folder: Path, number: int) -> None:
    cache = VectorCache(folder, "fake")
    for block in range(5):
        cache.add(vectors_of([f"{number} {block} {i}" for i in range(20)], seed=number))


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_fill, args=(tmp_path, number)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    texts = [f"{n} {b} {i}" for n in range(3) for b in range(5) for i in range(20)]
    assert len(VectorCache(tmp_path, "fake").find(texts)) == 300
