"""A BERT sentence encoder as an OpenVINO graph, built from its weights: torch is never loaded.

One text is one inference, of as many tokens as it has, on one thread: nothing is padded, and a
vector depends on nothing but its text. Source of the architecture: Devlin et al., "BERT:
Pre-training of Deep Bidirectional Transformers", 2019, section 3.
"""

from __future__ import annotations

import queue
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.errors import InputError
from pipeline.io.bert_folder import TOKENIZER, BertShape, read_shape, read_weights
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    from openvino import CompiledModel, InferRequest, Model, Node
    from tokenizers import Tokenizer

#: Stands first in the names of the weights of a layer.
_LAYER = "encoder.layer.{}."


class OpenVinoNetwork:
    """Texts to vectors, for several threads at once.

    Parameters
    ----------
    folder : Path
        A sentence-transformers model that `read_shape` knows.
    max_tokens : int
        Longer texts are cut here, as sentence-transformers does.
    n_threads : int
        Inferences at once; each has one thread. Changes no number.
    precision : str
        `f32`, or `bf16` where the processor computes with it.

    Raises
    ------
    InputError
        If the model is of an unknown kind, or the processor does not know the precision.
    """

    def __init__(self, folder: Path, max_tokens: int, n_threads: int, precision: str) -> None:
        shape = read_shape(folder)
        self.n_dims = shape.n_dims
        self._tokenizer = _read_tokenizer(folder / TOKENIZER, max_tokens)
        compiled = _compile(shape, read_weights(folder), n_threads, precision)
        self._idle: queue.SimpleQueue[InferRequest] = queue.SimpleQueue()
        for _ in range(n_threads):
            self._idle.put(compiled.create_infer_request())

    def encode(self, text: str) -> FloatMatrix:
        """Vector of one text, of shape (n_dims,), float32, of any length."""
        tokens = np.array(self._tokenizer.encode(text).ids, dtype=np.int64)
        request = self._idle.get()
        try:
            return np.array(request.infer([tokens])[0], dtype=np.float32)
        finally:
            self._idle.put(request)


def check_openvino(folder: Path, max_tokens: int) -> None:
    """Raise InputError where `OpenVinoNetwork` could not serve this model; loads nothing."""
    shape = read_shape(folder)
    if max_tokens > shape.max_positions:
        raise InputError(
            f"params.yaml: embed.max_tokens: must be at most {shape.max_positions} for this model "
            f"(got {max_tokens}); lower it"
        )


def _read_tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises no narrower one
        raise InputError(f"{path}: not readable ({error}); reinstall the model") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def _import_openvino() -> Any:
    """OpenVINO, kept from reporting its use: by default each import sends an event to Google."""
    if "openvino" not in sys.modules:
        # It imports this package where it can, and does without where it cannot.
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    try:
        import openvino
    except ImportError as error:
        raise InputError(
            f"params.yaml: embed.backend: openvino cannot be loaded ({error}); run: make setup, or "
            "use torch"
        ) from error
    return openvino


def _compile(
    shape: BertShape, weights: dict[str, FloatMatrix], n_threads: int, precision: str
) -> CompiledModel:
    openvino = _import_openvino()
    settings = {
        # Left alone, it takes bfloat16 wherever the processor has it.
        "INFERENCE_PRECISION_HINT": precision,
        "NUM_STREAMS": str(n_threads),
        "INFERENCE_NUM_THREADS": str(n_threads),
        # Pinned, several processes would share the first cores and leave the others idle.
        "ENABLE_CPU_PINNING": "NO",
    }
    try:
        compiled = openvino.Core().compile_model(build_graph(shape, weights), "CPU", settings)
    except KeyError as error:
        raise InputError(
            f"model.safetensors: no weight {error} of a BERT encoder; set embed.backend: torch"
        ) from error
    found = compiled.get_property("INFERENCE_PRECISION_HINT").to_string()
    if found != precision:
        raise InputError(
            f"params.yaml: embed.backend: this processor does not compute with {precision} (got "
            f"{found}); use openvino"
        )
    return compiled


def build_graph(shape: BertShape, weights: dict[str, FloatMatrix]) -> Model:
    """Graph from token numbers, of shape (n,), to one vector, of shape (n_dims,)."""
    openvino = _import_openvino()
    build = _Graph(shape, weights)
    tokens = build.op.parameter([-1], np.int64, name="tokens")
    states = build.embedded(tokens)
    for number in range(shape.n_layers):
        states = build.layer(states, _LAYER.format(number))
    return openvino.Model([build.pooled(states)], [tokens], "encoder")


class _Graph:
    """Parts of the network; states have shape (1, tokens, n_dims)."""

    def __init__(self, shape: BertShape, weights: dict[str, FloatMatrix]) -> None:
        import openvino.opset13 as op

        self.op, self._shape, self._weights = op, shape, weights

    def embedded(self, tokens: Node) -> Node:
        """What the first layer reads: words and their places; all of the first of two texts."""
        op, table = self.op, "embeddings.{}_embeddings.weight"
        words = op.gather(self._weight(table.format("word")), tokens, self._integers(0))
        places = self._weights[table.format("position")]
        places = places + self._weights[table.format("token_type")][0]
        taken = op.slice(
            op.constant(places),
            self._integers([0]),
            op.shape_of(tokens),
            self._integers([1]),
            self._integers([0]),
        )
        states = op.unsqueeze(op.add(words, taken), self._integers(0))
        return self._normalized(states, "embeddings.LayerNorm")

    def layer(self, states: Node, name: str) -> Node:
        """One layer: attention, then two linear maps of each token, each added to its input."""
        op = self.op
        attended = self._linear(self._attention(states, name), name + "attention.output.dense")
        states = self._normalized(op.add(states, attended), name + "attention.output.LayerNorm")
        inner = op.gelu(self._linear(states, name + "intermediate.dense"), "erf")
        mapped = self._linear(inner, name + "output.dense")
        return self._normalized(op.add(states, mapped), name + "output.LayerNorm")

    def pooled(self, states: Node) -> Node:
        """One vector: the mean over tokens, or that of the first token."""
        if self._shape.pooling == "mean":
            return self.op.reduce_mean(states, self._integers([0, 1]), False)
        first = self.op.gather(states, self._integers(0), self._integers(1))
        return self.op.squeeze(first, self._integers([0]))

    def _attention(self, states: Node, name: str) -> Node:
        op, n_heads = self.op, self._shape.n_heads
        split = self._integers([0, 0, n_heads, self._shape.n_dims // n_heads])
        swap = self._integers([0, 2, 1, 3])
        query, key, value = (
            op.transpose(
                op.reshape(self._linear(states, f"{name}attention.self.{part}"), split, True), swap
            )
            for part in ("query", "key", "value")
        )
        mixed = op.transpose(op.scaled_dot_product_attention(query, key, value), swap)
        return op.reshape(mixed, self._integers([0, 0, self._shape.n_dims]), True)

    def _linear(self, states: Node, name: str) -> Node:
        product = self.op.matmul(states, self._weight(f"{name}.weight"), False, True)
        return self.op.add(product, self._weight(f"{name}.bias"))

    def _normalized(self, states: Node, name: str) -> Node:
        epsilon = self._shape.norm_epsilon
        even = self.op.mvn(states, self._integers([-1]), True, epsilon, "inside_sqrt")
        scaled = self.op.multiply(even, self._weight(f"{name}.weight"))
        return self.op.add(scaled, self._weight(f"{name}.bias"))

    def _weight(self, name: str) -> Node:
        return self.op.constant(self._weights[name])

    def _integers(self, values: int | list[int]) -> Node:
        return self.op.constant(np.array(values, dtype=np.int64))
