"""Scraped pages → articles.parquet and rejected.jsonl.

Pages are parsed in processes of their own, within limits of time and memory; what they give is
kept on disk until all is read, so that memory does not grow with the number of pages.
"""

from __future__ import annotations

import contextlib
import logging
import math
import pickle
import tempfile
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import InputError, TooManyRejected
from pipeline.io.containers import CONTAINERS, Refusal, Unit, cut_container, single_records
from pipeline.io.contents import UnreadableFile, chunks_of, read_content, spool_stdin
from pipeline.io.progress import counted, one_line, watched
from pipeline.io.readers import Format, Found, SourceFile, find_files
from pipeline.io.worker_pool import Lost, WorkerPool
from pipeline.io.worker_process import Work, address_of
from pipeline.io.workers import Worker, WorkerLost, WorkerStream, n_cores
from pipeline.records import Article, Rejected

if TYPE_CHECKING:
    from pipeline.core.copies.duplicates import CopyMark, Sketch
    from pipeline.core.formats.rows import BadRow, Row
    from pipeline.core.pages.tallies import Tally
    from pipeline.io.article_store import ArticleStore
    from pipeline.io.params import IngestParams, Params
    from pipeline.io.paths import Paths

#: Processor time that parsing takes, roughly: seconds for each file and for each megabyte.
_PER_FILE = 0.004
_PER_MB: Mapping[Format, float] = {"html": 4.0, "warc": 4.0}
_PER_MB_OF_TEXT = 2.0
_UNPACKED = 4
#: A further process pays for its start (a second) if it takes so many seconds of work.
_WORTH_A_PROCESS = 2.0

#: The order of day and month in a table is seen from so many dates, or from all there are; a
#: table that begins with so many units without one is taken to have none.
_MAX_DATES = 1000
_MAX_UNDATED = 100
#: A larger unit holds a record of a size that is left to the processes that may die of it.
_MAX_LOOKED = 1_000_000
_N_SNIFFED = 200_000
_N_EXCERPT = 800

# What it logs is said by rejected.jsonl. Set here, because workers import this.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Ingested:
    """All that was read: articles by id, and what was set aside, by file and line."""

    articles: tuple[Article, ...]
    rejected: tuple[Rejected, ...]
    tally: Tally

    @property
    def counts(self) -> Mapping[str, int | float]:
        """What `metrics/ingest.json` says."""
        return self.tally.counts


def ingest(
    inputs: Sequence[Path],
    params: IngestParams,
    *,
    progress: bool = False,
    scratch: Path | None = None,
    first: Worker | None = None,
) -> Ingested:
    """Read files, folders or `-` (standard input) into articles, all of them in memory.

    `scratch` is a folder that may be written to; by default the system's. `first` is a process
    that has started with `warm_up`. Keep what was set aside before calling `check_articles` and
    `check_rejected`.
    """
    from pipeline.io.scratch import scratch_folder

    with (
        scratch_folder(scratch or Path(tempfile.gettempdir())) as folder,
        gather_pages(
            find_pages(inputs, folder), params, folder, first, progress=progress
        ) as gathered,
    ):
        return Ingested(tuple(gathered.articles()), tuple(gathered.rejected()), gathered.tally)


def ingest_into(
    paths: Paths, inputs: Sequence[Path], params: IngestParams, first: Worker | None = None
) -> None:
    """Write the articles of `inputs`, what was set aside, and the counts; then judge them.

    `first` is a process that has started with `warm_up`.
    """
    from pipeline.io.command import say
    from pipeline.io.files import write_json
    from pipeline.io.scratch import scratch_folder
    from pipeline.io.tables import write_rejected, write_rows

    with (
        scratch_folder(paths.articles.parent) as folder,
        gather_pages(find_pages(inputs, folder), params, folder, first, progress=True) as gathered,
    ):
        write_rejected(paths.rejected, gathered.rejected())
        write_rows(paths.articles, gathered.articles(), Article)
    tally = gathered.tally
    write_json(paths.metrics("ingest"), tally.counts)
    check_articles(tally, inputs)
    check_rejected(tally, params)
    say(
        f"ingest: {counted(tally.n_articles, 'article')} ({tally.n_distinct} distinct) "
        f"from {counted(tally.n_files, 'file')}; {counted(tally.n_rejected, 'item')} rejected"
    )


def check_articles(tally: Tally, inputs: Sequence[Path]) -> None:
    """Raise InputError if nothing at all became an article; call it as `check_rejected`."""
    if not tally.n_articles:
        place = ", ".join(one_line(path) for path in inputs)
        codes = ", ".join(f"{code} {n}" for code, n in tally.codes.items())
        shown = [f"  {one_line(row.source_file)}: {one_line(row.message)}" for row in tally.shown]
        raise InputError(
            f"{place}: no articles (got {counted(tally.n_rejected, 'rejected item')}: "
            f"{codes}); check that these are news pages\n" + "\n".join(shown)
        )


def check_rejected(tally: Tally, params: IngestParams) -> None:
    """Raise TooManyRejected above `max_rejected_share`; call it after the outputs are written."""
    if tally.rejected_share > params.max_rejected_share:
        codes = ", ".join(f"{code} {n}" for code, n in tally.codes.items())
        raise TooManyRejected(
            f"ingest: {tally.n_rejected} of {counted(tally.n_items, 'item')} rejected (got "
            f"{codes}), above ingest.max_rejected_share {params.max_rejected_share:g}; "
            "see the rejected rows, mend or remove those files, or raise the share"
        )


# Gathering: the parent process


class Gathered:
    """What was read, on disk; the tally is whole when both have been given to the end."""

    def __init__(self, store: ArticleStore, marks: Mapping[str, CopyMark], n_files: int) -> None:
        from pipeline.core.pages.tallies import Tally

        self._store, self._marks = store, marks
        self.tally = Tally(n_files)
        self.tally.n_contents = store.n_contents

    def articles(self) -> Iterator[Article]:
        """Give the articles by id, with what is known of their copies."""
        from pipeline.core.copies.duplicates import mark_copy

        return self.tally.articles(
            mark_copy(article, self._marks[article.article_id])
            for article in self._store.articles()
        )

    def groups(self) -> Iterator[list[Article]]:
        """Give the articles once more: each duplicate group whole, by its name, its members by id.

        They are not counted.
        """
        from pipeline.core.copies.duplicates import mark_copy

        def group_of(article_id: str) -> str:
            return self._marks[article_id].duplicate_group

        ordered = sorted(self._marks, key=lambda article_id: (group_of(article_id), article_id))
        for _, members in groupby(ordered, key=group_of):
            yield [mark_copy(self._store.article(i), self._marks[i]) for i in members]

    def rejected(self) -> Iterator[Rejected]:
        """Give what was set aside, by file and line."""
        return self.tally.rejected(self._store.rejected())


def find_pages(inputs: Sequence[Path], scratch: Path) -> Found:
    """Find the files of `inputs`, and put standard input into one in `scratch`.

    Raises
    ------
    InputError
        As `find_files`.
    """
    found = find_files(inputs)
    files = (_spooled(file, scratch) if file.format == "stdin" else file for file in found.files)
    return replace(found, files=tuple(files))


@contextlib.contextmanager
def gather_pages(
    found: Found,
    params: IngestParams,
    scratch: Path,
    first: Worker | None = None,
    *,
    progress: bool,
    kept: Path | None = None,
) -> Iterator[Gathered]:
    """Read all pages, and find their copies; memory holds a sketch of each article.

    Parameters
    ----------
    found : Found
        From `find_pages`.
    params : IngestParams
        How to read them.
    scratch : Path
        A folder for what is needed meanwhile.
    first : Worker, optional
        A process that has started with `warm_up`.
    progress : bool
        Show a bar.
    kept : Path, optional
        File for what was read. If this process is killed, the next one that is given it goes on
        from there: it must be of the same pages and `params`. By default a file in `scratch`.
    """
    with _processes(params, scratch, first) as (pool, stream):
        from pipeline.core.copies.duplicates import find_copies
        from pipeline.io.article_store import ArticleStore

        files = found.files
        path = kept or scratch / "articles.sqlite"
        with ArticleStore(path, lasting=kept is not None) as store:
            sketches: list[Sketch] = [
                sketch for sketches in store.attachments() for sketch in _unpacked(sketches)
            ]
            for row in found.refused:
                _set_aside(store, row.name, row.code, row.message)
            pool.allow(min(n_cores(), math.ceil(_effort(files) / _WORTH_A_PROCESS)))
            source = watched(files, len(files), "pages") if progress else iter(files)
            for result in pool.results(_tasks(source, stream, store)):
                if isinstance(result, Lost):
                    store.add((), [_reject_lost(result)], part=_part_of(result.item))
                else:
                    sketches += result.sketches
                    packed = pickle.dumps(result.sketches) if kept and result.sketches else b""
                    store.add(result.articles, result.rejected, part=result.part, attachment=packed)
            pool.close()
            stream.close()
            store.commit()
            marks = find_copies(
                sketches,
                store.text_of,
                near_duplicate=params.near_duplicate,
                contained_duplicate=params.contained_duplicate,
            )
            del sketches
            yield Gathered(store, marks, len(found.files) + len(found.refused))


def _unpacked(sketches: bytes) -> tuple[Sketch, ...]:
    return pickle.loads(sketches) if sketches else ()  # noqa: S301 - of our own store


def _set_aside(
    store: ArticleStore, name: str, code: str, message: str, line: int | None = None
) -> None:
    """Keep a refusal, once."""
    part = "\0".join(("refused", name, code, str(line), message))
    store.add((), [_reject(name, code, message, line)], part=part)


@contextlib.contextmanager
def _processes(
    params: IngestParams, scratch: Path, first: Worker | None
) -> Iterator[tuple[WorkerPool[Task, Gleaned], WorkerStream]]:
    """Start what parses pages, at once, and what cuts tables, when there is one."""
    settings = _Settings(params.min_words, params.max_page_mb, params.columns.model_dump(), scratch)
    limits = (params.max_page_seconds, params.max_page_memory_mb)
    harvesting = Work(address_of(harvest_task), settings, *limits)
    cutting = Work(address_of(cut_table), settings, *limits, is_stream=True)
    with (
        WorkerPool[Task, Gleaned](
            harvesting, 1, _single_parts, prepare=WARM_UP, first=first
        ) as pool,
        WorkerStream(cutting) as stream,
    ):
        yield pool, stream


def _effort(files: Sequence[SourceFile]) -> float:
    """Seconds that one process would take, roughly."""
    megabytes = (
        (file.size / 1e6 * (_UNPACKED if file.is_packed else 1), file.format) for file in files
    )
    return sum(_PER_FILE + n * _PER_MB.get(kind, _PER_MB_OF_TEXT) for n, kind in megabytes)


def _spooled(file: SourceFile, scratch: Path) -> SourceFile:
    """Put standard input into a file, and see what it is."""
    from pipeline.core.formats.rows import looks_like_json_lines
    from pipeline.core.texts import UnreadablePage, decode_page

    path = scratch / "stdin"
    spool_stdin(path)
    size = path.stat().st_size
    with path.open("rb") as head:
        is_packed = head.read(2) == b"\x1f\x8b"
    spooled = replace(file, path=path, size=size, is_packed=is_packed)
    try:
        text = decode_page(next(chunks_of(spooled, max_page_mb=1), b""))
    except (UnreadablePage, UnreadableFile):
        return spooled
    return replace(spooled, format="json_lines") if looks_like_json_lines(text) else spooled


def _tasks(
    files: Iterator[SourceFile], stream: WorkerStream, store: ArticleStore
) -> Iterator[Task]:
    """Give files that are pages, and the units of those that hold many."""
    for file in files:
        if file.format not in CONTAINERS:
            if not store.has(_part_of(file)):
                yield file
            continue
        n_given = 0
        for is_last in (False, True):
            try:
                for part in islice(stream.parts(file), n_given, None):
                    n_given += 1
                    if not isinstance(part, Unit):
                        _set_aside(store, file.name, part.code, part.message, part.line)
                    elif not store.has(_part_of(part)):
                        yield part
                break
            except WorkerLost as error:
                if is_last:
                    message = f"{error}; what came before was read"
                    _set_aside(store, file.name, error.code, message)


def _part_of(task: Task) -> str:
    """Name that no other part of the same input has; parts of a part have names of their own."""
    if isinstance(task, SourceFile):
        return f"file\0{task.name}"
    return f"unit\0{task.source_file}\0{task.first_position}\0{len(task.content)}"


def _reject(name: str, code: str, message: str, line: int | None = None) -> Rejected:
    from pipeline.core.pages.articles import reject

    return reject(name, code, message, line=line)


# Parsing: the worker processes


#: What a process that is to parse pages can do before it is told of any.
WARM_UP = "pipeline.stages.ingest:warm_up"


def warm_up() -> None:
    """Load what parsing needs; that takes longer than most pages."""
    from pipeline.core.languages import detect_languages

    # Unpacking the model of languages leaves the interpreter to others meanwhile.
    words = ["These words are enough letters for the model to be loaded and asked."]
    model = threading.Thread(target=detect_languages, args=(words,))
    model.start()
    from pipeline.core.copies import duplicates  # noqa: F401
    from pipeline.core.formats import harvests  # noqa: F401

    model.join()


#: A file that is one page, or some records of one that holds many.
Task = SourceFile | Unit


@dataclass(frozen=True, slots=True)
class _Settings:
    """What workers must know of the parameters."""

    min_words: int
    max_page_mb: int
    columns: Mapping[str, Sequence[str]]
    scratch: Path


@dataclass(frozen=True, slots=True)
class Gleaned:
    """What one task gave; `part` names it."""

    part: str
    articles: tuple[Article, ...]
    rejected: tuple[Rejected, ...]
    sketches: tuple[Sketch, ...]


def harvest_task(task: Task, settings: _Settings) -> Gleaned:
    """Parse a page or some records."""
    from pipeline.core.copies.duplicates import sketch_article
    from pipeline.core.formats.harvests import harvest_unit

    part = _part_of(task)
    if isinstance(task, SourceFile):
        try:
            content = read_content(task, max_page_mb=settings.max_page_mb)
        except UnreadableFile as error:
            return Gleaned(part, (), (_reject(task.name, error.code, str(error)),), ())
        task = Unit(task.name, task.format, content, first_position=0)
    harvest = harvest_unit(
        task.source_file,
        task.kind,
        task.content,
        columns=settings.columns,
        min_words=settings.min_words,
        first_position=task.first_position,
        first_line=task.first_line,
        day_first=task.day_first,
        page_url=task.page_url,
    )
    sketches = tuple(sketch_article(article) for article in harvest.articles)
    return Gleaned(part, harvest.articles, harvest.rejected, sketches)


def _single_parts(task: Task) -> list[Task]:
    return [task] if isinstance(task, SourceFile) else list(single_records(task))


def _reject_lost(lost: Lost[Task]) -> Rejected:
    from pipeline.core.pages.articles import reject

    if isinstance(lost.item, SourceFile):
        return reject(lost.item.name, lost.code, lost.message)
    unit = lost.item
    is_text = unit.kind in {"json_lines", "csv"}
    excerpt = unit.content[:_N_EXCERPT].decode("utf-8", errors="replace")
    return reject(
        unit.source_file,
        lost.code,
        f"{lost.message} ({unit.page_url or f'record {unit.first_position}'})",
        line=unit.first_line if is_text else None,
        excerpt=excerpt if is_text else "",
    )


def cut_table(file: SourceFile, settings: _Settings) -> Iterator[Unit | Refusal | None]:
    """Cut a table or an archive into units; None says that it is still being looked through."""
    try:
        if file.format == "warc":
            yield from _cut(file, settings)
            return
        _refuse_binary(file, settings)
        day_first = yield from _look_through(file, settings)
        for item in _cut(file, settings):
            yield replace(item, day_first=day_first) if isinstance(item, Unit) else item
    except UnreadableFile as error:
        yield Refusal(file.name, error.code, str(error))
    except MemoryError:
        raise  # the process is of no more use
    except Exception as error:  # noqa: BLE001 - as in harvest_unit: no file may stop a batch
        message = f"the parser failed ({type(error).__name__}: {error})"
        yield Refusal(file.name, "parser_failed", message)


def _cut(file: SourceFile, settings: _Settings) -> Iterator[Unit | Refusal]:
    return cut_container(file, max_page_mb=settings.max_page_mb, scratch=settings.scratch)


def _refuse_binary(file: SourceFile, settings: _Settings) -> None:
    """Raise UnreadableFile for a table that is no text: it has no lines to cut it at."""
    from pipeline.core.texts import UnreadablePage, decode_page

    if file.format != "parquet":
        try:
            decode_page(next(chunks_of(file, max_page_mb=settings.max_page_mb), b"")[:_N_SNIFFED])
        except UnreadablePage as error:
            if error.code == "not_text":
                raise UnreadableFile(error.code, str(error)) from error


def _look_through(file: SourceFile, settings: _Settings) -> Generator[None, None, bool]:
    """See from the dates of a table whether they put the day first."""
    from pipeline.core.formats.rows import written_dates
    from pipeline.core.times.dates import is_day_first

    dates: set[str] = set()
    for number, item in enumerate(_cut(file, settings)):
        if isinstance(item, Unit) and len(item.content) <= _MAX_LOOKED:
            # A unit that fails here fails when it is parsed, and is rejected then.
            with contextlib.suppress(ValueError, ArithmeticError):
                dates |= written_dates(_rows_of(item), settings.columns)
        if len(dates) >= _MAX_DATES or (number >= _MAX_UNDATED and not dates):
            break
        yield None
    return is_day_first(sorted(dates))


def _rows_of(unit: Unit) -> Iterator[Row | BadRow]:
    from pipeline.core.formats.rows import read_csv, read_json_lines, read_parquet
    from pipeline.core.texts import decode_page

    if unit.kind == "parquet":
        return read_parquet(unit.content)
    text = decode_page(unit.content)
    return read_csv(text) if unit.kind == "csv" else read_json_lines(text)


def run(paths: Paths, params: Params) -> None:
    """Read data/raw/, write its articles."""
    ingest_into(paths, [paths.raw], params.ingest)


if __name__ == "__main__":
    import importlib

    from pipeline.io.command import run_stage

    # By its name: workers find there what they are sent; in theirs, `__main__` is another module.
    run_stage(importlib.import_module("pipeline.stages.ingest").run)
