"""Scraped pages → articles.parquet and rejected.jsonl."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.core.pages.articles import count_codes, reject
from pipeline.core.pages.duplicates import group_duplicates
from pipeline.core.pages.harvests import Harvest, harvest_file
from pipeline.errors import InputError, TooManyRejected
from pipeline.io.command import run_stage, say
from pipeline.io.files import write_json
from pipeline.io.params import IngestParams, Params
from pipeline.io.paths import Paths
from pipeline.io.progress import counted, in_blocks
from pipeline.io.readers import SourceFile, UnreadableFile, find_files, read_content
from pipeline.io.tables import write_rejected, write_rows
from pipeline.io.workers import worker_pool
from pipeline.records import Article, Rejected

#: Less effort is over before other processes have started; HTML takes ten times as long as text.
_WORTH_PROCESSES = 400
_EFFORTS = {"html": 10}
_BLOCK = 128


# What it logs is said by rejected.jsonl. Set here, so that workers, which import this, set it too.
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Ingested:
    """All that was read: articles by id, and what was set aside, by file and line."""

    articles: tuple[Article, ...]
    rejected: tuple[Rejected, ...]
    n_files: int

    @property
    def rejected_share(self) -> float:
        """Share of all items that was set aside, in [0, 1]."""
        return len(self.rejected) / max(1, len(self.articles) + len(self.rejected))

    @property
    def counts(self) -> Mapping[str, int | float]:
        """What `metrics/ingest.json` says."""
        kinds = Counter(article.kind for article in self.articles)
        copies = Counter(article.duplicate_kind for article in self.articles)
        codes = count_codes(self.rejected)
        return {
            "n_files": self.n_files,
            "n_items": len(self.articles) + len(self.rejected),
            "n_articles": len(self.articles),
            "n_distinct": sum(article.is_canonical for article in self.articles),
            "n_contents": len({article.content_id for article in self.articles}),
            **{f"n_{kind}": copies[kind] for kind in ("exact", "near", "contained")},
            "n_without_date": sum(article.published is None for article in self.articles),
            "n_rejected": len(self.rejected),
            "rejected_share": round(self.rejected_share, 6),
            **{f"kind.{kind}": n for kind, n in sorted(kinds.items())},
            **{f"rejected.{code}": n for code, n in sorted(codes.items())},
        }


def ingest(inputs: Sequence[Path], params: IngestParams, *, progress: bool = False) -> Ingested:
    """Read files, folders or `-` (standard input) into articles.

    Keep what was set aside before calling `check_articles` and `check_rejected`.
    """
    found = find_files(inputs)
    rejected = [reject(row.name, row.code, row.message) for row in found.refused]
    articles: list[Article] = []
    read = partial(_harvest, params=params)
    blocks = in_blocks(found.files, _BLOCK, "pages") if progress else [found.files]
    effort = sum(_EFFORTS.get(file.format, 1) for file in found.files)
    with worker_pool(read, is_worth_it=effort >= _WORTH_PROCESSES) as map_in_order:
        for block in blocks:
            for harvest in map_in_order(block):
                articles += harvest.articles
                rejected += harvest.rejected
    grouped = group_duplicates(
        articles,
        near_duplicate=params.near_duplicate,
        contained_duplicate=params.contained_duplicate,
    )
    grouped.sort(key=lambda article: article.article_id)
    rejected.sort(key=lambda row: (row.source_file, row.line or 0, row.code, row.message))
    return Ingested(tuple(grouped), tuple(rejected), len(found.files) + len(found.refused))


def check_articles(ingested: Ingested, inputs: Sequence[Path]) -> None:
    """Raise InputError if nothing at all became an article; call it as `check_rejected`."""
    if not ingested.articles:
        place = ", ".join(str(path) for path in inputs)
        codes = ", ".join(f"{code} {n}" for code, n in count_codes(ingested.rejected).items())
        shown = [f"  {row.source_file}: {row.message}" for row in ingested.rejected[:3]]
        raise InputError(
            f"{place}: no articles (got {counted(len(ingested.rejected), 'rejected item')}: "
            f"{codes}); check that these are news pages\n" + "\n".join(shown)
        )


def check_rejected(ingested: Ingested, params: IngestParams) -> None:
    """Raise TooManyRejected above `max_rejected_share`; call it after the outputs are written."""
    if ingested.rejected_share > params.max_rejected_share:
        codes = ", ".join(f"{code} {n}" for code, n in count_codes(ingested.rejected).items())
        n_items = counted(len(ingested.articles) + len(ingested.rejected), "item")
        raise TooManyRejected(
            f"ingest: {len(ingested.rejected)} of {n_items} rejected (got {codes}), "
            f"above ingest.max_rejected_share {params.max_rejected_share:g}; "
            "see the rejected rows, mend or remove those files, or raise the share"
        )


def _harvest(file: SourceFile, *, params: IngestParams) -> Harvest:
    try:
        content = read_content(file, max_page_mb=params.max_page_mb)
    except UnreadableFile as error:
        return Harvest((), (reject(file.name, error.code, str(error)),))
    columns = params.columns.model_dump()
    return harvest_file(
        file.name, file.format, content, columns=columns, min_words=params.min_words
    )


def ingest_into(paths: Paths, inputs: Sequence[Path], params: IngestParams) -> None:
    """Write the articles of `inputs`, what was set aside, and the counts; then judge them."""
    ingested = ingest(inputs, params, progress=True)
    write_rejected(paths.rejected, ingested.rejected)
    write_rows(paths.articles, ingested.articles, Article)
    write_json(paths.metrics("ingest"), ingested.counts)
    check_articles(ingested, inputs)
    check_rejected(ingested, params)
    counts = ingested.counts
    say(
        f"ingest: {counted(len(ingested.articles), 'article')} ({counts['n_distinct']} distinct) "
        f"from {counted(ingested.n_files, 'file')}; "
        f"{counted(len(ingested.rejected), 'item')} rejected"
    )


def run(paths: Paths, params: Params) -> None:
    """Read data/raw/, write its articles."""
    ingest_into(paths, [paths.raw], params.ingest)


if __name__ == "__main__":
    run_stage(run)
