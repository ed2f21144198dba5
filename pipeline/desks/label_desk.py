"""What follows when a batch is labelled: its report, and its run in MLflow."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

from pipeline.desks.batch_report import report_batch
from pipeline.errors import NewsthemesError
from pipeline.io.command import say
from pipeline.io.registry import DATABASE

if TYPE_CHECKING:
    from pipeline.core.batches.summary import BatchSummary
    from pipeline.desks.labelling import LabelledBatch
    from pipeline.io.params import Params
    from pipeline.io.paths import Paths


def report_labelled(labelled: LabelledBatch, paths: Paths, settings: Params) -> BatchSummary | None:
    """Report on a batch; None, and a word on standard error, where that cannot be done.

    Its labels are written by then, and are not worth less for it.
    """
    try:
        return report_batch(paths, labelled.place.batch, labelled.classifier, settings)
    except NewsthemesError as error:
        say(f"label: no report of this batch: {error}")
        return None


def log_labelled(labelled: LabelledBatch, paths: Paths) -> None:
    """Log a batch that was reported, if there is a database of runs.

    In a process of its own: importing MLflow would cost labelling two seconds and 170 MB. If it
    fails, it says so on standard error.
    """
    if labelled.place.home is not None or not (paths.mlruns / DATABASE).exists():
        return
    batch_id = labelled.place.batch.batch_id
    found = [path for path in sys.path if path]
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.desks.batch_report", "LOG", batch_id],
        cwd=paths.root,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(found)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # ours may be read as data
        check=False,
    )
    if done.returncode:
        say(
            f"label: batch {batch_id} was labelled, but is not in MLflow (exit {done.returncode}); "
            "label it again to try once more, or leave it out: --no-track"
        )
