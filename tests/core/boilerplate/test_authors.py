"""Biographies and offices of authors."""

from __future__ import annotations

import pytest

from pipeline.core.boilerplate.authors import is_bio, is_office, is_role


@pytest.mark.parametrize(
    "line",
    [
        "Ann Lee is a senior correspondent who covers bridges.",
        "Ann Lee writes about ports for the Marl Courier.",
        "Tom Ray, a former sailor, is a fellow of Marl College.",
        "Ann Lee, Cairo correspondent",
    ],
)
def test_biographies(line: str) -> None:
    assert is_bio(line)


@pytest.mark.parametrize(
    "line",
    [
        "Tom Ray, a reporter, is wounded by a falling beam.",
        "Tom Ray, a lecturer at Marl College, had been working on a play.",
        "Tom Ray is a journalist, the mayor said.",
        "Ann Lee is tall.",
        "Sky News reports that the bridge is shut.",
    ],
)
def test_people_of_the_story_are_no_authors(line: str) -> None:
    assert not is_bio(line)


def test_author_of_the_byline_needs_less_evidence() -> None:
    assert is_bio("Ann Lee lives in Marl.", frozenset({"Ann Lee"}))
    assert not is_bio("Ann Lee lives in Marl.")


def test_offices() -> None:
    assert is_role("Political correspondent")
    assert is_role("Chief foreign correspondent, Marl Courier")
    assert is_office("Ann Lee, economics editor")
    assert not is_role("The reporter is gone")
    assert not is_office("Marl, a small town")
