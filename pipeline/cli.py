"""What people type. Each command says in which order; the work is in stages and core."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import __version__
from pipeline.commands import label, models, review, themes
from pipeline.commands.options import (
    Debug,
    Inputs,
    ParamsFile,
    find_params,
    find_project,
    run_command,
    spare_inputs,
    with_worker,
)
from pipeline.errors import ContractError, UsageError
from pipeline.io.command import run_guarded, say
from pipeline.io.paths import Paths
from pipeline.io.progress import counted

if TYPE_CHECKING:
    from pipeline.io.workers import Worker

app = typer.Typer(
    name="newsthemes",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Find, name and follow the themes in scraped news, and label new articles with them.",
)
app.add_typer(themes.app)
app.add_typer(review.app)
for command in (label.label, models.models, models.promote, models.rollback):
    app.command()(command)

OutFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.")]


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"newsthemes {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Options that belong to no command."""


@app.command()
def ingest(
    inputs: Inputs, out: OutFolder, params: ParamsFile = None, *, debug: Debug = False
) -> None:
    """Split pages into clean, distinct articles: DIR/articles.parquet, DIR/rejected.jsonl."""

    def work(first: Worker) -> None:
        from pipeline.io.files import check_writable
        from pipeline.io.params import load_params
        from pipeline.stages.ingest import ingest_into

        paths = Paths(root=out, data=out)
        spare_inputs(inputs, out, [paths.articles, paths.rejected])
        settings = load_params(find_params(params))
        check_writable(paths.articles)
        ingest_into(paths, inputs, settings.ingest, first)

    run_command(with_worker(work), debug=debug)


@app.command()
def discover(
    inputs: Inputs,
    out: OutFolder,
    params: ParamsFile = None,
    themes: Annotated[
        Path | None,
        typer.Option(
            "--themes",
            metavar="FILE",
            help="Catalogue; by default DIR/themes.yaml, or else the project's data/themes.yaml.",
        ),
    ] = None,
    *,
    debug: Debug = False,
) -> None:
    """Find the themes in any pages, without touching the project's own data.

    Writes the same files as the stages of the pipeline below DIR, and DIR/report.html.
    """

    def work(first: Worker) -> None:
        from pipeline.io.files import check_writable
        from pipeline.io.params import load_params
        from pipeline.io.tables import read_rows
        from pipeline.io.terminal import show_themes
        from pipeline.records import Assignment, Theme
        from pipeline.stages import cluster, embed, report
        from pipeline.stages import themes as name_themes
        from pipeline.stages.ingest import ingest_into

        paths = Paths(root=out, data=out)
        spare_inputs(inputs, out, paths.discovered())
        settings = load_params(find_params(params))
        catalogue = _find_catalogue(themes, paths.catalogue)
        check_writable(paths.articles)
        ingest_into(paths, inputs, settings.ingest, first)
        _bring_catalogue(catalogue, paths.catalogue)
        for stage in (embed, cluster, name_themes, report):
            stage.run(paths, settings)
        show_themes(read_rows(paths.themes, Theme), read_rows(paths.assignments, Assignment))
        say(f"all files are in {out}; open {paths.report}")

    run_command(with_worker(work), debug=debug)


@app.command()
def show(*, debug: Debug = False) -> None:
    """Print what the last `dvc repro` found: themes, scores, and where the report is."""

    def work() -> None:
        from pipeline.io.files import read_json
        from pipeline.io.tables import read_rows
        from pipeline.io.terminal import show_scores, show_themes
        from pipeline.records import Assignment, Theme

        paths = Paths.of_project()
        show_themes(read_rows(paths.themes, Theme), read_rows(paths.assignments, Assignment))
        show_scores(read_json(paths.metrics("evaluate")))
        typer.echo(f"Report: {paths.report.relative_to(paths.root)}")
        typer.echo("Go on with: make ui    (compare runs in the browser)")
        typer.echo("            newsthemes label SCRAPES... --out labelled.csv")

    run_command(work, debug=debug)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = 5000,
    *,
    debug: Debug = False,
) -> None:
    """Compare runs in MLflow's browser interface, on this machine only."""

    def work() -> None:
        from pipeline.io.experiments import find_experiments
        from pipeline.io.registry import DATABASE, custom_uri
        from pipeline.io.ui_server import serve_until_interrupted
        from pipeline.tracking import ui_command

        paths = Paths.of_project()
        command = ui_command(paths, port)
        if command.note:
            say(command.note)
        own = custom_uri(paths) is None
        for found in find_experiments(paths.mlruns / DATABASE) if own else ():
            say(f"{counted(found.n_runs, 'run')} of {found.name}: {found.page(command.url)}")
        say(f"open {command.url}   (Ctrl-C ends it)")
        code = serve_until_interrupted(command)
        if code:
            raise ContractError(
                f"ui: MLflow ended by itself (exit {code}); its last lines above say why"
            )

    run_command(work, debug=debug)


@app.command()
def doctor(
    *,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print problems only.")] = False,
    debug: Debug = False,
) -> None:
    """Say what is wrong with this installation, and mend it with --fix."""

    def work() -> None:
        from pipeline.doctor import examine

        findings = examine(Paths.of_project(), fix=fix)
        for finding in findings:
            if not (quiet and finding.ok):
                remedy = f"; {finding.fix}" if finding.fix and not finding.ok else ""
                typer.echo(f"{finding.mark:<5}{finding.name}: {finding.message}{remedy}")
        n_bad = sum(finding.is_bad for finding in findings)
        if n_bad:
            raise ContractError(f"doctor: {n_bad} of {len(findings)} checks failed; see above")

    run_command(work, debug=debug)


def _find_catalogue(given: Path | None, kept: Path) -> Path | None:
    """`given`, or the one that lies by the results, or the project's; checked, and said which."""
    from pipeline.io.catalogue import load_catalogue

    if given is not None and not given.is_file():
        raise UsageError(f"--themes {given}: no such file; check the path")
    of_project = Paths.of_project(find_project()).catalogue
    source = given or next((path for path in (kept, of_project) if path.is_file()), None)
    if source is None:
        say(
            "discover: no catalogue; themes get names from keywords, or follow yours: --themes FILE"
        )
        return None
    n_themes = counted(len(load_catalogue(source).themes), "theme")
    note = ", kept as it is; --themes FILE replaces it" if source == kept else ""
    say(f"discover: catalogue {source} ({n_themes}){note}")
    return source


def _bring_catalogue(source: Path | None, target: Path) -> None:
    """Copy the catalogue beside the results that it explains."""
    from pipeline.io.files import write_bytes

    if source is not None and source.resolve() != target.resolve():
        write_bytes(target, source.read_bytes())


def main() -> None:
    """Entry point of `newsthemes`."""
    for stream in (sys.stdout, sys.stderr):
        # Names of themes may hold any character, and a terminal may know only ASCII.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # Guarded once more: Ctrl-C may come before a command is. With debug, as each command has
    # said its own mistakes already.
    sys.exit(run_guarded(app, debug=True))


if __name__ == "__main__":
    main()
