"""What the values of a record mean."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.core.formats.fields import NoText, draft_record, language_of
from pipeline.io.params import load_params
from pipeline.records import Draft
from tests.conftest import CHECKOUT

COLUMNS = load_params(CHECKOUT / "params.yaml").ingest.columns.model_dump()


def draft_of(**values: object) -> Draft:
    return draft_record(values, COLUMNS, day_first=True)


def test_news_please() -> None:
    draft = draft_of(
        authors=["Ann Lee"],
        date_publish="2025-01-21 23:30:00",
        date_download="2025-03-01 00:00:00",
        description="In short.",
        language="en",
        maintext="It is closed.\nIt opens on Monday.",
        source_domain="www.example.org",
        title="Bridge to close",
        url="https://www.example.org/bridge",
    )

    assert draft == Draft(
        "article",
        "Bridge to close",
        "It is closed.\n\nIt opens on Monday.",
        "2025-01-21",
        "example.org",
        "Ann Lee",
    )


def test_fundus() -> None:
    draft = draft_of(
        title="Bridge to close",
        body={
            "summary": ["In short."],
            "sections": [
                {"headline": [], "paragraphs": ["It is closed."]},
                {"headline": ["What next"], "paragraphs": ["It opens.", "On Monday."]},
            ],
        },
        publishing_date="2025-01-21 23:30:00-05:00",
        authors=["Ann Lee", "Bo Wu"],
        publisher="The Wire",
    )

    assert draft.text == "In short.\n\nIt is closed.\n\nWhat next\n\nIt opens.\n\nOn Monday."
    assert (draft.published, draft.source) == ("2025-01-21", "The Wire")
    assert draft.author == "Ann Lee, Bo Wu"


@pytest.mark.parametrize(
    "values",
    [
        {"article": "It is closed.", "highlights": "x", "id": "1"},
        {"text": "It is closed.", "label": 2},
        {"document": "It is closed.", "summary": "x"},
        {"title": "T", "description": "It is closed.", "label": 1},
        {"headline": "T", "short_description": "It is closed.", "category": "x"},
        {"content_html": "<p>It is closed.</p>", "url": "x"},
    ],
)
def test_sets_of_hugging_face_and_others_find_their_text(values: dict[str, object]) -> None:
    assert draft_of(**values).text == "It is closed."


@pytest.mark.parametrize(
    ("stated", "date"),
    [
        ("Tue, 21 Jan 2025 23:11:12 -0500", "2025-01-21"),
        ("2025-01-21T23:30:00-05:00", "2025-01-21"),
        ("20250121", "2025-01-21"),
        ("20250121103000", "2025-01-21"),
        (20250121, "2025-01-21"),
        (1737454212, "2025-01-21"),
        (1737454212000, "2025-01-21"),
        (1737454212.5, "2025-01-21"),
        (dt.datetime(2025, 1, 21, 23, 30, tzinfo=dt.UTC), "2025-01-21"),
        (dt.date(2025, 1, 21), "2025-01-21"),
    ],
)
def test_date_is_the_day_as_stated(stated: object, date: str) -> None:
    assert draft_of(text="It is closed.", date=stated) == Draft(
        "article", None, "It is closed.", date
    )


@pytest.mark.parametrize(
    "stated", ["31-02-2025", "yesterday", "1737454212", 7, True, float("inf"), "0001-01-01"]
)
def test_date_that_is_none_is_noted(stated: object) -> None:
    draft = draft_of(text="It is closed.", date=stated)

    assert draft.published is None
    assert draft.notes == (f"the stated date could not be read ('{stated}')",)


@pytest.mark.parametrize(
    ("values", "source"),
    [
        ({"source": "The Wire", "domain": "x.example"}, "The Wire"),
        ({"domain": "www.x.example"}, "x.example"),
        ({"source": "https://www.x.example/a"}, "x.example"),
        ({"url": "https://www.x.example/a"}, "x.example"),
        ({"link": "no address"}, None),
    ],
)
def test_source_is_a_name_or_a_host(values: dict[str, object], source: str | None) -> None:
    assert draft_of(text="It is closed.", **values).source == source


def test_site_is_parted_from_the_title_and_markup_goes() -> None:
    draft = draft_of(title="Bridge &amp; <b>ferry</b> | The Wire", text="<p>A.</p><p>B &lt; C.</p>")

    assert (draft.title, draft.text) == ("Bridge & ferry", "A.\n\nB < C.")


def test_record_without_text_names_the_columns() -> None:
    with pytest.raises(NoText, match="columns found: headline, story") as error:
        draft_of(headline="Bridge", story="It is closed.")

    assert error.value.excerpt == "Bridge"


@pytest.mark.parametrize(
    ("stated", "code"), [("en-GB", "en"), ("EN", "en"), ("English language", None), (None, None)]
)
def test_language_is_a_code(stated: object, code: str | None) -> None:
    assert language_of({"language": stated}, COLUMNS) == code
