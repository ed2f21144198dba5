"""data/themes.yaml: the themes that the analyst follows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationError

from pipeline.errors import InputError, ParamsError
from pipeline.io.params import Name, Section, hint_key, load_yaml, shown_key, shown_value
from pipeline.records import UNKNOWN, Catalogue, CatalogueTheme

ThemeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class _Entry(Section):
    id: ThemeId
    name: Name
    description: str = ""
    seed_phrases: list[Name] = Field(default_factory=list)
    must_mention: list[Annotated[list[Name], Field(min_length=1)]] = Field(default_factory=list)
    pinned: list[Name] = Field(default_factory=list)
    excluded: list[Name] = Field(default_factory=list)
    merged: list[ThemeId] = Field(default_factory=list)


class _File(Section):
    themes: list[_Entry] = Field(default_factory=list)
    cannot_link: list[Annotated[list[Name], Field(min_length=2, max_length=2)]] = Field(
        default_factory=list
    )


def load_catalogue(path: Path) -> Catalogue:
    """Read the catalogue; a missing file, and one without a word in it, is an empty one.

    Themes come sorted by id, `cannot_link` as sorted pairs in sorted order; what is said twice in
    one list of contents or ids counts once.

    Raises
    ------
    InputError
        With every problem, one a line: bad YAML, unknown or missing keys, an id or a name that is
        given twice, a theme with nothing to recognise it by, the reserved id `unknown`, a content
        that is pinned to two themes or to one that excludes it, an id that is merged twice or is
        a theme as well, a pair that cannot be apart.
    """
    if not path.exists():
        return Catalogue()
    try:
        values = load_yaml(path)
    except ParamsError as error:
        raise InputError(str(error)) from error
    if values is None:
        return Catalogue()
    if not isinstance(values, dict):
        raise InputError(
            f"{path}: must hold a list called themes (got {type(values).__name__}); "
            "write 'themes: []' for none"
        )
    try:
        file = _File.model_validate(values)
    except ValidationError as error:
        lines = [_explain(path, problem, values) for problem in error.errors()]
        raise InputError("\n".join(lines)) from error
    themes = tuple(sorted(map(_theme_of, file.themes), key=lambda theme: theme.theme_id))
    pairs = {(min(a, b), max(a, b)) for a, b in file.cannot_link}
    problems = [
        *_problems_of_entries(file.themes),
        *_problems_of_merges(file.themes),
        *_problems_of_contents(file.themes),
        *_problems_of_pairs(file),
    ]
    if problems:
        raise InputError("\n".join(f"{path}: {problem}" for problem in problems))
    return Catalogue(themes, tuple(sorted(pairs)))


def _theme_of(entry: _Entry) -> CatalogueTheme:
    return CatalogueTheme(
        theme_id=entry.id,
        name=entry.name,
        description=entry.description.strip(),
        seed_phrases=tuple(entry.seed_phrases),
        must_mention=tuple(tuple(group) for group in entry.must_mention),
        pinned=tuple(dict.fromkeys(entry.pinned)),
        excluded=tuple(dict.fromkeys(entry.excluded)),
        merged=tuple(dict.fromkeys(entry.merged)),
    )


def _problems_of_entries(entries: list[_Entry]) -> Iterator[str]:
    ids: set[str] = set()
    names: set[str] = set()
    for entry in entries:
        if entry.id in ids:
            yield f"id '{entry.id}' is given twice; give one of them another"
        if entry.name.casefold() in names:
            yield f"name '{entry.name}' is given twice; rename one"
        if entry.id == UNKNOWN:
            yield f"id '{UNKNOWN}' is reserved; choose another"
        if not (entry.description.strip() or entry.seed_phrases or entry.pinned):
            yield (
                f"theme '{entry.id}' has no description, seed phrases or pinned "
                "articles; add one of them, or it cannot be recognised"
            )
        ids.add(entry.id)
        names.add(entry.name.casefold())


def _problems_of_merges(entries: list[_Entry]) -> Iterator[str]:
    ids = {entry.id for entry in entries}
    into: dict[str, str] = {}
    for entry in entries:
        for merged in dict.fromkeys(entry.merged):
            if merged == UNKNOWN:
                yield f"theme '{entry.id}': '{UNKNOWN}' is no theme to merge; remove it"
            elif merged == entry.id:
                yield f"theme '{entry.id}' is merged into itself; remove its id from merged"
            elif merged in ids:
                yield (
                    f"id '{merged}' is merged into '{entry.id}' and is a theme as well; "
                    "remove one of them"
                )
            if into.setdefault(merged, entry.id) != entry.id:
                yield f"id '{merged}' is merged into '{into[merged]}' and '{entry.id}'; keep one"


def _problems_of_contents(entries: list[_Entry]) -> Iterator[str]:
    pinned: dict[str, str] = {}
    for entry in entries:
        for content in dict.fromkeys(entry.pinned):
            if pinned.setdefault(content, entry.id) != entry.id:
                yield (
                    f"content '{content}' is pinned to '{pinned[content]}' and to "
                    f"'{entry.id}'; keep one"
                )
            if content in entry.excluded:
                yield f"content '{content}' is pinned to '{entry.id}' and excluded; keep one"


def _problems_of_pairs(file: _File) -> Iterator[str]:
    home = {content: entry.id for entry in file.themes for content in entry.pinned}
    for a, b in file.cannot_link:
        if a == b:
            yield f"cannot_link: content '{a}' is paired with itself; remove the pair"
        elif a in home and home[a] == home.get(b):
            yield (
                f"cannot_link: contents '{a}' and '{b}' are both pinned to '{home[a]}'; "
                "remove the pair, or unpin one"
            )


def _explain(path: Path, problem: Any, values: Any) -> str:
    """One line: which theme, which key, what is wrong, what to do."""
    place, keys = _place_of(problem["loc"], values)
    value = problem["input"]
    got = shown_value(value)
    match problem["type"]:
        case "missing":
            what = "missing; add it"
        case "extra_forbidden":
            known = _Entry.model_fields if len(problem["loc"]) > 1 else _File.model_fields
            what = f"unknown key; {hint_key(keys[-1], list(known))}"
        case "invalid_key":
            what = f"a key must be a word (got {got}); remove it"
        case "string_pattern_mismatch":
            what = (
                f"not an id (got {got}); use small letters a to z, digits and hyphens, at most 64, "
                "beginning with a letter or digit"
            )
        case "string_type":
            what = _explain_no_text(value)
        case "string_too_short":
            what = "empty; write a text, or remove it"
        case "too_short" | "too_long" if problem["loc"][0] == "cannot_link":
            what = f"a pair has two contents (got {got}); write [content id, content id]"
        case "too_short":
            what = "a group without terms; write its terms, or remove it"
        case "model_type":
            what = f"not a theme (got {got}); write '- id: …' and below it 'name: …'"
        case "list_type":
            what = f"must be a list (got {got}); {_list_remedy(keys)}"
        case _:
            what = f"{problem['msg']} (got {got}); mend it"
    return f"{path}: {place}{what}"


def _place_of(location: tuple[Any, ...], values: Any) -> tuple[str, list[Any]]:
    """Words for the place of a problem, and the keys and numbers below its theme."""
    if location[0] == "cannot_link":
        words = ["cannot_link", *(f"item {number + 1}" for number in location[1:])]
        return f"{', '.join(words)}: ", list(location)
    if len(location) < 2 or location[0] != "themes":
        return f"{shown_key(location[0])}: ", list(location)
    _, number, *keys = location
    entry = values["themes"][number]
    theme_id = entry.get("id") if isinstance(entry, dict) else None
    is_known = isinstance(theme_id, str) and theme_id.isprintable() and keys[:1] != ["id"]
    words = [f"theme '{theme_id}'" if is_known else f"theme {number + 1}"]
    # The first is a key, also where somebody wrote a number; numbers below it count items.
    words += [shown_key(key) for key in keys[:1]]
    words += [f"item {key + 1}" if isinstance(key, int) else shown_key(key) for key in keys[1:]]
    return f"{': '.join(words[:2])}{''.join(f', {word}' for word in words[2:])}: ", keys


def _explain_no_text(value: object) -> str:
    got = shown_value(value)
    if isinstance(value, dict):
        return f"the colon makes a mapping of it (got {got}); put the text in quotes"
    if value is None:
        return "empty; write a text, or remove it"
    if isinstance(value, list):
        return f"must be a text (got {got}); write one, without brackets and hyphens"
    return f"must be a text (got {got}, of type {type(value).__name__}); put it in quotes"


def _list_remedy(keys: list[Any]) -> str:
    match keys:
        case ["themes"]:
            return "write 'themes: []' for none"
        case ["must_mention", _]:
            return "put the terms of a group in brackets: [[Iran*, Tehran]]"
        case ["cannot_link", *_]:
            return "write one pair a line: - [content id, content id]"
        case ["must_mention"]:
            return "write one group of terms a line: - [Iran*, Tehran]"
    return "write one text a line, each after '- '"
