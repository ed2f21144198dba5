"""Encoders: only the weights that were pinned, and vectors that depend on nothing but the text."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import InputError
from pipeline.io import encoders
from pipeline.io.encoders import (
    BACKENDS,
    PACKAGED,
    SentenceEncoder,
    encoder_of,
    find_model,
    weights_sha256,
)
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


def copy_of_model(parent: Path, changed: str, **settings: object) -> Path:
    """The packaged model in a folder `copy`, with some settings in one of its files changed."""
    folder = shutil.copytree(find_model(NAME), parent / "copy")
    file = folder / changed
    file.write_text(json.dumps(json.loads(file.read_text()) | settings))
    return folder


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


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_packaged_model_is_named_without_loading_it(backend: str) -> None:
    encoder = SentenceEncoder(NAME, 256, backend)
    ending = "" if backend == "torch" else f"/{backend}"
    assert encoder.model == f"all-MiniLM-L6-v2@53aa51172d142c89/256{ending}"
    assert encoder._network is None


@pytest.mark.parametrize("ending", ["", "/openvino", "/openvino-bf16"])
def test_a_name_gives_back_its_encoder(ending: str) -> None:
    model = f"all-MiniLM-L6-v2@53aa51172d142c89/256{ending}"
    encoder = encoder_of(model)
    assert encoder is not None
    assert encoder.model == model


@pytest.mark.parametrize(
    "model",
    [
        "all-MiniLM-L6-v2@0000000000000000/256",  # other weights
        "all-MiniLM-L6-v2@53aa51172d142c89/256/jax",  # a backend of a later version
        "all-MiniLM-L6-v2@53aa51172d142c89/256/torch",  # torch is not written
        "all-MiniLM-L6-v2@53aa51172d142c89",
        "mine@53aa51172d142c89/256/openvino",  # a folder, somewhere
        "",
    ],
)
def test_a_name_of_what_is_not_here_gives_nothing(model: str) -> None:
    assert encoder_of(model) is None


def test_the_fast_backend_refuses_a_model_that_it_does_not_know(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path, "config.json", model_type="mpnet")
    with pytest.raises(InputError, match=r"model_type is not bert \(got mpnet\); .*backend: torch"):
        SentenceEncoder(str(folder), 256, "openvino")
    assert SentenceEncoder(str(folder), 256, "torch").model.startswith("copy@")


def test_the_fast_backend_refuses_more_tokens_than_the_model_has_places() -> None:
    with pytest.raises(InputError, match=r"max_tokens: must be at most 512 .* \(got 513\)"):
        SentenceEncoder(NAME, 513, "openvino")


def test_a_broken_tokenizer_is_named(tmp_path: Path) -> None:
    folder = copy_of_model(tmp_path, "config.json")
    (folder / "tokenizer.json").write_text("{")
    with pytest.raises(InputError, match=r"tokenizer\.json: not readable .*reinstall the model"):
        SentenceEncoder(str(folder), 256, "openvino").encode(["Frost"])


# With the real model


@pytest.fixture(scope="module", params=BACKENDS)
def encoder(request: pytest.FixtureRequest) -> SentenceEncoder:
    return open_or_skip(request.param)


def open_or_skip(backend: str) -> SentenceEncoder:
    """An encoder that works here: not every processor computes with bfloat16."""
    encoder = SentenceEncoder(NAME, 256, backend)
    try:
        encoder.encode(TEXTS[:1])
    except InputError as error:
        pytest.skip(str(error))
    return encoder


@pytest.mark.slow
@pytest.mark.parametrize(("backend", "most"), [("openvino", 2e-6), ("openvino-bf16", 1e-2)])
def test_the_fast_backend_gives_the_vectors_of_torch(backend: str, most: float) -> None:
    found = open_or_skip(backend).encode(TEXTS)
    expected = SentenceEncoder(NAME, 256, "torch").encode(TEXTS)
    assert np.abs(found - expected).max() < most


@pytest.mark.slow
def test_the_first_token_alone_is_taken_where_the_folder_says_so(tmp_path: Path) -> None:
    folder = copy_of_model(
        tmp_path,
        "1_Pooling/config.json",
        pooling_mode_mean_tokens=False,
        pooling_mode_cls_token=True,
    )
    fast, torch = (
        SentenceEncoder(str(folder), 256, b).encode(TEXTS) for b in ("openvino", "torch")
    )
    assert np.abs(fast - torch).max() < 2e-6
    assert np.abs(fast - SentenceEncoder(NAME, 256, "openvino").encode(TEXTS)).max() > 0.01


_NAME_WHAT_IS_LOADED = """
import sys
from pipeline.io.encoders import SentenceEncoder
from tests.io.test_encoders import NAME
before = set(sys.modules)  # pytest's plugins bring some
SentenceEncoder(NAME, 256, "openvino").encode(["Frost"])
print([m for m in set(sys.modules) - before if sys.modules[m] is not None])
"""


@pytest.mark.slow
def test_the_fast_backend_loads_no_torch_and_reports_to_nobody(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _NAME_WHAT_IS_LOADED],
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {name.split(".")[0] for name in ast.literal_eval(done.stdout)}
    assert "openvino" in loaded
    assert not loaded & {"torch", "transformers", "sentence_transformers", "openvino_telemetry"}
    assert not list(tmp_path.iterdir())


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
    folder = copy_of_model(tmp_path, "config.json")
    copied = SentenceEncoder(str(folder), 256, encoder._backend)
    assert copied.encode(TEXTS[:2]).tobytes() == encoder.encode(TEXTS[:2]).tobytes()


@pytest.mark.slow
def test_no_texts_give_no_vectors(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


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
import hashlib, sys
from pipeline.io.encoders import SentenceEncoder
from tests.io.test_encoders import NAME, TEXTS
print(hashlib.sha256(SentenceEncoder(NAME, 256, sys.argv[1]).encode(TEXTS).tobytes()).hexdigest())
"""


@pytest.mark.slow
def test_the_number_of_cores_and_threads_changes_no_byte(encoder: SentenceEncoder) -> None:
    cores = sorted(os.sched_getaffinity(0))
    digests = set()
    for n_threads, n_cores in (("1", 1), ("4", len(cores))):
        code = f"import os; os.sched_setaffinity(0, {cores[:n_cores]})\n{_PRINT_DIGEST}"
        done = subprocess.run(
            [sys.executable, "-c", code, encoder._backend],
            env=os.environ | {"OMP_NUM_THREADS": n_threads, "MKL_NUM_THREADS": n_threads},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
