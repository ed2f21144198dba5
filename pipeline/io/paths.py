"""Where every file lives."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Paths:
    """File names below one data folder.

    `root` is the project (params.yaml, dvc.lock, mlruns/); `data` is where stages read and write.
    `newsthemes discover --out DIR` uses the same names below DIR.
    """

    root: Path
    data: Path

    @classmethod
    def of_project(cls, root: Path | None = None) -> Paths:
        """Paths of the checkout in `root`, by default the current folder."""
        root = root or Path.cwd()
        return cls(root=root, data=root / "data")

    @property
    def home(self) -> Path:
        """The checkout that outlives a queued experiment.

        DVC runs queued experiments in a temporary copy and names the real one in `DVC_ROOT`.
        Caches and mlruns/ live there.
        """
        return Path(os.environ.get("DVC_ROOT") or self.root)

    # What people edit
    @property
    def params(self) -> Path:
        return self.root / "params.yaml"

    @property
    def raw(self) -> Path:
        return self.data / "raw"

    @property
    def catalogue(self) -> Path:
        return self.data / "themes.yaml"

    @property
    def labels(self) -> Path:
        return self.data / "labels.csv"

    # What stages make
    @property
    def articles(self) -> Path:
        return self.data / "articles.parquet"

    @property
    def rejected(self) -> Path:
        return self.data / "rejected.jsonl"

    @property
    def embeddings(self) -> Path:
        return self.data / "embeddings.parquet"

    @property
    def clusters(self) -> Path:
        return self.data / "clusters.parquet"

    @property
    def levels(self) -> Path:
        return self.data / "levels.parquet"

    @property
    def themes(self) -> Path:
        return self.data / "themes.parquet"

    @property
    def assignments(self) -> Path:
        return self.data / "assignments.parquet"

    @property
    def theme_series(self) -> Path:
        return self.data / "theme_series.parquet"

    @property
    def theme_events(self) -> Path:
        return self.data / "theme_events.json"

    @property
    def theme_memory(self) -> Path:
        # Read as well as written by the stage that makes it: what the next retrain goes on from.
        return self.data / "theme_memory.json"

    def discovered(self) -> list[Path]:
        """Everything that `newsthemes discover` writes."""
        return [
            self.articles, self.rejected, self.embeddings, self.clusters, self.levels, self.themes,
            self.assignments, self.theme_series, self.theme_events, self.theme_memory, self.report,
        ]  # fmt: skip

    @property
    def model(self) -> Path:
        return self.data / "model"

    @property
    def predictions(self) -> Path:
        return self.data / "holdout.parquet"

    @property
    def plots(self) -> Path:
        return self.data / "plots"

    @property
    def report(self) -> Path:
        return self.data / "report.html"

    @property
    def run(self) -> Path:
        return self.data / "run.json"

    def metrics(self, stage: str) -> Path:
        """Numbers of one stage: a flat JSON object."""
        return self.data / "metrics" / f"{stage}.json"

    # What outlives a run
    @property
    def embedding_cache(self) -> Path:
        # Queued experiments share the one of the checkout, and leave theirs to nobody.
        data = self.data if self.home == self.root else self.home / "data"
        return data / "cache" / "embeddings"

    @property
    def mlruns(self) -> Path:
        return self.home / "mlruns"

    @property
    def batches(self) -> Path:
        """What was labelled, one folder for each batch."""
        return self.home / "data" / "batches"

    def batch(self, batch_id: str) -> BatchPaths:
        """Files of one batch."""
        return BatchPaths(self.batches / batch_id)


@dataclass(frozen=True, slots=True)
class BatchPaths:
    """What `newsthemes label` keeps of one batch, below `folder`, whose name is the batch's id."""

    folder: Path

    @property
    def batch_id(self) -> str:
        return self.folder.name

    @property
    def manifest(self) -> Path:
        return self.folder / "batch.json"

    @property
    def articles(self) -> Path:
        return self.folder / "articles.parquet"

    @property
    def labelled(self) -> Path:
        return self.folder / "labelled.parquet"

    @property
    def rejected(self) -> Path:
        return self.folder / "rejected.jsonl"

    @property
    def summary(self) -> Path:
        return self.folder / "summary.json"

    @property
    def report(self) -> Path:
        return self.folder / "report.html"

    @property
    def candidates(self) -> Path:
        return self.folder / "candidates.json"
