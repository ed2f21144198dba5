"""SetFit as a peer: it runs in an environment of its own, on the same encoder.

20 pairs of each kind for each text as in the paper (Tunstall et al., 2022), one epoch, batches of
16, otherwise as it comes: all pairs would take hours on a processor. Started as a script it reads
one job as JSON and writes the classes that it answers.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from benchmarks.label_sets import Task


def setfit_answers(
    task: Task, labelled: npt.NDArray[np.intp], python: str
) -> npt.NDArray[np.int64]:
    """Class of each row to answer for, by the `python` of an environment that has setfit."""
    import numpy as np

    from benchmarks.labelled_sets import ENCODER, MAX_TOKENS
    from pipeline.io.encoders import find_model

    train = task.train.take(labelled)
    job = {
        "model": str(find_model(ENCODER)),
        "max_tokens": MAX_TOKENS,
        "texts": train.texts,
        "classes": train.classes.tolist(),
        "new": task.test.texts,
    }
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "job.json", Path(folder) / "answers.json"
        asked.write_text(json.dumps(job))
        subprocess.run([python, __file__, asked, answered], check=True, capture_output=True)
        return np.array(json.loads(answered.read_text()), dtype=np.int64)


def _answer(asked: Path, answered: Path) -> None:
    """Train and answer; only here is setfit imported."""
    import torch
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    torch.set_num_threads(1)
    job = json.loads(asked.read_text())
    model = SetFitModel.from_pretrained(job["model"], local_files_only=True)
    model.model_body.max_seq_length = job["max_tokens"]
    arguments = TrainingArguments(
        output_dir=str(asked.parent), batch_size=16, num_epochs=1,
        num_iterations=20,
        report_to="none", save_strategy="no", max_length=job["max_tokens"],
    )  # fmt: skip
    rows = Dataset.from_dict({"text": job["texts"], "label": job["classes"]})
    Trainer(model=model, args=arguments, train_dataset=rows).train()
    answered.write_text(json.dumps([int(c) for c in model.predict(job["new"])]))


if __name__ == "__main__":
    _answer(Path(sys.argv[1]), Path(sys.argv[2]))
