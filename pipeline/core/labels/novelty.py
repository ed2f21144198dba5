"""How unlike everything in training an article is, on a scale that training itself sets.

Two signs are added: the article lies apart (it is less close to its nearest neighbours in training
than these are to theirs) and no theme claims it (all logits are low). Neither alone is as good, and
plain distance is unfair to themes that are spread out. The sum is compared with the same sum of
training articles that were scored as if they were new.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.labels.conformal import share_below
from pipeline.records import FloatMatrix

#: Neighbours that an article is compared with.
_N_NEIGHBOURS = 5

#: How much of the neighbours' own closeness is taken off: 0 is plain distance, 1 the local outlier
#: factor's view. `benchmarks/trust.py tune` shows the values between.
_DENSITY = 0.5

#: Weight of the second sign: what is written later than training lies apart even where its theme is
#: known, so distance counts half.
_CLAIM = 2.0

#: Training vectors kept for comparison: enough to cover the themes, small enough to ship.
_MAX_REFERENCES = 2000

#: Scores of training articles below which nothing is called novel: with n of them 1 in n + 1 of
#: the articles like them would be, that is, more than a tenth.
_MIN_CALIBRATION = 9

#: Spread of a sign that is the same for every article, but for rounding.
_FLAT = 1e-9

#: Digits of a cosine that say something.
_COSINE_DIGITS = 9

#: Rows compared at a time, so that memory does not grow with the batch.
_BLOCK = 1024

Scores = npt.NDArray[np.float64]
Row = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class NoveltyModel:
    """What an article is compared with; all float32 and finite.

    `references` (r, d) are training vectors, and `closeness` (r,) says how close each is to the
    others (mean cosine of its nearest). `scale` (4,) holds mean and spread of the two signs over
    training articles: apartness, then lack of claim; a spread of 0 leaves its sign out.
    `calibration` (c,) holds the sums of training articles, ascending; empty: nothing is novel.
    """

    references: FloatMatrix
    closeness: Row
    scale: Row
    calibration: Row


def spread_references(content_ids: Sequence[str], themes: Sequence[str]) -> list[int]:
    """Rows kept as references: all, or 2,000, ascending.

    Themes take turns, each in the order of the hashes of its content ids, so that a small theme is
    kept whole. The order of the rows changes nothing.
    """
    hashed = [hashlib.sha256(f"reference {c}".encode()).hexdigest() for c in content_ids]
    turns: Counter[str] = Counter()
    turn_of = {}
    for row in sorted(range(len(hashed)), key=hashed.__getitem__):
        turn_of[row] = turns[themes[row]]
        turns[themes[row]] += 1
    return sorted(sorted(turn_of, key=lambda row: (turn_of[row], hashed[row]))[:_MAX_REFERENCES])


def fit_novelty(
    vectors: FloatMatrix, themes: Sequence[str], content_ids: Sequence[str], logits: Scores
) -> tuple[NoveltyModel, Scores]:
    """Learn what articles like those in training look like.

    Parameters
    ----------
    vectors : FloatMatrix
        Shape (n, d), float32, rows of length 1, of training articles of distinct duplicate groups.
    themes, content_ids : Sequence[str]
        One for each.
    logits : Scores
        Shape (n, k), of models that had not seen the article, divided by the temperature; -inf
        where a model did not know the theme. Rows without a finite logit set no scale.

    Returns
    -------
    NoveltyModel
        The order of the rows changes nothing.
    Scores
        Shape (n,): novelty of each training article compared with the others, in [0, 1]; NaN where
        there is no finite logit. All 0 where nothing is novel.
    """
    chosen = spread_references(content_ids, themes)
    references = np.ascontiguousarray(vectors[chosen], dtype=np.float32)
    own = np.full(len(vectors), -1)
    own[chosen] = np.arange(len(chosen))
    closeness = _closeness(references)
    scored = np.isfinite(logits).any(axis=1)
    if scored.sum() < _MIN_CALIBRATION:
        nothing = np.zeros(0, dtype=np.float32)
        scale = np.zeros(4, dtype=np.float32)
        return NoveltyModel(references, closeness, scale, nothing), np.zeros(len(vectors))
    signs = np.full((len(vectors), 2), np.nan)
    signs[:, 0] = _apartness(vectors, references, closeness, own)
    signs[scored, 1] = _lack_of_claim(logits[scored])
    # Sorted first: a sum in another order of the rows would differ in the last digit.
    ordered = np.sort(signs[scored], axis=0)
    scale = np.ravel([ordered.mean(axis=0), ordered.std(axis=0)], order="F").astype(np.float32)
    sums = _sum_of_signs(signs, scale)
    calibration = np.sort(sums[scored]).astype(np.float32)
    novelty = np.where(scored, share_below(calibration, sums), np.nan)
    return NoveltyModel(references, closeness, scale, calibration), novelty


def measure_novelty(model: NoveltyModel, vectors: FloatMatrix, logits: Scores) -> Scores:
    """Share of training articles that are less novel than each article.

    Parameters
    ----------
    model : NoveltyModel
        From `fit_novelty`.
    vectors : FloatMatrix
        Shape (n, d), float32, rows of length 1.
    logits : Scores
        Shape (n, k), finite, divided by the temperature; columns of themes only.

    Returns
    -------
    Scores
        Shape (n,), float64 in [0, 1]; of articles like those in training a share x lies above
        1 - x. All 0 where training had too few articles to tell.

    References
    ----------
    Sun et al., "Out-of-distribution detection with deep nearest neighbors", ICML 2022; Breunig et
    al., "LOF: identifying density-based local outliers", SIGMOD 2000; Liu et al., "Energy-based
    out-of-distribution detection", NeurIPS 2020 (the negative log-sum-exp of logits).
    """
    if not len(model.calibration) or not len(vectors):
        return np.zeros(len(vectors))
    nobody = np.full(len(vectors), -1)
    apartness = _apartness(vectors, model.references, model.closeness, nobody)
    signs = np.column_stack([apartness, _lack_of_claim(logits)])
    return share_below(model.calibration, _sum_of_signs(signs, model.scale))


def _closeness(references: FloatMatrix) -> Row:
    """Mean cosine of each reference and the references nearest to it, without itself."""
    if len(references) <= 1:
        return np.zeros(len(references), dtype=np.float32)
    nearest, _ = _nearest(references, references, np.arange(len(references)))
    return np.asarray(nearest.mean(axis=1).astype(np.float32))


def _apartness(
    vectors: FloatMatrix, references: FloatMatrix, closeness: Row, own: npt.NDArray[np.int64]
) -> Scores:
    """Half of how close its neighbours are to theirs, less how close each vector is to them."""
    cosines, neighbours = _nearest(vectors, references, own)
    theirs = closeness.astype(np.float64)[neighbours].mean(axis=1)
    return np.asarray(_DENSITY * theirs - cosines.mean(axis=1))


def _nearest(
    vectors: FloatMatrix, references: FloatMatrix, own: npt.NDArray[np.int64]
) -> tuple[Scores, npt.NDArray[np.int64]]:
    """Cosines of the nearest references, descending, and which they are.

    `own` says which reference a vector is itself, -1 for none: it is no neighbour.
    """
    n = min(_N_NEIGHBOURS, len(references) - 1)
    cosines, neighbours = np.zeros((len(vectors), n)), np.zeros((len(vectors), n), dtype=np.int64)
    wide = references.astype(np.float64)
    for start in range(0, len(vectors), _BLOCK):
        block = slice(start, start + _BLOCK)
        # One thread: sums in another order would change the last digit with the number of cores.
        with one_thread():
            found = vectors[block].astype(np.float64) @ wide.T
        rows = np.flatnonzero(own[block] >= 0)
        found[rows, own[block][rows]] = -np.inf
        # Rounded and stable: equally near ones come in the order of the references, whatever else
        # is in the block (its size moves the last digit).
        found = found.round(_COSINE_DIGITS)
        nearest = np.argsort(-found, axis=1, kind="stable")[:, :n]
        cosines[block] = np.take_along_axis(found, nearest, axis=1)
        neighbours[block] = nearest
    return cosines, neighbours


def _lack_of_claim(logits: Scores) -> Scores:
    """Negative log-sum-exp of each row."""
    highest = logits.max(axis=1)
    return np.asarray(-highest - np.log(np.exp(logits - highest[:, None]).sum(axis=1)))


def _sum_of_signs(signs: Scores, scale: Row) -> Scores:
    wide = scale.astype(np.float64).reshape(2, 2)
    parts = [
        weight * (signs[:, i] - mean) / spread
        for i, (weight, (mean, spread)) in enumerate(zip((1.0, _CLAIM), wide, strict=True))
        if spread > _FLAT
    ]
    return np.asarray(sum(parts, np.zeros(len(signs))))
