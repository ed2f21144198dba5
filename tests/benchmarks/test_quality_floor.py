"""What `benchmarks/ingest_quality.py` must measure at least, on one small corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.ingest_quality import run
from benchmarks.page_generator import make_pages
from benchmarks.pages.gold import write_corpus
from benchmarks.pages.texts import load_texts

#: The targets are 0.98, at most 0.01 and 0.005. Sixty pages leave room for chance.
LEAST = {"seg F1": 0.97, "titles": 0.96, "dates": 0.96, "dup F1": 0.95}
MOST = {"leak": 0.01, "loss": 0.005}


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.usefixtures("shared")
def test_generated_pages_are_cut_as_their_gold_says(tmp_path: Path) -> None:
    write_corpus(make_pages(load_texts(), 20261122, 60), tmp_path)

    scores = run("floor", tmp_path, 0)

    assert {name: scores[name] for name in LEAST if scores[name] < LEAST[name]} == {}
    assert {name: scores[name] for name in MOST if scores[name] > MOST[name]} == {}
