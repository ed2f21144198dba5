"""Texts that no model should answer for: in another language, or too short to tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence

#: Distinct words that carry a meaning, without which a text is too short to tell.
_MIN_WORDS = 3

#: A word of four letters or more, or of capitals (UK, NATO); shorter ones are mostly grammar.
_MEANING = re.compile(r"[^\W\d_]{4,}|\b[A-Z]{2,3}\b")
#: Thai, Lao, Khmer, Burmese, kana and Han put no space between words: two characters say as much.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")

#: Share of texts that a language needs to be one of training's, and their least number: what the
#: detection takes for a language now and then is none.
_MIN_SHARE = 0.01
_MIN_TEXTS = 2


def known_languages(languages: Sequence[str | None]) -> tuple[str, ...]:
    """Languages of the training texts, sorted: the commonest, and each of 1 % and two texts.

    None stands for a text whose language is not known; texts that have none give no language.
    """
    counts = Counter(language for language in languages if language)
    if not counts:
        return ()
    commonest = min(counts, key=lambda code: (-counts[code], code))
    enough = max(_MIN_TEXTS, _MIN_SHARE * counts.total())
    return tuple(sorted(code for code, n in counts.items() if n >= enough or code == commonest))


def reason_to_refuse(text: str, language: str | None, known: Collection[str]) -> str:
    """Why a text gets no theme whatever the model says; empty where it may get one.

    Parameters
    ----------
    text : str
        Title and body.
    language : str or None
        Its language; None: not known, which is no reason to refuse.
    known : Collection[str]
        From `known_languages`; empty: any language will do.
    """
    if language and known and language not in known:
        return f"other language ({language})"
    n_words = len({word.casefold() for word in _MEANING.findall(text)})
    if n_words + len(_UNSPACED.findall(text)) < _MIN_WORDS:
        return f"too short to tell (words with a meaning: {n_words}, needed: {_MIN_WORDS})"
    return ""
