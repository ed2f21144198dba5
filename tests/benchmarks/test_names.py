"""The benchmark of names measures on texts that no name was made from."""

from __future__ import annotations

from benchmarks.names import MIN_GROUP, bertopic_names, our_names, score, split
from tests.conftest import FakeEncoder

FROST = [f"ground frost in the orchard, number {word}" for word in "abcdefghijkl"]
FERRY = [f"ferry strike at the harbour, number {word}" for word in "abcdefghijkl"]


def test_good_names_reach_full_scores_and_small_groups_are_left_out() -> None:
    texts = [*FROST, *FERRY, "a stray", "another"]
    labels = ["frost"] * 12 + ["ferry"] * 12 + ["small", None]
    encoder = FakeEncoder()
    made, unseen = split(texts, labels, encoder.encode(texts))
    assert len(made.texts) == len(unseen.texts) == 12
    assert not set(made.texts) & set(unseen.texts)
    assert MIN_GROUP > 1
    names = our_names(made, encoder)
    found = score(names, unseen, encoder)
    assert (found.unique, found.nearest, found.found, found.share_any) == (1, 1, 1, 1)
    assert found.elsewhere == 0
    assert all(name.count("_") == 3 for name in bertopic_names(made))
