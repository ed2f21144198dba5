"""What is told about one pipeline result: parameters, metrics, a fingerprint, a name."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.records import Theme

#: Longer values are cut: the whole of params.yaml is kept as a file beside them.
MAX_PARAM_CHARS = 500
#: MLflow refuses longer metric names.
MAX_NAME_CHARS = 250

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.\- ]+")


def flatten_params(params: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested parameters as `section.name` → text, sorted; lists are joined with commas.

    A value longer than `MAX_PARAM_CHARS` ends in `…` at that length.
    """
    flat: dict[str, str] = {}
    for key, value in sorted(params.items()):
        if isinstance(value, Mapping):
            flat |= flatten_params(value, f"{prefix}{key}.")
            continue
        is_list = isinstance(value, list | tuple)
        text = ", ".join(str(item) for item in value) if is_list else str(value)
        cut = f"{text[: MAX_PARAM_CHARS - 1]}…" if len(text) > MAX_PARAM_CHARS else text
        flat[prefix + str(key)] = cut
    return flat


def flatten_metrics(
    metrics: Mapping[str, Mapping[str, Any]],
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Numbers of all stages as `stage.metric`, and the names of those that are none.

    Names keep letters, digits, `_`, `-`, `.` and spaces; every other run of characters becomes
    `-`, and names that fall together are numbered (`x`, `x-2`). Nested objects are joined by dots.

    Parameters
    ----------
    metrics : Mapping
        Stage → its numbers, as `data/metrics/<stage>.json` holds them.

    Returns
    -------
    dict
        Finite floats by name, sorted.
    tuple of str
        Names of numbers that are missing (null), NaN or infinite: MLflow would keep the first as
        a gap and turn the last into 1.8e308. Texts and lists are no numbers and not named.
    """
    numbers: dict[str, float] = {}
    refused: list[str] = []
    for name, value in _leaves(metrics, ""):
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            refused.append(name)
        elif isinstance(value, bool | int | float):
            numbers[_free_name(name, numbers)] = float(value)
    return dict(sorted(numbers.items())), tuple(sorted(refused))


def _leaves(values: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    leaves: list[tuple[str, Any]] = []
    for key, value in sorted(values.items()):
        if isinstance(value, Mapping):
            leaves += _leaves(value, f"{prefix}{key}.")
        else:
            leaves.append((f"{prefix}{key}", value))
    return leaves


def _free_name(name: str, taken: Mapping[str, object]) -> str:
    # Two dots in a row or at an end would read as a path to MLflow, and it refuses those.
    slug = re.sub(r"\.{2,}", ".", _NOT_IN_NAMES.sub("-", name)).strip(". ") or "unnamed"
    slug = slug[: MAX_NAME_CHARS - 6]
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free


def fingerprint(params: Mapping[str, Any], hashes: Mapping[str, str]) -> str:
    """Hash of a pipeline result: what went in (`params`) and what came out (`hashes` by file).

    The order of keys does not matter. No clock, run id or commit goes in, so that the same result
    has the same fingerprint wherever and whenever it was computed.
    """
    content = {"params": params, "files": hashes}
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def run_name(n_themes: int, metrics: Mapping[str, float]) -> str:
    """Name of a run that tells it from others in a list: `12 themes, macro-F1 0.93`."""
    themes = "1 theme" if n_themes == 1 else f"{n_themes} themes"
    score = metrics.get("evaluate.macro_f1")
    return themes if score is None else f"{themes}, macro-F1 {score:.2f}"


def theme_columns(themes: Sequence[Theme]) -> dict[str, list[object]]:
    """Table of the themes, largest first, as columns of plain values."""
    ranked = sorted(themes, key=lambda theme: (-theme.n_distinct, theme.theme_id))
    return {
        "theme": [theme.theme_id for theme in ranked],
        "name": [theme.name for theme in ranked],
        "status": [theme.status for theme in ranked],
        "articles": [theme.n_articles for theme in ranked],
        "distinct": [theme.n_distinct for theme in ranked],
        "share": [theme.share for theme in ranked],
        "keywords": [", ".join(theme.keywords) for theme in ranked],
        "first_seen": [theme.first_seen for theme in ranked],
        "last_seen": [theme.last_seen for theme in ranked],
    }
