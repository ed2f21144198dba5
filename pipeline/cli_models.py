"""`newsthemes models`, `promote` and `rollback`: which model labels new articles."""

from __future__ import annotations


def models() -> None:
    """List the registered models and say which is champion."""


def promote() -> None:
    """Make a version champion by hand."""


def rollback() -> None:
    """Go back to the champion before this one."""
