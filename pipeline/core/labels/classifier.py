"""The labeller: answers for new articles, or abstains and says why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.conformal import prediction_sets
from pipeline.core.labels.features import join_features
from pipeline.core.labels.linear import (
    Linear,
    probabilities_of,
)
from pipeline.core.labels.novelty import NoveltyModel, measure_novelty
from pipeline.core.labels.refusals import reason_to_refuse
from pipeline.core.labels.vocabulary import Vocabulary
from pipeline.core.mentions import mentions_all
from pipeline.errors import ContractError
from pipeline.records import UNKNOWN, Embeddings, ThemeClassifier

UNKNOWN_NAME = "Unknown"

#: More themes than these beside the best one help nobody.
_MAX_ALTERNATIVES = 5
#: A theme at least this probable is worth showing, though the promised coverage needs it not.
_ALTERNATIVE = 0.2
#: One less probable than this is not, though a small training set can rule nothing out.
_LEAST_PROBABILITY = 0.01

#: Digits kept of probabilities and novelty. A text's vector differs by about 3e-7 with the texts
#: that the encoder saw beside it; thresholds are applied after rounding, to what is shown.
DIGITS = 4

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the classifier says of one text.

    `theme` is a theme id or `UNKNOWN`; `best` the most probable theme id, `probability` its
    probability in [0, 1]; `alternatives` further theme ids, best first, beginning with `best`
    where the answer is `UNKNOWN`; `reason` is empty unless the answer is `UNKNOWN`.
    """

    theme: str
    theme_name: str
    best: str
    probability: float
    alternatives: tuple[str, ...]
    novelty: float
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class _Belief:
    """What a model holds of one text: rounded `probabilities` of the k themes and of `UNKNOWN`.

    `may_be` (k,) says which themes the text may have; `novelty` is in [0, 1].
    """

    probabilities: Numbers
    unknown: float
    may_be: npt.NDArray[np.bool_]
    novelty: float


def predict(
    classifier: ThemeClassifier,
    texts: Sequence[str],
    embeddings: Embeddings,
    content_ids: Sequence[str],
    languages: Sequence[str | None],
) -> list[Answer]:
    """Answer for each text with a theme, or `UNKNOWN` and why.

    An answer depends on its own text and vector alone. Probabilities and novelty are rounded to
    four digits before they are compared with the thresholds kept in the model.

    Parameters
    ----------
    classifier : ThemeClassifier
        From `fit_classifier`.
    texts, content_ids, languages
        One for each text; `content_ids` name the rows of `embeddings`.
    embeddings : Embeddings
        Of the encoder that the classifier was trained with.

    Raises
    ------
    ContractError
        If the vectors come from another encoder, or a content has none.
    """
    if embeddings.model != classifier.encoder:
        raise ContractError(
            f"model: trained on vectors of '{classifier.encoder}' (got '{embeddings.model}'); "
            "set embed.model in params.yaml as it was, or retrain: dvc repro"
        )
    if not texts:
        return []
    vectors = take_vectors(embeddings, content_ids)
    vocabulary = Vocabulary(classifier.terms, classifier.idf)
    features = join_features(texts, vectors, vocabulary, lexical_weight=classifier.lexical_weight)
    linear = Linear(classifier.classes, classifier.coefficients, classifier.intercepts)
    logits = linear.logits(features) / classifier.temperature
    model = NoveltyModel(
        classifier.references,
        classifier.closeness,
        classifier.novelty_scale,
        classifier.calibration,
    )
    novelty = measure_novelty(model, vectors, logits[:, : len(classifier.classes)])
    probabilities = probabilities_of(logits).round(DIGITS)
    return answer_all(classifier, texts, languages, probabilities, novelty.round(DIGITS))


def answer_all(
    classifier: ThemeClassifier,
    texts: Sequence[str],
    languages: Sequence[str | None],
    probabilities: Numbers,
    novelty: Numbers,
) -> list[Answer]:
    """Answer from numbers that are rounded to `DIGITS`.

    `probabilities` (n, k) are of the themes, with one more column where `UNKNOWN` is learnt;
    `novelty` (n,) is in [0, 1].
    """
    n_themes = len(classifier.classes)
    themes = probabilities[:, :n_themes]
    unknown = probabilities[:, n_themes:].sum(axis=1)
    may_be = prediction_sets(themes, classifier.set_threshold)
    return [
        _answer(
            classifier,
            text,
            language,
            _Belief(themes[i], float(unknown[i]), may_be[i], float(novelty[i])),
        )
        for i, (text, language) in enumerate(zip(texts, languages, strict=True))
    ]


def _answer(
    classifier: ThemeClassifier, text: str, language: str | None, belief: _Belief
) -> Answer:
    # Stable: equal probabilities come in the order of the theme ids.
    ranked = np.argsort(-belief.probabilities, kind="stable")
    best = int(ranked[0])
    reason = _reason_to_abstain(classifier, text, language, belief, best)
    stated = belief.probabilities
    may_be = (belief.may_be & (stated >= _LEAST_PROBABILITY)) | (stated >= _ALTERNATIVE)
    others = [classifier.classes[i] for i in ranked[1:] if may_be[i]][:_MAX_ALTERNATIVES]
    return Answer(
        theme=UNKNOWN if reason else classifier.classes[best],
        theme_name=UNKNOWN_NAME if reason else classifier.names[best],
        best=classifier.classes[best],
        probability=float(belief.probabilities[best]),
        alternatives=(classifier.classes[best], *others) if reason else tuple(others),
        novelty=belief.novelty,
        reason=reason,
    )


def _reason_to_abstain(
    classifier: ThemeClassifier, text: str, language: str | None, belief: _Belief, best: int
) -> str:
    """Why no theme is given: the first reason that holds; empty where none does."""
    refusal = reason_to_refuse(text, language, classifier.languages)
    if refusal:
        return refusal
    if belief.novelty > classifier.max_novelty:
        return f"unlike anything in training (novelty {belief.novelty:g})"
    name, probability = classifier.names[best], float(belief.probabilities[best])
    if belief.unknown > probability:
        return f"like articles that people called unknown ({belief.unknown:g})"
    if probability < classifier.min_probability:
        return f"not clear which theme (best: {name} at {probability:g})"
    if classifier.must_mention and not mentions_all(text, classifier.must_mention[best]):
        return f"lacks the terms that {name} must mention"
    return ""
