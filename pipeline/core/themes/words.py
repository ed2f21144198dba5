"""Words of a text: what counts as one, which say nothing, and which are forms of one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from pipeline.core.labels.vocabulary import STOP_WORDS

#: Words that news uses whatever it is about. English function words are dropped besides.
NEWS_WORDS = frozenset(
    """
    accord according added ago also announced another april around asked august back because
    become began billion called came cent come comes could countries country day days december
    did does dollars done early end ended euros even every expected february first five
    following former four friday gave given going government group half held hours including
    instead its january july june just know known last late later least left like local long
    made make makes making man many march may men might million minister monday month months
    much must near new news next night november number october official officials old one only
    open part people place president press put reached report reported reporters reports said
    saturday say saying says second see seen send sent september set several should side since
    six spokesman spokesperson statement still sunday take taken takes taking ten than that
    the their them then there these they third this those three thursday time today told took
    tuesday two united use used using want wants was way wednesday week weeks well went were
    what when where which while who will win with woman women won work would year years
    yesterday
    """.split()
)
#: Words of English grammar that may tell two texts apart, but name nothing: of place, number, link.
LINK_WORDS = frozenset(
    """
    across almost alone along already amongst anyhow anyway anywhere aside becomes becoming
    beforehand behind beneath beside besides beyond bottom despite due eight eleven else elsewhere
    enough etc everyone everything everywhere except fifteen fifty find found forty front full
    hence hundred inc keep latter likewise ltd mostly move name namely nine nobody none nor nowhere
    onto otherwise ourselves please seem serious show sixty somehow sometime sometimes somewhere
    though thousand thus top twelve twenty unless via whole
    """.split()
)
#: Verbs of headlines: a name does not run over them.
HEADLINE_VERBS = frozenset(
    """
    accuse accuses admits aim aims amid appears argues arrives asks attacks avoid backs bans beats
    become becomes begins believes blames blasts blocks boosts brings builds buys calls causes
    claims closes confirms continues create creates cuts defends demands denies dies does doing
    drops explains expects eyes faces fails falls fears fight fights finds gets getting gives goes
    got grows halts hails having helps hits holds hopes insists joins jumps keeps kills launches
    lead leads learns leaves lifts looks loses meets moves needs offers opens orders passes plans
    pledges posts prepares prevents promises pulls pushes puts quits raises reaches rejects remains
    replaces returns reveals rises rules runs sees seeks sells sends sets shows signs slams starts
    stays steps stops strikes struggles suggests sues tells tests threatens tries turns unveils
    urges visits votes vows wants warns welcomes wins works
    """.split()
)
#: Adjectives that do not begin as their country does. Forms with a common beginning need no list.
_SAME_PLACE = (
    frozenset({"france", "french"}),
    frozenset({"spain", "spanish", "spaniards"}),
    frozenset({"wales", "welsh"}),
    frozenset({"netherlands", "dutch", "holland"}),
    frozenset({"denmark", "danish", "danes"}),
    frozenset({"finland", "finnish", "finns"}),
    frozenset({"poland", "polish", "poles"}),
    frozenset({"ireland", "irish"}),
    frozenset({"thailand", "thai"}),
    frozenset({"switzerland", "swiss"}),
    frozenset({"cyprus", "cypriot"}),
    frozenset({"philippines", "filipino", "filipinos", "philippine"}),
    frozenset({"england", "english"}),
    frozenset({"america", "american", "americans"}),
)
#: Two letters that name something, written so; the pronoun us does not.
_SHORT_NAMES = frozenset({"US"})
_DOTTED = re.compile(r"\b(U)\.(S|K|N)\.?(?!\w)|\b(E)\.(U)\.?(?!\w)")
# A word of two letters or more, or what parts phrases: punctuation, digits, a new line.
_WORD_OR_BREAK = re.compile(r"[^\W\d_][\w'’-]+|[^\w\s'’-]+|\d+|\n")
_FIRST_LETTER = re.compile(r"[^\W\d_]")
# Scripts that put no space between words: Thai, Lao, Khmer, Burmese, kana and Han.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_UNSPACED_RUN = re.compile(f"[{_UNSPACED}]{{2,}}")
_ALIKE_CHARS, _ALIKE_SHARE = 4, 0.55


def pieces_of(text: str) -> list[str]:
    """Words of a text, to be trimmed, and what parts its phrases, in order.

    Where a script puts no space between words, every two neighbouring characters count as one.
    """
    if "U." in text:  # U.S., E.U.
        text = _DOTTED.sub(r"\1\2\3\4", text)
    found = _WORD_OR_BREAK.findall(text)
    if not text.isascii() and _UNSPACED_RUN.search(text):
        return [part for word in found for part in _parts_of(word)]
    return found


def is_unspaced(word: str) -> bool:
    """Say whether a word is of a script that puts no space between words."""
    return _UNSPACED_RUN.search(word) is not None


def join_words(words: Sequence[str]) -> str:
    """Words as they stand in a text: with spaces, but where two of an unspaced script overlap."""
    text = ""
    for word in words:
        overlaps = text and text[-1] == word[:1] and is_unspaced(word) and is_unspaced(text[-2:])
        text += word[1:] if overlaps else f" {word}" if text else word
    return text


def _parts_of(word: str) -> list[str]:
    runs = _UNSPACED_RUN.findall(word)
    return [run[i : i + 2] for run in runs for i in range(len(run) - 1)] if runs else [word]


@lru_cache(maxsize=200_000)
def fold(surface: str) -> str:
    """One spelling for all cases of a word."""
    return surface.casefold()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Fold a word and take a plural ending off, so that talks and talk are one."""
    low = word.casefold()
    if len(low) > 4 and low.endswith("ies"):
        return low[:-3] + "y"
    if len(low) > 3 and low.endswith("s") and not low.endswith(("ss", "us", "is")):
        return low[:-1]
    return low


@lru_cache(maxsize=200_000)
def trim(word: str) -> str:
    """A piece without quotation marks, hyphens and possessive ending; "" for what is no word."""
    if not _FIRST_LETTER.match(word):
        return ""
    word = word.strip("'’-")
    return word[:-2] if word.endswith(("'s", "’s")) else word


@lru_cache(maxsize=100_000)
def is_usable(word: str) -> bool:
    """Say whether a word may be a keyword: long enough, and not one that every text uses."""
    low = word.casefold()
    if word in _SHORT_NAMES:
        return True
    long_enough = len(low) > 2 or word.isupper() or is_unspaced(low)
    return long_enough and not any(low in words for words in (NEWS_WORDS, STOP_WORDS, LINK_WORDS))


@lru_cache(maxsize=100_000)
def same_word(word: str, other: str) -> bool:
    """Say whether two folded words are forms of one, as China and Chinese, France and French.

    Common beginnings are enough, so some are taken for one that are not: that only costs a
    keyword, as the next one takes its place. Two words of an unspaced script are one where they
    share a character.
    """
    if word == other:
        return True
    if is_unspaced(word) and is_unspaced(other):
        return bool(set(word) & set(other))
    if any(word in forms and other in forms for forms in _SAME_PLACE):
        return True
    alike = next(
        (i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b),
        min(len(word), len(other)),
    )
    longer = max(len(word), len(other))
    return stem(word) == stem(other) or (alike >= _ALIKE_CHARS and alike >= _ALIKE_SHARE * longer)
