"""Groups of unknown articles → candidates of emerging themes, named, with evidence, ranked."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.core.batches.emerging import (
    MIN_INDEPENDENT,
    NONE,
    group_alike,
    tightness_of,
    typical_first,
)
from pipeline.core.report.headlines import shorten
from pipeline.core.report.timelines import day_of
from pipeline.core.themes.keywords import keywords_of
from pipeline.core.themes.names import name_themes
from pipeline.core.themes.token_table import read_tokens
from pipeline.records import Candidate, FloatMatrix

N_KEYWORDS = 8
N_HEADLINES = 5
#: Days that count as now when growth is told.
RECENT_DAYS = 7
#: Titles that a headline is cut to.
_HEADLINE = 160
_ID_DIGITS = 8


@dataclass(frozen=True, slots=True)
class UnknownArticle:
    """One distinct article that fits no theme.

    `headline` is its title or first words; `text` its beginning, title first. `batches` are the
    ids of the batches that hold it.
    """

    content_id: str
    headline: str
    text: str
    published: str | None
    source: str | None
    batches: tuple[str, ...]


def find_candidates(
    articles: Sequence[UnknownArticle],
    vectors: FloatMatrix,
    references: FloatMatrix,
    background: Sequence[str],
) -> list[Candidate]:
    """Find what may be emerging themes, most promising first.

    Parameters
    ----------
    articles : sequence of UnknownArticle
        Of distinct contents, in any order.
    vectors : ndarray of shape (n, d), float32
        One unit row for each article.
    references : ndarray of shape (r, d), float32
        Vectors of training.
    background : sequence of str
        Texts of articles that do fit a theme: what a candidate's name has to stand out from.

    Returns
    -------
    list of Candidate
        Ordered by independent sources (articles, where no source is known), times the square root
        of growth, times the square of tightness: loose groups are seldom a theme. A group from one
        source and one day is none, unless the articles as a whole are.
    """
    order = sorted(range(len(articles)), key=lambda i: articles[i].content_id)
    ordered, unit = [articles[i] for i in order], vectors[order]
    labels = group_alike(unit, references)
    groups = [
        np.flatnonzero(labels == g).tolist() for g in range(int(labels.max(initial=NONE)) + 1)
    ]
    groups = [rows for rows in groups if _is_independent(rows, ordered)]
    if not groups:
        return []
    found = _describe(groups, ordered, unit, references, background)
    tight = [tightness_of(unit, references, rows) for rows in groups]
    newest, knows_sources = newest_day(ordered), bool(_sources(ordered))
    promise = {
        c.candidate_id: math.sqrt(growth_of(c, newest))
        * max(1, c.n_sources if knows_sources else c.n_articles)
        * tightness**2
        for c, tightness in zip(found, tight, strict=True)
    }
    return sorted(found, key=lambda c: (-round(promise[c.candidate_id], 6), c.candidate_id))


def growth_of(candidate: Candidate, newest: dt.date | None) -> float:
    """How many times as many articles a day came in the last `RECENT_DAYS` as in those before.

    One article is added to both sides, so that few articles give no steep growth; 1 where nothing
    is dated. `newest` is the last day of all unknown articles.
    """
    days = [(dt.date.fromisoformat(day), n) for day, n in candidate.daily]
    if not days or newest is None:
        return 1.0
    start = newest - dt.timedelta(days=RECENT_DAYS)
    recent = sum(n for day, n in days if day > start)
    earlier = sum(n for day, n in days if day <= start)
    n_days = max(RECENT_DAYS, (start - days[0][0]).days + 1)
    return round((recent + 1) / (earlier * RECENT_DAYS / n_days + 1), 2)


def newest_day(articles: Sequence[UnknownArticle]) -> dt.date | None:
    """Last day that any article is of; None where none is dated."""
    return max((day for a in articles if (day := day_of(a.published))), default=None)


def _is_independent(rows: Sequence[int], articles: Sequence[UnknownArticle]) -> bool:
    """Whether a group is told by two sources or on two days, or nothing of that kind is known."""
    own = [articles[row] for row in rows]
    if max(len(_sources(own)), len(_days(own))) >= MIN_INDEPENDENT:
        return True
    return max(len(_sources(articles)), len(_days(articles))) < MIN_INDEPENDENT


def _sources(articles: Sequence[UnknownArticle]) -> set[str]:
    return {" ".join(a.source.split()).casefold() for a in articles if a.source}


def _days(articles: Sequence[UnknownArticle]) -> Counter[str]:
    found = (day_of(article.published) for article in articles)
    return Counter(day.isoformat() for day in found if day)


def _describe(
    groups: Sequence[Sequence[int]],
    articles: Sequence[UnknownArticle],
    vectors: FloatMatrix,
    references: FloatMatrix,
    background: Sequence[str],
) -> list[Candidate]:
    """Name groups by what sets them apart from each other, all other unknowns and `background`."""
    n = len(articles) + len(background)
    labels, fits = [NONE] * n, [0.0] * n
    typical = []
    for number, rows in enumerate(groups):
        in_order, closeness = typical_first(vectors, references, rows)
        typical.append(in_order)
        for row, fit in zip(in_order, closeness, strict=True):
            labels[row], fits[row] = number, fit
    table = read_tokens([*(article.text for article in articles), *background])
    keywords = keywords_of(table, labels, n=N_KEYWORDS)
    names = name_themes(table, labels, fits, keywords, n_evidence=N_HEADLINES)
    return [
        _candidate([articles[row] for row in rows], name.name, words)
        for rows, name, words in zip(typical, names, keywords, strict=True)
    ]


def _candidate(members: Sequence[UnknownArticle], name: str, keywords: Sequence[str]) -> Candidate:
    days = _days(members)
    first = min(
        members, key=lambda a: (day_of(a.published) is None, a.published or "", a.content_id)
    )
    return Candidate(
        candidate_id=f"new-{first.content_id[:_ID_DIGITS]}",
        name=name,
        keywords=tuple(keywords),
        content_ids=tuple(article.content_id for article in members),
        headlines=tuple(shorten(article.headline, _HEADLINE) for article in members[:N_HEADLINES]),
        n_articles=len(members),
        n_sources=len(_sources(members)),
        n_batches=len({batch for article in members for batch in article.batches}),
        first_seen=min(days, default=None),
        last_seen=max(days, default=None),
        daily=tuple(sorted(days.items())),
    )
