"""Which labels are set aside, and that nothing moves them back."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.labels.holdout import group_labels, is_held_out
from pipeline.records import UNKNOWN, Label
from tests.conftest import make_article

SHARE = 0.33
content_ids = st.text("0123456789abcdef", min_size=16, max_size=16)


def label(content_id: str, theme: str, annotator: str = "ana") -> Label:
    return Label(content_id, theme, annotator, "")


def test_a_label_is_held_out_by_the_hash_of_its_content_alone() -> None:
    digest = hashlib.sha256(b"newsthemes holdout abc").hexdigest()
    place = int(digest[:8], 16) / 2**32

    assert is_held_out("abc", share=place + 0.001)
    assert not is_held_out("abc", share=place)


@given(content_ids, st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_only_adds_contents(content_id: str, a: float, b: float) -> None:
    if is_held_out(content_id, share=min(a, b)):
        assert is_held_out(content_id, share=max(a, b))


def test_about_the_share_asked_for_is_held_out() -> None:
    held = [is_held_out(f"{number:016x}", share=SHARE) for number in range(5000)]

    assert abs(sum(held) / 5000 - SHARE) < 0.02


@given(st.lists(content_ids, min_size=2, max_size=30, unique=True), st.data())
def test_a_label_added_later_moves_no_old_one(ids: list[str], data: st.DataObject) -> None:
    articles = [make_article(content_id=i, article_id=i, duplicate_group=i) for i in ids]
    labels = [label(i, "a") for i in ids]
    n_old = data.draw(st.integers(1, len(ids)))

    before = group_labels(articles, labels[:n_old], share=SHARE)
    after = group_labels(articles, labels, share=SHARE)

    assert before.held_out == after.held_out & set(ids[:n_old])


def test_a_group_is_held_out_whole_when_any_labelled_member_is() -> None:
    inside = next(f"{n:016x}" for n in range(99) if is_held_out(f"{n:016x}", share=SHARE))
    outside = next(f"{n:016x}" for n in range(99) if not is_held_out(f"{n:016x}", share=SHARE))
    articles = [
        make_article(content_id=inside, article_id="a1", duplicate_group="g", is_canonical=False),
        make_article(content_id=outside, article_id="a2", duplicate_group="g"),
    ]

    assert group_labels(articles, [label(inside, "x")], share=SHARE).held_out == {"g"}
    assert group_labels(articles, [label(outside, "x")], share=SHARE).held_out == frozenset()
    both = group_labels(articles, [label(inside, "x"), label(outside, "x")], share=SHARE)
    assert both.held_out == {"g"}
    assert both.themes == {"g": "x"}


def test_the_majority_decides_and_ties_go_to_the_smallest_id() -> None:
    articles = [
        make_article(content_id="c1", article_id="a1", duplicate_group="g1"),
        make_article(content_id="c2", article_id="a2", duplicate_group="g2"),
        make_article(content_id="c3", article_id="a3", duplicate_group="g3"),
    ]
    labels = [
        label("c1", "x", "ana"),
        label("c1", "b", "ben"),
        label("c1", "x", "cid"),
        label("c2", "x", "ana"),
        label("c2", "b", "ben"),
        label("c3", UNKNOWN),
        label("gone", "x"),
    ]

    decided = group_labels(articles, labels, share=SHARE)

    assert decided.themes == {"g1": "x", "g2": "b", "g3": UNKNOWN}
    assert decided.n_conflicts == 2
    assert decided.n_unmatched == 1


@given(st.permutations(range(6)))
def test_the_order_of_articles_and_labels_changes_nothing(order: list[int]) -> None:
    articles = [
        make_article(content_id=f"c{n}", article_id=f"a{n}", duplicate_group=f"g{n // 2}")
        for n in range(6)
    ]
    labels = [label(f"c{n}", f"t{n % 3}") for n in range(6)]

    shuffled = group_labels([articles[i] for i in order], [labels[i] for i in order], share=SHARE)

    assert shuffled == group_labels(articles, labels, share=SHARE)
