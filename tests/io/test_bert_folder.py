"""Model folders: what is known is read, what is not known is refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from pipeline.errors import InputError
from pipeline.io.bert_folder import BertShape, read_shape, read_weights

CONFIG: dict[str, Any] = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "hidden_size": 8,
    "max_position_embeddings": 32,
    "layer_norm_eps": 1e-12,
}
MODULES = [
    {"path": "", "type": "sentence_transformers.models.Transformer"},
    {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]
MEAN = {"pooling_mode_mean_tokens": True, "pooling_mode_cls_token": False}


def write_model(
    folder: Path, config: object = CONFIG, modules: object = MODULES, pooling: object = MEAN
) -> Path:
    (folder / "1_Pooling").mkdir()
    files = {"config.json": config, "modules.json": modules, "1_Pooling/config.json": pooling}
    for name, content in (files | {"tokenizer.json": {}}).items():
        (folder / name).write_text(json.dumps(content))
    return folder


def test_the_shape_is_what_the_folder_says(tmp_path: Path) -> None:
    assert read_shape(write_model(tmp_path)) == BertShape(
        n_layers=2, n_heads=4, n_dims=8, max_positions=32, norm_epsilon=1e-12, pooling="mean"
    )


@pytest.mark.parametrize(
    ("pooling", "expected"),
    [
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
        ({"embedding_dimension": 8, "pooling_mode": "mean"}, "mean"),
        ({"embedding_dimension": 8, "pooling_mode": "cls"}, "cls"),
    ],
)
def test_pooling_is_read_in_the_old_form_and_the_new(
    pooling: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    assert read_shape(write_model(tmp_path, pooling=pooling)).pooling == expected


def test_a_model_that_does_not_bring_its_vectors_to_length_one_is_known_too(tmp_path: Path) -> None:
    assert read_shape(write_model(tmp_path, modules=MODULES[:2])).pooling == "mean"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"config": CONFIG | {"model_type": "mpnet"}}, r"model_type is not bert \(got mpnet\)"),
        ({"config": CONFIG | {"hidden_act": "relu"}}, r"hidden_act is not gelu \(got relu\)"),
        (
            {"config": CONFIG | {"position_embedding_type": "relative_key"}},
            "position_embedding_type is not absolute",
        ),
        (
            {"config": {"model_type": "bert", "hidden_act": "gelu"}},
            "a setting is missing or is no number",
        ),
        ({"config": CONFIG | {"hidden_size": "many"}}, "a setting is missing or is no number"),
        ({"modules": ["Transformer"]}, "a setting is missing or is no number"),
        ({"modules": MODULES[::-1]}, r"modules are not .* \(got Normalize, Pooling, Transformer\)"),
        (
            {"modules": [*MODULES, {"path": "3", "type": "x.Dense"}]},
            "got Transformer, Pooling, Normalize, Dense",
        ),
        ({"pooling": {"pooling_mode_max_tokens": True}}, r"pooling is not .* \(got max\)"),
        ({"pooling": MEAN | {"pooling_mode_cls_token": True}}, r"\(got cls, mean\)"),
        ({"pooling": {"pooling_mode_mean_sqrt_len_tokens": True}}, r"\(got mean_sqrt_len\)"),
    ],
)
def test_what_is_not_known_is_refused_and_torch_is_named(
    change: dict[str, Any], message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=f"{message}.*set embed.backend: torch"):
        read_shape(write_model(tmp_path, **change))


@pytest.mark.parametrize("name", ["config.json", "modules.json", "1_Pooling/config.json"])
def test_a_missing_or_broken_file_is_named(name: str, tmp_path: Path) -> None:
    folder = write_model(tmp_path)
    (folder / name).write_text("{")
    with pytest.raises(InputError, match=f"{name}: not readable"):
        read_shape(folder)
    (folder / name).unlink()
    with pytest.raises(InputError, match=f"{name}: not readable"):
        read_shape(folder)


def test_a_model_that_lowers_its_texts_itself_is_refused(tmp_path: Path) -> None:
    (write_model(tmp_path) / "sentence_bert_config.json").write_text('{"do_lower_case": true}')
    with pytest.raises(InputError, match="do_lower_case is not false"):
        read_shape(tmp_path)


def test_a_model_without_a_fast_tokenizer_is_refused(tmp_path: Path) -> None:
    (write_model(tmp_path) / "tokenizer.json").unlink()
    with pytest.raises(InputError, match="there is no fast tokenizer"):
        read_shape(tmp_path)


def test_weights_are_float32_whatever_they_were_kept_as(tmp_path: Path) -> None:
    kept = {"bert.a": np.ones((2, 3), np.float16), "b": np.zeros(4, np.float32)}
    save_file(kept, tmp_path / "model.safetensors")
    weights = read_weights(tmp_path)
    assert {name: w.dtype for name, w in weights.items()} == {"a": np.float32, "b": np.float32}
    assert weights["a"].tolist() == [[1, 1, 1], [1, 1, 1]]


@pytest.mark.parametrize("content", [None, b"no tensors"])
def test_weights_that_cannot_be_read_are_refused(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(InputError, match=r"model\.safetensors: not readable .*; reinstall it"):
        read_weights(tmp_path)
