"""What several commands take, and how they find the project and guard its inputs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import UsageError
from pipeline.io.command import run_guarded
from pipeline.io.readers import STDIN

if TYPE_CHECKING:
    from pipeline.io.workers import Worker

Inputs = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="Files or folders of scraped pages (.txt .html .jsonl .csv .parquet); - reads stdin.",
        allow_dash=True,
    ),
]
ParamsFile = Annotated[
    Path | None,
    typer.Option("--params", metavar="FILE", help="Settings; by default ./params.yaml."),
]
Debug = Annotated[bool, typer.Option("--debug", help="Show the traceback of a mistake.")]

#: The checkout that this package was installed from, where it was installed from one.
_CHECKOUT = Path(__file__).resolve().parents[2]


def run_command(work: Callable[[], None], *, debug: bool) -> None:
    """Do the work of a command; what goes wrong is said, and becomes the exit code."""
    code = run_guarded(work, debug=debug)
    if code:
        raise typer.Exit(code)


def with_worker(work: Callable[[Worker], None]) -> Callable[[], None]:
    """Start a process that gets ready to parse pages while `work` reads settings and models."""

    def started() -> None:
        from pipeline.io.workers import Worker

        with Worker("pipeline.stages.ingest:warm_up") as first:
            work(first)

    return started


def find_params(given: Path | None) -> Path:
    """`given`, or params.yaml here, or that of the checkout this package was installed from."""
    if given is not None:
        return given
    here = Path.cwd() / "params.yaml"
    shipped = _CHECKOUT / "params.yaml"
    return here if here.exists() or not shipped.exists() else shipped


def find_project() -> Path:
    """Folder that holds model, catalogue and runs: this one, or else the checkout.

    Whatever the settings are: `--params FILE` changes numbers, not what is labelled with.
    """
    here = Path.cwd()
    is_project = any((here / name).exists() for name in ("dvc.yaml", "data/model", "mlruns"))
    return here if is_project or not (_CHECKOUT / "dvc.yaml").exists() else _CHECKOUT


def spare_inputs(inputs: list[Path], out: Path, made: list[Path]) -> None:
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
