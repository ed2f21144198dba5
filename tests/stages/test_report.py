"""The report stage reads what the others made and writes its own outputs, nothing else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from pipeline.core.report.page import Findings
from pipeline.errors import ContractError
from pipeline.io.files import write_json
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import write_clusters, write_rejected, write_rows
from pipeline.io.theme_memory import save_events
from pipeline.records import Article, Assignment, HoldoutRow, Level, SeriesPoint, Theme
from pipeline.stages.report import run
from tests.conftest import CHECKOUT
from tests.core.report.test_page import empty_findings, make_findings

PLOTS = ["map.png", "reliability.png", "theme_sizes.png", "themes.csv", "timeline.png"]


def write_findings(paths: Paths, findings: Findings) -> None:
    write_rows(paths.articles, findings.articles, Article)
    write_rejected(paths.rejected, findings.rejected)
    write_clusters(paths.clusters, findings.clusters)
    write_rows(paths.themes, findings.themes, Theme)
    write_rows(paths.assignments, findings.assignments, Assignment)
    write_rows(paths.levels, findings.levels, Level)
    write_rows(paths.theme_series, findings.series, SeriesPoint)
    save_events(paths.theme_events, findings.events)
    write_rows(paths.predictions, findings.holdout, HoldoutRow)
    for stage, values in findings.metrics.items():
        write_json(paths.metrics(stage), values)


def run_on(folder: Path, findings: Findings) -> dict[str, bytes]:
    paths = Paths.of_project(folder)
    write_findings(paths, findings)
    before = {path for path in folder.rglob("*") if path.is_file()}
    run(paths, load_params(CHECKOUT / "params.yaml"))
    after = {path for path in folder.rglob("*") if path.is_file()}
    return {p.relative_to(paths.data).as_posix(): p.read_bytes() for p in after - before}


def test_page_pictures_and_table_are_written(tmp_path: Path) -> None:
    written = run_on(tmp_path, make_findings())

    assert sorted(written) == [*(f"plots/report/{name}" for name in PLOTS), "report.html"]
    assert b"Ships leave plain" in written["report.html"]


def test_a_second_run_changes_no_byte(tmp_path: Path) -> None:
    assert run_on(tmp_path / "a", make_findings()) == run_on(tmp_path / "b", make_findings())


def test_pictures_of_an_earlier_run_go_when_they_no_longer_hold(tmp_path: Path) -> None:
    run_on(tmp_path, make_findings())

    run_on(tmp_path, empty_findings())

    left = sorted(path.name for path in (tmp_path / "data/plots/report").glob("*.png"))
    assert left == ["theme_sizes.png"]


def test_without_a_holdout_the_rest_is_reported(tmp_path: Path) -> None:
    paths = Paths.of_project(tmp_path)
    write_findings(paths, dataclasses.replace(make_findings(), metrics={}))
    paths.predictions.unlink()

    run(paths, load_params(CHECKOUT / "params.yaml"))

    assert "Nothing has been measured yet" in paths.report.read_text(encoding="utf-8")


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    paths = Paths.of_project(tmp_path)
    write_findings(paths, make_findings())
    paths.themes.unlink()

    with pytest.raises(ContractError, match=r"themes\.parquet: missing"):
        run(paths, load_params(CHECKOUT / "params.yaml"))
