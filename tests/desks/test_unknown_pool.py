"""Which unknown articles are looked through: of this batch and earlier ones, each once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.desks import unknown_pool
from pipeline.desks.unknown_pool import UnknownPool, gather_unknown
from pipeline.io.ledger import Ledger
from pipeline.io.paths import Paths
from pipeline.records import UNKNOWN, Article, Labelled
from tests import projects
from tests.batches import comets, labelled, make_classifier, mixed, strays, write_batch
from tests.conftest import FakeEncoder, make_article

Rows = list[tuple[Article, Labelled]]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return projects.make_project(tmp_path / "project")


def unknowns(articles: list[Article], **fields: object) -> Rows:
    return [(a, labelled(a, UNKNOWN, **fields)) for a in articles]


def remember(paths: Paths, *batch_ids: str) -> None:
    """Note finished batches, each of which knew those before it."""
    for number, batch_id in enumerate(batch_ids):
        Ledger(paths.batches / "ledger.sqlite").add_batch(batch_id, number, [], [])


def gathered(paths: Paths, batch_id: str) -> UnknownPool:
    return gather_unknown(paths, paths.batch(batch_id), make_classifier())


def ids_of(pool: UnknownPool) -> set[str]:
    return {article.content_id for article in pool.articles}


def test_the_unknown_of_this_batch_and_earlier_ones_are_found_with_their_vectors(
    paths: Paths,
) -> None:
    write_batch(paths, "b1", unknowns(comets(2)))
    write_batch(paths, "b2", [*unknowns(comets()[2:]), *mixed(energy=3)])
    remember(paths, "b1", "b2")
    pool = gathered(paths, "b2")
    assert ids_of(pool) == {a.content_id for a in comets()}
    assert [a.content_id for a in pool.articles] == sorted(ids_of(pool))
    texts = {a.content_id: a.full_text for a in comets()}
    expected = FakeEncoder().encode([texts[a.content_id] for a in pool.articles])
    assert np.allclose(pool.vectors, expected)
    assert (pool.n_batches, pool.n_left_out, len(pool.background)) == (2, 0, 3)


def test_a_later_batch_changes_nothing_for_an_earlier_one(paths: Paths) -> None:
    write_batch(paths, "b1", unknowns(comets(2)))
    write_batch(paths, "b2", unknowns(strays()))
    remember(paths, "b1", "b2")
    assert ids_of(gathered(paths, "b1")) == {a.content_id for a in comets(2)}


def test_other_languages_and_what_could_not_be_read_are_no_theme(paths: Paths) -> None:
    one, other, third = strays(3)
    write_batch(paths, "b1", [
        *unknowns([one], reason="other language (fr)"),
        *unknowns([other], reason="no vector for this text (ValueError)"),
        *unknowns([third]),
    ])  # fmt: skip
    assert ids_of(gathered(paths, "b1")) == {third.content_id}


def test_copies_within_a_batch_count_once(paths: Paths) -> None:
    one = comets(1)[0]
    copy = replace(one, article_id="copy", is_canonical=False)
    write_batch(paths, "b1", unknowns([one, copy]))
    assert len(gathered(paths, "b1").articles) == 1


def test_a_content_of_two_batches_counts_once_and_names_both(paths: Paths) -> None:
    one = comets(1)
    write_batch(paths, "b1", unknowns(one))
    write_batch(paths, "b2", unknowns(one, seen_before="b1"))
    remember(paths, "b1", "b2")
    (article,) = gathered(paths, "b2").articles
    assert article.batches == ("b2", "b1")


def test_of_a_near_copy_the_one_that_came_first_stays(paths: Paths) -> None:
    first = make_article(title="Comet", text="comet telescope astronomers brightness tail orbit")
    later = make_article(title="Comet", text="comet telescope astronomers brightness tail orbit a")
    write_batch(paths, "b1", unknowns([first]))
    write_batch(paths, "b2", unknowns([later], seen_before="b1"))
    remember(paths, "b1", "b2")
    assert ids_of(gathered(paths, "b2")) == {first.content_id}


def test_what_an_earlier_model_did_not_know_is_asked_of_this_one(paths: Paths) -> None:
    known_now = projects.make_articles(1)
    write_batch(paths, "b1", unknowns(known_now, model_version="old"))
    write_batch(paths, "b2", unknowns(comets(2), model_version="new"))
    remember(paths, "b1", "b2")
    pool = gathered(paths, "b2")
    assert ids_of(pool) == {a.content_id for a in comets(2)}
    assert pool.n_left_out == 0


def test_articles_without_a_vector_on_file_are_left_out_and_counted(paths: Paths) -> None:
    write_batch(paths, "b1", unknowns(strays(3)), with_vectors=False)
    pool = gathered(paths, "b1")
    assert (len(pool.articles), pool.n_left_out, pool.vectors.shape) == (0, 3, (0, 64))


def test_more_than_can_be_compared_are_left_out_and_counted_the_newest_stay(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unknown_pool, "MAX_TOGETHER", 2)
    write_batch(paths, "b1", unknowns(comets()))
    pool = gathered(paths, "b1")
    assert {a.published for a in pool.articles} == {"2024-05-03", "2024-05-04"}
    assert pool.n_left_out == 2


def test_a_batch_whose_folder_is_gone_is_passed_over(paths: Paths) -> None:
    write_batch(paths, "b2", unknowns(comets(2)))
    remember(paths, "b1", "b2")
    assert gathered(paths, "b2").n_batches == 1


def test_an_empty_batch_gives_an_empty_pool(paths: Paths) -> None:
    write_batch(paths, "b1", [])
    assert gathered(paths, "b1").articles == ()
