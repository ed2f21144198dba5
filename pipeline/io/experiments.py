"""The experiments in mlruns/mlflow.db, read without importing mlflow."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

#: Seconds to wait while another process writes.
_PATIENCE = 30.0

_QUERY = """
SELECT e.name, e.experiment_id, COUNT(*) FROM experiments AS e
JOIN runs AS r ON r.experiment_id = e.experiment_id
WHERE e.lifecycle_stage = 'active' AND r.lifecycle_stage = 'active'
GROUP BY e.experiment_id ORDER BY e.experiment_id
"""


@dataclass(frozen=True, slots=True)
class Experiment:
    """One experiment that has runs."""

    name: str
    experiment_id: str
    n_runs: int

    def page(self, url: str) -> str:
        """Address of its list of runs, for a server at `url`; MLflow opens another page first."""
        return f"{url}/#/experiments/{quote(self.experiment_id)}/runs"


def find_experiments(database: Path) -> list[Experiment]:
    """Experiments with runs, oldest first; none where the database cannot be read."""
    uri = f"file:{quote(str(database.absolute()))}?mode=ro"
    with contextlib.suppress(sqlite3.Error):
        connection = sqlite3.connect(uri, uri=True, timeout=_PATIENCE)
        with contextlib.closing(connection):
            rows = connection.execute(_QUERY).fetchall()
        return [Experiment(str(name), str(found), int(n)) for name, found, n in rows]
    return []
