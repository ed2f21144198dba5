"""Experiments and models in MLflow, which is imported only here and only inside functions.

Everything lives in mlruns/: the database mlflow.db and the files in artifacts/.

store     opens MLflow on mlruns/, and makes its database safely
runs      one run for each result of the pipeline, one for each labelled batch
versions  registered models: the gate, and the champion that people choose
"""

from pipeline.io.registry import custom_uri
from pipeline.tracking.runs import Logged, is_logged, log_batch, log_result
from pipeline.tracking.store import initialise, ui_command
from pipeline.tracking.versions import choose_champion

__all__ = [
    "Logged",
    "choose_champion",
    "custom_uri",
    "initialise",
    "is_logged",
    "log_batch",
    "log_result",
    "ui_command",
]
