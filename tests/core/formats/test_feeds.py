"""RSS and Atom."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.formats.feeds import looks_like_feed, read_feed
from pipeline.core.texts import UnreadablePage
from pipeline.records import Draft

RSS = """<?xml version="1.0" encoding="iso-8859-1"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Wire</title>
<item><title>Bridge &amp;amp; ferry - The Wire</title><description>The short form.</description>
<content:encoded><![CDATA[<p>The bridge is closed.</p><p>The ferry runs.</p>]]></content:encoded>
<pubDate>Tue, 21 Jan 2025 23:11:12 -0500</pubDate><dc:creator>Ann Lee</dc:creator></item>
<item><title>Tram stops</title><description>&lt;p&gt;No tram today.&lt;/p&gt;</description>
<pubDate>31 Feb 2025</pubDate><source url="http://example.org">The Post</source></item>
<item><title>Nothing more</title></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Old Town</title>
<entry><title type="html">&lt;b&gt;Fair&lt;/b&gt; opens</title>
<updated>2025-01-22T08:00:00Z</updated><author><name>Bo Wu</name></author>
<content type="html">&lt;p&gt;The fair has opened.&lt;/p&gt;</content></entry></feed>"""


def test_entries_of_rss_prefer_their_full_content() -> None:
    bridge, tram, empty = read_feed(RSS)

    assert bridge == Draft(
        "article",
        "Bridge & ferry",
        "The bridge is closed.\n\nThe ferry runs.",
        "2025-01-21",
        "The Wire",
        "Ann Lee",
    )
    assert (tram.text, tram.published, tram.source) == ("No tram today.", None, "The Post")
    assert tram.notes == (
        "the text is the feed's summary",
        "the stated date could not be read ('31 Feb 2025')",
    )
    assert (empty.title, empty.text, empty.notes) == ("Nothing more", "", ())


def test_entries_of_atom() -> None:
    (entry,) = read_feed(ATOM)

    assert entry == Draft(
        "article", "Fair opens", "The fair has opened.", "2025-01-22", "Old Town", "Bo Wu"
    )


def test_year_of_two_digits_is_read() -> None:
    (entry,) = read_feed(
        "<rss><channel><item><title>T</title><pubDate>21 Jan 25 10:00 GMT</pubDate></item>"
        "</channel></rss>"
    )

    assert entry.published == "2025-01-21"


@pytest.mark.parametrize(
    ("document", "code", "told"),
    [
        ("<rss><channel><title>T</title></channel></rss>", "empty", "no entries"),
        ("<urlset><url><loc>x</loc></url></urlset>", "xml", "<urlset>"),
        ("/etc/passwd", "xml", "no element"),
        ("http://example.org/feed", "xml", "no element"),
    ],
)
def test_what_is_no_feed_has_a_code(document: str, code: str, told: str) -> None:
    with pytest.raises(UnreadablePage, match=told) as error:
        list(read_feed(document))

    assert error.value.code == code


def test_entities_are_not_resolved() -> None:
    entities = '<!ENTITY a "boom"><!ENTITY f SYSTEM "file:///etc/hostname">' + "".join(
        f'<!ENTITY a{i} "{f"&a{i - 1 or str()};" * 10}">' for i in range(1, 10)
    )
    document = (
        f"<!DOCTYPE rss [{entities}]><rss><channel><item><title>T &a9; &f;</title>"
        "<description>Some words.</description></item></channel></rss>"
    )

    (entry,) = read_feed(document)

    assert "boom" not in (entry.title or "")
    assert len(entry.title or "") < 20


def test_feed_is_known_by_its_beginning() -> None:
    assert looks_like_feed('\ufeff<?xml version="1.0"?>\n<!-- a -->\n<rss version="2.0">')
    assert looks_like_feed('<feed xmlns="http://www.w3.org/2005/Atom">')
    assert not looks_like_feed("<html><body><rss>")
    assert not looks_like_feed("The <rss> element is old.")


@given(st.text(max_size=200))
def test_any_text_is_a_feed_or_none(text: str) -> None:
    try:
        assert all(isinstance(draft, Draft) for draft in read_feed(text))
    except UnreadablePage as error:
        assert error.code in {"xml", "empty"}  # noqa: PT017
