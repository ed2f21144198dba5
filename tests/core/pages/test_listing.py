"""Listings: tag, search and archive pages."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.pages.articles import Split, split_page
from pipeline.core.pages.credits import Slot, credit_fields
from pipeline.core.pages.item_lines import is_heading, is_weak_heading, teaser_of
from pipeline.records import Draft

BRIDGE = "The council closed the old bridge on Monday after engineers found cracks in two arches."
FERRY = "A second ferry will cross the river from May until the repairs of the bridge are done."
MARKET = "Traders who lost their stalls to the flood will get a new hall before the winter comes."
CUT = "The mayor said that the town had waited far too long for the money that the ministry..."


def listed(text: str) -> list[Draft]:
    split = split_page(text)
    assert split.layout == "listing"
    return list(split.drafts)


def titles(text: str) -> list[str | None]:
    return [draft.title for draft in listed(text)]


def test_every_item_has_its_headline_source_day_and_teaser() -> None:
    page = f"""\
News tagged with Bridges

City Chronicle
21 January 2025
- Transport
- City Chronicle
Old bridge stays closed all winter
{BRIDGE}

River Post
20 January 2025
- Business
- River Post
Second ferry to cross the river
{FERRY}
"""
    first, second = listed(page)

    assert (first.title, first.source, first.published, first.text) == (
        "Old bridge stays closed all winter",
        "City Chronicle",
        "2025-01-21",
        BRIDGE,
    )
    assert (second.title, second.source, second.published, second.text) == (
        "Second ferry to cross the river",
        "River Post",
        "2025-01-20",
        FERRY,
    )


def test_date_below_the_teaser_closes_its_item() -> None:
    page = f"""\
Category: Bridges

Old bridge stays closed all winter
{BRIDGE}
By Ann Lee | Kestrel | 21 January 2025

Second ferry to cross the river
{FERRY}
By Max Orr | Town Herald | 20 January 2025
"""
    first, second = listed(page)

    assert (first.text, first.source, first.author) == (BRIDGE, "Kestrel", "Ann Lee")
    assert (second.title, second.published) == ("Second ferry to cross the river", "2025-01-20")


def test_item_without_a_date_is_one_where_the_page_parts_its_items() -> None:
    page = f"""\
3 results for bridge


Transport
Old bridge stays closed all winter
21 January 2025
{BRIDGE}

Business
Second ferry to cross the river
{FERRY}

Markets
New hall for the market traders
19 January 2025
{MARKET}

Markets
Town waits for money from the capital
18 January 2025
{CUT}
"""
    drafts = listed(page)

    assert [draft.published for draft in drafts] == ["2025-01-21", None, "2025-01-19", "2025-01-18"]
    assert [draft.text for draft in drafts] == [BRIDGE, FERRY, MARKET, CUT]


def test_first_item_may_lack_a_date() -> None:
    page = f"""\
Search results: bridge

Old bridge stays closed all winter
{BRIDGE}

20 January 2025 | Harbour Post
Second ferry to cross the river
{FERRY}

19 January 2025 | Harbour Post
New hall for the market traders
{MARKET}
"""
    drafts = listed(page)

    assert [draft.published for draft in drafts] == [None, "2025-01-20", "2025-01-19"]
    assert [draft.text for draft in drafts] == [BRIDGE, FERRY, MARKET]


def test_date_that_heads_a_group_dates_all_of_its_items() -> None:
    page = f"""\
Tag: Bridges

Tuesday, January 21, 2025

Old bridge stays closed all winter
City Chronicle
{BRIDGE}


Second ferry to cross the river
River Post
{FERRY}


Monday, January 20, 2025
New hall for the market traders
River Post
{MARKET}
"""
    assert [(draft.published, draft.source) for draft in listed(page)] == [
        ("2025-01-21", "City Chronicle"),
        ("2025-01-21", "River Post"),
        ("2025-01-20", "River Post"),
    ]


def test_dates_that_come_twice_belong_to_their_own_items_only() -> None:
    page = f"""\
Tag: Bridges

21 January 2025
Old bridge stays closed all winter
{BRIDGE}

21 January 2025
Second ferry to cross the river
{FERRY}

New hall for the market traders
{MARKET}

20 January 2025
Town waits for money from the capital
{CUT}
"""
    assert [draft.published for draft in listed(page)] == [
        "2025-01-21",
        "2025-01-21",
        None,
        "2025-01-20",
    ]


def test_item_without_a_teaser_keeps_its_headline_and_has_no_text() -> None:
    page = f"""\
Topic: Bridges

21 January 2025 | Transport
Old bridge stays closed all winter
{BRIDGE}

20 January 2025 | Business
Second ferry to cross the river

19 January 2025 | Markets
New hall for the market traders
{MARKET}
"""
    assert [(draft.title, draft.text) for draft in listed(page)] == [
        ("Old bridge stays closed all winter", BRIDGE),
        ("Second ferry to cross the river", ""),
        ("New hall for the market traders", MARKET),
    ]


def test_headline_that_ends_like_a_sentence_stands_where_the_others_do() -> None:
    odd = "Why the bridge will stand. (It is not the stones.)"
    page = f"""\
Tag: Bridges

Second ferry to cross the river
21 January 2025
{FERRY}

{odd}
20 January 2025
{BRIDGE}

New hall for the market traders
19 January 2025
{MARKET}
"""
    assert titles(page) == [
        "Second ferry to cross the river",
        odd,
        "New hall for the market traders",
    ]


def test_number_before_every_headline_is_no_part_of_it() -> None:
    page = f"""\
1. Old bridge stays closed all winter
City Chronicle, 21 January 2025
{BRIDGE}

2. 12 ferries to cross the river
City Chronicle, 20 January 2025
{FERRY}
"""
    assert titles(page) == ["Old bridge stays closed all winter", "12 ferries to cross the river"]


def test_link_at_the_end_of_a_teaser_is_cut_off() -> None:
    page = f"""\
Latest news about bridges

21 January 2025 | Transport
Old bridge stays closed all winter
{BRIDGE} Read more

20 January 2025 | Transport
Town waits for money from the capital
{CUT} Read more
"""
    assert [draft.text for draft in listed(page)] == [BRIDGE, CUT]


def test_copies_of_one_story_are_items_of_their_own() -> None:
    page = "Tag: Bridges\n\n" + "".join(
        f"Old bridge stays closed all winter\nKestrel · {day} January 2025\n{BRIDGE}\n\n"
        for day in (21, 20, 19)
    )
    assert [draft.published for draft in listed(page)] == ["2025-01-21", "2025-01-20", "2025-01-19"]


@pytest.mark.parametrize(
    ("names", "source"),
    [
        (("Kestrel Wire", "Oslo Bay", "Mina Hale"), "Oslo Bay"),  # one paper: all are
        (("Kestrel", "Oslo Bay", "Mina Hale"), "Oslo Bay"),  # one word is no person
        (("World", "Business", "Sport"), None),
        (("Ann Lee", "Max Orr", "Mina Hale"), None),
    ],
)
def test_names_at_one_place_are_all_of_one_kind(names: list[str], source: str | None) -> None:
    page = "Tag: Bridges\n\n" + "".join(
        f"{21 - n} January 2025 | {name}\nHeadline of the story number {n}\n{BRIDGE}\n\n"
        for n, name in enumerate(names)
    )
    second = listed(page)[1]

    assert second.source == source
    assert second.author == ("Max Orr" if "Max Orr" in names else None)


def test_names_on_the_line_of_a_date_are_told_apart_by_place() -> None:
    assert credit_fields("By Ann Lee | The Kestrel | 21 January 2025") == {
        Slot("by", above=True, rank=0): "Ann Lee",
        Slot("field", above=True, rank=0): "The Kestrel",
    }
    assert credit_fields("21/01/2025 | World | Kestrel") == {
        Slot("field", above=False, rank=0): "World",
        Slot("field", above=False, rank=1): "Kestrel",
    }
    assert credit_fields("Tuesday 21 January 2025, 12:14 GMT") == {}


def test_story_told_by_rising_dates_is_no_listing() -> None:
    page = "How the bridge was built\n\n" + "".join(
        f"{n} May 2024\nA year of work on arch number {n}\n{BRIDGE}\n\n" for n in range(1, 5)
    )
    assert split_page(page).layout != "listing"


@pytest.mark.parametrize(
    "line", ["Tag: Energy", "24 results for harbour", "All news about Oslo", "Search results"]
)
def test_heading_says_that_a_listing_follows(line: str) -> None:
    assert is_heading(line)


@pytest.mark.parametrize("line", ["More from Oslo", "#oslo", "Latest news"])
def test_heading_of_links_is_weak_evidence(line: str) -> None:
    assert is_weak_heading(line)
    assert not is_heading(line)


def test_teaser_ends_before_its_link() -> None:
    assert teaser_of(f"{CUT} Continue reading →") == CUT
    assert teaser_of(f"{BRIDGE} More…") == BRIDGE
    assert teaser_of("They want to read more") is None
    assert teaser_of(BRIDGE) is None


_LINES = st.sampled_from(
    [
        "",
        "",
        "Tag: Bridges",
        "21 January 2025",
        "12:14",
        "2h ago",
        "World",
        "City Chronicle",
        "- Transport",
        "City Chronicle | 20 January 2025",
        "By Ann Lee | 19 January 2025",
        "By Ann Lee",
        "3. Old bridge stays closed all winter",
        "Old bridge stays closed all winter",
        "Read more",
        "Share",
        "More…",
        BRIDGE,
        CUT,
        f"{CUT} Read more",
        "The council closed the old bridge on Monday after",
        "engineers found cracks in two of its arches and in",
    ]
)


def spans(split: Split) -> list[tuple[int, int]]:
    return [(draft.line_start, draft.line_end) for draft in split.drafts]


@given(st.lists(_LINES, max_size=40))
def test_items_follow_each_other_and_every_line_has_one_role(lines: list[str]) -> None:
    split = split_page("\n".join(lines))

    found = spans(split)
    assert all(start <= end for start, end in found)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(found))
    assert all(role for role in split.roles)
    assert all(
        (role != "text") or (owner is not None)
        for role, owner in zip(split.roles, split.owners, strict=True)
    )


@given(st.lists(st.text(max_size=60), max_size=30))
def test_any_text_is_cut_without_an_error(lines: list[str]) -> None:
    found = spans(split_page("\n".join(lines)))

    assert all(before[1] < after[0] for before, after in itertools.pairwise(found))
