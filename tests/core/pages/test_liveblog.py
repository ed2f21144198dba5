"""Live-blogs: where posts begin, and what the lines around their stamps say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.pages.articles import Draft, split_page

ONE = "The harbour was closed this morning after a crane fell across the main quay."
TWO = "Engineers began to lift the crane before noon and hope to finish by the evening."
THREE = "Ferries to the islands sail again tomorrow, the port authority said in a statement."
HEADS = (
    "Harbour closed after crane falls",
    "Engineers begin to lift crane",
    "Ferries to sail again",
)
TEXTS = (ONE, TWO, THREE)


def posts(*lines: str) -> list[Draft]:
    drafts = split_page("\n".join(lines)).drafts
    return [draft for draft in drafts if draft.kind == "liveblog_entry"]


def page(form: str, stamps: tuple[str, str, str] = ("14:10", "12:05", "09:30")) -> list[str]:
    """Three posts, newest first; `form` says in which order their parts stand."""
    lines: list[str] = []
    for stamp, head, text in zip(stamps, HEADS, TEXTS, strict=True):
        part = {"S": stamp, "H": head, "T": text, "N": "Ann Lee", "-": ""}
        lines += [part[letter] for letter in form]
    return lines


@pytest.mark.parametrize(
    "form", ["HST-", "SHT-", "H-S-T--", "S-H-T--", "HNST-", "HSNT-", "SHNT-", "SH-N-T--"]
)
def test_headline_above_or_below_the_stamp_is_read_from_the_whole_page(form: str) -> None:
    found = posts(*page(form))

    assert [post.title for post in found] == list(HEADS)
    assert [post.text for post in found] == list(TEXTS)


@pytest.mark.parametrize("form", ["HNST-", "HSNT-", "SHNT-", "SNT-"])
def test_author_on_a_line_of_its_own_is_no_text(form: str) -> None:
    assert [post.author for post in posts(*page(form))] == ["Ann Lee"] * 3


def test_names_that_differ_from_post_to_post_are_authors_too() -> None:
    lines = page("SHNT-")
    lines[2], lines[7], lines[12] = "Ann Lee", "Bo Wu", "Cy de Roo"

    assert [post.author for post in posts(*lines)] == ["Ann Lee", "Bo Wu", "Cy de Roo"]


def test_some_posts_have_no_headline() -> None:
    lines = page("SHNT-")
    del lines[6]

    assert [post.title for post in posts(*lines)] == [HEADS[0], None, HEADS[2]]


@pytest.mark.parametrize("mark", ["{} | {}", "[{}] {}", "{} - {}", "{}: {}", "{} {}"])
def test_time_and_headline_may_share_a_line(mark: str) -> None:
    lines: list[str] = []
    for time, head, text in zip(("14:10", "12:05", "09:30"), HEADS, TEXTS, strict=True):
        lines += [mark.format(time, head), text, ""]
    found = posts(*lines)

    assert [post.title for post in found] == list(HEADS)
    assert [post.text for post in found] == list(TEXTS)


def test_headline_that_begins_with_a_number_or_looks_like_a_name_is_one_beside_others() -> None:
    heads = ("Harbour closed after crane falls", "17 ferries wait outside", "Crane Lifted")
    lines: list[str] = []
    for time, head, text in zip(("14:10", "12:05", "09:30"), heads, TEXTS, strict=True):
        lines += [f"{time} GMT – {head}", text, ""]

    assert [post.title for post in posts(*lines)] == list(heads)


def test_day_comes_from_the_top_of_the_page_and_turns_at_midnight() -> None:
    lines = page("SHT-", ("00:20 GMT", "23:40 GMT", "22:15 GMT"))
    found = posts("Harbour live", "Updated 2 May 2025 00:20 GMT", "", *lines)

    assert [post.published for post in found] == ["2025-05-02", "2025-05-01", "2025-05-01"]


def test_day_comes_from_the_foot_of_the_page_as_well() -> None:
    lines = page("SHT-", ("Posted at 14:10", "Posted at 12:05", "Posted at 09:30"))
    found = posts(*lines, "Last updated: 2 May 2025 14:10")

    assert len(found) == 3
    assert {post.published for post in found} == {"2025-05-02"}


def test_day_heading_dates_the_posts_below_it() -> None:
    lines = page("SHT-", ("Posted at 00:20", "Posted at 23:40", "Posted at 22:15"))
    found = posts("Friday 2 May 2025", *lines[:4], "Thursday 1 May 2025", *lines[4:])

    assert [post.title for post in found] == list(HEADS)
    assert [post.published for post in found] == ["2025-05-02", "2025-05-01", "2025-05-01"]


def test_day_heading_dates_the_posts_below_it_oldest_first() -> None:
    lines = page("SHT-", ("Posted at 22:15", "Posted at 00:20", "Posted at 01:10"))
    found = posts("Thursday 1 May 2025", *lines[:4], "Friday 2 May 2025", *lines[4:])

    assert [post.published for post in found] == ["2025-05-01", "2025-05-02", "2025-05-02"]


def test_age_of_a_post_needs_a_time_of_the_page() -> None:
    lines = page("SHT-", ("0m ago", "40m ago", "2h ago"))
    dated = posts("Harbour live", "Updated 2 May 2025 00:20", *lines)

    assert [post.published for post in dated] == ["2025-05-02", "2025-05-01", "2025-05-01"]
    assert [post.title for post in dated] == list(HEADS)
    assert [post.published for post in posts(*lines)] == [None, None, None]


def test_update_below_the_headline_is_no_post() -> None:
    lines = page("SHT-", ("Updated 14:10", "Updated 12:05", "Updated 09:30"))
    lines.insert(6, "Updated at 12:44")

    assert [post.text for post in posts(*lines)] == list(TEXTS)


def test_update_at_the_end_of_a_post_leaves_the_next_stamp_alone() -> None:
    lines = page("SHT", ("3m ago", "9m ago", "20m ago"))
    lines.insert(3, "Updated at 14:15")
    found = posts(*lines)

    assert [post.title for post in found] == list(HEADS)
    assert [post.text for post in found] == list(TEXTS)


def test_post_without_a_body_says_nothing_of_its_author_or_label() -> None:
    lines = page("SHNT-")
    lines[8] = ""
    lines.insert(10, "Key moment")
    found = posts("Key moment", *lines)

    assert [post.text for post in found] == [ONE, "", THREE]


def test_label_that_heads_a_post_is_its_headline() -> None:
    lines = page("SHT-")
    lines[5] = "Analysis"

    assert [post.title for post in posts(*lines)] == [HEADS[0], "Analysis", HEADS[2]]


def test_clock_of_a_video_parts_no_post() -> None:
    lines = page("SHT-")
    lines[3:3] = ["Current Time 0:00", TWO]
    found = posts(*lines)

    assert len(found) == 3
    assert found[0].text == f"{ONE}\n\n{TWO}"


def test_hard_wrapped_text_is_no_headline() -> None:
    wrapped = [
        "The harbour was closed this morning after a crane fell across",
        "the main quay, where two coasters from Riga were unloading",
        "timber for the new halls.",
    ]
    lines = ["Posted at 14:10", "", *wrapped, "", "Posted at 12:05", "", *wrapped, "Share", ""]
    found = posts(*lines)

    assert [post.title for post in found] == [None, None]
    assert [post.text for post in found] == [" ".join(wrapped)] * 2


def test_story_told_by_the_clock_stays_one_article() -> None:
    lines = ("How the crane fell", "", "06:10", ONE, "", "07:30", TWO, "", "09:00", THREE)
    split = split_page("\n".join(lines))

    assert split.layout == "single"
    assert len(split.drafts) == 1


def test_rows_to_share_between_rising_times_tell_a_liveblog_from_a_story() -> None:
    lines: list[str] = []
    for time, text in zip(("06:10", "07:30", "09:00"), TEXTS, strict=True):
        lines += [time, text, "0 comments", "Share this post", ""]

    assert [post.text for post in posts(*lines)] == list(TEXTS)


LINE = st.sampled_from(
    (
        "",
        "12:14",
        "2h ago",
        "Updated at 12:30:",
        "2 May 2025",
        "2 May 2025 10:00",
        "Ann Lee",
        "Live reporter",
        "Key moment",
        "Read more:",
        "Share",
        "By Bo Wu",
        "12:14 | Crane falls",
        "Crane falls across quay",
        ONE,
        TWO,
    )
)


@given(st.lists(LINE | st.text(max_size=40), max_size=40))
def test_any_page_is_cut_without_losing_a_line(lines: list[str]) -> None:
    split = split_page("\n".join(lines))

    assert len(split.roles) == len(split.lines)
    for draft in split.drafts:
        assert 1 <= draft.line_start <= draft.line_end <= len(split.lines)
