"""Labelled sets: which rows, which truths, and vectors that are found by content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import labelled_sets
from benchmarks.labelled_sets import REPORT, TUNE, LabelledSet, join_title, load_set, vectors_of
from pipeline.errors import InputError


def write(folder: Path, name: str, **columns: list[object]) -> None:
    (folder / name).mkdir()
    n = len(next(iter(columns.values())))
    ids = columns.pop("id", [f"row-{i}" for i in range(n)])
    pd.DataFrame({"id": ids, **columns}).to_parquet(folder / name / f"{name}.parquet")


def test_a_set_has_texts_truths_and_dates_row_by_row(tmp_path: Path) -> None:
    write(
        tmp_path, "ruwa_events",
        title=["Bridge hit", ""], text=["A bridge was hit.", "Grain leaves port."],
        label=["bridge", "grain"], date=["2022-04-04", ""],
    )  # fmt: skip
    found = load_set("ruwa_events", tmp_path)
    assert found.ids == ("row-0", "row-1")
    assert found.texts == ("Bridge hit. A bridge was hit.", "Grain leaves port.")
    assert found.truths == {"label": ("bridge", "grain")}
    assert found.dates == ("2022-04-04", None)
    assert (found.main_truth, found.n_groups("label")) == ("label", 2)


def test_wiki_is_cut_by_year_and_scored_on_what_has_a_theme(tmp_path: Path) -> None:
    write(
        tmp_path, "wiki_current_events",
        text=["one", "two", "three"], date=["2022-12-31", "2023-01-01", "2023-01-02"],
        theme=["War", "War", None], label=["War in X", "War in Y", None],
        theme_is_named_rule=[True, False, False],
    )  # fmt: skip
    found = load_set("wiki_current_events_2023", tmp_path)
    assert found.texts == ("two", "three")
    assert found.truths == {
        "theme": ("War", None),
        "named theme": (None, None),
        "heading": ("War in Y", None),
    }
    other = found.scored_on("heading")
    assert (found.main_truth, other.main_truth) == ("theme", "heading")
    assert other.truths == found.truths


def test_narratives_are_the_english_ones(tmp_path: Path) -> None:
    write(
        tmp_path, "semeval2025_narratives",
        text=["a", "b", "c"], lang=["EN", "PT", "EN"], label=["x", "x", None],
        domain=["URW", "CC", None],
    )  # fmt: skip
    found = load_set("semeval2025_narratives", tmp_path)
    assert found.texts == ("a", "c")
    assert found.truths["narrative"] == ("x", None)


def test_repeated_ids_are_made_unique(tmp_path: Path) -> None:
    write(tmp_path, "basil_stories", id=["a", "a"], text=["1", "2"], label=["s", "s"])
    assert load_set("basil_stories", tmp_path).ids == ("a#0", "a#1")


def test_a_large_set_is_the_same_sample_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "search_snippets", text=[str(i) for i in range(5000)], label=["x"] * 5000)
    first, second = (load_set("search_snippets", tmp_path) for _ in range(2))
    assert first == second
    assert len(set(first.texts)) == 4000
    assert list(first.texts) == sorted(first.texts, key=int)


def test_no_set_is_both_tuned_on_and_reported() -> None:
    assert not TUNE.keys() & REPORT.keys()


@pytest.mark.parametrize(
    ("name", "message"), [("news", "no such set"), ("ruwa_events", "set NEWSTHEMES_SHARED")]
)
def test_what_is_not_there_is_said(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_set(name, tmp_path)


@pytest.mark.parametrize(
    ("title", "body", "text"),
    [("A", "B", "A. B"), ("A", "A b", "A b"), ("", "B", "B"), ("A", "", "A.")],
)
def test_a_title_stands_before_a_body_that_does_not_begin_with_it(
    title: str, body: str, text: str
) -> None:
    assert join_title(title, body) == text


def made_of(*texts: str) -> LabelledSet:
    ids = tuple(str(i) for i in range(len(texts)))
    return LabelledSet("some", "stem", ids, texts, (None,) * len(texts), {"t": texts})


def test_known_vectors_are_found_by_content_in_any_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vectors = np.eye(3, dtype=np.float32)
    np.save(tmp_path / "stem.npy", vectors)
    pd.DataFrame({"full": ["a", "b", "c"]}).to_parquet(tmp_path / "stem.parquet")
    assert np.array_equal(
        vectors_of(made_of("c", "a", "c"), precomputed=tmp_path), vectors[[2, 0, 2]]
    )
    monkeypatch.setenv(labelled_sets.VECTORS_VARIABLE, str(tmp_path))
    assert np.array_equal(vectors_of(made_of("b")), vectors[[1]])


def test_vectors_that_do_not_fit_their_texts_are_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "stem.npy", np.eye(2, dtype=np.float32))
    pd.DataFrame({"full": ["a"]}).to_parquet(tmp_path / "stem.parquet")
    with pytest.raises(InputError, match="2 vectors for 1 texts"):
        vectors_of(made_of("a"), precomputed=tmp_path)


@pytest.mark.shared
def test_the_sets_that_are_there_can_be_read(shared: Path) -> None:
    found = load_set("basil_stories", shared / "datasets")
    assert (len(found.texts), found.n_groups("story")) == (150, 50)
