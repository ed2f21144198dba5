"""The memory of a retrain comes back as it was, and is never silently begun anew."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ContractError
from pipeline.io.theme_memory import (
    fingerprint_inputs,
    load_events,
    load_memory,
    save_events,
    save_memory,
)
from pipeline.records import RememberedTheme, Snapshot, ThemeEvent, ThemeMemory

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
snapshots = st.builds(
    Snapshot,
    words,
    words,
    st.lists(
        st.builds(
            RememberedTheme,
            words,
            words,
            st.sampled_from(["catalogued", "provisional"]),
            st.lists(words, max_size=3).map(tuple),
            st.lists(st.floats(-1, 1), max_size=3).map(tuple),
            st.integers(0, 50),
            st.none() | words,
        ),
        max_size=3,
    ).map(tuple),
    st.lists(words, max_size=3).map(tuple),
)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("memory") / "theme_memory.json"


@given(snapshots, st.none() | snapshots)
def test_a_memory_comes_back_as_it_was(path: Path, now: Snapshot, before: Snapshot | None) -> None:
    memory = ThemeMemory(now, before)
    save_memory(path, memory)
    assert load_memory(path) == memory
    json.loads(path.read_text("utf-8"))


def test_without_a_file_there_is_no_memory(tmp_path: Path) -> None:
    assert load_memory(tmp_path / "theme_memory.json") is None


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": "theme_memory/9"}', '{"schema": "theme_memory/1", "now": {}}'],
)
def test_a_memory_that_cannot_be_read_says_how_to_get_it_back(tmp_path: Path, text: str) -> None:
    path = tmp_path / "theme_memory.json"
    path.write_text(text)
    with pytest.raises(ContractError, match="dvc checkout, or delete it"):
        load_memory(path)


def test_events_come_back_as_they_were(tmp_path: Path) -> None:
    events = [ThemeEvent("merged", "grain", "Gräin", ("t-1",), 4, 9, 4, "'Wheat' is part of it")]
    save_events(tmp_path / "events.json", events)
    assert load_events(tmp_path / "events.json") == events
    (tmp_path / "events.json").write_text('{"events": [{}]}')
    with pytest.raises(ContractError, match="run: dvc repro themes"):
        load_events(tmp_path / "events.json")


def test_a_fingerprint_is_of_bytes_and_settings_and_not_of_names(tmp_path: Path) -> None:
    one, other, missing = (tmp_path / name for name in ("one", "other", "missing"))
    one.write_text("same")
    other.write_text("same")
    assert fingerprint_inputs([one], 1) == fingerprint_inputs([other], 1)
    assert fingerprint_inputs([one], 1) != fingerprint_inputs([one], 2)
    assert fingerprint_inputs([missing]) != fingerprint_inputs([one])
    other.write_text("")
    assert fingerprint_inputs([missing]) != fingerprint_inputs([other])
