"""What a training corpus looks like."""

from __future__ import annotations

from pipeline.core.labels.classifier import Answer
from pipeline.core.labels.profile import profile_corpus
from pipeline.records import UNKNOWN, TrainingProfile
from tests.conftest import make_article


def answer(theme: str, novelty: float) -> Answer:
    return Answer(theme, theme.title(), "energy", 0.7, (), novelty, "")


def test_a_profile_counts_answers_languages_and_sources_of_originals_only() -> None:
    first = make_article(content_id="a", text="gas and oil", language="en", source="Daily")
    second = make_article(content_id="b", text="a match", language="fr", source=None)
    copy = make_article(content_id="a", position=7, language="en", is_canonical=False)

    profile = profile_corpus(
        [second, copy, first], {"a": answer("energy", 0.2), "b": answer(UNKNOWN, 0.8)}
    )

    assert profile.n_articles == 2
    assert profile.labels == (("energy", 1), (UNKNOWN, 1))
    assert profile.languages == (("en", 1), ("fr", 1))
    assert profile.sources == (("Daily", 1),)
    assert (profile.novelty[0], profile.novelty[10], profile.novelty[-1]) == (0.2, 0.5, 0.8)
    assert len(profile.n_words) == 21


def test_the_order_of_articles_changes_nothing() -> None:
    articles = [make_article(content_id=c, text=f"{c} words here") for c in "abc"]
    answers = {c: answer("energy", 0.1) for c in "abc"}

    assert profile_corpus(articles, answers) == profile_corpus(articles[::-1], answers)


def test_an_article_without_an_answer_is_counted_in_all_but_the_answers() -> None:
    profile = profile_corpus([make_article(content_id="a")], {})

    assert (profile.n_articles, profile.labels, profile.novelty) == (1, (), ())


def test_no_article_gives_an_empty_profile() -> None:
    assert profile_corpus([], {}) == TrainingProfile(0, (), (), (), (), ())
