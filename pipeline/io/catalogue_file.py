"""Changes of the catalogue → data/themes.yaml, with every other byte left as people wrote it.

The file is not dumped anew: YAML's own parser tells where each entry, key and item stands, and only
those that changed are cut out or written. What cannot be done so is refused, nothing is lost.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from pipeline.errors import InputError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.files import replacing
from pipeline.io.locks import holding
from pipeline.io.yaml_text import YamlText, shown_scalar
from pipeline.records import Catalogue, CatalogueTheme

_PATIENCE = 30.0
_LISTS = ("seed_phrases", "pinned", "excluded", "merged")
_TEXTS = ("name", "description")


@contextlib.contextmanager
def edit_lock(path: Path) -> Iterator[None]:
    """Hold the catalogue, so that two commands never edit it at the same time."""
    with holding(path.parent / "cache" / f"{path.name}.lock", patience=_PATIENCE):
        yield


def edit_catalogue(path: Path, decide: Callable[[Catalogue], Catalogue]) -> bool:
    """Let `decide` give a new catalogue, and write what it changed; whether that was anything.

    Raises
    ------
    InputError
        If the file cannot be read as a catalogue, or is written so that only people can edit it.
    BusyError
        If another command edits it for long.
    """
    with edit_lock(path):
        before = load_catalogue(path)
        after = decide(before)
        if after == before:
            return False
        save_changes(path, before, after)
    return True


def save_changes(path: Path, before: Catalogue, after: Catalogue) -> None:
    """Change the file, which holds `before`, so that it holds `after`; atomically.

    Raises
    ------
    InputError
        If the file is written so that it cannot be changed in place (anchors, comments inside
        brackets, …), or the result would break a rule of the catalogue.
    """
    target = path.resolve()
    text = target.read_bytes().decode("utf-8") if target.exists() else ""
    try:
        written = changed_text(text, before, after)
    except (ValueError, yaml.YAMLError) as error:
        reason = " ".join(str(error).split())
        raise InputError(
            f"{path}: cannot be edited by a command ({reason}); edit it by hand"
        ) from error
    with replacing(target) as temporary:
        temporary.write_bytes(written.encode("utf-8"))
        try:
            found = load_catalogue(temporary)
        except InputError as error:
            reason = str(error).replace(f"{temporary}: ", "")
            raise InputError(
                f"{path}: not changed, as the result would be wrong: {reason}"
            ) from error
        if found != after:
            raise InputError(
                f"{path}: cannot be edited by a command as it is written (anchors, or a layout of "
                "its own); edit it by hand"
            )


def changed_text(text: str, before: Catalogue, after: Catalogue) -> str:
    """`text`, which says `before`, changed to say `after`; ValueError where it cannot be."""
    file = YamlText(text)
    old = {theme.theme_id: theme for theme in before.themes}
    new = {theme.theme_id: theme for theme in after.themes}
    for theme_id, theme in old.items():
        entry = file.find("themes", theme_id)
        if theme_id not in new:
            file.remove_item("themes", entry)
        elif theme != new[theme_id]:
            _change_entry(file, theme, new[theme_id])
    added = [_entry_lines(theme) for theme_id, theme in new.items() if theme_id not in old]
    if added:
        file.add_entries("themes", added)
    gone = [pair for pair in before.cannot_link if pair not in after.cannot_link]
    fresh = [pair for pair in after.cannot_link if pair not in before.cannot_link]
    file.change_pairs("cannot_link", gone, fresh)
    return file.text


def _change_entry(file: YamlText, before: CatalogueTheme, after: CatalogueTheme) -> None:
    for key in _TEXTS:
        if getattr(before, key) != getattr(after, key):
            file.set_text(file.find("themes", before.theme_id), key, getattr(after, key))
    for key in _LISTS:
        old, new = getattr(before, key), getattr(after, key)
        if old != new:
            gone = [item for item in old if item not in new]
            fresh = [item for item in new if item not in old]
            file.change_list(file.find("themes", before.theme_id), key, gone, fresh)


def _entry_lines(theme: CatalogueTheme) -> list[str]:
    """Lines of a new entry, without the indent of the list."""
    lines = [f"- id: {shown_scalar(theme.theme_id)}", f"  name: {shown_scalar(theme.name)}"]
    if theme.description:
        lines.append(f"  description: {shown_scalar(theme.description)}")
    for key in _LISTS:
        items = getattr(theme, key)
        if items:
            lines += [f"  {key}:", *(f"    - {shown_scalar(item)}" for item in items)]
    return lines
