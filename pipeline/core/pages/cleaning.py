"""What on a page is not the story: boilerplate, found by rules that have names.

Rules of single lines (`chrome.chrome_of`) come first and know nothing of layouts. The rules here
then look at the lines of one article in their order. Every line that is taken away keeps the name
of the rule that took it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from pipeline.core.pages.chrome import MAX_CHROME
from pipeline.core.pages.texts import comparable

_AGENCY = (
    r"(?:Reuters|REUTERS|AFP|AP|EPA|EPA-EFE|EFE|DPA|dpa|PA|TASS|Xinhua|Anadolu|UPI|ANSA|Getty"
    r"|Getty Images|PA Media|PA Wire|AP Photo|Shutterstock|Alamy|Bloomberg|iStock|UPPA|SIPA|ZUMA)"
)

_RELATED_LINE = re.compile(
    r"(?:read (?:more|also|next|on|this)|also read|see also|related(?: stor(?:y|ies)| articles?)?"
    r"|recommended|watch(?: more| also| now)?|more on this)\s*[:|»>→–—-]\s*\S.{0,240}",
    re.IGNORECASE,
)
_RELATED_HEADING = re.compile(
    r"(?:related(?: stor(?:y|ies)| articles?| content| topics?| news| coverage| links?| posts?"
    r"| reading)?|read (?:more|also|next)|also read|see also"
    r"|more (?:on this(?: story| topic)?|stories|coverage|news|from .{1,40})"
    r"|recommended(?: stories| for you| reading| articles)?|most (?:read|popular|viewed|shared)"
    r"|you (?:may|might) (?:also )?(?:like|be interested in)|trending(?: now| stories)?"
    r"|editor[’']?s[’']? picks?|top stories|latest (?:news|stories|headlines)|in other news"
    r"|don[’']?t miss|what to read next|suggested(?: articles| reading)?|popular(?: stories| now)?)"
    r"\s*[:»>→]*",
    re.IGNORECASE,
)
_REFERRAL = re.compile(
    r"(?:read|see|click|watch|listen to|find|follow|get|full (?:story|report|details)|more details"
    r"|for more)\b.{0,120}:",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    r"[^,:]{2,70}\b(?:writes|reports|explains|has more|has the (?:full )?(?:story|details|report)"
    r"|with the (?:full )?(?:story|details|report))(?: here| below)?\s*:",
    re.IGNORECASE,
)
_PHOTO_LEAD = re.compile(
    r"(?:file (?:photo|picture|image)|file|photo(?:graph)?(?: credit| by)?"
    r"|image(?: credit| source)?|picture(?: credit)?|pic|credit|caption|pictured)"
    r"\s*(?::|\s[-–—]\s)\s*\S.*",
    re.IGNORECASE,
)
_PHOTO_TAIL = re.compile(
    rf"(?:\S/(?:{_AGENCY})(?:/[\w .'’-]{{2,40}}){{0,3}}"
    r"|\b(?:REUTERS|AFP|EPA|AP|Getty Images|EPA-EFE)/(?:[^.!?]|(?<=\b[A-Z])\.){2,60}"
    rf"|\b(?:via|courtesy of)\s+{_AGENCY}(?:\s+Images)?|\[{_AGENCY}[^\]]{{0,40}}\]"
    rf"|[A-Z]{{2,}}\s{_AGENCY}|\bPhoto(?:graph)?(?: by\s|:\s)[^.]{{2,50}})$"
)
_PHOTO_CREDIT = re.compile(
    rf"(?:\((?:[^()]{{0,60}}\b)?{_AGENCY}\b[^()]{{0,60}}\)|[.!?”\"’']\s{_AGENCY})$"
)
_SIGN_OFF = re.compile(_AGENCY)
_MAX_CAPTION = 1200
#: A credit is at the very end; looking no further back saves most of the time.
_CREDIT_CHARS = 200
#: What one pass takes away may bare another link; bounded, so that no page makes it quadratic.
_MAX_PASSES = 8
_MAX_CAPTION_WORDS = 70

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


def is_caption(line: str, *, in_head: bool = False) -> bool:
    """Whether a line credits a photograph; near the top (`in_head`) an agency at its end will do.

    Elsewhere a paragraph may end with `(Reuters)` and still be the story's.
    """
    if len(line) > _MAX_CAPTION or len(line.split()) > _MAX_CAPTION_WORDS:
        return False
    if _PHOTO_LEAD.fullmatch(line) or _SIGN_OFF.fullmatch(line):
        return True
    if is_sentence_end(line):
        return False
    tail = line[-_CREDIT_CHARS:]
    if _PHOTO_TAIL.search(tail):
        return True
    return in_head and bool(_PHOTO_CREDIT.search(tail))


def find_boilerplate(
    lines: Sequence[str], places: Sequence[int], title: str | None
) -> dict[int, str]:
    """Find what surrounds the story among the body lines of one article.

    Parameters
    ----------
    lines : sequence of str
        All lines of the page.
    places : sequence of int
        Indices of the article's body lines, rising; lines that `chrome_of` took are not among them.
    title : str or None
        Headline of the article: a first line that repeats it is boilerplate.

    Returns
    -------
    dict of int to str
        Index of each line to take away → name of the rule: `title_repeat`, `caption`, `related`
        or `referral`.
    """
    found: dict[int, str] = {}
    key = comparable(title) if title else None
    for _ in range(_MAX_PASSES):
        rest = [place for place in places if place not in found]
        new = _pass(lines, rest, key)
        if not new:
            break
        found |= new
    return found


def _pass(lines: Sequence[str], places: Sequence[int], title_key: str | None) -> dict[int, str]:
    found: dict[int, str] = {}
    if places and title_key and comparable(lines[places[0]]) == title_key:
        found[places[0]] = "title_repeat"
    # Not where it would leave nothing of the story.
    in_head = any(is_sentence_end(lines[place]) for place in places)
    tail = _tail_of_headlines(lines, places)
    for at, place in enumerate(places):
        if place in found:
            continue
        line = lines[place]
        if is_caption(line, in_head=in_head):
            found[place] = "caption"
        elif _is_related_line(line):
            found[place] = "related"
        elif _RELATED_HEADING.fullmatch(line):
            found[place] = "related"
            found |= dict.fromkeys(_links_after(lines, places, at, tail), "related")
        elif _is_referral(lines, places, at, title_key):
            found[place] = "referral"
            if at + 1 < len(places) and is_headline(lines[places[at + 1]]):
                found[places[at + 1]] = "referral"
        else:
            in_head = in_head and not is_sentence_end(line)
    return found


def _is_related_line(line: str) -> bool:
    return len(line) <= MAX_CHROME and _RELATED_LINE.fullmatch(line) is not None


def _tail_of_headlines(lines: Sequence[str], places: Sequence[int]) -> int:
    """Index in `places` from which nothing but headlines follows."""
    tail = len(places)
    while tail and is_headline(lines[places[tail - 1]].lstrip("-–—•* ")):
        tail -= 1
    return tail


def _links_after(lines: Sequence[str], places: Sequence[int], at: int, tail: int) -> list[int]:
    """Headlines that follow a heading like `Related stories`: up to the first gap or sentence.

    Where nothing but headlines follows to the end of the article (from index `tail` on), all of
    them are links.
    """
    if at + 1 >= tail:
        return list(places[at + 1 :])
    links: list[int] = []
    for before, place in itertools.pairwise(places[at : at + 12]):
        if place != before + 1 or not is_headline(lines[place]) or len(links) == 10:
            break
        links.append(place)
    return links


def _is_referral(
    lines: Sequence[str], places: Sequence[int], at: int, title_key: str | None
) -> bool:
    """`Read the full report:`, `Ann Lee reports:` before a link, at the end or to the title."""
    line = lines[places[at]]
    if len(line.split()) > 22 or not line.endswith(":"):
        return False
    is_pointer = _REFERRAL.fullmatch(line) is not None
    if not (is_pointer or _REPORTER.fullmatch(line)):
        return False
    if at + 1 == len(places):
        return True
    after = lines[places[at + 1]]
    if not is_headline(after):
        return False
    return at + 2 == len(places) or (title_key is not None and _overlaps(after, title_key))


def _overlaps(line: str, title_key: str) -> bool:
    words, title_words = set(comparable(line).split()), set(title_key.split())
    return len(words & title_words) >= 0.6 * min(len(words), len(title_words))
