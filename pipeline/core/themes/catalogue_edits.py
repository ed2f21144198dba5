"""What people may do to the catalogue: each edit gives a new catalogue, or refuses with a reason.

The rules are those that `data/themes.yaml` is read by, so that an edit never leaves a file that
cannot be read. Ids and contents are canonical here; `references` finds what people mean.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.errors import UsageError
from pipeline.records import UNKNOWN, Catalogue, CatalogueTheme

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
#: Contents that are pinned to a theme when an edit puts it into the catalogue.
N_PINNED = 5


@dataclass(frozen=True, slots=True)
class FoundTheme:
    """What the last run says of a theme: enough to put it into the catalogue.

    `contents` are content ids of its most typical articles, best first. `is_known` is False for
    an id that no retrain has seen yet. `merged` are ids that a part of a theme brings along.
    """

    theme_id: str
    name: str
    description: str = ""
    seed_phrases: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    is_known: bool = True
    merged: tuple[str, ...] = ()


def theme_in(catalogue: Catalogue, theme_id: str) -> CatalogueTheme | None:
    """The catalogued theme of that id, or None."""
    return next((theme for theme in catalogue.themes if theme.theme_id == theme_id), None)


def keep_theme(
    catalogue: Catalogue,
    found: FoundTheme,
    *,
    theme_id: str | None = None,
    name: str | None = None,
    without: Sequence[str] = (),
) -> Catalogue:
    """Put a found theme into the catalogue, with up to `N_PINNED` of its contents pinned.

    With a new `theme_id`, the found one is kept as merged, so that it is recognised. Contents
    that an earlier edit keeps away, and those of `without`, are not pinned.

    Raises
    ------
    UsageError
        If it is there already, or the id or the name is taken or no id or name.
    """
    new_id = theme_id or found.theme_id
    if theme_in(catalogue, found.theme_id):
        raise UsageError(
            f"keep: '{found.theme_id}' is in the catalogue already, and ids never change; "
            "give it another name with: newsthemes themes rename"
        )
    if not _ID.fullmatch(new_id) or new_id == UNKNOWN:
        raise UsageError(
            f"keep: not an id (got {new_id!r}); use small letters a to z, digits and hyphens, "
            f"at most 64, beginning with a letter or digit, and not '{UNKNOWN}'"
        )
    taken = {t.theme_id for t in catalogue.themes} | {m for t in catalogue.themes for m in t.merged}
    for wanted in dict.fromkeys((found.theme_id, new_id)):
        if wanted in taken:
            raise UsageError(f"keep: id '{wanted}' is taken or merged already; choose another")
    if name is None:
        new_name = free_name(catalogue, found.name)
    else:
        new_name = _checked_name(catalogue, name, "keep")
    theme = CatalogueTheme(
        theme_id=new_id,
        name=new_name,
        description=found.description.strip(),
        seed_phrases=_seeds(found.seed_phrases) or (found.name.strip(),),
        merged=() if new_id == found.theme_id else (found.theme_id,),
    )
    pins = _pinnable(catalogue, theme, [c for c in found.contents if c not in without])
    return _with(catalogue, replace(theme, pinned=pins))


def rename_theme(catalogue: Catalogue, theme_id: str, name: str) -> Catalogue:
    """Give a catalogued theme another name; UsageError for one that is taken or no name."""
    theme = _theme(catalogue, theme_id)
    return _with(
        catalogue, replace(theme, name=_checked_name(catalogue, name, "rename", but=theme_id))
    )


def merge_themes(catalogue: Catalogue, into: str, other: FoundTheme) -> Catalogue:
    """Make `other`, catalogued or not, part of the catalogued theme `into`.

    Its id and those merged into it are merged into `into`; its pinned contents, or its typical
    ones where it has none, are pinned there. What people wrote of a catalogued one becomes seed
    phrases; a provisional one is found by its members, and its words would only widen `into`.

    Raises
    ------
    UsageError
        If they are one theme, or if what people said of both cannot hold of one theme.
    """
    target = _theme(catalogue, into)
    if other.theme_id == into:
        raise UsageError(f"merge: '{into}' cannot be merged into itself; name another theme")
    if other.theme_id in target.merged:
        raise UsageError(f"merge: '{other.theme_id}' is part of '{into}' already; run: dvc repro")
    entry = theme_in(catalogue, other.theme_id)
    excluded: tuple[str, ...] = entry.excluded if entry else ()
    merged: tuple[str, ...] = entry.merged if entry else ()
    if other.is_known:  # an id that was never used would be reported as a mistake
        merged = (other.theme_id, *merged)
    rest = replace(
        catalogue, themes=tuple(t for t in catalogue.themes if t.theme_id != other.theme_id)
    )
    said = (*entry.seed_phrases, *_sentences(entry.description)) if entry else ()
    seeds = _seeds(said)
    grown = replace(
        target,
        seed_phrases=tuple(dict.fromkeys((*target.seed_phrases, *seeds))),
        merged=tuple(dict.fromkeys((*target.merged, *merged))),
    )
    if entry is not None and entry.pinned:
        _check_pins(rest, grown, entry.pinned, "merge")
        pins: tuple[str, ...] = entry.pinned
    else:
        pins = _pinnable(rest, grown, [c for c in other.contents if c not in excluded])
    pinned = tuple(dict.fromkeys((*grown.pinned, *pins)))
    kept_out = (c for c in excluded if c not in pinned)
    return _with(
        rest,
        replace(grown, pinned=pinned, excluded=tuple(dict.fromkeys((*grown.excluded, *kept_out)))),
    )


def split_theme(catalogue: Catalogue, theme_id: str, parts: Sequence[FoundTheme]) -> Catalogue:
    """Part a catalogued theme: the first part keeps its id, each further one becomes a theme.

    Contents of each part are pinned to it; what was pinned to the theme and lies in a further
    part moves there, and so do the merged ids that the part brings along: left behind, they would
    bring its articles back.

    Raises
    ------
    UsageError
        If there is one part only.
    """
    if len(parts) < 2:
        raise UsageError(f"split: '{theme_id}' has one sub-cluster only; nothing to split it by")
    theme = _theme(catalogue, theme_id)
    leaving = {content for part in parts[1:] for content in part.contents}
    staying = tuple(content for content in theme.pinned if content not in leaving)
    brought = {merged for part in parts[1:] for merged in part.merged}
    merged = tuple(other for other in theme.merged if other not in brought)
    kept = replace(theme, pinned=staying, merged=merged)
    first = _pinnable(_without_theme(catalogue, theme_id), kept, parts[0].contents)
    kept = replace(kept, pinned=tuple(dict.fromkeys((*staying, *first))))
    if not (kept.description or kept.seed_phrases or kept.pinned):
        raise UsageError(
            f"split: nothing would be left to recognise '{theme_id}' by; "
            "give it a description or seed phrases first"
        )
    catalogue = _with(catalogue, kept)
    for part in parts[1:]:
        moved = [content for content in part.contents if content in theme.pinned]
        others = [content for content in part.contents if content not in theme.pinned]
        few = [*moved, *others[: max(0, N_PINNED - len(moved))]]
        catalogue = keep_theme(catalogue, replace(part, contents=()))
        new = _theme(catalogue, part.theme_id)
        pins = _pinnable(catalogue, new, few, at_most=max(N_PINNED, len(moved)))
        catalogue = _with(catalogue, replace(new, pinned=pins, merged=part.merged))
    return catalogue


def pin_contents(catalogue: Catalogue, theme_id: str, contents: Sequence[str]) -> Catalogue:
    """Pin contents to a theme; UsageError where an exclude, a pin or a pair says otherwise."""
    theme = _theme(catalogue, theme_id)
    _check_pins(catalogue, theme, contents, "pin")
    return _with(catalogue, replace(theme, pinned=tuple(dict.fromkeys((*theme.pinned, *contents)))))


def unpin_contents(catalogue: Catalogue, theme_id: str, contents: Sequence[str]) -> Catalogue:
    """Take pins back; UsageError where there is none, or nothing would be left to go by."""
    theme = _theme(catalogue, theme_id)
    for content in contents:
        if content not in theme.pinned:
            raise UsageError(f"unpin: content '{content}' is not pinned to '{theme_id}'; {_LOOK}")
    pinned = tuple(content for content in theme.pinned if content not in contents)
    if not (theme.description or theme.seed_phrases or pinned):
        raise UsageError(
            f"unpin: nothing would be left to recognise '{theme_id}' by; "
            "give it a description or seed phrases first, or retire it"
        )
    return _with(catalogue, replace(theme, pinned=pinned))


def exclude_contents(catalogue: Catalogue, theme_id: str, contents: Sequence[str]) -> Catalogue:
    """Say that contents never belong to a theme; UsageError for one that is pinned to it."""
    theme = _theme(catalogue, theme_id)
    for content in contents:
        if content in theme.pinned:
            raise UsageError(
                f"exclude: content '{content}' is pinned to '{theme_id}'; "
                f"first: newsthemes themes unpin {theme_id} {content}"
            )
    return _with(
        catalogue, replace(theme, excluded=tuple(dict.fromkeys((*theme.excluded, *contents))))
    )


def readmit_contents(catalogue: Catalogue, theme_id: str, contents: Sequence[str]) -> Catalogue:
    """Take excludes back; UsageError where there is none."""
    theme = _theme(catalogue, theme_id)
    for content in contents:
        if content not in theme.excluded:
            raise UsageError(
                f"exclude: content '{content}' is not excluded from '{theme_id}'; {_LOOK}"
            )
    excluded = tuple(content for content in theme.excluded if content not in contents)
    return _with(catalogue, replace(theme, excluded=excluded))


def part_contents(catalogue: Catalogue, one: str, other: str) -> Catalogue:
    """Say that two contents never share a theme; UsageError where both are pinned to one."""
    if one == other:
        raise UsageError(
            f"cannot-link: both are content '{one}', or copies of it; name two different articles"
        )
    for theme in catalogue.themes:
        if one in theme.pinned and other in theme.pinned:
            raise UsageError(
                f"cannot-link: '{one}' and '{other}' are both pinned to '{theme.theme_id}'; "
                f"first: newsthemes themes unpin {theme.theme_id} {other}"
            )
    pairs = {*catalogue.cannot_link, _pair(one, other)}
    return replace(catalogue, cannot_link=tuple(sorted(pairs)))


def rejoin_contents(catalogue: Catalogue, one: str, other: str) -> Catalogue:
    """Take a pair back; UsageError where there is none."""
    pair = _pair(one, other)
    if pair not in catalogue.cannot_link:
        raise UsageError(f"cannot-link: no pair of '{one}' and '{other}'; see data/themes.yaml")
    kept = tuple(other_pair for other_pair in catalogue.cannot_link if other_pair != pair)
    return replace(catalogue, cannot_link=kept)


def retire_theme(catalogue: Catalogue, theme_id: str) -> Catalogue:
    """Follow a theme no longer: its entry goes, its articles are where density puts them."""
    _theme(catalogue, theme_id)
    return _without_theme(catalogue, theme_id)


def free_name(catalogue: Catalogue, name: str) -> str:
    """`name`, or with a number behind it where a catalogued theme has it."""
    taken = {theme.name.casefold() for theme in catalogue.themes}
    plain = " ".join(name.split()) or "Theme"
    number, wanted = 1, plain
    while wanted.casefold() in taken:
        number += 1
        wanted = f"{plain} ({number})"
    return wanted


_LOOK = "see: newsthemes themes show"


def _theme(catalogue: Catalogue, theme_id: str) -> CatalogueTheme:
    theme = theme_in(catalogue, theme_id)
    if theme is None:
        raise UsageError(
            f"themes: '{theme_id}' is not in the catalogue; see: newsthemes themes list"
        )
    return theme


def _with(catalogue: Catalogue, theme: CatalogueTheme) -> Catalogue:
    rest = _without_theme(catalogue, theme.theme_id).themes
    return replace(
        catalogue, themes=tuple(sorted((*rest, theme), key=lambda other: other.theme_id))
    )


def _without_theme(catalogue: Catalogue, theme_id: str) -> Catalogue:
    return replace(catalogue, themes=tuple(t for t in catalogue.themes if t.theme_id != theme_id))


def _pair(one: str, other: str) -> tuple[str, str]:
    return (min(one, other), max(one, other))


def _checked_name(catalogue: Catalogue, name: str, command: str, but: str = "") -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in name):
        raise UsageError(
            f"{command}: a name is one line of text (got {name!r}); leave the rest out"
        )
    plain = " ".join(name.split())
    if not plain:
        raise UsageError(f"{command}: the name is empty; write one")
    for theme in catalogue.themes:
        if theme.theme_id != but and theme.name.casefold() == plain.casefold():
            raise UsageError(
                f"{command}: '{theme.theme_id}' is called '{theme.name}'; choose another name, "
                "or merge the two"
            )
    return plain


def _seeds(phrases: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (" ".join(phrase.split()) for phrase in phrases))))


def _sentences(description: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", " ".join(description.split()))


def _objection(catalogue: Catalogue, theme: CatalogueTheme, content: str) -> str | None:
    """What keeps `content` from being pinned to `theme`, and what to do; None: nothing."""
    if content in theme.excluded:
        return (
            f"is excluded from '{theme.theme_id}'; "
            f"first: newsthemes themes exclude {theme.theme_id} {content} --undo"
        )
    for other in catalogue.themes:
        if other.theme_id != theme.theme_id and content in other.pinned:
            return (
                f"is pinned to '{other.theme_id}'; "
                f"first: newsthemes themes unpin {other.theme_id} {content}"
            )
    for pair in catalogue.cannot_link:
        if content in pair:
            other_content = pair[pair[0] == content]
            if other_content in theme.pinned:
                return (
                    f"must not share a theme with '{other_content}', which is pinned to "
                    f"'{theme.theme_id}'; first: newsthemes themes cannot-link {content} "
                    f"{other_content} --undo"
                )
    return None


def _check_pins(
    catalogue: Catalogue, theme: CatalogueTheme, contents: Sequence[str], command: str
) -> None:
    for content in contents:
        problem = _objection(catalogue, theme, content)
        if problem is not None:
            raise UsageError(f"{command}: content '{content}' {problem}")
        theme = replace(theme, pinned=(*theme.pinned, content))


def _pinnable(
    catalogue: Catalogue, theme: CatalogueTheme, contents: Sequence[str], at_most: int = N_PINNED
) -> tuple[str, ...]:
    """Those of `contents` that nothing keeps from being pinned together to `theme`."""
    pins: list[str] = []
    for content in dict.fromkeys(contents):
        grown = replace(theme, pinned=(*theme.pinned, *pins))
        if len(pins) < at_most and _objection(catalogue, grown, content) is None:
            pins.append(content)
    return tuple(pins)
