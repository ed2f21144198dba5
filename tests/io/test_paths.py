"""Paths: everything below one folder, but what outlives a queued experiment in its checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.io.paths import Paths


def test_all_files_lie_below_the_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DVC_ROOT", raising=False)
    paths = Paths(root=tmp_path, data=tmp_path / "out")
    places = {
        name: getattr(paths, name)
        for name, value in vars(Paths).items()
        if isinstance(value, property) and name not in {"home", "params", "mlruns", "batches"}
    }
    assert all(place.is_relative_to(paths.data) for place in places.values())
    assert len(set(places.values())) == len(places)
    assert paths.metrics("embed") == paths.data / "metrics" / "embed.json"
    assert paths.mlruns == tmp_path / "mlruns"


def test_the_current_folder_is_the_project_by_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.of_project() == Paths(root=tmp_path, data=tmp_path / "data")


def test_a_queued_experiment_shares_cache_and_runs_with_its_checkout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "checkout"))
    paths = Paths.of_project(tmp_path / "queued")
    assert paths.mlruns == tmp_path / "checkout" / "mlruns"
    assert paths.batch("b1").labelled.is_relative_to(tmp_path / "checkout" / "data" / "batches")
    assert paths.embedding_cache.is_relative_to(tmp_path / "checkout" / "data")
    assert paths.articles.is_relative_to(tmp_path / "queued")
