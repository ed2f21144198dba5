"""Names of people and papers, as bylines and stamps give them."""

from __future__ import annotations

import re

#: What may stand around a name, a date or a time on a line.
EDGES = " \t,;|·•–—-()[]/@"
#: `Ann Lee, chief foreign correspondent`: what the author is.
_ROLE = re.compile(
    r",?\s+(?:[\w'’-]+\s+){0,4}(?:editor|correspondent|reporter|writer|columnist|analyst|chief"
    r"|producer|staff|contributor|journalist)(?:\s+(?:in|at|for)\s+.{2,40})?$",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"^(?:[^\W_][\w.'’-]*(?:/[A-Z]{2,})?|&)$")
_SMALL_WORDS = frozenset(
    (
        "and",
        "in",
        "at",
        "for",
        "of",
        "the",
        "de",
        "la",
        "van",
        "von",
        "der",
        "den",
        "di",
        "da",
        "el",
    )
)


def read_name(text: str) -> str | None:
    """Read the name that ends a stamp or a byline.

    Returns
    -------
    str or None
        The name without what surrounds it; "" for an empty text; None where the words are no name
        (more than eight, or one that is neither capitalised nor a particle).
    """
    text = _ROLE.sub("", text.replace("|", " ").strip(EDGES))
    text = re.sub(r"\s+(?:on|at)$", "", text)
    text = re.sub(r"^(?:at\s+)?(?:[-–—,]\s*)?(?:by\s+)?", "", text, flags=re.IGNORECASE).strip(
        EDGES
    )
    words = text.split()
    if not words:
        return ""
    if len(words) > 8 or not words[0][0].isupper():
        return None
    for word in (word.strip(",") for word in words):
        is_name = _NAME_WORD.match(word) and (word[0].isupper() or not word[0].islower())
        if not (is_name or word.lower() in _SMALL_WORDS):
            return None
    return text
