"""Boilerplate that is known by its surroundings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.pages.cleaning import find_boilerplate, is_caption, is_headline, is_sentence_end


@pytest.mark.parametrize(
    "line",
    [
        "Bridge is closed again",
        "Is the bridge closed?",
        "Troops ‘suffer 4,000 casualties’",
        "Envoy returns to U.S.",
        "東京で橋が閉鎖",
    ],
)
def test_headline_has_no_full_stop(line: str) -> None:
    assert is_headline(line)


@pytest.mark.parametrize(
    "line", ["", "Bridge", "It is closed.", "“It is closed.”", "He said:", "word " * 31, "12 34"]
)
def test_sentence_or_fragment_is_no_headline(line: str) -> None:
    assert not is_headline(line)


def test_abbreviation_ends_no_sentence() -> None:
    assert not is_sentence_end("Envoy returns to U.S.")
    assert is_sentence_end("She left.”")


@pytest.mark.parametrize(
    "line",
    [
        "FILE PHOTO: Sandbags in the street",
        "Sandbags in the street. A. Stringer/Pool via REUTERS",
        "Sandbags in the street REUTERS/A. Stringer",
        "Sandbags in the street ANN LEE AFP",
        "Sandbags. Ann Lee/AFP/Getty Images",
        "Reuters",
    ],
)
def test_photo_credit_makes_a_caption(line: str) -> None:
    assert is_caption(line)


def test_agency_in_brackets_makes_a_caption_only_near_the_top() -> None:
    line = "Sandbags line the street on Monday. (Reuters)"

    assert is_caption(line, in_head=True)
    assert not is_caption(line)
    assert not is_caption("He had said so before, he told Reuters", in_head=True)


def removed(*lines: str, title: str | None = None) -> dict[int, str]:
    return find_boilerplate(lines, range(len(lines)), title)


def test_repeated_title_goes() -> None:
    assert removed("The Bridge", "It is closed.", title="The bridge!") == {0: "title_repeat"}


def test_referral_goes_with_its_link() -> None:
    body = "It is closed."

    assert removed(body, "Read the full report:", "Bridge closed again") == {
        1: "referral",
        2: "referral",
    }
    assert removed(body, "Ann Lee writes:", "Is the bridge closed?") == {
        1: "referral",
        2: "referral",
    }
    assert removed(body, "The mayor explains:", "It is old.", "It is rusty.") == {}


def test_related_links_go_up_to_the_next_sentence() -> None:
    assert removed("It is closed.", "Related stories", "One more bridge", "It is old.") == {
        1: "related",
        2: "related",
    }
    assert removed("Read more: One more bridge", "It is closed.") == {0: "related"}


@given(st.lists(st.text(max_size=40), max_size=12), st.none() | st.text(max_size=20))
def test_only_given_places_are_taken_and_each_has_a_rule(
    lines: list[str], title: str | None
) -> None:
    places = [i for i, line in enumerate(lines) if line]

    found = find_boilerplate(lines, places, title)

    assert set(found) <= set(places)
    assert set(found.values()) <= {"title_repeat", "caption", "related", "referral"}
