"""The model folder: what comes back, and what is refused."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipeline.errors import ContractError
from pipeline.io.models import ARRAYS_FILE, WORDS_FILE, load_model, model_version, save_model
from pipeline.records import ThemeClassifier


def make_classifier(**fields: Any) -> ThemeClassifier:
    rng = np.random.default_rng(1)
    defaults: dict[str, Any] = {
        "classes": ("a", "b"),
        "names": ("Á theme", "B"),
        "terms": ("gas", "oil prices"),
        "idf": np.array([1.5, 2.5], dtype=np.float32),
        "coefficients": rng.normal(size=(2, 5)).astype(np.float32),
        "intercepts": np.array([0.5, -0.5], dtype=np.float32),
        "temperature": 0.7,
        "references": rng.normal(size=(4, 3)).astype(np.float32),
        "closeness": np.array([0.2, 0.3, 0.4, 0.5], dtype=np.float32),
        "novelty_scale": np.array([0.1, 0.2, -1.0, 2.0], dtype=np.float32),
        "calibration": np.array([0.1, 0.2, 0.3, 0.4], dtype=np.float32),
        "lexical_weight": 0.3,
        "set_threshold": 0.05,
        "min_probability": 0.5,
        "max_novelty": 0.95,
        "encoder": "fake/3",
        "languages": ("en",),
        "trained_on": ("c1", "c2"),
    }
    return ThemeClassifier(**(defaults | fields))


def test_what_is_saved_comes_back(tmp_path: Path) -> None:
    classifier = make_classifier()
    save_model(tmp_path / "model", classifier)
    loaded = load_model(tmp_path / "model")

    for field in dataclasses.fields(classifier):
        expected = getattr(classifier, field.name)
        found = getattr(loaded, field.name)
        np.testing.assert_array_equal(found, expected)
        assert type(found) is type(expected)


def test_empty_arrays_come_back(tmp_path: Path) -> None:
    empty = np.zeros(0, dtype=np.float32)
    classifier = make_classifier(
        terms=(), idf=empty, calibration=empty, coefficients=np.zeros((2, 3), dtype=np.float32)
    )
    save_model(tmp_path, classifier)

    assert load_model(tmp_path).terms == ()
    assert load_model(tmp_path).calibration.shape == (0,)


def test_the_same_model_gives_the_same_bytes_and_version(tmp_path: Path) -> None:
    save_model(tmp_path / "one", make_classifier())
    save_model(tmp_path / "two", make_classifier())
    save_model(tmp_path / "other", make_classifier(min_probability=0.6))

    for name in (ARRAYS_FILE, WORDS_FILE):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert model_version(tmp_path / "one") == model_version(tmp_path / "two")
    assert model_version(tmp_path / "one") != model_version(tmp_path / "other")
    assert len(model_version(tmp_path / "one")) == 12


def test_only_numbers_and_words_are_in_the_folder(tmp_path: Path) -> None:
    save_model(tmp_path, make_classifier())

    assert sorted(p.name for p in tmp_path.iterdir()) == [WORDS_FILE, ARRAYS_FILE]


def _edit(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        values = json.loads((folder / WORDS_FILE).read_text())
        change(values)
        (folder / WORDS_FILE).write_text(json.dumps(values))

    return damage


def _write_arrays(content: bytes) -> Callable[[Path], None]:
    """Replace the arrays and name their new hash, as a forger would."""
    import hashlib

    def damage(folder: Path) -> None:
        (folder / ARRAYS_FILE).write_bytes(content)
        _edit(lambda v: v.update(arrays_sha256=hashlib.sha256(content).hexdigest()))(folder)

    return damage


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: (f / WORDS_FILE).unlink(), "model.json: missing"),
        (lambda f: (f / ARRAYS_FILE).unlink(), "model.safetensors: missing; run: dvc repro train"),
        (lambda f: (f / WORDS_FILE).write_text("{"), "not readable as JSON"),
        (lambda f: (f / WORDS_FILE).write_text("[]"), "format 2 is needed (got None)"),
        (_edit(lambda v: v.update(format=1)), "format 2 is needed (got 1)"),
        (_edit(lambda v: v.pop("terms")), "terms: Field required"),
        (_edit(lambda v: v.update(extra=1)), "extra: Extra inputs are not permitted"),
        (_edit(lambda v: v.update(temperature=0.0)), "temperature: Input should be greater"),
        (_edit(lambda v: v.update(classes=["a"])), "shape (2,), expected (1,)"),
        (_edit(lambda v: v.update(classes=["b", "a"])), "classes: must be sorted"),
        (_edit(lambda v: v.update(terms=["gas"])), "idf: shape (2,), expected (1,)"),
        (lambda f: (f / ARRAYS_FILE).write_bytes(b"cut"), "not the arrays that model.json names"),
        (_write_arrays(b"not tensors"), "not readable"),
        (_write_arrays(b"\x02\0\0\0\0\0\0\0{}"), "must hold float32"),
    ],
)
def test_a_damaged_folder_is_refused(
    tmp_path: Path, damage: Callable[[Path], None], message: str
) -> None:
    save_model(tmp_path, make_classifier())
    damage(tmp_path)

    with pytest.raises(ContractError) as caught:
        load_model(tmp_path)
    assert message in str(caught.value)


def test_numbers_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="intercepts: NaN"):
        make_classifier(intercepts=np.array([np.nan, 0], dtype=np.float32))


def test_the_version_of_a_missing_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="missing; run: dvc repro train"):
        model_version(tmp_path)
