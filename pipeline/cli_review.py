"""`newsthemes review`: let people check what the model is least sure of."""

from __future__ import annotations

import typer

app = typer.Typer(
    name="review",
    no_args_is_help=True,
    help="Have labels checked in a spreadsheet or in Label Studio, and bring them back.",
)


@app.callback()
def _options() -> None:
    """Options that belong to no command."""
