"""newsthemes: finds, names and follows the themes in scraped news.

records.py   the nouns that stages exchange         errors.py  what a person can cause, and mend
core/        pure: values in, values out (nouns)    io/        disk, formats, YAML, models
stages/      one module per stage of dvc.yaml       tracking/  the only importer of mlflow
desks/       what commands do beyond one stage      commands/  their arguments and options
cli.py       what people type
"""

from __future__ import annotations

import os

# Nothing here needs the network, and nobody is told that it runs. Set before any library is
# imported that would read these; a user's own setting wins.
for _name, _value in {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "DVC_NO_ANALYTICS": "true",
}.items():
    os.environ.setdefault(_name, _value)

__version__ = "0.1.0"
