"""Texts that get no theme whatever the model says."""

from __future__ import annotations

import pytest

from pipeline.core.labels.refusals import known_languages, reason_to_refuse


@pytest.mark.parametrize(
    "text", ["", "Iran", "Oil up", "of the and to in it", "Ukraine Ukraine!", "12"]
)
def test_a_text_of_fewer_than_three_words_with_a_meaning_is_too_short(text: str) -> None:
    assert reason_to_refuse(text, "en", ["en"]).startswith("too short to tell")


@pytest.mark.parametrize(
    "text",
    ["UK and EU sign pact", "Iran hits Israel", "乌克兰战争继续", "Обстрел Харькова продолжается"],
)
def test_a_headline_is_long_enough(text: str) -> None:
    assert reason_to_refuse(text, None, ["en"]) == ""


def test_another_language_is_refused_however_sure_the_model_is() -> None:
    text = "Der Bundestag stimmt dem Haushalt zu"

    assert reason_to_refuse(text, "de", ["en"]) == "other language (de)"
    assert reason_to_refuse(text, "de", ["de", "en"]) == ""
    assert reason_to_refuse(text, None, ["en"]) == ""
    assert reason_to_refuse(text, "de", []) == ""


def test_a_language_that_was_found_now_and_then_is_none_of_trainings() -> None:
    assert known_languages(["en"] * 500 + ["nl"] * 4 + ["fr"] * 6 + [None] * 100) == ("en", "fr")
    assert known_languages(["en", "en", "nl"]) == ("en",)
    assert known_languages(["nl"]) == ("nl",)
    assert known_languages([None]) == ()
