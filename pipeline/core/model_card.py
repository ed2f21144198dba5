"""What a person should know of a model before using it, on one page of Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.records import Article, Theme

#: Rows of the table of themes: the page must fit into one note of MLflow (8,000 characters).
MAX_THEMES = 40
_MAX_NAME_CHARS = 70

_USE = """\
## Use

Meant for sorting news articles into the themes above, with a person who reads the result. An
article that fits none of them, or fits several about equally, is answered `unknown` with a reason.

## Limits

- Themes come from the articles it was trained on: what is new in the news is `unknown` until the
  next retrain.
- Languages of the articles: {languages}. Other languages, headlines alone and other kinds of text
  are less certain than their probabilities say.
- It says what an article is about. It does not say whether the article is true, and it must not be
  used to judge the people or outlets that it names.
"""

_SCORES = (
    ("macro_f1", "Macro-F1"),
    ("accuracy", "Accuracy, unknown included"),
    ("accuracy_answered", "Accuracy where it answers"),
    ("coverage", "Share that gets a theme"),
    ("unknown_recall", "Unknown found"),
    ("ece", "Calibration error"),
    ("ece_if_calibrated", "Calibration error that chance alone would give"),
)


@dataclass(frozen=True, slots=True)
class ArticleCounts:
    """How many articles there are, how many are distinct, and what they span.

    `first` and `last` are ISO dates, None where no article states one; `languages` is sorted.
    """

    n_articles: int
    n_distinct: int
    n_sources: int
    first: str | None
    last: str | None
    languages: tuple[str, ...]


def count_articles(articles: Sequence[Article]) -> ArticleCounts:
    """Count what the model's articles are; their order changes nothing."""
    dates = [article.published for article in articles if article.published]
    return ArticleCounts(
        n_articles=len(articles),
        n_distinct=sum(article.is_canonical for article in articles),
        n_sources=len({article.source for article in articles if article.source}),
        first=min(dates, default=None),
        last=max(dates, default=None),
        languages=tuple(sorted({article.language for article in articles if article.language})),
    )


def write_model_card(
    title: str,
    *,
    counts: ArticleCounts,
    themes: Sequence[Theme],
    scores: Mapping[str, float],
    encoder: str,
) -> str:
    """Markdown page: data, themes, scores with their intervals, use and limits.

    Parameters
    ----------
    title : str
        What the model is called.
    counts : ArticleCounts
        Of all articles behind it.
    themes : Sequence[Theme]
        In any order; the largest come first, and at most `MAX_THEMES` are listed.
    scores : Mapping[str, float]
        Numbers of the `evaluate` stage; an interval is shown where `<score>_low` and
        `<score>_high` are there.
    encoder : str
        Name of the model that makes the vectors.
    """
    languages = ", ".join(counts.languages) or "none recognised"
    parts = [f"# {_plain(title)}", _data(counts, encoder), _theme_table(themes), _scores(scores)]
    return "\n\n".join([*parts, _USE.format(languages=languages)])


def _data(counts: ArticleCounts, encoder: str) -> str:
    span = f", published {counts.first} to {counts.last}" if counts.first else ""
    return (
        f"## Data\n\nArticles: {counts.n_articles}, {counts.n_distinct} of them distinct{span}. "
        f"Named sources: {counts.n_sources}. Vectors: {_plain(encoder)}, which is named here and "
        "not stored with the model."
    )


def _theme_table(themes: Sequence[Theme]) -> str:
    ranked = sorted(themes, key=lambda theme: (-theme.n_distinct, theme.theme_id))
    lines = ["## Themes", "", "| theme | status | articles | share |", "|---|---|---:|---:|"]
    for theme in ranked[:MAX_THEMES]:
        name = _plain(theme.name)
        lines.append(f"| {name} | {theme.status} | {theme.n_articles} | {theme.share:.1%} |")
    hidden = ranked[MAX_THEMES:]
    if hidden:
        lines.append(f"| {len(hidden)} more | | {sum(t.n_articles for t in hidden)} | |")
    return "\n".join(lines) if ranked else "## Themes\n\nNone were found."


def _scores(scores: Mapping[str, float]) -> str:
    lines = []
    for key, name in _SCORES:
        if key not in scores:
            continue
        low, high = scores.get(f"{key}_low"), scores.get(f"{key}_high")
        interval = "" if low is None or high is None else f" ({low:.3f} to {high:.3f})"
        lines.append(f"- {name}: {scores[key]:.3f}{interval}")
    if not lines:
        return "## Scores\n\nNot measured: no labelled articles are set aside."
    heading = "## Scores\n\nOn people's labels that were set aside (95 % intervals):\n"
    return "\n".join([heading, *lines])


def _plain(text: str) -> str:
    """Text of a scrape or a person, so that it cannot act as Markdown or HTML."""
    for sign in "\\`*_[]<>|#":
        text = text.replace(sign, " ")
    text = " ".join(text.split())
    return text if len(text) <= _MAX_NAME_CHARS else f"{text[: _MAX_NAME_CHARS - 1]}…"
