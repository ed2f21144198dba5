"""Themes as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from pipeline.core.report.theme_cards import ThemeCard

COLUMNS = (
    "number",
    "theme",
    "name",
    "status",
    "n_articles",
    "n_distinct",
    "n_stories",
    "share",
    "first_seen",
    "last_seen",
    "n_undated",
    "one_source",
    "one_source_share",
    "keywords",
)
# A spreadsheet takes a cell that starts so for a formula, and would run it (OWASP ASVS 1.2.10).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def write_theme_table(cards: Sequence[ThemeCard]) -> str:
    r"""Write one CSV line for each theme, in reading order, below a line of column names.

    Lines end in `\n`. A text that a spreadsheet would take for a formula gets a leading `'`.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for card in cards:
        writer.writerow(
            (
                card.mark.number,
                _inert(card.theme_id),
                _inert(card.name),
                "catalogued" if card.is_catalogued else "provisional",
                card.n_articles,
                card.n_distinct,
                card.n_stories,
                round(card.share, 4),
                card.first_seen or "",
                card.last_seen or "",
                card.n_undated,
                _inert(card.top_source or "") if card.one_source is not None else "",
                "" if card.one_source is None else round(card.one_source, 4),
                _inert("; ".join(card.keywords)),
            )
        )
    return stream.getvalue()


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
