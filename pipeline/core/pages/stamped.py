"""Lines that begin with a time, and go on with a headline or a text."""

from __future__ import annotations

import re

from pipeline.core.times.dates import DATE, NO_YEAR
from pipeline.core.times.stamps import MAX_STAMP, TIME, WEEKDAY, Stamp, parse_stamp

_BRACKETED = re.compile(r"[\[(]([^\[\]()]{4,40})[\])]")
_BARRED = re.compile(r"(.{4,60}?)(?:\s+[|•·–—-]\s+|\s?[–—]\s?)(?=\S)")
#: `12:14: Police arrive`
_COLON_BELOW = re.compile(r"^(\d{1,2}[:.h]\d\d\S{0,3}):\s")
#: What stands between a time and the headline on the same line.
_BETWEEN = " \t-–—:|•·,"
_MAX_INLINE = 4000
_DATES = (DATE, NO_YEAR, WEEKDAY)
#: `12:14 13:40`, `12:14 3.5`: a table, not a time and a headline; `12:14 3 trains stop` is one.
_NUMBERS = re.compile(r"\d[\d.,:]*(?!\w|[\d.,:%]*\s+[^\W\d])")
_GAP = re.compile(r"[\s,]*(?:[-–—|·]\s)?\s*")
_DIGIT = re.compile(r"\d")


def split_stamp(line: str) -> tuple[Stamp, str] | None:
    """Part a clock time from what follows it on the same line: `[12:14] Police arrive`.

    Returns
    -------
    tuple of (Stamp, str) or None
        None where the line does not begin with a time that something follows.
    """
    if len(line) > _MAX_INLINE or not _DIGIT.search(line[:MAX_STAMP]):
        return None
    line = _COLON_BELOW.sub(r"\1 | ", line)
    parted = _BRACKETED.match(line) or _BARRED.match(line)
    stamp = parse_stamp(parted[1]) if parted else None
    if parted and stamp and stamp.is_timed:
        rest = line[parted.end() :].lstrip(_BETWEEN)
        return (stamp, rest) if rest else None
    end = _times_end(line)
    stamp = parse_stamp(line[:end]) if end else None
    if stamp is None or not stamp.is_timed:
        return None
    rest = line[end:].lstrip(_BETWEEN)
    is_parted = rest != line[end:] or line[end - 1] == " "
    return (stamp, rest) if is_parted and rest and not _NUMBERS.match(rest) else None


def _times_end(line: str) -> int:
    """Where the clock time, and the date beside it, end at the beginning of a line."""
    end = 0
    for patterns in (_DATES, (TIME,), _DATES):
        start = _GAP.match(line, end)
        match = start and next(
            (m for pattern in patterns if (m := pattern.match(line, start.end()))), None
        )
        if match and not (end and match.re is NO_YEAR and not WEEKDAY.match(match[0])):
            end = match.end()
    return end
