"""What people are asked to look at: shares, reasons, one per group, an honest random part."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.review.queue import (
    LEAST_SURE,
    MOST_NOVEL,
    RANDOM,
    SUSPECTED,
    Queued,
    Reviewable,
    choose_rows,
)


def item(number: int, **fields: Any) -> Reviewable:
    name = f"{number:08x}"
    values: dict[str, Any] = {
        "content_id": name, "group": name, "title": None, "text": "", "published": None,
        "source": None, "theme": "ships", "theme_name": "Ships", "probability": 0.9,
        "alternatives": (), "margin": number / 1000, "novelty": (number * 37 % 101) / 101,
    }  # fmt: skip
    return Reviewable(**(values | fields))


POOL = [item(i) for i in range(200)]


def reasons(rows: tuple[Queued, ...]) -> Counter[str]:
    return Counter(reason for row in rows for reason in row.why)


def choose(pool: list[Reviewable], n: int, **settings: Any) -> tuple[Queued, ...]:
    return choose_rows(pool, n, **({"seed": 1, "vectors": {}} | settings))


def test_three_quarters_are_least_sure_and_a_quarter_random() -> None:
    rows = choose(POOL, 40)
    assert reasons(rows) == {LEAST_SURE: 30, RANDOM: 10}


def test_the_least_sure_are_spread_over_what_they_are_about() -> None:
    vectors = {item.content_id: np.eye(4, dtype=np.float32)[i % 4] for i, item in enumerate(POOL)}
    doubtful = [row.item for row in choose(POOL, 5, vectors=vectors) if row.why == (LEAST_SURE,)]
    assert len({vectors[item.content_id].argmax() for item in doubtful}) == 3
    assert all(item.margin < 0.07 for item in doubtful)  # of the third that is least sure
    assert doubtful == sorted(doubtful, key=lambda item: item.margin)


def test_as_many_as_are_asked_for_are_the_most_novel() -> None:
    rows = choose(POOL, 40, novel=10)
    assert reasons(rows) == {LEAST_SURE: 20, MOST_NOVEL: 10, RANDOM: 10}
    sampled = {row.item.group for row in rows if RANDOM in row.why}
    doubtful = [row.item for row in rows if row.why == (LEAST_SURE,)]
    expected = [i for i in POOL if i.group not in sampled][:20]
    assert doubtful == expected
    novel = [row.item.novelty for row in rows if row.why == (MOST_NOVEL,)]
    left = [i.novelty for i in POOL if i not in [row.item for row in rows]]
    assert min(novel) >= max(left)


def test_suspects_come_first_take_at_most_a_quarter_and_are_shown_though_they_are_done() -> None:
    suspects = [POOL[i].group for i in range(199, 150, -1)]
    rows = choose(POOL, 40, novel=10, suspects=[*suspects, "not here"], done=suspects)
    assert [row.item.group for row in rows[:10]] == suspects[:10]
    assert reasons(rows) == {SUSPECTED: 10, LEAST_SURE: 10, MOST_NOVEL: 10, RANDOM: 10}
    assert not {row.item.group for row in rows[10:]} & set(suspects)


def test_a_suspect_in_the_random_sample_counts_for_both() -> None:
    sample = [row.item.group for row in choose(POOL, 40) if RANDOM in row.why]
    rows = choose(POOL, 40, suspects=sample[:1])
    assert rows[0].why == (SUSPECTED, RANDOM)
    assert len(rows) == 40
    assert reasons(rows)[RANDOM] == 10


def test_the_random_part_hangs_on_seed_and_content_alone_and_goes_on_where_it_stopped() -> None:
    def sample(
        pool: list[Reviewable], n: int, seed: int, done: set[str] = frozenset()
    ) -> list[str]:  # type: ignore[assignment]
        rows = choose(pool, n, seed=seed, done=done)
        return [row.item.content_id for row in rows if RANDOM in row.why]

    first = sample(POOL, 40, 1)
    sure = [item(i, margin=1 - i / 1000) for i in range(200)]
    assert sample(sure, 40, 1) == first
    assert sample(POOL, 40, 2) != first
    assert sample(POOL, 80, 1)[:10] == first
    assert sample(POOL, 40, 1, set(first)) == sample(POOL, 80, 1)[10:]


@given(
    st.integers(0, 60),
    st.integers(1, 80),
    st.integers(0, 5),
    st.sets(st.integers(0, 60)),
    st.lists(st.integers(0, 60), unique=True),
    st.randoms(use_true_random=False),
)
def test_no_group_comes_twice_none_is_done_and_the_order_of_the_pool_changes_nothing(
    size: int, n: int, seed: int, done: set[int], suspects: list[int], shuffle: random.Random
) -> None:
    pool = [item(i, content_id=f"{i:08x}") for i in range(size)]
    finished = {f"{i:08x}" for i in done}
    doubted = [f"{i:08x}" for i in suspects]
    rows = choose(pool, n, seed=seed, suspects=doubted, done=finished)
    groups = [row.item.group for row in rows]
    assert len(groups) == len(set(groups)) <= n
    assert all(SUSPECTED in row.why for row in rows if row.item.group in finished)
    is_open = [i for i in pool if i.group not in finished]
    assert len(rows) >= min(n, len(is_open))
    mixed = list(pool)
    shuffle.shuffle(mixed)
    assert choose(mixed, n, seed=seed, suspects=doubted, done=finished) == rows


def test_of_several_articles_in_one_group_one_is_shown() -> None:
    pool = [item(i, group="same") for i in range(4)] + [item(9)]
    assert len(choose(pool, 10)) == 2
