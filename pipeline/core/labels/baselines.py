"""Simple models that ours must beat, taught the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.features import join_features
from pipeline.core.labels.linear import fit_linear
from pipeline.core.labels.targets import Targets
from pipeline.core.labels.vocabulary import NO_TERMS, fit_vocabulary
from pipeline.records import UNKNOWN, Article, Embeddings


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
    taught = [row for row, theme in enumerate(targets.themes) if theme != UNKNOWN]
    if not articles or not taught:
        return {}
    themes = [targets.themes[row] for row in taught]
    texts = [targets.articles[row].full_text for row in taught]
    new_texts = [article.full_text for article in articles]
    vectors = take_vectors(embeddings, [targets.articles[row].content_id for row in taught])
    new_vectors = take_vectors(embeddings, [article.content_id for article in articles])
    weights = np.array([targets.weights[row] for row in taught], dtype=np.float64)
    answers = {"majority": [_largest_theme(themes, weights)] * len(articles)}
    for name, lexical_weight, vocabulary in (
        ("tfidf", 1.0, fit_vocabulary(texts, max_features=max_features)),
        ("embedding", 0.0, NO_TERMS),
    ):
        features = join_features(texts, vectors, vocabulary, lexical_weight=lexical_weight)
        linear = fit_linear(features, themes, weights, regularization=regularization)
        new = join_features(new_texts, new_vectors, vocabulary, lexical_weight=lexical_weight)
        answers[name] = linear.best(new)
    return answers


def _largest_theme(themes: Sequence[str], weights: npt.NDArray[np.float64]) -> str:
    totals: defaultdict[str, float] = defaultdict(float)
    for theme, weight in zip(themes, weights.tolist(), strict=True):
        totals[theme] += weight
    return min(totals, key=lambda theme: (-totals[theme], theme))
