"""`newsthemes themes`: look at the themes, and edit data/themes.yaml by commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import UsageError
from pipeline.io.command import run_guarded, say
from pipeline.io.paths import Paths
from pipeline.io.progress import counted

if TYPE_CHECKING:
    from pipeline.desks.theme_desk import Desk
    from pipeline.records import Catalogue

app = typer.Typer(
    name="themes",
    no_args_is_help=True,
    help="Look at the themes and edit the catalogue, data/themes.yaml; edits survive retrains.",
)

ThemeArgument = Annotated[
    str, typer.Argument(metavar="THEME", help="Id or name of a theme, or the start of its id.")
]
Contents = Annotated[
    list[str],
    typer.Argument(metavar="ARTICLE...", help="Content or article ids, or their first 6 letters."),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a mistake.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]
Undo = Annotated[bool, typer.Option("--undo", help="Take it back.")]


@app.command("list")
def list_themes(*, as_json: AsJson = False, debug: Debug = False) -> None:
    """List the themes, those of the catalogue first, and what edits they carry."""
    _run(lambda: _views().list_themes(_desk(), as_json=as_json), debug)


@app.command()
def show(theme: ThemeArgument, *, as_json: AsJson = False, debug: Debug = False) -> None:
    """Show one theme: what it is, its edits, its typical and its borderline articles."""
    _run(lambda: _views().show_theme(_desk(), theme, as_json=as_json), debug)


@app.command()
def events(*, as_json: AsJson = False, debug: Debug = False) -> None:
    """Say what became of themes in the last retrain, and which edits could not be honoured."""
    _run(lambda: _views().show_events(Paths.of_project(), as_json=as_json), debug)


@app.command()
def tree(
    level: Annotated[
        int | None,
        typer.Option(
            "--level", min=0, help="Finest level to show; by default one below the default."
        ),
    ] = None,
    *,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Show the clusters from coarse to fine, and which themes they hold."""
    _run(lambda: _views().show_tree(_desk(), level, as_json=as_json), debug)


@app.command()
def keep(
    theme: ThemeArgument,
    theme_id: Annotated[str | None, typer.Option("--id", help="Its permanent id.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Its name.")] = None,
    *,
    debug: Debug = False,
) -> None:
    """Put a provisional theme into the catalogue, so that it is followed from now on."""

    def decide(desk: Desk, catalogue: Catalogue) -> tuple[Catalogue, str]:
        from pipeline.core.themes.catalogue_edits import keep_theme, theme_in

        found_id = desk.theme(theme, catalogue)
        catalogue = keep_theme(catalogue, desk.found(found_id), theme_id=theme_id, name=name)
        kept = theme_in(catalogue, theme_id or found_id)
        assert kept is not None
        return catalogue, f"kept '{kept.theme_id}', called '{kept.name}'"

    _edit(decide, debug)


@app.command()
def candidates(*, as_json: AsJson = False, debug: Debug = False) -> None:
    """List themes that may be emerging in recent batches, most promising first."""

    def work() -> None:
        from pipeline.desks.candidate_desk import show_candidates

        show_candidates(_desk(), as_json=as_json)

    _run(work, debug)


@app.command()
def accept(
    candidate: Annotated[
        str, typer.Argument(metavar="CANDIDATE", help="Its id (new-...), the start of it, or name.")
    ],
    name: Annotated[str | None, typer.Option("--as", metavar="NAME", help="Its name.")] = None,
    *,
    debug: Debug = False,
) -> None:
    """Put an emerging theme into the catalogue, its most typical articles pinned."""

    def decide(desk: Desk, catalogue: Catalogue) -> tuple[Catalogue, str]:
        from pipeline.core.themes.acceptance import accept_candidate, find_candidate
        from pipeline.desks.candidate_desk import CandidateDesk

        batches = CandidateDesk(desk)
        listed = find_candidate(candidate, batches.listed(catalogue))
        catalogue, theme_id = accept_candidate(catalogue, listed.candidate, name)
        return catalogue, batches.say_accepted(listed, catalogue, theme_id)

    _edit(decide, debug)


@app.command()
def rename(
    theme: ThemeArgument,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The new name.")],
    *,
    debug: Debug = False,
) -> None:
    """Give a theme another name; its id stays."""

    def decide(desk: Desk, catalogue: Catalogue) -> tuple[Catalogue, str]:
        from pipeline.core.themes.catalogue_edits import rename_theme

        catalogue, found_id = desk.catalogued(theme, catalogue)
        return rename_theme(catalogue, found_id, name), f"renamed '{found_id}': '{name}'"

    _edit(decide, debug)


@app.command()
def merge(
    into: ThemeArgument,
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="Themes to join to it.")],
    *,
    debug: Debug = False,
) -> None:
    """Make other themes part of a theme, now and in every retrain."""

    def decide(desk: Desk, catalogue: Catalogue) -> tuple[Catalogue, str]:
        from pipeline.core.themes.catalogue_edits import merge_themes

        found = dict.fromkeys(desk.theme(other, catalogue) for other in others)
        catalogue, into_id = desk.catalogued(into, catalogue)
        for other in found:
            catalogue = merge_themes(catalogue, into_id, desk.known(other, catalogue))
        return catalogue, f"merged {', '.join(map(repr, found))} into '{into_id}'"

    _edit(decide, debug)


@app.command()
def split(
    theme: ThemeArgument,
    level: Annotated[
        int | None, typer.Option("--level", min=0, help="Level of the tree to split by.")
    ] = None,
    *,
    apply: Annotated[bool, typer.Option("--apply", help="Do it; without, only show.")] = False,
    debug: Debug = False,
) -> None:
    """Show the sub-clusters of a theme, and with --apply make themes of them."""
    if not apply:
        _run(lambda: _views().show_parts(_desk(), theme, level), debug)
        return

    def decide(desk: Desk, catalogue: Catalogue) -> tuple[Catalogue, str]:
        from pipeline.core.themes.catalogue_edits import split_theme

        parts = desk.parts(desk.theme(theme, catalogue), catalogue, level)
        catalogue, found_id = desk.catalogued(theme, catalogue)
        new = ", ".join(f"'{part.theme_id}'" for part in parts[1:])
        return split_theme(catalogue, found_id, parts), f"split '{found_id}'; new: {new}"

    _edit(decide, debug)


@app.command()
def pin(theme: ThemeArgument, articles: Contents, *, debug: Debug = False) -> None:
    """Say that articles belong to a theme, whatever the clustering says."""
    _edit_contents("pin_contents", "pinned {} to", theme, articles, debug)


@app.command()
def unpin(theme: ThemeArgument, articles: Contents, *, debug: Debug = False) -> None:
    """Take pins back."""
    _edit_contents("unpin_contents", "unpinned {} from", theme, articles, debug, said="pinned")


@app.command()
def exclude(
    theme: ThemeArgument, articles: Contents, *, undo: Undo = False, debug: Debug = False
) -> None:
    """Say that articles never belong to a theme."""
    if undo:
        _edit_contents(
            "readmit_contents", "readmitted {} to", theme, articles, debug, said="excluded"
        )
    else:
        _edit_contents("exclude_contents", "excluded {} from", theme, articles, debug)


@app.command("cannot-link")
def cannot_link(
    one: Annotated[str, typer.Argument(metavar="ARTICLE", help="Content or article id.")],
    other: Annotated[str, typer.Argument(metavar="ARTICLE", help="Content or article id.")],
    *,
    undo: Undo = False,
    debug: Debug = False,
) -> None:
    """Say that two articles never share a theme."""

    def decide(desk: Desk, catalogue: Catalogue) -> tuple[Catalogue, str]:
        from pipeline.core.themes.catalogue_edits import part_contents, rejoin_contents

        said = [content for pair in catalogue.cannot_link for content in pair] if undo else []
        a, b = (desk.content(given, said) for given in (one, other))
        if undo:
            return rejoin_contents(catalogue, a, b), f"'{a}' and '{b}' may share a theme again"
        return part_contents(catalogue, a, b), f"'{a}' and '{b}' never share a theme"

    _edit(decide, debug)


@app.command()
def retire(theme: ThemeArgument, *, debug: Debug = False) -> None:
    """Take a theme out of the catalogue; its articles stay, and may form a provisional theme."""

    def decide(desk: Desk, catalogue: Catalogue) -> tuple[Catalogue, str]:
        from pipeline.core.themes.catalogue_edits import retire_theme

        found_id = desk.theme(theme, catalogue)
        return retire_theme(catalogue, found_id), f"retired '{found_id}'"

    _edit(decide, debug)


def _edit_contents(
    edit: str, done: str, theme: str, articles: Sequence[str], debug: bool, said: str = ""
) -> None:
    def decide(desk: Desk, catalogue: Catalogue) -> tuple[Catalogue, str]:
        from pipeline.core.themes import catalogue_edits

        theme_id = desk.theme(theme, catalogue)
        entry = catalogue_edits.theme_in(catalogue, theme_id)
        stored = getattr(entry, said) if said and entry else ()
        contents = list(dict.fromkeys(desk.content(given, stored) for given in articles))
        catalogue, theme_id = desk.catalogued(theme, catalogue, without=contents)
        changed = getattr(catalogue_edits, edit)(catalogue, theme_id, contents)
        return changed, f"{done.format(counted(len(contents), 'article'))} '{theme_id}'"

    _edit(decide, debug)


def _edit(decide: Callable[[Desk, Catalogue], tuple[Catalogue, str]], debug: bool) -> None:
    def work() -> None:
        from pipeline.io.catalogue_file import edit_catalogue

        desk = _desk()
        done = ""

        def change(catalogue: Catalogue) -> Catalogue:
            nonlocal done
            changed, done = decide(desk, catalogue)
            return changed

        if edit_catalogue(desk.paths.catalogue, change):
            say(f"{done}; run dvc repro to make it so")
        else:
            say("nothing to change: the catalogue says so already")

    _run(work, debug)


def _desk() -> Desk:
    from pipeline.desks.theme_desk import Desk

    paths = Paths.of_project()
    if not (paths.data.is_dir() or (paths.root / "dvc.yaml").is_file()):
        raise UsageError(f"{paths.root}: no newsthemes project; go to the folder that has data/")
    return Desk(paths)


def _views() -> ModuleType:
    from pipeline.desks import theme_views

    return theme_views


def _run(work: Callable[[], None], debug: bool) -> None:
    code = run_guarded(work, debug=debug)
    if code:
        raise typer.Exit(code)
