"""The page that says what a model is and is not good for."""

from __future__ import annotations

import pytest

from pipeline.core.model_card import MAX_THEMES, ArticleCounts, count_articles, write_model_card
from pipeline.records import Theme
from tests.conftest import make_article, make_theme

COUNTS = ArticleCounts(10, 8, 2, "2024-01-01", "2024-02-01", ("de", "en"))


def theme(name: str, n: int = 3) -> Theme:
    return make_theme(name.lower()[:20], name=name, n_articles=n, n_distinct=n, share=0.25)


def test_the_card_names_themes_scores_with_intervals_data_and_limits() -> None:
    scores = {"macro_f1": 0.9, "macro_f1_low": 0.8, "macro_f1_high": 0.95, "coverage": 0.7}
    card = write_model_card(
        "newsthemes: run", counts=COUNTS, themes=[theme("Grain")], scores=scores, encoder="mini"
    )
    assert "- Macro-F1: 0.900 (0.800 to 0.950)" in card
    assert "- Share that gets a theme: 0.700\n" in card
    assert "| Grain | provisional | 3 | 25.0% |" in card
    assert "Articles: 10, 8 of them distinct, published 2024-01-01 to 2024-02-01." in card
    assert "Languages of the articles: de, en." in card
    assert "## Limits" in card


def test_the_card_says_when_nothing_was_measured_or_found() -> None:
    card = write_model_card("m", counts=COUNTS, themes=[], scores={}, encoder="mini")
    assert "Not measured: no labelled articles are set aside." in card
    assert "None were found." in card


def test_the_card_of_many_long_themes_fits_into_a_note() -> None:
    themes = [theme(f"{n:03d} " + "long name " * 30, n=n) for n in range(200)]
    card = write_model_card("m", counts=COUNTS, themes=themes, scores={}, encoder="mini")
    assert f"| {200 - MAX_THEMES} more |" in card
    assert len(card) < 8000


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", "a | b", "[x](javascript:y)"])
def test_a_name_from_a_scrape_cannot_act_as_markup(name: str) -> None:
    card = write_model_card("m", counts=COUNTS, themes=[theme(name)], scores={}, encoder="mini")
    (row,) = [line for line in card.splitlines() if "provisional" in line]
    assert row.count("|") == 5
    assert not set("<>[]") & set(row)


def test_counts_are_of_all_articles() -> None:
    articles = [
        make_article(text="one", published="2024-03-02", source="wire"),
        make_article(text="two", published="2024-03-01", source="wire", is_canonical=False),
        make_article(text="three", language=None),
    ]
    assert count_articles(articles) == ArticleCounts(3, 2, 1, "2024-03-01", "2024-03-02", ("en",))
