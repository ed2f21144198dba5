"""What MLflow shows of a batch: flat numbers, and the champion only where it did the work."""

from __future__ import annotations

import math
from dataclasses import asdict

from pipeline.core.batches.run import RunOfBatch, describe_run, name_experiment
from tests.batches import mixed, summary_of


def run(version: str = "v1", **counts: int) -> RunOfBatch:
    return describe_run(
        asdict(summary_of(mixed(**counts))), champion_version="3", champion_run="r1",
        champion_hash=version, hashes={"summary.json": "abc"},
    )  # fmt: skip


def test_numbers_are_flat_and_finite() -> None:
    found = run(energy=50, unknown=50)
    assert found.metrics["n_articles"] == 100
    assert found.metrics["share_unknown"] == 0.5
    assert found.metrics["share_energy"] == 0.5
    assert "share_harvest" not in found.metrics
    assert found.metrics["js_divergence"] == found.metrics["js_distance"] ** 2
    assert {"n_distinct", "novelty_median", "share_seen_before", "n_candidates"} <= set(
        found.metrics
    )
    assert all(math.isfinite(value) for value in found.metrics.values())
    assert found.name == "b1: 100 articles, retrain"


def test_the_champion_is_named_where_it_labelled_the_batch() -> None:
    assert run(energy=1).tags["model_version"] == "3"
    assert run(energy=1).tags["champion_run_id"] == "r1"
    assert "model_version" not in run("other", energy=1).tags
    assert run("other", energy=1).tags["model_version_hash"] == "v1"


def test_a_batch_without_articles_has_numbers_too() -> None:
    assert run().metrics["share_seen_before"] == 0.0


def test_the_same_batch_has_the_same_fingerprint_and_another_one_another() -> None:
    assert run(energy=5).fingerprint == run(energy=5).fingerprint
    other = describe_run(
        asdict(summary_of(mixed(energy=5))), champion_version=None, champion_run=None,
        champion_hash=None, hashes={"summary.json": "other"},
    )  # fmt: skip
    assert other.fingerprint != run(energy=5).fingerprint


def test_batches_have_an_experiment_of_their_own() -> None:
    assert name_experiment("newsthemes") == "newsthemes-batches"
