"""Any sentence-transformers model, run by sentence-transformers and torch."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from pipeline.records import FloatMatrix


class TorchNetwork:
    """Texts to vectors, for several threads at once, each with one-thread arithmetic.

    Parameters
    ----------
    folder : Path
        A sentence-transformers model.
    max_tokens : int
        Longer texts are cut here.
    """

    def __init__(self, folder: Path, max_tokens: int) -> None:
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(1)
        transformers.logging.disable_progress_bar()
        self._transformer = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        self._transformer.max_seq_length = max_tokens
        self._transformer.eval()
        self.n_dims = int(self._transformer.get_embedding_dimension())
        self._tokenizer_lock = threading.Lock()

    def encode(self, text: str) -> FloatMatrix:
        """Vector of one text, of shape (n_dims,), float32, of any length."""
        import torch

        torch.set_num_threads(1)  # is a setting of each thread
        with self._tokenizer_lock:  # fast tokenizers refuse two callers at once
            features = self._transformer.preprocess([text])
        with torch.inference_mode():
            vector = self._transformer(features)["sentence_embedding"][0].numpy()
        return np.asarray(vector, dtype=np.float32)
