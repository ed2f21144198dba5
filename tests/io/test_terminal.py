"""What a person reads in the terminal: tables in a fixed order, and text from outside kept inert."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from pipeline.io.terminal import show_scores, show_table, show_themes
from pipeline.records import Assignment, Theme
from tests.conftest import make_theme


def sized_theme(theme_id: str, n: int, **fields: Any) -> Theme:
    defaults: dict[str, Any] = {
        "status": "catalogued",
        "keywords": ("one", "two", "three", "four", "five", "six"),
        "n_articles": n + 1,
        "n_distinct": n,
        "share": n / 100,
    }
    return make_theme(theme_id, **(defaults | fields))


def assignments(*themes: str | None) -> list[Assignment]:
    return [
        Assignment(f"a{i}", theme, theme, (), "s-0", 0.0, "core" if theme else "none")
        for i, theme in enumerate(themes)
    ]


def printed(show: Any, *args: Any) -> str:
    file = io.StringIO()
    show(*args, file)
    return file.getvalue()


def test_catalogued_themes_come_first_and_the_largest_within() -> None:
    themes = [
        sized_theme("t-new", 50, status="provisional"),
        sized_theme("ferries", 3),
        sized_theme("violins", 9),
    ]
    text = printed(show_themes, themes, assignments("ferries", None, None, "violins"))
    assert re.findall(r"Violins|Ferries|T-New", text) == ["Violins", "Ferries", "T-New"]
    assert "9.0%" in text
    assert "one, two, three, four, five" in text
    assert "six" not in text
    assert "2 of 4 articles (50.0%) are in no theme." in text


def test_no_themes_and_no_articles_are_said_plainly() -> None:
    assert "0 of 0 articles (0.0%) are in no theme." in printed(show_themes, [], [])


def test_scores_stand_beside_baselines_with_intervals() -> None:
    scores = {
        "n_holdout": 40.0,
        "macro_f1": 0.91,
        "macro_f1_low": 0.85,
        "macro_f1_high": 0.95,
        "baseline_majority_macro_f1": 0.1,
    }
    text = printed(show_scores, scores)
    assert "on 40 held-out articles that people labelled" in " ".join(text.split())
    assert re.search(r"macro-F1 .*0\.910 .*0\.850 to 0\.950", text)
    assert re.search(r"baseline: largest theme .*0\.100", text)
    assert "accuracy" not in text


def test_without_scores_it_says_how_to_get_them() -> None:
    assert "label articles in data/labels.csv" in printed(show_scores, {"n_holdout": 0.0})


@pytest.mark.parametrize(
    "name", ["[bold]x[/bold]", "[/]", "\x1b[31mred\x1b]0;title\x07", "a\rb\x9bc"]
)
def test_text_from_outside_is_printed_inert(name: str) -> None:
    theme = sized_theme("x", 1, name=name, keywords=(name,))
    text = printed(show_themes, [theme], []) + printed(show_table, "Table", ("Name",), [(name,)])
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
    if name.startswith("["):
        assert text.count(name) == 3


def test_it_prints_to_standard_output_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    show_themes([], [])
    assert "in no theme" in capsys.readouterr().out
