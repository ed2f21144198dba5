"""Numbers that come out the same on any number of cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import threadpool_limits


def one_thread() -> threadpool_limits:
    """Limit linear algebra to one thread, as a context manager: sums then have one order.

    The limit reaches only libraries that are loaded when it is set, and SciPy brings a linear
    algebra library of its own, which is loaded first. Not scikit-learn, which uses that one:
    labelling does without it.
    """
    import scipy.linalg  # noqa: F401 (loaded for its threads)
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)
