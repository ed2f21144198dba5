"""What MLflow shows of one labelled batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.core.run_summary import fingerprint, flatten_metrics


@dataclass(frozen=True, slots=True)
class RunOfBatch:
    """Name, numbers and words of the run; `fingerprint` is the same for the same batch."""

    name: str
    fingerprint: str
    params: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]


def name_experiment(experiment: str) -> str:
    """Experiment that the batches go to, beside that of the pipeline's runs."""
    return f"{experiment}-batches"


def describe_run(
    summary: Mapping[str, Any],
    *,
    champion_version: str | None,
    champion_run: str | None,
    champion_hash: str | None,
    hashes: Mapping[str, str],
) -> RunOfBatch:
    """Turn a summary, as its file holds it, into flat numbers and words.

    Parameters
    ----------
    summary : mapping
        `dataclasses.asdict` of a `BatchSummary`.
    champion_version, champion_run, champion_hash
        Of the champion; its number and run are noted if it is what labelled the batch.
    hashes : mapping
        sha256 of the batch's files by name.
    """
    distance, novelty = summary["label_distance"], summary["novelty"]["batch"]
    n_articles = summary["n_articles"]
    numbers: dict[str, Any] = {
        "n_articles": n_articles,
        "n_distinct": summary["n_distinct"],
        "n_rejected": summary["n_rejected"],
        "n_candidates": len(summary["candidates"]),
        "share_unknown": summary["unknown"]["value"],
        "share_copies": summary["n_copies"] / n_articles if n_articles else 0.0,
        "share_seen_before": summary["n_seen_before"] / n_articles if n_articles else 0.0,
    }
    if novelty:
        numbers["novelty_median"] = novelty[len(novelty) // 2]
    if summary["novel"]:
        numbers["share_novel"] = summary["novel"]["value"]
    if distance:
        numbers["js_distance"] = distance["value"]
        numbers["js_distance_by_chance"] = distance["by_chance"]
        numbers["js_divergence"] = distance["value"] ** 2
    for theme in summary["themes"]:
        if theme["n_articles"]:
            numbers[f"share_{theme['theme_id']}"] = theme["share"]["value"]
    metrics, _ = flatten_metrics({"": numbers})
    version = summary["model_version"]
    tags = {"batch_id": summary["batch_id"], "model_version_hash": version}
    if champion_hash == version:
        tags |= {
            key: value
            for key, value in (
                ("model_version", champion_version),
                ("champion_run_id", champion_run),
            )
            if value
        }
    advice = summary["verdict"]["advice"]
    params = {"batch_id": summary["batch_id"], "model_version_hash": version, "advice": advice}
    return RunOfBatch(
        name=f"{summary['batch_id']}: {n_articles} articles, {advice}",
        fingerprint=fingerprint(params, hashes),
        params=params,
        metrics=metrics,
        tags=tags,
    )
