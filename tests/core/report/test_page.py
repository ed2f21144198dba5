"""The page says what was found, and nothing that was scraped is more than text to it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import itertools
import random
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.report.page import (
    MAX_CARDS,
    MAX_ROWS,
    Findings,
    build_report,
    render_report,
)
from pipeline.core.report.theme_cards import Mark, order_themes
from pipeline.records import (
    Article,
    Assignment,
    Clusters,
    HoldoutRow,
    Level,
    Rejected,
    SeriesPoint,
    Theme,
    ThemeEvent,
)
from tests.conftest import make_article, make_theme

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style></title></svg><b>x",
    "<img src=x onerror=alert(1)>",
    '" onmouseover=alert(1) x="',
    "' onfocus='alert(1)",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% for x in y %}",
    "&lt;script&gt;&#x3c;",
    "--><!-- ]]>",
]


class Page(HTMLParser):
    """Elements with the names of their attributes, in order; all attributes; all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())


def sample_theme(theme_id: str, **fields: object) -> Theme:
    return make_theme(theme_id, **({"keywords": ("grain", "port")} | fields))


def assign(article: Article, theme: str | None) -> Assignment:
    how = "core" if theme else "none"
    return Assignment(article.article_id, theme, theme and theme.title(), (0,), "s-0", 0.5, how)


def make_clusters(articles: list[Article]) -> Clusters:
    ids = tuple(sorted(article.article_id for article in articles))
    points = np.array([[i, i * i % 7] for i in range(len(ids))], dtype=np.float32)
    strengths = np.ones(len(ids), dtype=np.float32)
    return Clusters(
        ids,
        ((0,),) * len(ids),
        np.arange(len(ids), dtype=np.int32),
        strengths,
        points.reshape(-1, 2),
    )


def make_findings(word: str = "plain") -> Findings:
    """Two themes and a stray article; `word` stands wherever scraped or typed text can."""
    grain = make_article(
        title=f"Ships leave {word}",
        text=f"The first ships left. {word}",
        published="2024-03-01",
        source=f"Harbour {word}",
        author=word,
        source_file=f"{word}.txt",
        language=word,
    )
    port = make_article(title=None, text=f"{word} Cranes stand still", published=word)
    stray = make_article(title="A lone comet", published="2024-06-11", source="Civic Courier")
    grain_theme = sample_theme(
        "grain",
        name=f"Grain {word}",
        status="catalogued",
        description=f"About {word}",
        keywords=(word, "ships"),
        representative=(grain.article_id, "gone"),
        borderline=(port.article_id,),
        first_seen="2024-03-01",
        last_seen=word,
        name_evidence=(grain.article_id,),
        parent=f"g-{word}",
        top_source=f"Harbour {word}",
        top_source_share=1.0,
        one_source=True,
    )
    articles = [grain, port, stray]
    return Findings(
        articles=articles,
        rejected=[Rejected(f"{word}.html", 3, "ingest", word, f"bad {word}", f"Ad {word}")],
        clusters=make_clusters(articles),
        themes=[grain_theme],
        assignments=[assign(grain, "grain"), assign(port, "grain"), assign(stray, None)],
        metrics={"ingest": {word: word}, "evaluate": {"macro_f1": 0.9, f"f1.{word}": 0.5}},
        holdout=[HoldoutRow("a", "c", "g", word, "grain", "grain", 0.8, 0.1)],
        levels=[Level(0, 1, 0.9, 0.0, is_default=False), Level(1, 3, 0.8, 0.3, is_default=True)],
        series=[
            SeriesPoint("grain", "week", "2024-02-26", 3, 1, 1, is_burst=True),
            SeriesPoint("grain", "week", "2024-03-18", 1, 1, 1, is_burst=False),
        ],
        events=[
            ThemeEvent("born", "grain", f"Grain {word}", (), 0, 2, 0, f"appeared: {word}"),
            ThemeEvent("conflict", word, word, (word,), 1, 1, 1, f"pin {word}"),
        ],
    )


def page_of(findings: Findings, title: str = "newsthemes") -> str:
    return render_report(build_report(findings, title=title))


def empty_findings(**fields: object) -> Findings:
    nothing = Findings([], [], make_clusters([]), [], [], {})
    return dataclasses.replace(nothing, **fields)  # type: ignore[arg-type]


def test_the_page_says_in_one_sentence_what_was_found() -> None:
    text = Page(page_of(make_findings())).text

    assert (
        "3 articles, 3 of them distinct, fall into 1 theme; 33% of the distinct ones belong to "
        "none. They are dated from 2024-03-01 to 2024-06-11." in text
    )


def test_a_theme_is_shown_with_its_evidence() -> None:
    (card,) = build_report(make_findings(), title="x").cards

    assert [e.headline for e in card.representative] == ["Ships leave plain"]
    assert [e.headline for e in card.borderline] == ["plain Cranes stand still"]
    assert card.one_source == 1.0
    assert [(c.name, c.n) for c in card.hows] == [("in a dense group", 2)]
    assert card.series is not None
    assert (card.series.n_distinct, card.series.n_copies, card.n_undated) == (2, 2, 1)
    assert [bar.start for bar in card.series.bursts] == ["2024-02-26"]
    assert [item.headline for item in card.named_after] == ["Ships leave plain"]


def test_catalogued_themes_come_first_and_then_the_larger() -> None:
    themes = [
        sample_theme("small", n_distinct=1),
        sample_theme("large", n_distinct=9),
        sample_theme("mine", n_distinct=0, status="catalogued"),
    ]

    assert [theme.theme_id for theme in order_themes(themes)] == ["mine", "large", "small"]


def test_the_first_24_themes_have_marks_of_their_own() -> None:
    marks = [Mark.of_number(number) for number in range(1, 25)]

    assert len({(mark.colour, mark.shape) for mark in marks}) == 24
    assert all(
        a.shape != b.shape and a.colour != b.colour for a, b in itertools.pairwise(marks[:6])
    )


@pytest.mark.parametrize("word", HOSTILE)
def test_no_text_becomes_markup(word: str) -> None:
    plain, hostile = Page(page_of(make_findings())), Page(page_of(make_findings(word), word))

    assert hostile.elements == plain.elements
    assert hostile.text.count(" ".join(word.split())) >= 12


@settings(max_examples=30)
@given(st.text(alphabet="<>\"'&/=-! {}%abscript", min_size=1, max_size=20).filter(str.strip))
def test_no_mixture_of_special_characters_becomes_markup(word: str) -> None:
    plain = Page(page_of(make_findings()))

    assert Page(page_of(make_findings(f"z{word}"), word)).elements == plain.elements


def test_no_address_in_the_page_leads_elsewhere() -> None:
    for word in HOSTILE:
        page = Page(page_of(make_findings(word), word))
        addresses = [v for name, v in page.attributes if name in {"href", "src", "action", "data"}]

        assert addresses
        assert all(re.fullmatch(r"#[a-z]+\d*", address) for address in addresses)
        assert not [name for name, _ in page.attributes if name.startswith("on")]
        assert not [name for name, _ in page.attributes if name == "style"]


def test_the_page_allows_exactly_its_own_script() -> None:
    html = page_of(make_findings())
    (script,) = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = [v for name, v in Page(html).attributes if name == "content" and "-src" in v]

    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_the_page_asks_nothing_of_any_network_or_store() -> None:
    html = page_of(make_findings())

    for word in ("http:", "https:", "url(", "@import", "fetch(", "localStorage", "XMLHttp"):
        assert word not in html


def test_the_page_can_be_read_without_its_script() -> None:
    html = re.sub(r"<script>.*?</script>", "", page_of(make_findings()), flags=re.DOTALL)

    assert Page(html).text.count("Ships leave plain") >= 3
    assert '<div id="tools" hidden>' in html


def test_every_anchor_has_its_target_and_every_id_is_unique() -> None:
    attributes = Page(page_of(make_findings())).attributes
    ids = [value for name, value in attributes if name == "id"]
    used = {value for name, value in attributes if name == "aria-labelledby"}
    used |= {value[1:] for name, value in attributes if name == "href"}

    assert len(ids) == len(set(ids))
    assert used <= set(ids)


def test_headings_do_not_skip_a_level_and_tables_have_captions() -> None:
    tags = [tag for tag, _ in Page(page_of(make_findings())).elements]
    levels = [int(tag[1]) for tag in tags if re.fullmatch(r"h[1-6]", tag)]

    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in itertools.pairwise(levels))
    assert tags.count("table") == tags.count("caption")


def test_nothing_at_all_still_makes_a_page_that_says_what_to_do() -> None:
    text = Page(page_of(empty_findings())).text

    assert "No theme was found" in text
    assert "No article was read" in text
    assert "Nothing has been measured yet" in text
    assert "data/labels.csv" in text


def test_one_undated_article_makes_a_page() -> None:
    article = make_article(title=None, text="", language=None, n_words=0)
    findings = empty_findings(
        articles=[article], clusters=make_clusters([article]), assignments=[assign(article, None)]
    )

    text = Page(page_of(findings)).text

    assert "1 article, 1 of them distinct, fall into 0 themes" in text
    assert "None of them is dated." in text


def test_articles_without_assignment_and_themes_without_articles_are_shown() -> None:
    article = make_article(title="Unassigned")
    theme = sample_theme("empty", n_articles=0, n_distinct=0, share=0.0)
    foreign = Assignment("gone", "empty", "Empty", (), "s-0", 0.0, "core")

    text = Page(
        page_of(empty_findings(articles=[article], themes=[theme], assignments=[foreign]))
    ).text

    assert "No article of this run belongs to it." in text
    assert "Unassigned" in text


def test_the_order_of_records_changes_no_byte() -> None:
    findings = make_findings()
    shuffled = dataclasses.replace(
        findings,
        articles=findings.articles[::-1],
        assignments=findings.assignments[::-1],
        rejected=findings.rejected[::-1],
    )

    assert page_of(shuffled) == page_of(findings)


def many_findings(n_articles: int, n_themes: int) -> Findings:
    draw = random.Random(5)
    words = [f"word{i}" for i in range(400)]
    articles = [
        make_article(
            title=" ".join(draw.choices(words, k=11)),
            text=" ".join(draw.choices(words, k=60)),
            published=f"20{draw.randint(20, 25)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            source=draw.choice(words),
            position=i,
            article_id=f"a{i:06}",
        )
        for i in range(n_articles)
    ]
    theme_of = {a.article_id: f"t{i % n_themes:03}" for i, a in enumerate(articles)}
    themes = [
        sample_theme(
            f"t{k:03}",
            keywords=tuple(words[k : k + 10]),
            representative=tuple(a.article_id for a in articles[k::n_themes][:5]),
            borderline=tuple(a.article_id for a in articles[k::n_themes][5:10]),
        )
        for k in range(n_themes)
    ]
    return empty_findings(
        articles=articles,
        clusters=make_clusters(articles),
        themes=themes,
        assignments=[assign(a, theme_of[a.article_id]) for a in articles],
    )


def test_a_large_corpus_is_cut_to_size_and_the_page_says_so() -> None:
    html = page_of(many_findings(5000, 200))
    page = Page(html)

    assert len(html.encode()) < 5_000_000
    assert f"The newest {MAX_ROWS} of 5000" in page.text
    assert f"The first {MAX_CARDS} of 200 themes" in page.text
    assert "Shown is an even sample" in page.text
    assert [tag for tag, _ in page.elements].count("article") == MAX_CARDS


def test_events_copies_bursts_and_levels_are_told() -> None:
    text = Page(page_of(make_findings())).text
    assert "appeared: plain" in text
    assert text.index("could not be honoured") < text.index("appeared: plain")
    assert "2024-02-26 (1 independent, 1 story)" in text
    assert "week of 2024-02-26: 1 independent, 2 copies, 1 story; burst" in text
    assert "One source: 100% of it comes from Harbour plain" in text
    assert "themes.granularity" in text
    assert "newsthemes themes rename ID NAME" in text


def test_nothing_that_changed_is_said_too() -> None:
    assert "Nothing: every theme is what it was" in Page(page_of(empty_findings())).text
