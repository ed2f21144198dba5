"""Shares of a sample, and differences of two shares, each with its 95 % interval.

Articles count as drawn independently of each other; copies are left out before counting.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: Of the normal distribution: 95 % lie within.
_Z = 1.959963984540054
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Share:
    """`n` of `of` items; `value`, `low` and `high` are in [0, 1], 0 to 1 where `of` is 0."""

    n: int
    of: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Change:
    """A difference with its interval, each in [-1, 1]; above 0: more than in training."""

    value: float
    low: float
    high: float


def share_of(n: int, of: int) -> Share:
    """Share with Wilson's score interval (E. B. Wilson, JASA 22, 1927)."""
    if of == 0:
        return Share(0, 0, 0.0, 0.0, 1.0)
    p = n / of
    middle = (p + _Z**2 / (2 * of)) / (1 + _Z**2 / of)
    half = _Z * math.sqrt(p * (1 - p) / of + _Z**2 / (4 * of**2)) / (1 + _Z**2 / of)
    low = 0.0 if n == 0 else max(0.0, middle - half)
    high = 1.0 if n == of else min(1.0, middle + half)
    return Share(n, of, round(p, _DIGITS), round(low, _DIGITS), round(high, _DIGITS))


def change_of(now: Share, before: Share) -> Change:
    """Difference of two shares (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10)."""
    value = now.value - before.value
    below = math.hypot(now.value - now.low, before.high - before.value)
    above = math.hypot(now.high - now.value, before.value - before.low)
    low, high = max(-1.0, value - below), min(1.0, value + above)
    return Change(round(value, _DIGITS), round(low, _DIGITS), round(high, _DIGITS))
