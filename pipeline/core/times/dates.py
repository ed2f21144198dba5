"""Dates as pages write them → ISO dates.

No clock is read: a date is what the page states, or None. Numeric dates are day-first unless the
page itself shows otherwise.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from pipeline.core.times.months import MONTH_PATTERN, month_number

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_NAME = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?"
_WEEKDAY = rf"(?:{DAY_NAME},?\s+)?"
DATE = re.compile(
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
NO_YEAR = re.compile(
    rf"(?<![\w/.-]){_WEEKDAY}(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{MONTH_PATTERN})(?!\w)"
    rf"|(?P<m2>{MONTH_PATTERN})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:.]))",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<![\w/.-])(\d{1,2})[-/.](\d{1,2})[-/.]\d{4}(?![\w/-])")
#: A year outside is a slip of the pen or a number that is no date.
_YEARS = range(1900, 2101)


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
    match = DATE.search(text)
    return iso_from(match, day_first=day_first) if match else None


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


def iso_from(match: re.Match[str], *, day_first: bool) -> str | None:
    """Give the ISO date of a match of `DATE`; None where no calendar has it."""
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
        month = int(raw_month) if raw_month.isdigit() else month_number(raw_month)
    return iso_of(year, month, day)


def iso_of(year: int, month: int, day: int) -> str | None:
    """Give an ISO date; None where it does not exist or lies outside 1900 to 2100."""
    if year not in _YEARS:
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None
