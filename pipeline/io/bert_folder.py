"""What a sentence-transformers folder says of its model, for backends that build it themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import InputError
from pipeline.records import FloatMatrix

CONFIG = "config.json"
TOKENIZER = "tokenizer.json"
WEIGHTS = "model.safetensors"
_POOLINGS = frozenset({"cls", "mean"})
#: Modules of sentence-transformers that are built here, in this order; the last may be missing,
#: as vectors are brought to length 1 in any case.
_MODULES = ("Transformer", "Pooling", "Normalize")
_NUMPY_TYPES = frozenset({"F16", "F32", "F64", "I64"})


@dataclass(frozen=True, slots=True)
class BertShape:
    """A BERT encoder: `n_layers` layers of `n_heads` heads, vectors of `n_dims` numbers.

    `norm_epsilon` is added to the variance in each layer normalisation; `pooling` is `mean` (of
    all tokens) or `cls` (the first one); `max_positions` is the most tokens that it has been
    trained for.
    """

    n_layers: int
    n_heads: int
    n_dims: int
    max_positions: int
    norm_epsilon: float
    pooling: str


def read_shape(folder: Path) -> BertShape:
    """Read the shape of the model in `folder`; nothing about it is assumed.

    Raises
    ------
    InputError
        If the model is of another kind than is described by `BertShape`, or files are missing.
    """
    config = _read(folder / CONFIG)
    expected = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "position_embedding_type": "absolute",
    }
    for key, value in expected.items():
        found = config.get(key, value if key == "position_embedding_type" else None)
        if found != value:
            raise _unknown(folder / CONFIG, f"{key} is not {value}", found)
    settings = folder / "sentence_bert_config.json"
    if settings.is_file() and _read(settings).get("do_lower_case"):
        raise _unknown(settings, "do_lower_case is not false", True)
    if not (folder / TOKENIZER).is_file():
        raise _unknown(folder / TOKENIZER, "there is no fast tokenizer", "no file")
    try:
        return BertShape(
            n_layers=int(config["num_hidden_layers"]),
            n_heads=int(config["num_attention_heads"]),
            n_dims=int(config["hidden_size"]),
            max_positions=int(config["max_position_embeddings"]),
            norm_epsilon=float(config["layer_norm_eps"]),
            pooling=_pooling(folder),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _unknown(folder, "a setting is missing or is no number", error) from error


def read_weights(folder: Path) -> dict[str, FloatMatrix]:
    """Weights by name, float32, names without the prefix `bert.`."""
    from safetensors import SafetensorError, safe_open

    weights = {}
    try:
        with safe_open(folder / WEIGHTS, framework="numpy") as file:
            for name in file.keys():  # noqa: SIM118 (is no mapping)
                kind = file.get_slice(name).get_dtype()
                if kind not in _NUMPY_TYPES:
                    raise _unknown(folder / WEIGHTS, f"{name} is not of floats", kind)
                tensor = np.asarray(file.get_tensor(name), dtype=np.float32)
                weights[name.removeprefix("bert.")] = tensor
    except (OSError, SafetensorError) as error:
        raise InputError(f"{folder / WEIGHTS}: not readable ({error}); reinstall it") from error
    return weights


def _pooling(folder: Path) -> str:
    """`mean` or `cls`, from the list of modules and the settings of the pooling module."""
    listed = folder / "modules.json"
    modules: Any = _read(listed)
    names = tuple(str(module["type"]).rpartition(".")[2] for module in modules)
    if names not in (_MODULES, _MODULES[:2]):
        raise _unknown(listed, f"modules are not {', '.join(_MODULES)}", ", ".join(names))
    path = folder / str(modules[1]["path"]) / CONFIG
    settings = _read(path)
    modes = {
        key.removeprefix("pooling_mode_").removesuffix("_tokens").removesuffix("_token")
        for key, is_on in settings.items()
        if key.startswith("pooling_mode_") and is_on
    } or {str(settings.get("pooling_mode"))}
    if len(modes) != 1 or not modes <= _POOLINGS:
        found = ", ".join(sorted(modes))
        raise _unknown(path, f"the pooling is not one of {', '.join(sorted(_POOLINGS))}", found)
    return modes.pop()


def _read(path: Path) -> Mapping[str, Any]:
    try:
        content: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path}: not readable ({error}); mend the model folder, or set embed.backend: torch"
        ) from error
    return content


def _unknown(path: Path, what: str, got: object) -> InputError:
    return InputError(
        f"{path}: {what} (got {got}); the fast backend does not know such a model: set "
        "embed.backend: torch"
    )
