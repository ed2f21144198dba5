"""Dates and clock times as pages write them → ISO dates.

No clock is read: a date is what the page states, or None. English month names; numeric dates are
day-first unless the page itself shows otherwise.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.core.pages.months import MONTH_PATTERN, month_number
from pipeline.core.pages.sites import is_one_word_site, is_press

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY_NAME = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_WEEKDAY = rf"(?:{_DAY_NAME},?\s+)?"
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})(?=T\d|(?![\w/-]))"
    rf"|{_WEEKDAY}(?P<d2>\d{{1,2}})(?:st|nd|rd|th|\.)?[\s-]+(?:of\s+|de\s+)?(?P<m2>{MONTH_PATTERN}),?[\s-]+(?:de\s+)?(?P<y2>\d{{4}})(?!\w)(?:\s+(?:г|р)\b\.?)?"
    rf"|{_WEEKDAY}(?P<m3>{MONTH_PATTERN})\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})(?!\w)"
    r"|(?P<a4>\d{1,2})[-/.](?P<b4>\d{1,2})[-/.](?P<y4>\d{4})(?![\w/-])"
    r"|(?P<y5>(?:19|20)\d\d)(?P<m5>\d\d)(?P<d5>\d\d)(?=T\d|(?![\w/-]))"
    r")",
    re.IGNORECASE,
)
#: A date that leaves its year to the page: `Tuesday 21 January`, `Jan 21`.
_NO_YEAR = re.compile(
    rf"(?<![\w/.-]){_WEEKDAY}(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{MONTH_PATTERN})(?!\w)"
    rf"|(?P<m2>{MONTH_PATTERN})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:.]))",
    re.IGNORECASE,
)
_WEEKDAY_ALONE = re.compile(rf"(?<!\w){_DAY_NAME}(?!\w)", re.IGNORECASE)
_AGO = re.compile(
    r"(?:about\s+|over\s+)?(?P<count>\d{1,3}|an?|one)\s*"
    r"(?P<unit>s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)\s+ago\b"
    r"|^(?P<yesterday>yesterday)$|(?P<now>just now|moments ago)|^(?P<short>\d{1,2})\s?(?P<short_unit>[mhd])$",
    re.IGNORECASE,
)
_UNIT_MINUTES = {"s": 0, "m": 1, "h": 60, "d": 1440, "w": 10080}
_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?![\w/-])")
_TIME = re.compile(
    r"(?<![\d:.])(?:T(?=\d))?(?P<hour>[01]?\d|2[0-3])(?P<dot>[:.h])(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?"
    r"(?:\s?(?:h(?:rs|ours)?|ч|uhr)\b\.?)?(?![\d:])\s*(?P<half>[ap]\.?m\b\.?)?"
    r"(?P<zone>\s*\(?(?:Z|GMT|UTC|BST|CES?T|E[SD]?T|P[SD]?T|C[SD]T|M[SD]T|EES?T|MSK|IST|AE[SD]T|HKT|SGT|JST)"
    r"\b(?:\s?[+-]\d{1,2}(?::?\d\d)?)?\)?|\s*[+-]\d\d:?\d\d\b"
    r"|\s*\(?(?:local|[a-z]{3,12})\s+time\b\)?)?",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[\[(]([^\[\]()]{4,40})[\])]")
_BARRED = re.compile(r"(.{4,60}?)(?:\s+[|•·–—-]\s+|\s?[–—]\s?)(?=\S)")
#: `12:14: Police arrive`
_COLON_BELOW = re.compile(r"^(\d{1,2}[:.h]\d\d\S{0,3}):\s")
#: What stands between a time and the headline on the same line.
_BETWEEN = " \t-–—:|•·,"
_MAX_INLINE = 4000
_DOTTED_ALONE = re.compile(r"\W*(?:[01]?\d|2[0-3])\.[0-5]\d\W*(?:[^\W\d].*)?")
_CLOCK_DIGITS = re.compile(
    r"(?<![\d:.])(?P<hour>[01]\d|2[0-3])(?P<dot>)(?P<minute>[0-5]\d)(?P<half>)"
    r"(?P<zone>\s*(?:GMT|UTC|BST|CES?T|E[SD]T|MSK|IST)\b)",
)
_DIGIT = re.compile(r"\d")
_LEAD = re.compile(
    r"^(?:(?:first\s+|last\s+|article\s+|page\s+)?"
    r"(?:published|posted|updated?|modified|revised|date|issued|created|added|edited|filed"
    r"|released|uploaded|as of|publicad[oa]|atualizad[oa]|actualizad[oa]|publi[ée]|mis à jour"
    r"|veröffentlicht|aktualisiert|stand|опубликовано|обновлено|публикува(?:на|но)|обновена"
    r"|опубліковано|оновлено|प्रकाशित|अपडेट)\b"
    r"(?:\s+(?:on|at|of|em|el|le|am|на))?\s*[:|·-]?\s*)+",
    re.IGNORECASE,
)
_UPDATE = re.compile(r"updat|modif|revis|edited|as of", re.IGNORECASE)
_FIRST = re.compile(r"first|publish|posted|created|issued|filed|released", re.IGNORECASE)
#: `27 August 2023 AD ـ 11 Safar 1445 AH`: the second calendar says the same.
_HIJRI = re.compile(r"\s+AD\b.{0,6}\d{1,2}\s.{3,20}\sAH\b")
#: `16:00-27 August 2023`
_JOINED = re.compile(r"(\d[:.]\d\d)-(?=\d{1,2}\s)")
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
_EDGES = " \t,;|·•–—-()[]/@"
#: `Ann Lee, chief foreign correspondent`: what the author is.
_ROLE = re.compile(
    r",?\s+(?:[\w'’-]+\s+){0,4}(?:editor|correspondent|reporter|writer|columnist|analyst|chief"
    r"|producer|staff|contributor|journalist)(?:\s+(?:in|at|for)\s+.{2,40})?$",
    re.IGNORECASE,
)
_NAME_WORD = re.compile(r"^(?:[^\W_][\w.'’-]*|&)$")
_SMALL_WORDS = frozenset(
    (
        "and",
        "in",
        "at",
        "for",
        "of",
        "the",
        "de",
        "la",
        "van",
        "von",
        "der",
        "den",
        "di",
        "da",
        "el",
    )
)

#: Pages print posts a little out of order; only a longer leap of the clock is another day.
_ROLL_MINUTES = 180

#: A year outside is a slip of the pen or a number that is no date.
_YEARS = range(1900, 2101)

#: No stamp or date line is longer.
_MAX_STAMP = 120


@dataclass(frozen=True, slots=True)
class Stamp:
    """When, and by whom, as one line says it.

    `date` is ISO or None, `minutes` is the clock time in minutes after midnight or None. `is_rich`
    tells a stamp with a date, a zone, am/pm or an author from a bare clock time; `is_note` one
    that says of itself what it is (`Updated at 12:14`) from one that heads a post. `ago` is how
    many minutes before the page was taken (`2h ago`); `month_day` a date without a year;
    `weekday` (0 = Monday) a day named without a date; `days_back` is 1 for `yesterday`; `impossible` a date, as written,
    that no calendar has; `source` a paper named beside the date. `is_update` and `is_first` tell what a note is about.
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


def parse_date(text: str, *, day_first: bool = True) -> str | None:
    """Find the first date in `text`.

    Parameters
    ----------
    text : str
        Anything; a year is needed, two digits are not enough for one.
    day_first : bool
        How to read `09-07-2025` where both orders are possible; see `is_day_first`.

    Returns
    -------
    str or None
        `YYYY-MM-DD`; None if there is no date, it does not exist (31 February) or its year lies
        outside 1900 to 2100.
    """
    match = _DATE.search(text)
    return _iso(match, day_first=day_first) if match else None


def is_day_first(texts: Iterable[str]) -> bool:
    """Whether numeric dates of one page or table put the day first.

    Every number above 12 is evidence for its order; the majority decides, and day-first is taken
    where there is none.
    """
    balance = 0
    for text in texts:
        for first, second in _NUMERIC.findall(text):
            balance += (int(first) > 12) - (int(second) > 12)
    return balance >= 0


def _iso(match: re.Match[str], *, day_first: bool) -> str | None:
    found = {key[0] if key[0] in "ab" else key: v for key, v in match.groupdict().items() if v}
    if "a" in found:
        first, second, year = int(found["a"]), int(found["b"]), int(found["y4"])
        day, month = (first, second) if day_first else (second, first)
        if month > 12 >= day:
            day, month = month, day
    else:
        year, raw_month, day = (
            int(next(v for k, v in found.items() if k[0] == "y")),
            next(v for k, v in found.items() if k[0] == "m"),
            int(next(v for k, v in found.items() if k[0] == "d")),
        )
        month = (
            int(raw_month) if raw_month.isdigit() else month_number(raw_month)
        )
    return _iso_of(year, month, day)


def _iso_of(year: int, month: int, day: int) -> str | None:
    if year not in _YEARS:
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


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
    if len(line) > _MAX_STAMP or not (_DIGIT.search(line) or _AGO.search(line)):
        return None
    bare = _JOINED.sub(r"\1 ", line.strip(_EDGES).rstrip(":"))
    rest = _HIJRI.sub("", _READING_TAIL.sub("", _LEAD.sub("", bare)))
    is_note = _LEAD.match(bare) is not None
    found = _read_times(_Rest(rest), day_first=day_first)
    if found is None:
        return None
    head, _, tail = found.rest.partition(_CUT)
    is_place = _PLACE.fullmatch(head.strip()) is not None
    head, tail = head.strip(_EDGES), tail.replace(_CUT, " ").strip(_EDGES)
    head, tail = (_LINK_WORDS.sub("", part).strip(_EDGES) for part in (head, tail))
    if head and tail:
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
_PARTS = re.compile(r"\s*[|·•]\s*|\s+[-–—/]\s+|(?<=[^\W\d_]),\s+(?=The |[A-Z]\w+ (?:News|Times|Post)\b)")


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
    dated = rest.take(_DATE.search(rest.text))
    date = _iso(dated, day_first=day_first) if dated else None
    yearless = None if dated else rest.take(_NO_YEAR.search(rest.text))
    clock = rest.take(_time_in(rest.text, has_date=dated is not None or yearless is not None))
    ago = rest.take(_AGO.search(rest.text))
    if not (dated or yearless or clock or ago):
        return None
    rest.text = _UPDATED_TAIL.sub("", rest.text)
    day = None if dated or yearless else rest.take(_RELATIVE_DAY.search(rest.text))
    named = rest.take(_WEEKDAY_ALONE.search(rest.text))
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
        weekday=_DAYS.index(weekday[0][:3].casefold()) if weekday else None,
        impossible=dated[0].strip() if dated and not date else None,
    )
    return _Times(stamp, clock, rest.text)


def _month_day(match: re.Match[str]) -> tuple[int, int] | None:
    name, day = match["m1"] or match["m2"], int(match["d1"] or match["d2"])
    month = month_number(name)
    return (month, day) if _iso_of(2024, month, day) else None  # a leap year: 29 February exists


def _minutes_ago(match: re.Match[str]) -> int:
    if match["now"]:
        return 0
    if match["yesterday"]:
        return _UNIT_MINUTES["d"]
    if match["short"]:
        return int(match["short"]) * _UNIT_MINUTES[match["short_unit"].casefold()]
    count = int(match["count"]) if match["count"].isdigit() else 1
    return count * _UNIT_MINUTES[match["unit"][0].casefold()]


def split_stamp(line: str) -> tuple[Stamp, str] | None:
    """Part a clock time from what follows it on the same line: `[12:14] Police arrive`.

    Returns
    -------
    tuple of (Stamp, str) or None
        None where the line does not begin with a time that something follows.
    """
    if len(line) > _MAX_INLINE or not _DIGIT.search(line[:_MAX_STAMP]):
        return None
    line = _COLON_BELOW.sub(r"\1 | ", line)
    bracketed = _BRACKETED.match(line)
    barred = None if bracketed else _BARRED.match(line)
    match = bracketed or barred or _TIME.match(line)
    if match is None:
        return None
    stamp = parse_stamp(match[0] if match.re is _TIME else match[1])
    if barred and (stamp is None or not stamp.is_timed):
        match = _TIME.match(line)
        stamp = parse_stamp(match[0]) if match else None
    if match is None or stamp is None or not stamp.is_timed:
        return None
    rest = line[match.end() :].lstrip(_BETWEEN)
    is_parted = match.re is not _TIME or rest != line[match.end() :] or match[0].endswith(" ")
    return (stamp, rest) if is_parted and rest and not rest[0].isdigit() else None


def _time_in(text: str, *, has_date: bool) -> re.Match[str] | None:
    match = _TIME.search(text)
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


def read_name(text: str) -> str | None:
    """Read the name that ends a stamp or a byline.

    Returns
    -------
    str or None
        The name without what surrounds it; "" for an empty text; None where the words are no name
        (more than eight, or one that is neither capitalised nor a particle).
    """
    text = _ROLE.sub("", text.replace("|", " ").strip(_EDGES))
    text = re.sub(r"\s+(?:on|at)$", "", text)
    text = re.sub(r"^(?:at\s+)?(?:[-–—,]\s*)?(?:by\s+)?", "", text, flags=re.IGNORECASE).strip(
        _EDGES
    )
    words = text.split()
    if not words:
        return ""
    if len(words) > 8 or not words[0][0].isupper():
        return None
    for word in (word.strip(",") for word in words):
        is_name = _NAME_WORD.match(word) and (word[0].isupper() or not word[0].islower())
        if not (is_name or word.lower() in _SMALL_WORDS):
            return None
    return text


def resolve_dates(stamps: Sequence[Stamp], page: Stamp | None = None) -> list[str | None]:
    """Give every post of a live-blog its date.

    A post without a date takes it from the nearest dated one; the day turns where the clock leaps
    against the page's order. Pages that date each post of earlier days leave only the newest day
    undated: there, the undated posts belong to the following day even if the clock does not leap.
    A day without a year takes the year of the page; `2h ago` counts back from the page's time.

    Parameters
    ----------
    stamps : sequence of Stamp
        In the order of the page, newest or oldest first.
    page : Stamp, optional
        What the page says of itself (`Updated 21 January 2025 14:05`): the day of the post at its
        top where no post is dated.

    Returns
    -------
    list of str or None
        One ISO date for each stamp; all None where nothing states a date.
    """
    stamps = _with_years(stamps, page)
    known = [i for i, stamp in enumerate(stamps) if stamp.date]
    if not known and page and page.date and stamps:
        stamps = [_counted_back(stamp, page) for stamp in stamps]
        at = _dated_by(page, stamps)
        stamps[at] = replace(stamps[at], date=stamps[at].date or page.date)
        known = [i for i, stamp in enumerate(stamps) if stamp.date]
    if not known:
        return [None] * len(stamps)
    first, last = known[0], known[-1]
    step = -1 if _is_newest_first(stamps) else 1
    days: list[dt.date | None] = [
        dt.date.fromisoformat(stamp.date) if stamp.date else None for stamp in stamps
    ]
    # Every post on one side is dated and none on the other: the convention above.
    before = last - first > 0 and all(stamp.date for stamp in stamps[first:])
    after = last - first > 0 and all(stamp.date for stamp in stamps[: last + 1])
    _walk(stamps, days, range(first - 1, -1, -1), step=-step, turns_at_once=before)
    _walk(stamps, days, range(first + 1, last), step=step, turns_at_once=False)
    _walk(stamps, days, range(last + 1, len(stamps)), step=step, turns_at_once=after)
    return [
        _on_weekday(day, stamp.weekday).isoformat() if day else None
        for day, stamp in zip(days, stamps, strict=True)
    ]


def _dated_by(page: Stamp, stamps: Sequence[Stamp]) -> int:
    """Which post a date of the page belongs to: `Updated` to the newest, otherwise the topmost."""
    if page.is_update:
        return 0 if _is_newest_first(stamps) else len(stamps) - 1
    if page.is_first:
        return len(stamps) - 1 if _is_newest_first(stamps) else 0
    return 0


def _with_years(stamps: Sequence[Stamp], page: Stamp | None) -> list[Stamp]:
    """Date the posts that leave out the year: it is the one of the next date above, or below."""
    stated = [stamp.date for stamp in ([page] if page else []) + list(stamps) if stamp.date]
    year = int(stated[0][:4]) if stated else None
    dated = []
    for stamp in stamps:
        year = int(stamp.date[:4]) if stamp.date else year
        date = _iso_of(year, *stamp.month_day) if year and stamp.month_day else None
        dated.append(replace(stamp, date=date) if date else stamp)
    return dated


def _counted_back(stamp: Stamp, page: Stamp) -> Stamp:
    """Date a post that says how long ago it was, if the page says of when it is."""
    if stamp.days_back and page.date:
        day = _moved(dt.date.fromisoformat(page.date), -stamp.days_back)
        return replace(stamp, date=day.isoformat())
    if stamp.ago is None or stamp.minutes is not None or page.date is None:
        return stamp
    if (page.minutes is None and stamp.ago % 1440):
        return stamp
    total = (page.minutes or 0) - stamp.ago
    day = _moved(dt.date.fromisoformat(page.date), total // 1440)
    return replace(stamp, date=day.isoformat(), minutes=total % 1440)


def _on_weekday(day: dt.date, weekday: int | None) -> dt.date:
    """Move to the nearest day of that name, at most three days away."""
    if weekday is None:
        return day
    return _moved(day, (weekday - day.weekday() + 3) % 7 - 3)


def _is_newest_first(stamps: Sequence[Stamp]) -> bool:
    dates = [stamp.date for stamp in stamps if stamp.date]
    if dates and dates[0] != dates[-1]:
        return dates[0] > dates[-1]
    times = [stamp.minutes for stamp in stamps if stamp.minutes is not None]
    # Steps the short way round the clock, so that midnight counts as any other hour.
    steps = [(after - before + 720) % 1440 - 720 for before, after in itertools.pairwise(times)]
    return sum((step < 0) - (step > 0) for step in steps) >= 0


def _walk(
    stamps: Sequence[Stamp],
    days: list[dt.date | None],
    order: range,
    *,
    step: int,
    turns_at_once: bool,
) -> None:
    """Fill undated days along `order`, where going on means going `step` in time."""
    if not order:
        return
    anchor = order.start - order.step
    previous, clock = days[anchor], stamps[anchor].minutes
    for i in order:
        minutes = stamps[i].minutes
        if days[i] is None and previous is not None:
            leap = 0 if clock is None or minutes is None else (clock - minutes) * step
            turns = turns_at_once or leap > _ROLL_MINUTES
            days[i] = _moved(previous, step) if turns else previous
        turns_at_once = False
        previous, clock = days[i], clock if minutes is None else minutes


def _moved(day: dt.date, n_days: int) -> dt.date:
    try:
        return day + dt.timedelta(days=n_days)
    except OverflowError:
        return day
