"""`newsthemes label`: give new scrapes the themes that the champion knows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import (
    Debug,
    Inputs,
    ParamsFile,
    find_params,
    find_project,
    run_command,
    spare_inputs,
    with_worker,
)
from pipeline.errors import ContractError
from pipeline.io.command import say
from pipeline.io.paths import Paths
from pipeline.io.progress import counted

if TYPE_CHECKING:
    from pipeline.core.batches.summary import BatchSummary
    from pipeline.desks.labelling import LabelledBatch
    from pipeline.io.workers import Worker


def label(
    inputs: Inputs,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Result: .csv, .jsonl or .parquet.")
    ],
    params: ParamsFile = None,
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the summary as JSON on standard output.")
    ] = False,
    track: Annotated[
        bool, typer.Option("--track/--no-track", help="Log the batch as a run in MLflow.")
    ] = True,
    debug: Debug = False,
) -> None:
    """Label new scrapes with the current champion, or with data/model/ where there is none.

    What cannot be read goes to FILE.rejected.jsonl. If it is interrupted, the same command goes
    on. The batch is kept in data/batches/, with a report; later ones know what was seen before.
    """

    def work(first: Worker) -> None:
        from pipeline.desks.label_desk import log_labelled, report_labelled
        from pipeline.desks.labelling import label_pages
        from pipeline.io.files import check_writable
        from pipeline.io.labelled_files import check_ending, rejected_beside
        from pipeline.io.params import load_params
        from pipeline.stages.ingest import check_rejected

        check_ending(out)
        spare_inputs(inputs, out, [out, rejected_beside(out)])
        settings = load_params(find_params(params))
        check_writable(out)
        paths = Paths.of_project(find_project())
        folder = _find_model(paths, settings.track.model_name)
        with label_pages(inputs, out, settings, paths, folder, first) as labelled:
            summary = report_labelled(labelled, paths, settings)
            _tell(labelled, summary, as_json=as_json)
        if track and summary is not None:
            log_labelled(labelled, paths)
        check_rejected(labelled.tally, settings.ingest)

    run_command(with_worker(work), debug=debug)


def _tell(labelled: LabelledBatch, summary: BatchSummary | None, *, as_json: bool) -> None:
    """Say what was found: to a person on standard error, to a program on standard output."""
    from pipeline.desks.batch_report import show_summary
    from pipeline.io.files import read_json

    batch = labelled.place.batch
    if as_json:
        told = read_json(batch.manifest if summary is None else batch.summary)
        typer.echo(json.dumps(told, ensure_ascii=False))
    if summary is not None:
        is_kept = labelled.place.home is None
        show_summary(summary, batch.report if is_kept else None, sys.stderr)
    else:
        say(f"label: {counted(labelled.tally.n_articles, 'article')} labelled")


def _find_model(paths: Paths, model_name: str) -> Path:
    from pipeline.io.registry import champion_folder

    champion = champion_folder(paths.mlruns, model_name)
    if champion is not None:
        say(f"label: champion, version {champion.version} of {model_name}")
        return champion.folder
    if paths.model.is_dir():
        say(f"label: no champion in {paths.mlruns}; using {paths.model}")
        return paths.model
    raise ContractError(f"{paths.model}: no model yet; run: dvc repro")
