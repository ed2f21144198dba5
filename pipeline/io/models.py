"""The model folder: `model.safetensors` holds numbers, `model.json` words. Neither can run code."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import Path

import numpy as np
from pydantic import Field, ValidationError

from pipeline.errors import ContractError
from pipeline.io.files import read_json, write_bytes, write_json
from pipeline.io.params import Section, Share
from pipeline.records import ThemeClassifier, TrainingProfile

#: Raised whenever a folder written by an older version would mean something else.
FORMAT = 2

ARRAYS_FILE = "model.safetensors"
WORDS_FILE = "model.json"
#: Beside them, and not needed to label: what the training corpus looked like.
PROFILE_FILE = "training.json"

_ARRAYS = (
    "idf", "coefficients", "intercepts", "references", "closeness", "novelty_scale", "calibration",
)  # fmt: skip
_N_VERSION_DIGITS = 12


class _Words(Section):
    """What model.json holds; `arrays_sha256` ties it to its arrays."""

    format: int
    arrays_sha256: str
    classes: list[str]
    names: list[str]
    terms: list[str]
    temperature: float = Field(gt=0, allow_inf_nan=False)
    lexical_weight: Share
    set_threshold: Share
    min_probability: Share
    max_novelty: Share
    encoder: str
    languages: list[str]
    trained_on: list[str]
    must_mention: list[list[list[str]]]
    n_labels: int = Field(ge=0)


def save_model(folder: Path, classifier: ThemeClassifier) -> None:
    """Write the two files; equal classifiers give equal bytes.

    A reader that comes between the two finds a hash that does not fit, and refuses.
    """
    from safetensors.numpy import save

    arrays = save({name: np.ascontiguousarray(getattr(classifier, name)) for name in _ARRAYS})
    words = _Words(
        format=FORMAT,
        arrays_sha256=hashlib.sha256(arrays).hexdigest(),
        classes=list(classifier.classes),
        names=list(classifier.names),
        terms=list(classifier.terms),
        temperature=classifier.temperature,
        lexical_weight=classifier.lexical_weight,
        set_threshold=classifier.set_threshold,
        min_probability=classifier.min_probability,
        max_novelty=classifier.max_novelty,
        encoder=classifier.encoder,
        languages=list(classifier.languages),
        trained_on=list(classifier.trained_on),
        n_labels=classifier.n_labels,
        must_mention=[[list(group) for group in groups] for groups in classifier.must_mention],
    )
    write_bytes(folder / ARRAYS_FILE, arrays)
    write_json(folder / WORDS_FILE, words.model_dump())


def load_model(folder: Path) -> ThemeClassifier:
    """Read a model folder.

    Raises
    ------
    ContractError
        If a file is missing, unreadable, of another format version, not the one that the hash
        names, or if shapes disagree.
    """
    values = read_json(folder / WORDS_FILE)
    found = values.get("format") if isinstance(values, dict) else None
    if found != FORMAT:
        raise ContractError(
            f"{folder / WORDS_FILE}: model format {FORMAT} is needed (got {found}); "
            "train again: dvc repro train"
        )
    try:
        words = _Words.model_validate(values)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join(str(part) for part in problem["loc"])
        raise ContractError(
            f"{folder / WORDS_FILE}: {place}: {problem['msg']}; train again: dvc repro train"
        ) from error
    arrays = _load_arrays(folder / ARRAYS_FILE, words.arrays_sha256)
    try:
        return ThemeClassifier(
            classes=tuple(words.classes),
            names=tuple(words.names),
            terms=tuple(words.terms),
            temperature=words.temperature,
            lexical_weight=words.lexical_weight,
            set_threshold=words.set_threshold,
            min_probability=words.min_probability,
            max_novelty=words.max_novelty,
            encoder=words.encoder,
            languages=tuple(words.languages),
            trained_on=tuple(words.trained_on),
            n_labels=words.n_labels,
            must_mention=tuple(tuple(map(tuple, groups)) for groups in words.must_mention),
            **arrays,
        )
    except ValueError as error:
        raise ContractError(f"{folder}: {error}; train again: dvc repro train") from error


class _Profile(Section):
    """What training.json holds."""

    n_articles: int = Field(ge=0)
    labels: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    novelty: tuple[float, ...]
    n_words: tuple[float, ...]


def save_profile(folder: Path, profile: TrainingProfile) -> None:
    """Write what the training corpus looked like."""
    write_json(folder / PROFILE_FILE, dataclasses.asdict(profile))


def load_profile(folder: Path) -> TrainingProfile | None:
    """Read what the training corpus looked like; None for a model that does not say.

    Raises
    ------
    ContractError
        If the file is not what `save_profile` writes.
    """
    path = folder / PROFILE_FILE
    if not path.exists():
        return None
    try:
        # From text: strict as it is, pydantic takes lists for tuples there.
        return TrainingProfile(**_Profile.model_validate_json(_read(path)).model_dump())
    except ValidationError as error:
        raise ContractError(
            f"{path}: not a training profile; train again: dvc repro train"
        ) from error


def model_version(folder: Path) -> str:
    """Twelve hexadecimal digits that name both files; the same model has the same version.

    Raises
    ------
    ContractError
        If a file is missing or unreadable.
    """
    digests = [hashlib.sha256(_read(folder / name)).digest() for name in (ARRAYS_FILE, WORDS_FILE)]
    return hashlib.sha256(b"".join(digests)).hexdigest()[:_N_VERSION_DIGITS]


def _load_arrays(path: Path, sha256: str) -> dict[str, np.ndarray]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    content = _read(path)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ContractError(
            f"{path}: not the arrays that {WORDS_FILE} names (sha256 {found[:12]}…, expected "
            f"{sha256[:12]}…); copy the folder again as a whole, or run: dvc repro train"
        )
    try:
        arrays = load(content)
    except SafetensorError as error:
        raise ContractError(f"{path}: not readable ({error}); run: dvc repro train") from error
    wrong = [name for name in _ARRAYS if name not in arrays or arrays[name].dtype != np.float32]
    if wrong or len(arrays) != len(_ARRAYS):
        raise ContractError(
            f"{path}: must hold float32 {', '.join(_ARRAYS)} and nothing else "
            f"(got {', '.join(sorted(arrays)) or 'nothing'}); run: dvc repro train"
        )
    return arrays


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ContractError(f"{path}: missing; run: dvc repro train") from error
    except OSError as error:
        raise ContractError(f"{path}: not readable ({error}); run: dvc repro train") from error
