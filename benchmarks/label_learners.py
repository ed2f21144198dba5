"""Those who learn from a few labelled rows: ours and its peers, behind one call each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from benchmarks.label_sets import Task
from pipeline.core.labels.features import join_features
from pipeline.core.labels.linear import fit_linear
from pipeline.core.labels.spreading import neighbor_graph
from pipeline.core.labels.teaching import DESCRIPTION_WEIGHT, Lessons
from pipeline.core.labels.vocabulary import Vocabulary, fit_vocabulary, weigh_terms
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

C, LEXICAL_WEIGHT, MAX_FEATURES = 10.0, 0.5, 20_000
Rows = npt.NDArray[np.intp]
Classes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A task with all that does not depend on which rows are labelled, computed once.

    `vocabulary` is of all rows to learn from. `words` and `features` have the rows to learn from
    and then the meanings of the labels; `unlabelled` are the rows that ours may read.
    `counts` and `test_counts` are words and word pairs as `tfidf` counts them.
    """

    task: Task
    vocabulary: Vocabulary
    vectors: FloatMatrix
    words: csr_array
    features: csr_array
    test_features: csr_array
    unlabelled: Rows
    counts: csr_array
    test_counts: csr_array


def prepare(task: Task, most_unlabelled: int) -> Prepared:
    """Count and weigh words once."""
    from sklearn.feature_extraction.text import CountVectorizer

    train, test = task.train, task.test
    texts = (*train.texts, *task.meanings)
    vectors = np.concatenate([train.vectors, task.vectors])
    vocabulary = fit_vocabulary(texts, max_features=MAX_FEATURES)
    counter = CountVectorizer(ngram_range=(1, 2))
    counts = counter.fit_transform(train.texts)
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in train.texts]
    return Prepared(
        task=task,
        vocabulary=vocabulary,
        vectors=vectors,
        words=weigh_terms(texts, vocabulary),
        features=join_features(texts, vectors, vocabulary, lexical_weight=LEXICAL_WEIGHT),
        test_features=join_features(
            test.texts, test.vectors, vocabulary, lexical_weight=LEXICAL_WEIGHT
        ),
        unlabelled=np.argsort(np.array(hashes))[:most_unlabelled],
        counts=counts,
        test_counts=counter.transform(test.texts),
    )


def ours(prepared: Prepared, labelled: Rows, *, alone: bool = False) -> Classes:
    """Answer as the product does; `alone`: without unlabelled rows and without descriptions."""
    task = prepared.task
    known = {row: task.labels[task.train.classes[row]] for row in labelled.tolist()}
    if alone:
        linear = fit_linear(
            prepared.features[labelled], list(known.values()), np.ones(len(labelled)),
            regularization=C,
        )  # fmt: skip
        return _codes(task, linear.best(prepared.test_features))
    n = len(task.train.texts)
    meanings = range(n, n + len(task.labels))
    rows = np.array([*sorted({*known, *prepared.unlabelled.tolist()}), *meanings])
    lessons = Lessons(
        features=prepared.features[rows],
        graph=neighbor_graph(prepared.vectors[rows], prepared.words[rows]),
        themes=tuple(task.labels[r - n] if r >= n else known.get(r) for r in rows.tolist()),
        weights=np.where(rows >= n, DESCRIPTION_WEIGHT, 1.0),
    )
    return _codes(task, lessons.learn(regularization=C).best(prepared.test_features))


def zero_shot(task: Task) -> Classes:
    """Class whose meaning has the nearest vector."""
    return np.asarray((task.test.vectors @ task.vectors.T).argmax(axis=1), dtype=np.int64)


def _tfidf(prepared: Prepared, labelled: Rows) -> Classes:
    from sklearn.feature_extraction.text import TfidfTransformer
    from sklearn.linear_model import LogisticRegression

    counts = prepared.counts[labelled]
    seen = np.flatnonzero(counts.sum(axis=0))
    weigh = TfidfTransformer(sublinear_tf=True).fit(counts[:, seen])
    model = LogisticRegression(C=C, max_iter=1000)
    model.fit(weigh.transform(counts[:, seen]), prepared.task.train.classes[labelled])
    found = model.predict(weigh.transform(prepared.test_counts[:, seen]))
    return np.asarray(found, dtype=np.int64)


def _minilm(prepared: Prepared, labelled: Rows) -> Classes:
    from sklearn.linear_model import LogisticRegression

    train = prepared.task.train.take(labelled)
    model = LogisticRegression(C=C, max_iter=1000).fit(train.vectors, train.classes)
    return np.asarray(model.predict(prepared.task.test.vectors), dtype=np.int64)


def _codes(task: Task, themes: list[str]) -> Classes:
    code = {label: i for i, label in enumerate(task.labels)}
    return np.array([code[theme] for theme in themes], dtype=np.int64)


PEERS: dict[str, Callable[[Prepared, Rows], Classes]] = {"tfidf": _tfidf, "minilm": _minilm}
