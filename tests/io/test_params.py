"""params.yaml: checked strictly, all problems at once, each saying what to write instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.errors import ParamsError
from pipeline.io.params import Params, load_params, load_yaml
from tests.conftest import CHECKOUT

SHIPPED = (CHECKOUT / "params.yaml").read_text(encoding="utf-8")


def write(folder: Path, text: str) -> Path:
    path = folder / "params.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def changed(place: str, value: Any, *, remove: bool = False) -> str:
    """Text of the shipped file with one value changed."""
    values = yaml.safe_load(SHIPPED)
    *parents, key = place.split(".")
    section = values
    for parent in parents:
        section = section[parent]
    if remove:
        del section[key]
    else:
        section[key] = value
    return str(yaml.safe_dump(values))


def problems_of(path: Path) -> list[str]:
    with pytest.raises(ParamsError) as caught:
        load_params(path)
    return str(caught.value).split("\n")


def test_the_shipped_file_is_valid() -> None:
    params = load_params(CHECKOUT / "params.yaml")
    assert params.embed.model == "all-MiniLM-L6-v2"
    assert params.model_dump() == yaml.safe_load(SHIPPED)


def test_params_cannot_be_changed_later() -> None:
    params = load_params(CHECKOUT / "params.yaml")
    with pytest.raises(ValidationError, match="frozen"):
        params.seed = 8  # type: ignore[misc]


@pytest.mark.parametrize(
    ("place", "value", "message"),
    [
        ("cluster.lexical_wieght", 0.1, "unknown key; did you mean 'lexical_weight'?"),
        ("clutser", {}, "unknown key; did you mean 'cluster'?"),
        ("embed.zzz", 1, "unknown key; known keys: model, max_tokens, backend"),
        ("ingest.columns.titel", ["x"], "unknown key; did you mean 'title'?"),
        (
            "seed",
            "seven",
            "should be a valid integer (got 'seven'); write a whole number from 0 to 4294967295",
        ),
        ("seed", True, "should be a valid integer (got True)"),
        ("seed", -1, "should be greater than or equal to 0 (got -1)"),
        ("seed", 2**32, "should be less than or equal to 4294967295 (got 4294967296)"),
        (
            "ingest.min_words",
            1.5,
            "should be a valid integer (got 1.5); write a whole number of at least 1",
        ),
        (
            "ingest.columns.title",
            "title",
            "should be a valid list (got 'title'); write a list of names: [a, b]",
        ),
        (
            "label.min_probability",
            1.5,
            "should be less than or equal to 1 (got 1.5); write a number from 0 to 1",
        ),
        ("label.max_novelty", float("nan"), "(got nan)"),
        ("train.regularization", 0, "should be greater than 0 (got 0); write a number above 0"),
        (
            "train.holdout_share",
            1,
            "should be less than 1 (got 1); write a number above 0 and below 1",
        ),
        ("ingest.columns.title", [3], "should be a valid string (got 3); write a name, in quotes"),
        ("train.regularization", float("inf"), "should be a finite number (got inf)"),
        ("embed.model", "", "String should have at least 1 character (got ''); write a name"),
        ("embed.model", None, "should be a valid string (got None); write a name, in quotes"),
        ("embed.backend", "jax", "'openvino-bf16' or 'torch' (got 'jax'); write one of these"),
        ("cluster", None, "(got None); write them below it, indented: neighbors_scale, "),
    ],
)
def test_a_wrong_value_says_where_what_and_what_to_do(
    place: str, value: Any, message: str, tmp_path: Path
) -> None:
    path = write(tmp_path, changed(place, value))
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: {place}")
    assert "; " in problem
    assert message in problem


@pytest.mark.parametrize("place", ["seed", "themes", "themes.min_fit", "ingest.columns.text"])
def test_a_missing_key_is_named(place: str, tmp_path: Path) -> None:
    path = write(tmp_path, changed(place, None, remove=True))
    assert problems_of(path) == [f"{path}: {place}: missing; add it"]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    text = changed("seed", "x").replace("max_tokens: 256", "max_token: 256\n  model2: y")
    problems = problems_of(write(tmp_path, text))
    assert sorted(p.removeprefix(f"{tmp_path}").split(": ")[1] for p in problems) == [
        "embed.max_token",
        "embed.max_tokens",
        "embed.model2",
        "seed",
    ]


def test_a_key_given_twice_is_refused_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems_of(write(tmp_path, "seed: 1\nembed:\n  model: a\n  model: b\n"))
    assert "line 4: key 'model' is given twice; keep one" in problem


@pytest.mark.parametrize("text", ["seed: [1", "a: b: c", "\tseed: 1", "? {a: 1}: 2\n{}"])
def test_what_is_not_yaml_is_said_on_one_line(text: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: not valid YAML: ")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("name: Ferries: the island", "put a value that holds a colon in quotes"),
        ("seed: [1", "mend it there"),
        ("a: 1\na: 2", "keep one"),
    ],
)
def test_what_is_not_yaml_has_a_remedy(text: str, remedy: str, tmp_path: Path) -> None:
    (problem,) = problems_of(write(tmp_path, text))
    assert problem.endswith(f"; {remedy}")


@pytest.mark.parametrize(
    "text",
    [
        "seed: !!python/object/apply:os.system ['touch evil']",
        "!!python/object:pipeline.io.params.Params {}",
        "!!python/name:os.system ''",
    ],
)
def test_yaml_that_would_run_code_is_refused(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (problem,) = problems_of(write(tmp_path, text))
    assert "not valid YAML: could not determine a constructor" in problem
    assert not (tmp_path / "evil").exists()


@pytest.mark.parametrize(("text", "kind"), [("", "NoneType"), ("- 1", "list"), ("abc", "str")])
def test_a_file_without_sections_is_refused(text: str, kind: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: must hold sections (got {kind}); write ingest, embed, ")


@pytest.mark.parametrize(
    ("text", "got"),
    [("lr: 0.1\nmodel: resnet\n", "lr, model"), ("seed: 7\n", "seed"), ("{}", "nothing")],
)
def test_the_settings_of_another_project_are_one_problem(
    text: str, got: str, tmp_path: Path
) -> None:
    path = write(tmp_path, text)
    (problem,) = problems_of(path)
    assert problem.startswith(f"{path}: not newsthemes's settings (got {got}; none of ingest, ")
    assert problem.endswith("); give --params FILE")


def test_keys_that_are_no_words_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, SHIPPED + "\n1: 2\n")
    assert problems_of(path) == [f"{path}: 1: a key must be a word (got 1); remove it"]


def test_a_missing_or_unreadable_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    assert problems_of(path) == [f"{path}: missing; run from the project's folder"]
    path.write_bytes(b"seed: \xff\xfe")
    assert "not readable" in problems_of(path)[0]
    path.unlink()
    path.mkdir()
    assert "not readable" in problems_of(path)[0]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


@given(st.sampled_from([*Params.model_fields, "embed.max_tokens", "ingest.columns.title"]), VALUES)
def test_whatever_stands_there_is_accepted_or_explained(
    tmp_path_factory: pytest.TempPathFactory, place: str, value: Any
) -> None:
    path = write(tmp_path_factory.mktemp("params"), changed(place, value))
    lines = []
    try:
        load_params(path)
    except ParamsError as error:
        lines = str(error).split("\n")
    assert all(line.startswith(f"{path}: ") and "; " in line for line in lines)


def test_yaml_is_read_as_it_is(tmp_path: Path) -> None:
    assert load_yaml(write(tmp_path, "a: {b: [1, x]}\n")) == {"a": {"b": [1, "x"]}}
