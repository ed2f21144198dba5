"""Lines that are boilerplate wherever they stand."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.pages.chrome import chrome_of, without_inline


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("© newsthemes sample text, written for this project; not a news report.", "copyright"),
        ("Copyright 2025 The Daily Wire", "copyright"),
        ("(c) 2025 Agency. All rights reserved.", "copyright"),
        ("Advertisement", "advertisement"),
        ("ADVERTISEMENT", "advertisement"),
        ("STORY CONTINUES BELOW THIS AD", "advertisement"),
        ("Share", "share"),
        ("Facebook Twitter WhatsApp Email", "share"),
        ("1.2k shares", "share"),
        ("We use cookies to improve your experience. Accept all", "cookies"),
        ("By continuing to use this site you agree to our use of cookies.", "cookies"),
        ("Sign up for our daily newsletter", "newsletter"),
        ("Get the day's news delivered to your inbox", "newsletter"),
        ("12 Comments", "comments"),
        ("Join the conversation", "comments"),
        ("Source link", "source_link"),
        ("https://example.org/a/b?c=d", "link"),
        ("&w=3840&q=100)", "image_residue"),
        ("/images/harbour.jpg", "image_residue"),
        ("3 min read", "reading_time"),
        ("5 hours ago", "reading_time"),
        ("Skip to main content", "navigation"),
        ("Home > World > Europe", "navigation"),
        ("-", "bullet"),
        ("* * *".replace(" ", ""), "bullet"),
    ],
)
def test_boilerplate_is_named(line: str, rule: str) -> None:
    assert chrome_of(line) == rule


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Copyright lawyers called the ruling a surprise.",
        "Share prices fell in early trading.",
        "Cookies from the bakery were sold out by noon.",
        "Sign language is taught in two schools.",
        "Advertisement spending rose by a tenth.",
        "Watch: The harbour at dawn",
        "Comment is free, the editor liked to say.",
        "Home is where the harbour is",
        "LONDON, March 3 (Reuters) -",
        "TT",
        "Like many others, she left.",
        "More than 40 ships are waiting.",
    ],
)
def test_story_is_left_alone(line: str) -> None:
    assert chrome_of(line) is None


def test_notices_inside_a_line_are_cut_out() -> None:
    line = "One. STORY CONTINUES BELOW THIS AD Two. Facebook Twitter Linkedin Email"

    assert without_inline(line) == "One. Two."
    assert without_inline("He left Facebook for Twitter.") == "He left Facebook for Twitter."


@given(st.text(max_size=500))
def test_cutting_twice_is_cutting_once(line: str) -> None:
    assert without_inline(without_inline(line)) == without_inline(line)


@pytest.mark.parametrize("unit", ["x ", "share ", "a=b&", "-", "home > ", "sign up ", "© ", "1/"])
def test_no_line_makes_the_patterns_slow(unit: str) -> None:
    start = time.perf_counter()
    chrome_of((unit * 400)[:399] + "!")
    without_inline(unit * 20_000)

    assert time.perf_counter() - start < 2
