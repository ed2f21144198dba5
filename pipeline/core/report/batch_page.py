"""What is said of one labelled batch, on one page that opens anywhere.

All that was scraped is text to it: no markup, no link and no address in the page comes from data.
The page has no script, and its content security policy allows none.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.core.batches.summary import QUANTILES, BatchSummary, CandidateNote, ThemeCount
from pipeline.core.report.headlines import shorten
from pipeline.core.report.templates import make_template, own_file
from pipeline.records import UNKNOWN, Candidate

if TYPE_CHECKING:
    from jinja2 import Template

#: Candidates with a card of their own, and themes in the table; the JSON files hold all.
MAX_CARDS, MAX_THEMES = 40, 200
#: Bars of a candidate's days; earlier ones are counted beside them.
MAX_DAYS = 60


@dataclass(frozen=True, slots=True)
class DayBar:
    """Articles of one day, `place` days after the first that is drawn."""

    place: int
    day: str
    n: int


@dataclass(frozen=True, slots=True)
class CandidateCard:
    """One candidate as the page shows it; `bars` are empty where nothing is dated."""

    note: CandidateNote
    keywords: tuple[str, ...]
    headlines: tuple[str, ...]
    bars: tuple[DayBar, ...]
    n_places: int
    peak: int
    n_earlier: int
    n_undated: int


def render_batch(summary: BatchSummary, candidates: Sequence[Candidate]) -> str:
    """Write the page.

    Parameters
    ----------
    summary : BatchSummary
        What is said of the batch; `summary.candidates` in the order of `candidates`.
    candidates : sequence of Candidate
        With their headlines and days.

    Returns
    -------
    str
        One HTML document without outside parts; the same for the same arguments.
    """
    from markupsafe import Markup

    cards = [
        make_card(note, candidate)
        for note, candidate in zip(summary.candidates, candidates, strict=True)
    ][:MAX_CARDS]
    themes = summary.themes[:MAX_THEMES]
    return _template().render(
        s=summary,
        cards=cards,
        themes=themes,
        widest=max((_reach(theme) for theme in themes), default=0.0) or 1.0,
        quantiles=[f"{q:.0%}" for q in QUANTILES],
        unknown=UNKNOWN,
        # Our own file is the only markup that enters unescaped.
        style=Markup(own_file("report.css")),  # noqa: S704
    )


def make_card(note: CandidateNote, candidate: Candidate) -> CandidateCard:
    """Cut a candidate to what a page shows."""
    days = [(dt.date.fromisoformat(day), n) for day, n in candidate.daily]
    last = days[-1][0] if days else dt.date.min
    shown = [(day, n) for day, n in days if (last - day).days < MAX_DAYS]
    first = shown[0][0] if shown else last
    return CandidateCard(
        note=note,
        keywords=tuple(shorten(word, 60) for word in candidate.keywords),
        headlines=tuple(shorten(line, 160) for line in candidate.headlines),
        bars=tuple(DayBar((day - first).days, day.isoformat(), n) for day, n in shown),
        n_places=(last - first).days + 1,
        peak=max((n for _, n in shown), default=1),
        n_earlier=sum(n for _, n in days) - sum(n for _, n in shown),
        n_undated=candidate.n_articles - sum(n for _, n in days),
    )


def _reach(theme: ThemeCount) -> float:
    return max(theme.share.high if theme.share.of else 0.0, theme.training or 0.0)


@functools.cache
def _template() -> Template:
    return make_template("batch.html.j2", percent=_percent, line=shorten)


def _percent(share: float) -> str:
    text = f"{share:.1%}" if abs(share) < 0.1 else f"{share:.0%}"
    return "0%" if text in {"0.0%", "-0.0%"} else text
