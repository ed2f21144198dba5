"""Captions and credits of photographs, with any agency in any form.

A credit is a name, an agency or both at the end of a line, joined by a bracket, a dash, a slash, a
label (`Credit:`) or by nothing. What is sure in one of these forms is a caption anywhere; what may
also end a story's paragraph, as `(Reuters)`, needs the words of a caption or the top of an article.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.core.boilerplate.sentences import is_sentence_end

#: Agencies that sell photographs and name no paper: enough after any dash or bar.
_PHOTO_AGENCIES = (
    r"(?:AFP(?:TV| Photos?)?|AP Photos?|AP Images?|EPA(?:-EFE)?(?:/[A-Z][\w. ]+)?|EFE|[Dd][Pp][Aa]"
    r"|PA(?: Wire| Media| Images| Archive)?|Press Association(?: Images)?|UPI|ANSA|AAP(?: Image)?"
    r"|PTI|ANI|IANS|Getty(?: Images)?(?: \w+)?|Shutterstock|Alamy(?: Stock Photo| Live News)?"
    r"|i[Ss]tock(?:photo)?"
    r"|UPPA|SIPA(?: USA| Press)?|Sipa(?: USA| Press)?|ZUMA(?: ?Press| Wire)?|Zuma(?: ?Press| Wire)?"
    r"|NurPhoto|Nur Photo|LaPresse|Contrasto|Magnum(?: Photos)?|Polaris(?: Images)?"
    r"|Redux(?: Pictures)?"
    r"|IMAGO(?:/\w+)?|Imago(?: Images)?|picture[- ]alliance|Picture Alliance|Keystone"
    r"|Belga(?: Photo)?"
    r"|ANP|Ritzau(?: Scanpix)?|Scanpix|NTB|Lehtikuva|Hollandse Hoogte|Abaca(?: ?Press)?|ABACA"
    r"|Hans Lucas"
    r"|Rex(?: Features)?|REX(?:/Shutterstock)?|SWNS|BACKGRID|Backgrid|Splash(?: News)?|WENN|eyevine"
    r"|Eyevine|Camera Press|Panos|Anadolu(?: Agency| Ajansı)?(?: via .{1,20})?|SOPA Images"
    r"|Global Look Press"
    r"|Middle East Images|APA [Ii]mages|Wikimedia(?: Commons)?|Flickr|Pixabay|Unsplash|Pexels"
    r"|Creative Commons|CC[- ]BY(?:[- ]\w+)*(?: \d\.\d)?|Maxar(?: Technologies)?"
    r"|Planet Labs(?: PBC)?"
    r"|Handout|HANDOUT|Pool(?: Photo)?|POOL|Supplied|Courtesy|Screengrab|Screenshot"
    r"|Imagn(?: Images)?"
    r"|USA TODAY (?:Sports|NETWORK|Network)(?: Images)?|Depositphotos|Adobe Stock|Dreamstime"
    r"|Bigstock|KCNA(?: via .{1,20})?|Yonhap(?: News)?|Kyodo(?: News)?|Jiji(?: Press)?"
    r"|Xinhua(?: News Agency)?"
    r"|Sputnik|TASS|ITAR-TASS|RIA(?: Novosti)?|IRNA|ISNA|MEHR|Mehr|Tasnim|Fars(?: News)?|SANA|WAFA"
    r"|WAM|SPA"
    r"|MENA|Petra|NNA|MTI|PAP|APA|CTK|ČTK|TT(?: News Agency)?|Lusa|LUSA|Ukrinform|UNIAN|CNS|VCG"
    r"|COVER|The Canadian Press|Canadian Press|CP|AA|NASA|ESA)"
)
#: Those that are also read as a site's name after a headline: `Bridge closed | Reuters`.
_PRESS_AGENCIES = (
    r"(?:Reuters|REUTERS|AP|The Associated Press|Associated Press|Bloomberg(?: News)?"
    r"|Interfax(?:-\w+)?"
    r"|BBC(?: News)?|CNN|NPR|The New York Times|The Washington Post|Los Angeles Times|Facebook"
    r"|Twitter"
    r"|Instagram|YouTube|Telegram|Google(?: Maps| Earth)?|X|Sky News|ITV(?: News)?|NBC(?: News)?"
    r"|CBS(?: News)?|ABC(?: News)?|DW|RFE/RL|RFERL|VOA)"
)
AGENCY = rf"(?:{_PHOTO_AGENCIES}|{_PRESS_AGENCIES})"

_CAPITAL = r"[A-ZÀ-ÞŁŚŞİČŠŽ]"
_PERSON = (
    rf"{_CAPITAL}[\w.'’-]*(?: (?:{_CAPITAL}[\w.'’-]*|de|van|von|der|al|bin|el|da|di|la|le)){{0,4}}"
)
#: An agency that no list knows: capitals, or a name that says what it is.
_ANY_AGENCY = (
    rf"(?:{AGENCY}|[A-Z][A-Z.-]{{1,7}}|(?:[\w.-]+ ){{0,3}}(?:Images?|Photos?|Photography|Pictures"
    rf"|Press"
    r"|Agency|Media|Wire|News|Handout|Pool|Stock|Archives?))"
)
_EXTRAS = (
    r"(?:[/|,]\s?(?:File(?: [Pp]hoto| [Ii]mage| [Pp]icture)?|Pool(?: [Pp]hoto)?|Handout|HO"
    r"|via .{1,40}"
    rf"|{_ANY_AGENCY}|{_PERSON}))"
)

_MEDIUM = r"(?:photo|picture|image|pic|photograph|footage|handout|video|frame)s?"
_LEAD = re.compile(
    r"(?:\(?(?:files?|archive)(?: MEDIUM)?\)?"
    r"|\(?(?:representative|representational|undated|handout|satellite|aerial|combination"
    r"|stock) MEDIUM\)?"
    r"|screen ?(?:grab|shot)|photo(?:graph|s)?(?: ?\(?(?:credits?|by|courtesy(?: of)?|source"
    r"|caption"
    r"|illustration|gallery)\)?)?|(?:image|pictures?|main image|lead image|top image|cover image"
    r"|video"
    r"|graphic|illustration|credit)(?: (?:credits?|source|by|courtesy(?: of)?|caption))?|pics?|pix"
    r"|credits?|caption|pictured(?: above| below| here)?|above|media|img|thumbnail|\[image\]|cover"
    r"|фото|снимка|foto(?:s|graf\w*)?|bild|imagen|imagem|cr[ée]dito|zdjęcie|kuva)"
    r"\s*(?::|\s[-–—]\s|(?<=[)\]]))\s*\S.*|\d+ (?:of|/) \d+ ?\| ?\S.*".replace("MEDIUM", _MEDIUM),
    re.IGNORECASE,
)
#: Labels that also begin a link or a source line; theirs is a credit only if a name follows.
_WEAK_LEAD = re.compile(r"(?:video|above|media|graphic|pictures|credits?|cover)\b", re.IGNORECASE)
_LABELLED = re.compile(rf"[^:]{{1,30}}:\s*(?:{_ANY_AGENCY}|{_PERSON}){_EXTRAS}{{0,3}}")
_SOURCE_LABEL = re.compile(
    r"(?:image|photo|picture|video|media) (?:source|credit|caption|copyright)s?,\s*\S.*",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    rf"[(\[—–-]*\s*(?:{AGENCY}(?:(?:, | and | & ){AGENCY}){{0,5}}|{_PERSON}\s?/\s?{_ANY_AGENCY}"
    rf"|(?:{AGENCY}\s?/\s?){{1,3}}(?:{AGENCY}|{_PERSON})"
    rf"|(?:via|courtesy(?: of)?) {_ANY_AGENCY})\s*[)\]]*\.?"
)
_TAIL = re.compile(
    # Ann Lee/AFP, Ann Lee/Pool/AFP, Ann Lee / AFP / Getty Images
    rf"(?:\S\s?/\s?(?:{AGENCY}){_EXTRAS}{{0,3}}"
    # REUTERS/Ann Lee, AFP/Ann Lee/File Photo
    rf"|\b{AGENCY}\s?/\s?{_PERSON}{_EXTRAS}{{0,3}}"
    # (Ann Lee/Any), (AP Photo/Ann Lee, File), (Ann Lee via AP, File), (File photo)
    rf"|[(\[](?:{_PERSON}|{_ANY_AGENCY})\s?/\s?(?:{_ANY_AGENCY}|{_PERSON}){_EXTRAS}{{0,3}}[)\]]"
    rf"|[(\[](?:{_PERSON} )?(?:via|courtesy of|courtesy) {_ANY_AGENCY}{_EXTRAS}{{0,2}}[)\]]"
    rf"|[(\[](?:AP|AFP|EPA|Reuters) (?:Photo|Image|Picture)s?\b[^()]{{0,60}}[)\]]"
    r"|[(\[](?:[Ff]ile|[Pp]hoto|[Pp]icture|[Ii]mage|[Cc]redit|[Hh]andout"
    r"|[Pp]hotograph)\b[^()]{0,80}[)\]]"
    # Credit: Any, Photo by Ann Lee, Photograph: Ann Lee/Any
    rf"|\b(?:[Cc]redits?|[Pp]hoto(?:graph)?s?|PHOTOS?|[Ii]mages?|IMAGES?|[Pp]ictures?|[Pp]ics?"
    rf"|[Vv]ideo)"
    rf"(?: by|: ?| [Cc]redit:? ?| courtesy(?: of)?:? )\s?(?:the |The )?(?:{_PERSON}|{_ANY_AGENCY})"
    rf"{_EXTRAS}{{0,3}}"
    r"|\b(?:[Ff]ile|FILE) (?:[Pp]hoto|PHOTO|[Pp]icture|[Ii]mage)"
    r"|\b(?:[Cc]нимка|[Сс]нимка|[Фф]ото|[Ff]otos?|[Bb]ild|[Cc]r[ée]dito|[Ii]magen): ?[^.]{2,40}\)?"
    rf"|[-–—|/] {_ANY_AGENCY} (?:pic|photo|image|file|file photo|video)s?"
    r"|\b(?:[Ii]mage|[Pp]hoto|[Pp]icture) (?:source|by|credits?):? ?[A-Z][^.]{1,40}"
    # via AP, courtesy of AFP
    rf"|\b(?:via|courtesy of)\s+{AGENCY}{_EXTRAS}{{0,2}}|\[{AGENCY}[^\]]{{0,40}}\]"
    # ANN LEE AFP; Ann Lee Getty Images (two names and an agency, with nothing between them)
    rf"|[A-ZÀ-Þ]{{2,}}\s{AGENCY}|(?:{_CAPITAL}[\w.'’-]+\s){{2}}(?:{_PHOTO_AGENCIES}|REUTERS)"
    # © AFP
    rf"|©\s?(?:{_PERSON}|{_ANY_AGENCY}){_EXTRAS}{{0,3}})$"
)
#: `— NurPhoto`, `| PA Wire`, `. AFP`: an agency of photographs after a mark.
_MARKED = re.compile(rf"(?:\s[|—–/·•-]\s?|[.!?”\"’')]\s){_PHOTO_AGENCIES}{_EXTRAS}{{0,2}}$")
#: The same with any agency, `(AFP)` or `AFP` alone; enough for a caption near the top.
_CREDIT = re.compile(
    rf"(?:\((?:[^()]{{0,60}}\b)?{AGENCY}\b[^()]{{0,60}}\)"
    rf"|(?:\s[|—–/·•-]\s?|[.!?”\"’')]\s){AGENCY}|(?<=[a-z\d,]) {_PHOTO_AGENCIES}"
    rf"|(?:{_CAPITAL}[\w.'’-]+\s){{2}}{AGENCY})$"
)
#: `(XYZ)`: an agency that no list knows, behind a scene.
_ACRONYM = re.compile(r"\([A-Z][A-Z-]{1,7}\)$")
_CUES = re.compile(
    r"\b(?:file (?:photo|picture|image|pic)|in this\b.{0,40}\b(?:photo|image|picture|file|handout"
    r"|screen\w*|video|frame|photograph)|(?:is|are|was|were) (?:seen|pictured|shown)|pictured"
    r"|gestur(?:es|ing)"
    r"|wav(?:es|ing)|shak(?:es|e|ing) hands|looks? on|pos(?:es?|ing) (?:for|with)|arriv(?:es?"
    r"|ing) (?:at|for|in)"
    r"|speak(?:s|ing)? (?:to|at|during)|(?:stand|walk|gather|sit|wait|attend|queue|line|march"
    r"|pass)(?:s|es|ing)?\b"
    r"|leav(?:es|ing)|an? (?:\w+ )?(?:view|employee|worker|man|woman|flag|trader|customer|soldier"
    r"|protester|sign)"
    r"|(?:aerial|general) view|smoke (?:rises|billows)|photo(?:graph)? (?:taken|shows)"
    r"|satellite image"
    r"|\((?:l|r|c|left|right|cent(?:re|er))\)|screen ?(?:grab|shot)|photographed|addresses"
    r"|holds? an?)\b",
    re.IGNORECASE,
)
#: What only a caption says, in its own tense.
_POSED = re.compile(
    r"\b(?:pos(?:e|es|ing) for (?:a|an|the|photo\w*)\b|looks? on\b|gestures?\b|waves? to\b"
    r"|shakes? hands|(?:is|are) (?:seen|pictured)|holds? (?:a|an|up)\b"
    r"|(?:stand|walk|gather|wait|queue|march|arrive|sit)s?\b"
    r" (?:outside|during|ahead|near|beside|past|in front|as|at|on the|along|through|by|before"
    r"|after|to reporters|inside|around|amid|under|in the|to the|next to|behind|among|with))",
    re.IGNORECASE,
)
_YEARED = re.compile(
    r"\b(?:[A-Z][a-z]{2,8}\.? \d{1,2}, (?:19|20)\d\d|\d{1,2} [A-Z][a-z]{2,8} (?:19|20)\d\d)\b"
)
_FILED = re.compile(r"\bfile (?:photo|picture|image|pic)\b", re.IGNORECASE)
#: What reports are made of, and captions are not.
_TOLD = re.compile(r"\b(?:said|says|told|added|would|had|were|was|according)\b")
#: The same, so plain that no day is needed.
_STRUCK = re.compile(
    r"\b(?:pos(?:es?|ing) for (?:a |an )?(?:photo\w*|picture|portrait|selfie)"
    r"|looks? on (?:at|as|during|in|from|after|before)"
    r"|(?:is|are) (?:pictured|seen) (?:at|in|on|near|outside|during|with|here|ahead))\b"
    r"|\bin this(?:\.{3}|…)$",
    re.IGNORECASE,
)
_DATED = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?,? (?:\d{1,2},? )?(?:19|20)\d\d\b"
    r"|\b(?:earlier (?:this|in the) (?:week|month|year|day)|(?:last|this) (?:week|month|year)"
    r"|yesterday)\b|\b(?:on|in|last) (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
)
#: Words inside a story's own sentence that ends with an agency: `he told Reuters`.
_SAID = re.compile(
    r"\b(?:said|says|told|tells|reported|reports|according|wrote|quoted|citing|by|to|from)$"
)

_MAX = 1200
_MAX_WORDS = 70
#: A credit is at the very end; looking no further back saves most of the time.
_CREDIT_CHARS = 130
#: Last words of credits that begin with a small letter; any other such word ends no credit.
_SMALL_ENDS = frozenset("dpa pic photo photos image images file video".split())
#: A paragraph of a story that ends with an agency is longer than a caption.
_MAX_WEAK_WORDS = 40
_MIN_POSED = 8


@lru_cache(maxsize=8192)
def is_caption(line: str, *, in_head: bool = False) -> bool:
    """Whether a line credits a photograph; near the top (`in_head`) an agency at its end will do.

    Elsewhere a paragraph may end with `(Reuters)` and still be the story's; there, an agency needs
    the words of a caption before it: `is pictured`, `in this file photo`, a full date.
    """
    if len(line) > _MAX or len(line.split()) > _MAX_WORDS:
        return False
    if _has_lead(line) or _SIGN_OFF.fullmatch(line):
        return True
    return not is_sentence_end(line) and _has_credit(line, in_head=in_head)


def _has_credit(line: str, *, in_head: bool) -> bool:
    """Whether a line ends with a credit that is sure, or likely where it stands."""
    if in_head and is_posed(line):
        return True
    last = line.rpartition(" ")[2].strip("()[].,")
    if last[:1].islower() and last not in _SMALL_ENDS and "/" not in last:
        return False
    tail = line[-_CREDIT_CHARS:]
    if _TAIL.search(tail):
        return True
    is_short = len(line.split()) <= _MAX_WEAK_WORDS
    if _MARKED.search(tail) and (is_short or is_scene(line)):
        return True
    credit = _CREDIT.search(tail)
    if credit is None:
        return in_head and _ACRONYM.search(tail) is not None and _is_shot(line)
    is_told = _SAID.search(tail[: credit.start()].rstrip()) is not None
    return not is_told and (in_head or (is_short and _is_shot(line)))


def _has_lead(line: str) -> bool:
    if _SOURCE_LABEL.fullmatch(line):
        return True
    if not _LEAD.fullmatch(line):
        return False
    return not _WEAK_LEAD.match(line) or _LABELLED.fullmatch(line) is not None


def is_posed(line: str) -> bool:
    """Whether a line without a full stop tells a scene in the present tense: a bare caption.

    A headline may read so too (`Leaders gather in Paris on Monday`): ask only of lines of a body.
    """
    is_whole = is_sentence_end(line) and not line.endswith(("...", "…"))
    if is_whole or not _MIN_POSED <= len(line.split()) <= _MAX_WEAK_WORDS:
        return False
    return bool(_STRUCK.search(line) or (_POSED.search(line) and _DATED.search(line)))


def is_scene(line: str) -> bool:
    """Whether a line has words of a caption: `is pictured`, `in this file photo`, a full date."""
    return _CUES.search(line) is not None or _DATED.search(line) is not None


def _is_shot(line: str) -> bool:
    """A scene so plain that an agency behind it credits the photograph, not the report."""
    if _TOLD.search(line):
        return False
    return any(sign.search(line) for sign in (_POSED, _STRUCK, _FILED, _YEARED))
