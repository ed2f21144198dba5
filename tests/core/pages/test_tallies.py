"""What was read, in numbers."""

from __future__ import annotations

from pipeline.core.pages.tallies import Tally
from pipeline.records import Rejected
from tests.conftest import make_article


def rejected(code: str) -> Rejected:
    return Rejected("a.txt", None, "ingest", code, "message", "")


def test_all_that_passes_is_given_on_and_counted() -> None:
    tally = Tally(n_files=5)
    articles = [
        make_article(published="2025-01-01"),
        make_article(kind="liveblog_entry", duplicate_kind="near", is_canonical=False),
        make_article(duplicate_kind="exact", is_canonical=False),
    ]
    rows = [rejected(code) for code in ("json", "empty", "json", "bomb", "json")]

    assert list(tally.articles(articles)) == articles
    assert list(tally.rejected(rows)) == rows

    assert tally.counts == {
        "n_files": 5,
        "n_items": 8,
        "n_articles": 3,
        "n_distinct": 1,
        "n_contents": 0,
        "n_exact": 1,
        "n_near": 1,
        "n_contained": 0,
        "n_without_date": 2,
        "n_rejected": 5,
        "rejected_share": 0.625,
        "kind.article": 2,
        "kind.liveblog_entry": 1,
        "rejected.bomb": 1,
        "rejected.empty": 1,
        "rejected.json": 3,
    }
    assert list(tally.codes.items()) == [("json", 3), ("bomb", 1), ("empty", 1)]
    assert tally.shown == rows[:3]


def test_nothing_at_all_has_no_share() -> None:
    assert Tally(0).rejected_share == 0
