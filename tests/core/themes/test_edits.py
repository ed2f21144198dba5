"""Edits of the catalogue are honoured, or reported with what to do."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.themes.edits import Corpus, Edited, apply_edits
from pipeline.core.themes.grouping import NO_GROUP, Grouping
from pipeline.core.themes.identity import Identity
from pipeline.records import Catalogue, CatalogueTheme

GRAIN = CatalogueTheme("grain", "Grain", "", ("grain",))
PORTS = CatalogueTheme("ports", "Ports", "", ("ports",))


def edit(
    groups: list[int],
    catalogue: Catalogue,
    *names: str,
    fits: dict[tuple[int, int], float] | None = None,
    copies: dict[str, str] | None = None,
    texts: dict[int, str] | None = None,
    **options: object,
) -> Edited:
    """Apply `catalogue` to articles c0, c1, … in `groups`; further groups are called `names`."""
    n_groups = len(catalogue.themes) + len(names)
    matrix = np.full((len(groups), n_groups), 0.1, np.float32)
    for row, group in enumerate(groups):
        if group != NO_GROUP:
            matrix[row, group] = 1
    for place, fit in (fits or {}).items():
        matrix[place] = fit
    contents = tuple(f"c{row}" for row in range(len(groups)))
    canonical_of = {c: c for c in contents} | (copies or {})
    corpus = Corpus(
        contents, tuple((texts or {}).get(row, "words") for row in range(len(groups))), canonical_of
    )
    how = tuple("none" if g == NO_GROUP else "core" for g in groups)
    grouping = Grouping(np.array(groups, np.int32), matrix, how)
    identities = [Identity(name, name.title()) for name in names]
    return apply_edits(grouping, identities, corpus, catalogue, min_fit=0.6, **options)  # type: ignore[arg-type]


def messages(edited: Edited) -> list[str]:
    return [event.message for event in edited.conflicts]


def test_a_theme_that_was_merged_into_another_is_part_of_it() -> None:
    catalogue = Catalogue((replace(GRAIN, merged=("t-1",)),))
    found = edit([0, 0, 1, 1, 2], catalogue, "t-1", "t-2")
    assert found.grouping.groups.tolist() == [0, 0, 0, 0, 1]
    assert found.grouping.how == ("core", "core", "guided", "guided", "core")
    assert found.identities == (Identity("t-2", "T-2"),)
    (part,) = found.absorbed
    assert (part.theme_id, part.part_of, part.rows) == ("t-1", "grain", (2, 3))
    assert found.conflicts == ()


def test_a_provisional_theme_that_was_catalogued_takes_in_what_density_finds_of_it() -> None:
    kept = replace(GRAIN, theme_id="t-1")
    found = edit([1, 1, NO_GROUP], Catalogue((kept,)), "t-1")
    assert found.grouping.groups.tolist() == [0, 0, NO_GROUP]
    assert Catalogue((kept,)).owners == {"t-1": "t-1"}


def test_excluded_articles_join_the_next_best_theme_or_none() -> None:
    catalogue = Catalogue((replace(GRAIN, excluded=("c0", "c1")), PORTS))
    found = edit([0, 0, 0, 1], catalogue, fits={(0, 1): 0.7, (1, 1): 0.5})
    assert found.grouping.groups.tolist() == [1, NO_GROUP, 0, 1]
    assert found.grouping.how == ("leftover", "none", "core", "core")


def test_excluding_a_copy_excludes_the_article() -> None:
    catalogue = Catalogue((replace(GRAIN, excluded=("copy",)),))
    assert edit([0, 0], catalogue, copies={"copy": "c1"}).grouping.groups.tolist() == [0, NO_GROUP]


def test_of_two_that_cannot_share_a_theme_the_one_that_fits_less_leaves() -> None:
    catalogue = Catalogue((GRAIN, PORTS), (("c0", "c2"),))
    found = edit([0, 0, 0], catalogue, fits={(0, 0): 0.8, (0, 1): 0.7})
    assert found.grouping.groups.tolist() == [1, 0, 0]
    assert found.conflicts == ()


def test_the_one_that_leaves_never_follows_the_other() -> None:
    catalogue = Catalogue((GRAIN, PORTS), (("c0", "c1"), ("c0", "c2")))
    found = edit([0, 0, 1], catalogue, fits={(0, 0): 0.8, (0, 1): 0.9})
    assert found.grouping.groups.tolist() == [NO_GROUP, 0, 1]


def test_a_pinned_article_stays_and_the_other_leaves() -> None:
    catalogue = Catalogue((replace(GRAIN, pinned=("c0",)),), (("c0", "c1"),))
    found = edit([0, 0], catalogue, fits={(0, 0): 0.2})
    assert found.grouping.groups.tolist() == [0, NO_GROUP]


def test_two_pins_outweigh_that_they_cannot_share_a_theme_and_that_is_reported() -> None:
    catalogue = Catalogue((replace(GRAIN, pinned=("c0", "c1")),), (("c0", "c1"),))
    found = edit([0, 0], catalogue)
    assert found.grouping.groups.tolist() == [0, 0]
    assert messages(found) == [
        "cannot_link: c0 and c1 are both pinned to Grain; the pins win: unpin one of them, or "
        "remove the pair"
    ]
    assert found.conflicts[0].theme_id == "grain"


def test_copies_of_one_article_cannot_be_kept_apart() -> None:
    found = edit([0], Catalogue((GRAIN,), (("c0", "copy"),)), copies={"copy": "c0"})
    assert "c0 and copy are copies of one article" in messages(found)[0]


def test_a_pair_of_which_one_is_not_in_the_corpus_waits() -> None:
    found = edit([0], Catalogue((GRAIN,), (("c0", "gone"),)))
    assert (found.grouping.groups.tolist(), found.conflicts) == ([0], ())


def test_merged_articles_that_lack_what_the_theme_must_mention_stay_out_and_are_reported() -> None:
    grain = replace(GRAIN, must_mention=(("wheat",),), merged=("t-1",))
    texts = {0: "wheat", 1: "wheat", 2: "maize"}
    found = edit([1, 1, 1], Catalogue((grain,)), "t-1", texts=texts)
    assert found.grouping.groups.tolist() == [0, 0, NO_GROUP]
    assert messages(found) == [
        "1 of 3 articles of 't-1' lack what Grain must mention, so they stay outside it (first: "
        "c2); ease must_mention, or pin them"
    ]


def test_what_cannot_be_found_is_reported() -> None:
    grain = replace(GRAIN, pinned=("gone", "c0"), merged=("t-9",))
    found = edit([0], Catalogue((grain,)), known=frozenset({"t-1"}))
    assert messages(found) == [
        "1 of 2 contents pinned to Grain are not in the corpus (first: gone); the pins are kept "
        "and wait for them",
        "Grain lists 't-9' as merged, and no theme has ever had that id; correct it in "
        "themes.yaml, or remove it",
    ]
    assert len(edit([0], Catalogue((grain,))).conflicts) == 1  # nobody knows what was ever found


def test_a_pin_outweighs_the_exclusion_of_its_copy_and_that_is_reported() -> None:
    grain = replace(GRAIN, pinned=("c0",), excluded=("copy",))
    found = edit([0], Catalogue((grain,)), copies={"copy": "c0"})
    assert found.grouping.groups.tolist() == [0]
    assert "the pin wins" in messages(found)[0]


def test_a_theme_that_lost_all_its_articles_is_gone_and_the_others_go_by_size() -> None:
    catalogue = Catalogue((replace(GRAIN, merged=("t-1",)),))
    found = edit([1, 2, 3, 3], catalogue, "t-1", "t-2", "t-3")
    assert [identity.theme_id for identity in found.identities] == ["t-3", "t-2"]
    assert found.grouping.groups.tolist() == [0, 2, 1, 1]
    assert found.grouping.fits.shape == (4, 3)


@given(st.data())
def test_every_edit_is_honoured_or_reported(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 12))
    groups = data.draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n))
    rows = st.lists(st.integers(0, n - 1), max_size=3, unique=True)
    pinned, excluded = data.draw(rows), data.draw(rows)
    excluded = [row for row in excluded if row not in pinned]
    pairs = data.draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=4))
    pairs = [(f"c{a}", f"c{b}") for a, b in pairs if a != b]
    merged = ("t-2",) if data.draw(st.booleans()) else ()
    for row in pinned:
        groups[row] = 0
    grain = replace(
        GRAIN,
        pinned=tuple(f"c{row}" for row in pinned),
        excluded=tuple(f"c{row}" for row in excluded),
        merged=merged,
    )
    fits = {(row, g): data.draw(st.sampled_from([0.2, 0.7])) for row in range(n) for g in range(4)}
    found = edit(groups, Catalogue((grain, PORTS), tuple(pairs)), "t-2", "t-3", fits=fits)
    result = found.grouping.groups
    told = " ".join(messages(found))
    assert all(result[row] == 0 for row in pinned)
    assert all(result[row] != 0 for row in excluded)
    for one, other in pairs:
        a, b = (int(result[int(c[1:])]) for c in (one, other))
        assert a != b or a == NO_GROUP or f"{one} and {other}" in told
    assert not merged or "t-2" not in {identity.theme_id for identity in found.identities}
    assert all(
        (how == "none") == (g == NO_GROUP)
        for how, g in zip(found.grouping.how, result, strict=True)
    )
    assert set(result.tolist()) - {NO_GROUP, 0, 1} == set(range(2, 2 + len(found.identities)))
