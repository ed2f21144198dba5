"""What drifted, in plain words, and whether to retrain.

An effect counts where its whole interval is beyond what matters, not where it merely differs from
zero: of 100,000 articles everything does.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.batches.intervals import Change, Share
from pipeline.core.batches.summary import (
    CandidateNote,
    Distance,
    Finding,
    Spread,
    ThemeCount,
    Verdict,
)

#: Distinct articles below which chance alone explains most of what one sees.
MIN_TO_TELL = 30
#: What matters: more unknown articles than in training, articles more novel than 95 % of training
#: (5 % would be by definition), articles in new languages, and from new sources; as shares.
_UNKNOWN, _NOVEL, _LANGUAGE, _SOURCES = 0.05, 0.10, 0.02, 0.30
#: How many times longer or shorter the median article is.
_LENGTH = 2.0
_MEDIAN = 3  # its place in a `Spread`
_N_MOVERS = 3


def find_unknown(unknown: Share, change: Change | None) -> Finding | None:
    """Compare the share of unknown articles with training's."""
    if change is None:
        return None
    more = "more" if change.value >= 0 else "fewer"
    sentence = (
        f"{_percent(unknown.value)} are unknown: {100 * abs(change.value):.1f} points {more} than "
        f"in training (95 % interval {100 * change.low:+.1f} to {100 * change.high:+.1f})."
    )
    return Finding("unknown", change.low >= _UNKNOWN, sentence)


def find_novel(novel: Share | None) -> Finding | None:
    """Compare novelty with training's."""
    if novel is None:
        return None
    sentence = (
        f"{_percent(novel.value)} ({_range(novel)}) are more novel than 95 % of training; "
        "5 % would be as in training."
    )
    return Finding("novelty", novel.low >= _NOVEL, sentence)


def find_mix(distance: Distance | None, themes: Sequence[ThemeCount]) -> Finding | None:
    """Compare the mix of themes, unknown among them, with training's; name what moved most."""
    if distance is None:
        return None
    by_chance = f"a batch of this size reaches {distance.by_chance:.2f} by chance"
    if distance.size in {"none", "chance"}:
        said = (
            f"The mix of themes is as in training, as far as one can tell: distance "
            f"{distance.value:.2f}; {by_chance}."
        )
    else:
        said = (
            f"The mix of themes has moved: a {distance.size} shift, distance {distance.value:.2f} "
            f"({distance.low:.2f} to {distance.high:.2f}); {by_chance}.{_movers(themes)}"
        )
    return Finding("themes", distance.size in {"moderate", "large"}, said)


def _movers(themes: Sequence[ThemeCount]) -> str:
    """The themes that gained or lost most, where their whole interval says so."""
    moved = [
        (theme.change, theme.name)
        for theme in themes
        if theme.change and (theme.change.low > 0 or theme.change.high < 0)
    ]
    moved.sort(key=lambda pair: (-abs(pair[0].value), pair[1]))
    named = ", ".join(
        f"{name} {100 * change.value:+.1f} points" for change, name in moved[:_N_MOVERS]
    )
    return f" Most: {named}." if named else ""


def find_languages(new: Share | None) -> Finding | None:
    """Look for languages that training does not have."""
    if new is None or not new.n:
        return None
    said = f"{_percent(new.value)} ({_range(new)}) are in languages that training does not have."
    return Finding("languages", new.low >= _LANGUAGE, said)


def find_sources(new: Share | None) -> Finding | None:
    """Look for sources that training does not have."""
    if new is None or not new.of:
        return None
    said = f"{_percent(new.value)} ({_range(new)}) come from sources that training does not have."
    return Finding("sources", new.low >= _SOURCES, said)


def find_lengths(words: Spread) -> Finding | None:
    """Compare the median length with training's."""
    if not words.batch or not words.training or not words.training[_MEDIAN]:
        return None
    ours, theirs = words.batch[_MEDIAN], words.training[_MEDIAN]
    ratio = ours / theirs
    said = f"The median article has {ours:g} words; in training it has {theirs:g}."
    return Finding("lengths", not 1 / _LENGTH <= ratio <= _LENGTH, said)


def judge(
    findings: Sequence[Finding],
    n_distinct: int,
    candidates: Sequence[CandidateNote],
    *,
    has_profile: bool,
) -> Verdict:
    """Say what to do.

    A retrain is advised where articles no longer fit: more of them are unknown, or novel. A mix
    that has merely moved between known themes asks for a look, as do new sources, languages and
    lengths: themes are found in them as well as ever, or their pages were read wrongly.
    """
    drifted = {finding.subject for finding in findings if finding.drifted}
    if n_distinct < MIN_TO_TELL:
        seen = "no article" if not n_distinct else f"{n_distinct} distinct"
        return Verdict(
            "too few",
            f"Too few to tell ({seen}; from {MIN_TO_TELL} on drift can be told from chance). "
            f"The labels stand.{_emerging(candidates)}",
            tuple(findings),
        )
    if not has_profile:
        return Verdict(
            "no comparison",
            "This model does not say what it was trained on, so nothing can be compared: train "
            f"again with dvc repro.{_emerging(candidates)}",
            tuple(findings),
        )
    if drifted & {"unknown", "novelty"}:
        why = " and ".join(
            words
            for subject, words in (("unknown", "more are unknown"), ("novelty", "more are novel"))
            if subject in drifted
        )
        language = (
            " Some are in new languages: the model learns them only from scrapes in them."
            if "languages" in drifted
            else ""
        )
        sentence = (
            f"Retrain: articles no longer fit what the model knows ({why} than in training). Add "
            f"these scrapes to data/raw and run dvc repro.{language}{_emerging(candidates)}"
        )
        return Verdict("retrain", sentence, tuple(findings))
    if drifted or candidates:
        return Verdict("look", _look(drifted, candidates), tuple(findings))
    return Verdict(
        "keep", "No need to retrain: the batch is like what the model knows.", tuple(findings)
    )


def _look(drifted: set[str], candidates: Sequence[CandidateNote]) -> str:
    parts = []
    if "themes" in drifted:
        parts.append(
            " The mix of themes has moved, but the articles fit as well as before. Label a sample "
            "(newsthemes review export) to see whether the labels still hold."
        )
    other = [name for name in ("languages", "sources", "lengths") if name in drifted]
    if other:
        parts.append(
            f" Different from training: {', '.join(other)}. Look at a few articles before you "
            "rely on their labels."
        )
    return f"No need to retrain yet.{''.join(parts)}{_emerging(candidates)}"


def _emerging(candidates: Sequence[CandidateNote]) -> str:
    if not candidates:
        return ""
    groups = "1 group" if len(candidates) == 1 else f"{len(candidates)} groups"
    return (
        f" {groups} of unknown articles may be an emerging theme: see newsthemes themes "
        "candidates; newsthemes themes accept puts one into the catalogue for the next retrain."
    )


def _range(share: Share) -> str:
    return f"95 % interval {_percent(share.low)} to {_percent(share.high)}"


def _percent(value: float) -> str:
    return f"{value:.1%}"
