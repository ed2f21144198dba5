"""What people type. Each command says in which order; the work is in stages and core."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.errors import ContractError, UsageError
from pipeline.io.command import run_guarded, say
from pipeline.io.paths import Paths

app = typer.Typer(
    name="newsthemes",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Find, name and follow the themes in scraped news, and label new articles with them.",
)

Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="Files or folders of scraped pages (.txt .html .jsonl .csv .parquet); - reads stdin.",
        allow_dash=True,
    ),
]
OutFolder = Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the results.")]
ParamsFile = Annotated[
    Path | None,
    typer.Option("--params", metavar="FILE", help="Settings; by default ./params.yaml."),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a mistake.")]


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

    def work() -> None:
        from pipeline.io.params import load_params
        from pipeline.stages.ingest import ingest_into

        settings = load_params(_find_params(params))
        ingest_into(Paths(root=out, data=out), _on_disk(inputs, out), settings.ingest)

    _run(work, debug=debug)


@app.command()
def discover(
    inputs: Inputs,
    out: OutFolder,
    params: ParamsFile = None,
    themes: Annotated[
        Path | None,
        typer.Option(
            "--themes", metavar="FILE", help="Catalogue; by default data/themes.yaml there."
        ),
    ] = None,
    *,
    debug: Debug = False,
) -> None:
    """Find the themes in any pages, without touching the project's own data.

    Writes the same files as the stages of the pipeline below DIR, and DIR/report.html.
    """

    def work() -> None:
        from pipeline.io.params import load_params
        from pipeline.io.tables import read_rows
        from pipeline.io.terminal import show_themes
        from pipeline.records import Assignment, Theme
        from pipeline.stages import cluster, embed, report
        from pipeline.stages import themes as name_themes
        from pipeline.stages.ingest import ingest_into

        params_file = _find_params(params)
        settings = load_params(params_file)
        paths = Paths(root=out, data=out)
        ingest_into(paths, _on_disk(inputs, out), settings.ingest)
        _bring_catalogue(themes, params_file, paths.catalogue)
        for stage in (embed, cluster, name_themes, report):
            stage.run(paths, settings)
        show_themes(read_rows(paths.themes, Theme), read_rows(paths.assignments, Assignment))
        say(f"all files are in {out}; open {paths.report}")

    _run(work, debug=debug)


@app.command()
def label(
    inputs: Inputs,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Result: .csv, .jsonl or .parquet.")
    ],
    params: ParamsFile = None,
    *,
    debug: Debug = False,
) -> None:
    """Label new scrapes with the current champion, or with data/model/ where there is none.

    What cannot be read goes to FILE.rejected.jsonl; the summary goes to standard error.
    """

    def work() -> None:
        from pipeline.core.labels.labelling import label_articles
        from pipeline.io.encoders import SentenceEncoder
        from pipeline.io.labelled_files import check_ending, write_labelled
        from pipeline.io.models import load_model, model_version
        from pipeline.io.params import load_params
        from pipeline.io.tables import write_rejected
        from pipeline.io.terminal import show_labels
        from pipeline.stages.embed import embed
        from pipeline.stages.ingest import check_rejected
        from pipeline.stages.ingest import ingest as read_pages

        check_ending(out)
        pages = _on_disk(inputs, out)
        params_file = _find_params(params)
        settings = load_params(params_file)
        paths = Paths.of_project(params_file.parent)
        folder = _find_model(paths, settings.track.model_name)
        classifier = load_model(folder)
        encoder = SentenceEncoder(settings.embed.model, settings.embed.max_tokens)
        if classifier.encoder != encoder.model:
            raise ContractError(
                f"{folder}: the model was trained on vectors of {classifier.encoder} (got "
                f"{encoder.model} from {params_file}); set embed back, or retrain: dvc repro"
            )
        ingested = read_pages(pages, settings.ingest, progress=True)
        embeddings = embed(ingested.articles, encoder, paths.embedding_cache)
        rows = label_articles(classifier, ingested.articles, embeddings, model_version(folder))
        write_labelled(out, rows)
        rejected = out.with_name(out.name + ".rejected.jsonl")
        if ingested.rejected:
            write_rejected(rejected, ingested.rejected)
        else:
            rejected.unlink(missing_ok=True)  # of an earlier run: it would mislead
        show_labels(rows, len(ingested.rejected), sys.stderr)
        check_rejected(ingested, settings.ingest)

    _run(work, debug=debug)


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

    _run(work, debug=debug)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on this machine.", min=1, max=65535)] = 5000,
    *,
    debug: Debug = False,
) -> None:
    """Compare runs in MLflow's browser interface, on this machine only."""

    def work() -> None:
        from pipeline.io.ui_server import serve_until_interrupted
        from pipeline.tracking import ui_command

        command = ui_command(Paths.of_project(), port)
        if command.note:
            say(command.note)
        say(f"open {command.url}   (Ctrl-C ends it)")
        code = serve_until_interrupted(command)
        if code:
            raise ContractError(
                f"ui: MLflow ended by itself (exit {code}); its last lines above say why"
            )

    _run(work, debug=debug)


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
                mark = "ok  " if finding.ok else "BAD "
                remedy = f"; {finding.fix}" if finding.fix and not finding.ok else ""
                typer.echo(f"{mark}{finding.name}: {finding.message}{remedy}")
        n_bad = sum(not finding.ok for finding in findings)
        if n_bad:
            raise ContractError(f"doctor: {n_bad} of {len(findings)} checks failed; see above")

    _run(work, debug=debug)


def _run(work: Callable[[], None], *, debug: bool) -> None:
    code = run_guarded(work, debug=debug)
    if code:
        raise typer.Exit(code)


def _find_params(given: Path | None) -> Path:
    """`given`, or params.yaml here, or that of the checkout this package was installed from."""
    if given is not None:
        return given
    here = Path("params.yaml")
    shipped = Path(__file__).resolve().parent.parent / "params.yaml"
    return here if here.exists() or not shipped.exists() else shipped


def _on_disk(inputs: list[Path], out: Path) -> list[Path]:
    """Refuse a result that would land among the input."""
    for path in inputs:
        if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
            raise UsageError(
                f"--out {out}: lies inside the input folder {path}, and would be read as a page "
                "next time; choose a place outside"
            )
    return inputs


def _bring_catalogue(given: Path | None, params_file: Path, target: Path) -> None:
    """Copy the catalogue beside the results that it explains."""
    source = given or params_file.parent / "data" / "themes.yaml"
    if given is not None and not given.is_file():
        raise UsageError(f"--themes {given}: no such file")
    if source.is_file() and source.resolve() != target.resolve():
        shutil.copyfile(source, target)


def _find_model(paths: Paths, model_name: str) -> Path:
    from pipeline.io.registry import champion_folder

    champion = champion_folder(paths.mlruns, model_name)
    if champion is not None:
        say(f"label: champion, version {champion.version} of {model_name}")
        return champion.folder
    if paths.model.is_dir():
        say(f"label: no champion in {paths.mlruns}; using {paths.model}")
        return paths.model
    raise ContractError(f"{paths.model}: no model yet; run: dvc repro")


def main() -> None:
    """Entry point of `newsthemes`."""
    app()


if __name__ == "__main__":
    main()
