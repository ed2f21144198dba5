"""What the commands on reviews do: hand articles to people, and take their answers back."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.core.labels.targets import readable_name
from pipeline.core.review.agreement import votes_by_group
from pipeline.core.review.decisions import (
    Decisions,
    Given,
    KnownThemes,
    Merged,
    decide,
    merge_labels,
)
from pipeline.core.review.queue import SUSPECTED, Queued, choose_rows
from pipeline.desks import review_pool
from pipeline.errors import InputError, TooManyRejected, UsageError
from pipeline.io import label_studio, review_files
from pipeline.io.catalogue import load_catalogue
from pipeline.io.command import say
from pipeline.io.files import check_writable
from pipeline.io.labels import edit_labels, load_labels
from pipeline.io.paths import Paths
from pipeline.io.progress import counted
from pipeline.io.review_files import ReturnedRow, ReviewRow
from pipeline.io.tables import read_rows, read_table
from pipeline.records import ARTICLES, UNKNOWN, Catalogue, Label, Theme


class ReviewDesk:
    """The project's labels and themes."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths

    @functools.cached_property
    def catalogue(self) -> Catalogue:
        """The catalogue as it is now."""
        return load_catalogue(self.paths.catalogue)

    def labels(self) -> list[Label]:
        """What people said so far."""
        return load_labels(self.paths.labels)

    @functools.cached_property
    def groups(self) -> dict[str, str]:
        """Content id → duplicate group, of the corpus; empty where there is none."""
        if not self.paths.articles.is_file():
            return {}
        table = read_table(self.paths.articles, ARTICLES)
        columns = (table.column(name).to_pylist() for name in ("content_id", "duplicate_group"))
        return dict(sorted(zip(*columns, strict=True)))

    def known_themes(self) -> KnownThemes:
        """Themes that an answer may name: catalogued, found, or named in a label before."""
        names = {label.theme: readable_name(label.theme) for label in self.labels()}
        if self.paths.themes.is_file():
            found = read_rows(self.paths.themes, Theme)
            names |= {theme.theme_id: theme.name for theme in found}
        names |= {theme.theme_id: theme.name for theme in self.catalogue.themes}
        names.pop(UNKNOWN, None)
        return KnownThemes(names, self.catalogue.owners)

    def listed_themes(self) -> dict[str, str]:
        """Id → name of what may be written into a review file, `unknown` among it."""
        themes = self.known_themes()
        own = {i: name for i, name in themes.names.items() if themes.owners.get(i, i) == i}
        return {**own, UNKNOWN: "none of these themes"}

    def votes(self, labels: Sequence[Label]) -> dict[str, dict[str, str]]:
        """What each annotator says of each duplicate group."""
        return votes_by_group(labels, self.groups, self.catalogue.owners)


def export_review(
    desk: ReviewDesk,
    pool: review_pool.Pool,
    out: Path,
    *,
    n: int,
    seed: int,
    novel: int,
    annotator: str | None,
) -> tuple[Queued, ...]:
    """Write what should be looked at next to `out`, .csv or .json, and the themes beside it.

    Raises
    ------
    UsageError
        If the name of `out` says neither format.
    InputError
        If `out` holds answers, or cannot be written.
    """
    check_format(out)
    _spare_answers(out)
    check_writable(out)
    groups = {**desk.groups, **pool.groups}
    said = [label for label in desk.labels() if annotator in (None, label.annotator)]
    by_content = {suspect.content_id: suspect.given for suspect in pool.suspects}
    rows = choose_rows(
        pool.items,
        n,
        seed=seed,
        vectors=pool.vectors,
        novel=novel,
        suspects=[groups[suspect.content_id] for suspect in pool.suspects],
        done={groups.get(label.content_id, label.content_id) for label in said},
    )
    shown = [_shown(row, by_content) for row in rows]
    themes = desk.listed_themes()
    if out.suffix.lower() == ".json":
        label_studio.write_config(label_studio.config_beside(out), themes)
        label_studio.write_tasks(out, shown, pool.model_version)
    else:
        review_files.write_themes(review_files.themes_beside(out), themes)
        review_files.write_review(out, shown, annotator)
    return rows


def check_format(path: Path) -> None:
    """Refuse a name that is neither of a spreadsheet nor of Label Studio; UsageError."""
    if path.suffix.lower() not in {".csv", ".json"}:
        raise UsageError(
            f"{path}: format not known (got '{path.suffix or 'no ending'}'); end the name in .csv "
            "(spreadsheet) or .json (Label Studio)"
        )


def read_answers(path: Path) -> list[ReturnedRow]:
    """Rows of a review file that came back, .csv or .json; raises as its readers."""
    check_format(path)
    is_json = path.suffix.lower() == ".json"
    return label_studio.read_tasks(path) if is_json else review_files.read_review(path)


def import_review(
    desk: ReviewDesk, path: Path, *, annotator: str | None, allow_new: bool, dry_run: bool
) -> tuple[Decisions, Merged]:
    """Take the answers in `path` into labels.csv; bad rows are set aside beside `path`.

    Raises
    ------
    InputError
        If the file or labels.csv cannot be read, or not be written to.
    TooManyRejected
        If no row could be used.
    """
    returned = read_answers(path)
    word = "task" if path.suffix.lower() == ".json" else "line"
    decisions = decide(
        [_given(row, word) for row in returned],
        desk.known_themes(),
        annotator=annotator,
        allow_new=allow_new,
    )
    refused = [(returned[r.row], r.reason) for r in decisions.refused]
    for row, reason in refused:
        say(f"{path}: {word} {row.line}: {reason}")
    merged = merge_labels(desk.labels(), decisions.labels)
    if not dry_run:
        merged = _write(desk.paths.labels, decisions.labels)
        _set_aside(path, refused)
    if refused and not decisions.labels:
        raise TooManyRejected(
            f"{path}: none of {counted(len(refused), 'answer')} could be used; see the lines above"
        )
    return decisions, merged


def _write(path: Path, labels: Sequence[Label]) -> Merged:
    done: list[Merged] = []

    def change(present: list[Label]) -> Sequence[Label]:
        done.append(merge_labels(present, labels))
        return done[-1].labels

    edit_labels(path, change)
    return done[-1]


def _set_aside(path: Path, refused: Sequence[tuple[ReturnedRow, str]]) -> None:
    beside = review_files.rejected_beside(path)
    if refused:
        review_files.write_refused(beside, refused)
    else:
        beside.unlink(missing_ok=True)  # of an earlier try: it would mislead


def _given(row: ReturnedRow, word: str) -> Given:
    return Given(
        f"{word} {row.line}",
        row.content_id,
        row.theme,
        row.annotator,
        row.note,
        row.suggested_theme,
        row.why,
    )


def _shown(row: Queued, labelled_as: Mapping[str, str]) -> ReviewRow:
    item = row.item
    reasons = [
        f"{reason}: now {labelled_as[item.content_id]}" if reason == SUSPECTED else reason
        for reason in row.why
    ]
    return ReviewRow(
        content_id=item.content_id,
        title=item.title,
        text=item.text,
        published=item.published,
        source=item.source,
        suggested_theme=item.theme,
        suggested_name=item.theme_name,
        probability=item.probability,
        alternatives=item.alternatives,
        why="; ".join(reasons),
    )


def _spare_answers(out: Path) -> None:
    """Refuse to write over what people filled in."""
    if not out.exists():
        return
    try:
        is_filled = any(row.theme for row in read_answers(out))
    except InputError:
        is_filled = not _is_unanswered(out)
    if is_filled:
        raise InputError(
            f"{out}: holds answers, or is something else; import it first, or choose another name"
        )


def _is_unanswered(path: Path) -> bool:
    """Whether a file holds tasks as they were exported."""
    try:
        tasks = json.loads(path.read_bytes())
    except ValueError:
        return False
    return isinstance(tasks, list) and all(
        isinstance(task, dict) and "predictions" in task and "annotations" not in task
        for task in tasks
    )
