"""What came in, what was set aside and why, and what is known of the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.core.report.headlines import headline_of, shorten
from pipeline.core.report.timelines import day_of
from pipeline.records import Article, Rejected

#: Examples shown for each reason why items were set aside.
N_EXAMPLES = 5
#: Rows of a table of counts; the rest is added up in one more row.
MAX_COUNTS = 12


@dataclass(frozen=True, slots=True)
class Count:
    """`n` items called `name`, which are `share` (0 to 1) of all."""

    name: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class Example:
    """One rejected item: where it stood, what is wrong with it, and how it begins."""

    place: str
    message: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Items that were rejected under one code."""

    code: str
    n: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """An article that is remarkably long or short."""

    what: str
    n_words: int
    headline: str
    place: str


@dataclass(frozen=True, slots=True)
class DataQuality:
    """Counts over everything that was read. `n_items` is articles and rejected items."""

    n_files: int
    n_items: int
    n_articles: int
    n_rejected: int
    n_undated: int
    n_unsourced: int
    n_untitled: int
    median_words: int
    reasons: tuple[Reason, ...]
    duplicates: tuple[Count, ...]
    kinds: tuple[Count, ...]
    languages: tuple[Count, ...]
    lengths: tuple[Length, ...]


def count_names(names: Iterable[str | None], limit: int = MAX_COUNTS) -> tuple[Count, ...]:
    """Count equal names, commonest first; `not known` stands for None, `others` for the rest."""
    counts = Counter("not known" if name is None else shorten(name, 60) for name in names)
    total = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kept, rest = ordered[:limit], ordered[limit:]
    if rest:
        noun = "other" if len(rest) == 1 else "others"
        kept.append((f"{len(rest)} {noun}", sum(n for _, n in rest)))
    return tuple(Count(name, n, n / total) for name, n in kept)


def assess(articles: Sequence[Article], rejected: Sequence[Rejected]) -> DataQuality:
    """Count what is known, missing, double and rejected."""
    files = {a.source_file for a in articles} | {r.source_file for r in rejected}
    kinds = (article.kind.replace("_", " ") for article in articles)
    return DataQuality(
        n_files=len(files),
        n_items=len(articles) + len(rejected),
        n_articles=len(articles),
        n_rejected=len(rejected),
        n_undated=sum(day_of(article.published) is None for article in articles),
        n_unsourced=sum(not article.source for article in articles),
        n_untitled=sum(not article.title for article in articles),
        median_words=round(median(a.n_words for a in articles)) if articles else 0,
        reasons=_reasons(rejected),
        duplicates=count_names(article.duplicate_kind for article in articles),
        kinds=count_names(kinds),
        languages=count_names(article.language for article in articles),
        lengths=_lengths(articles),
    )


def _reasons(rejected: Sequence[Rejected]) -> tuple[Reason, ...]:
    by_code: dict[str, list[Rejected]] = {}
    for item in rejected:
        by_code.setdefault(item.code, []).append(item)
    reasons = []
    for code, items in sorted(by_code.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        first = sorted(items, key=lambda r: (r.source_file, r.line or 0, r.message, r.excerpt))
        examples = tuple(
            Example(
                _place(item.source_file, item.line),
                shorten(item.message, 200),
                shorten(item.excerpt, 160),
            )
            for item in first[:N_EXAMPLES]
        )
        reasons.append(Reason(shorten(code, 40), len(items), examples))
    return tuple(reasons)


def _lengths(articles: Sequence[Article]) -> tuple[Length, ...]:
    ordered = sorted(articles, key=lambda article: (article.n_words, article.article_id))
    found = [("shortest", article) for article in ordered[:2]]
    found += [("longest", article) for article in ordered[2:][-2:]]
    return tuple(
        Length(what, a.n_words, headline_of(a, 100), _place(a.source_file, a.line_start))
        for what, a in found
    )


def _place(source_file: str, line: int | None) -> str:
    name = shorten(source_file, 100)
    return f"{name}, line {line}" if line else name
