"""Pages → drafts: golden pages of our own words, and what holds for any page at all."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.boilerplate.chrome import without_inline
from pipeline.core.formats.markup import extract_draft
from pipeline.core.pages.articles import (
    Split,
    article_id_of,
    assess_draft,
    build_article,
    clean_body,
    content_id_of,
    excerpt_of,
    reject,
    split_page,
)
from pipeline.core.texts import comparable
from pipeline.records import Draft

PAGES = Path(__file__).parents[2] / "fixtures" / "pages"
KEPT = {"title", "text"}

SAFE = st.text(alphabet="abcdefghij klm", min_size=1, max_size=60)
PAGE_LINES = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            "TT",
            "-",
            "Key Points",
            "12:14 , Ann Lee",
            "11:02 , Ann Lee",
            "Tuesday 21 January 2025 23:02 , Bo Wu",
            "12.14pm GMT",
            "Updated at 10:03 BST",
            "21 January 2025",
            "The Daily Wire",
            "09-07-2025",
            "30-06-2025",
            "31-02-2025",
            "- Politics",
            "- The Daily Wire",
            "A headline of some words",
            "Another headline | Some Site",
            "A man walks. REUTERS/A. Stringer",
            "FILE PHOTO: a man walks",
            "By Ann Lee",
            "This is a sentence of the story, and it ends here.",
            "Read the full report:",
            "Ann Lee writes:",
            "Related stories",
            "Advertisement",
            "© Somebody 2025",
            "&w=3840&q=100)",
            "Source link",
            "STORY CONTINUES BELOW THIS AD",
        ]
    ),
    SAFE,
)
PAGE = st.lists(PAGE_LINES, max_size=40).map("\n".join)


def draft_fields(draft: Draft) -> dict[str, object]:
    return dataclasses.asdict(draft) | {"notes": list(draft.notes)}


@pytest.mark.parametrize("path", sorted(PAGES.glob("*.txt")), ids=lambda path: path.stem)
def test_golden_page_of_text_splits_as_a_careful_reader_would(path: Path) -> None:
    """An expectation names the fields that no two readers would see differently."""
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))

    split = split_page(path.read_text(encoding="utf-8"))

    assert split.layout == expected.get("layout", split.layout)
    assert [draft.title for draft in split.drafts] == [d["title"] for d in expected["drafts"]]
    for draft, fields in zip(split.drafts, expected["drafts"], strict=True):
        found = draft_fields(draft)
        assert {name: found[name] for name in fields} == fields
    story = {"blank", "title", "text"}
    other_lines = [number for number, role in enumerate(split.roles, 1) if role not in story]
    assert other_lines == expected.get("not_story", other_lines)


def test_golden_page_of_html_gives_its_article() -> None:
    pytest.importorskip("trafilatura", exc_type=ImportError)
    path = PAGES / "article.html"
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))

    draft = extract_draft(path.read_text(encoding="utf-8"))

    assert draft is not None
    assert draft_fields(draft) == expected | {"notes": []}


def assert_conserved(split: Split) -> None:
    """Every line has one role; kept lines are in their draft, in order, and nothing else is."""
    assert len(split.lines) == len(split.roles) == len(split.owners)
    assert all(split.roles)
    kept: dict[int, list[str]] = {number: [] for number in range(len(split.drafts))}
    for line, role, owner in zip(split.lines, split.roles, split.owners, strict=True):
        assert (role == "blank") == (line == "")
        if role in KEPT:
            assert owner is not None
        if role == "text" and owner is not None:
            kept[owner].append(without_inline(line))
        if role == "title" and owner is not None:
            title = split.drafts[owner].title
            assert comparable(title or "") in comparable(line)
    for number, draft in enumerate(split.drafts):
        assert " ".join(draft.text.split()) == " ".join(" ".join(kept[number]).split())


@given(PAGE)
def test_every_line_is_in_one_draft_or_named_boilerplate(page: str) -> None:
    assert_conserved(split_page(page))


@given(st.text(max_size=300))
def test_any_text_splits_without_an_error(text: str) -> None:
    assert_conserved(split_page(text))


@given(PAGE)
def test_drafts_come_in_the_order_of_the_page_and_do_not_overlap(page: str) -> None:
    drafts = split_page(page).drafts
    spans = [(draft.line_start or 0, draft.line_end or 0) for draft in drafts]

    assert all(start <= end for start, end in spans)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))


WORDS = [
    "harbour",
    "bridge",
    "council",
    "winter",
    "railway",
    "engine",
    "market",
    "letter",
    "garden",
    "ferry",
]
PROSE = st.lists(st.sampled_from(WORDS), min_size=9, max_size=20).map(
    lambda words: f"The {' '.join(words)} came late."
)
HEADLINE = st.permutations(WORDS).map(lambda words: " ".join(words[:5]).capitalize())


@given(HEADLINE, st.lists(PROSE, min_size=1, max_size=5), st.sampled_from(["\n\n", "\n\n\n", "\n"]))
def test_clean_article_comes_back_as_itself(title: str, body: list[str], gap: str) -> None:
    (draft,) = split_page(title + "\n\n" + gap.join(body)).drafts

    assert (draft.title, draft.text) == (title, "\n\n".join(body))


@given(st.lists(st.tuples(HEADLINE, PROSE, PROSE), min_size=1, max_size=4), st.booleans())
def test_caption_pages_side_by_side_split_as_they_do_alone(
    stories: list[tuple[str, str, str]], has_marker: bool
) -> None:
    def page(title: str, caption: str, body: str) -> str:
        caption = f"{caption} REUTERS/A. Stringer"
        marker = "TT\n" if has_marker else ""
        return f"{title}\n\n{caption}\n{caption}\n{marker}\n{title}\n\n{caption}\n\n{body}"

    alone = [split_page(page(*story)).drafts for story in stories]
    together = split_page("\n\n\n".join(page(*story) for story in stories)).drafts

    def told(draft: Draft) -> tuple[str | None, str]:
        return draft.title, draft.text

    assert [told(draft) for draft in together] == [told(d) for drafts in alone for d in drafts]
    assert [told(draft) for draft in together] == [(title, body) for title, _, body in stories]


@given(PAGE)
def test_cleaning_a_clean_body_changes_nothing(page: str) -> None:
    once = clean_body(page, None)

    assert clean_body(once, None) == once


def test_headline_without_repeat_and_double_blank_lines_stay_one_article() -> None:
    page = (
        "A quiet day in town\n\n\nNothing happened.\n\n\nA second part\n\n\nStill nothing happened."
    )

    split = split_page(page)

    assert split.layout == "single"
    assert [draft.title for draft in split.drafts] == ["A quiet day in town"]


def test_caption_layout_needs_neither_marker_nor_captions() -> None:
    story = "Bridge is closed again\n\nBridge is closed again\n\nThe bridge is closed until June."
    other = "Ferry runs at night\n\nFerry runs at night\n\nThe ferry runs until dawn."

    drafts = split_page(f"{story}\n\n{other}").drafts

    assert [(draft.title, draft.text) for draft in drafts] == [
        ("Bridge is closed again", "The bridge is closed until June."),
        ("Ferry runs at night", "The ferry runs until dawn."),
    ]


def test_standfirst_between_two_headlines_is_kept() -> None:
    page = (
        "Bridge is closed again\nThe third time this year.\nTT\n"
        "Bridge is closed again\nThe bridge is closed until June, the city said."
    )

    (draft,) = split_page(page).drafts

    assert (
        draft.text == "The third time this year.\n\nThe bridge is closed until June, the city said."
    )


@pytest.mark.parametrize(
    "page",
    ["TT", "Latest news with #nothing", "12:14 , Ann Lee", "-\n-\n-", "Key Points", "09-07-2025"],
)
def test_header_of_a_layout_alone_is_no_error(page: str) -> None:
    assert len(split_page(page).drafts) <= 1


def test_quoted_stamp_does_not_make_a_live_blog() -> None:
    page = "The message on the wall\nIt read as follows.\n12:14 , Ann Lee\nNobody knew why it was there."

    split = split_page(page)

    assert (split.layout, len(split.drafts)) == ("single", 1)


def test_hard_wrapped_lines_become_paragraphs_again() -> None:
    page = (
        "A quiet day in town\n\n"
        "The council met in the morning and went home again before the\n"
        "bells of the church had rung for noon, as it does every week.\n\n"
        "Nobody complained."
    )

    (draft,) = split_page(page).drafts

    assert draft.text.split("\n\n") == [
        "The council met in the morning and went home again before the "
        "bells of the church had rung for noon, as it does every week.",
        "Nobody complained.",
    ]


def test_last_paragraph_that_ends_with_its_agency_is_kept() -> None:
    page = "A quiet day in town\n\nThe council met.\n\nIt went home again at noon. (Reuters)"

    (draft,) = split_page(page).drafts

    assert draft.text.endswith("(Reuters)")


def test_large_page_takes_time_in_proportion() -> None:
    lines = "\n".join(f"line number {i} of a page that never ends" for i in range(50_000))

    assert len(split_page(lines).drafts) == 1


def test_draft_is_judged_by_the_words_of_its_body() -> None:
    draft = Draft("article", "A title of many many words", "Three words only")

    assert assess_draft(draft, min_words=3) is None
    assert assess_draft(draft, min_words=4) == (
        "too_short",
        "3 words; ingest.min_words is 4",
    )
    empty = dataclasses.replace(draft, text="—")
    assert assess_draft(empty, min_words=1) == ("empty", "'A title of many many words' has no body")


def test_content_id_ignores_case_quotes_and_spaces() -> None:
    assert content_id_of("The “End”", "It is  over.") == content_id_of('the "end"', "it is over")
    assert content_id_of("A", "b") != content_id_of(None, "a b")


def test_article_id_depends_on_file_position_and_content() -> None:
    ids = {
        article_id_of("a.txt", 0, "c"),
        article_id_of("b.txt", 0, "c"),
        article_id_of("a.txt", 1, "c"),
        article_id_of("a.txt", 0, "d"),
    }

    assert len(ids) == 4
    assert all(re.fullmatch("[0-9a-f]{16}", article_id) for article_id in ids)


def test_article_is_its_own_group_until_copies_are_known() -> None:
    article = build_article("a.txt", 2, Draft("article", "Title", "Some text"), "en")

    assert (article.position, article.n_words, article.language) == (2, 2, "en")
    assert article.duplicate_group == article.content_id
    assert article.is_canonical


def test_rejected_row_can_always_be_stored() -> None:
    row = reject("a\udcff.txt", "path", "bad \ud800", line=3, excerpt="x\n" * 500)

    assert row.source_file == "a?.txt"
    assert "\n" not in row.excerpt
    assert len(row.excerpt) <= 200
    assert excerpt_of("  a \n b ") == "a b"


@pytest.mark.shared
def test_five_real_pages_give_55_segments_and_50_distinct_bodies(shared: Path) -> None:
    splits = [
        split_page(path.read_text(encoding="utf-8"))
        for path in sorted((shared / "pages").glob("*.txt"))
    ]
    drafts = [draft for split in splits for draft in split.drafts]

    assert [split.layout for split in splits] == [
        "captions",
        "captions",
        "liveblog",
        "listing",
        "single",
    ]
    assert [len(split.drafts) for split in splits] == [4, 4, 41, 5, 1]
    assert len({comparable(draft.text) for draft in drafts}) == 50
    assert sum(not draft.text for draft in drafts) == 2
    assert Counter(draft.published for draft in splits[2].drafts) == {
        "2025-01-22": 29,
        "2025-01-21": 12,
    }
    assert [draft.published for draft in splits[3].drafts] == [
        "2025-07-09",
        "2025-07-06",
        "2025-07-04",
        "2025-07-01",
        "2025-06-30",
    ]
    titles = "\n".join(draft.title or "" for draft in drafts)
    assert hashlib.sha256(titles.encode()).hexdigest()[:16] == "73a43a37e8fd1dae"
    bodies = "\n".join(draft.text for draft in drafts)
    assert hashlib.sha256(bodies.encode()).hexdigest()[:16] == "06da70522ad83d53"
    for split in splits:
        assert_conserved(split)
