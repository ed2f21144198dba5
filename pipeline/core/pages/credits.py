"""Names beside the items of a listing: which of them are sources, sections or authors.

A name alone does not tell (`Ann Lee`, `Deutsche Welle`). The names at one place of all items do:
where one of them is a paper's, all are papers; where all are sections, it is the section.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.core.boilerplate.sections import is_section
from pipeline.core.pages.heads import is_label, is_name, read_byline
from pipeline.core.pages.segments import Page
from pipeline.core.pages.sites import is_one_word_site, is_press
from pipeline.core.times.dates import DATE, NO_YEAR
from pipeline.core.times.names import EDGES, read_name
from pipeline.core.times.stamps import parse_stamp

#: Share of items, or of their names, that must show a pattern for it to be the page's.
_MOST = 0.6
_HALF = 0.5
_MAX_NAME_WORDS = 5

_FIELD_EDGE = re.compile(r"\s*[|·•\[\]()\x00]\s*|\s+[-–—/]\s+|,\s+|[\s,]*[–—]\s*")
_LEAD = re.compile(
    r"^(?:(?:posted|published|updated|filed)\b\s*)?(?:(?:on|at|in)\b\s*)?", re.IGNORECASE
)
_BY = re.compile(r"^(?:(?:posted|published|written|updated)\s+)?by\s+(?=\S)", re.IGNORECASE)
_LINKED = re.compile(r"\s+(?:on|at|in)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place that items of a page have in common.

    `line` and `topic` are lines above or below the headline, the nearest one being of rank 0;
    `field` are names on the line of the date, before (`above`) or after it; `by` those with `By`.
    """

    kind: Literal["line", "topic", "field", "by"]
    above: bool
    rank: int


def credit_fields(line: str) -> dict[Slot, str]:
    """Read the names on the line of a date: `By Ann Lee | The Ledger | 21 January 2025`.

    Returns
    -------
    dict of Slot to str
        Names in order; empty where the line says only when.
    """
    dated = DATE.search(line) or NO_YEAR.search(line)
    cut = dated.start() if dated else 0
    bare = f"{line[: dated.start()]}\x00{line[dated.end() :]}" if dated else line
    found: dict[Slot, str] = {}
    at = 0
    for part in _FIELD_EDGE.split(bare):
        start = bare.find(part, at) if part else at
        at = start + len(part)
        name = _LINKED.sub("", part.strip(EDGES))
        is_by = _BY.match(name) is not None
        name = _BY.sub("", name) if is_by else _LEAD.sub("", name)
        if not name or not name[0].isalpha() or parse_stamp(name) or not read_name(name):
            continue
        above = start < cut
        kind: Literal["by", "field"] = "by" if is_by else "field"
        rank = sum(slot.above == above and slot.kind == kind for slot in found)
        found[Slot(kind, above=above, rank=rank)] = name
    return found


def name_slots(
    page: Page, lines: Sequence[Mapping[int, Slot]], fields: Sequence[Mapping[Slot, str]]
) -> dict[Slot, str]:
    """Say what the names at each place of the items are.

    Parameters
    ----------
    page : Page
        The page.
    lines : sequence of mapping of int to Slot
        For each item the short lines of its head and where they stand.
    fields : sequence of mapping of Slot to str
        For each item the names on the line of its date.

    Returns
    -------
    dict of Slot to str
        `source`, `section` or `byline`; places that are nothing of the kind are left out.
    """
    names: dict[Slot, list[str]] = defaultdict(list)
    for found in lines:
        for i, slot in found.items():
            if slot.kind == "line":
                names[slot].append(page.lines[i])
    for named in fields:
        for slot, name in named.items():
            names[slot].append(name)
    kinds = {slot: _kind_of(slot, found, len(lines)) for slot, found in names.items()}
    return {slot: kind for slot, kind in kinds.items() if kind}


def _kind_of(slot: Slot, found: Sequence[str], n_items: int) -> str | None:
    """Say what the names at one place are: that of most of them; None for no names."""
    bylines = [line for line in found if read_byline(line)]
    names = [line for line in found if is_short_name(line) and line not in bylines]
    # Below the headline comes the teaser, however short: names stand there in most items.
    n_named = len(names) + len(bylines)
    is_usual = n_named >= _HALF * n_items and n_named >= _MOST * len(found)
    if not names or (slot.kind == "line" and not slot.above and not is_usual):
        return None
    return "byline" if slot.kind == "by" or len(bylines) > len(names) else _kind_of_names(names)


def _kind_of_names(names: Sequence[str]) -> str | None:
    others = [name for name in names if not is_section(name)]
    if any(is_press(name) for name in others):
        return "source"
    if sum(is_section(name) for name in names) >= _MOST * len(names):
        return "section"
    # A person has two names: `Reuters`, `CityEcho` are papers.
    if any(is_one_word_site(name) or len(name.split()) == 1 for name in others):
        return "source"
    return "byline" if all(is_name(name) for name in names) else None


def is_short_name(line: str) -> bool:
    """Whether a line is a name and no more: `Deutsche Welle`, `France 24`."""
    return len(line.split()) <= _MAX_NAME_WORDS and is_label(line) and line[:1].isalnum()
