"""Answers for plain texts, as MLflow serves them: one text in, one record out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from pipeline.core.labels.classifier import predict
from pipeline.errors import InputError
from pipeline.io.encoders import SentenceEncoder
from pipeline.io.models import load_model
from pipeline.records import Embeddings, Encoder


class LabelledText(BaseModel):
    """The answer for one text; fields as in `records.Labelled`."""

    theme: str
    theme_name: str
    probability: float
    alternatives: list[str]
    novelty: float
    reason: str


class TextLabeller:
    """A trained model with the encoder that it was trained with.

    Parameters
    ----------
    folder : Path
        Holds model.safetensors and model.json.
    encoder : Encoder
        Must be the one that the model names.

    Raises
    ------
    InputError
        If the encoder is another one: its vectors would mean nothing to the model.
    """

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        self._classifier = load_model(folder)
        self._encoder = encoder
        if encoder.model != self._classifier.encoder:
            raise InputError(
                f"{folder}: trained with encoder '{self._classifier.encoder}' (got "
                f"'{encoder.model}'); install that encoder, or run: dvc repro"
            )

    def label(self, texts: Sequence[str]) -> list[LabelledText]:
        """One answer for each text, in the same order."""
        if not texts:
            return []
        # Names of the rows: sorted, so that they stay in the order of the texts.
        ids = [f"{number:012d}" for number in range(len(texts))]
        embeddings = Embeddings(tuple(ids), self._encoder.encode(texts), self._encoder.model)
        answers = predict(self._classifier, texts, embeddings, ids, [None] * len(texts))
        return [
            LabelledText(
                theme=answer.theme,
                theme_name=answer.theme_name,
                probability=answer.probability,
                alternatives=list(answer.alternatives),
                novelty=answer.novelty,
                reason=answer.reason,
            )
            for answer in answers
        ]


def open_labeller(
    folder: Path, encoder_name: str, max_tokens: int, backend: str = "torch"
) -> TextLabeller:
    """Labeller with the encoder of that name; raises as `SentenceEncoder` and `TextLabeller`.

    Models that were stored before there was a choice of backends name none: it was torch.
    """
    return TextLabeller(folder, SentenceEncoder(encoder_name, max_tokens, backend))
