"""The labeller: fitted on themes of training articles, answering for new ones, or abstaining."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from pipeline.core.embeddings import take_vectors
from pipeline.core.labels.linear import (
    Linear,
    fit_linear,
    fit_temperature,
    out_of_fold_logits,
    probabilities_of,
)
from pipeline.core.labels.novelty import calibrate_novelty, choose_references, score_novelty
from pipeline.core.labels.vocabulary import Vocabulary, fit_vocabulary, weigh_terms
from pipeline.core.mentions import mentions_all
from pipeline.errors import ContractError
from pipeline.records import UNKNOWN, Embeddings, FloatMatrix, ThemeClassifier

if TYPE_CHECKING:
    from scipy.sparse import csr_array

UNKNOWN_NAME = "Unknown"

#: A theme at least this probable is worth showing beside the best one.
_ALTERNATIVE = 0.2

#: Digits kept of probabilities and novelty. A text's vector differs by about 3e-7 with the texts
#: that the encoder saw beside it; thresholds are applied after rounding, to what is shown.
_DIGITS = 4

Probabilities = npt.NDArray[np.float64]


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


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier, and its most probable theme for each training text when it had not seen it.

    `out_of_fold` is aligned with the training texts; None where a text's theme has no other
    training text, so that nobody could have known it.
    """

    classifier: ThemeClassifier
    out_of_fold: tuple[str | None, ...]


def fit_classifier(
    texts: Sequence[str],
    vectors: FloatMatrix,
    themes: Sequence[str],
    *,
    content_ids: Sequence[str],
    weights: Sequence[float],
    names: Mapping[str, str],
    languages: Sequence[str | None],
    trained_on: Sequence[str],
    encoder: str,
    regularization: float,
    lexical_weight: float,
    max_features: int,
    min_probability: float,
    max_novelty: float,
    must_mention: Mapping[str, tuple[tuple[str, ...], ...]] | None = None,
    n_labels: int = 0,
) -> Fitted:
    """Learn to tell themes apart, how far to trust the answer, and what is unlike all of them.

    Multinomial logistic regression on sentence vectors joined with TF-IDF, then one temperature
    fitted on out-of-fold logits. With one theme only, that theme is certain for every text, and
    novelty alone abstains. Texts must be of distinct duplicate groups: folds are drawn by text.

    Parameters
    ----------
    texts, themes, content_ids, weights, languages
        One for each training text; content ids unique. Order changes nothing in the classifier.
    vectors : FloatMatrix
        Shape (n, d), float32, rows of length 1.
    names : Mapping[str, str]
        Name of every theme in `themes`.
    trained_on : Sequence[str]
        Contents to be named in the model, at least `content_ids`.
    encoder : str
        What made the vectors.
    regularization : float
        C of the logistic regression, above 0; larger fits closer.
    lexical_weight : float
        Share of TF-IDF beside the vector, in [0, 1].
    max_features, min_probability, max_novelty
        As in params.yaml; thresholds are kept in the model.
    must_mention : Mapping[str, tuple[tuple[str, ...], ...]], optional
        Groups of terms that an article of a theme must have; a theme left out asks for none.
    n_labels : int
        How many of the texts people labelled.

    Returns
    -------
    Fitted
        `out_of_fold` in the order of `texts`.

    Raises
    ------
    ValueError
        If there is no text.

    References
    ----------
    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017 (temperature scaling).
    """
    if not texts:
        raise ValueError("classifier: no text to train on")
    order = sorted(range(len(texts)), key=content_ids.__getitem__)
    ids = [content_ids[i] for i in order]
    vectors = vectors[order]
    targets = [themes[i] for i in order]
    sample_weights = np.array([weights[i] for i in order], dtype=np.float64)

    sorted_texts = [texts[i] for i in order]
    vocabulary = fit_vocabulary(sorted_texts, max_features=max_features)
    features = join_features(sorted_texts, vectors, vocabulary, lexical_weight=lexical_weight)
    linear = fit_linear(features, targets, sample_weights, regularization=regularization)
    logits = out_of_fold_logits(features, targets, sample_weights, ids, regularization)
    best = _best_classes(logits, linear.classes)
    references = vectors[choose_references(ids)]
    classifier = ThemeClassifier(
        classes=linear.classes,
        names=tuple(names[theme] for theme in linear.classes),
        terms=vocabulary.terms,
        idf=vocabulary.idf,
        coefficients=linear.coefficients,
        intercepts=linear.intercepts,
        temperature=fit_temperature(logits, targets, linear.classes, sample_weights),
        references=references,
        calibration=calibrate_novelty(references),
        lexical_weight=lexical_weight,
        min_probability=min_probability,
        max_novelty=max_novelty,
        encoder=encoder,
        languages=tuple(sorted({language for language in languages if language})),
        trained_on=tuple(sorted(set(trained_on))),
        must_mention=tuple((must_mention or {}).get(theme, ()) for theme in linear.classes),
        n_labels=n_labels,
    )
    place = {i: row for row, i in enumerate(order)}
    return Fitted(classifier, tuple(best[place[i]] for i in range(len(texts))))


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
    probabilities = probabilities_of(linear.logits(features) / classifier.temperature)
    novelty = score_novelty(vectors, classifier.references, classifier.calibration)
    return [
        _answer(
            classifier,
            texts[i],
            probabilities[i].round(_DIGITS),
            round(float(novelty[i]), _DIGITS),
            language,
        )
        for i, language in enumerate(languages)
    ]


def join_features(
    texts: Sequence[str],
    vectors: FloatMatrix,
    vocabulary: Vocabulary,
    *,
    lexical_weight: float,
) -> csr_array:
    """Vectors and TF-IDF side by side, shape (n, d + n_terms), float64.

    Each part is scaled by the square root of its share, so that the dot product of two rows is
    the weighted mean of their two cosines.
    """
    from scipy.sparse import csr_array, hstack

    dense = csr_array(vectors.astype(np.float64) * np.sqrt(1.0 - lexical_weight))
    lexical = weigh_terms(texts, vocabulary) * np.sqrt(lexical_weight)
    return hstack([dense, lexical], format="csr")


def _best_classes(logits: Probabilities, classes: Sequence[str]) -> list[str | None]:
    return [classes[int(np.argmax(row))] if np.isfinite(row).any() else None for row in logits]


def _answer(
    classifier: ThemeClassifier,
    text: str,
    probabilities: Probabilities,
    novelty: float,
    language: str | None,
) -> Answer:
    # Stable: equal probabilities come in the order of the theme ids.
    ranked = np.argsort(-probabilities, kind="stable")
    best = int(ranked[0])
    probability = float(probabilities[best])
    reason = _reason_to_abstain(classifier, classifier.names[best], probability, novelty, language)
    if not reason and classifier.must_mention:
        groups = classifier.must_mention[best]
        if not mentions_all(text, groups):
            reason = f"lacks the terms that {classifier.names[best]} must mention"
    others = [classifier.classes[i] for i in ranked[1:] if probabilities[i] >= _ALTERNATIVE]
    return Answer(
        theme=UNKNOWN if reason else classifier.classes[best],
        theme_name=UNKNOWN_NAME if reason else classifier.names[best],
        best=classifier.classes[best],
        probability=probability,
        alternatives=(classifier.classes[best], *others) if reason else tuple(others),
        novelty=novelty,
        reason=reason,
    )


def _reason_to_abstain(
    classifier: ThemeClassifier,
    best_name: str,
    probability: float,
    novelty: float,
    language: str | None,
) -> str:
    is_novel = novelty > classifier.max_novelty
    if not is_novel and probability >= classifier.min_probability:
        return ""
    if language and classifier.languages and language not in classifier.languages:
        return f"other language ({language})"
    if is_novel:
        return f"unlike anything in training (novelty {novelty:g})"
    return f"not clear which theme (best: {best_name} at {probability:g})"
