"""What `newsthemes review` prints: what was exported, what came back, how things stand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.core.labels.holdout import is_held_out
from pipeline.core.review.agreement import Agreement, find_conflicts, measure_agreement, rate_of
from pipeline.core.review.decisions import Checked, Decisions, Merged, count_labels
from pipeline.core.review.queue import Queued
from pipeline.desks.review_desk import ReviewDesk
from pipeline.desks.review_pool import find_label_errors
from pipeline.errors import ContractError
from pipeline.io.command import say
from pipeline.io.label_studio import config_beside
from pipeline.io.params import Params
from pipeline.io.progress import counted
from pipeline.io.review_files import rejected_beside, themes_beside
from pipeline.io.terminal import show_lines, show_table
from pipeline.records import UNKNOWN

_N_CONFLICTS = 20


def tell_export(out: Path, rows: Sequence[Queued]) -> None:
    """Say what is in a review file."""
    reasons = Counter(reason for row in rows for reason in row.why)
    listed = ", ".join(f"{n} {reason}" for reason, n in reasons.items())
    say(f"review: {counted(len(rows), 'article')} in {out} ({listed or 'nothing left to check'})")
    if out.suffix.lower() == ".json":
        say(f"labelling configuration for Label Studio: {config_beside(out)}")
        say(f"then: newsthemes review import EXPORT.json (of {out.name}, exported as JSON)")
    else:
        say(f"fill in the column theme: an id or a name of {themes_beside(out)}, or ok")
        say(f"then: newsthemes review import {out}")


def tell_import(
    desk: ReviewDesk, path: Path, decisions: Decisions, merged: Merged, *, dry_run: bool
) -> None:
    """Say what became of a review file: on standard output what was learnt, else what was done."""
    would = "would be " if dry_run else ""
    say(
        f"review: {counted(merged.n_added, 'label')} {would}added, {len(merged.replaced)} "
        f"{would}replaced, {merged.n_same} as before; {decisions.n_empty} without a theme, "
        f"{decisions.n_repeated} repeated, {len(decisions.refused)} refused"
    )
    for old, new in merged.replaced:
        say(f"replaced: c-{new.content_id} by {new.annotator}: {old.theme} -> {new.theme}")
    for theme in decisions.new_themes:
        say(f"new theme: {theme}")
    if decisions.refused and not dry_run:
        say(f"set aside: {rejected_beside(path)}; mend it there and import that file")
    foreign = [label for label in decisions.labels if label.content_id not in desk.groups]
    if foreign:
        say(
            f"{counted(len(foreign), 'label')} of articles that are not in the corpus: kept; put "
            "the scrapes into data/raw and run dvc repro, so that they are learnt from"
        )
    votes = desk.votes(merged.labels)
    groups = {desk.groups.get(label.content_id, label.content_id) for label in decisions.labels}
    show_lines(_rate_lines(decisions.checked))
    show_lines([_agreement_line(measure_agreement(votes))])
    show_lines(_conflict_lines({g: said for g, said in votes.items() if g in groups}))
    if decisions.labels and not dry_run:
        say(f"written: {desk.paths.labels}; run dvc repro to learn from it")


def show_status(desk: ReviewDesk, params: Params, *, as_json: bool) -> None:
    """Print how much is labelled, by whom, how far people agree, and what looks wrong."""
    labels = desk.labels()
    votes = desk.votes(labels)
    agreement = measure_agreement(votes)
    n_groups = len(set(desk.groups.values()))
    labelled = set(votes) & set(desk.groups.values())
    share = params.train.holdout_share
    held_out = {
        desk.groups[label.content_id]
        for label in labels
        if label.content_id in desk.groups and is_held_out(label.content_id, share=share)
    }
    try:
        n_suspects: int | None = len(find_label_errors(desk.paths, params))
    except ContractError as error:
        say(f"suspected errors cannot be counted: {error}")
        n_suspects = None
    counts = count_labels(labels)
    people = sorted({label.annotator for label in labels})
    if as_json:
        _print_json(
            {
                "schema_version": 1,
                "n_labels": len(labels),
                "labels": counts,
                "n_groups": n_groups,
                "n_labelled_groups": len(labelled),
                "n_held_out_groups": len(held_out),
                "n_not_in_corpus": sum(label.content_id not in desk.groups for label in labels),
                "n_suspected_errors": n_suspects,
                "agreement": {
                    "coefficient": agreement.coefficient,
                    "annotators": agreement.annotators,
                    "n_shared": agreement.n_items,
                    "n_conflicts": agreement.n_conflicts,
                    "value": agreement.value,
                    "low": agreement.low,
                    "high": agreement.high,
                },
            }
        )
        return
    show_table("Labels", ("Theme", *people, "All"), [
        [theme, *(by.get(who, 0) for who in people), sum(by.values())]
        for theme, by in counts.items()
    ])  # fmt: skip
    share_labelled = f" ({len(labelled) / n_groups:.0%})" if n_groups else ""
    suspected = "not known" if n_suspects is None else str(n_suspects)
    show_lines(
        [
            f"articles of the corpus that are labelled: {len(labelled)} of {n_groups}"
            f"{share_labelled}, {len(held_out)} of them held out for evaluation",
            f"suspected errors: {suspected}",
            _agreement_line(agreement),
            *_conflict_lines(votes),
        ]
    )


def _rate_lines(checked: Sequence[Checked]) -> list[str]:
    """How often the suggestions of the random part were right, for each annotator."""
    lines = []
    for who in sorted({row.annotator for row in checked}):
        own = [row for row in checked if row.annotator == who]
        answered = [row for row in own if row.suggested != UNKNOWN]
        rate = rate_of(sum(row.suggested == row.theme for row in own), len(own))
        sure = rate_of(sum(row.suggested == row.theme for row in answered), len(answered))
        lines.append(
            f"random part ({who}): {rate.n_right} of {rate.n} suggestions right, "
            f"{rate.n_right / rate.n:.0%} (95 % interval {rate.low:.0%} to {rate.high:.0%})"
        )
        if answered:
            lines.append(
                f"  of those that name a theme: {sure.n_right} of {sure.n}, "
                f"{sure.n_right / sure.n:.0%} ({sure.low:.0%} to {sure.high:.0%})"
            )
    return lines


def _agreement_line(agreement: Agreement) -> str:
    if not agreement.n_items:
        return "agreement: no article has labels of two annotators"
    shared = (
        f"{counted(agreement.n_items, 'article')} labelled by two or more of "
        f"{', '.join(agreement.annotators)}; {counted(agreement.n_conflicts, 'conflict')}"
    )
    if agreement.value is None:
        return f"agreement: not defined, all labels are of one theme ({shared})"
    interval = f"{agreement.low:.2f} to {agreement.high:.2f}"
    return f"agreement: {agreement.coefficient} {agreement.value:.2f} ({interval}; {shared})"


def _conflict_lines(votes: dict[str, dict[str, str]]) -> list[str]:
    conflicts = find_conflicts(votes)
    lines = [
        f"conflict: c-{conflict.group}: "
        + ", ".join(f"{who} says {theme}" for who, theme in conflict.votes)
        for conflict in conflicts[:_N_CONFLICTS]
    ]
    if len(conflicts) > _N_CONFLICTS:
        lines.append(f"and {len(conflicts) - _N_CONFLICTS} more conflicts")
    return lines


def _print_json(value: Any) -> None:
    print(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False))  # noqa: T201
