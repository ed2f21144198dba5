"""Encoders: only the weights that were pinned, and vectors that depend on nothing but the text."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import InputError
from pipeline.io import encoders
from pipeline.io.encoders import PACKAGED, SentenceEncoder, find_model, weights_sha256
from pipeline.stages.embed import embed
from tests.conftest import make_article

NAME = "all-MiniLM-L6-v2"
TEXTS = [
    "The ferry to the island sails at noon.",
    "Frost",
    "A long report about orchards. " * 60,
    "",
    "Überraschung im Hafen – 船が着いた",
    "The ferry to the island sails at noon, unless the wind is too strong for it.",
]


def test_a_name_that_is_no_model_lists_what_there_is() -> None:
    with pytest.raises(InputError, match=r"embed\.model: no such model \(got 'mini'\); use all-M"):
        find_model("mini")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder that holds a sentence-transformers model"):
        SentenceEncoder(str(tmp_path), 256)


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[]")
    with pytest.raises(InputError, match=r"no readable model\.safetensors; reinstall the model"):
        SentenceEncoder(str(tmp_path), 256)


def test_weights_other_than_the_pinned_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    package, inner, _ = PACKAGED[NAME]
    monkeypatch.setitem(PACKAGED, NAME, (package, inner, "0" * 64))
    message = r"weights have sha256 53aa51172d14…, expected 000000000000…; reinstall the package"
    with pytest.raises(InputError, match=message):
        find_model(NAME)


def test_a_package_that_is_not_installed_says_what_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PACKAGED, NAME, ("no_such_package", "model", "0" * 64))
    with pytest.raises(InputError, match="package no_such_package is not installed; run: make"):
        find_model(NAME)


def test_the_name_of_an_encoder_says_all_that_changes_its_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    (folder / "model.safetensors").write_bytes(b"one")
    first = SentenceEncoder(str(folder), 256).model
    assert first == f"mine@{weights_sha256(folder)[:16]}/256"
    assert SentenceEncoder(str(folder), 128).model != first
    (folder / "model.safetensors").write_bytes(b"two")
    assert SentenceEncoder(str(folder), 256).model != first


def test_the_packaged_model_is_named_without_loading_it() -> None:
    encoder = SentenceEncoder(NAME, 256)
    assert encoder.model == "all-MiniLM-L6-v2@53aa51172d142c89/256"
    assert encoder._transformer is None


# With the real model


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return SentenceEncoder(NAME, 256)


@pytest.mark.slow
def test_vectors_have_length_one(encoder: SentenceEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)


@pytest.mark.slow
def test_a_vector_depends_neither_on_its_neighbours_nor_on_their_order(
    encoder: SentenceEncoder,
) -> None:
    together = encoder.encode(TEXTS)
    for row, text in enumerate(TEXTS):
        assert encoder.encode([text])[0].tobytes() == together[row].tobytes()
    assert encoder.encode(TEXTS[::-1])[::-1].tobytes() == together.tobytes()


@pytest.mark.slow
def test_texts_that_mean_the_same_lie_closer(encoder: SentenceEncoder) -> None:
    ferry, _, orchard, *_, strong_wind = encoder.encode(TEXTS)
    assert ferry @ strong_wind > ferry @ orchard + 0.3


@pytest.mark.slow
def test_a_copy_of_the_model_in_a_folder_gives_the_same_vectors(
    encoder: SentenceEncoder, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(find_model(NAME), folder)
    copied = SentenceEncoder(str(folder), 256)
    assert copied.encode(TEXTS[:2]).tobytes() == encoder.encode(TEXTS[:2]).tobytes()


@pytest.mark.slow
def test_a_warm_cache_gives_the_same_bytes_as_a_cold_one(
    encoder: SentenceEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [make_article(title=None, text=text) for text in TEXTS]
    cold = embed(articles, encoder, tmp_path)
    monkeypatch.setattr(encoders.SentenceEncoder, "encode", None)
    warm = embed(articles, encoder, tmp_path)
    assert warm.content_ids == cold.content_ids
    assert warm.vectors.tobytes() == cold.vectors.tobytes()


_PRINT_DIGEST = """
import hashlib
from pipeline.io.encoders import SentenceEncoder
from tests.io.test_encoders import NAME, TEXTS
print(hashlib.sha256(SentenceEncoder(NAME, 256).encode(TEXTS).tobytes()).hexdigest())
"""


@pytest.mark.slow
def test_the_number_of_cores_and_threads_changes_no_byte() -> None:
    cores = sorted(os.sched_getaffinity(0))
    digests = set()
    for n_threads, n_cores in (("1", 1), ("4", len(cores))):
        code = f"import os; os.sched_setaffinity(0, {cores[:n_cores]})\n{_PRINT_DIGEST}"
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"OMP_NUM_THREADS": n_threads, "MKL_NUM_THREADS": n_threads},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
