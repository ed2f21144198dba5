"""Counts over a batch of any size, taken block by block: memory grows with what differs only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.core.batches.reasons import Kind, kind_of
from pipeline.core.report.timelines import day_of
from pipeline.records import UNKNOWN

#: Columns that the two files of a batch are read for.
LABELLED_COLUMNS = (
    "published", "source", "theme", "theme_name", "probability", "novelty", "reason",
    "is_canonical", "seen_before", "model_version",
)  # fmt: skip
ARTICLE_COLUMNS = ("language", "n_words", "is_canonical")
#: Probabilities and novelty have four digits, so that counts of them lose nothing.
SCALE = 10_000
#: Different sources that are counted by name; further ones are counted together.
_MAX_SOURCES = 20_000


@dataclass(slots=True, eq=False)
class Tally:
    """What was counted so far. Counters without `all_` are of distinct articles.

    `novelty` and each of `probability` count whole numbers, `SCALE` times the value.
    """

    n_articles: int = 0
    n_distinct: int = 0
    n_seen_before: int = 0
    n_undated: int = 0
    first_day: str | None = None
    last_day: str | None = None
    model_version: str = ""
    names: dict[str, str] = field(default_factory=dict)
    all_themes: Counter[str] = field(default_factory=Counter)
    themes: Counter[str] = field(default_factory=Counter)
    probability: dict[str, Counter[int]] = field(default_factory=dict)
    reasons: Counter[Kind] = field(default_factory=Counter)
    novelty: Counter[int] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    n_other_sources: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    n_words: Counter[int] = field(default_factory=Counter)

    def add_labelled(self, block: pa.Table) -> None:
        """Count a block of labelled rows; needs `LABELLED_COLUMNS`."""
        for row in block.select(list(LABELLED_COLUMNS)).to_pylist():
            theme = row["theme"]
            self.n_articles += 1
            self.n_seen_before += row["seen_before"] is not None
            self.model_version = row["model_version"]
            self.all_themes[theme] += 1
            self.names[theme] = row["theme_name"]
            self._note_day(row["published"])
            if theme != UNKNOWN:
                of_theme = self.probability.setdefault(theme, Counter())
                of_theme[round(row["probability"] * SCALE)] += 1
            if not row["is_canonical"]:
                continue
            self.n_distinct += 1
            self.themes[theme] += 1
            self.novelty[round(row["novelty"] * SCALE)] += 1
            self._note_source(row["source"])
            if theme == UNKNOWN:
                self.reasons[kind_of(row["reason"])] += 1

    def add_articles(self, block: pa.Table) -> None:
        """Count a block of articles; needs `ARTICLE_COLUMNS`."""
        for row in block.select(list(ARTICLE_COLUMNS)).to_pylist():
            if row["is_canonical"]:
                self.n_words[row["n_words"]] += 1
                if row["language"]:
                    self.languages[row["language"]] += 1

    def _note_day(self, published: str | None) -> None:
        found = day_of(published)
        if found is None:
            self.n_undated += 1
            return
        day = found.isoformat()
        self.first_day = min(self.first_day or day, day)
        self.last_day = max(self.last_day or day, day)

    def _note_source(self, source: str | None) -> None:
        if not source:
            return
        if source in self.sources or len(self.sources) < _MAX_SOURCES:
            self.sources[source] += 1
        else:
            self.n_other_sources += 1
