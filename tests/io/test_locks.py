"""One process at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import BusyError
from pipeline.io.locks import holding


def test_a_held_lock_is_refused_with_one_clear_line(tmp_path: Path) -> None:
    lock = tmp_path / "new" / ".lock"
    with (
        holding(lock),
        pytest.raises(BusyError, match=r"held by another process for 0 s; wait"),
        holding(lock, patience=0.0),
    ):
        pass


def test_a_lock_is_free_again_after_its_holder_failed(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), holding(tmp_path / ".lock"):
        raise ZeroDivisionError
    with holding(tmp_path / ".lock", patience=0.0):
        pass
