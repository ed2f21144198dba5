"""params.yaml → one frozen, checked record. The only place that knows its keys and ranges."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from pipeline.errors import ParamsError

Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
#: A longer value is cut in a message.
_N_SHOWN = 80


class Section(BaseModel):
    """A part of params.yaml: no unknown keys, no silent conversions, no changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Columns(Section):
    """Names that tables use for each field, in the order in which they are looked for."""

    title: list[Name]
    text: list[Name]
    published: list[Name]
    source: list[Name]
    author: list[Name]
    url: list[Name]
    language: list[Name]


class IngestParams(Section):
    """How pages become articles.

    `near_duplicate` is the share of both texts, `contained_duplicate` that of the shorter one,
    which must stand in the other, edited words included, for them to be copies.
    """

    min_words: int = Field(ge=1)
    max_page_mb: int = Field(ge=1, le=1000)
    max_page_seconds: float = Field(gt=0, le=3600)
    max_page_memory_mb: int = Field(ge=100, le=1_000_000)
    max_rejected_share: Share
    near_duplicate: float = Field(gt=0, le=1)
    contained_duplicate: float = Field(gt=0, le=1)
    columns: Columns


class EmbedParams(Section):
    """How articles become vectors; `backend` is one of `encoders.BACKENDS`."""

    model: Name
    max_tokens: int = Field(ge=16, le=8192)
    backend: Literal["openvino", "openvino-bf16", "torch"] = "openvino"


class ClusterParams(Section):
    """How vectors become clusters."""

    neighbors_scale: float = Field(gt=0, le=10)
    lexical_weight: Share


class ThemesParams(Section):
    """How clusters become named themes.

    `granularity` counts levels of the tree from its default one: finer above 0, coarser below.
    """

    granularity: int = Field(default=0, ge=-6, le=6)
    n_keywords: int = Field(ge=1, le=50)
    join_similarity: Share
    min_fit: Share
    name_model: Name | None
    n_evidence: int = Field(ge=1, le=50)


class TrainParams(Section):
    """How the classifier is fitted."""

    holdout_share: float = Field(gt=0, lt=1)
    regularization: float = Field(gt=0)
    lexical_weight: Share
    label_weight: float = Field(gt=0)
    max_features: int = Field(ge=100)


class LabelParams(Section):
    """When the classifier abstains."""

    min_probability: Share
    max_novelty: Share
    coverage: float = Field(gt=0, lt=1)


class EvaluateParams(Section):
    """How scores are measured."""

    n_bootstrap: int = Field(ge=100, le=100_000)


class ReportParams(Section):
    """What the report is called."""

    title: Name


class TrackParams(Section):
    """Where runs go, and how much worse a new champion may at most be."""

    experiment: Name
    model_name: Name
    promote_margin: Share


class Params(Section):
    """All of params.yaml."""

    seed: int = Field(ge=0, le=2**32 - 1)
    ingest: IngestParams
    embed: EmbedParams
    cluster: ClusterParams
    themes: ThemesParams
    train: TrainParams
    label: LabelParams
    evaluate: EvaluateParams
    report: ReportParams
    track: TrackParams


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses a key given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise yaml.constructor.ConstructorError(
                    None, None, f"line {line}: key '{key}' is given twice; keep one"
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def load_yaml(path: Path) -> Any:
    """Read YAML without running anything.

    Raises
    ------
    ParamsError
        If the file is missing, is not YAML, or gives a key twice.
    """
    try:
        # Safe: the loader is a SafeLoader with one more check.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506
    except FileNotFoundError as error:
        raise ParamsError(f"{path}: missing; run from the project's folder") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ParamsError(f"{path}: not readable ({error})") from error
    except yaml.YAMLError as error:
        detail = " ".join(str(error).split())
        raise ParamsError(f"{path}: not valid YAML: {detail}{_yaml_remedy(error)}") from error


def _yaml_remedy(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or ""
    if problem.endswith("keep one"):
        return ""
    if "mapping values are not allowed" in problem:
        return "; put a value that holds a colon in quotes"
    return "; mend it there"


def load_params(path: Path) -> Params:
    """Read and check params.yaml.

    Raises
    ------
    ParamsError
        With all problems, one a line; an unknown key names the closest known one. A file that
        holds no section of ours is one problem: it belongs to something else.
    """
    values = load_yaml(path)
    sections = [name for name in Params.model_fields if name != "seed"]
    if not isinstance(values, dict):
        raise ParamsError(
            f"{path}: must hold sections (got {type(values).__name__}); write {', '.join(sections)}"
        )
    if not any(name in values for name in sections):
        found = ", ".join(shown_key(key) for key in list(values)[:5]) or "nothing"
        raise ParamsError(
            f"{path}: not newsthemes's settings (got {found}; none of {', '.join(sections)}); "
            "give --params FILE"
        )
    try:
        return Params.model_validate(values)
    except ValidationError as error:
        lines = [_explain(path, problem) for problem in error.errors()]
        raise ParamsError("\n".join(lines)) from error


def shown_key(key: object) -> str:
    """`key` as it is typed; quoted if it would break the line."""
    text = str(key)
    return text if text.isprintable() else repr(text)


def shown_value(value: object) -> str:
    """`value` as Python writes it, cut where it is long."""
    text = repr(value)
    return text if len(text) <= _N_SHOWN else f"{text[: _N_SHOWN - 1]}…"


def hint_key(key: object, known: Sequence[str]) -> str:
    """What to write instead of an unknown key: the closest of `known`, or all of them."""
    close = difflib.get_close_matches(str(key), known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else f"known keys: {', '.join(known)}"


def _explain(path: Path, problem: Any) -> str:
    location = list(problem["loc"])
    place = f"{path}: {'.'.join(shown_key(part) for part in location)}"
    got = shown_value(problem["input"])
    match problem["type"]:
        case "missing":
            return f"{place}: missing; add it"
        case "extra_forbidden":
            return f"{place}: unknown key; {hint_key(location[-1], _keys_at(location[:-1]))}"
        case "invalid_key":
            return f"{place}: a key must be a word (got {got}); remove it"
        case "model_type":
            keys = ", ".join(_keys_at(location))
            return (
                f"{place}: must be a section with keys of its own (got {got}); write them below "
                f"it, indented: {keys}"
            )
    message = problem["msg"].removeprefix("Input ")
    return f"{place}: {message} (got {got}); write {_allowed_at(location)}"


def _model_at(location: Sequence[object]) -> type[BaseModel] | None:
    section: type[BaseModel] = Params
    for name in location:
        annotation = section.model_fields[str(name)].annotation
        if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
            return None
        section = annotation
    return section


def _keys_at(location: Sequence[object]) -> list[str]:
    section = _model_at(location)
    return list(section.model_fields) if section else []


def _allowed_at(location: Sequence[object]) -> str:
    """What may stand at a place, in words: its kind, and the range of a number."""
    # What lies in a list is told by its number; lists hold names alone.
    names = [part for part in location if not isinstance(part, int)]
    section = _model_at(names[:-1])
    field = section.model_fields[str(names[-1])] if section else None
    if field is None or len(names) < len(location):
        return "a name, in quotes if it looks like a number"
    if get_origin(field.annotation) is Literal:
        return "one of these"
    if field.annotation not in {int, float}:
        return "a name, in quotes" if field.annotation is str else "a list of names: [a, b]"
    kind = "a whole number" if field.annotation is int else "a number"
    bounds = {key: value for rule in field.metadata for key, value in _bounds_of(rule).items()}
    low, high = bounds.get("ge"), bounds.get("le")
    if low is not None and high is not None:
        return f"{kind} from {low} to {high}"
    words = {"ge": "of at least", "gt": "above", "le": "of at most", "lt": "below"}
    return f"{kind} {' and '.join(f'{words[key]} {value}' for key, value in bounds.items())}"


def _bounds_of(rule: object) -> dict[str, float]:
    return {key: getattr(rule, key) for key in ("gt", "ge", "lt", "le") if hasattr(rule, key)}
