"""One batch of scrapes: pages in, labelled rows out, whatever happens in between.

What is done is kept in the batch's folder in parts that appear whole, so that the same command
goes on where a killed one stopped: pages that were parsed, vectors, parts that were labelled.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline import __version__
from pipeline.core.labels.labelling import Labeller, mark_seen
from pipeline.core.pages.tallies import Tally
from pipeline.desks.seen_before import Earlier, remember_batch
from pipeline.errors import ContractError, InputError
from pipeline.io.batches import BatchPlace, fingerprint_batch, holding_batch, place_batch
from pipeline.io.command import say
from pipeline.io.files import copy_file, read_json, write_json
from pipeline.io.labelled_files import rejected_beside, write_labelled
from pipeline.io.ledger import Ledger
from pipeline.io.models import load_model, model_version
from pipeline.io.params import IngestParams, Params
from pipeline.io.paths import Paths
from pipeline.io.progress import progress_bar
from pipeline.io.readers import Found
from pipeline.io.scratch import scratch_folder
from pipeline.io.shards import label_shard, merge_shards
from pipeline.io.tables import (
    stream_rejected,
    stream_rows,
    table_of,
    write_rejected,
    write_rows,
    write_table,
)
from pipeline.io.vector_cache import CachedEncoder
from pipeline.io.workers import Worker
from pipeline.records import Article, Encoder, FloatMatrix, Labelled, ThemeClassifier
from pipeline.stages.ingest import Gathered, check_articles, find_pages, gather_pages

#: Articles of one part; a duplicate group is never divided.
_SHARD = 512


@dataclass(frozen=True, slots=True)
class LabelledBatch:
    """What was labelled into `out`: where it is kept, with what, and what was read."""

    place: BatchPlace
    out: Path
    fingerprint: str
    classifier: ThemeClassifier
    model_version: str
    tally: Tally


@contextlib.contextmanager
def label_pages(
    inputs: Sequence[Path],
    out: Path,
    settings: Params,
    paths: Paths,
    model: Path,
    first: Worker | None = None,
) -> Iterator[LabelledBatch]:
    """Label the articles of `inputs` into `out`, and keep the batch in the project.

    Killed at any point, the next call with the same inputs goes on; the bytes of the results do
    not tell. While the context is open nobody else can work on the batch; leaving it removes what
    was needed meanwhile.

    Parameters
    ----------
    inputs : Sequence[Path]
        Files, folders, or `-` for standard input.
    out : Path
        Result: .csv, .jsonl or .parquet; what was set aside lies beside it.
    settings : Params
        How to read pages.
    paths : Paths
        The project. Where it cannot be written to, a folder beside `out` serves meanwhile, and
        nothing is known of earlier batches.
    model : Path
        Folder of the model.
    first : Worker, optional
        A process that has started with `stages.ingest.warm_up`.

    Raises
    ------
    InputError
        If there is nothing to label, or a place cannot be written to.
    ContractError
        If the model cannot be used.
    BusyError
        If another process is at the same batch.
    """
    labeller = open_labeller(model, settings)
    with scratch_folder(out.absolute().parent) as scratch:
        found = find_pages(inputs, scratch)
        fingerprint = fingerprint_batch(
            found, __version__, settings.ingest.model_dump(mode="json"), labeller.model_version
        )
        place = place_batch(paths, out, fingerprint)
        if place.home is not None:
            say(f"label: {paths.batches} cannot be written; earlier batches are not known, and "
                "nothing is kept of this one")  # fmt: skip
        with holding_batch(place):
            place.sweep()
            tally, n_shards = _ingest(found, settings.ingest, place, scratch, first)
            if not tally.n_articles:
                copy_file(place.batch.rejected, rejected_beside(out))
                place.clear()
                with _saying_what_was_written(out):
                    check_articles(tally, inputs)
            horizon = _label_shards(labeller, place, settings.ingest, n_shards, tally.n_articles)
            _write_results(place, out, n_shards, tally, scratch)
            labelled = LabelledBatch(
                place,
                out,
                fingerprint,
                labeller.classifier,
                labeller.model_version,
                tally,
            )
            write_json(place.batch.manifest, _manifest_of(labelled, out))
            shards = [place.shard(number) for number in range(n_shards)]
            remember_batch(Ledger(place.ledger), place.batch.batch_id, horizon, shards)
            yield labelled
            place.clear()


def open_labeller(model: Path, settings: Params) -> Labeller:
    """Load a model, and the encoder that it was trained with.

    Raises
    ------
    ContractError
        If the model is not whole, or its encoder cannot be had.
    """
    from pipeline.io.encoders import encoder_for, encoder_of

    classifier = load_model(model)
    # The model knows its encoder; params.yaml may be of a later experiment.
    encoder = encoder_of(classifier.encoder) or encoder_for(settings.embed)
    if classifier.encoder != encoder.model:
        raise ContractError(
            f"{model}: the model was trained on vectors of {classifier.encoder} (got "
            f"{encoder.model} from params.yaml); set embed back, or retrain: dvc repro"
        )
    return Labeller(classifier, encoder, model_version(model))


# Pages → parts


def _ingest(
    found: Found,
    params: IngestParams,
    place: BatchPlace,
    scratch: Path,
    first: Worker | None,
) -> tuple[Tally, int]:
    """Read the pages, unless that is done, into parts; what was read, and how many parts."""
    manifest = place.work / "parts.json"
    if manifest.exists():
        say(f"label: going on with batch {place.batch.batch_id}; its pages were read before")
        return _count_again(place, manifest, Tally(len(found.files) + len(found.refused)))
    place.work.mkdir(parents=True, exist_ok=True)
    store = place.work / "articles.sqlite"
    with gather_pages(found, params, scratch, first, progress=True, kept=store) as gathered:
        write_rejected(place.batch.rejected, gathered.rejected())
        write_rows(place.batch.articles, gathered.articles(), Article)
        n_parts = 0
        for number, articles in enumerate(_parts_of(gathered)):
            write_table(place.shard(number), table_of(articles, Article))
            n_parts = number + 1
    write_json(manifest, {"n_parts": n_parts, "n_contents": gathered.tally.n_contents})
    for path in place.work.glob(f"{store.name}*"):
        path.unlink()
    return gathered.tally, n_parts


def _parts_of(gathered: Gathered) -> Iterator[list[Article]]:
    """Whole duplicate groups, together at least `_SHARD` articles but for the last part."""
    part: list[Article] = []
    for group in gathered.groups():
        part += group
        if len(part) >= _SHARD:
            yield part
            part = []
    if part:
        yield part


def _count_again(place: BatchPlace, manifest: Path, tally: Tally) -> tuple[Tally, int]:
    """Count what was read before as it was counted then; and how many parts there are."""
    known = read_json(manifest)
    tally.n_contents = int(known["n_contents"])
    for _ in tally.articles(stream_rows(place.batch.articles, Article)):
        pass
    for _ in tally.rejected(stream_rejected(place.batch.rejected)):
        pass
    return tally, int(known["n_parts"])


# Parts → labelled parts


class _Watched:
    """An encoder that tells how many texts it has encoded."""

    def __init__(self, encoder: Encoder, advance: Callable[[int], None]) -> None:
        self._encoder, self._advance = encoder, advance
        self.n_encoded = 0

    @property
    def model(self) -> str:
        return self._encoder.model

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        vectors = self._encoder.encode(texts)
        self.n_encoded += len(texts)
        self._advance(len(texts))
        return vectors


def _label_shards(
    labeller: Labeller, place: BatchPlace, params: IngestParams, n_shards: int, n_articles: int
) -> int:
    """Label the parts that are missing; gives the number of the last batch that was known."""
    ledger = Ledger(place.ledger)
    known = place.work / "horizon.json"
    if not known.exists():
        # Other batches may finish before this one goes on.
        write_json(known, {"horizon": ledger.horizon(place.batch.batch_id)})
    earlier = Earlier.of_batch(ledger, int(read_json(known)["horizon"]), params)
    with progress_bar(n_articles, "labelling") as advance:
        watched = _Watched(labeller.encoder, advance)
        cached = CachedEncoder(watched, place.vectors)
        own = Labeller(labeller.classifier, cached, labeller.model_version)

        def label(batch: pa.Table) -> pa.Table:
            watched.n_encoded = 0
            articles = [Article(**record) for record in batch.to_pylist()]
            labelled = mark_seen(own.label_batch(batch), earlier.find_seen(articles))
            advance(batch.num_rows - watched.n_encoded)
            return labelled

        for number in range(n_shards):
            if not label_shard(place.shard(number), place.labelled_shard(number), label):
                advance(_SHARD)
    return earlier.horizon


# Labelled parts → results


def _write_results(
    place: BatchPlace, out: Path, n_shards: int, tally: Tally, scratch: Path
) -> None:
    """Put the parts together for the project, then for the person who asked.

    `scratch` lies beside `out`: what a killed process leaves there is swept up by the next.
    """
    labelled = [place.labelled_shard(number) for number in range(n_shards)]
    write_rows(place.batch.labelled, merge_shards(labelled, place.work), Labelled)
    rejected = rejected_beside(out)
    if tally.n_rejected:
        copy_file(place.batch.rejected, scratch / rejected.name)
        (scratch / rejected.name).replace(rejected)
    else:
        rejected.unlink(missing_ok=True)  # of an earlier run: it would mislead
    write_labelled(scratch / out.name, stream_rows(place.batch.labelled, Labelled))
    (scratch / out.name).replace(out)


def _manifest_of(labelled: LabelledBatch, out: Path) -> dict[str, object]:
    return {
        "schema_version": "batch_manifest/1",
        "batch_id": labelled.place.batch.batch_id,
        "fingerprint": labelled.fingerprint,
        "model_version": labelled.model_version,
        "out": out.name,
        "counts": dict(labelled.tally.counts),
    }


@contextlib.contextmanager
def _saying_what_was_written(out: Path) -> Iterator[None]:
    """Add to an InputError what became of the files of `label`."""
    try:
        yield
    except InputError as error:
        old = "; what it holds is of an earlier run" if out.exists() else ""
        raise InputError(
            f"{error}\n{rejected_beside(out)}: all rejected items\n{out}: not written{old}"
        ) from error
