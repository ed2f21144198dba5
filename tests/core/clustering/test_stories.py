"""Stories: the same event within days, inside one cluster."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.clustering import stories
from pipeline.core.clustering.clusters import keep_stories_together
from pipeline.core.clustering.stories import find_stories, story_bounds

FLOOD = [
    "The river Arlen burst its banks in Holmby on Friday, and 300 homes were flooded.",
    "Homes flooded in Holmby after the Arlen burst its banks, says mayor Dora Lind.",
    "In Holmby the Arlen flooded 300 homes; mayor Dora Lind asked for help.",
]
STRIKE = [
    "Drivers at the tram depot of Karsk began a strike over pay, led by Ivo Brandt.",
    "A strike over pay by tram drivers led by Ivo Brandt stopped trams in Karsk.",
]
ALONE = ["A rare orchid flowered in the botanical garden for the first time."]
WORDS = "bridge harbour vote storm orchard museum ferry budget glacier verdict".split()


def rows(groups: list[int], d: int = 16, noise: float = 0.05) -> np.ndarray:
    rng = np.random.default_rng(3)
    centres = np.eye(max(groups) + 1, d)
    vectors = centres[groups] + noise * rng.normal(size=(len(groups), d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def one_cluster(n: int) -> np.ndarray:
    return np.zeros(n, dtype=np.int32)


def pairs_of(numbers: np.ndarray) -> np.ndarray:
    """Which articles share a story, whatever its number."""
    return numbers[:, None] == numbers[None, :]


Corpus = tuple[np.ndarray, list[str], list[str | None], np.ndarray]


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    n = draw(st.integers(2, 24))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    event = rng.integers(0, max(1, n // 3), size=n)
    vectors = np.eye(n, 24)[event] + 0.2 * rng.normal(size=(n, 24))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = [f"{WORDS[e % 10]} e{e} {rng.choice(WORDS)} x{i}" for i, e in enumerate(event)]
    days = rng.integers(1, 28, size=n)
    dates = [None if day < 4 else f"2024-03-{day:02d}" for day in days.tolist()]
    within = rng.integers(0, 3, size=n).astype(np.int32)
    return vectors.astype(np.float32), texts, dates, within


def test_reports_of_one_event_are_one_story_and_singletons_are_legal() -> None:
    texts = FLOOD + STRIKE + ALONE
    found = find_stories(rows([0, 0, 0, 1, 1, 2]), texts, [None] * 6, one_cluster(6))
    assert found.dtype == np.int32
    assert found.tolist() == [0, 0, 0, 1, 1, 2]


def test_no_story_crosses_a_bound() -> None:
    within = np.array([0, 1, 0], dtype=np.int32)
    found = find_stories(rows([0, 0, 0]), FLOOD, [None] * 3, within)
    assert found.tolist() == [0, 1, 0]


def test_the_same_words_months_apart_are_two_stories() -> None:
    dates = ["2024-01-05", "2024-01-06", "2024-06-01"]
    assert find_stories(rows([0, 0, 0]), FLOOD, dates, one_cluster(3)).tolist() == [0, 0, 1]


def test_a_missing_or_unreadable_date_says_nothing() -> None:
    dates = ["2024-01-05", None, "some day"]
    assert find_stories(rows([0, 0, 0]), FLOOD, dates, one_cluster(3)).tolist() == [0, 0, 0]


def test_nothing_one_article_and_empty_texts_are_no_error() -> None:
    assert find_stories(np.zeros((0, 4), np.float32), [], [], one_cluster(0)).tolist() == []
    assert find_stories(rows([0]), ["One text."], [None], one_cluster(1)).tolist() == [0]
    assert find_stories(rows([0, 1]), ["", ""], [None, None], one_cluster(2)).tolist() == [0, 1]


def test_texts_of_one_word_are_judged_by_that_word_and_their_vectors() -> None:
    texts = ["Flood", "flood", "Strike"]
    found = find_stories(rows([0, 0, 1]), texts, [None] * 3, one_cluster(3))
    assert found.tolist() == [0, 0, 1]


def test_identical_articles_are_one_story() -> None:
    vectors = np.repeat(rows([0]), 30, axis=0)
    found = find_stories(vectors, FLOOD[:1] * 30, [None] * 30, one_cluster(30))
    assert found.tolist() == [0] * 30


def test_a_cluster_that_is_one_event_as_a_whole_is_one_story() -> None:
    rng = np.random.default_rng(1)
    event = [f"detail{i}" for i in range(12)]
    texts = [" ".join([*rng.choice(event, 8, replace=False), f"own{i}"]) for i in range(40)]
    found = find_stories(rows([0] * 40, noise=0.1), texts, [None] * 40, one_cluster(40))
    assert found.max() == 0


def test_a_chain_of_likenesses_does_not_make_one_story() -> None:
    """Each report is close to the next one, but the ends have nothing in common."""
    n = 30
    vectors = np.stack([np.eye(n + 5)[i : i + 6].sum(axis=0) for i in range(n)])
    vectors = (vectors / np.sqrt(6)).astype(np.float32)
    texts = [" ".join(f"w{word}" for word in range(i, i + 6)) for i in range(n)]
    found = find_stories(vectors, texts, [None] * n, one_cluster(n))
    assert found[0] != found[-1]
    assert np.bincount(found).max() <= n // 3


def test_a_shared_formula_is_background_and_makes_no_story() -> None:
    formula = "Weekly notice of the council meeting with agenda minutes and votes about"
    texts = [f"{formula} place{i} matter{i} person{i} street{i} sum{i}" for i in range(40)]
    vectors = np.eye(40, 41)
    vectors[:, 40] = 0.6  # alike in one direction only, as texts of one form are
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    assert find_stories(vectors, texts, [None] * 40, one_cluster(40)).max() == 39


@settings(max_examples=30, deadline=None)
@given(corpora(), st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing_but_the_numbers(corpus: Corpus, seed: int) -> None:
    vectors, texts, dates, within = corpus
    order = np.random.default_rng(seed).permutation(len(texts))
    found = find_stories(vectors, texts, dates, within)
    shuffled = find_stories(
        vectors[order], [texts[i] for i in order], [dates[i] for i in order], within[order]
    )
    assert (pairs_of(shuffled) == pairs_of(found[order])).all()


@settings(max_examples=30, deadline=None)
@given(corpora())
def test_stories_lie_within_bounds_and_are_numbered_in_the_order_of_rows(corpus: Corpus) -> None:
    vectors, texts, dates, within = corpus
    found = find_stories(vectors, texts, dates, within)
    assert all(len(set(within[found == story].tolist())) == 1 for story in set(found.tolist()))
    firsts = [int(np.flatnonzero(found == story)[0]) for story in range(found.max() + 1)]
    assert firsts == sorted(firsts)


def test_too_large_a_group_is_halved_and_close_articles_stay_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stories, "MAX_TOGETHER", 3)
    texts = [*FLOOD, *STRIKE, "Trams in Karsk stopped: drivers led by Ivo Brandt strike over pay."]
    found = find_stories(rows([0, 0, 0, 1, 1, 1]), texts, [None] * 6, one_cluster(6))
    assert found.tolist() == [0, 0, 0, 1, 1, 1]


def test_bounds_are_clusters_and_the_finer_parts_of_those_that_are_too_large() -> None:
    labels = np.array(
        [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 2, 3], [0, 4, 1, 5, 2, 3]],
        dtype=np.int32,
    )
    assert story_bounds(labels, default=1, most=4).tolist() == [0, 0, 0, 0, 1, 1]
    assert pairs_of(story_bounds(labels, default=1, most=3)).tolist() == (
        pairs_of(np.array([0, 0, 1, 1, 2, 2])).tolist()
    )
    assert len(set(story_bounds(labels, default=1, most=1).tolist())) == 6
    assert story_bounds(labels, default=3, most=1).max() == 5


def test_stories_are_kept_together_below_the_default_level_only() -> None:
    labels = np.array([[0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 2, 3]], dtype=np.int32)
    kept = keep_stories_together(labels, np.array([0, 0, 0, 0, 1, 2], dtype=np.int32), 1)
    assert kept[:2].tolist() == labels[:2].tolist()
    assert kept[2].tolist() == [0, 0, 0, 0, 1, 2]


def test_threads_change_nothing() -> None:
    from threadpoolctl import threadpool_limits

    rng = np.random.default_rng(5)
    event = rng.integers(60, size=300)
    vectors = rows(event.tolist(), d=96, noise=0.1)
    texts = [f"{WORDS[e % 10]} e{e} {rng.choice(WORDS)} x{i}" for i, e in enumerate(event)]
    found = []
    for threads in (1, 4):
        with threadpool_limits(threads):
            found.append(find_stories(vectors, texts, [None] * 300, one_cluster(300)))
    assert (found[0] == found[1]).all()
