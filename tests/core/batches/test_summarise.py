"""What is said of a batch: counts, drift, and whether to retrain."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from pipeline.core.batches.lines import lines_of, theme_rows, title_of
from pipeline.core.batches.summarise import Unknowns
from pipeline.core.batches.summary import SCHEMA, CandidateNote
from pipeline.records import UNKNOWN
from tests.batches import PROFILE, labelled, mixed, summary_of
from tests.conftest import make_article

NOTE = CandidateNote("new-1", "Comets", 4, 2, 1, 5.0, "2024-05-01", "2024-05-04")
LIKE_TRAINING = {"energy": 500, "harvest": 400, UNKNOWN: 100}


def test_a_batch_like_training_needs_no_retrain() -> None:
    summary = summary_of(mixed(**LIKE_TRAINING))
    assert summary.verdict.advice == "keep"
    assert not any(finding.drifted for finding in summary.verdict.findings)
    assert summary.label_distance is not None
    assert summary.label_distance.size in {"none", "chance"}
    assert summary.unknown.value == 0.1
    assert summary.unknown_change is not None
    assert summary.unknown_change.low < 0 < summary.unknown_change.high
    assert summary.schema_version == SCHEMA


def test_more_unknown_than_in_training_asks_for_a_retrain_and_says_why() -> None:
    summary = summary_of(mixed(energy=50, harvest=50, unknown=50))
    assert summary.verdict.advice == "retrain"
    assert "more are unknown" in summary.verdict.sentence
    assert "data/raw" in summary.verdict.sentence
    (finding,) = [f for f in summary.verdict.findings if f.subject == "unknown"]
    assert finding.drifted
    assert "33.3% are unknown: 23.3 points more than in training" in finding.sentence


def test_another_mix_of_known_themes_asks_for_a_look_only_and_names_what_moved() -> None:
    summary = summary_of(mixed(energy=20, harvest=160, unknown=20))
    assert summary.verdict.advice == "look"
    (finding,) = [f for f in summary.verdict.findings if f.subject == "themes"]
    assert finding.drifted
    assert "Most: Energy -40.0 points, Harvest +40.0 points" in finding.sentence


def test_the_same_shares_in_a_small_batch_are_not_called_drift() -> None:
    summary = summary_of(mixed(energy=18, harvest=14, unknown=5))
    assert summary.verdict.advice == "keep"


@pytest.mark.parametrize("n", [0, 1, 10, 29])
def test_few_articles_are_too_few_to_tell(n: int) -> None:
    summary = summary_of(mixed(unknown=n))
    assert summary.verdict.advice == "too few"
    assert "Too few to tell" in summary.verdict.sentence
    assert json.loads(json.dumps(asdict(summary), allow_nan=False))["n_articles"] == n
    assert lines_of(summary)


def test_without_a_profile_nothing_is_compared() -> None:
    summary = summary_of(mixed(energy=50), profile=None)
    assert summary.verdict.advice == "no comparison"
    assert summary.label_distance is summary.novel is summary.new_sources is None
    assert summary.verdict.findings == ()


def test_novel_articles_ask_for_a_retrain() -> None:
    rows = [(a, replace(row, novelty=0.99)) for a, row in mixed(energy=50, harvest=40, unknown=10)]
    summary = summary_of(rows)
    assert summary.verdict.advice == "retrain"
    assert summary.novel is not None
    assert summary.novel.value == 1.0


def test_new_languages_sources_and_lengths_are_named() -> None:
    rows = [
        (replace(a, language="fr", source="New", n_words=900), replace(row, source="New"))
        for a, row in mixed(**LIKE_TRAINING)
    ]
    summary = summary_of(rows)
    assert summary.verdict.advice == "look"
    assert "languages, sources, lengths" in summary.verdict.sentence
    assert summary.new_sources is not None
    assert summary.new_sources.value == 1.0


def test_candidates_alone_ask_for_a_look() -> None:
    summary = summary_of(mixed(**LIKE_TRAINING), unknowns=Unknowns((NOTE,), 100, 3, 2))
    assert summary.verdict.advice == "look"
    assert "1 group of unknown articles may be an emerging theme" in summary.verdict.sentence
    assert (summary.n_compared, summary.n_left_out, summary.n_batches) == (100, 3, 2)


def test_copies_weigh_nothing_but_are_counted() -> None:
    original = make_article(title="A", text="one text")
    copy = replace(original, article_id="copy", is_canonical=False)
    rows = [(original, labelled(original)), (copy, labelled(copy, seen_before="b0"))]
    summary = summary_of(rows)
    assert (summary.n_articles, summary.n_distinct, summary.n_copies) == (2, 1, 1)
    assert summary.n_seen_before == 1
    assert summary.themes[0].n_articles == 2
    assert summary.themes[0].share.of == 1


def test_reasons_are_counted_apart() -> None:
    articles = [make_article(title=f"{i}") for i in range(3)]
    reasons = ("other language (fr)", "not clear which theme (best: X at 0.3)", "no vector")
    rows = [
        (a, labelled(a, UNKNOWN, reason=reason))
        for a, reason in zip(articles, reasons, strict=True)
    ]
    kinds = {reason.kind: reason.n for reason in summary_of(rows).unknown_reasons}
    assert kinds == {"unclear": 1, "other language": 1, "other": 1}


def test_the_oldest_and_the_newest_day_are_told_and_undated_ones_counted() -> None:
    dates = ("2024-05-03", None, "2023-01-01", "someday")
    rows = [
        (a := make_article(title=f"{i}", published=date), labelled(a))
        for i, date in enumerate(dates)
    ]
    summary = summary_of(rows)
    assert (summary.first_day, summary.last_day) == ("2023-01-01", "2024-05-03")
    assert summary.n_undated == 2


def test_many_sources_are_listed_by_size_and_the_rest_together() -> None:
    rows = [(a := make_article(title=f"{i}", source=f"s{i:02d}"), labelled(a)) for i in range(30)]
    summary = summary_of(rows)
    assert summary.n_sources == 30
    assert len(summary.sources) == 13
    assert sum(row.n for row in summary.sources) == 30


def test_the_order_of_rows_changes_nothing() -> None:
    rows = mixed(energy=20, harvest=15, unknown=7)
    assert summary_of(rows) == summary_of(rows[::-1])


def test_a_terminal_is_told_the_same() -> None:
    summary = summary_of(
        mixed(energy=50, harvest=50, unknown=50), unknowns=Unknowns((NOTE,) * 7, 50, 0, 1)
    )
    assert title_of(summary) == "150 articles labelled, 150 distinct"
    assert [row[:4] for row in theme_rows(summary)] == [
        ("Energy", 50, "33.3%", "50.0%"), ("Harvest", 50, "33.3%", "40.0%"),
        ("Unknown", 50, "33.3%", "10.0%"),
    ]  # fmt: skip
    lines = lines_of(summary)
    assert lines[0].startswith("Unknown: 50 of 150 distinct, 33.3%")
    assert "in training 10.0%" in lines[0]
    assert any("Retrain" in line for line in lines)
    assert lines[-1] == "  and 2 more: newsthemes themes candidates"


def test_the_profile_of_an_empty_corpus_compares_nothing() -> None:
    empty = replace(PROFILE, n_articles=0, labels=(), languages=(), sources=(), novelty=(),
                    n_words=())  # fmt: skip
    summary = summary_of(mixed(energy=40), profile=empty)
    assert summary.verdict.findings == ()
