"""Why articles are unknown, in a few kinds: which of them can be a theme of their own."""

from __future__ import annotations

from typing import Literal, get_args

Kind = Literal[
    "novel", "unclear", "lacks terms", "called unknown", "other language", "too short", "other"
]
KINDS: tuple[Kind, ...] = get_args(Kind)
#: What may be an emerging theme: text that was read and understood, and fits no theme.
THEMATIC: frozenset[Kind] = frozenset({"novel", "unclear", "lacks terms"})

_BEGINNINGS: tuple[tuple[str, Kind], ...] = (
    ("unlike", "novel"),
    ("not clear", "unclear"),
    ("lacks the terms", "lacks terms"),
    ("like articles that people called unknown", "called unknown"),
    ("other language", "other language"),
    ("too short", "too short"),
)
#: How each kind is said to people.
WORDS: dict[Kind, str] = {
    "novel": "unlike anything in training",
    "unclear": "not clear which theme",
    "lacks terms": "lacks the terms that its theme must mention",
    "called unknown": "like articles that people called unknown",
    "other language": "in a language that the model was not trained on",
    "too short": "too short to tell",
    "other": "another reason",
}


def kind_of(reason: str) -> Kind:
    """Kind of a labelled article's `reason`, which is not empty."""
    return next((kind for start, kind in _BEGINNINGS if reason.startswith(start)), "other")
