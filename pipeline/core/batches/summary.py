"""What is said of one labelled batch. All of it is plain: `dataclasses.asdict` gives its JSON.

Shares and mixes are of distinct articles (`is_canonical`), so that copies weigh nothing; what is
compared with training is compared with distinct articles there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pipeline.core.batches.intervals import Change, Share
from pipeline.core.batches.reasons import Kind

#: Raised whenever a reader of the JSON would have to change.
SCHEMA = "batch/1"
#: Quantiles that a `Spread` holds.
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)

Size = Literal["none", "chance", "small", "moderate", "large"]
Advice = Literal["retrain", "look", "keep", "too few", "no comparison"]


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """One theme (or `unknown`) in the batch and in training.

    `n_articles` counts copies as well. `median_probability` is of all its articles, None for
    `unknown` and for none. `training` is its share there; None where that is not known.
    """

    theme_id: str
    name: str
    n_articles: int
    share: Share
    median_probability: float | None
    training: float | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """Distinct unknown articles of one kind of reason."""

    kind: Kind
    words: str
    n: int


@dataclass(frozen=True, slots=True)
class Distance:
    """How far two mixes are apart: Jensen-Shannon distance, base 2, in [0, 1]; 0 = equal.

    `low` to `high` is its 95 % interval; a batch of this size that was drawn from training would
    exceed `by_chance` once in twenty times.
    """

    value: float
    low: float
    high: float
    by_chance: float
    size: Size


@dataclass(frozen=True, slots=True)
class MixRow:
    """One language or source; `training` is its share there, None where that is not known."""

    name: str
    n: int
    share: float
    training: float | None


@dataclass(frozen=True, slots=True)
class Spread:
    """Values at `QUANTILES` in the batch and in training; empty where there are none."""

    batch: tuple[float, ...]
    training: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One comparison with training, in a sentence; `drifted` where the effect is notable."""

    subject: str
    drifted: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do, why, and what was looked at."""

    advice: Advice
    sentence: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CandidateNote:
    """A candidate of an emerging theme, in short; candidates.json holds the whole."""

    candidate_id: str
    name: str
    n_articles: int
    n_sources: int
    n_batches: int
    growth: float
    first_seen: str | None
    last_seen: str | None


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """All that is said of one batch.

    `n_seen_before` counts articles (copies included) whose content an earlier batch held. Days
    are ISO dates as the pages state them. `novel` is the share that is more novel than 95 % of
    training; `new_sources` that of sources unknown there, among articles with a source; both None
    without a comparison. `n_compared` unknown articles, of this batch and recent ones, were looked
    through for candidates; `n_left_out` were not, being too many or without a vector.
    """

    schema_version: str
    batch_id: str
    model_version: str
    n_articles: int
    n_distinct: int
    n_copies: int
    n_seen_before: int
    n_rejected: int
    unknown: Share
    unknown_change: Change | None
    unknown_reasons: tuple[ReasonCount, ...]
    themes: tuple[ThemeCount, ...]
    label_distance: Distance | None
    novelty: Spread
    novel: Share | None
    languages: tuple[MixRow, ...]
    new_languages: Share | None
    sources: tuple[MixRow, ...]
    n_sources: int
    new_sources: Share | None
    n_words: Spread
    first_day: str | None
    last_day: str | None
    n_undated: int
    candidates: tuple[CandidateNote, ...]
    n_compared: int
    n_left_out: int
    n_batches: int
    verdict: Verdict
