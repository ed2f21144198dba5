"""Series: every period counted, copies apart, and bursts only where chance does not explain them."""

from __future__ import annotations

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.series import (
    MAX_GAP,
    Span,
    TopSource,
    find_span,
    find_top_source,
    is_burst,
    theme_series,
)
from pipeline.records import Article, Assignment, SeriesPoint
from tests.conftest import make_article


def dated(day: str | None, number: int = 0, *, copy: bool = False, source: str = "A") -> Article:
    article = make_article(title=f"{day} {number}", published=day, source=source)
    return dataclasses.replace(article, is_canonical=not copy)


def assign(article: Article, theme: str | None = "t", story: str = "s-1") -> Assignment:
    return Assignment(article.article_id, theme, theme, (0,), story, 1.0, "core")


def points(
    articles: list[Article], period: str, assignments: list[Assignment] | None = None
) -> list[tuple[str, int, int, int]]:
    found = theme_series(articles, assignments or [assign(a) for a in articles])
    return [(p.start, p.n_articles, p.n_distinct, p.n_stories) for p in found if p.period == period]


def test_copies_and_stories_are_counted_apart_and_empty_periods_are_given() -> None:
    articles = [
        dated("2024-02-28", 1),
        dated("2024-02-28", 2, copy=True),
        dated("2024-03-01", 3),
        dated("2024-03-01T10:00", 4),
        dated(None, 5),
    ]
    assert points(articles, "day") == [
        ("2024-02-28", 2, 1, 1),
        ("2024-02-29", 0, 0, 0),
        ("2024-03-01", 2, 2, 1),
    ]
    assert points(articles, "week") == [("2024-02-26", 4, 3, 1)]
    assert points(articles, "month") == [("2024-02-01", 2, 1, 1), ("2024-03-01", 2, 2, 1)]


def test_a_misread_year_does_not_give_thousands_of_empty_days() -> None:
    articles = [dated("1924-03-01"), dated("2024-03-01")]
    assert len(points(articles, "day")) == 2
    assert len(points([dated("2023-03-01"), dated("2024-03-01")], "day")) == 367 < MAX_GAP


def test_articles_in_no_theme_or_without_a_day_are_in_no_series() -> None:
    stray = dated("2024-03-01")
    assert theme_series([stray], [assign(stray, None)]) == []
    undated = dated("soon")
    assert theme_series([undated], [assign(undated)]) == []
    assert find_span([undated, stray]) == Span("2024-03-01", "2024-03-01", 1)
    assert find_span([]) == Span(None, None, 0)


def weeks(counts: list[int], others: list[int]) -> list[SeriesPoint]:
    """Points of a theme with `counts` reports a week amid `others` of no theme."""
    days = ["2024-01-01", "2024-01-08", "2024-01-15", "2024-01-22", "2024-01-29", "2024-02-05"]
    of_theme = [dated(d, i) for d, n in zip(days, counts, strict=True) for i in range(n)]
    rest = [dated(d, 1000 + i) for d, n in zip(days, others, strict=True) for i in range(n)]
    assignments = [assign(a) for a in of_theme] + [assign(a, None) for a in rest]
    return [p for p in theme_series(of_theme + rest, assignments) if p.period == "week"]


def test_more_than_its_past_explains_is_a_burst() -> None:
    found = weeks([2, 2, 3, 2, 14, 2], [40, 40, 40, 40, 40, 40])
    assert [p.is_burst for p in found] == [False, False, False, False, True, False]


def test_a_week_with_more_news_of_everything_is_none() -> None:
    found = weeks([2, 2, 3, 2, 14, 2], [40, 40, 40, 40, 280, 40])
    assert not any(p.is_burst for p in found)


def test_a_theme_that_appears_amid_other_news_bursts_but_never_the_first_period_read() -> None:
    appears = weeks([0, 0, 0, 0, 8, 8], [40] * 6)
    assert [p.is_burst for p in appears][:1] == [True]
    first = weeks([9, 0, 0, 0, 0, 1], [0] * 6)
    assert not any(p.is_burst for p in first)


@pytest.mark.parametrize(
    ("n_now", "volume_now", "n_before", "volume_before", "expected"),
    [
        (4, 40, 0, 400, False),
        (5, 40, 0, 400, True),
        (5, 40, 8, 400, False),
        (50, 100, 25, 100, False),
        (90, 100, 25, 100, True),
        (9, 9, 0, 0, False),
    ],
)
def test_the_test_of_two_rates(
    n_now: int, volume_now: int, n_before: int, volume_before: int, expected: bool
) -> None:
    assert is_burst(n_now, volume_now, n_before, volume_before) is expected


def test_one_source_needs_half_of_enough_articles() -> None:
    four = [dated("2024-01-01", i, source=s) for i, s in enumerate("AABC")]
    assert find_top_source(four) == TopSource("A", 0.5, one_source=True)
    assert find_top_source(four[:3]) == TopSource("A", 0.6667, one_source=False)
    assert find_top_source([]) == TopSource(None, None, one_source=False)
    copies = [dated("2024-01-01", 10 + i, source="C", copy=True) for i in range(9)]
    assert find_top_source(four + copies) == TopSource("A", 0.5, one_source=True)


DAYS = st.sampled_from(["2024-01-01", "2024-01-03", "2024-02-29", "2023-12-31", None, "never"])


@given(
    st.lists(st.tuples(DAYS, st.booleans(), st.sampled_from(["t", "u", None])), max_size=20),
    st.integers(0, 9),
)
def test_counts_add_up_in_every_period_whatever_the_order(
    rows: list[tuple[str | None, bool, str | None]], seed: int
) -> None:
    articles = [dated(day, i, copy=copy) for i, (day, copy, _) in enumerate(rows)]
    assignments = [
        assign(a, theme, f"s-{i % 3}")
        for i, (a, (_, _, theme)) in enumerate(zip(articles, rows, strict=True))
    ]
    found = theme_series(articles, assignments)
    for theme in ("t", "u"):
        of_theme = [r for r in rows if r[2] == theme and r[0] not in {None, "never"}]
        for period in ("day", "week", "month"):
            own = [p for p in found if (p.theme_id, p.period) == (theme, period)]
            assert sum(p.n_articles for p in own) == len(of_theme)
            assert sum(p.n_distinct for p in own) == sum(not copy for _, copy, _ in of_theme)
            assert [p.start for p in own] == sorted({p.start for p in own})
            assert all(p.n_stories <= p.n_distinct <= p.n_articles for p in own)
    random.Random(seed).shuffle(articles)
    random.Random(seed + 1).shuffle(assignments)
    assert theme_series(articles, assignments) == found
