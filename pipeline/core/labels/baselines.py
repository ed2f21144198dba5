"""Simple models that ours must beat, taught the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.classifier import join_features
from pipeline.core.labels.linear import fit_linear
from pipeline.core.labels.targets import Targets
from pipeline.core.labels.vocabulary import NO_TERMS, fit_vocabulary
from pipeline.records import Article, Embeddings


def predict_baselines(
    targets: Targets,
    embeddings: Embeddings,
    articles: Sequence[Article],
    *,
    regularization: float,
    max_features: int,
) -> dict[str, list[str]]:
    """Let simple models answer for `articles`: baseline → theme ids, in their order.

    `majority` always answers the theme of most weight, `tfidf` and `embedding` are logistic
    regressions on words alone and on vectors alone. None of them ever abstains. Empty where there
    is nothing to learn from or to answer for.
    """
    if not articles or not targets.themes:
        return {}
    texts = [article.full_text for article in targets.articles]
    new_texts = [article.full_text for article in articles]
    vectors = take_vectors(embeddings, [article.content_id for article in targets.articles])
    new_vectors = take_vectors(embeddings, [article.content_id for article in articles])
    weights = np.array(targets.weights, dtype=np.float64)
    answers = {"majority": [_largest_theme(targets)] * len(articles)}
    for name, lexical_weight, vocabulary in (
        ("tfidf", 1.0, fit_vocabulary(texts, max_features=max_features)),
        ("embedding", 0.0, NO_TERMS),
    ):
        features = join_features(texts, vectors, vocabulary, lexical_weight=lexical_weight)
        linear = fit_linear(features, targets.themes, weights, regularization=regularization)
        new = join_features(new_texts, new_vectors, vocabulary, lexical_weight=lexical_weight)
        answers[name] = linear.best(new)
    return answers


def _largest_theme(targets: Targets) -> str:
    totals: defaultdict[str, float] = defaultdict(float)
    for theme, weight in zip(targets.themes, targets.weights, strict=True):
        totals[theme] += weight
    return min(totals, key=lambda theme: (-totals[theme], theme))
