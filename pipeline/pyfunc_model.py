"""The code that MLflow stores beside each model and runs to load it: no pickle, no copy of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mlflow.models import set_model
from mlflow.pyfunc import PythonModel

from pipeline.serving import LabelledText, TextLabeller, open_labeller


class NewsthemesModel(PythonModel):  # type: ignore[misc]
    """Texts to themes; MLflow reads its signature off the type hints of `predict`."""

    def load_context(self, context: Any) -> None:
        """Remember where the model is; the encoder is loaded with the first text."""
        self._folder = Path(context.artifacts["model"])
        self._encoder = dict(context.model_config)
        self._labeller: TextLabeller | None = None

    def predict(
        self,
        context: Any,  # noqa: ARG002
        model_input: list[str],
        params: Any = None,  # noqa: ARG002
    ) -> list[LabelledText]:
        """One answer for each text."""
        if self._labeller is None:
            self._labeller = open_labeller(self._folder, **self._encoder)
        return self._labeller.label(model_input)


set_model(NewsthemesModel())
