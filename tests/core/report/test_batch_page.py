"""The page of a batch: whole, inert, and sensible for any number of articles."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pipeline.core.batches.summarise import Unknowns
from pipeline.core.batches.summary import BatchSummary, CandidateNote
from pipeline.core.report.batch_page import MAX_CARDS, MAX_DAYS, make_card, render_batch
from pipeline.records import Candidate
from tests.batches import mixed, summary_of

NOTE = CandidateNote("new-1", "Comets", 4, 2, 1, 5.0, "2024-05-01", "2024-05-04")
COMETS = Candidate(
    "new-1", "Comets", ("comet", "tail"), ("c1", "c2", "c3", "c4"), ("Comet seen",), 4, 2, 1,
    "2024-05-01", "2024-05-04", (("2024-05-01", 1), ("2024-05-04", 3)),
)  # fmt: skip
EVIL = "<script>alert(1)</script>\" onload='x' {{ 7*7 }}"


def with_comets(n: int = 1) -> tuple[BatchSummary, list[Candidate]]:
    summary = summary_of(
        mixed(energy=30, harvest=30, unknown=30), unknowns=Unknowns((NOTE,) * n, 30, 2, 3)
    )
    return summary, [COMETS] * n


def test_the_page_says_what_was_found() -> None:
    page = render_batch(*with_comets())
    for said in ("<strong>90</strong> articles", "Retrain", "Comets", "new-1", "Comet seen",
                 "newsthemes themes accept", "30 were compared, 2 more were not"):  # fmt: skip
        assert said in page


def test_nothing_comes_from_outside_and_no_script_may_run() -> None:
    page = render_batch(*with_comets())
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert not re.search(r"(?:src|href|action)\s*=\s*[\"'](?!#)", page)
    assert "url(" not in page
    assert "@import" not in page


def test_scraped_text_is_text() -> None:
    summary, _ = with_comets()
    evil_note = replace(NOTE, name=EVIL)
    rows = mixed(energy=5)
    rows = [(replace(a, source=EVIL, language=EVIL), replace(r, source=EVIL, theme_name=EVIL))
            for a, r in rows]  # fmt: skip
    summary = summary_of(rows, unknowns=Unknowns((evil_note,), 1, 0, 1))
    evil = replace(COMETS, name=EVIL, keywords=(EVIL,), headlines=(EVIL,))
    page = render_batch(summary, [evil])
    assert "<script" not in page
    assert "49" not in page.replace("2024", "")
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("n", [0, 1, 10])
def test_few_articles_make_a_page(n: int) -> None:
    page = render_batch(summary_of(mixed(energy=n)), [])
    assert "Too few to tell" in page
    assert not re.search(r"\bnan\b", page)


def test_a_model_without_a_profile_makes_a_page() -> None:
    page = render_batch(summary_of(mixed(energy=40), profile=None), [])
    assert "Cannot tell" in page


def test_the_same_summary_gives_the_same_page() -> None:
    assert render_batch(*with_comets()) == render_batch(*with_comets())


def test_many_candidates_are_cut_and_said_to_be() -> None:
    page = render_batch(*with_comets(MAX_CARDS + 5))
    assert page.count('<article class="card') == MAX_CARDS
    assert f"The first {MAX_CARDS} of {MAX_CARDS + 5}" in page


def test_days_are_drawn_at_their_place_and_old_ones_counted() -> None:
    card = make_card(NOTE, COMETS)
    assert [(bar.place, bar.n) for bar in card.bars] == [(0, 1), (3, 3)]
    assert (card.n_places, card.peak, card.n_earlier, card.n_undated) == (4, 3, 0, 0)
    long = replace(COMETS, n_articles=7, daily=(("2020-01-01", 2), ("2024-05-04", 3)))
    card = make_card(NOTE, long)
    assert (len(card.bars), card.n_earlier, card.n_undated) == (1, 2, 2)
    assert card.n_places <= MAX_DAYS
