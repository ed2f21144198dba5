"""What a labelled batch holds, what drifted, and what may be emerging: files and an MLflow run.

`report_batch` is part of `newsthemes label`, so nothing here imports mlflow. The run is logged by
a process of its own: python -m pipeline.desks.batch_report LOG <batch id>.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from pipeline.core.batches.candidates import find_candidates, growth_of, newest_day
from pipeline.core.batches.summarise import Unknowns, summarise
from pipeline.core.batches.summary import BatchSummary, CandidateNote
from pipeline.core.batches.tally import ARTICLE_COLUMNS, LABELLED_COLUMNS, Tally
from pipeline.desks.unknown_pool import UnknownPool, gather_unknown
from pipeline.errors import ContractError, UsageError
from pipeline.io.batch_files import count_rejected, stream_blocks, write_candidates
from pipeline.io.command import run_guarded, say
from pipeline.io.files import write_json, write_text
from pipeline.io.models import load_profile, model_version
from pipeline.io.params import Params, load_params
from pipeline.io.paths import BatchPaths, Paths
from pipeline.io.registry import champion_folder
from pipeline.records import (
    ARTICLES,
    LABELLED,
    Candidate,
    ThemeClassifier,
    TrainingProfile,
)


def report_batch(
    paths: Paths, batch: BatchPaths, classifier: ThemeClassifier, params: Params
) -> BatchSummary:
    """Write summary.json, candidates.json and report.html of a labelled batch.

    The tables are read in blocks; of the unknown alone, and of so many at most, vectors are held.

    Parameters
    ----------
    paths : Paths
        The project.
    batch : BatchPaths
        With whole articles.parquet and labelled.parquet.
    classifier : ThemeClassifier
        What the batch was labelled with.
    params : Params
        For the seed and the number of resamples.

    Raises
    ------
    ContractError
        If a table of the batch is not whole.
    InputError
        If its folder cannot be written to.
    """
    from pipeline.core.report.batch_page import render_batch

    tally = _count(batch)
    pool = gather_unknown(paths, batch, classifier)
    candidates = find_candidates(
        pool.articles, pool.vectors, classifier.references, pool.background
    )
    summary = summarise(
        tally,
        _find_profile(paths, params, tally.model_version),
        batch_id=batch.batch_id,
        n_rejected=count_rejected(batch),
        names=dict(zip(classifier.classes, classifier.names, strict=True)),
        unknowns=_note(candidates, pool),
        n_resamples=params.evaluate.n_bootstrap,
        seed=params.seed,
    )
    write_candidates(batch, candidates)
    write_json(batch.summary, asdict(summary))
    write_text(batch.report, render_batch(summary, candidates))
    return summary


def show_summary(summary: BatchSummary, report: Path | None, file: TextIO) -> None:
    """Print what is said of a batch; `report` is its page, None where it was not kept."""
    from pipeline.core.batches.lines import COLUMNS, lines_of, theme_rows, title_of
    from pipeline.io.terminal import show_lines, show_table

    show_table(title_of(summary), COLUMNS, theme_rows(summary), file)
    lines = lines_of(summary)
    show_lines([*lines, f"Report: {report}"] if report else lines, file)


def _count(batch: BatchPaths) -> Tally:
    tally = Tally()
    for block in stream_blocks(batch.labelled, LABELLED, LABELLED_COLUMNS):
        tally.add_labelled(block)
    for block in stream_blocks(batch.articles, ARTICLES, ARTICLE_COLUMNS):
        tally.add_articles(block)
    return tally


def _note(candidates: Sequence[Candidate], pool: UnknownPool) -> Unknowns:
    newest = newest_day(pool.articles)
    notes = tuple(
        CandidateNote(
            candidate_id=c.candidate_id,
            name=c.name,
            n_articles=c.n_articles,
            n_sources=c.n_sources,
            n_batches=c.n_batches,
            growth=growth_of(c, newest),
            first_seen=c.first_seen,
            last_seen=c.last_seen,
        )
        for c in candidates
    )
    return Unknowns(notes, len(pool.articles), pool.n_left_out, pool.n_batches)


def _find_profile(paths: Paths, params: Params, version: str) -> TrainingProfile | None:
    """What the model of that version was trained on; None where none of ours says so."""
    champion = champion_folder(paths.mlruns, params.track.model_name)
    folders = [champion.folder] if champion else []
    for folder in (*folders, paths.model):
        try:
            if model_version(folder) == version:
                return load_profile(folder)
        except ContractError:  # a model that is being made, say
            continue
    return None


def log_report(paths: Paths, params: Params, batch_id: str) -> None:
    """Log a reported batch as a run of its experiment; the same batch is logged once.

    Raises
    ------
    UsageError
        If there is no such batch, or it has no report.
    """
    from pipeline.core.batches.run import describe_run, name_experiment
    from pipeline.io.files import read_json
    from pipeline.io.results import BatchRun, hash_file
    from pipeline.tracking import log_batch

    batch = paths.batch(batch_id)
    if not batch.summary.is_file():
        raise UsageError(
            f"{batch.summary}: missing (got batch '{batch_id}'); label these pages again"
        )
    champion = champion_folder(paths.mlruns, params.track.model_name)
    files = tuple(p for p in (batch.summary, batch.report, batch.candidates) if p.is_file())
    run = describe_run(
        read_json(batch.summary),
        champion_version=str(champion.version) if champion else None,
        champion_run=champion.run_id if champion else None,
        champion_hash=model_version(champion.folder) if champion else None,
        hashes={path.name: hash_file(path) for path in files},
    )
    experiment = name_experiment(params.track.experiment)
    run_id = log_batch(
        paths,
        BatchRun(
            experiment=experiment,
            name=run.name,
            fingerprint=run.fingerprint,
            params=run.params,
            metrics=run.metrics,
            tags=run.tags,
            files=files,
        ),
    )
    say(f"label: batch {batch_id} is in MLflow, experiment {experiment} ({run_id})")


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says; gives the exit code."""

    def work() -> None:
        if len(arguments) != 2 or arguments[0] != "LOG":
            raise UsageError(
                f"batch_report: takes LOG and the id of a batch (got {' '.join(arguments)!r}); "
                "run: python -m pipeline.desks.batch_report LOG <batch id>"
            )
        paths = Paths.of_project(Path.cwd())
        log_report(paths, load_params(paths.params), arguments[1])

    return run_guarded(work)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
