"""Names of people and papers beside a date."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.times.names import read_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ann Lee", "Ann Lee"),
        (" , by Ann Lee | ", "Ann Lee"),
        ("Bo de Wu in Oslo", "Bo de Wu in Oslo"),
        ("Ann Lee, chief foreign correspondent", "Ann Lee"),
        ("Ann Lee and Bo Wu", "Ann Lee and Bo Wu"),
        (" | ", ""),
        ("police arrive at the scene", None),
        ("Police arrive at the scene", None),
        ("A B C D E F G H I", None),
    ],
)
def test_name_is_up_to_eight_capitalised_words(text: str, name: str | None) -> None:
    assert read_name(text) == name


@given(st.text(max_size=80))
def test_any_text_is_a_name_or_none(text: str) -> None:
    name = read_name(text)

    assert not name or len(name.split()) <= 8
