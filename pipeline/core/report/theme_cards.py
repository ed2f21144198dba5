"""The themes of a run, described so that a person can judge them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.report.data_quality import Count, count_names
from pipeline.core.report.headlines import headline_of, iso_day, shorten, source_of
from pipeline.core.report.series_charts import SeriesChart, make_charts
from pipeline.core.report.timelines import Axis, Timeline, count_on, day_of
from pipeline.records import Article, Assignment, SeriesPoint, Theme

N_SOURCES = 5
EXCERPT = 280
#: Hues and shapes of the map. Together they give each of the first 24 themes its own mark.
N_COLOURS, N_SHAPES = 6, 4

_HOW = {
    "core": "in a dense group",
    "guided": "led by the catalogue",
    "leftover": "nearest theme",
    "copy": "copies",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How a theme is drawn: its number in reading order (from 1), its hue and its shape."""

    number: int
    colour: int
    shape: int

    @classmethod
    def of_number(cls, number: int) -> Mark:
        """Return the mark of theme `number`.

        Neighbours differ in hue and in shape, and so do the hues that colour-blind readers mix up
        (blue and purple, orange and red).
        """
        row, colour = divmod(number - 1, N_COLOURS)
        return cls(number, colour, (colour + colour // N_SHAPES + row) % N_SHAPES)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One article that shows what a theme is about."""

    headline: str
    source: str | None
    published: str | None
    excerpt: str


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """One theme, in reading order.

    `trend` is counted on the axis of the whole corpus; `series` is the theme's own chart; both are
    None where nothing is dated. `n_undated` counts its articles without a date. `named_after` are
    the articles that bear its name.
    """

    mark: Mark
    theme_id: str
    name: str
    description: str
    is_catalogued: bool
    keywords: tuple[str, ...]
    n_articles: int
    n_distinct: int
    n_stories: int
    parent: str | None
    share: float
    first_seen: str | None
    last_seen: str | None
    trend: Timeline | None
    series: SeriesChart | None
    n_undated: int
    sources: tuple[Count, ...]
    one_source: float | None
    top_source: str | None
    hows: tuple[Count, ...]
    representative: tuple[Evidence, ...]
    borderline: tuple[Evidence, ...]
    named_after: tuple[Evidence, ...]


def order_themes(themes: Sequence[Theme]) -> list[Theme]:
    """Sort themes as they are read: the analyst's own first, then the larger, then by id."""
    return sorted(themes, key=lambda t: (t.status != "catalogued", -t.n_distinct, t.theme_id))


def make_cards(
    themes: Sequence[Theme],
    articles: Sequence[Article],
    assignments: Sequence[Assignment],
    axis: Axis | None,
    series: Sequence[SeriesPoint] = (),
) -> tuple[ThemeCard, ...]:
    """Describe each theme, in reading order, with trends counted on `axis`."""
    charts = make_charts(series)
    by_id = {article.article_id: article for article in articles}
    members: dict[str, list[Article]] = defaultdict(list)
    hows: dict[str, Counter[str]] = defaultdict(Counter)
    for assignment in assignments:
        article = by_id.get(assignment.article_id)
        if assignment.theme is not None and article is not None:
            members[assignment.theme].append(article)
            hows[assignment.theme][assignment.how] += 1
    return tuple(
        _card(
            Mark.of_number(i),
            theme,
            members=members[theme.theme_id],
            hows=hows[theme.theme_id],
            by_id=by_id,
            axis=axis,
            chart=charts.get(theme.theme_id),
        )
        for i, theme in enumerate(order_themes(themes), start=1)
    )


def _card(
    mark: Mark,
    theme: Theme,
    *,
    members: Sequence[Article],
    hows: Counter[str],
    by_id: Mapping[str, Article],
    axis: Axis | None,
    chart: SeriesChart | None,
) -> ThemeCard:
    days = [day for article in members if (day := day_of(article.published))]
    return ThemeCard(
        mark=mark,
        theme_id=theme.theme_id,
        name=shorten(theme.name, 120) or theme.theme_id,
        description=shorten(theme.description, 600),
        is_catalogued=theme.status == "catalogued",
        keywords=tuple(shorten(word, 40) for word in theme.keywords),
        n_articles=theme.n_articles,
        n_distinct=theme.n_distinct,
        n_stories=theme.n_stories,
        parent=theme.parent,
        share=theme.share,
        first_seen=iso_day(theme.first_seen),
        last_seen=iso_day(theme.last_seen),
        trend=count_on(axis, days) if axis and days else None,
        series=chart,
        n_undated=len(members) - len(days),
        sources=count_names((a.source for a in members if a.source), N_SOURCES),
        one_source=theme.top_source_share if theme.one_source else None,
        top_source=shorten(theme.top_source or "", 60) or None,
        hows=tuple(
            Count(name, hows[how], hows[how] / len(members))
            for how, name in _HOW.items()
            if hows[how]
        ),
        representative=_evidence(theme.representative, by_id),
        borderline=_evidence(theme.borderline, by_id),
        named_after=_evidence(theme.name_evidence, by_id),
    )


def _evidence(article_ids: Sequence[str], by_id: Mapping[str, Article]) -> tuple[Evidence, ...]:
    found = (by_id[i] for i in article_ids if i in by_id)
    return tuple(
        Evidence(headline_of(a), source_of(a), iso_day(a.published), shorten(a.text, EXCERPT))
        for a in found
    )
