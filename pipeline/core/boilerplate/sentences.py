"""What a line reads like: a sentence, or a headline."""

from __future__ import annotations

import re

from pipeline.core.texts import comparable

_ABBREVIATED = re.compile(r"(?:\b[A-Za-z]\.){2,}$|\b(?:Inc|Ltd|Co|Corp|Jr|Sr|St|Gov|Gen|No)\.$")
_QUOTES = "\"'”’»)]"
_MAX_HEADLINE_WORDS = 30
_MAX_HEADLINE = 240


def is_headline(line: str) -> bool:
    """Whether a line reads like a headline: 2 to 30 words and no full stop at its end.

    Question and exclamation marks may end a headline; commas, colons and semicolons may not.
    """
    if not line or len(line) > _MAX_HEADLINE or not any(char.isalpha() for char in line):
        return False
    n_words = len(line.split())
    if n_words > _MAX_HEADLINE_WORDS or (n_words < 2 and len(comparable(line).split()) < 4):
        return False
    return not is_sentence_end(line) and not line.rstrip(_QUOTES).endswith((",", ":", ";"))


def is_sentence_end(line: str) -> bool:
    """Whether the line ends with a full stop, also inside quotation marks."""
    bare = line.rstrip(_QUOTES)
    return bare.endswith((".", "。", "…", "।")) and not _ABBREVIATED.search(bare[-24:])
