"""What an article must mention to be of a theme."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.mentions import mentions_all, mentions_each


@pytest.mark.parametrize(
    ("text", "groups", "expected"),
    [
        ("Iranian drones over the sea", [["Iran*"]], True),
        ("IRAN said so", [["Iran*"]], True),
        ("Iranian drones", [["Iran"]], False),
        ("Ukraine's army", [["UK"]], False),
        ("the UK, too", [["UK"]], True),
        ("a U.K. firm", [["U.K."]], True),
        ("talks in Hong Kong", [["Hong Kong"]], True),
        ("Moscow and Tehran", [["Russia*", "Moscow"], ["Iran*", "Tehran"]], True),
        ("Moscow and Paris", [["Russia*", "Moscow"], ["Iran*", "Tehran"]], False),
        ("a (c++) compiler", [["c++"]], True),
        ("anything", [], True),
        ("", [["word"]], False),
        ("", [], True),
    ],
)
def test_terms_are_whole_words_in_any_case_and_a_star_stands_for_the_rest(
    text: str, groups: list[list[str]], expected: bool
) -> None:
    assert mentions_all(text, groups) is expected


def test_several_themes_ask_one_text() -> None:
    class Text(str):  # noqa: SLOT000
        folds = 0

        def casefold(self) -> str:
            Text.folds += 1
            return super().casefold()

    wanted = [[["Iran*"]], [["Iran*"], ["Moscow"]], [], [["UK", "TEHRAN"]]]
    assert mentions_each(Text("Iranian drones; Tehran"), wanted) == [True, False, True, True]
    assert Text.folds == 1


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=3))
def test_a_text_that_starts_with_a_term_and_a_space_mentions_it(
    text: str, terms: list[str]
) -> None:
    term = terms[0].rstrip("*")
    assert mentions_all(f"{term} {text}", [terms])
