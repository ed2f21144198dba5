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
    return mentions_each(text, [groups])[0]


def mentions_each(text: str, wanted: Sequence[Sequence[Sequence[str]]]) -> list[bool]:
    """Say for each of `wanted` whether `text` has a term of each of its groups."""
    folded = text.casefold() if any(wanted) else ""
    return [
        all(any(_mentions(folded, term) for term in group) for group in groups) for groups in wanted
    ]


def _mentions(folded: str, term: str) -> bool:
    # Most texts lack most terms, and looking for a plain string is far quicker than a pattern.
    plain = term.rstrip("*").casefold()
    return plain in folded and _pattern(term).search(folded) is not None


@cache
def _pattern(term: str) -> re.Pattern[str]:
    ending = r"\w*" if term.endswith("*") else ""
    return re.compile(rf"(?<!\w){re.escape(term.rstrip('*').casefold())}{ending}(?!\w)")
