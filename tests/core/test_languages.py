"""Languages of texts."""

from __future__ import annotations

from pipeline.core.languages import detect_languages

ENGLISH = "The council met in the morning and went home again before noon, as it does every week."
GERMAN = "Der Rat tagte am Morgen und ging vor Mittag wieder nach Hause, wie er es jede Woche tut."


def test_each_text_has_its_own_language() -> None:
    assert detect_languages([ENGLISH, GERMAN]) == ["en", "de"]


def test_short_text_takes_the_commonest_language_of_its_page() -> None:
    assert detect_languages([GERMAN, "Putin", GERMAN, ENGLISH]) == ["de", "de", "de", "en"]


def test_page_of_short_texts_has_none() -> None:
    assert detect_languages(["Putin", "", "123 456 789"]) == [None, None, None]


def test_stated_language_is_the_last_resort() -> None:
    long = "The council met in the morning and went home again at noon, said the mayor."

    assert detect_languages(["Short.", "x"], ["fr", None]) == ["fr", None]
    assert detect_languages([long, "Short."], ["fr", "fr"]) == ["en", "en"]
