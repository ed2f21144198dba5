"""`newsthemes label`: give new scrapes the themes that the champion knows."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli_options import (
    Debug,
    Inputs,
    ParamsFile,
    find_params,
    find_project,
    run_command,
    spare_inputs,
    with_worker,
)
from pipeline.errors import ContractError, InputError
from pipeline.io.command import say
from pipeline.io.paths import Paths

if TYPE_CHECKING:
    from pipeline.io.workers import Worker


def label(
    inputs: Inputs,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Result: .csv, .jsonl or .parquet.")
    ],
    params: ParamsFile = None,
    *,
    debug: Debug = False,
) -> None:
    """Label new scrapes with the current champion, or with data/model/ where there is none.

    What cannot be read goes to FILE.rejected.jsonl; the summary goes to standard error.
    """

    def work(first: Worker) -> None:
        from pipeline.core.labels.labelling import label_articles
        from pipeline.io.encoders import SentenceEncoder, encoder_of
        from pipeline.io.files import check_writable
        from pipeline.io.labelled_files import check_ending, rejected_beside, write_labelled
        from pipeline.io.models import load_model, model_version
        from pipeline.io.params import load_params
        from pipeline.io.tables import write_rejected
        from pipeline.io.terminal import show_labels
        from pipeline.stages.embed import embed
        from pipeline.stages.ingest import check_articles, check_rejected
        from pipeline.stages.ingest import ingest as read_pages

        check_ending(out)
        rejected = rejected_beside(out)
        spare_inputs(inputs, out, [out, rejected])
        params_file = find_params(params)
        settings = load_params(params_file)
        check_writable(out)
        paths = Paths.of_project(find_project())
        folder = _find_model(paths, settings.track.model_name)
        classifier = load_model(folder)
        # The model knows its encoder; params.yaml may be of a later experiment.
        encoder = encoder_of(classifier.encoder) or SentenceEncoder(
            settings.embed.model, settings.embed.max_tokens
        )
        if classifier.encoder != encoder.model:
            raise ContractError(
                f"{folder}: the model was trained on vectors of {classifier.encoder} (got "
                f"{encoder.model} from {params_file}); set embed back, or retrain: dvc repro"
            )
        ingested = read_pages(
            inputs, settings.ingest, progress=True, scratch=out.parent, first=first
        )
        if not ingested.articles:
            write_rejected(rejected, ingested.rejected)
            with _saying_what_was_written(out, rejected):
                check_articles(ingested.tally, inputs)
        originals = [article for article in ingested.articles if article.is_canonical]
        embeddings = embed(originals, encoder, paths.embedding_cache)
        rows = label_articles(classifier, ingested.articles, embeddings, model_version(folder))
        write_labelled(out, rows)
        if ingested.rejected:
            write_rejected(rejected, ingested.rejected)
        else:
            rejected.unlink(missing_ok=True)  # of an earlier run: it would mislead
        show_labels(rows, len(ingested.rejected), sys.stderr)
        check_rejected(ingested.tally, settings.ingest)

    run_command(with_worker(work), debug=debug)


@contextmanager
def _saying_what_was_written(out: Path, rejected: Path) -> Iterator[None]:
    """Add to an InputError what became of the files of `label`."""
    try:
        yield
    except InputError as error:
        old = "; what it holds is of an earlier run" if out.exists() else ""
        raise InputError(
            f"{error}\n{rejected}: all rejected items\n{out}: not written{old}"
        ) from error


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
