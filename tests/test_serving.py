"""Answers for plain texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.serving import TextLabeller
from tests.conftest import FakeEncoder
from tests.projects import make_project


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("project")).model


def test_each_text_gets_one_answer_in_its_place(folder: Path) -> None:
    labeller = TextLabeller(folder, FakeEncoder())
    texts = ["wheat drought tractor", "cargo terminal tariff", "wheat drought tractor"]
    answers = labeller.label(texts)
    assert [answer.theme for answer in answers] == ["harvest", "energy", "harvest"]
    assert answers[0] == answers[2]
    assert labeller.label([]) == []


def test_an_encoder_that_the_model_does_not_know_is_refused(folder: Path) -> None:
    encoder = FakeEncoder()
    encoder.model = "other/1"
    with pytest.raises(InputError, match=r"trained with encoder 'fake/64' \(got 'other/1'\)"):
        TextLabeller(folder, encoder)
