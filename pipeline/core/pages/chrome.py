"""Lines that frame a story on any page: known by themselves, wherever they stand.

Each rule has a name, which says in `articles.Split.roles` (and in tests) why a line was taken away.
Patterns match a whole line, in any case of letters; a full stop or a colon may follow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

#: Longer lines are prose, whatever they begin with; and patterns never meet an endless line.
MAX_CHROME = 400
#: The same in words; some notices are long.
_MAX_WORDS = 30
_LONG_NOTICES = {"copyright": 60, "cookies": 70, "newsletter": 45}

_SHARE_WORDS = (
    r"share(?: this)?(?: article| story| page| post)?(?: on| via)?"
    r"|facebook|twitter|x|whatsapp|linked ?in|telegram|reddit|pinterest|messenger|bluesky"
    r"|threads|instagram|youtube|tiktok|flipboard|e-?mail|print|copy(?: link)?|tweet|save"
    r"|bookmark|follow(?: us)?(?: on)?|like|pin|more"
)
_OPENERS = r"view|show|hide|read|see|post|join|leave|add|write|load|be the first to"
_RULES: Mapping[str, tuple[str, ...]] = {
    "copyright": (
        r"(?:copyright\s*)?©.*",
        r"\(c\)\s*(?:19|20)\d\d.*",
        r"copyright\s*(?:\(c\)|(?:19|20)\d\d).*",
        r".{0,200}\ball rights reserved\b.{0,120}",
    ),
    "advertisement": (
        r"[-–—\s]*(?:advertise?ments?|adverts?|ads?)[-–—\s]*",
        r"advertise?ments?[-–—:|.\s]+(?:scroll|continues?|please|story|article|skip|your)\b.{0,60}",
        r"sponsored(?: content| post| by .{1,40})?|promoted(?: content)?|paid content",
        r"(?:story|article|content) continues (?:below|after)(?: this| the)?"
        r"(?: ad(?:vert(?:isement)?)?)?",
        r"skip (?:this )?ad(?:vertisement)?|scroll to continue.{0,40}",
    ),
    "share": (
        rf"(?:(?:{_SHARE_WORDS})[\s|,/·•]*)+",
        r"\d[\d,.]*k?\s+(?:shares?|likes?|retweets?|views?)",
    ),
    "cookies": (
        r"(?:we|this (?:web)?site|our (?:web)?site|this page) (?:and our partners )?"
        r"uses? (?:necessary )?cookies\b.*",
        r"by (?:continuing|using|clicking|browsing)\b.{0,200}\bcookies?\b.*",
        r"(?:accept|reject|manage|allow)(?: all)?(?: our)? cookies?\b.*",
        r"cookie (?:policy|settings|preferences|notice|consent)\b.*",
        r"(?:accept|reject|agree to) all",
        r"(?:your|manage) (?:privacy|cookie) (?:choices|settings|preferences)",
    ),
    "newsletter": (
        r"(?:sign|signed) up\b.{0,80}\b(?:newsletters?|e-?mails?|inbox|alerts?|updates?|briefings?"
        r"|digest|free|daily|weekly|our|here|now|today)\b.{0,160}",
        r"sign up",
        r"subscribe\b.{0,80}\b(?:newsletters?|inbox|updates?|channel|briefings?|podcast|today|now"
        r"|our)\b.{0,160}",
        r"subscribe",
        r"(?:get|receive|have)\b.{0,120}\b(?:in|to|into) your inbox\b.{0,160}",
        r"(?:join|follow) (?:us|our)\b.{0,60}\b(?:whatsapp|telegram|facebook|twitter|channel"
        r"|newsletter|x|instagram)\b.{0,160}",
        r"(?:enter|type) your e-?mail.{0,80}",
        r"download (?:the|our) .{0,40}\bapp\b.{0,60}",
    ),
    "comments": (
        r"(?:\d[\d,.]*\s+|\(?\d+\)?\s*)?comments?(?:\s*\(?\d[\d,.]*\)?)?",
        r"no comments(?: yet)?|comments? (?:are|is) (?:closed|off|disabled)",
        rf"(?:{_OPENERS})\b[\w\s,]{{0,30}}\b(?:comments?|conversation|discussion)",
        r"log ?in to comment",
    ),
    "source_link": (
        r"(?:(?:view|see|read|go to) )?(?:the )?(?:original )?(?:source|full) (?:link|article|url)",
        r"source|original (?:article|source|post)",
        r"source(?: link)?\s*:?\s*https?://\S+",
        r"(?:view|read) (?:the )?original(?: article| post| story)?",
    ),
    "link": (r"(?:https?://|www\.)\S+",),
    "image_residue": (
        r"[?&]?(?:amp;)?[\w.-]+=[\w.%/:-]*(?:&(?:amp;)?[\w.-]+=[\w.%/:-]*)+\)*",
        r"&(?:amp;)?[\w.-]+=\S*",
        r"!?\[[^\]]{0,200}\]\(\S*\)?",
        r"\S+\.(?:jpe?g|png|webp|gif|svg)\S{0,120}",
        r"(?:image|photo|picture|video|gallery|slide)(?:\s+\d+)?(?:\s*(?:of|/)\s*\d+)?",
        r"\d+\s*/\s*\d+",
    ),
    "reading_time": (
        r"\d+\s*min(?:ute)?s?(?:\s+\d+\s*sec(?:ond)?s?)?\s*(?:read|listen|watch)",
        r"(?:reading time|read time|estimated read).{0,30}|listen",
        r"this article is (?:more than )?\d+ (?:months?|years?) old",
        r"\d+\s*(?:hours?|hrs?|h|days?|weeks?|mins?|minutes?)\s+ago",
    ),
    "navigation": (
        r"skip to (?:main )?(?:content|navigation)|back to top|toggle .{0,30}",
        r"(?:open |main )?menu|search|log ?in|sign in|my account|close|load more|show more",
        r"home(?:\s*[>»/›|].{1,160})?",
        r"(?:previous|next)(?: article| story| post)?",
    ),
    "bullet": (r"[-–—•*|·_=~+#>«»/\\]+",),
}
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(rf"(?:{'|'.join(patterns)})\s*[.:»>→]*", re.IGNORECASE)
    for name, patterns in _RULES.items()
}

_INLINE = re.compile(
    r"(?:STORY|ARTICLE|CONTENT) CONTINUES BELOW(?: THIS)?(?: AD(?:VERTISEMENT)?)?\b\.?"
    r"|(?:\b(?:Facebook|Twitter|Linked[Ii]n|Whats[Aa]pp|E-?mail|Telegram|Pinterest|Reddit"
    r"|Messenger)\b[\s|,/·]*){3,}"
)


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
    n_words = line.count(" ") + 1
    for name, pattern in _PATTERNS.items():
        if n_words <= _LONG_NOTICES.get(name, _MAX_WORDS) and pattern.fullmatch(line):
            return name
    return None


def without_inline(line: str) -> str:
    """Cut advertising notices and rows of share buttons that scraping glued into a line."""
    return " ".join(_INLINE.sub(" ", line).split())
