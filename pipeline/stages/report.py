"""Write what was found as one page, with pictures and a table for other places."""

from __future__ import annotations

from pipeline.core.report.page import Findings, Report, build_report, render_report
from pipeline.core.report.plots import draw_map, draw_reliability, draw_sizes, draw_timelines
from pipeline.core.report.theme_table import write_theme_table
from pipeline.io.command import run_stage, say
from pipeline.io.files import write_bytes, write_text
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.results import read_metrics
from pipeline.io.tables import read_clusters, read_rejected, read_rows
from pipeline.io.theme_memory import load_events
from pipeline.records import Article, Assignment, HoldoutRow, Level, SeriesPoint, Theme


def run(paths: Paths, params: Params) -> None:
    """Read everything that was found, write the page, the pictures and the table of themes."""
    report = build_report(_read(paths), title=params.report.title)
    page = render_report(report)
    write_text(paths.report, page)
    _write_plots(paths, report)
    n_kilobytes = len(page.encode("utf-8", errors="replace")) // 1000
    say(f"report: {n_kilobytes} kB; open {paths.report}")


def _read(paths: Paths) -> Findings:
    has_holdout = paths.predictions.exists()  # `discover` trains nothing, so there is none
    return Findings(
        articles=read_rows(paths.articles, Article),
        rejected=read_rejected(paths.rejected),
        clusters=read_clusters(paths.clusters),
        themes=read_rows(paths.themes, Theme),
        assignments=read_rows(paths.assignments, Assignment),
        metrics=read_metrics(paths),
        holdout=read_rows(paths.predictions, HoldoutRow) if has_holdout else [],
        levels=read_rows(paths.levels, Level),
        series=read_rows(paths.theme_series, SeriesPoint),
        events=load_events(paths.theme_events),
    )


def _write_plots(paths: Paths, report: Report) -> None:
    folder = paths.plots / "report"
    pictures = {
        "theme_sizes.png": draw_sizes(report.cards),
        "timeline.png": draw_timelines(report.cards),
        "map.png": draw_map(report.map, report.cards),
        "reliability.png": draw_reliability(report.scorecard.reliability),
    }
    for name, picture in pictures.items():
        if picture is None:  # not of this run: an older one would mislead
            (folder / name).unlink(missing_ok=True)
        else:
            write_bytes(folder / name, picture)
    write_text(folder / "themes.csv", write_theme_table(report.cards))


if __name__ == "__main__":
    run_stage(run)
