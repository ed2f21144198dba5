"""Pictures are the same bytes for the same values, whatever the text in them."""

import pytest

from pipeline.core.report.page import Report, build_report
from pipeline.core.report.plots import draw_map, draw_reliability, draw_sizes, draw_timelines
from tests.core.report.test_page import empty_findings, make_findings

PNG = b"\x89PNG\r\n\x1a\n"


def report_of(word: str = "plain") -> Report:
    return build_report(make_findings(word), title="x")


def draw_all(report: Report) -> list[bytes | None]:
    return [
        draw_sizes(report.cards),
        draw_timelines(report.cards),
        draw_map(report.map, report.cards),
        draw_reliability(report.scorecard.reliability),
    ]


def test_the_same_values_give_the_same_bytes_without_a_trace_of_time() -> None:
    first, second = draw_all(report_of()), draw_all(report_of())

    assert first == second
    assert all(picture is not None and picture.startswith(PNG) for picture in first)
    assert not [p for p in first if p is not None and (b"tEXt" in p or b"tIME" in p)]


@pytest.mark.parametrize("word", ["$\\frac{", "新闻", "أخبار", "<b>", "a\nb", "%s"])
def test_scraped_text_is_drawn_as_it_is(word: str) -> None:
    assert all(picture is not None for picture in draw_all(report_of(word)))


def test_what_cannot_be_drawn_is_left_out() -> None:
    report = build_report(empty_findings(), title="x")

    assert draw_sizes(report.cards).startswith(PNG)
    assert draw_all(report)[1:] == [None, None, None]
