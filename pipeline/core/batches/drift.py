"""How far the mix of a batch is from that of training, and how far chance alone would take it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from pipeline.core.arithmetic import one_thread
from pipeline.core.batches.summary import QUANTILES, Distance, Size

_Floats = npt.NDArray[np.float64]
_DIGITS = 4
#: Where a shift is called moderate and large. For small shifts these are a population stability
#: index of 0.1 and 0.25, the limits that credit scoring uses: that index is 8 ln 2 times the
#: square of the distance.
MODERATE, LARGE = 0.134, 0.212


def distance_between(
    batch: Mapping[str, int], training: Mapping[str, int], *, n_resamples: int, seed: int
) -> Distance | None:
    """Jensen-Shannon distance of two mixes (J. Lin, IEEE Trans. Inf. Theory 37, 1991).

    The interval is the basic bootstrap, which takes off the excess that few articles bring; it
    begins at 0 at the earliest. The chance level draws two samples of these sizes from training.

    Parameters
    ----------
    batch, training : mapping
        Counts by name; names that one of them lacks count 0 there.
    n_resamples : int
        Resamples behind the interval and the chance level.
    seed : int
        The same seed gives the same numbers, whatever the order of the counts.

    Returns
    -------
    Distance or None
        None where one of the two is empty.
    """
    names = sorted({*batch, *training})
    now = np.array([batch.get(name, 0) for name in names], dtype=np.int64)
    then = np.array([training.get(name, 0) for name in names], dtype=np.int64)
    n_now, n_then = int(now.sum()), int(then.sum())
    if not n_now or not n_then:
        return None
    draws = np.random.default_rng(seed)
    with one_thread():
        value = float(_distances(now[None], then[None])[0])
        others = draws.multinomial(n_then, then / n_then, size=n_resamples)
        near = _distances(draws.multinomial(n_now, now / n_now, size=n_resamples), others)
        same = _distances(draws.multinomial(n_now, then / n_then, size=n_resamples), others)
    low_end, high_end = (float(np.quantile(near, q)) for q in (0.025, 0.975))
    by_chance = float(np.quantile(same, 0.95))
    return Distance(
        value=round(value, _DIGITS),
        low=round(max(0.0, 2 * value - high_end), _DIGITS),
        high=round(min(1.0, max(0.0, 2 * value - low_end)), _DIGITS),
        by_chance=round(by_chance, _DIGITS),
        size=_size(value, by_chance),
    )


def _distances(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> _Floats:
    """Distance of each row of counts to the row of the other; shape (n,)."""
    p, q = (counts / counts.sum(axis=1, keepdims=True) for counts in (one, other))
    middle = (p + q) / 2
    divergence = (_entropies(middle) * 2 - _entropies(p) - _entropies(q)) / 2
    return np.asarray(np.sqrt(np.clip(divergence, 0.0, 1.0)))


def _entropies(shares: _Floats) -> _Floats:
    logs = np.log2(shares, out=np.zeros_like(shares), where=shares > 0)
    return np.asarray(-(shares * logs).sum(axis=1))


def _size(value: float, by_chance: float) -> Size:
    if value == 0:
        return "none"
    if value <= by_chance:
        return "chance"
    return "small" if value < MODERATE else "moderate" if value < LARGE else "large"


def quantiles_of(counts: Counter[int], scale: float = 1.0) -> tuple[float, ...]:
    """Values at `QUANTILES` of counted whole numbers, each divided by `scale`; empty for none.

    A value that was there is given: the least that so many are not above.
    """
    total = counts.total()
    if not total:
        return ()
    values = sorted(counts)
    below = np.cumsum([counts[value] for value in values]).tolist()
    wanted = (bisect_left(below, max(1, q * total - 1e-9)) for q in QUANTILES)
    return tuple(round(values[place] / scale, _DIGITS) for place in wanted)


def profile_quantiles(values: Sequence[float]) -> tuple[float, ...]:
    """Values at `QUANTILES` of a training profile's 21; empty for none."""
    return tuple(round(values[round(20 * q)], _DIGITS) for q in QUANTILES) if values else ()
