"""Candidates become entries of the catalogue once, under a name and an id that are free."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.acceptance import (
    accept_candidate,
    find_candidate,
    free_id,
    list_candidates,
    pinned_of,
)
from pipeline.core.themes.catalogue_edits import theme_in
from pipeline.errors import UsageError
from pipeline.records import Candidate, Catalogue, CatalogueTheme

SHIPS = CatalogueTheme("ships", "Ships", "They sail.", ("a ship",), pinned=("s1",))
BEFORE = Catalogue((SHIPS,), ())
COMETS = Candidate(
    "new-c1", "Comet's tail", ("comet", "tail"), tuple(f"c{i}" for i in range(8)),
    ("Comet seen", "Tail grows", "Dust falls", "Orbit known", "Sun near"), 8, 3, 2,
    "2024-05-01", "2024-05-04", (("2024-05-01", 8),),
)  # fmt: skip


def test_an_accepted_candidate_is_a_theme_with_evidence_and_pins() -> None:
    after, theme_id = accept_candidate(BEFORE, COMETS)
    theme = theme_in(after, theme_id)
    assert theme is not None
    assert (theme_id, theme.name) == ("comet-s-tail", "Comet's tail")
    assert theme.description == "Comet seen."
    assert theme.seed_phrases == ("comet tail", "Tail grows", "Dust falls", "Orbit known")
    assert theme.pinned == ("c0", "c1", "c2", "c3", "c4")
    assert theme.merged == ()
    assert theme_in(after, "ships") == SHIPS


def test_a_name_of_ones_own_gives_the_id() -> None:
    after, theme_id = accept_candidate(BEFORE, COMETS, "Kométen  2024")
    assert theme_id == "kometen-2024"
    theme = theme_in(after, theme_id)
    assert theme is not None
    assert theme.name == "Kométen 2024"


def test_accepting_twice_is_refused_and_says_as_what() -> None:
    after, _ = accept_candidate(BEFORE, COMETS)
    with pytest.raises(UsageError, match="pinned to 'comet-s-tail' already"):
        accept_candidate(after, COMETS, "Another name")


def test_a_taken_name_is_refused_and_a_taken_id_numbered() -> None:
    with pytest.raises(UsageError, match="'ships' is called 'Ships'"):
        accept_candidate(BEFORE, COMETS, "ships")
    with pytest.raises(UsageError, match="empty"):
        accept_candidate(BEFORE, COMETS, "  ")
    _, theme_id = accept_candidate(BEFORE, COMETS, "Ships!")
    assert theme_id == "ships-2"


def test_a_candidate_without_words_still_gets_an_entry() -> None:
    bare = replace(COMETS, name="彗星", keywords=(), headlines=())
    after, theme_id = accept_candidate(BEFORE, bare)
    assert theme_id == "theme"
    assert pinned_of(after, theme_id)
    assert pinned_of(after, "nothing") == ()


def test_candidates_of_several_batches_are_told_once_the_latest_first() -> None:
    older = replace(COMETS, candidate_id="new-old", content_ids=("c0", "c1", "x1"))
    other = replace(COMETS, candidate_id="new-x", content_ids=("x1", "x2", "x3"))
    listed = list_candidates([("b2", [COMETS]), ("b1", [older, other])], BEFORE)
    assert [(i.candidate.candidate_id, i.batch_id) for i in listed] == [
        ("new-c1", "b2"), ("new-x", "b1"),
    ]  # fmt: skip
    assert all(item.accepted_as is None for item in listed)
    after, theme_id = accept_candidate(BEFORE, COMETS)
    assert list_candidates([("b2", [COMETS])], after)[0].accepted_as == theme_id


def test_a_candidate_is_found_by_id_name_or_start() -> None:
    other = replace(COMETS, candidate_id="new-d9", name="Dust", content_ids=("d",))
    listed = list_candidates([("b1", [COMETS, other])], BEFORE)
    for given_text in ("new-d9", "NEW-D", "dust"):
        assert find_candidate(given_text, listed).candidate == other
    with pytest.raises(UsageError, match="may be 'new-c1', 'new-d9'"):
        find_candidate("new-", listed)
    with pytest.raises(UsageError, match="did you mean 'new-d9'"):
        find_candidate("dusty", listed)
    with pytest.raises(UsageError, match="newsthemes themes candidates"):
        find_candidate("", [])


@given(st.text(max_size=100))
def test_every_name_gives_an_id_that_the_catalogue_takes(name: str) -> None:
    theme_id = free_id(name, BEFORE)
    assert len(theme_id) <= 64
    assert theme_id != "ships"
    if name.strip() and name.isprintable() and name.strip().casefold() != "ships":
        after, found = accept_candidate(BEFORE, COMETS, name)
        assert theme_in(after, found) is not None
