"""Which level of the tree of clusters themes are cut at."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.records import Level


def choose_level(levels: Sequence[Level], granularity: int) -> int:
    """Level `granularity` steps finer than the default one, within the tree.

    A negative number is coarser. `levels` come from coarse to fine; without any it is 0.
    """
    default = next((level.level for level in levels if level.is_default), 0)
    return max(0, min(default + granularity, len(levels) - 1))
