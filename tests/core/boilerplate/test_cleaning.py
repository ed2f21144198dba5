"""Boilerplate that is known by its surroundings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.boilerplate.chrome import chrome_of
from pipeline.core.boilerplate.cleaning import find_boilerplate, is_headline, is_sentence_end

STORY = "It is closed."


def removed(*lines: str, title: str | None = None) -> dict[int, str]:
    places = [i for i, line in enumerate(lines) if line and not chrome_of(line)]
    return find_boilerplate(lines, places, title)


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


def test_repeated_title_goes() -> None:
    assert removed("The Bridge", STORY, title="The bridge!") == {0: "title_repeat"}


def test_referral_goes_with_its_link() -> None:
    assert removed(STORY, "Read the full report:", "Bridge closed again") == {
        1: "referral",
        2: "referral",
    }
    assert removed(STORY, "Ann Lee writes:", "Is the bridge closed?") == {
        1: "referral",
        2: "referral",
    }


def test_link_of_a_pointer_goes_where_the_story_runs_on() -> None:
    lines = (STORY, "More details here:", "Bridge closed again", "", "It is old.", "It is rusty.")

    assert removed(*lines) == {1: "referral", 2: "referral"}


def test_link_of_a_colleague_goes_as_a_block_of_its_own() -> None:
    lines = (STORY, "", "Ann Lee reports:", "Bridge closed again", "", "It is old.")

    assert removed(*lines) == {2: "referral", 3: "referral"}


def test_speech_after_a_colon_stays() -> None:
    assert removed(STORY, "The mayor explains:", "It is old.", "It is rusty.") == {}


def test_related_links_go_up_to_the_next_sentence() -> None:
    assert removed(STORY, "Related stories", "One more bridge", "It is old.") == {2: "related"}
    assert removed("Read more: One more bridge", STORY) == {0: "related"}


def test_sub_head_below_a_button_and_a_gap_stays() -> None:
    assert removed(STORY, "Read more", "", "What comes next", "", "It is old.") == {}


def test_links_at_the_end_go_whatever_their_gaps() -> None:
    lines = (STORY, "Most read", "", "One more bridge", "", "- Ferry runs late")

    assert removed(*lines) == {3: "related", 5: "related"}


def test_topics_below_their_heading_go() -> None:
    assert removed(STORY, "Tags", "bridges", "Ostbury", "") == {2: "tags", 3: "tags"}


def test_biography_goes_below_the_story_only() -> None:
    bio = "Ann Lee is a senior correspondent who covers bridges."

    assert removed(STORY, "It is old.", "Ann Lee", bio) == {2: "author_bio", 3: "author_bio"}
    assert removed(bio, STORY, "It is old.") == {}


def test_office_goes_above_the_story_only() -> None:
    assert removed("Political correspondent", STORY) == {0: "byline"}
    assert removed("Ann Lee, economics editor", STORY) == {0: "byline"}
    assert removed(STORY, "The editor is gone", "It is old.") == {}


def test_section_and_topic_above_the_story_go() -> None:
    assert removed("Local News", "- Harbour Works", STORY) == {0: "section", 1: "section"}


def test_sub_head_named_like_a_section_stays() -> None:
    assert removed(STORY, "Politics", "It is old.") == {}


def test_key_points_above_the_story_stay() -> None:
    assert removed("- Bridge shut until noon", "• Ferry runs late", STORY) == {}


def test_short_rest_of_a_menu_below_the_tail_goes() -> None:
    lines = (STORY, "© 2025 Marl Courier", "Marl today", "World")

    assert set(removed(*lines)) == {2, 3}


def test_text_size_and_source_go() -> None:
    assert removed("Aa", STORY, "(Source: Marl Courier)") == {0: "marker", 2: "source"}


def test_readers_comments_go_with_who_says_them() -> None:
    lines = (STORY, "2 Comments", "Tom Ray says:", "At last.", "", "It is old.")

    assert removed(*lines) == {2: "comments", 3: "comments"}
    assert removed(STORY, "2 Comments", "It is old.") == {}


def test_bare_caption_inside_the_body_goes() -> None:
    scene = "Pickers pose for a photograph in a hop garden near Marl"

    assert removed(STORY, scene, "It is old.") == {1: "caption"}


@given(st.lists(st.text(max_size=40), max_size=12), st.none() | st.text(max_size=20))
def test_only_given_places_are_taken_and_each_has_a_rule(
    lines: list[str], title: str | None
) -> None:
    places = [i for i, line in enumerate(lines) if line]

    found = find_boilerplate(lines, places, title)

    assert set(found) <= set(places)
    assert all(found.values())


@given(st.lists(st.text(max_size=40), max_size=12))
def test_what_is_left_is_left_again(lines: list[str]) -> None:
    places = [i for i, line in enumerate(lines) if line and not chrome_of(line)]
    found = find_boilerplate(lines, places, None)
    rest = [place for place in places if place not in found]

    assert set(find_boilerplate(lines, rest, None)) <= set(rest)
