"""Stories: the same event within days."""

import numpy as np

from pipeline.core.clustering.stories import find_stories

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


def rows(groups: list[int], d: int = 16) -> np.ndarray:
    rng = np.random.default_rng(3)
    centres = np.eye(max(groups) + 1, d)
    vectors = centres[groups] + 0.05 * rng.normal(size=(len(groups), d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def test_reports_of_one_event_are_one_story_and_singletons_are_legal() -> None:
    found = find_stories(rows([0, 0, 0, 1, 1, 2]), FLOOD + STRIKE + ALONE, [None] * 6)
    assert found.dtype == np.int32
    assert found.tolist() == [0, 0, 0, 1, 1, 2]


def test_the_same_words_months_apart_are_two_stories() -> None:
    dates = ["2024-01-05", "2024-01-06", "2024-06-01"]
    assert find_stories(rows([0, 0, 0]), FLOOD, dates).tolist() == [0, 0, 1]


def test_a_missing_or_unreadable_date_says_nothing() -> None:
    dates = ["2024-01-05", None, "some day"]
    assert find_stories(rows([0, 0, 0]), FLOOD, dates).tolist() == [0, 0, 0]


def test_nothing_one_article_and_empty_texts_are_no_error() -> None:
    assert find_stories(np.zeros((0, 4), np.float32), [], []).tolist() == []
    assert find_stories(rows([0]), ["One text."], [None]).tolist() == [0]
    assert len(find_stories(rows([0, 1]), ["", ""], [None, None])) == 2


def test_shuffled_rows_give_the_same_stories() -> None:
    vectors, texts = rows([0, 0, 0, 1, 1, 2]), FLOOD + STRIKE + ALONE
    order = [5, 3, 1, 0, 4, 2]
    found = find_stories(vectors[order], [texts[i] for i in order], [None] * 6)
    assert found.tolist() == [0, 1, 2, 2, 1, 2]
