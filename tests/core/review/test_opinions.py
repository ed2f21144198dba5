"""What a model that had not seen an article says of it."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.core.embeddings import distinct_texts, join_embeddings
from pipeline.core.labels.targets import Targets
from pipeline.core.review.opinions import SecondOpinion, form_opinion, margins_of
from pipeline.records import UNKNOWN, Article, Embeddings
from tests.conftest import FakeEncoder
from tests.projects import make_articles, theme_of


def embeddings_of(articles: list[Article]) -> Embeddings:
    texts = distinct_texts(articles)
    vectors = FakeEncoder().encode(list(texts.values()))
    return join_embeddings(dict(zip(texts, vectors, strict=True)), FakeEncoder.model)


def opinion_on(articles: list[Article], themes: list[str]) -> SecondOpinion:
    targets = Targets(
        articles=tuple(articles),
        themes=tuple(themes),
        weights=(1.0,) * len(articles),
        is_label=(True,) * len(articles),
        names={theme: theme.title() for theme in themes if theme != UNKNOWN},
        trained_on=(),
        renamed={},
    )
    return form_opinion(
        targets,
        embeddings_of(make_articles()),
        regularization=10.0,
        lexical_weight=0.3,
        max_features=1000,
    )


@pytest.fixture
def articles() -> list[Article]:
    return sorted(make_articles(), key=lambda article: article.content_id)


def test_a_wrong_label_does_not_sway_the_opinion_on_its_own_article(
    articles: list[Article],
) -> None:
    themes = [theme_of(article) for article in articles]
    themes[0] = next(theme for theme in themes if theme != themes[0])
    second = opinion_on(articles, themes)
    opinions = second.opinions(min_probability=0.5)
    assert {i: o.theme for i, o in opinions.items()} == {
        article.content_id: theme_of(article) for article in articles
    }
    (suspect,) = second.suspects((), (), embeddings_of(articles))
    assert (suspect.content_id, suspect.expected) == (
        articles[0].content_id,
        theme_of(articles[0]),
    )


def test_labels_of_articles_that_are_not_trained_on_are_suspected_too(
    articles: list[Article],
) -> None:
    other = articles[-1]
    second = opinion_on(articles[:-1], [theme_of(article) for article in articles[:-1]])
    wrong = next(theme for theme in second.classes if theme != theme_of(other))
    embeddings = embeddings_of(articles)
    assert second.suspects([other], [theme_of(other)], embeddings) == ()
    (suspect,) = second.suspects([other], [wrong], embeddings)
    assert suspect.content_id == other.content_id


def test_what_nobody_could_know_and_what_is_not_clear_is_unknown(articles: list[Article]) -> None:
    themes = [theme_of(article) for article in articles]
    themes[3] = "alone"
    second = opinion_on(articles, themes)
    assert np.isnan(second.probabilities[3]).all()
    assert second.opinions(min_probability=0.5)[articles[3].content_id].theme == UNKNOWN
    unsure = second.opinions(min_probability=1.0)
    assert {opinion.theme for opinion in unsure.values()} == {UNKNOWN}
    first = unsure[articles[0].content_id]
    assert first.alternatives[0] == theme_of(articles[0])


def test_people_may_call_articles_unknown(articles: list[Article]) -> None:
    themes = [UNKNOWN if theme_of(a) == "energy" else theme_of(a) for a in articles]
    opinions = opinion_on(articles, themes).opinions(min_probability=0.5)
    energy = next(a for a in articles if theme_of(a) == "energy")
    assert opinions[energy.content_id].theme == UNKNOWN
    assert UNKNOWN not in opinions[energy.content_id].alternatives


def test_novelty_is_the_share_that_lies_closer_and_the_margin_that_of_the_best_two(
    articles: list[Article],
) -> None:
    second = opinion_on(articles, [theme_of(article) for article in articles])
    assert second.novelty.min() >= 0
    assert second.novelty.max() < 1
    assert margins_of(np.array([[0.2, 0.7, 0.1], [0.5, 0.5, 0.0]])) == [0.5, 0.0]
    assert margins_of(np.ones((2, 1))) == [1.0, 1.0]
