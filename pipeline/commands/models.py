"""`newsthemes models`, `promote` and `rollback`: which model labels new articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import Debug, find_params, find_project, run_command
from pipeline.io.command import say
from pipeline.io.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.desks.model_desk import ModelList, ModelVersion

AsJson = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]
Version = Annotated[
    int, typer.Argument(metavar="VERSION", min=1, help="Number of a version: newsthemes models.")
]


def models(*, as_json: AsJson = False, debug: Debug = False) -> None:
    """List the registered models, newest first: which is champion, scores, what the gate said."""

    def work(paths: Paths, model_name: str) -> None:
        from pipeline.desks.model_desk import list_models

        found = list_models(paths, model_name)
        if as_json:
            typer.echo(found.to_json())
        else:
            _show(found)

    _run(work, debug=debug)


def promote(version: Version, *, debug: Debug = False) -> None:
    """Make a version champion by hand: `newsthemes label` uses it from now on."""

    def work(paths: Paths, model_name: str) -> None:
        from pipeline.desks.model_desk import promote as promote_version

        say(promote_version(paths, model_name, version))

    _run(work, debug=debug)


def rollback(*, debug: Debug = False) -> None:
    """Go back to the champion before this one; again, to the one before that."""

    def work(paths: Paths, model_name: str) -> None:
        from pipeline.desks.model_desk import roll_back

        say(roll_back(paths, model_name))

    _run(work, debug=debug)


def _run(work: Callable[[Paths, str], None], *, debug: bool) -> None:
    def found() -> None:
        from pipeline.io.params import load_params

        work(Paths.of_project(find_project()), load_params(find_params(None)).track.model_name)

    run_command(found, debug=debug)


def _show(found: ModelList) -> None:
    from pipeline.io.terminal import show_lines, show_table

    if not found.versions:
        show_lines([f"No version of {found.model_name} yet; run: dvc repro"])
        return
    show_table(
        f"Versions of {found.model_name}",
        ("Version", "Role", "Registered (UTC)", "Run", "Macro-F1", "Themes", "Model"),
        [_row(version) for version in found.versions],
    )
    for version in found.versions:
        gate = f"{version.verdict}: {version.reason}" if version.verdict else None
        files = None if version.is_whole else f"files: {version.state}"
        show_lines(
            [f"{version.version} {line}" for line in (gate, *version.by_hand, files) if line]
        )
    before = next((v for v in found.versions if v.version == found.rollback_to), None)
    if before is not None:
        then = f"leads to version {before.version}" if before.is_whole else (
            f"is refused: version {before.version}, the champion before, is not whole"
        )  # fmt: skip
        show_lines([f"newsthemes rollback {then}."])


def _row(version: ModelVersion) -> list[str | int]:
    score = ""
    if version.macro_f1 is not None:
        score = f"{version.macro_f1:.3f}"
        if version.macro_f1_low is not None and version.macro_f1_high is not None:
            score += f" ({version.macro_f1_low:.3f}-{version.macro_f1_high:.3f})"
    return [
        version.version,
        version.role,
        version.registered[:16].replace("T", " "),
        version.run_name or version.run_id or "",
        score,
        "" if version.n_themes is None else version.n_themes,
        version.model_hash or "" if version.is_whole else version.state.partition(" ")[0],
    ]
