"""Training articles, labels and the catalogue's words → a labeller that knows its own errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.core.labels.classifier import DIGITS, Answer, Numbers, answer_all
from pipeline.core.labels.conformal import set_threshold
from pipeline.core.labels.lessons import (
    NONE_UNLABELLED,
    NOT_DESCRIBED,
    Described,
    Unlabelled,
    make_lessons,
)
from pipeline.core.labels.linear import fit_temperature, out_of_fold_logits, probabilities_of
from pipeline.core.labels.noise import Suspect, find_suspects
from pipeline.core.labels.novelty import fit_novelty
from pipeline.core.labels.refusals import known_languages
from pipeline.core.labels.vocabulary import fit_vocabulary
from pipeline.records import UNKNOWN, FloatMatrix, ThemeClassifier


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier, and what models that had not seen it answer for each training text.

    `out_of_fold` is aligned with the training texts; None where a text's theme has no other
    training text, so that nobody could have known it. `suspects` are those of which they think
    something else than was taught, the surest first.
    """

    classifier: ThemeClassifier
    out_of_fold: tuple[Answer | None, ...]
    suspects: tuple[Suspect, ...] = ()


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
    coverage: float = 0.95,
    described: Described = NOT_DESCRIBED,
    unlabelled: Unlabelled = NONE_UNLABELLED,
    must_mention: Mapping[str, tuple[tuple[str, ...], ...]] | None = None,
    n_labels: int = 0,
) -> Fitted:
    """Learn to tell themes apart, how far to trust the answer, and what is unlike all of them.

    Multinomial logistic regression on sentence vectors joined with TF-IDF, then one temperature,
    the scale of novelty and the threshold of prediction sets from out-of-fold logits. With one
    theme only, that theme is certain for every text, and novelty alone abstains. Texts must be of
    distinct duplicate groups: folds are drawn by text.

    Parameters
    ----------
    texts, themes, content_ids, weights, languages
        One for each training text; content ids unique. Order changes nothing in the classifier.
        A theme may be `UNKNOWN`: what people said fits none is learnt as one more class, and
        takes no part in novelty; at least one text must have another.
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
    max_features, min_probability, max_novelty, coverage
        As in params.yaml; thresholds are kept in the model.
    must_mention : Mapping[str, tuple[tuple[str, ...], ...]], optional
        Groups of terms that an article of a theme must have; a theme left out asks for none.
    n_labels : int
        How many of the texts people labelled.
    described : Described, optional
        What the catalogue says of its themes: enough for a theme that no text has. Their names
        must be among `names`.
    unlabelled : Unlabelled, optional
        Texts of no known theme, to which those of others are spread.

    Returns
    -------
    Fitted
        `out_of_fold` in the order of `texts`.

    Raises
    ------
    ValueError
        If there is no text of a theme.

    References
    ----------
    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017 (temperature scaling).
    """
    if not set(themes) - {UNKNOWN}:
        raise ValueError("classifier: no text of a theme to train on")
    order = sorted(range(len(texts)), key=content_ids.__getitem__)
    ids = [content_ids[i] for i in order]
    vectors = vectors[order]
    targets = [themes[i] for i in order]
    sorted_texts = [texts[i] for i in order]
    sorted_languages = [languages[i] for i in order]
    sample_weights = np.array([weights[i] for i in order], dtype=np.float64)

    all_texts = (*sorted_texts, *described.texts, *unlabelled.texts)
    vocabulary = fit_vocabulary(all_texts, max_features=max_features)
    lessons = make_lessons(
        all_texts,
        [vectors, described.vectors, unlabelled.vectors],
        [*targets, *described.themes],
        np.concatenate([sample_weights, described.weights]),
        vocabulary,
        lexical_weight=lexical_weight,
    )
    linear = lessons.learn(regularization=regularization)
    logits = out_of_fold_logits(
        lessons.features[: len(targets)],
        targets,
        sample_weights,
        ids,
        regularization,
        learn=lambda rows: lessons.learn(regularization=regularization, without=rows),
        classes=linear.classes,
    )
    temperature = fit_temperature(logits, targets, linear.classes, sample_weights)

    # UNKNOWN, where people called articles so, is one more class; it comes after the themes.
    columns = sorted(range(len(linear.classes)), key=lambda i: linear.classes[i] == UNKNOWN)
    classes = tuple(theme for theme in linear.classes if theme != UNKNOWN)
    scaled = logits[:, columns] / temperature
    rows = np.flatnonzero([theme != UNKNOWN for theme in targets])
    themed = [targets[i] for i in rows.tolist()]
    novelty, own_novelty = fit_novelty(
        vectors[rows], themed, [ids[i] for i in rows.tolist()], scaled[rows, : len(classes)]
    )
    probabilities = _known_probabilities(scaled)
    threshold = set_threshold(
        probabilities[rows, : len(classes)], themed, classes, coverage=coverage
    )
    classifier = ThemeClassifier(
        classes=classes,
        names=tuple(names[theme] for theme in classes),
        terms=vocabulary.terms,
        idf=vocabulary.idf,
        coefficients=linear.coefficients[columns],
        intercepts=linear.intercepts[columns],
        temperature=temperature,
        references=novelty.references,
        closeness=novelty.closeness,
        novelty_scale=novelty.scale,
        calibration=novelty.calibration,
        lexical_weight=lexical_weight,
        set_threshold=threshold,
        min_probability=min_probability,
        max_novelty=max_novelty,
        encoder=encoder,
        languages=known_languages([sorted_languages[i] for i in rows.tolist()]),
        trained_on=tuple(sorted(set(trained_on))),
        must_mention=tuple((must_mention or {}).get(theme, ()) for theme in classes),
        n_labels=n_labels,
    )
    novelties = np.zeros(len(targets))
    novelties[rows] = np.nan_to_num(own_novelty)
    unseen = answer_all(
        classifier, sorted_texts, sorted_languages, probabilities, novelties.round(DIGITS)
    )
    answers = {
        i: answer if np.isfinite(probabilities[row]).any() else None
        for row, (i, answer) in enumerate(zip(order, unseen, strict=True))
    }
    suspects = find_suspects(probabilities, [linear.classes[i] for i in columns], targets, ids)
    return Fitted(classifier, tuple(answers[i] for i in range(len(texts))), suspects)


def _known_probabilities(logits: Numbers) -> Numbers:
    """Rounded probabilities; NaN in rows without a finite logit."""
    probabilities = np.full(logits.shape, np.nan)
    known = np.isfinite(logits).any(axis=1)
    probabilities[known] = probabilities_of(logits[known]).round(DIGITS)
    return probabilities
