"""The same digits on one core and on all."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SCRIPT = """
import hashlib, os, sys
os.sched_setaffinity(0, {0} if sys.argv[1] == "one" else os.sched_getaffinity(0))
import numpy as np
from pipeline.core.arithmetic import one_thread
with one_thread():
    # SciPy's library is loaded by now, or the limit would not reach it.
    from sklearn.decomposition import TruncatedSVD
    rows = np.random.default_rng(0).normal(size=(400, 600))
    print(hashlib.sha256(TruncatedSVD(64, random_state=0).fit_transform(rows).tobytes()).hexdigest())
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores cannot be taken away here")
def test_a_fresh_process_gives_the_same_digits_on_one_core_and_on_all() -> None:
    digests = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT, cores], capture_output=True, text=True, check=True
        ).stdout
        for cores in ("one", "all")
    }
    assert len(digests) == 1
