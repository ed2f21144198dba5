"""What people type for a theme or an article → its id; what is not clear is refused."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.errors import UsageError
from pipeline.records import Catalogue

#: Letters of an id that say enough.
_MIN_PREFIX = 6
_N_SHOWN = 5


@dataclass(frozen=True, slots=True)
class ThemeRef:
    """A theme that can be named."""

    theme_id: str
    name: str


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """An article that can be named; `canonical` is the content id of its duplicate group."""

    article_id: str
    content_id: str
    canonical: str


def find_theme(given: str, themes: Iterable[ThemeRef], catalogue: Catalogue) -> str:
    """Id of the theme that `given` names: its id, its name, or the start of one id alone.

    Raises
    ------
    UsageError
        If there is none (the closest is named), several, or it is merged into another.
    """
    refs = sorted(set(themes), key=lambda ref: ref.theme_id)
    for theme in catalogue.themes:
        if given in theme.merged:
            raise UsageError(
                f"themes: '{given}' was merged into '{theme.theme_id}'; name that one, or take it "
                "out of merged in data/themes.yaml"
            )
    if any(ref.theme_id == given for ref in refs):
        return given
    plain = " ".join(given.split()).casefold()
    named = sorted({ref.theme_id for ref in refs if ref.name.casefold() == plain})
    found = named or sorted(
        {ref.theme_id for ref in refs if plain and ref.theme_id.startswith(plain)}
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"themes: {given!r} may be {_listed(found)}; write the whole id")
    raise UsageError(f"themes: no theme {given!r}; {_closest(plain, refs)}")


def find_content(given: str, articles: Iterable[ArticleRef], said: Sequence[str] = ()) -> str:
    """Canonical content id of the article that `given` names: an id of it, or the start of one.

    `said` are content ids that the catalogue holds; they count where no article has them any more,
    and before the articles where a command takes something back.

    Raises
    ------
    UsageError
        If there is none, several, or too short a start.
    """
    wanted = given.strip().lower()
    if wanted in said:
        return wanted
    refs = list(articles)
    exact = {ref.canonical for ref in refs if wanted in {ref.content_id, ref.article_id}}
    if len(exact) == 1:
        return exact.pop()
    if len(wanted) < _MIN_PREFIX:
        raise UsageError(
            f"themes: {given!r} is too short for an article; write at least {_MIN_PREFIX} letters "
            "of its id"
        )
    stored = sorted({content for content in said if content.startswith(wanted)})
    found = stored or sorted(
        {
            ref.canonical
            for ref in refs
            if ref.content_id.startswith(wanted) or ref.article_id.startswith(wanted)
        }
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"themes: article {given!r} may be {_listed(found)}; write more of it")
    raise UsageError(
        f"themes: no article {given!r}; ids stand in newsthemes themes show ID and in labelled "
        "output"
    )


def _listed(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _N_SHOWN} more" if len(ids) > _N_SHOWN else ""
    return ", ".join(f"'{found}'" for found in ids[:_N_SHOWN]) + more


def _closest(plain: str, refs: Sequence[ThemeRef]) -> str:
    words = {ref.theme_id: ref.theme_id for ref in refs}
    words |= {ref.name.casefold(): ref.theme_id for ref in refs}
    close = difflib.get_close_matches(plain, list(words), n=1, cutoff=0.5)
    return f"did you mean '{words[close[0]]}'?" if close else "see: newsthemes themes list"
