"""Lines that are boilerplate wherever they stand, and story lines that look like them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.boilerplate.chrome import chrome_of, is_section, without_inline

TAKEN = {
    "copyright": (
        "© newsthemes sample text, written for this project; not a news report.",
        "Copyright 2025 The Daily Wire",
        "(c) 2025 Agency. All rights reserved.",
        "All content on this page is the property of Marl Courier. Copying is prohibited.",
        "Reproduction in any form requires written permission.",
        "(This story has not been edited by our staff and comes from a syndicated feed.)",
        "The views expressed here are the author's own.",
    ),
    "advertisement": (
        "Advertisement",
        "ADVERTISEMENT",
        "- Advertisement -",
        "[Ad]",
        "Werbung",
        "STORY CONTINUES BELOW THIS AD",
        "Article continues after the break",
        "Continue reading below",
        "Scroll down to continue",
        "Loading ad…",
        "Remove these ads",
        "Why am I seeing this ad?",
        "Promoted by Marl Savings Bank",
        "Paid for by Marl Savings Bank",
        "Partner content from Ostbury & Sons",
        "If you click on our links, we may earn a commission.",
    ),
    "share": (
        "Share",
        "Facebook Twitter WhatsApp Email",
        "Telegram | Viber | WhatsApp",
        "1.2k shares",
        "Print 398",
        "Copy link 95",
        "Facebook 33.5K",
        "Link copied",
        "Share this article on WhatsApp",
        "Click to share on Facebook (Opens in new window)",
        "Tweet this",
        "Save for later",
        "Suggest a correction",
        "Was this article useful? Yes No",
    ),
    "cookies": (
        "We use cookies to improve your experience. Accept all",
        "By continuing to use this site you agree to our use of cookies.",
        "To show you this map, we need your permission to load cookies.",
        "We care about your data",
        "Your privacy matters",
        "We and our 41 partners store and read data on your device.",
        "Accept & continue",
        "Manage options",
        "Reject all",
        "Only necessary cookies",
        "Marl Courier uses cookies",
        "Save and exit",
        "I agree",
    ),
    "newsletter": (
        "Sign up for our daily newsletter",
        "Get the day's news delivered to your inbox",
        "Stay informed: register here for our harbour newsletter.",
        "Want more like this? Sign up for the weekend digest.",
        "Don't miss out: sign up today for breaking news alerts.",
        "Register to receive our weekly letter",
        "Enter your email address",
        "Thank you for subscribing!",
        "You can unsubscribe at any time.",
        "By signing up, you agree to our terms of use.",
        "Download our app for Android and iOS",
        "Follow Marl Courier on WhatsApp",
        "Follow Ann Lee on X",
        "Join our Telegram channel",
        "Add Marl Courier as a preferred source on Google",
        "Add Marl Courier to your news feed",
        "The harbour in one email",
    ),
    "subscription": (
        "Enjoy unlimited digital access to Marl Courier from £1 a month.",
        "Get full access for $2 a week",
        "Subscribe to continue reading",
        "Register now to read the full story.",
        "This article is for subscribers only",
        "You have 3 free articles left this month",
        "Already a subscriber? Log in",
        "See subscription options",
        "Start your free trial",
        "Become a member",
        "Support independent journalism",
        "Only £4 a month, cancel any time",
    ),
    "comments": (
        "12 Comments",
        "Comments (3)",
        "Join the conversation",
        "Be the first to comment",
        "Comments have been disabled.",
        "This article is closed for comments.",
        "Log in to post a comment",
        "Leave a reply",
        "Have your say",
        "This live blog is now closed.",
    ),
    "reading_time": (
        "3 min read",
        "5 min",
        "Listen to this article 5 mins",
        "🔊 Listen to article",
        "Estimated reading time: 4 minutes",
        "This audio is auto-generated. It may contain errors.",
        "This article is more than 2 years old",
    ),
    "navigation": (
        "Skip to main content",
        "Home > World > Europe",
        "Page 1 of 184",
        "Next page »",
        "« Previous",
        "1 2 3 … 9 Next",
        "Newest first",
        "Sort by: newest",
        "Load more posts",
        "Older posts",
        "373 results for lighthouses",
        "Read in: English / Deutsch",
        "English | Français | Polski",
        "Terms of use / About us · Sitemap",
        "World | Politics | Business | Sport",
        "Contact us",
        "Text size",
        "Key events",
    ),
    "player": (
        "Fullscreen",
        "Mute",
        "0:00 / 5:21",
        "Duration 1:42",
        "1.0x",
        "This video is not available",
        "The media could not be loaded.",
        "Video Player is loading.",
        "▶ Watch now",
        "View image in fullscreen",
        "Please enable JavaScript to use this page.",
    ),
    "credit": (
        "Reporting by Ann Lee in Marl; Editing by Tom Ray",
        "(Additional reporting by Ann Lee)",
        "Ann Lee contributed to this report.",
        "With inputs from agencies",
        "Ann Lee reported from Marl. Tom Ray contributed to this report.",
        "This article was first published by the Marl Courier.",
    ),
    "author_bio": (
        "About the author",
        "You can follow her at @annlee",
        "ann.lee@courier.example",
        "Have you been affected by the flood? Get in touch with us.",
    ),
    "source_link": (
        "Source link",
        "Read full story",
        "READ THE FULL REPORT HERE",
        "Continue reading →",
        "Full story",
        "Read Ann Lee’s full report here",
        "Find out more",
        "More here",
    ),
    "related": (
        "Related stories",
        "READ MORE",
        "Most read in Marl",
        "You may also like",
        "Recommended for you",
        "Trending now",
        "Up next",
        "Sponsored content",
        "Editor's picks",
        "list of 3 items",
    ),
    "tags": ("Tags", "Filed under", "Topics"),
    "link": ("https://example.org/a/b?c=d",),
    "image_residue": (
        "&w=3840&q=100)",
        "/images/harbour.jpg",
        ".jpg&w=1440&q=75)",
        "srcset 480w, 800w, 1200w",
        "Image 2 of 5",
        '[caption id="attachment_1"]',
    ),
    "separator": ("***", "* * *"),
    "bullet": ("-",),
}


@pytest.mark.parametrize(
    ("line", "rule"), [(line, rule) for rule, lines in TAKEN.items() for line in lines]
)
def test_boilerplate_is_named(line: str, rule: str) -> None:
    assert chrome_of(line) == rule


@pytest.mark.parametrize(
    "line",
    [
        "",
        # Advertising, sharing and following in a story's own words
        "Copyright lawyers called the ruling a surprise.",
        "Advertisement spending rose by a tenth.",
        "Advertisement for the post drew 300 replies.",
        "Ad campaign",
        "Paid in full",
        "Supported by Norway",
        "Share prices fell in early trading.",
        "Share and share alike, she said.",
        "Print is not dead",
        "Pin the blame",
        "Like many others, she left.",
        "Save our schools",
        "Follow the money",
        "Follow him, she said.",
        # Consent
        "Cookies from the bakery were sold out by noon.",
        "“We use cookies as bait,” the trapper said.",
        "We and our allies will act, the minister said.",
        "Accept the deal",
        "Manage expectations",
        "Privacy matters to voters",
        # Signing up, paying, supporting
        "Sign language is taught in two schools.",
        "Sign of the times",
        "“Sign up for our newsletter,” the poster read.",
        "Register to vote",
        "Join the army",
        "Get out the vote",
        "Support our troops",
        "Every vote counts, she told the crowd.",
        "Enjoy unlimited rides for a day",
        "This story is for everyone who lost someone.",
        "$250,000 per year.",
        # Commenting, reading, watching, listening
        "Comment is free, the editor liked to say.",
        "No comment from the palace",
        "12 comments on the law",
        "Read, write and count: the school teaches little else.",
        "Read the room",
        "Watch: The harbour at dawn",
        "Watch this space",
        "Listen to the people",
        "Video: the police filmed the march, a lawyer said.",
        "The video has been removed from his account, police said.",
        "The video cannot be verified.",
        "Pause in fighting",
        "5 min later the bell rang.",
        # Places, directions, order
        "Home is where the harbour is",
        "Search for survivors",
        "Close to the border",
        "Back to school",
        "Next steps",
        "Latest developments",
        "More than 40 ships are waiting.",
        "More on the way",
        "Stories from the front",
        "View from the top",
        "Previous attempts",
        "Contact tracing",
        "2009 78 2041",
        # Credits and links
        "Reporting the war",
        "The report was first published in May.",
        "Corks from the yard had contributed to the turnaround.",
        "Source of the leak",
        "Open letter",
        "[music]",
        # The story's furniture
        "LONDON, March 3 (Reuters) -",
        "TT",
        "Correction: an earlier version of this story misspelt a name.",
        "What happens next?",
        "Why it matters",
        "12:14",
        "5 hours ago",
        # Two pointers that the cleaning must see, with the links below them
        "Read the full report:",
        "Read the full story...",
        # The end of a wrapped sentence
        "more.",
        "reply.",
    ],
)
def test_story_is_left_alone(line: str) -> None:
    assert chrome_of(line) is None


def test_notice_of_several_sentences_is_chrome_if_each_of_them_is() -> None:
    assert chrome_of("We value your privacy. We and our partners use cookies. Accept all")
    assert chrome_of("We value your privacy. The harbour was shut for nine days.") is None


def test_row_is_chrome_if_each_item_is() -> None:
    assert chrome_of("World | Opinion | Contact us") == "navigation"
    assert chrome_of("World | Opinion | Ferries stop at noon") is None


@pytest.mark.parametrize(
    "line",
    [
        "World",
        "WORLD",
        "Local News",
        "Markets News",
        "Business & Economy",
        "US & Canada",
        "Middle East",
        "South Korea",
        "- Politics",
    ],
)
def test_section_names_are_known(line: str) -> None:
    assert is_section(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "-",
        "Harbour",
        "World of wonders",
        "Is this politics?",
        "Politics is local.",
        "more",
        "top",
    ],
)
def test_other_short_lines_are_no_sections(line: str) -> None:
    assert not is_section(line)


def test_notices_inside_a_line_are_cut_out() -> None:
    line = "One. STORY CONTINUES BELOW THIS AD Two. Facebook Twitter Linkedin Email"

    assert without_inline(line) == "One. Two."
    assert without_inline("He left Facebook for Twitter.") == "He left Facebook for Twitter."


@given(st.text(max_size=500))
def test_cutting_twice_is_cutting_once(line: str) -> None:
    assert without_inline(without_inline(line)) == without_inline(line)


@given(st.text(max_size=300))
def test_ornaments_make_no_difference_to_a_notice(line: str) -> None:
    assert chrome_of(f"▶ {TAKEN['advertisement'][0]} »") == "advertisement"
    assert chrome_of(line) is None or isinstance(chrome_of(line), str)


@pytest.mark.parametrize(
    "unit",
    [
        "x ",
        "share ",
        "a=b&",
        "-",
        "home > ",
        "sign up ",
        "© ",
        "1/",
        "read the ",
        "more ",
        "A. ",
        "we use ",
        "next ",
        "click to ",
        "Want? ",
        "a, b, ",
        "Ann ",
        "1 2 3 ",
        "English / ",
        "AFP/",
        "(",
    ],
)
def test_no_line_makes_the_patterns_slow(unit: str) -> None:
    start = time.perf_counter()
    chrome_of((unit * 400)[:399] + "!")
    is_section((unit * 400)[:399])
    without_inline(unit * 20_000)

    assert time.perf_counter() - start < 2
