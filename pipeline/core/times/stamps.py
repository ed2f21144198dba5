"""Lines that say when, and perhaps by whom: dates, clock times, ages."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.core.pages.sites import is_one_word_site, is_press
from pipeline.core.times.dates import DATE, DAY_NAME, DAYS, NO_YEAR, iso_from, iso_of
from pipeline.core.times.months import month_number
from pipeline.core.times.names import EDGES, read_name

WEEKDAY = re.compile(rf"(?<!\w){DAY_NAME}(?!\w)", re.IGNORECASE)
_AGO = re.compile(
    r"(?:about\s+|over\s+)?(?P<count>\d{1,3}|an?|one)\s*"
    r"(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)\s+ago\b"
    r"|^(?P<yesterday>yesterday)$|(?P<now>just now|moments ago)"
    r"|^(?P<short>\d{1,2})\s?(?P<short_unit>[mhd])$",
    re.IGNORECASE,
)
_UNIT_MINUTES = {"s": 0, "m": 1, "h": 60, "d": 1440, "w": 10080}
#: Names of time zones, as stamps give them.
_ZONES = r"GMT|UTC|BST|CES?T|E[SD]?T|P[SD]?T|C[SD]T|M[SD]T|EES?T|MSK|IST|AE[SD]T|HKT|SGT|JST"
TIME = re.compile(
    r"(?<![\d:.])(?:T(?=\d))?(?P<hour>[01]?\d|2[0-3])(?P<dot>[:.h])(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?"
    r"(?:\s?(?:h(?:rs|ours)?|ч|uhr)\b\.?)?(?![\d:])\s*(?P<half>[ap]\.?m\b\.?)?"
    rf"(?P<zone>\s*\(?(?:Z|{_ZONES})"
    r"\b(?:\s?[+-]\d{1,2}(?::?\d\d)?)?\)?|\s*[+-]\d\d:?\d\d\b"
    r"|\s*\(?(?:local|[a-z]{3,12})\s+time\b\)?)?",
    re.IGNORECASE,
)
#: `12.14 Ann Lee` and `Ann Lee, 12.14`: the number begins the line or ends it after a name.
_DOTTED_ALONE = re.compile(
    r"\W*(?:[01]?\d|2[0-3])\.[0-5]\d\W*(?:[^\W\d].*)?"
    r"|[^\W\d][\w.'’-]*(?: [^\W\d][\w.'’-]*){1,4} ?[,|·•–—-] ?(?:[01]?\d|2[0-3])\.[0-5]\d"
)
#: Clocks of a video, which are no time of day.
_PLAYER = re.compile(
    r"\W*(?:(?:current|remaining|elapsed|total)\s+time|duration|running time|length|loaded)\b",
    re.IGNORECASE,
)
_CLOCK_DIGITS = re.compile(
    r"(?<![\d:.])(?P<hour>[01]\d|2[0-3])(?P<dot>)(?P<minute>[0-5]\d)(?P<half>)"
    rf"(?P<zone>\s*(?:{_ZONES})\b)",
)
_DIGIT = re.compile(r"\d")
_LEAD = re.compile(
    r"^(?:(?:first\s+|last\s+|latest\s+|article\s+|page\s+)?"
    r"(?:published|posted|updated?|modified|revised|date|issued|created|added|edited|filed"
    r"|released|uploaded|as of|live (?:coverage|updates?|blog|reporting)"
    r"|publicad[oa]|atualizad[oa]|actualizad[oa]|publi[ée]|mis à jour"
    r"|veröffentlicht|aktualisiert|stand|опубликовано|обновлено|публикува(?:на|но)|обновена"
    r"|опубліковано|оновлено|प्रकाशित|अपडेट)\b"
    r"(?:\s+(?:on|at|of|em|el|le|am|на))?\s*[:|·-]?\s*)+",
    re.IGNORECASE,
)
_UPDATE = re.compile(r"updat|modif|revis|edited|as of", re.IGNORECASE)
_FIRST = re.compile(r"first|publish|posted|created|issued|filed|released", re.IGNORECASE)
#: `27 August 2023 AD ـ 11 Safar 1445 AH`: the second calendar says the same.
_HIJRI = re.compile(r"\s+AD\b.{0,6}\d{1,2}\s.{3,20}\sAH\b")
#: `Posted at 12:14 12:14`: once for the eye, once for machines.
_TWICE = re.compile(r"(?<!\d)(\d{1,2}[:.h]\d\d)\s+\1(?!\d)")
#: `16:00-27 August 2023`
_JOINED = re.compile(r"(\d[:.]\d\d)-(?=\d{1,2}\s)")
#: `On 21 January Ann Lee`: the words open a sentence.
_OPENING = re.compile(r"(?:on|in|since|by|from|until)\s", re.IGNORECASE)
#: `12:14 (updated 14:30)`: the first time is the post's.
_UPDATED_TAIL = re.compile(
    r"[\s(|·•,;–—-]+(?:last\s+)?(?:updated|edited|modified)\b.*$", re.IGNORECASE
)
#: `21 January 2025 | 3 min read`
_READING_TAIL = re.compile(
    r"[\s|·•,;–—-]+\d{1,2}[\s-]*min(?:ute)?s?(?:[\s-]+read)?\s*$", re.IGNORECASE
)
_RELATIVE_DAY = re.compile(
    r"(?<!\w)(?:(?P<yesterday>yesterday)|today|tonight)(?!\w)", re.IGNORECASE
)
#: No stamp or date line is longer.
MAX_STAMP = 120


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, and by whom, as one line says it.

    `date` is ISO or None, `minutes` is the clock time in minutes after midnight or None. `is_rich`
    tells a stamp with a date, a zone, am/pm or an author from a bare clock time; `is_note` one
    that says of itself what it is (`Updated at 12:14`) from one that heads a post. `ago` is how
    many minutes before the page was taken (`2h ago`); `month_day` a date without a year;
    `weekday` (0 = Monday) a day named without a date; `days_back` is 1 for `yesterday`;
    `impossible` a date, as written, that no calendar has; `source` a paper named beside the date.
    `is_update` and `is_first` tell what a note is about.
    """

    date: str | None
    minutes: int | None
    author: str | None
    is_rich: bool
    is_note: bool = False
    ago: int | None = None
    month_day: tuple[int, int] | None = None
    weekday: int | None = None
    days_back: int = 0
    impossible: str | None = None
    source: str | None = None
    is_update: bool = False
    is_first: bool = False

    @property
    def is_timed(self) -> bool:
        """Whether it says a time of day, or how long ago."""
        return self.minutes is not None or self.ago is not None

    @property
    def is_dated(self) -> bool:
        """Whether it says a day, with or without its year, or tries to."""
        return bool(self.date or self.month_day or self.impossible)


@lru_cache(maxsize=8192)
def parse_stamp(line: str, *, day_first: bool = True) -> Stamp | None:
    """Read a line that is nothing but a date, a clock time and perhaps a name.

    Parameters
    ----------
    line : str
        One line: `12:14 , Ann Lee`, `Tuesday 21 January 2025 23:02 , Ann Lee`, `12.14pm GMT`,
        `Published: 21/01/2025`.
    day_first : bool
        See `parse_date`.

    Returns
    -------
    Stamp or None
        None where the line says anything else.
    """
    if len(line) > MAX_STAMP or not (_DIGIT.search(line) or _AGO.search(line)):
        return None
    if _PLAYER.match(line):
        return None
    bare = _TWICE.sub(r"\1", _JOINED.sub(r"\1 ", line.strip(EDGES).rstrip(":")))
    rest = _HIJRI.sub("", _READING_TAIL.sub("", _LEAD.sub("", bare)))
    is_note = _LEAD.match(bare) is not None
    found = _read_times(_Rest(rest), day_first=day_first)
    if found is None:
        return None
    head, _, tail = found.rest.partition(_CUT)
    is_place = _PLACE.fullmatch(head.strip()) is not None
    head, tail = head.strip(EDGES), tail.replace(_CUT, " ").strip(EDGES)
    head, tail = (_LINK_WORDS.sub("", part).strip(EDGES) for part in (head, tail))
    if (head and tail) or (tail and _OPENING.match(bare) and not tail.casefold().startswith("by")):
        return None
    # `Kyiv, 21 January 2025` names no author.
    credit = (None, None) if is_place and not tail else _read_credit(head or tail)
    if credit is None:
        return None
    match = found.clock
    has_zone = match is not None and bool(match["half"] or match["zone"])
    lead = _LEAD.match(bare)
    stamp = replace(
        found.stamp,
        author=credit[0],
        source=credit[1],
        is_note=is_note,
        is_update=bool(lead and _UPDATE.search(lead[0])),
        is_first=bool(lead and _FIRST.search(lead[0])),
    )
    return replace(
        stamp,
        is_rich=stamp.is_dated or any(credit) or has_zone or stamp.ago is not None,
    )


def _read_credit(text: str) -> tuple[str | None, str | None] | None:
    """Author and source in what a date leaves of its line; None where it is neither."""
    author = source = None
    for part in _PARTS.split(text):
        name = read_name(part)
        if name is None:
            return None
        if name and (is_press(name) or is_one_word_site(name)):
            source = source or name
        elif name:
            author = author or name
    return author, source


#: `Kyiv,` before a date; a site of one word has a capital inside: `CityEcho,`.
_PLACE = re.compile(r"[^\W\d_][^\W\dA-Z_]*,")
_PARTS = re.compile(
    r"\s*[|·•]\s*|\s+[-–—/]\s+|(?<=[^\W\d_]),\s+(?=The |[A-Z]\w+ (?:News|Times|Post)\b)"
)


_LINK_WORDS = re.compile(r"^(?:(?:at|on|in)\b[\s,]*)+|^(?:at|on)$", re.IGNORECASE)

#: Stands where a date or a time was taken out of a line.
_CUT = "\x00"


class _Rest:
    """What is left of a line when dates and times are taken out of it."""

    def __init__(self, text: str) -> None:
        self.text = text

    def take(self, match: re.Match[str] | None) -> re.Match[str] | None:
        if match:
            self.text = f"{self.text[: match.start()]} {_CUT} {self.text[match.end() :]}"
        return match


@dataclass(frozen=True, slots=True)
class _Times:
    stamp: Stamp
    clock: re.Match[str] | None
    rest: str


def _read_times(rest: _Rest, *, day_first: bool) -> _Times | None:
    """Take date, clock time, age and weekday out of a line; None where it has none of them."""
    dated = rest.take(DATE.search(rest.text))
    date = iso_from(dated, day_first=day_first) if dated else None
    yearless = None if dated else rest.take(NO_YEAR.search(rest.text))
    clock = rest.take(_time_in(rest.text, has_date=dated is not None or yearless is not None))
    ago = rest.take(_AGO.search(rest.text))
    if not (dated or yearless or clock or ago):
        return None
    rest.text = _UPDATED_TAIL.sub("", rest.text)
    day = None if dated or yearless else rest.take(_RELATIVE_DAY.search(rest.text))
    named = rest.take(_weekday_in(rest.text, has_date=bool(dated or yearless)))
    weekday = None if dated or yearless else named
    month_day = _month_day(yearless) if yearless else None
    if yearless and month_day is None:
        return None
    stamp = Stamp(
        date,
        _minutes(clock) if clock else None,
        None,
        is_rich=False,
        ago=_minutes_ago(ago) if ago and not clock else None,
        days_back=int(bool(day and day["yesterday"])),
        month_day=month_day,
        weekday=DAYS.index(weekday[0][:3].casefold()) if weekday else None,
        impossible=dated[0].strip() if dated and not date else None,
    )
    return _Times(stamp, clock, rest.text)


def _weekday_in(text: str, *, has_date: bool) -> re.Match[str] | None:
    """Find a weekday; beside a date, one among other words is a paper's: `The Sunday Herald`."""
    match = WEEKDAY.search(text)
    if match and has_date:
        before, after = text[: match.start()], text[match.end() :].lstrip(" ")
        if before.rstrip(" ")[-1:].isalpha() or after[:1].isupper():
            return None
    return match


def _month_day(match: re.Match[str]) -> tuple[int, int] | None:
    name, day = match["m1"] or match["m2"], int(match["d1"] or match["d2"])
    month = month_number(name)
    return (month, day) if iso_of(2024, month, day) else None  # a leap year: 29 February exists


def _minutes_ago(match: re.Match[str]) -> int:
    if match["now"]:
        return 0
    if match["yesterday"]:
        return _UNIT_MINUTES["d"]
    if match["short"]:
        return int(match["short"]) * _UNIT_MINUTES[match["short_unit"].casefold()]
    count = int(match["count"]) if match["count"].isdigit() else 1
    return count * _UNIT_MINUTES[match["unit"][0].casefold()]


def _time_in(text: str, *, has_date: bool) -> re.Match[str] | None:
    match = TIME.search(text)
    # `12.14` is a number unless it stands at the beginning or something says that it is a time.
    is_number = match and match["dot"] == "." and not (match["half"] or match["zone"] or has_date)
    if is_number and not _DOTTED_ALONE.fullmatch(text):
        match = None
    return match or _CLOCK_DIGITS.search(text)


def _minutes(match: re.Match[str]) -> int:
    hour = int(match["hour"])
    if match["half"]:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    return hour * 60 + int(match["minute"])
