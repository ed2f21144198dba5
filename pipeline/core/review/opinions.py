"""What a model that had not seen an article thinks of it: answers to compare labels with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.classifier import UNKNOWN_NAME
from pipeline.core.labels.features import join_features
from pipeline.core.labels.linear import (
    Linear,
    fit_linear,
    fit_temperature,
    out_of_fold_logits,
    probabilities_of,
)
from pipeline.core.labels.noise import Suspect, find_suspects
from pipeline.core.labels.targets import Targets
from pipeline.core.labels.vocabulary import Vocabulary, fit_vocabulary
from pipeline.records import UNKNOWN, Article, Embeddings, FloatMatrix

#: Rows of features held at a time.
_BLOCK = 4096
_DIGITS = 4
#: A theme at least this probable is worth showing beside the best one.
_ALTERNATIVE = 0.2
#: Articles that others are compared with for novelty, and how many of them count.
_MAX_REFERENCES = 2000
_N_NEIGHBOURS = 5

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Opinion:
    """The answer for one article, as in `Labelled`; `margin` as in `Reviewable`."""

    theme: str
    theme_name: str
    probability: float
    alternatives: tuple[str, ...]
    margin: float
    novelty: float


@dataclass(frozen=True, slots=True, eq=False)
class SecondOpinion:
    """Training articles, and a plain linear model that judges each without having seen it.

    `probabilities` (n, k), columns as `classes`, are in the order of `targets.articles`; a row of
    NaN where nobody could know. `novelty` (n,) is the share of them that lie closer to the others.
    """

    targets: Targets
    classes: tuple[str, ...]
    probabilities: Numbers
    novelty: Numbers
    temperature: float
    linear: Linear
    vocabulary: Vocabulary
    lexical_weight: float

    def judge(self, articles: Sequence[Article], embeddings: Embeddings) -> Numbers:
        """Probabilities of articles that are not among the training ones, shape (m, k)."""
        blocks: list[Numbers] = [np.zeros((0, len(self.classes)))]
        for start in range(0, len(articles), _BLOCK):
            part = articles[start : start + _BLOCK]
            features = join_features(
                [article.full_text for article in part],
                take_vectors(embeddings, [article.content_id for article in part]),
                self.vocabulary,
                lexical_weight=self.lexical_weight,
            )
            blocks.append(probabilities_of(self.linear.logits(features) / self.temperature))
        return np.concatenate(blocks)

    def opinions(self, *, min_probability: float) -> dict[str, Opinion]:
        """Content id → what the model says of a training article that it had not seen.

        Below `min_probability`, and where nobody could know, that is `UNKNOWN`.
        """
        known = np.nan_to_num(self.probabilities).round(_DIGITS)
        rows = zip(self.targets.articles, known, margins_of(known), self.novelty, strict=True)
        return {
            article.content_id: _opinion(
                row, self.classes, self.targets.names, margin, float(novelty), min_probability
            )
            for article, row, margin, novelty in rows
        }

    def suspects(
        self, others: Sequence[Article], labels: Sequence[str], embeddings: Embeddings
    ) -> tuple[Suspect, ...]:
        """Labels that look wrong: those of training articles, and `labels` of `others`."""
        return find_suspects(
            np.concatenate([self.probabilities, self.judge(others, embeddings)]),
            self.classes,
            [*self.targets.themes, *labels],
            [article.content_id for article in (*self.targets.articles, *others)],
        )


def form_opinion(
    targets: Targets,
    embeddings: Embeddings,
    *,
    regularization: float,
    lexical_weight: float,
    max_features: int,
) -> SecondOpinion:
    """Fit the model once for each fold, and once to all; settings are those of params.yaml.

    Raises
    ------
    ValueError
        If there is no training article.
    ContractError
        If one has no vector.
    """
    ids = [article.content_id for article in targets.articles]
    texts = [article.full_text for article in targets.articles]
    vectors = take_vectors(embeddings, ids)
    vocabulary = fit_vocabulary(texts, max_features=max_features)
    features = join_features(texts, vectors, vocabulary, lexical_weight=lexical_weight)
    weights = np.array(targets.weights, dtype=np.float64)
    linear = fit_linear(features, targets.themes, weights, regularization=regularization)
    logits = out_of_fold_logits(features, targets.themes, weights, ids, regularization)
    temperature = fit_temperature(logits, targets.themes, linear.classes, weights)
    has_opinion = np.isfinite(logits).any(axis=1)
    probabilities = np.full(logits.shape, np.nan)
    probabilities[has_opinion] = probabilities_of(logits[has_opinion] / temperature)
    return SecondOpinion(
        targets=targets,
        classes=linear.classes,
        probabilities=probabilities,
        novelty=_novelty(vectors, ids),
        temperature=temperature,
        linear=linear,
        vocabulary=vocabulary,
        lexical_weight=lexical_weight,
    )


def margins_of(probabilities: Numbers) -> list[float]:
    """How far the best of each row lies above the second; 1 where there is one column."""
    if probabilities.shape[1] < 2:
        return [1.0] * len(probabilities)
    best = np.sort(probabilities, axis=1)[:, -2:]
    return [float(margin) for margin in (best[:, 1] - best[:, 0]).round(_DIGITS)]


def _opinion(
    row: Numbers,
    classes: Sequence[str],
    names: Mapping[str, str],
    margin: float,
    novelty: float,
    min_probability: float,
) -> Opinion:
    # Stable: equal probabilities come in the order of the theme ids.
    ranked = [classes[i] for i in np.argsort(-row, kind="stable").tolist()]
    chance = dict(zip(classes, row.tolist(), strict=True))
    best = ranked[0]
    is_unknown = best == UNKNOWN or chance[best] < min_probability
    themes = [theme for theme in ranked if theme != UNKNOWN]
    others = [theme for theme in themes if chance[theme] >= _ALTERNATIVE and theme != best]
    return Opinion(
        theme=UNKNOWN if is_unknown else best,
        theme_name=UNKNOWN_NAME if is_unknown else names[best],
        probability=chance[themes[0] if is_unknown and themes else best],
        alternatives=tuple(dict.fromkeys([*themes[:1], *others])) if is_unknown else tuple(others),
        margin=margin,
        novelty=novelty,
    )


def _novelty(vectors: FloatMatrix, content_ids: Sequence[str]) -> Numbers:
    """Share of the articles that are closer to the others than each is, shape (n,), in [0, 1)."""
    hashed = [hashlib.sha256(f"reference {c}".encode()).hexdigest() for c in content_ids]
    chosen = sorted(range(len(hashed)), key=hashed.__getitem__)[:_MAX_REFERENCES]
    n_neighbours = min(_N_NEIGHBOURS, len(chosen) - 1)
    if n_neighbours < 1:
        return np.zeros(len(vectors))
    place = {row: column for column, row in enumerate(chosen)}
    closeness = np.zeros(len(vectors))
    references = vectors[chosen].astype(np.float64).T
    with one_thread():
        for start in range(0, len(vectors), _BLOCK):
            cosines = vectors[start : start + _BLOCK].astype(np.float64) @ references
            for row in range(len(cosines)):
                if start + row in place:
                    cosines[row, place[start + row]] = -np.inf
            nearest = np.sort(np.partition(cosines, -n_neighbours, axis=1)[:, -n_neighbours:])
            closeness[start : start + _BLOCK] = nearest.mean(axis=1)
    closeness = closeness.round(6)
    above = len(closeness) - np.searchsorted(np.sort(closeness), closeness, side="right")
    return np.asarray((above / len(closeness)).round(_DIGITS))
