"""Names and phrases for pages: a small grammar, `[one|another]` and `<pool>`, so seeds differ."""

# ruff: noqa: E501 - wordings are easier to read when each stands in one line

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

FIRST = """Ann Ben Carla David Elena Farid Grace Hannah Ivan Joanna Karim Laura Miguel Nadia Oliver
Priya Quentin Rosa Samuel Tara Umar Vera William Xenia Yusuf Zoe Aoife Björn Chloé Dmitri Eszter
Fatima Giulia Hiroshi Ingrid José Kateryna Lars Maeve Noor""".split()
LAST = """Lee Carter Novak Haddad O'Brien Smith Kowalski Tanaka Okafor Silva Petrov Meyer Rossi Khan
Andersen Dubois García MacDonald Nguyen Patel Yılmaz Horvat Lindqvist Osei Fraser Abbott Whitlock
Brandt Kaya Ferreira Ito Sato Duarte Van-Dyke Lawson Quayle Moreno Stone Bishop Hollis""".split()
SITE_A = """Daily Evening Morning Sunday National Northern Coastal Capital Metro Global Eastern Global
Harbour Valley City Union Free Open New Weekly""".split()
SITE_B = """Herald Courier Tribune Post Observer Ledger Gazette Monitor Dispatch Chronicle Standard
Wire Bulletin Examiner Record Echo Sentinel Star Independent Review""".split()
AGENCIES = """Reuters|REUTERS|AFP|AP|AP Photo|EPA|EPA-EFE|AFP/Getty Images|Getty Images|Xinhua|DPA|PA
|PA Wire|Anadolu|TASS|ANSA|SPA|The Associated Press|Press Association|Bloomberg|EFE|Kyodo News|IRNA
|SIPA|Shutterstock|NurPhoto|Zuma Press|UPI|WAM|Handout""".replace("\n", "").split("|")
PLACES = """London Paris Berlin Kyiv Warsaw Geneva Brussels Washington Ottawa Nairobi Lagos Cairo
Beirut Amman Doha Ankara Athens Rome Madrid Lisbon Vienna Prague Tokyo Seoul Beijing Jakarta Manila
Canberra Wellington Santiago Lima Bogotá Caracas Havana Davos Istanbul Riyadh Tunis Rabat""".split()
TOPICS = """politics economy business energy climate security trade diplomacy elections health
education technology science migration defence transport housing sport culture markets""".split()
SECTIONS = """World Politics Business Economy Europe Asia Africa Americas Science Health Technology
Opinion Culture Sport Environment Analysis Features Security Markets Society""".split()
ROLES = """political correspondent|Middle East editor|economics editor|senior reporter|staff writer
|chief foreign correspondent|defence and security editor|US correspondent|environment reporter
|world affairs editor|Europe correspondent|data journalist|business reporter""".replace(
    "\n", ""
).split("|")
HANDLES = "Facebook|Twitter|X|LinkedIn|Email|WhatsApp|Telegram|Reddit|Pinterest|Print|Copy link|Messenger|Flipboard|Bluesky".split(
    "|"
)

_CHOICE = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
_FIELD = re.compile(r"<(\w+)>")


class Voice:
    """What one page says in its own words: its site, its topic, its names."""

    def __init__(self, rng: Random, headlines: tuple[str, ...]) -> None:
        self.rng = rng
        self._headlines = headlines
        self.site = self.make_site()
        self.topic = rng.choice(TOPICS)
        self.staff = [self.person() for _ in range(rng.randint(1, 3))]

    def make_site(self) -> str:
        """The name of some site."""
        rng = self.rng
        a, b = rng.choice(SITE_A), rng.choice(SITE_B)
        place = rng.choice(PLACES)
        forms = [
            f"{a} {b}",
            f"The {a} {b}",
            f"The {place} {b}",
            f"{place} {b}",
            f"{a}{b}",
            f"{b} News",
        ]
        return rng.choice(forms)

    def person(self) -> str:
        """Some first and last name."""
        return f"{self.rng.choice(FIRST)} {self.rng.choice(LAST)}"

    def headline(self) -> str:
        """The headline of some other story, as links carry it."""
        return self.rng.choice(self._headlines)

    def _fill(self, match: re.Match[str]) -> str:
        rng, name = self.rng, match[1]
        makers: dict[str, Callable[[], str]] = {
            "site": lambda: self.site,
            "topic": lambda: self.topic,
            "person": self.person,
            "headline": self.headline,
            "staff": lambda: rng.choice(self.staff),
            "n": lambda: str(rng.randint(2, rng.choice([9, 99, 900]))),
            "k": lambda: f"{rng.randint(1, 40)}.{rng.randint(1, 9)}K",
            "year": lambda: str(rng.randint(2012, 2026)),
        }
        if name in makers:
            return makers[name]()
        pools = {
            "agency": AGENCIES, "place": PLACES, "section": SECTIONS, "role": ROLES,
            "handle": HANDLES, "atopic": TOPICS, "first": FIRST, "last": LAST,
        }  # fmt: skip
        return rng.choice(pools[name])

    def say(self, template: str) -> str:
        """Choose among `[a|b]` and fill `<fields>`, innermost first."""
        while match := _CHOICE.search(template):
            chosen = self.rng.choice(match[1].split("|"))
            template = template[: match.start()] + chosen + template[match.end() :]
        return _FIELD.sub(self._fill, template)

    def lines(self, template: str) -> list[str]:
        """As `say`, line by line."""
        return self.say(template).split("\n")
