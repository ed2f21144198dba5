"""Everything that a run found, on one page that opens anywhere.

`build_report` turns records into a view: plain frozen values, in reading order, cut to size.
`render_report` turns a view into one HTML file that needs nothing from outside. All that was
scraped is text to it: no markup, no link and no address in the page comes from data.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.core.report.data_quality import DataQuality, assess
from pipeline.core.report.headlines import headline_of, iso_day, shorten, source_of
from pipeline.core.report.news_of_themes import EventList, list_events
from pipeline.core.report.scorecard import Scorecard, make_scorecard
from pipeline.core.report.templates import make_template, own_file
from pipeline.core.report.theme_cards import Mark, ThemeCard, make_cards
from pipeline.core.report.theme_map import Group, ThemeMap, make_map
from pipeline.core.report.theme_tree import Bough, LevelRow, list_levels, make_tree
from pipeline.core.report.timelines import Axis, day_of, make_axis
from pipeline.records import (
    Article,
    Assignment,
    Clusters,
    HoldoutRow,
    Level,
    Rejected,
    SeriesPoint,
    Theme,
    ThemeEvent,
)

if TYPE_CHECKING:
    from jinja2 import Template

#: Articles in the table; newer ones first.
MAX_ROWS = 2000
#: Themes with a section of their own; the overview lists all.
MAX_CARDS = 120


@dataclass(frozen=True, slots=True)
class Findings:
    """What the stages made, as the report reads it.

    `metrics` holds the flat numbers of each stage by its name; what is absent there is left out
    of the page.
    """

    articles: Sequence[Article]
    rejected: Sequence[Rejected]
    clusters: Clusters
    themes: Sequence[Theme]
    assignments: Sequence[Assignment]
    metrics: Mapping[str, Mapping[str, object]]
    holdout: Sequence[HoldoutRow] = ()
    levels: Sequence[Level] = ()
    series: Sequence[SeriesPoint] = ()
    events: Sequence[ThemeEvent] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One article of the table. `mark` is None where it has no theme."""

    headline: str
    published: str | None
    source: str | None
    mark: Mark | None
    theme_name: str | None
    is_copy: bool


@dataclass(frozen=True, slots=True)
class Metric:
    """One number of one stage, as it stands in `data/metrics/`."""

    stage: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page says."""

    title: str
    n_articles: int
    n_distinct: int
    n_in_none: int
    share_in_none: float
    first_day: str | None
    last_day: str | None
    fingerprint: str
    axis: Axis | None
    cards: tuple[ThemeCard, ...]
    tree: tuple[Bough, ...]
    levels: tuple[LevelRow, ...]
    events: tuple[EventList, ...]
    map: ThemeMap | None
    tips: Mapping[str, str]
    scorecard: Scorecard
    quality: DataQuality
    rows: tuple[Row, ...]
    metrics: tuple[Metric, ...]
    max_cards: int = MAX_CARDS

    @property
    def by_theme(self) -> dict[str, ThemeCard]:
        """Card of each theme id."""
        return {card.theme_id: card for card in self.cards}


def build_report(findings: Findings, *, title: str) -> Report:
    """Choose, order and cut what the page shows.

    Parameters
    ----------
    findings : Findings
        Records of one run. Any of them may be empty; ids that have no article are passed over.
    title : str
        Heading of the page.

    Returns
    -------
    Report
        Themes come catalogued first, then by size; articles by date, newest first. The order of
        the records in `findings` changes nothing.
    """
    articles = sorted(findings.articles, key=lambda article: article.article_id)
    theme_of = {a.article_id: a.theme for a in findings.assignments}
    distinct = [article for article in articles if article.is_canonical]
    n_in_none = sum(theme_of.get(article.article_id) is None for article in distinct)
    days = [day for article in articles if (day := day_of(article.published))]
    axis = make_axis(days)
    cards = make_cards(findings.themes, articles, findings.assignments, axis, findings.series)
    levels = list_levels(findings.levels, findings.metrics.get("themes", {}).get("level"))
    cut = next((row.level.level for row in levels if row.is_chosen), 0)
    theme_map = make_map(findings.clusters, theme_of, [card.theme_id for card in cards])
    names = {card.theme_id: card.name for card in cards}
    return Report(
        title=shorten(title, 120),
        n_articles=len(articles),
        n_distinct=len(distinct),
        n_in_none=n_in_none,
        share_in_none=n_in_none / len(distinct) if distinct else 0.0,
        first_day=min(days).isoformat() if days else None,
        last_day=max(days).isoformat() if days else None,
        fingerprint=_fingerprint(articles),
        axis=axis,
        cards=cards,
        tree=make_tree(cards, articles, findings.assignments, cut),
        levels=levels,
        events=list_events(findings.events),
        map=theme_map,
        tips=_tips(theme_map, articles),
        scorecard=make_scorecard(findings.metrics, names, findings.holdout),
        quality=assess(articles, findings.rejected),
        rows=_rows(articles, findings.assignments, cards),
        metrics=_metrics(findings.metrics),
    )


def render_report(report: Report) -> str:
    """Write the page.

    Returns
    -------
    str
        One HTML document without outside parts. Its content security policy allows exactly the
        script that it carries. The same report gives the same text.
    """
    from markupsafe import Markup

    script = own_file("report.js")
    # Our own two files are the only markup that enters unescaped.
    return _template().render(
        report=report,
        style=Markup(own_file("report.css")),  # noqa: S704
        script=Markup(script),  # noqa: S704
        script_hash=_csp_hash(script),
    )


@functools.cache
def _template() -> Template:
    return make_template("report.html.j2", percent=_percent, score=_score)


def _rows(
    articles: Sequence[Article],
    assignments: Sequence[Assignment],
    cards: Sequence[ThemeCard],
) -> tuple[Row, ...]:
    theme_of = {assignment.article_id: assignment for assignment in assignments}
    marks = {card.theme_id: card.mark for card in cards}
    # The sort is stable: articles of one day, and those without a date, stay in order of their id.
    newest = sorted(articles, key=lambda article: iso_day(article.published) or "", reverse=True)[
        :MAX_ROWS
    ]
    rows = []
    for article in newest:
        found = theme_of.get(article.article_id)
        theme = found.theme if found else None
        name = (found.theme_name or theme) if found else None
        rows.append(
            Row(
                headline=headline_of(article, 120),
                published=iso_day(article.published),
                source=source_of(article),
                mark=marks.get(theme) if theme else None,
                theme_name=shorten(name, 80) if theme and name else None,
                is_copy=not article.is_canonical,
            )
        )
    return tuple(rows)


def _tips(theme_map: ThemeMap | None, articles: Sequence[Article]) -> dict[str, str]:
    groups: tuple[Group, ...] = theme_map.groups if theme_map else ()
    shown = {dot.article_id for group in groups for dot in group.dots}
    return {
        a.article_id: " · ".join(
            filter(None, (headline_of(a, 90), source_of(a), iso_day(a.published)))
        )
        for a in articles
        if a.article_id in shown
    }


def _metrics(metrics: Mapping[str, Mapping[str, object]]) -> tuple[Metric, ...]:
    return tuple(
        Metric(stage, shorten(str(name), 80), shorten(str(value), 80))
        for stage, values in metrics.items()
        for name, value in sorted(values.items())
    )


def _fingerprint(articles: Sequence[Article]) -> str:
    ids = "\n".join(f"{article.article_id} {article.content_id}" for article in articles)
    return hashlib.sha256(ids.encode("utf-8", errors="replace")).hexdigest()[:12]


def _csp_hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()


def _percent(share: float) -> str:
    text = f"{share:.0%}"
    return "<\N{NARROW NO-BREAK SPACE}1%" if share > 0 and text == "0%" else text


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"
