"""What people wrote into a review file → labels, or why a row cannot be used."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.core.review.queue import RANDOM
from pipeline.records import UNKNOWN, Label

_THEME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_CONTENT = re.compile(r"[0-9a-f]{8,64}")
#: What people write to say that the suggestion is right.
_CONFIRMING = frozenset({"=", "ok", "same", "yes", "✓"})


@dataclass(frozen=True, slots=True)
class Given:
    """One row as people left it; `place` says where it stands. `suggested` is a theme id."""

    place: str
    content_id: str
    theme: str
    annotator: str
    note: str
    suggested: str
    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be used: its index among those given, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A row of the random sample: the answer that was suggested, and what a person said."""

    annotator: str
    suggested: str
    theme: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a review file says.

    `labels` are sorted; `new_themes` are ids that were not known; `n_empty` rows have no theme,
    `n_repeated` say again what stood above.
    """

    labels: tuple[Label, ...]
    refused: tuple[Refused, ...]
    checked: tuple[Checked, ...]
    new_themes: tuple[str, ...]
    n_empty: int
    n_repeated: int


@dataclass(frozen=True, slots=True)
class KnownThemes:
    """Themes that may be named: id → name; `owners` maps merged ids → the theme they are part of.

    `UNKNOWN` may always be named.
    """

    names: Mapping[str, str]
    owners: Mapping[str, str]

    def find(self, given: str) -> list[str]:
        """Ids that `given` may mean: an id, or a name in any case; at most one for an id."""
        plain = " ".join(given.split())
        for wanted in (plain, plain.casefold()):
            if wanted in self.owners:
                return [self.owners[wanted]]
            if wanted in self.names or wanted == UNKNOWN:
                return [wanted]
        folded = plain.casefold()
        named = {
            self.owners.get(i, i) for i, name in self.names.items() if name.casefold() == folded
        }
        return sorted(named)

    def closest(self, given: str) -> str | None:
        """Id of the theme whose id or name is most like `given`, if any is."""
        words = {name.casefold(): theme for theme, name in sorted(self.names.items())}
        words |= {theme: theme for theme in [*sorted(self.names), UNKNOWN]}
        close = difflib.get_close_matches(given.casefold(), list(words), n=1, cutoff=0.6)
        return words[close[0]] if close else None


def decide(
    rows: Sequence[Given],
    themes: KnownThemes,
    *,
    annotator: str | None = None,
    allow_new: bool = False,
) -> Decisions:
    """Check each row by itself; a bad one never costs a good one.

    Parameters
    ----------
    rows : Sequence[Given]
        In the order of the file.
    themes : KnownThemes
        What a theme may be: by id, or by a name that is of one theme alone.
    annotator : str, optional
        Stands in where a row names none.
    allow_new : bool
        Whether an id that is not known makes a new theme; otherwise it counts as a slip.
    """
    labels: dict[tuple[str, str], tuple[Label, str]] = {}
    refused: list[Refused] = []
    checked: list[Checked] = []
    n_empty = n_repeated = 0
    for number, row in enumerate(rows):
        if not row.theme:
            n_empty += 1
            continue
        who = row.annotator or annotator or ""
        theme, reason = _theme_of(row, themes, allow_new=allow_new)
        reason = _fault_of(row, who) or reason
        known = labels.get((row.content_id, who))
        if not reason and known and known[0].theme != theme:
            reason = (
                f"'{who}' says '{theme}' of c-{row.content_id} here, and '{known[0].theme}' in "
                f"{known[1]}; keep one"
            )
        if reason:
            refused.append(Refused(number, reason))
        elif known:
            n_repeated += 1
        else:
            labels[row.content_id, who] = Label(row.content_id, theme, who, row.note), row.place
            if RANDOM in (part.strip() for part in row.why.split(";")) and row.suggested:
                checked.append(Checked(who, row.suggested, theme))
    said = [label for label, _ in labels.values()]
    return Decisions(
        labels=tuple(sorted(said, key=lambda label: (label.content_id, label.annotator))),
        refused=tuple(refused),
        checked=tuple(checked),
        new_themes=tuple(sorted({label.theme for label in said if not themes.find(label.theme)})),
        n_empty=n_empty,
        n_repeated=n_repeated,
    )


def _fault_of(row: Given, who: str) -> str:
    if not _CONTENT.fullmatch(row.content_id):
        return (
            f"content_id '{row.content_id}' is none of ours; copy it as it was exported (c- and "
            "letters and digits)"
        )
    return "" if who else "no annotator; fill in the column, or give --annotator NAME"


def _theme_of(row: Given, themes: KnownThemes, *, allow_new: bool) -> tuple[str, str]:
    """Theme id that is meant, and what is wrong with it (nothing: empty)."""
    found = themes.find(row.theme)
    if len(found) == 1:
        return found[0], ""
    if found:
        return "", f"'{row.theme}' may be {', '.join(found)}; write the id"
    if row.theme.strip().casefold() in _CONFIRMING:
        return _confirmed(row, themes)
    if allow_new and _THEME.fullmatch(row.theme):
        return row.theme, ""
    closest = themes.closest(row.theme)
    meant = f"did you mean '{closest}'? " if closest else ""
    if allow_new:
        return "", (f"'{row.theme}' is no theme id; {meant}use small letters, digits and hyphens")
    return "", (
        f"no theme '{row.theme}'; {meant}ids stand in the file of themes beside the review file; "
        "a new one needs --new-themes"
    )


def _confirmed(row: Given, themes: KnownThemes) -> tuple[str, str]:
    found = themes.find(row.suggested)
    if len(found) == 1:
        return found[0], ""
    return "", f"'{row.theme}' confirms a suggestion, but there is none; write the theme"


@dataclass(frozen=True, slots=True)
class Merged:
    """Labels after an import, sorted by content id and annotator.

    `replaced` pairs the label that was there with the one that took its place; `n_same` said what
    was there already.
    """

    labels: tuple[Label, ...]
    n_added: int
    replaced: tuple[tuple[Label, Label], ...]
    n_same: int


def merge_labels(present: Iterable[Label], new: Sequence[Label]) -> Merged:
    """Add labels; one of the same annotator and content takes the place of the old one.

    A new label without a note keeps the note of the old one where the theme is the same.
    """
    labels = {(label.content_id, label.annotator): label for label in present}
    before = dict(labels)
    replaced = []
    n_same = 0
    for label in new:
        key = (label.content_id, label.annotator)
        old = before.get(key)
        if old and old.theme == label.theme and label.note in ("", old.note):
            n_same += 1
            continue
        if old:
            replaced.append((old, label))
        labels[key] = label
    n_added = sum(key not in before for key in labels)
    return Merged(tuple(labels[key] for key in sorted(labels)), n_added, tuple(replaced), n_same)


def count_labels(labels: Sequence[Label]) -> dict[str, dict[str, int]]:
    """Theme → annotator → how many labels, both sorted."""
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for label in sorted(labels, key=lambda label: (label.theme, label.annotator)):
        counts[label.theme][label.annotator] += 1
    return {theme: dict(by) for theme, by in counts.items()}
