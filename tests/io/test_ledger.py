"""What was labelled before: first come, first named; the same answer when asked again."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io.ledger import KnownText, Ledger, NewText


def text(content_id: str, body: str = "Ä body.\ud800", batch: int = 0) -> KnownText:
    return KnownText(content_id, batch, len(body), 2, 2**64 - 1, 7, b"\x01\x00\x00\x00", body)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "deep" / "ledger.sqlite")


def add(ledger: Ledger, batch_id: str, *content_ids: str, index: tuple[int, ...] = ()) -> None:
    new = [NewText(text(i), index) for i in content_ids]
    ledger.add_batch(batch_id, ledger.horizon(batch_id), [list(content_ids)], new)


def test_a_content_belongs_to_the_batch_that_had_it_first(ledger: Ledger) -> None:
    add(ledger, "one", "a", "b")
    add(ledger, "two", "b", "c")

    assert ledger.batch_ids() == {1: "one", 2: "two"}
    assert ledger.find_contents(["a", "b", "c", "d"], 2) == {"a": 1, "b": 1, "c": 2}
    assert ledger.find_contents(["a", "b", "c", "d"], 1) == {"a": 1, "b": 1}
    assert ledger.find_contents(["a"], 0) == {}


def test_a_batch_that_is_labelled_again_knows_what_it_knew(ledger: Ledger) -> None:
    assert ledger.horizon("one") == 0
    add(ledger, "one", "a")
    add(ledger, "two", "b")
    add(ledger, "one", "z")

    assert (ledger.horizon("one"), ledger.horizon("two"), ledger.horizon("new")) == (0, 1, 2)
    assert ledger.batch_ids() == {1: "one", 2: "two"}
    assert ledger.find_contents(["z"], 2) == {}


def test_two_batches_at_once_know_nothing_of_each_other_for_ever(ledger: Ledger) -> None:
    horizons = [ledger.horizon("one"), ledger.horizon("two")]
    for batch_id, horizon in zip(("one", "two"), horizons, strict=True):
        ledger.add_batch(batch_id, horizon, [["a"]], [])

    assert (ledger.horizon("one"), ledger.horizon("two")) == (0, 0)
    assert ledger.find_contents(["a"], ledger.horizon("three")) == {"a": 1}


def test_texts_are_found_by_the_hashes_they_share_most_of_first(ledger: Ledger) -> None:
    add(ledger, "one", "a", index=(1, 2, 3))
    add(ledger, "two", "b", index=(1, 2, 9))
    found = ledger.find_likely({"x": (1, 2, 9), "y": (8,)}, 2)

    assert [t.content_id for t in found["x"]] == ["b", "a"]
    assert found["x"][1] == text("a", batch=1)
    assert set(found) == {"x"}
    assert [t.content_id for t in ledger.find_likely({"x": (1, 2, 9)}, 1)["x"]] == ["a"]
    assert ledger.find_likely({"x": (1, 2, 9)}, 0) == {}


def test_a_text_is_kept_once(ledger: Ledger) -> None:
    add(ledger, "one", "a", index=(1,))
    add(ledger, "two", "a", index=(1,))
    assert len(ledger.find_likely({"x": (1,)}, 2)["x"]) == 1


def test_a_batch_is_remembered_whole_or_not_at_all(ledger: Ledger) -> None:
    def broken() -> object:
        yield NewText(text("a"), (1,))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ledger.add_batch("one", 0, [["a"]], broken())
    assert ledger.batch_ids() == {}
    assert ledger.find_contents(["a"], 9) == {}


def test_a_damaged_file_says_what_to_do(ledger: Ledger) -> None:
    ledger.path.parent.mkdir()
    ledger.path.write_bytes(b"no database" * 100)
    with pytest.raises(InputError, match=r"cannot be used .*; delete this file"):
        ledger.horizon("one")
