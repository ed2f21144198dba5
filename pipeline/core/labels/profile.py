"""What a model's training corpus looks like, for later batches to be compared with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from pipeline.core.labels.classifier import Answer
from pipeline.records import Article, TrainingProfile

_QUANTILES = np.linspace(0.0, 1.0, 21)
_DIGITS = 4


def profile_corpus(articles: Sequence[Article], answers: Mapping[str, Answer]) -> TrainingProfile:
    """Describe the canonical articles, and how a model that had not seen them answers.

    Parameters
    ----------
    articles : Sequence[Article]
        In any order, copies included.
    answers : Mapping[str, Answer]
        By content id; an article without one is counted in all but `labels` and `novelty`.
    """
    canonical = [article for article in articles if article.is_canonical]
    given = [answers[a.content_id] for a in canonical if a.content_id in answers]
    return TrainingProfile(
        n_articles=len(canonical),
        labels=_counts(answer.theme for answer in given),
        languages=_counts(a.language for a in canonical),
        sources=_counts(a.source for a in canonical),
        novelty=_quantiles([answer.novelty for answer in given]),
        n_words=_quantiles([a.n_words for a in canonical]),
    )


def _counts(values: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(value for value in values if value).items()))


def _quantiles(values: Sequence[float]) -> tuple[float, ...]:
    if not values:
        return ()
    found = np.quantile(np.array(values, dtype=np.float64), _QUANTILES)
    return tuple(round(float(value), _DIGITS) for value in found)
