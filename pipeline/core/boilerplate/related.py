"""Links to other pages inside an article: `Read more: …`, `Related stories`, referral tails."""

from __future__ import annotations

import re

from pipeline.core.boilerplate.buttons import POINTER, THING
from pipeline.core.boilerplate.sentences import is_headline, is_sentence_end
from pipeline.core.texts import comparable

#: Longer lines are prose, whatever they begin with.
_MAX = 400

_STRONG = (
    r"(?:(?:please |now |you (?:may|might|can) )?(?:also )?(?:read|see|watch|listen|view|check)"
    r"(?: (?:more|also|next|on|this|now|it|here|too|all|full|out|the full))*(?: THING)?"
    r"|also (?:on|in|from) .{1,30}|more(?: (?:on|from|about|in)(?: (?:this|our))?(?: THING)?)?"
    r"(?: (?:on|from|about) .{1,30})?"
    r"|related(?: THING| reading| topics?| news| coverage)?|recommended(?: THING| reading"
    r"| for you)?"
    r"|(?:don't|do not) miss(?: (?:this|out))?|must[- ](?:reads?|see|watch)|further reading|up next"
    r"|(?:read|what to read|watch|story) next|now read|keep reading|suggested(?: THING| reading)?"
    r"|editor'?s'? (?:picks?|choice)|trending(?: now)?|most (?:read|popular|viewed|shared)|popular"
    r"|you may (?:also )?like|in case you missed(?: it)?|icymi|in pictures|in photos|in video"
    r"|from the archives?|previously(?: on .{1,20})?|earlier(?: on .{1,20})?|go deeper|dig deeper"
    r"|dive deeper|click here"
    r"|full (?:story|report|coverage)|background|(?:top|other|latest|featured"
    r"|big) (?:stor(?:y|ies)|news)"
    r"|see (?:the )?(?:pics?|pictures|photos)|follow (?:live|our live .{1,20}|the latest)"
    r"|spotlight|promo|catch up|also)"
).replace("THING", THING)
#: These also begin a headline or a sub-head: only what follows may tell.
_WEAK = (
    r"(?:videos?|photos?|pictures?|gallery|galleries|slideshow|podcasts?|listen|audio|live(?: blog"
    r"| updates?)?"
    r"|graphic|infographic|interactive|map|quiz|opinion|explainer|explained|exclusive|interview"
    r"|review"
    r"|in-depth|long read|big read|feature|factbox|timeline|profile|fact[- ]check|column|comment"
    r"|special report|premium|subscriber exclusive|poll|watch live|breaking(?: news)?|just in)"
)
_ARROW = r"\s*(?::+|\||»|›|>+|→|►|▶|⇒|\s[–—-]|[–—])\s*"
_LINE_STRONG = re.compile(
    rf"[\W_]{{0,4}}{_STRONG}(?P<mark>{_ARROW})(?P<link>\S.{{0,240}})", re.IGNORECASE
)
_LINE_WEAK = re.compile(
    rf"[\W_]{{0,4}}{_WEAK}(?P<mark>{_ARROW})(?P<link>\S.{{0,240}})", re.IGNORECASE
)
#: `> Bridge closed again`, `» Bridge closed again`, `>> …`, `▶ …`: a link of its own.
_ARROWED = re.compile(
    r"(?:[>»›►▶→➤▸⇒]+|☞)\s*(?P<link>\S.{0,240})|(?P<also>\S.{8,240}?)\s*(?:>>+|»+|→|►|➤)"
)

HEADING = (
    r"(?:related(?: (?:THING|reading|topics?|news|coverage|(?:\w+ )?links?|media|terms"
    r"|to this(?: .{1,12})?))?(?: (?:and|&) .{1,20})?"
    r"|(?:read|see|view|watch) (?:more|also|next|related)(?: (?:about|on|from|in|of) (?:this|our"
    r"|the)? ?(?:THING|topics?|author|issue|subject)?)?(?: THING)?|also (?:read|see|on this site"
    r"|in the news|of interest)"
    r"|more(?: (?:(?:to|you may) (?:read|explore|like)|on this(?: THING| topic| issue)?|THING"
    r"|about this(?: topic|"
    r" THING)?|like this|for you|news|(?:from|in|on) (?:the )?(?:(?-i:[A-Z])|our|this).{0,40}"
    r"|top news|to explore|reading))"
    r"|(?:recommended|sponsored|promoted|partner|paid) (?:by (?:outbrain|taboola|revcontent|mgid"
    r"|zergnet|dianomi|yahoo)|THING|content)|by (?:taboola|outbrain)"
    r"|(?:stories )?from (?:around )?the web|around the web|you may like|recommended(?: (?:for you"
    r"|reading))?|suggested(?: (?:THING|reading|for you))?"
    r"|(?:the )?(?:most|top) (?:read|popular|viewed|shared|watched|commented|discussed|recent"
    r"|clicked|emailed"
    r"|loved|trending|stories|story|headlines?|news|videos?|posts?|articles?|picks?)"
    r"(?: (?:on|in|of|from|right|this|now|today|news|articles?|stories|videos?)\b.{0,30})?"
    r"|you (?:may|might|will|could|'ll) (?:also )?(?:like|love|enjoy|be interested in|want to read"
    r"|have missed)(?: these| this)?.{0,20}|(?:people|readers|others|users) (?:are|also|who).{1,40}"
    r"|trending(?: (?:now|stories|topics?|today|news|on .{1,20}|in .{1,20}|this week|videos?))?"
    r"|popular(?: (?:now|stories|articles|posts|on .{1,20}|in .{1,20}|this week|today|videos?"
    r"|topics?|news))"
    r"|(?:the )?(?:editor'?s?'?s?|our|staff|today's|top) (?:picks?|choice|recommendations?|best"
    r"|selection|highlights)"
    r"|(?:(?:the )?(?:latest|recent|other|featured|today's|top|hot)) (?:news|THING|reads?)"
    r"|in other news|(?:don't|do not) miss(?: out| this| these| it)?|must[- ](?:reads?|see|watch)"
    r"|(?:what to )?(?:read|watch) next|up next|next (?:up|read|in .{1,30})|further reading"
    r"|keep reading|explore more.{0,40}|discover more.{0,40}|elsewhere on .{1,30}|from (?:our|the)"
    r" (?:partners|archives?"
    r"|network|web|newsroom|blog)|in case you missed it|icymi|(?:also|more) (?:in|on"
    r"|from) (?:this|our|(?-i:[A-Z])).{1,30}"
    r"|stories (?:for you|you (?:may|might|missed).{0,30}|we (?:recommend|like)|from (?:our|around"
    r"|elsewhere).{0,30})|(?:you've|you have) read .{1,30}|what(?:'s| is) (?:hot|new|trending)"
    r"|(?:this|the) (?:stor(?:y|ies)|article) (?:is|are)? ?(?:part of|related).{0,40}"
    r"|list of \d+ items(?: end of list)?|(?:daily|weekly) (?:quiz|crossword|puzzle|cartoon)"
    r"|on the same (?:topic|subject).{0,10})"
).replace("THING", THING)
_TAGS_LEAD = (
    r"(?:tags?|tagged(?: (?:with|as|in|under))?|filed (?:under|in)|posted (?:under|in)|topics?"
    r"|keywords?"
    r"|related (?:topics?|tags?|terms)|more (?:on|about)|categor(?:y|ies)|subjects?|labels?"
    r"|in this (?:story|article)"
    r"|people in this .{1,10}|explore more on (?:these|this) topics?|read more (?:about|on)"
    r"|mentioned in this .{1,10}|hashtags?|places?|see more on)"
)
_TAGS = re.compile(
    rf"(?:{_TAGS_LEAD}\s*[:|–—»>-]\s*\S.{{0,240}}"
    rf"|(?:tags|topics|tagged|filed under|related topics|keywords|categories)\s+\S[^.!?]{{0,240}})",
    re.IGNORECASE,
)
TAGS_HEADING = (
    r"(?:(?:article |story |related |more |popular |suggested )?(?:tags?|topics?|keywords?"
    r"|hashtags?)|filed under|tagged"
    r"(?: (?:with|in|as))?|categor(?:y|ies)|(?:explore )?more (?:on|about)(?: (?:these|this"
    r"|the) topics?)?"
    r"|in this (?:story|article)|mentioned in this (?:story|article)|topics in this .{1,10}"
    r"|more about)"
)
_HASHTAGS = re.compile(r"(?:#\w[\w'’-]*[\s,|·]*)+")

_WRITES = (
    r"(?:writes?|reports?|explains?|has (?:more|all|the|filed)|have (?:more|the)"
    r"|with (?:more|the (?:latest|details|full|story|report))|looks at"
    r"|brings you|takes a look|breaks (?:it |this )?down|sums up|rounds up|analyses|analyzes)"
)
_REPORTER = re.compile(
    rf"(?:[^,:;.!?]{{2,60}}, )?[^,:;.!?]{{2,60}}(?:,[^,:;.!?]{{2,50}},)? {_WRITES}\b"
    r"(?: (?:more|all|the|full|story|details|report|latest|on|about|this|from|why|how|what|that"
    r"|here|below|now"
    r"|for|us|you|in|of|it|and)|(?-i: [A-Z][\w'’-]+)){0,8}\s*(?::|…|\.{3}|here\.?|below\.?)",
    re.IGNORECASE,
)
_REFERRAL = re.compile(
    r"(?:read|see|click|watch|listen to|find|follow|get|full (?:story|report|details)|more details"
    r"|for more)\b.{0,120}:",
    re.IGNORECASE,
)
_POINTER = re.compile(
    rf"(?:(?:for|to) .{{1,60}},? )?(?:{POINTER}|full (?:story|report|details)|more"
    rf"|more (?:details|here|below"
    rf"|on (?:this|that)(?: (?:story|here|below))?)|(?:{THING}) (?:here|below)"
    rf"|read more(?: .{{1,60}})?"
    rf"|(?:you can |please )?(?:read|see|watch|follow|find|listen to|hear|get)\b.{{1,90}}"
    rf"\b(?:here|below|{THING}))",
    re.IGNORECASE,
)
_OPEN_ENDS = (":", "…", "...", "here", "here.", "below", "below.", "👇", "⬇️", "⬇", ">", "»", "→")
_MAX_POINTER_WORDS = 22
_ORNAMENT = re.compile(r"^[\W_]+|[\W_]+$")


def is_related_line(line: str) -> bool:
    """Whether a line names a link to another page: `Read more: Bridge closed`, `Video: …`.

    After words that a story's own lines may begin with as well (`Video`, `Opinion`), only what
    reads like a headline is a link; a sentence stays.
    """
    if len(line) > _MAX:
        return False
    line = line.replace("’", "'")
    strong = _LINE_STRONG.fullmatch(line)
    if strong and _is_link(strong["link"], is_strict=False):
        return True
    weak = _LINE_WEAK.fullmatch(line)
    if weak and _is_link(weak["link"], is_strict=True):
        return True
    arrowed = _ARROWED.fullmatch(line)
    return arrowed is not None and _is_link(arrowed["link"] or arrowed["also"], is_strict=True)


def _is_link(link: str, *, is_strict: bool) -> bool:
    if is_strict:
        return len(link.split()) >= 3 and is_headline(link)
    return not is_sentence_end(link) or link.endswith("…") or len(link.split()) <= 16


def is_tags_line(line: str) -> bool:
    """Whether a line lists topics: `Tags: bridges, Ostbury`, `#bridges #ports`."""
    if len(line) > _MAX or is_sentence_end(line):
        return False
    if _HASHTAGS.fullmatch(line):
        return True
    if not _TAGS.fullmatch(line):
        return False
    rest = re.split(r"[:|–—»>]\s*|\s", line, maxsplit=1)[1]
    items = re.split(r"\s*[,|/·•;#]\s*", rest)
    has_mark = re.match(r"[\w\s]{2,40}\s*[:|–—»>]", line) is not None
    if has_mark:
        return all(len(item.split()) <= 6 for item in items)
    is_shouted = line.split(" ", 1)[0].isupper()
    return (len(items) > 1 or is_shouted) and all(len(item.split()) <= 4 for item in items)


def is_pointer(line: str) -> bool:
    """Whether a line points to a link below it: `Read the full report here:`, `More details…`."""
    if len(line.split()) > _MAX_POINTER_WORDS or not line.casefold().endswith(_OPEN_ENDS):
        return False
    bare = _ORNAMENT.sub("", line.replace("’", "'"))
    return _POINTER.fullmatch(bare) is not None


def is_reporter_line(line: str) -> bool:
    """Whether a line hands over to another story: `Ann Lee reports:`, `Follow the trial with us:`.

    Words of a story may read so too: only a link below makes it sure.
    """
    if len(line.split()) > _MAX_POINTER_WORDS or not line.casefold().endswith(_OPEN_ENDS):
        return False
    straight = line.replace("’", "'")
    return any(pattern.fullmatch(straight) for pattern in (_REPORTER, _REFERRAL))


def overlaps(line: str, title_key: str) -> bool:
    """Whether a line shares most of its words with a headline (as `comparable` gives it)."""
    words, title_words = set(comparable(line).split()), set(title_key.split())
    return len(words & title_words) >= 0.6 * min(len(words), len(title_words))
