"""What people type. Each command says in which order; the work is in stages and core."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import __version__, cli_themes
from pipeline.errors import ContractError, InputError, UsageError
from pipeline.io.command import run_guarded, say
from pipeline.io.paths import Paths
from pipeline.io.progress import counted
from pipeline.io.readers import STDIN

if TYPE_CHECKING:
    from pipeline.io.workers import Worker

app = typer.Typer(
    name="newsthemes",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    help="Find, name and follow the themes in scraped news, and label new articles with them.",
)
app.add_typer(cli_themes.app)

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
#: The checkout that this package was installed from, where it was installed from one.
_CHECKOUT = Path(__file__).resolve().parent.parent
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

    def work(first: Worker) -> None:
        from pipeline.io.files import check_writable
        from pipeline.io.params import load_params
        from pipeline.stages.ingest import ingest_into

        paths = Paths(root=out, data=out)
        _spare_inputs(inputs, out, [paths.articles, paths.rejected])
        settings = load_params(_find_params(params))
        check_writable(paths.articles)
        ingest_into(paths, inputs, settings.ingest, first)

    _run(_with_worker(work), debug=debug)


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
        _spare_inputs(inputs, out, paths.discovered())
        settings = load_params(_find_params(params))
        catalogue = _find_catalogue(themes, paths.catalogue)
        check_writable(paths.articles)
        ingest_into(paths, inputs, settings.ingest, first)
        _bring_catalogue(catalogue, paths.catalogue)
        for stage in (embed, cluster, name_themes, report):
            stage.run(paths, settings)
        show_themes(read_rows(paths.themes, Theme), read_rows(paths.assignments, Assignment))
        say(f"all files are in {out}; open {paths.report}")

    _run(_with_worker(work), debug=debug)


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

    def work(first: Worker) -> None:
        from pipeline.core.labels.labelling import label_articles
        from pipeline.io.encoders import SentenceEncoder, encoder_of
        from pipeline.io.files import check_writable
        from pipeline.io.labelled_files import check_ending, rejected_beside, write_labelled
        from pipeline.io.models import load_model, model_version
        from pipeline.io.params import load_params
        from pipeline.io.tables import write_rejected
        from pipeline.io.terminal import show_labels
        from pipeline.stages.embed import embed
        from pipeline.stages.ingest import check_articles, check_rejected
        from pipeline.stages.ingest import ingest as read_pages

        check_ending(out)
        rejected = rejected_beside(out)
        _spare_inputs(inputs, out, [out, rejected])
        params_file = _find_params(params)
        settings = load_params(params_file)
        check_writable(out)
        paths = Paths.of_project(_find_project())
        folder = _find_model(paths, settings.track.model_name)
        classifier = load_model(folder)
        # The model knows its encoder; params.yaml may be of a later experiment.
        encoder = encoder_of(classifier.encoder) or SentenceEncoder(
            settings.embed.model, settings.embed.max_tokens
        )
        if classifier.encoder != encoder.model:
            raise ContractError(
                f"{folder}: the model was trained on vectors of {classifier.encoder} (got "
                f"{encoder.model} from {params_file}); set embed back, or retrain: dvc repro"
            )
        ingested = read_pages(
            inputs, settings.ingest, progress=True, scratch=out.parent, first=first
        )
        if not ingested.articles:
            write_rejected(rejected, ingested.rejected)
            with _saying_what_was_written(out, rejected):
                check_articles(ingested.tally, inputs)
        originals = [article for article in ingested.articles if article.is_canonical]
        embeddings = embed(originals, encoder, paths.embedding_cache)
        rows = label_articles(classifier, ingested.articles, embeddings, model_version(folder))
        write_labelled(out, rows)
        if ingested.rejected:
            write_rejected(rejected, ingested.rejected)
        else:
            rejected.unlink(missing_ok=True)  # of an earlier run: it would mislead
        show_labels(rows, len(ingested.rejected), sys.stderr)
        check_rejected(ingested.tally, settings.ingest)

    _run(_with_worker(work), debug=debug)


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
                remedy = f"; {finding.fix}" if finding.fix and not finding.ok else ""
                typer.echo(f"{finding.mark:<5}{finding.name}: {finding.message}{remedy}")
        n_bad = sum(finding.is_bad for finding in findings)
        if n_bad:
            raise ContractError(f"doctor: {n_bad} of {len(findings)} checks failed; see above")

    _run(work, debug=debug)


def _run(work: Callable[[], None], *, debug: bool) -> None:
    code = run_guarded(work, debug=debug)
    if code:
        raise typer.Exit(code)


def _with_worker(work: Callable[[Worker], None]) -> Callable[[], None]:
    """Start a process that gets ready to parse pages while `work` reads settings and models."""

    def started() -> None:
        from pipeline.io.workers import Worker

        with Worker("pipeline.stages.ingest:warm_up") as first:
            work(first)

    return started


def _find_params(given: Path | None) -> Path:
    """`given`, or params.yaml here, or that of the checkout this package was installed from."""
    if given is not None:
        return given
    here = Path.cwd() / "params.yaml"
    shipped = _CHECKOUT / "params.yaml"
    return here if here.exists() or not shipped.exists() else shipped


def _find_project() -> Path:
    """Folder that holds model, catalogue and runs: this one, or else the checkout.

    Whatever the settings are: `--params FILE` changes numbers, not what is labelled with.
    """
    here = Path.cwd()
    is_project = any((here / name).exists() for name in ("dvc.yaml", "data/model", "mlruns"))
    return here if is_project or not (_CHECKOUT / "dvc.yaml").exists() else _CHECKOUT


def _spare_inputs(inputs: list[Path], out: Path, made: list[Path]) -> None:
    """Refuse a result that would land among the input, or in its place."""
    for path in inputs:
        for target in made:
            if path != STDIN and path.is_file() and target.exists() and path.samefile(target):
                raise UsageError(
                    f"--out {out}: would overwrite the input {path}; choose another place"
                )
        if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
            raise UsageError(
                f"--out {out}: lies inside the input folder {path}, and would be read as a page "
                "next time; choose a place outside"
            )


def _find_catalogue(given: Path | None, kept: Path) -> Path | None:
    """`given`, or the one that lies by the results, or the project's; checked, and said which."""
    from pipeline.io.catalogue import load_catalogue

    if given is not None and not given.is_file():
        raise UsageError(f"--themes {given}: no such file; check the path")
    of_project = Paths.of_project(_find_project()).catalogue
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


@contextmanager
def _saying_what_was_written(out: Path, rejected: Path) -> Iterator[None]:
    """Add to an InputError what became of the files of `label`."""
    try:
        yield
    except InputError as error:
        old = "; what it holds is of an earlier run" if out.exists() else ""
        raise InputError(
            f"{error}\n{rejected}: all rejected items\n{out}: not written{old}"
        ) from error


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
    for stream in (sys.stdout, sys.stderr):
        # Names of themes may hold any character, and a terminal may know only ASCII.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    # Guarded once more: Ctrl-C may come before a command is. With debug, as each command has
    # said its own mistakes already.
    sys.exit(run_guarded(app, debug=True))


if __name__ == "__main__":
    main()
