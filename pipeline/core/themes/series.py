"""Themes over time: what each did in every day, week and month, and when there was a burst."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.records import Article, Assignment, Period, SeriesPoint

PERIODS: tuple[Period, ...] = ("day", "week", "month")
#: Periods before a period that its theme's rate is taken from.
TRAILING: Mapping[Period, int] = {"day": 28, "week": 8, "month": 6}
#: A burst has at least so many independent reports, so many times what was expected …
MIN_REPORTS, MIN_RATIO = 5, 2.0
#: … and as many or more would come by chance less often than this.
MAX_CHANCE = 0.001
#: Empty periods in a row that are still given; a longer gap is a misread date more often than not.
MAX_GAP = 400
#: A theme owes itself to one source from this share on, given so many articles of known source.
ONE_SOURCE, MIN_KNOWN = 0.5, 4


@dataclass(frozen=True, slots=True)
class TopSource:
    """A theme's commonest source, and its share among articles with a known one, in [0, 1].

    `one_source` says that this is at least `ONE_SOURCE` of `MIN_KNOWN` articles or more.
    """

    source: str | None
    share: float | None
    one_source: bool


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day of a theme (ISO dates, None: nothing is dated), and what has no date."""

    first_seen: str | None
    last_seen: str | None
    n_undated: int


def find_top_source(articles: Sequence[Article]) -> TopSource:
    """Find the commonest source of a theme's independent reports; among equals, the first by name.

    Copies in `articles` are passed over: who syndicates a report is no further source of it.
    """
    sources = Counter(a.source for a in articles if a.source and a.is_canonical)
    known = sources.total()
    if not known:
        return TopSource(None, None, one_source=False)
    source, n = min(sources.items(), key=lambda item: (-item[1], item[0]))
    return TopSource(source, round(n / known, 4), known >= MIN_KNOWN and n >= ONE_SOURCE * known)


def find_span(articles: Sequence[Article]) -> Span:
    """Find the first and last day of a theme's articles, copies included."""
    days = [_day(article) for article in articles]
    known = sorted(day.isoformat() for day in days if day)
    first, last = (known[0], known[-1]) if known else (None, None)
    return Span(first, last, len(days) - len(known))


def theme_series(
    articles: Sequence[Article], assignments: Sequence[Assignment]
) -> list[SeriesPoint]:
    """Count the articles, independent reports and stories of each theme in every period.

    A period is a burst where its independent reports are at least `MIN_REPORTS`, at least
    `MIN_RATIO` times what the theme's own rate in the `TRAILING` periods before leads one to
    expect, and so many that chance gives as many less often than `MAX_CHANCE`. Rates are shares of
    all independent reports of the same periods, so that a busy news week alone makes no burst.
    Given x reports of n now and y of m before, x is binomial of x + y with n / (n + m) if the rate
    is the same: the conditional test of J. Przyborowski and H. Wilenski, Biometrika 31 (1940).
    No period that nothing was read before can be a burst.

    Parameters
    ----------
    articles : sequence of Article
        All of them; those without a date or with an unreadable one are in no period
        (`find_span` counts them).
    assignments : sequence of Assignment
        Theme and story of each article id.

    Returns
    -------
    list of SeriesPoint
        Sorted by theme, by period from day to month, and by start. Every period from a theme's
        first to its last is there, empty ones too, unless more than `MAX_GAP` empty ones follow
        each other.
    """
    of_article = {a.article_id: a for a in assignments}
    dated = [(day, article) for article in articles if (day := _day(article))]
    themes = sorted({a.theme for a in assignments if a.theme is not None})
    points: dict[tuple[str, Period], list[SeriesPoint]] = {}
    for period in PERIODS:
        tallies: dict[str, dict[int, _Tally]] = defaultdict(lambda: defaultdict(_Tally))
        volume: Counter[int] = Counter()
        for day, article in dated:
            found = of_article.get(article.article_id)
            index = _index(day, period)
            volume[index] += article.is_canonical
            if found is not None and found.theme is not None:
                tallies[found.theme][index].add(article, found.story)
        for theme, tally in tallies.items():
            points[theme, period] = list(_points(theme, period, tally, volume))
    return [
        point for theme in themes for period in PERIODS for point in points.get((theme, period), [])
    ]


@dataclass(slots=True)
class _Tally:
    n_articles: int = 0
    n_distinct: int = 0
    stories: set[str] = field(default_factory=set)

    def add(self, article: Article, story: str) -> None:
        self.n_articles += 1
        if article.is_canonical:
            self.n_distinct += 1
            self.stories.add(story)


def _points(
    theme: str, period: Period, tallies: Mapping[int, _Tally], volume: Mapping[int, int]
) -> Iterator[SeriesPoint]:
    distinct = {index: tally.n_distinct for index, tally in tallies.items()}
    for index in _filled(sorted(tallies)):
        tally = tallies.get(index) or _Tally()
        before = range(index - TRAILING[period], index)
        yield SeriesPoint(
            theme_id=theme,
            period=period,
            start=_start(index, period).isoformat(),
            n_articles=tally.n_articles,
            n_distinct=tally.n_distinct,
            n_stories=len(tally.stories),
            is_burst=is_burst(
                tally.n_distinct,
                volume.get(index, 0),
                sum(distinct.get(i, 0) for i in before),
                sum(volume.get(i, 0) for i in before),
            ),
        )


def _filled(indices: Sequence[int]) -> Iterator[int]:
    """Indices with the gaps between them, but for those that are too long."""
    for i, index in enumerate(indices):
        if i and index - indices[i - 1] - 1 <= MAX_GAP:
            yield from range(indices[i - 1] + 1, index)
        yield index


def is_burst(n_now: int, volume_now: int, n_before: int, volume_before: int) -> bool:
    """Say whether `n_now` of `volume_now` reports are too many after `n_before` of `volume_before`.

    See `theme_series` for the test.
    """
    if n_now < MIN_REPORTS or volume_before <= 0:
        return False
    if n_now < MIN_RATIO * n_before * volume_now / volume_before:
        return False
    chance = _tail(n_now, n_now + n_before, volume_now / (volume_now + volume_before))
    return chance < MAX_CHANCE


def _tail(k: int, n: int, p: float) -> float:
    """Chance of `k` successes or more in `n` trials of chance `p`, which is below 1."""
    log_p, log_q = math.log(p), math.log1p(-p)
    logs = (
        math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) + i * log_p
        + (n - i) * log_q
        for i in range(k, n + 1)
    )  # fmt: skip
    return math.fsum(math.exp(value) for value in logs)


def _day(article: Article) -> dt.date | None:
    try:
        return dt.date.fromisoformat((article.published or "")[:10])
    except ValueError:
        return None


def _index(day: dt.date, period: Period) -> int:
    """Number of the period that holds a day; consecutive without gaps."""
    if period == "day":
        return day.toordinal()
    if period == "week":  # 1 January of year 1 was a Monday
        return (day.toordinal() - 1) // 7
    return day.year * 12 + day.month - 1


def _start(index: int, period: Period) -> dt.date:
    if period == "day":
        return dt.date.fromordinal(index)
    if period == "week":
        return dt.date.fromordinal(index * 7 + 1)
    return dt.date(index // 12, index % 12 + 1, 1)
