"""What came in is counted, and what was set aside is shown."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.report.data_quality import N_EXAMPLES, Count, assess, count_names
from pipeline.records import Rejected
from tests.conftest import make_article


def reject(code: str, line: int | None = 1, source_file: str = "page.txt") -> Rejected:
    return Rejected(source_file, line, "ingest", code, "too few words", "Advertisement")


def test_what_is_missing_is_counted() -> None:
    articles = [
        make_article(title="One", published="2024-01-01", source="Harbour Dispatch", n_words=10),
        make_article(title=None, source_file="other.txt", n_words=30),
        make_article(title="Two", duplicate_kind="near", is_canonical=False, n_words=20),
    ]

    quality = assess(articles, [reject("too_short", source_file="third.txt")])

    assert (quality.n_files, quality.n_items, quality.n_articles) == (3, 4, 3)
    assert (quality.n_undated, quality.n_unsourced, quality.n_untitled) == (2, 2, 1)
    assert quality.median_words == 20
    assert [count.name for count in quality.duplicates] == ["unique", "near"]
    assert [(a.what, a.n_words) for a in quality.lengths] == [
        ("shortest", 10),
        ("shortest", 20),
        ("longest", 30),
    ]


def test_reasons_come_with_a_few_examples_commonest_first() -> None:
    rejected = [reject("empty", None), *(reject("too_short", line) for line in range(9, 0, -1))]

    first, second = assess([], rejected).reasons

    assert (first.code, first.n) == ("too_short", 9)
    assert [example.place for example in first.examples] == [
        f"page.txt, line {line}" for line in range(1, N_EXAMPLES + 1)
    ]
    assert second.examples[0].place == "page.txt"


def test_nothing_at_all_is_assessed_too() -> None:
    quality = assess([], [])

    assert (quality.n_items, quality.median_words) == (0, 0)
    assert quality.lengths == quality.reasons == quality.languages == ()


def test_rare_names_are_added_up() -> None:
    assert count_names(["a", "a", "b", "c", None], limit=2) == (
        Count("a", 2, 0.4),
        Count("b", 1, 0.2),
        Count("2 others", 2, 0.4),
    )
    assert count_names(["a", "b"], limit=1)[-1].name == "1 other"


@given(st.lists(st.one_of(st.none(), st.text(max_size=3))), st.integers(1, 5))
def test_counts_add_up_to_all(names: list[str | None], limit: int) -> None:
    counts = count_names(names, limit)

    assert sum(count.n for count in counts) == len(names)
    assert len(counts) <= limit + 1
