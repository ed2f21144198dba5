"""Parameters, metrics and fingerprints as MLflow takes them."""

from __future__ import annotations

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.run_summary import (
    MAX_NAME_CHARS,
    MAX_PARAM_CHARS,
    fingerprint,
    flatten_metrics,
    flatten_params,
    run_name,
)


def test_parameters_are_named_by_section_and_lists_are_joined() -> None:
    params = {"seed": 7, "ingest": {"min_words": 6, "columns": {"title": ["title", "headline"]}}}
    assert flatten_params(params) == {
        "ingest.columns.title": "title, headline",
        "ingest.min_words": "6",
        "seed": "7",
    }


def test_a_long_parameter_is_cut_and_shows_it() -> None:
    value = flatten_params({"a": "x" * 2000})["a"]
    assert (len(value), value[-1]) == (MAX_PARAM_CHARS, "…")


def test_metrics_are_named_by_stage_and_gaps_are_listed() -> None:
    numbers, refused = flatten_metrics(
        {
            "evaluate": {"macro_f1": 0.5, "ece": math.nan, "brier": math.inf, "auc": None},
            "ingest": {"rejected": {"too_short": 3}, "note": "text"},
        }
    )
    assert numbers == {"evaluate.macro_f1": 0.5, "ingest.rejected.too_short": 3.0}
    assert refused == ("evaluate.auc", "evaluate.brier", "evaluate.ece")


def test_names_that_fall_together_are_numbered_and_none_is_lost() -> None:
    numbers, _ = flatten_metrics({"evaluate": {"f1_a<b": 0.1, "f1_a,b": 0.2}})
    assert numbers == {"evaluate.f1_a-b": 0.2, "evaluate.f1_a-b-2": 0.1}


@given(st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)))
def test_every_finite_number_gets_a_name_that_mlflow_takes(values: dict[str, float]) -> None:
    numbers, refused = flatten_metrics({"evaluate": values})
    assert sorted(numbers.values()) == sorted(float(v) for v in values.values())
    assert refused == ()
    for name in numbers:
        assert re.fullmatch(r"[A-Za-z0-9_.\- ]+", name)
        assert len(name) <= MAX_NAME_CHARS
        assert ".." not in name


def test_the_fingerprint_depends_on_values_and_not_on_order() -> None:
    first = fingerprint({"a": 1, "b": 2}, {"x": "1", "y": "2"})
    assert first == fingerprint({"b": 2, "a": 1}, {"y": "2", "x": "1"})
    assert first != fingerprint({"a": 1, "b": 3}, {"x": "1", "y": "2"})
    assert first != fingerprint({"a": 1, "b": 2}, {"x": "1", "y": "3"})


def test_a_run_is_named_by_what_tells_it_from_others() -> None:
    assert run_name(12, {"evaluate.macro_f1": 0.934}) == "12 themes, macro-F1 0.93"
    assert run_name(1, {}) == "1 theme"
