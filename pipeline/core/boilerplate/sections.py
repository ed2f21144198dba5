"""Names of the sections of a news site: `World`, `Local News`, `Business & Economy`, `Asia`."""

from __future__ import annotations

import re

_WORDS = (
    "news world politics business economy economics money finance financial markets stocks "
    "companies investing banking sport sports football soccer cricket tennis golf rugby "
    "basketball baseball boxing olympics racing cycling athletics nfl nba mlb nhl f1 culture "
    "arts art books film films movies music tv television radio theatre theater media "
    "entertainment showbiz celebrity celebrities lifestyle life style fashion beauty food drink "
    "travel health wellbeing wellness fitness science tech technology gadgets gaming games ai "
    "internet cybersecurity environment climate energy weather nature wildlife space education "
    "schools university society religion faith family parenting women relationships opinion "
    "opinions comment commentary editorial editorials columnists columns letters analysis "
    "analyses explainers explainer explained features feature long-reads longreads interviews "
    "interview investigations investigation special-reports reports profile profiles obituaries "
    "obituary crime courts justice law legal police security defence defense military war "
    "conflict conflicts terrorism diplomacy elections election government parliament congress "
    "senate white-house policy immigration migration human-rights rights royals royal transport "
    "traffic motoring cars autos automotive property housing homes real-estate agriculture "
    "farming industry trade retail manufacturing jobs careers work management property crypto "
    "cryptocurrency bitcoin start-ups startups local regional regions national nation "
    "international foreign global domestic community communities city metro state states "
    "country county home headlines live video videos photos pictures gallery galleries podcast "
    "podcasts multimedia data infographics blogs blog magazine weekend sunday review reviews "
    "ideas debate voices perspectives insight insights in-depth fact-check factcheck reality- "
    "check disinformation viral trending popular events history archaeology heritage animals "
    "arab-world weird offbeat puzzles crosswords horoscopes quizzes coronavirus covid-19 covid "
    "pandemic disaster disasters accidents emergency europe asia africa america americas "
    "oceania eurasia mideast middle-east south-asia southeast-asia east-asia central-asia asia- "
    "pacific latin-america south-america north-america caribbean balkans baltics caucasus gulf "
    "scandinavia maghreb sahel north-africa west-africa east-africa southern-africa eastern- "
    "europe western-europe us usa uk eu un nato u.s u.k u.n uae newsroom focus public health- "
    "care healthcare social-affairs"
)
_COUNTRIES = (
    "afghanistan albania algeria andorra angola argentina armenia australia austria azerbaijan "
    "bahamas bahrain bangladesh belarus belgium belize benin bhutan bolivia bosnia botswana "
    "brazil britain brunei bulgaria burundi cambodia cameroon canada chad chile china colombia "
    "congo croatia cuba cyprus czechia denmark djibouti ecuador egypt england eritrea estonia "
    "eswatini ethiopia fiji finland france gabon gambia gaza georgia germany ghana greece "
    "greenland guatemala guinea guyana haiti honduras hong-kong hungary iceland india indonesia "
    "iran iraq ireland israel italy ivory-coast jamaica japan jordan kazakhstan kenya kosovo "
    "kuwait kyrgyzstan laos latvia lebanon lesotho liberia libya lithuania luxembourg macedonia "
    "madagascar malawi malaysia maldives mali malta mauritania mauritius mexico moldova "
    "mongolia montenegro morocco mozambique myanmar namibia nepal netherlands new-zealand "
    "nicaragua niger nigeria north-korea north-macedonia northern-ireland norway oman pakistan "
    "palestine panama paraguay peru philippines poland portugal qatar romania russia rwanda "
    "saudi-arabia scotland senegal serbia sierra-leone singapore slovakia slovenia somalia "
    "south-africa south-korea south-sudan spain sri-lanka sudan suriname sweden switzerland "
    "syria taiwan tajikistan tanzania thailand tibet togo tunisia turkey turkmenistan uganda "
    "ukraine united-kingdom united-states uruguay uzbekistan venezuela vietnam wales yemen "
    "zambia zimbabwe"
)
_ADJECTIVES = (
    "asian african european american british breaking world's latest more top all general other "
    "daily"
)
_SECTIONS = frozenset(word.replace("-", " ") for word in f"{_WORDS} {_COUNTRIES}".split())
_KNOWN = _SECTIONS | frozenset(_ADJECTIVES.split())
_JOINTS = re.compile(r"\s*(?:&|/|,|\+)\s*|\s+and\s+")
_EDGE = " -–—•*|·_=~+#>«»<›‹/\\.:"
_MAX = 50
_MAX_PARTS = 4


def is_section(line: str) -> bool:
    """Whether a short line is the name of a section: known words, joined by `&`, `and` or nothing.

    Regions and countries are sections too; so are `World News` and `US & Canada`. A section name
    may also be a sub-head (`Politics`), so this is evidence and not yet a verdict.
    """
    bare = line.strip(_EDGE).casefold().replace("’", "'")
    is_sentence = line.endswith((".", "?", "!")) and bare not in _SECTIONS
    if not bare or len(bare) > _MAX or is_sentence:
        return False
    parts = _JOINTS.split(bare)
    if len(parts) > _MAX_PARTS:
        return False
    return all(_is_known(part) for part in parts)


def _is_known(part: str) -> bool:
    """Whether words that sections are named with fill `part`, longer names first."""
    words = part.strip(" .").replace("-", " ").split()
    at, is_named = 0, False
    while at < len(words):
        for size in (3, 2, 1):
            name = " ".join(words[at : at + size])
            if name in _KNOWN:
                is_named |= name in _SECTIONS
                at += size
                break
        else:
            return False
    return is_named and len(words) <= _MAX_PARTS
