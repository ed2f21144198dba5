"""Counts of a batch and the profile of training → what is said of the batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.batches.drift import distance_between, profile_quantiles, quantiles_of
from pipeline.core.batches.intervals import Share, change_of, share_of
from pipeline.core.batches.reasons import KINDS, WORDS
from pipeline.core.batches.summary import (
    SCHEMA,
    BatchSummary,
    CandidateNote,
    MixRow,
    ReasonCount,
    Spread,
    ThemeCount,
)
from pipeline.core.batches.tally import SCALE, Tally
from pipeline.core.batches.verdict import (
    find_languages,
    find_lengths,
    find_mix,
    find_novel,
    find_sources,
    find_unknown,
    judge,
)
from pipeline.records import UNKNOWN, TrainingProfile

#: Rows of a table of languages or sources.
_MAX_ROWS = 12
_DIGITS = 4
#: Place of the 95 % quantile in a profile.
_NINETY_FIVE = 19


@dataclass(frozen=True, slots=True)
class Unknowns:
    """Candidates found in `n_compared` unknown articles of `n_batches`; see `BatchSummary`."""

    candidates: tuple[CandidateNote, ...]
    n_compared: int
    n_left_out: int
    n_batches: int


def summarise(
    tally: Tally,
    profile: TrainingProfile | None,
    *,
    batch_id: str,
    n_rejected: int,
    names: Mapping[str, str],
    unknowns: Unknowns,
    n_resamples: int,
    seed: int,
) -> BatchSummary:
    """Say what a batch holds, what drifted and what to do.

    Parameters
    ----------
    tally : Tally
        Of the whole batch.
    profile : TrainingProfile or None
        None for a model that does not say what it was trained on.
    names : mapping
        Name of each theme of the model by id, so that themes without an article are named too.
    unknowns : Unknowns
        What was found among the unknown.
    n_resamples, seed
        Of the bootstrap.
    """
    unknown = share_of(tally.themes[UNKNOWN], tally.n_distinct)
    labels = dict(profile.labels) if profile else {}
    before = share_of(labels.get(UNKNOWN, 0), sum(labels.values()))
    unknown_change = change_of(unknown, before) if labels and tally.n_distinct else None
    distance = distance_between(tally.themes, labels, n_resamples=n_resamples, seed=seed)
    themes = _themes(tally, labels, names)
    novel = _novel(tally, profile)
    words = Spread(
        quantiles_of(tally.n_words), profile_quantiles(profile.n_words if profile else ())
    )
    new_languages = _new(tally.languages, dict(profile.languages) if profile else {}, 0)
    new_sources = _new(
        tally.sources, dict(profile.sources) if profile else {}, tally.n_other_sources
    )
    found = (
        find_unknown(unknown, unknown_change),
        find_novel(novel),
        find_mix(distance, themes),
        find_languages(new_languages),
        find_sources(new_sources),
        find_lengths(words),
    )
    findings = [finding for finding in found if finding is not None]
    return BatchSummary(
        schema_version=SCHEMA,
        batch_id=batch_id,
        model_version=tally.model_version,
        n_articles=tally.n_articles,
        n_distinct=tally.n_distinct,
        n_copies=tally.n_articles - tally.n_distinct,
        n_seen_before=tally.n_seen_before,
        n_rejected=n_rejected,
        unknown=unknown,
        unknown_change=unknown_change,
        unknown_reasons=tuple(
            ReasonCount(kind, WORDS[kind], tally.reasons[kind])
            for kind in KINDS
            if tally.reasons[kind]
        ),
        themes=themes,
        label_distance=distance,
        novelty=Spread(
            quantiles_of(tally.novelty, SCALE),
            profile_quantiles(profile.novelty if profile else ()),
        ),
        novel=novel,
        languages=_rows(tally.languages, profile.languages if profile else None, 0),
        new_languages=new_languages,
        sources=_rows(tally.sources, profile.sources if profile else None, tally.n_other_sources),
        n_sources=len(tally.sources),
        new_sources=new_sources,
        n_words=words,
        first_day=tally.first_day,
        last_day=tally.last_day,
        n_undated=tally.n_undated,
        candidates=unknowns.candidates,
        n_compared=unknowns.n_compared,
        n_left_out=unknowns.n_left_out,
        n_batches=unknowns.n_batches,
        verdict=judge(
            findings, tally.n_distinct, unknowns.candidates, has_profile=profile is not None
        ),
    )


def _themes(
    tally: Tally, training: Mapping[str, int], names: Mapping[str, str]
) -> tuple[ThemeCount, ...]:
    """One row for each theme of the batch, the model or training: commonest first."""
    in_training = sum(training.values())
    counts = []
    for theme in sorted({*tally.all_themes, *training, *names}):
        share = share_of(tally.themes[theme], tally.n_distinct)
        there = share_of(training.get(theme, 0), in_training)
        counts.append(
            ThemeCount(
                theme_id=theme,
                name=tally.names.get(theme) or names.get(theme) or theme,
                n_articles=tally.all_themes[theme],
                share=share,
                median_probability=_median(tally.probability.get(theme, Counter())),
                training=there.value if in_training else None,
                change=change_of(share, there) if in_training and tally.n_distinct else None,
            )
        )
    return tuple(sorted(counts, key=lambda count: (-count.n_articles, count.theme_id)))


def _median(counts: Counter[int]) -> float | None:
    found = quantiles_of(counts, SCALE)
    return found[3] if found else None


def _novel(tally: Tally, profile: TrainingProfile | None) -> Share | None:
    if profile is None or not profile.novelty or not tally.n_distinct:
        return None
    limit = round(profile.novelty[_NINETY_FIVE] * SCALE)
    above = sum(n for value, n in tally.novelty.items() if value > limit)
    return share_of(above, tally.n_distinct)


def _new(counts: Counter[str], training: Mapping[str, int], n_other: int) -> Share | None:
    """Share of what training does not have; None where training names none."""
    total = counts.total() + n_other
    if not training or not total:
        return None
    new = sum(n for name, n in counts.items() if name not in training)
    return share_of(new + n_other, total)


def _rows(
    counts: Counter[str], training: Sequence[tuple[str, int]] | None, n_other: int
) -> tuple[MixRow, ...]:
    """The commonest in the batch, the rest in one row."""
    there = dict(training or ())
    total, in_training = counts.total() + n_other, sum(there.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))

    def row(name: str, n: int, before: int) -> MixRow:
        training_share = round(before / in_training, _DIGITS) if in_training else None
        return MixRow(name, n, round(n / total, _DIGITS), training_share)

    rows = [row(name, n, there.get(name, 0)) for name, n in ordered[:_MAX_ROWS]]
    n_rest = sum(n for _, n in ordered[_MAX_ROWS:]) + n_other
    if n_rest:
        shown = {name for name, _ in ordered[:_MAX_ROWS]}
        others = sum(n for name, n in there.items() if name not in shown)
        n_names = len(ordered) - _MAX_ROWS
        number = f"more than {n_names}" if n_other else str(n_names)
        rows.append(row(f"{number} others", n_rest, others))
    return tuple(rows)
