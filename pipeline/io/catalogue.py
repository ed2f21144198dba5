"""data/themes.yaml: the themes that the analyst follows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from pipeline.errors import InputError, ParamsError
from pipeline.io.params import Name, Section, load_yaml
from pipeline.records import UNKNOWN, CatalogueTheme

ThemeId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]


class _Entry(Section):
    id: ThemeId
    name: Name
    description: str = ""
    seed_phrases: list[Name] = Field(default_factory=list)
    must_mention: list[Annotated[list[Name], Field(min_length=1)]] = Field(default_factory=list)
    pinned: list[Name] = Field(default_factory=list)


class _Catalogue(Section):
    themes: list[_Entry]


def load_catalogue(path: Path) -> list[CatalogueTheme]:
    """Read the catalogue, sorted by id; a missing file is an empty one.

    Raises
    ------
    InputError
        With every problem, one a line: bad YAML, unknown or missing keys, an id or a name that is
        given twice, a theme with nothing to recognise it by, the reserved id `unknown`, a content
        that is pinned to two themes.
    """
    if not path.exists():
        return []
    try:
        values = load_yaml(path)
    except ParamsError as error:
        raise InputError(str(error)) from error
    if not isinstance(values, dict):
        raise InputError(
            f"{path.name}: must hold a list called themes (got {type(values).__name__}); "
            "write 'themes: []' for none"
        )
    try:
        entries = _Catalogue.model_validate(values).themes
    except ValidationError as error:
        lines = [
            f"{path.name}: {'.'.join(str(p) for p in problem['loc'])}: "
            f"{problem['msg']} (got {problem['input']!r})"
            for problem in error.errors()
        ]
        raise InputError("\n".join(lines)) from error
    problems = _problems(path, entries)
    if problems:
        raise InputError("\n".join(problems))
    themes = [
        CatalogueTheme(
            theme_id=e.id,
            name=e.name,
            description=e.description.strip(),
            seed_phrases=tuple(e.seed_phrases),
            must_mention=tuple(tuple(group) for group in e.must_mention),
            pinned=tuple(e.pinned),
        )
        for e in entries
    ]
    return sorted(themes, key=lambda theme: theme.theme_id)


def _problems(path: Path, entries: list[_Entry]) -> list[str]:
    problems = []
    ids: set[str] = set()
    names: set[str] = set()
    pinned: dict[str, str] = {}
    for entry in entries:
        if entry.id in ids:
            problems.append(f"{path.name}: id '{entry.id}' is given twice; ids are permanent")
        if entry.name.casefold() in names:
            problems.append(f"{path.name}: name '{entry.name}' is given twice; rename one")
        if entry.id == UNKNOWN:
            problems.append(f"{path.name}: id '{UNKNOWN}' is reserved; choose another")
        if not (entry.description.strip() or entry.seed_phrases or entry.pinned):
            problems.append(
                f"{path.name}: theme '{entry.id}' has no description, seed phrases or pinned "
                "articles; add one of them, or it cannot be recognised"
            )
        problems.extend(
            f"{path.name}: content '{content}' is pinned to '{pinned[content]}' and to "
            f"'{entry.id}'; keep one"
            for content in entry.pinned
            if pinned.setdefault(content, entry.id) != entry.id
        )
        ids.add(entry.id)
        names.add(entry.name.casefold())
    return problems
