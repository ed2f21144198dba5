"""What is said of a batch on a terminal: the rows of a table, and lines below it."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.batches.summary import BatchSummary

#: Candidates named on the terminal; themes without an article are left out there.
_MAX_CANDIDATES = 5
COLUMNS = ("Theme", "Articles", "Share", "In training", "Median probability")


def title_of(summary: BatchSummary) -> str:
    """`120 articles labelled, 114 distinct`."""
    noun = "article" if summary.n_articles == 1 else "articles"
    return f"{summary.n_articles} {noun} labelled, {summary.n_distinct} distinct"


def theme_rows(summary: BatchSummary) -> list[tuple[str, int, str, str, str]]:
    """One row for each theme that has an article; the columns are `COLUMNS`."""
    return [
        (
            theme.name,
            theme.n_articles,
            f"{theme.share.value:.1%}",
            "" if theme.training is None else f"{theme.training:.1%}",
            "" if theme.median_probability is None else f"{theme.median_probability:.2f}",
        )
        for theme in summary.themes
        if theme.n_articles
    ]


def lines_of(summary: BatchSummary) -> list[str]:
    """What stands below the table: unknown, copies, the verdict, candidates."""
    lines = [_unknown(summary)]
    counts = [
        (summary.n_copies, "copies within the batch"),
        (summary.n_seen_before, "labelled in an earlier batch"),
        (summary.n_rejected, "set aside (see the .rejected.jsonl file)"),
    ]
    said = [f"{n} {what}" for n, what in counts if n]
    if said:
        lines.append(f"{'; '.join(said)}.")
    lines.append(summary.verdict.sentence)
    lines += [f"  {f.sentence}" for f in summary.verdict.findings if f.drifted]
    lines += _candidates(summary)
    return lines


def _unknown(summary: BatchSummary) -> str:
    share = summary.unknown
    if not share.of:
        return "No article."
    reasons = ", ".join(f"{r.n} {r.words}" for r in summary.unknown_reasons)
    before = next((t.training for t in summary.themes if t.theme_id == "unknown"), None)
    compared = "" if before is None else f"; in training {before:.1%}"
    return (
        f"Unknown: {share.n} of {share.of} distinct, {share.value:.1%} (95 % interval "
        f"{share.low:.1%} to {share.high:.1%}{compared}){': ' if reasons else ''}{reasons}."
    )


def _candidates(summary: BatchSummary) -> Sequence[str]:
    shown = summary.candidates[:_MAX_CANDIDATES]
    lines = [
        f"  {c.candidate_id}  {c.name} ({c.n_articles} articles, "
        f"{f'{c.n_sources} sources' if c.n_sources else 'source not stated'})"
        for c in shown
    ]
    n_more = len(summary.candidates) - len(shown)
    return [*lines, f"  and {n_more} more: newsthemes themes candidates"] if n_more else lines
