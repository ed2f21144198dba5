"""What the scores of ingest_quality.py mean."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.ingest_quality import differences, over_seeds, score, table
from benchmarks.pages.scoring import fold, match, score_duplicates, score_page, token_f1, tokens

HARBOUR = "The harbour reopened at noon.\n\nFerries ran again before dusk, the port office said."
BRIDGE = "Engineers shut the old bridge.\n\nIts pillars had moved by a finger's width in one night."


def gold_article(text: str, **fields: Any) -> dict[str, Any]:
    plain = {"kind": "article", "title": "A headline", "published": None, "source": None}
    return {**plain, "text": text, "near": text[:9], "content": text[:9], **fields}


def found(text: str, **fields: Any) -> dict[str, Any]:
    plain = {"title": "A headline", "published": None, "source": None}
    return {**plain, "text": text, "duplicate_group": text[:9], **fields}


def page(*articles: dict[str, Any], boilerplate: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "layout": "captions",
        "articles": list(articles),
        "empty": [],
        "boilerplate": list(boilerplate),
    }


TWO = page(gold_article(HARBOUR), gold_article(BRIDGE), boilerplate=("Share this story",))


def measures(gold: dict[str, Any], *rows: dict[str, Any]) -> dict[str, float]:
    return score_page(gold, rows)[0].measures


def test_a_perfect_prediction_scores_one_and_neither_leaks_nor_loses() -> None:
    got = measures(TWO, found(HARBOUR), found(BRIDGE))
    assert got == {
        "seg F1": 1,
        "leak": 0,
        "loss": 0,
        "titles": 1,
        "dates": 1,
        "sources": 1,
        "dup F1": 1,
    }


def test_the_order_of_the_predicted_articles_does_not_matter() -> None:
    assert measures(TWO, found(BRIDGE), found(HARBOUR))["seg F1"] == 1


def test_a_merged_pair_is_two_missing_and_one_extra_but_no_loss() -> None:
    got = measures(TWO, found(f"{HARBOUR}\n\n{BRIDGE}"))
    assert got["seg F1"] == 0
    assert got["loss"] == 0
    assert got["leak"] == 0


def test_a_missed_article_halves_recall_and_counts_as_lost() -> None:
    got = measures(TWO, found(HARBOUR))
    assert got["seg F1"] == pytest.approx(2 / 3)
    assert got["loss"] == pytest.approx(tokens(BRIDGE).total() / tokens(HARBOUR + BRIDGE).total())


def test_a_line_of_boilerplate_in_a_text_counts_as_leaked() -> None:
    got = measures(TWO, found(HARBOUR), found(f"{BRIDGE}\n\nShare this story"))
    n_words = tokens(HARBOUR).total() + tokens(BRIDGE).total()
    assert got["leak"] == pytest.approx(3 / (n_words + 3))


def test_a_headline_that_stayed_in_its_text_counts_as_leaked() -> None:
    gold = page(gold_article(BRIDGE, title="Bridge closed overnight"))
    row = found(f"Bridge closed overnight\n{BRIDGE}", title=None)
    # "bridge" may stand in the text once, as it does in the story.
    assert score_page(gold, [row])[0].leaked == 3


def test_words_that_are_nobodys_are_not_leaked() -> None:
    got = measures(TWO, found(HARBOUR), found(f"{BRIDGE} Key points"))
    assert got["leak"] == 0


@pytest.mark.parametrize(
    ("field", "name", "right", "wrong"),
    [
        ("title", "titles", "Harbour Open", "Harbour"),
        ("published", "dates", "2021-02-03", "2021-03-02"),
        ("source", "sources", "Port Gazette", None),
    ],
)
def test_fields_are_compared_on_matched_articles(
    field: str, name: str, right: str, wrong: str | None
) -> None:
    gold = page(gold_article(HARBOUR, **{field: right}))
    assert measures(gold, found(HARBOUR, **{field: right}))[name] == 1
    assert measures(gold, found(HARBOUR, **{field: wrong}))[name] == 0


def test_null_is_right_only_for_null() -> None:
    gold = page(gold_article(HARBOUR, published=None))
    assert measures(gold, found(HARBOUR, published="2021-02-03"))["dates"] == 0


def test_a_field_on_which_readers_differ_is_not_scored() -> None:
    gold = page(gold_article(HARBOUR, unscored=["published"]))
    tally, _ = score_page(gold, [found(HARBOUR, published="2021-02-03")])
    assert tally.dates.total() == 0


def test_titles_are_compared_without_case_spaces_and_curls() -> None:
    assert fold("The  “Old” Harbour’s\u00a0End") == fold('the "old" harbour\'s end')
    assert fold("Old harbour") != fold("Old harbours")


def test_the_best_match_is_taken_first_and_each_article_once() -> None:
    near = HARBOUR.replace("dusk", "dawn")
    assert match([HARBOUR], [near, HARBOUR]) == [(0, 1)]
    assert match([HARBOUR, near], [near, HARBOUR]) == [(0, 1), (1, 0)]


def test_token_f1_counts_every_word_once_per_occurrence() -> None:
    assert token_f1(tokens("a a b"), tokens("a b b")) == pytest.approx(2 / 3)


def test_duplicates_are_scored_by_pairs_of_matched_articles() -> None:
    a = (gold_article(HARBOUR, near="x"), found(HARBOUR, duplicate_group="1"))
    b = (gold_article(HARBOUR, near="x"), found(HARBOUR, duplicate_group="1"))
    c = (gold_article(BRIDGE, near="y"), found(BRIDGE, duplicate_group="1"))
    d = (gold_article(BRIDGE, near="y"), found(BRIDGE, duplicate_group="2"))
    assert score_duplicates([a, b]) == {"right": 1}
    assert score_duplicates([a, b, c]) == {"right": 1, "wrong": 2}
    assert score_duplicates([c, d]) == {"missed": 1}


def test_an_introduction_that_repeats_a_post_is_neither_copy_nor_mistake() -> None:
    intro = gold_article(HARBOUR, near="intro", echoes=["post"])
    post = gold_article(HARBOUR, near="post")
    for groups in ("11", "12"):
        rows = zip((intro, post), groups, strict=True)
        assert not score_duplicates([(a, found(HARBOUR, duplicate_group=g)) for a, g in rows])


def test_copies_on_different_pages_are_pairs_too() -> None:
    corpus = {"a": page(gold_article(HARBOUR)), "b": page(gold_article(HARBOUR))}
    predicted = {name: [found(HARBOUR)] for name in corpus}
    by_layout, _ = score(corpus, predicted)
    assert by_layout["all"].pairs == {"right": 1}
    assert by_layout["all"].matched == by_layout["captions"].matched == 2


def test_a_page_that_gave_nothing_is_all_missing() -> None:
    by_layout, by_page = score({"a": TWO}, {})
    assert by_layout["all"].measures["seg F1"] == 0
    assert by_page["a"].measures["loss"] == 1


def test_differences_name_what_a_developer_looks_for() -> None:
    rows = [found(f"{HARBOUR}\n\nShare this story", title="Wrong"), found("Something else here.")]
    said = "\n".join(differences(TWO, rows))
    assert "MISSING 'A headline': \"Engineers shut" in said
    assert "EXTRA   #1" in said
    assert "LEAKED  Share this story" in said
    assert "LOST    Its pillars" in said
    assert "TITLE   'A headline' but got 'Wrong'" in said


def test_seeds_are_summed_up_by_mean_least_and_most() -> None:
    rows = over_seeds([{"seg F1": 0.5}, {"seg F1": 1.0}])
    assert rows == {"mean": {"seg F1": 0.75}, "least": {"seg F1": 0.5}, "most": {"seg F1": 1.0}}
    assert "75.00" in table(rows)
