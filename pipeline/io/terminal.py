"""What was found, as tables for a person's terminal. Text from outside is printed inert."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from pipeline.io.progress import counted
from pipeline.records import Assignment, Theme

if TYPE_CHECKING:
    from rich.text import Text

_N_KEYWORDS = 5
#: What a terminal would obey instead of showing it.
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def show_themes(
    themes: Sequence[Theme], assignments: Sequence[Assignment], file: TextIO | None = None
) -> None:
    """Print a table of themes, largest first within each status, and how many are in none."""
    from rich.table import Table

    table = Table(title="Themes", title_justify="left", title_style="bold")
    for name in ("Theme", "Id"):
        table.add_column(name)
    for name in ("Articles", "Distinct", "Share"):
        table.add_column(name, justify="right")
    table.add_column("Top keywords")
    for theme in sorted(themes, key=lambda t: (t.status, -t.n_distinct, t.theme_id)):
        table.add_row(
            _inert(theme.name, style="bold" if theme.status == "catalogued" else ""),
            _inert(theme.theme_id),
            str(theme.n_articles),
            str(theme.n_distinct),
            f"{theme.share:.1%}",
            _inert(", ".join(theme.keywords[:_N_KEYWORDS])),
        )
    _print(table, file)
    n_none = sum(assignment.theme is None for assignment in assignments)
    share = n_none / max(1, len(assignments))
    articles = counted(len(assignments), "article")
    verb = "is" if n_none == 1 else "are"
    _print(f"{n_none} of {articles} ({share:.1%}) {verb} in no theme.", file)


def show_table(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | int]],
    file: TextIO | None = None,
) -> None:
    """Print rows below their columns; numbers stand to the right."""
    from rich.table import Table

    table = Table(title=_inert(title), title_justify="left", title_style="bold")
    for number, name in enumerate(columns):
        is_count = bool(rows) and all(isinstance(row[number], int) for row in rows)
        table.add_column(name, justify="right" if is_count else "left")
    for row in rows:
        table.add_row(*(_inert(str(cell)) for cell in row))
    _print(table, file)


def show_lines(lines: Sequence[str], file: TextIO | None = None) -> None:
    """Print lines of text as they are, but for what a terminal would obey."""
    for line in lines:
        _print(_inert(line), file)


def show_scores(scores: Mapping[str, Any], file: TextIO | None = None) -> None:
    """Print the classifier's scores on people's labels beside the baselines."""
    from rich.table import Table

    if "macro_f1" not in scores:
        _print("No labelled hold-out yet: label articles in data/labels.csv to get scores.", file)
        return
    table = Table(
        title=f"Classifier, on {scores['n_holdout']:g} held-out articles that people labelled",
        title_justify="left",
        title_style="bold",
    )
    table.add_column("Score")
    table.add_column("Value", justify="right")
    table.add_column("95 % interval", justify="right")
    for key, name in _SCORES.items():
        if key in scores:
            low, high = scores.get(f"{key}_low"), scores.get(f"{key}_high")
            interval = f"{low:.3f} to {high:.3f}" if low is not None and high is not None else ""
            table.add_row(name, f"{scores[key]:.3f}", interval)
    _print(table, file)


_SCORES = {
    "macro_f1": "macro-F1",
    "baseline_embedding_macro_f1": "  baseline: embedding + logistic regression",
    "baseline_tfidf_macro_f1": "  baseline: TF-IDF + logistic regression",
    "baseline_majority_macro_f1": "  baseline: largest theme",
    "accuracy": "accuracy",
    "coverage": "share answered",
    "accuracy_answered": "accuracy where answered",
    "ece": "calibration error",
    "ece_if_calibrated": "  by chance alone",
    "themes_ami": "themes against labels (AMI)",
}


def _inert(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(_CONTROLS.sub("\N{REPLACEMENT CHARACTER}", text), style=style)


def _print(what: object, file: TextIO | None) -> None:
    from rich.console import Console

    stream = file or sys.stdout
    width = None if stream.isatty() else 120
    Console(file=stream, width=width, highlight=False).print(what, markup=False)
