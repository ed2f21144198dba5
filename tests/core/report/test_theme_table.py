"""The table of themes opens in a spreadsheet and runs nothing there."""

import csv
import io

import pytest

from pipeline.core.report.page import build_report
from pipeline.core.report.theme_table import COLUMNS, write_theme_table
from tests.core.report.test_page import make_findings


def table_of(word: str) -> list[dict[str, str]]:
    text = write_theme_table(build_report(make_findings(word), title="x").cards)
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_theme_is_one_line() -> None:
    (line,) = table_of("plain")

    assert tuple(line) == COLUMNS
    assert (line["number"], line["theme"], line["status"]) == ("1", "grain", "catalogued")
    assert line["keywords"] == "plain; ships"


@pytest.mark.parametrize("word", ["=1+1", "+1", "-1", "@x", '=HYPERLINK("x")'])
def test_no_cell_is_taken_for_a_formula(word: str) -> None:
    (line,) = table_of(word)

    assert line["keywords"] == f"'{word}; ships"
