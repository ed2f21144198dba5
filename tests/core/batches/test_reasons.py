"""Reasons of unknown articles, as the classifier words them, fall into their kinds."""

from __future__ import annotations

import pytest

from pipeline.core.batches.reasons import KINDS, THEMATIC, WORDS, kind_of
from tests.conftest import CHECKOUT


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("unlike anything in training (novelty 0.99)", "novel"),
        ("not clear which theme (best: Ships at 0.4)", "unclear"),
        ("lacks the terms that Ships must mention", "lacks terms"),
        ("like articles that people called unknown (0.8)", "called unknown"),
        ("other language (fr)", "other language"),
        ("too short to tell (words with a meaning: 1, needed: 3)", "too short"),
        ("no vector for this text", "other"),
        ("", "other"),
    ],
)
def test_each_reason_has_its_kind(reason: str, kind: str) -> None:
    assert kind_of(reason) == kind


def test_only_articles_that_were_understood_can_be_a_theme() -> None:
    assert {"other language", "too short", "called unknown", "other"}.isdisjoint(THEMATIC)
    assert set(WORDS) == set(KINDS)


def test_the_reasons_of_the_classifier_are_those_that_are_known_here() -> None:
    """What another module says differently must be said differently here as well."""
    source = "".join(
        (CHECKOUT / "pipeline/core/labels" / name).read_text("utf-8")
        for name in ("classifier.py", "refusals.py")
    )
    for reason in (
        "unlike anything", "not clear which theme", "lacks the terms",
        "like articles that people called unknown", "other language", "too short",
    ):  # fmt: skip
        assert f'f"{reason}' in source
        assert kind_of(reason) != "other"
