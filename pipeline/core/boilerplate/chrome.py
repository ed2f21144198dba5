"""Lines that frame a story on any page: known by themselves, wherever they stand.

Each rule has a name, which says in `articles.Split.roles` (and in tests) why a line was taken away.
The wordings are in `buttons`, `invitations`, `notices` and `related`; they are matched without
ornaments (arrows, bullets, brackets around the line), in any case of letters. A line of several
sentences, or a row of several items, is chrome if each of them is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from pipeline.core.boilerplate.buttons import BUTTONS, LANGUAGE, ROW_WORDS
from pipeline.core.boilerplate.invitations import INVITATIONS, LEAD_IN, PHRASES
from pipeline.core.boilerplate.notices import NOTICES, SITE, WITHIN
from pipeline.core.boilerplate.related import HEADING, TAGS_HEADING
from pipeline.core.boilerplate.sections import is_section

__all__ = ["MAX_CHROME", "chrome_of", "is_section", "without_inline"]

#: Longer lines are prose, whatever they begin with; and patterns never meet an endless line.
MAX_CHROME = 400
#: The same in words; some notices are long.
_MAX_WORDS = 30
_LONG_NOTICES = {
    "credit": 45,
    "copyright": 60,
    "cookies": 70,
    "newsletter": 50,
    "subscription": 45,
    "author_bio": 40,
    "player": 40,
}

#: Lines of signs and addresses, matched as they are.
_RAW_RULES: Mapping[str, tuple[str, ...]] = {
    "link": (r"(?:https?://|www\.)\S+",),
    "image_residue": (
        r"[?&]?(?:amp;)?[\w.-]+=[\w.%/:,-]*(?:&(?:amp;)?[\w.-]+=[\w.%/:,-]*)+\)*",
        r"&(?:amp;)?[\w.-]+=\S*",
        r"!?\[[^\]]{0,200}\]\(\S*\)?",
        r"\S*\.(?:jpe?g|png|webp|gif|svg|avif|php|aspx?|mp4)\b\S{0,200}",
        r"(?:srcset|src|alt|data-src|sizes?)\b[\s=:].{0,200}\b\d+(?:w|px|vw|x)\b.{0,60}",
        r"(?:\S+ )?\d{2,4}w(?:, ?\S* ?\d{2,4}w)+",
        r"(?:image|photo|picture|video|gallery|slide|img)(?:\s+\d+)?(?:\s*(?:of|/)\s*\d+)?",
        r"\d+\s*/\s*\d+|\d{2,4}\s?[x×]\s?\d{2,4}(?: ?px)?",
        r"wp-\w+-\d+\S*.{0,20}|\]?\(https?://\S*|[\w-]+=\"[^\"]{0,200}\"?.{0,60}",
        r"\{\{.{0,80}\}\}|<[a-z/!][^>]{0,200}>"
        r"|\[/?(?:caption|gallery|embed|youtube|pullquote|video|audio|adsense|twitter|tweet|instagram"
        r"|facebook|quote|blockquote|playlist|contact-form|newsletter|widget|break|more|(?:vc|et"
        r"|su|wp)_\w+)\b[^\]]{0,160}\]",
    ),
    "separator": (r"[-–—_=*~#•·.]{3,}", r"(?:[*•·~#+-]\s+){2,}[*•·~#+-]"),
    "bullet": (r"[-–—•*|·_=~+#>«»/\\]+",),
}
_RULE_NAMES = (
    "copyright",
    "related",
    "tags",
    "advertisement",
    "comments",
    "share",
    "cookies",
    "newsletter",
    "subscription",
    "reading_time",
    "navigation",
    "player",
    "credit",
    "author_bio",
    "source_link",
)
_HEADINGS = {"related": (HEADING,), "tags": (TAGS_HEADING,)}


def _compile(patterns: tuple[str, ...]) -> re.Pattern[str]:
    joined = "|".join(patterns).replace("{LANGUAGE}", LANGUAGE).replace("{SITE}", SITE)
    return re.compile(rf"(?:{joined})", re.IGNORECASE)


_RAW = {name: _compile(patterns) for name, patterns in _RAW_RULES.items()}
_RULES = {
    name: _compile(
        BUTTONS.get(name, ())
        + INVITATIONS.get(name, ())
        + NOTICES.get(name, ())
        + _HEADINGS.get(name, ())
    )
    for name in _RULE_NAMES
}
_WITHIN = {name: _compile(patterns) for name, patterns in WITHIN.items()}
_LEAD_IN = _compile((LEAD_IN,))
_ROW_WORD = _compile((ROW_WORDS,))

#: Signs that may begin or end a line of words and belong to them.
_OPENING = frozenset("\"'“‘„([£$€₹#@©<?«_")
_CLOSING = frozenset("\"'”’)]?%»_")
#: A longer line is a notice only if it speaks to the reader or of the site.
_SPEAKS = re.compile(
    r"\b(?:your?|you're|you've|we|we're|our|us|copyright|reserved|permission|prohibited"
    r"|newsletters?|subscri\w+|cookies?|advert\w*|ads?|javascript|browser|supported|loaded|playable"
    r"|contribut\w+|share"
    r"|originally|published|republished|appeared|follow|contact|e-?mail|expressed|disclaimer|apps?"
    r"|edited|editing|reporting|writing|compiled|files|inputs?|agencies|assistance|syndicated|feed"
    r"|property"
    r"|click|tap|affiliate|commission|trial|dialog|selected|auto\w*|narrated|inbox|tagged|home"
    r"|partnership|sponsored|paid|reached|unlimited|access)\b|©",
    re.IGNORECASE,
)
_MAX_SHORT = 12
#: A line that begins with a small letter is the rest of a wrapped sentence, if it is no button.
_MAX_LOWER = 8
_SENTENCE = re.compile(r"(?<=[.!?]) +(?=[A-Z\d£$€])")
_ROW = re.compile(r"\s*[|/·•¦]\s*|\s+[-–—>»›]\s+")
#: What somebody says is the story's: `Every vote counts, she said`.
_SPOKEN = re.compile(
    r",['\"]? (?:[\w.'-]+ ){1,5}(?:said|says|told|wrote|writes|added|warned|argued|insisted)\b"
)
_MAX_PHRASED = 70
_QUOTED = re.compile(r"[\"“”«]")
_MAX_ROW = 24
_MAX_ITEM_WORDS = 6
_INVITATIONS = frozenset({"newsletter", "subscription", "source_link", "comments"})
_OPEN_ENDS = (":", "…", "...")

_INLINE = re.compile(
    r"(?:STORY|ARTICLE|CONTENT) CONTINUES BELOW(?: THIS)?(?: AD(?:VERTISEMENT)?)?\b\.?"
    r"|(?:\b(?:Facebook|Twitter|Linked[Ii]n|Whats[Aa]pp|E-?mail|Telegram|Pinterest|Reddit"
    r"|Messenger)\b[\s|,/·]*){3,}"
)

_INLINE_HINTS = (
    "CONTINUES BELOW",
    "Facebook",
    "Twitter",
    "Linked",
    "Whats",
    "mail",
    "Telegram",
    "Pinterest",
    "Reddit",
    "Messenger",
)


@lru_cache(maxsize=8192)
def chrome_of(line: str) -> str | None:
    """Name the rule that takes this line by itself, wherever it stands.

    Parameters
    ----------
    line : str
        One line, without white space at its ends.

    Returns
    -------
    str or None
        Name of the rule; None for a line that may be the story's.
    """
    if not line or len(line) > MAX_CHROME:
        return None
    for name, pattern in _RAW.items():
        if pattern.fullmatch(line):
            return name
    if line[0].islower() and line.endswith("."):
        return None  # the end of a wrapped sentence
    bare = _bare(line)
    if not bare or (line.endswith(_OPEN_ENDS) and _opens_link(bare)):
        return None
    if _SPOKEN.search(bare):
        return None
    return _rule_of_phrase(bare) or _rule_of(bare) or _rule_of_parts(bare)


def _opens_link(bare: str) -> bool:
    """Whether a line that is open at its end points to what follows: the cleaning sees both."""
    return _RULES["source_link"].fullmatch(bare) is not None


def _bare(line: str) -> str:
    """The line without arrows, bullets and dots around it, and without brackets around it all."""
    start, stop = 0, len(line)
    while start < stop and not (line[start].isalnum() or line[start] in _OPENING):
        start += 1
    while stop > start and not (line[stop - 1].isalnum() or line[stop - 1] in _CLOSING):
        stop -= 1
    bare = line[start:stop]
    if "«" in bare or "»" in bare:
        bare = bare.strip("«» ") if bare.count("«") != bare.count("»") else bare
    if bare[:1] in ("(", "[") and bare[-1:] in (")", "]") and not set("()[]") & set(bare[1:-1]):
        bare = bare[1:-1].strip()
    return bare.replace("’", "'").replace("‘", "'")


def _rule_of_phrase(bare: str) -> str | None:
    if _QUOTED.search(bare) or bare.count(" ") >= _MAX_PHRASED:
        return None
    lowered = bare.lower()
    return next((name for phrase, name in PHRASES.items() if phrase in lowered), None)


def _rule_of(bare: str) -> str | None:
    n_words = bare.count(" ") + 1
    if n_words > _MAX_SHORT and not _SPEAKS.search(bare):
        return None
    if bare[:1].islower() and n_words > _MAX_LOWER:
        return None
    for name, pattern in _RULES.items():
        if n_words <= _LONG_NOTICES.get(name, _MAX_WORDS) and pattern.fullmatch(bare):
            return name
    if "ookie" not in bare or _QUOTED.search(bare):
        return None
    for name, pattern in _WITHIN.items():
        if n_words <= _LONG_NOTICES[name] and pattern.search(bare):
            return name
    return None


def _rule_of_parts(bare: str) -> str | None:
    """An invitation below its lead-in, a notice of several sentences, or a row of buttons."""
    lead = _LEAD_IN.match(bare)
    rest = bare[lead.end() :] if lead else ""
    role = _rule_of(rest) or _rule_of_parts(rest) if rest else None
    if role in _INVITATIONS:
        return role
    sentences = _SENTENCE.split(bare)
    if len(sentences) > 1:
        return _rule_of_sentences(bare, sentences)
    parts = _ROW.split(bare)
    if not 2 <= len(parts) <= _MAX_ROW or bare.endswith("?"):
        return None
    if any(part.count(" ") >= _MAX_ITEM_WORDS for part in parts):
        return None
    return "navigation" if all(_is_item(part) for part in parts) else None


def _rule_of_sentences(bare: str, sentences: Sequence[str]) -> str | None:
    """Rule of the first sentence, if each is chrome by itself."""
    if _QUOTED.search(bare) or (bare.count(" ") >= _MAX_SHORT and not _SPEAKS.search(bare)):
        return None
    first = _rule_of(_bare(sentences[0]))
    if first and all(_rule_of(_bare(sentence)) for sentence in sentences[1:]):
        return first
    return None


def _is_item(part: str) -> bool:
    bare = _bare(part)
    is_known = _ROW_WORD.fullmatch(bare) or is_section(bare) or _rule_of(bare)
    return not bare or bool(is_known)


def without_inline(line: str) -> str:
    """Cut advertising notices and rows of share buttons that scraping glued into a line."""
    if not any(hint in line for hint in _INLINE_HINTS):
        return line
    return " ".join(_INLINE.sub(" ", line).split())
