"""The templates of our pages, and what all of them write alike."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Template


def own_file(name: str) -> str:
    """Text of a file beside this module."""
    return resources.files("pipeline.core.report").joinpath(name).read_text(encoding="utf-8")


def make_template(name: str, **filters: Callable[..., Any]) -> Template:
    """Template of a page: everything is escaped, and a name that is not defined is an error."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"count": shown_count, **filters}
    return environment.from_string(own_file(name))


def shown_count(n: int) -> str:
    """`n` with spaces between thousands, from five digits on."""
    digits = f"{n:,}"
    # Four digits are read at a glance; the space helps from five on.
    return digits.replace(",", "\N{NARROW NO-BREAK SPACE}" if len(digits) > len("9,999") else "")
