"""Candidates: named by their own words, told by several, ranked by growth and sources."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from pipeline.core.batches.candidates import (
    UnknownArticle,
    find_candidates,
    growth_of,
    newest_day,
)
from pipeline.records import Article, Candidate
from tests.batches import REFERENCES, comets, strays
from tests.conftest import FakeEncoder

BACKGROUND = [f"pipeline pressure winter storage cargo {i}" for i in range(20)]


def unknown(article: Article, *batches: str) -> UnknownArticle:
    return UnknownArticle(
        content_id=article.content_id, headline=article.title or article.text,
        text=article.full_text, published=article.published, source=article.source,
        batches=batches or ("b1",),
    )  # fmt: skip


def candidates(articles: list[UnknownArticle]) -> list[Candidate]:
    vectors = FakeEncoder().encode([article.text for article in articles])
    return find_candidates(articles, vectors, REFERENCES, BACKGROUND)


def test_four_reports_of_a_comet_are_a_candidate_with_evidence() -> None:
    members = [unknown(a) for a in comets()]
    found = candidates([*members, *(unknown(a) for a in strays())])
    assert len(found) == 1
    comet = found[0]
    assert set(comet.content_ids) == {m.content_id for m in members}
    assert (comet.n_articles, comet.n_sources, comet.n_batches) == (4, 2, 1)
    assert (comet.first_seen, comet.last_seen) == ("2024-05-01", "2024-05-04")
    assert comet.daily == tuple((f"2024-05-0{day}", 1) for day in range(1, 5))
    assert comet.candidate_id == f"new-{members[0].content_id[:8]}"
    assert set(comet.name.lower().replace(" and ", " ").replace(",", "").split()) <= set(
        " ".join(m.text for m in members).lower().split()
    )
    assert set(comet.headlines) == {m.headline for m in members}


def test_the_order_of_articles_changes_nothing() -> None:
    articles = [unknown(a) for a in [*comets(), *strays()]]
    assert candidates(articles) == candidates(articles[::-1])


def test_what_one_source_tells_on_one_day_is_no_theme_where_others_tell_more() -> None:
    one = [replace(unknown(a), source="Post", published="2024-05-01") for a in comets()]
    others = [replace(unknown(a), source="Wire", published="2024-05-02") for a in strays()]
    assert candidates([*one, *others]) == []


def test_where_no_source_and_no_day_is_known_all_groups_count() -> None:
    articles = [replace(unknown(a), source=None, published=None) for a in comets()]
    (found,) = candidates(articles)
    assert (found.n_sources, found.first_seen, found.daily) == (0, None, ())


def test_two_articles_or_none_give_no_candidate() -> None:
    assert candidates([unknown(a) for a in comets(2)]) == []
    none = find_candidates([], np.zeros((0, 64), dtype=np.float32), REFERENCES, BACKGROUND)
    assert none == []


def test_its_batches_are_counted() -> None:
    first, *rest = comets()
    (found,) = candidates([unknown(first, "b1", "b2"), *(unknown(a, "b3") for a in rest)])
    assert found.n_batches == 3


def with_days(**daily: int) -> Candidate:
    days = tuple((f"2024-05-{day[1:]}", n) for day, n in sorted(daily.items()))
    return Candidate("new-1", "N", (), ("c",), (), sum(daily.values()), 1, 1, None, None, days)


def test_growth_compares_the_last_week_with_a_week_before() -> None:
    newest = dt.date(2024, 5, 31)
    assert growth_of(with_days(d30=7), newest) == 8.0  # seven where there was none
    assert growth_of(with_days(d20=3, d30=3), newest) == 1.0  # as many as before
    assert growth_of(with_days(d10=14, d30=1), newest) < 1.0  # it fades
    assert growth_of(with_days(), newest) == 1.0
    assert growth_of(with_days(d30=1), None) == 1.0


def test_what_grows_comes_before_what_was_always_there() -> None:
    def dated(articles: list[Article], days: list[int], word: str) -> list[UnknownArticle]:
        return [
            replace(unknown(a), published=f"2024-05-{day:02d}", headline=word)
            for a, day in zip(articles, days, strict=True)
        ]

    steady = [
        unknown(replace(a, content_id=f"0{a.content_id[1:]}", text=f"glacier meltwater moraine {i}",
                        title="Glacier"))
        for i, a in enumerate(comets())
    ]  # fmt: skip
    steady = [replace(a, published=f"2024-05-{1 + 9 * i:02d}") for i, a in enumerate(steady)]
    found = candidates([*steady, *dated(comets(), [26, 27, 28, 28], "comet")])
    assert [c.headlines[0] for c in found] == ["comet", "Glacier"]


def test_days_that_cannot_be_read_are_no_days() -> None:
    articles = [replace(unknown(a), published="soon") for a in comets()]
    assert newest_day(articles) is None
