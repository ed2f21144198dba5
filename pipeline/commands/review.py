"""`newsthemes review`: let people check what the model is least sure of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.options import Debug, ParamsFile, find_params, run_command
from pipeline.errors import UsageError
from pipeline.io.paths import Paths

if TYPE_CHECKING:
    from pipeline.desks.review_desk import ReviewDesk

app = typer.Typer(
    name="review",
    no_args_is_help=True,
    help="Have labels checked in a spreadsheet or in Label Studio, and bring them back.",
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]


@app.callback()
def _options() -> None:
    """Options that belong to no command."""


@app.command("export")
def export(
    labelled: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[LABELLED...]",
            help="Labelled output to check; by default the corpus and all batches.",
        ),
    ] = None,
    out: Annotated[
        Path,
        typer.Option(
            "--out", metavar="FILE", help=".csv for a spreadsheet, .json for Label Studio."
        ),
    ] = Path("review.csv"),
    n: Annotated[int, typer.Option("--n", min=1, help="How many articles.")] = 50,
    novel: Annotated[
        int | None,
        typer.Option(
            "--novel", min=0, help="How many of them the most novel; by default a quarter."
        ),
    ] = None,
    annotator: Annotated[
        str | None,
        typer.Option("--annotator", metavar="NAME", help="Who will check; by default anybody."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Of the random part; by default as params.yaml.")
    ] = None,
    params: ParamsFile = None,
    *,
    debug: Debug = False,
) -> None:
    """Write the articles that are most worth a look, with the column `theme` to be filled in.

    Suspected label errors come first, then those that the model is least sure of, each about
    something else, then the most novel, a quarter, and a random quarter, which tells how often the
    labels are right.
    """

    def work() -> None:
        from pipeline.desks.review_desk import export_review
        from pipeline.desks.review_pool import load_labelled_pool, load_pool
        from pipeline.desks.review_views import tell_export
        from pipeline.io.params import load_params

        desk = _desk()
        settings = load_params(find_params(params))
        pool = load_labelled_pool(desk.paths, labelled) if labelled else load_pool(
            desk.paths, settings
        )  # fmt: skip
        rows = export_review(
            desk,
            pool,
            out,
            n=n,
            seed=settings.seed if seed is None else seed,
            novel=n // 4 if novel is None else novel,
            annotator=annotator,
        )
        tell_export(out, rows)

    run_command(work, debug=debug)


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="The file that was filled in, .csv or .json.")
    ],
    annotator: Annotated[
        str | None,
        typer.Option(
            "--annotator", metavar="NAME", help="Who it was, where the file does not say."
        ),
    ] = None,
    *,
    new_themes: Annotated[
        bool, typer.Option("--new-themes", help="Let ids that are not known make new themes.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done.")
    ] = False,
    debug: Debug = False,
) -> None:
    """Take the answers of a review file into data/labels.csv.

    Rows that cannot be used are named, and set aside in FILE.rejected.csv.
    """

    def work() -> None:
        from pipeline.desks.review_desk import import_review
        from pipeline.desks.review_views import tell_import

        desk = _desk()
        decisions, merged = import_review(
            desk, file, annotator=annotator, allow_new=new_themes, dry_run=dry_run
        )
        tell_import(desk, file, decisions, merged, dry_run=dry_run)

    run_command(work, debug=debug)


@app.command()
def status(params: ParamsFile = None, *, as_json: AsJson = False, debug: Debug = False) -> None:
    """Show how much is labelled, by whom, and how far people agree."""

    def work() -> None:
        from pipeline.desks.review_views import show_status
        from pipeline.io.params import load_params

        show_status(_desk(), load_params(find_params(params)), as_json=as_json)

    run_command(work, debug=debug)


def _desk() -> ReviewDesk:
    from pipeline.desks.review_desk import ReviewDesk

    paths = Paths.of_project()
    if not (paths.data.is_dir() or (paths.root / "dvc.yaml").is_file()):
        raise UsageError(f"{paths.root}: no newsthemes project; go to the folder that has data/")
    return ReviewDesk(paths)
