"""Themes: the analyst's are found by their words, the rest of the clusters are provisional."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.clustering.tree import MIN_CLUSTER_SIZE
from pipeline.core.mentions import mentions_all
from pipeline.core.themes.grouping import (
    NO_GROUP,
    Grouping,
    ThemeSettings,
    find_evidence,
    group_articles,
    pin_groups,
    provisional_id,
    strengths_of,
)
from pipeline.records import CatalogueTheme, FloatMatrix
from tests.core.themes.examples import one_query_each

SETTINGS = ThemeSettings(join_similarity=0.42, min_fit=0.6)
N_DIMS = 12


def theme(number: int = 0, **fields: object) -> CatalogueTheme:
    plain = CatalogueTheme(f"theme-{number}", f"Theme {number}", "What it is.", ("a phrase",))
    return dataclasses.replace(plain, **fields)


def around(axis: int, n: int, spread: float = 0.15, seed: int = 0) -> FloatMatrix:
    """`n` unit vectors close to one axis."""
    rng = np.random.default_rng([seed, axis])
    vectors = np.eye(N_DIMS)[[axis] * n] + spread * rng.normal(size=(n, N_DIMS))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def at(degrees: float, n: int = 1) -> FloatMatrix:
    """`n` equal unit vectors in the plane of axes 0 and 1, so far from axis 0 (cos 65° = 0.42)."""
    vectors = np.zeros((n, N_DIMS), dtype=np.float32)
    vectors[:, :2] = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return vectors


def group(
    vectors: FloatMatrix,
    clusters: list[int],
    catalogue: list[CatalogueTheme],
    *,
    texts: list[str] | None = None,
    ids: list[str] | None = None,
    settings: ThemeSettings = SETTINGS,
) -> Grouping:
    """Group articles; the query of catalogued theme i is axis i."""
    n = len(vectors)
    return group_articles(
        ids or [f"{i:016x}" for i in range(n)],
        texts or ["any text"] * n,
        vectors,
        np.array(clusters, dtype=np.int32),
        catalogue,
        one_query_each(catalogue, N_DIMS),
        settings,
    )


# Catalogued themes


def test_a_catalogued_theme_is_found_in_a_single_article_that_no_cluster_has() -> None:
    vectors = np.vstack([around(3, 6), around(0, 1)])
    grouping = group(vectors, [0] * 6 + [-1], [theme()])
    assert grouping.groups.tolist() == [1] * 6 + [0]
    assert grouping.how == ("core",) * 6 + ("guided",)


def test_clusters_that_density_split_too_finely_are_one_catalogued_theme() -> None:
    grouping = group(around(0, 12), [0] * 6 + [1] * 6, [theme()])
    assert grouping.groups.tolist() == [0] * 12


def test_a_theme_that_was_swallowed_by_a_larger_cluster_is_split_off() -> None:
    grouping = group(np.vstack([around(0, 8), around(3, 12)]), [0] * 20, [theme()])
    assert grouping.groups.tolist() == [0] * 8 + [1] * 12


def test_without_a_catalogue_clusters_are_provisional_by_falling_size() -> None:
    vectors = np.vstack([around(1, 5), around(2, 9), around(3, 7)])
    grouping = group(vectors, [0] * 5 + [1] * 9 + [2] * 7, [])
    assert grouping.groups.tolist() == [2] * 5 + [0] * 9 + [1] * 7


def test_what_fits_nothing_is_in_no_theme() -> None:
    vectors = np.vstack([around(0, 6), around(5, 2, spread=0.01)])
    grouping = group(vectors, [0] * 6 + [-1] * 2, [theme()])
    assert grouping.groups.tolist() == [0] * 6 + [NO_GROUP] * 2
    assert grouping.how[6:] == ("none", "none")


def test_a_pinned_article_is_in_its_theme_whatever_its_text_and_vector_say() -> None:
    pinned = theme(pinned=("ffff",), must_mention=(("harbour",),))
    vectors = np.vstack([around(0, 6), around(4, 6)])
    texts = ["a harbour"] * 6 + ["an orchard"] * 6
    ids = [f"{i:04x}" for i in range(11)] + ["ffff"]
    grouping = group(vectors, [0] * 6 + [1] * 6, [pinned], texts=texts, ids=ids)
    assert grouping.groups.tolist() == [0] * 6 + [1] * 5 + [0]
    assert grouping.how[-1] == "guided"


def test_an_article_that_lacks_what_it_must_mention_stays_out() -> None:
    wanted = theme(must_mention=(("harbour*",), ("UK", "Britain")))
    texts = ["UK harbours"] * 6 + ["Ukraine harbours"] * 3 + ["the UK"] * 3
    grouping = group(around(0, 12), [0] * 12, [wanted], texts=texts)
    assert grouping.groups[:6].tolist() == [0] * 6
    assert 0 not in grouping.groups[6:]


def test_an_empty_corpus_has_no_members() -> None:
    catalogue = [theme(0), theme(1)]
    grouping = group(np.zeros((0, N_DIMS), np.float32), [], catalogue)
    assert grouping.groups.shape == (0,)
    assert grouping.fits.shape == (0, 2)
    assert strengths_of(grouping).shape == (0,)


def test_no_articles_and_no_catalogue_is_no_grouping() -> None:
    assert group(np.zeros((0, N_DIMS), np.float32), [], []).fits.shape == (0, 0)


# One rule at a time; the query of theme 0 lies at 0°, that of theme 1 at 90°


def test_a_part_that_lies_apart_from_the_query_is_a_theme_of_its_own() -> None:
    grouping = group(np.vstack([at(0, 10), at(90, 5)]), [0] * 15, [theme()])
    assert grouping.groups.tolist() == [0] * 10 + [1] * 5
    assert grouping.how == ("core",) * 15


def test_an_article_that_fits_its_cluster_badly_is_in_no_theme() -> None:
    vectors = np.vstack([at(0, 8), at(40), at(80)])
    grouping = group(vectors, [0] * 10, [])
    assert grouping.groups.tolist() == [0] * 9 + [NO_GROUP]
    assert grouping.how[8:] == ("core", "none")


def test_a_cluster_that_too_few_articles_fit_is_dissolved() -> None:
    vectors = np.vstack([at(0, 2), at(90), at(-90)])
    grouping = group(vectors, [0] * 4, [])
    assert grouping.groups.tolist() == [NO_GROUP] * 4
    assert grouping.how == ("none",) * 4
    assert grouping.fits.shape == (4, 0)


def test_an_article_in_no_group_goes_to_the_group_that_it_fits_best() -> None:
    vectors = np.vstack([at(80, 5), at(180, 4), at(66)])
    grouping = group(vectors, [0] * 5 + [1] * 4 + [-1], [theme()])
    assert grouping.groups.tolist() == [1] * 5 + [2] * 4 + [1]
    assert grouping.how[-1] == "leftover"


def test_an_article_that_no_cluster_has_joins_a_catalogued_theme_only_by_its_words() -> None:
    # 80° is nearer to the theme's articles than to any other, but too far from its words.
    vectors = np.vstack([at(55, 5), at(150, 5), at(80)])
    assert group(vectors, [0] * 5 + [1] * 5 + [-1], [theme()]).groups[-1] != 0


def test_density_agrees_where_half_of_a_cluster_is_of_the_theme() -> None:
    vectors = np.vstack([around(0, 6), around(3, 6)])
    assert group(vectors, [0] * 12, [theme()]).how[:6] == ("core",) * 6
    assert group(vectors, [0] * 4 + [1] * 8, [theme()]).how[:6] == ("core",) * 4 + ("guided",) * 2


def test_an_excluded_content_is_never_of_that_theme() -> None:
    ids = [f"{i:016x}" for i in range(12)]
    barred = theme(excluded=(ids[0],))
    grouping = group(around(0, 12), [0] * 12, [barred], ids=ids)
    assert grouping.groups.tolist() == [NO_GROUP] + [0] * 11


@pytest.mark.parametrize("n_clusters", [0, 1, 2, 4, 8])
def test_a_catalogued_theme_has_the_same_articles_at_every_granularity(n_clusters: int) -> None:
    vectors = np.vstack([around(0, 9), around(3, 30), around(4, 25)])
    clusters = [i * n_clusters // 64 if n_clusters else -1 for i in range(64)]
    found = group(vectors, clusters, [theme()]).groups
    assert np.flatnonzero(found == 0).tolist() == list(range(9))


# Properties


@st.composite
def corpora(draw: st.DrawFn) -> dict[str, object]:
    """Articles around some axes, with clusters that fit more or less, and a catalogue."""
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    n = draw(st.integers(0, 40))
    axes = rng.integers(0, 5, n)
    spread = draw(st.sampled_from([0.05, 0.2, 0.5]))
    vectors = np.eye(N_DIMS)[axes] + spread * rng.normal(size=(n, N_DIMS))
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    clusters = np.where(rng.random(n) < 0.3, rng.integers(-1, 4, n), axes)
    used = sorted(set(clusters.tolist()) - {-1})
    ids = [f"{i:016x}" for i in rng.choice(10**6, n, replace=False)]
    texts = [("port " if rng.random() < 0.7 else "") + "words" for _ in range(n)]
    n_themes = draw(st.integers(0, 3))
    catalogue = [
        theme(
            t,
            must_mention=(("port",),) if draw(st.booleans()) else (),
            pinned=tuple(ids[t::11][:1]) if draw(st.booleans()) else (),
            excluded=tuple(ids[t + 3 :: 7]) if draw(st.booleans()) else (),
        )
        for t in range(n_themes)
    ]
    return {
        "vectors": vectors.astype(np.float32),
        "clusters": [used.index(c) if c >= 0 else -1 for c in clusters.tolist()],
        "catalogue": catalogue,
        "texts": texts,
        "ids": ids,
    }


@given(corpora())
def test_every_article_has_a_sound_place(corpus: dict[str, object]) -> None:
    grouping = group(**corpus)
    n, n_groups = grouping.fits.shape
    catalogue = corpus["catalogue"]
    assert grouping.groups.shape == (n,)
    assert n_groups >= len(catalogue)
    assert set(grouping.groups.tolist()) <= set(range(NO_GROUP, n_groups))
    assert (grouping.fits >= 0).all()
    assert [h == "none" for h in grouping.how] == (grouping.groups == NO_GROUP).tolist()
    sizes = [int((grouping.groups == g).sum()) for g in range(len(catalogue), n_groups)]
    assert sizes == sorted(sizes, reverse=True)
    assert all(size >= MIN_CLUSTER_SIZE for size in sizes)
    strengths = strengths_of(grouping)
    assert ((strengths >= 0) & (strengths <= 1)).all()
    assert (strengths[grouping.groups == NO_GROUP] == 0).all()


@given(corpora())
def test_members_mention_what_they_must_and_are_not_excluded_or_are_pinned(
    corpus: dict[str, object],
) -> None:
    grouping = group(**corpus)
    for text, content, found in zip(
        corpus["texts"], corpus["ids"], grouping.groups.tolist(), strict=True
    ):
        for number, entry in enumerate(corpus["catalogue"]):
            if content in entry.pinned:
                assert found == number
            elif found == number:
                assert mentions_all(text, entry.must_mention)
                assert content not in entry.excluded


@given(corpora(), st.randoms(use_true_random=False))
def test_the_order_of_articles_does_not_change_who_belongs_together(
    corpus: dict[str, object], random: object
) -> None:
    n = len(corpus["ids"])
    order = list(range(n))
    random.shuffle(order)
    shuffled = corpus | {
        "vectors": corpus["vectors"][order],
        "clusters": [corpus["clusters"][i] for i in order],
        "texts": [corpus["texts"][i] for i in order],
        "ids": [corpus["ids"][i] for i in order],
    }
    n_catalogued = len(corpus["catalogue"])

    def partition(grouping: Grouping, ids: list[str]) -> set[tuple[int, frozenset[str]]]:
        groups = {}
        for content, found in zip(ids, grouping.groups.tolist(), strict=True):
            groups.setdefault(found, set()).add(content)
        return {(min(g, n_catalogued), frozenset(members)) for g, members in groups.items()}

    assert partition(group(**shuffled), shuffled["ids"]) == partition(
        group(**corpus), corpus["ids"]
    )


# Evidence and ids


def grouping_of(groups: list[int], fits: list[list[float]]) -> Grouping:
    how = tuple("none" if g == NO_GROUP else "core" for g in groups)
    return Grouping(np.array(groups, np.int32), np.array(fits, np.float32), how)


def test_evidence_is_the_most_typical_members_and_those_that_nearly_belong_elsewhere() -> None:
    fits = [[0.9, 0.1], [1.1, 0.0], [0.8, 0.7], [0.2, 1.0], [0.7, 0.3]]
    grouping = grouping_of([0, 0, 0, 1, 0], fits)
    evidence = find_evidence(grouping, 0, n=2)
    assert evidence.representative == (1, 0)
    assert evidence.borderline == (2, 4)


@given(corpora(), st.integers(1, 6))
def test_evidence_is_of_the_group_and_never_both(corpus: dict[str, object], n: int) -> None:
    grouping = group(**corpus)
    for number in range(grouping.fits.shape[1]):
        evidence = find_evidence(grouping, number, n=n)
        shown = [*evidence.representative, *evidence.borderline]
        assert len(shown) == len(set(shown))
        assert all(grouping.groups[row] == number for row in shown)
        assert len(evidence.representative) == min(n, (grouping.groups == number).sum())
        assert len(evidence.borderline) <= n


def test_strength_is_the_fit_to_the_own_theme_rounded_and_at_most_one() -> None:
    grouping = grouping_of([0, 1, NO_GROUP], [[1.2, 0.0], [0.9, 0.33336], [0.5, 0.5]])
    assert strengths_of(grouping).tolist() == pytest.approx([1.0, 0.3334, 0.0])


def test_provisional_ids_depend_on_content_and_not_on_order() -> None:
    vectors = np.vstack([around(1, 6), around(2, 9)])
    ids = [f"{i * 7919:016x}"[::-1] for i in range(15)]
    order = np.random.default_rng(5).permutation(15)

    def names(positions: list[int]) -> set[str]:
        chosen = [ids[i] for i in positions]
        clusters = [0 if i < 6 else 1 for i in positions]
        grouping = group(vectors[positions], clusters, [], ids=chosen)
        return {
            provisional_id(chosen, find_evidence(grouping, g, n=3).representative) for g in (0, 1)
        }

    assert names(order.tolist()) == names(list(range(15)))
    assert len(names(list(range(15)))) == 2
    assert all(name.startswith("t-") for name in names(list(range(15))))


def test_a_pin_may_name_any_copy_and_one_that_names_nothing_is_reported() -> None:
    theme = CatalogueTheme("ferries", "Ferries", "", (), pinned=("copy", "gone", "original"))
    canonical_of = {"original": "original", "copy": "original"}
    (pinned,), unknown = pin_groups([theme], canonical_of)
    assert pinned.pinned == ("original", "original")
    assert unknown == ["gone"]


def test_a_provisional_id_never_takes_the_place_of_another_theme() -> None:
    content_id = "0123456789abcdef"
    assert provisional_id([content_id], [0]) == "t-01234567"
    assert provisional_id([content_id], [0], {"t-01234567"}) == "t-012345678"
