"""Dates and clock times as pages write them → ISO dates.

No clock is read: a date is what the page states, or None. English month names; numeric dates are
day-first unless the page itself shows otherwise.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_DATE = re.compile(
    r"(?<![\w/.-])(?:"
    r"(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})(?=T\d|(?![\w/-]))"
    rf"|{_WEEKDAY}(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{_MONTH.format('m2')},?[\s-]+(?P<y2>\d{{4}})(?!\w)"
    rf"|{_WEEKDAY}{_MONTH.format('m3')}\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>\d{{4}})(?!\w)"
    r"|(?P<a4>\d{1,2})[-/.](?P<b4>\d{1,2})[-/.](?P<y4>\d{4})(?![\w/-])"
    r"|(?P<y5>(?:19|20)\d\d)(?P<m5>\d\d)(?P<d5>\d\d)(?=T\d|(?![\w/-]))"
    r")",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?![\w/-])")
_TIME = re.compile(
    r"(?<![\d:.])(?:T(?=\d))?(?P<hour>[01]?\d|2[0-3])(?P<dot>[:.h])(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d+)?)?"
    r"(?![\d:])\s*(?P<half>[ap]\.?m\b\.?)?"
    r"(?P<zone>\s*\(?(?:Z|GMT|UTC|BST|CES?T|E[SD]?T|P[SD]?T|C[SD]T|M[SD]T|EES?T|MSK|IST|AE[SD]T|HKT|SGT|JST)"
    r"\b(?:\s?[+-]\d{1,2}(?::?\d\d)?)?\)?|\s*[+-]\d\d:?\d\d\b)?",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_LEAD = re.compile(
    r"^(?:(?:first\s+|last\s+)?(?:published|posted|updated|modified|date|issued|created)"
    r"(?:\s+(?:on|at))?\s*:?\s*)+",
    re.IGNORECASE,
)
_EDGES = " \t,;|·•–—-()[]"
_NAME_WORD = re.compile(r"^(?:[^\W\d_][\w.'’-]*|&)$")
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
    that says of itself what it is (`Updated at 12:14`) from one that heads a post.
    """

    date: str | None
    minutes: int | None
    author: str | None
    is_rich: bool
    is_note: bool = False


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
            int(raw_month) if raw_month.isdigit() else _MONTHS.index(raw_month[:3].casefold()) + 1
        )
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
    if len(line) > _MAX_STAMP or not _DIGIT.search(line):
        return None
    bare = line.strip(_EDGES)
    rest = _LEAD.sub("", bare)
    is_note = len(rest) < len(bare)
    date_match = _DATE.search(rest)
    date = _iso(date_match, day_first=day_first) if date_match else None
    if date_match:
        rest = f"{rest[: date_match.start()]} | {rest[date_match.end() :]}"
    time_match = _time_in(rest, has_date=date_match is not None)
    if time_match:
        rest = f"{rest[: time_match.start()]} | {rest[time_match.end() :]}"
    if not (date_match or time_match):
        return None
    head, _, tail = rest.partition(" | ")
    if head.strip(_EDGES) and head.strip(_EDGES).lower() not in {"at", "on"}:
        return None
    author = read_name(tail)
    if author is None:
        return None
    is_rich = bool(date or author or (time_match and (time_match["half"] or time_match["zone"])))
    minutes = _minutes(time_match) if time_match else None
    return Stamp(date, minutes, author or None, is_rich, is_note)


def _time_in(text: str, *, has_date: bool) -> re.Match[str] | None:
    match = _TIME.search(text)
    if match is None:
        return None
    # A bare `12.14` is a number unless something else says that it is a time.
    if match["dot"] == "." and not (match["half"] or match["zone"] or has_date):
        return None
    return match


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
    text = text.replace("|", " ").strip(_EDGES)
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


def resolve_dates(stamps: Sequence[Stamp]) -> list[str | None]:
    """Give every post of a live-blog its date.

    A post without a date takes it from the nearest dated one; the day turns where the clock leaps
    against the page's order. Pages that date each post of earlier days leave only the newest day
    undated: there, the undated posts belong to the following day even if the clock does not leap.

    Parameters
    ----------
    stamps : sequence of Stamp
        In the order of the page, newest or oldest first.

    Returns
    -------
    list of str or None
        One ISO date for each stamp; all None where no stamp has a date.
    """
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
    return [day.isoformat() if day else None for day in days]


def _is_newest_first(stamps: Sequence[Stamp]) -> bool:
    dates = [stamp.date for stamp in stamps if stamp.date]
    if dates[0] != dates[-1]:
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
