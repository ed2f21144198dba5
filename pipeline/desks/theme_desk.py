"""What the commands on themes look up in the files of the last run, read when first needed."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from pipeline.core.themes.catalogue_edits import (
    FoundTheme,
    free_name,
    keep_theme,
    theme_in,
)
from pipeline.core.themes.overview import merged_in_parts, parts_of
from pipeline.core.themes.references import ArticleRef, ThemeRef, find_content, find_theme
from pipeline.errors import UsageError
from pipeline.io.catalogue import load_catalogue
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows, read_table
from pipeline.io.theme_memory import load_memory
from pipeline.records import ARTICLES, Assignment, Catalogue, Theme

_N_TITLES = 3


class Desk:
    """The project's catalogue and the files of its last run."""

    def __init__(self, paths: Paths) -> None:
        self.paths = paths

    @functools.cached_property
    def themes(self) -> dict[str, Theme]:
        """Themes of the last run by id."""
        return {theme.theme_id: theme for theme in read_rows(self.paths.themes, Theme)}

    @functools.cached_property
    def assignments(self) -> list[Assignment]:
        """Assignments of the last run."""
        return read_rows(self.paths.assignments, Assignment)

    @functools.cached_property
    def articles(self) -> list[ArticleRef]:
        """Ids of all articles, with the content id of the original of each."""
        columns = ["article_id", "content_id", "duplicate_group", "is_canonical"]
        rows = read_table(self.paths.articles, ARTICLES).select(columns).to_pylist()
        original = {r["duplicate_group"]: r["content_id"] for r in rows if r["is_canonical"]}
        return [
            ArticleRef(
                row["article_id"],
                row["content_id"],
                original.get(row["duplicate_group"], row["content_id"]),
            )
            for row in rows
        ]

    @functools.cached_property
    def titles(self) -> dict[str, str]:
        """Title of each article that has one, by article id."""
        table = read_table(self.paths.articles, ARTICLES).select(["article_id", "title"])
        return {row["article_id"]: row["title"] for row in table.to_pylist() if row["title"]}

    @functools.cached_property
    def canonical(self) -> dict[str, str]:
        """Canonical content id by article id."""
        return {ref.article_id: ref.canonical for ref in self.articles}

    def catalogue(self) -> Catalogue:
        """The catalogue as it is now."""
        return load_catalogue(self.paths.catalogue)

    def theme(self, given: str, catalogue: Catalogue) -> str:
        """Id of the theme that is meant; the last run is looked at only if that is needed."""
        if theme_in(catalogue, given):
            return given
        refs = [ThemeRef(t.theme_id, t.name) for t in catalogue.themes]
        merged = {merged for theme in catalogue.themes for merged in theme.merged}
        known = {ref.theme_id for ref in refs} | merged
        refs += [
            ThemeRef(t.theme_id, t.name) for t in self.themes.values() if t.theme_id not in known
        ]
        return find_theme(given, refs, catalogue)

    def content(self, given: str, said: Sequence[str] = ()) -> str:
        """Canonical content id of the article that is meant."""
        if given in said:
            return given
        return find_content(given, self.articles, said)

    def found(self, theme_id: str) -> FoundTheme:
        """What the last run says of a theme, with phrases to recognise it by."""
        theme = self.themes.get(theme_id)
        if theme is None:
            return FoundTheme(theme_id, theme_id, is_known=False)
        contents = [self.canonical[a] for a in theme.representative if a in self.canonical]
        titles = [self.titles[a] for a in theme.representative if a in self.titles]
        keywords = " ".join(theme.keywords)
        return FoundTheme(
            theme_id,
            theme.name,
            theme.description,
            tuple(filter(None, [keywords, *titles[:_N_TITLES]])),
            tuple(dict.fromkeys(contents)),
        )

    def known(self, theme_id: str, catalogue: Catalogue) -> FoundTheme:
        """As `found`; a catalogued theme with pins needs no last run."""
        entry = theme_in(catalogue, theme_id)
        if entry is not None and entry.pinned:
            is_known = not self.paths.themes.exists() or theme_id in self.themes
            return FoundTheme(theme_id, entry.name, is_known=is_known)
        return self.found(theme_id)

    def catalogued(
        self, given: str, catalogue: Catalogue, without: Sequence[str] = ()
    ) -> tuple[Catalogue, str]:
        """The catalogue with the theme that is meant in it, and that theme's id."""
        theme_id = self.theme(given, catalogue)
        if theme_in(catalogue, theme_id) is None:
            catalogue = keep_theme(catalogue, self.found(theme_id), without=without)
        return catalogue, theme_id

    def parts(self, theme_id: str, catalogue: Catalogue, level: int | None) -> list[FoundTheme]:
        """Sub-clusters of a theme, each as a theme; the first keeps the id.

        Raises
        ------
        UsageError
            If the theme has no two sub-clusters (of that level).
        """
        parts = parts_of(self.assignments, theme_id, level)
        if not parts:
            where = "" if level is None else f" at level {level}"
            raise UsageError(
                f"split: '{theme_id}' has one sub-cluster only{where}; see: newsthemes themes tree"
            )
        taken = {*self.themes, *(t.theme_id for t in catalogue.themes)}
        taken |= {merged for theme in catalogue.themes for merged in theme.merged}
        made: list[FoundTheme] = []
        names = catalogue
        contents_of = [self._contents(rows) for rows in parts]
        entry, memory = theme_in(catalogue, theme_id), load_memory(self.paths.theme_memory)
        brought = merged_in_parts(
            contents_of, entry.merged if entry else (), memory.now.themes if memory else ()
        )
        for number, (rows, contents) in enumerate(zip(parts, contents_of, strict=True)):
            ids = [row.article_id for row in rows]
            titles = tuple(self.titles[a] for a in ids if a in self.titles)[:_N_TITLES]
            new_id = theme_id if number == 0 else _free_id(contents, taken)
            name = free_name(names, titles[0] if titles else new_id)
            taken.add(new_id)
            if number:
                names = keep_theme(names, FoundTheme(new_id, name))
            merged = brought[number] if number else ()
            made.append(FoundTheme(new_id, name, "", titles or (name,), contents, merged=merged))
        return made

    def _contents(self, rows: Sequence[Assignment]) -> tuple[str, ...]:
        found = (self.canonical[r.article_id] for r in rows if r.article_id in self.canonical)
        return tuple(dict.fromkeys(found))


def _free_id(contents: Sequence[str], taken: set[str]) -> str:
    content = contents[0] if contents else "part"
    for size in range(8, len(content) + 1):
        if f"t-{content[:size]}" not in taken:
            return f"t-{content[:size]}"
    number = 2
    while f"t-{content[:50]}-{number}" in taken:
        number += 1
    return f"t-{content[:50]}-{number}"
