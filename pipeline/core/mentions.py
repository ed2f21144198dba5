"""Terms that an article must have to be of a theme at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache


def mentions_all(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Say whether `text` has a term of every group.

    Terms are whole words in any case; `Iran*` stands for all words that begin so. No groups ask
    for nothing: True.
    """
    return all(_pattern(tuple(group)).search(text) for group in groups)


@cache
def _pattern(terms: tuple[str, ...]) -> re.Pattern[str]:
    parts = [re.escape(t.rstrip("*")) + (r"\w*" if t.endswith("*") else "") for t in terms]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
