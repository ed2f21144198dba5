"""Themes judged by themselves: keywords that meet, keywords that differ, and plain counts."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.coherence import keyword_coherence, theme_quality, topic_diversity

TEXTS = [
    "Floods close the harbour after heavy rain.",
    "Heavy rain and floods again.",
    "The central bank raises its rate.",
    "A rate of the Central Bank.",
]

words = st.sampled_from(["rain", "floods", "bank", "rate", "heavy rain", "unseen"])
lists_of_keywords = st.lists(st.lists(words, max_size=4), max_size=4)
lists_of_texts = st.lists(st.lists(words, max_size=5).map(" ".join), max_size=8)


# Coherence


def test_keywords_that_always_meet_are_coherent_and_strangers_are_not() -> None:
    assert keyword_coherence([["rain", "floods"]], TEXTS) == pytest.approx(1)
    assert keyword_coherence([["rain", "bank"]], TEXTS) == -1
    both = keyword_coherence([["rain", "floods"], ["rain", "bank"]], TEXTS)
    assert both == pytest.approx(0)


def test_coherence_is_the_normalised_information_of_a_pair() -> None:
    found = keyword_coherence([["closes", "rate"]], ["closes rate", "closes", "rate", "x"])
    assert found == pytest.approx(math.log(0.25 / (0.5 * 0.5)) / -math.log(0.25))
    found = keyword_coherence([["a", "b"]], ["a b", "a b", "a", "x"])
    assert found == pytest.approx(math.log(0.5 / (0.75 * 0.5)) / -math.log(0.5))


def test_phrases_are_found_as_written_and_in_any_case() -> None:
    assert keyword_coherence([["Heavy Rain", "floods"]], TEXTS) == pytest.approx(1)
    assert keyword_coherence([["rain heavy", "floods"]], TEXTS) == -1


def test_words_of_every_text_say_nothing() -> None:
    assert keyword_coherence([["same", "words"]], ["same words"] * 3) == 0


@pytest.mark.parametrize(
    ("keywords", "texts"),
    [([], TEXTS), ([["rain"]], TEXTS), ([["rain", "Rain", "—"]], TEXTS), ([["rain", "bank"]], [])],
    ids=["no theme", "one keyword", "one keyword twice", "no texts"],
)
def test_coherence_needs_two_keywords_and_a_text(
    keywords: list[list[str]], texts: list[str]
) -> None:
    assert keyword_coherence(keywords, texts) is None


@given(lists_of_keywords, lists_of_texts)
def test_coherence_is_bounded_and_blind_to_order(
    keywords: list[list[str]], texts: list[str]
) -> None:
    found = keyword_coherence(keywords, texts)
    assert found is None or -1 <= found <= 1
    turned = keyword_coherence([theme[::-1] for theme in keywords[::-1]], texts[::-1])
    assert turned == (None if found is None else pytest.approx(found))


# Diversity


def test_diversity_is_the_share_of_different_keywords() -> None:
    assert topic_diversity([["rain", "floods"], ["Rain", "bank"]]) == 0.75
    assert topic_diversity([["rain"], ["bank"]]) == 1
    assert topic_diversity([[], []]) is None


@given(lists_of_keywords)
def test_a_theme_said_twice_is_less_diverse(keywords: list[list[str]]) -> None:
    once, twice = topic_diversity(keywords), topic_diversity(keywords * 2)
    assert (once is None) == (twice is None)
    assert once is None or (0 < once <= 1 and twice == pytest.approx(once / 2))


# All together


def test_quality_counts_and_says_what_it_can_without_labels() -> None:
    quality = theme_quality(TEXTS, [0, 0, 1, -1], [["rain", "floods"], ["bank", "rate"]])
    assert (quality.n_themes, quality.share_in_none, quality.largest_share) == (2, 0.25, 0.5)
    assert quality.agreement is None
    assert quality.as_metrics() == pytest.approx(
        {"n_themes": 2, "share_in_none": 0.25, "largest_share": 0.5, "coherence": 1, "diversity": 1}
    )


def test_quality_adds_agreement_where_people_labelled() -> None:
    truth = ["weather", "weather", "money", None]
    metrics = theme_quality(TEXTS, [0, 0, 1, 1], [], truth).as_metrics()
    assert metrics["agreement_ami"] == pytest.approx(1)
    assert metrics["agreement_n_items"] == 3
    assert "coherence" not in metrics


def test_quality_of_nothing_is_nothing() -> None:
    quality = theme_quality([], [], [], [])
    assert quality.as_metrics() == {"n_themes": 0, "share_in_none": 0, "largest_share": 0}
