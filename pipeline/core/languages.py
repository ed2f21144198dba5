"""Texts → language codes, with a model that comes in its package (py3langid)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LETTER = re.compile(r"[^\W\d_]")

#: Below this many letters the model guesses; the page's language is the better answer.
_MIN_LETTERS = 40

#: The beginning says it as surely as the whole, and a page of 1 MB costs no more than one of 1 kB.
_MAX_CHARS = 600

#: What the model says of a text without language.
_NO_LANGUAGE = "zxx"


def detect_languages(
    texts: Sequence[str], stated: Sequence[str | None] | None = None
) -> list[str | None]:
    """Language of each text of one page.

    Parameters
    ----------
    texts : sequence of str
        Titles and bodies of the articles of one page.
    stated : sequence of str or None, optional
        For each text the language that its page or record states, or None: the answer for a
        short text of a page that shows no language.

    Returns
    -------
    list of str or None
        ISO 639-1 code for each text. A text of fewer than 40 letters takes the commonest language
        of its page (of several, the first in the alphabet), or else the one that is stated; None
        where there is neither.
    """
    found = [_detect(text) for text in texts]
    counts = Counter(code for code in found if code)
    commonest = min(counts, key=lambda code: (-counts[code], code)) if counts else None
    fallbacks = stated or [None] * len(texts)
    return [code or commonest or fallback for code, fallback in zip(found, fallbacks, strict=True)]


def _detect(text: str) -> str | None:
    sample = text[:_MAX_CHARS]
    if len(_LETTER.findall(sample)) < _MIN_LETTERS:
        return None
    import py3langid

    code = str(py3langid.classify(sample)[0])
    return None if code == _NO_LANGUAGE else code
