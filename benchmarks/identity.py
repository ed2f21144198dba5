"""Do themes keep their ids? Ten weekly retrains over a growing corpus, and planted changes.

    python benchmarks/identity.py [--year 2022] [--weeks 10] [--first 20] [--vectors FILE.npy]

The corpus is one year of `wiki_current_events` (shared/datasets, or NEWSTHEMES_SHARED), in the
order of its dates. Tune on 2022; 2023 is for reports. The first retrain sees the first 20 weeks,
each further one a week more. `--vectors` gives unit vectors of the year's rows in the order of the
file; otherwise they are computed once and kept in `.cache/` beside this file.

Printed, each as one line of JSON:

week       share of the articles that had a theme in the week before, and are there still, which
           keep its id; the most that any matching one to one could have kept of what clustering
           gives; and the share of those with or without a theme for which nothing changed
reseed     the same corpus, clustered with another seed
plus10     the last corpus without a random tenth, then with it (three draws)
births     all articles of some labelled events (at least 12 articles each) are held out of the
           corpus, which is clustered; then it is clustered with them. A wrong continuation is a
           theme of any level, most of whose articles were held out, that has an id of before
planted    the same for themes of every level, without clustering again: `births` holds one
           theme out of the past; `merges` joins two themes whose centres are far apart, and it is
           wrong if the one that brings more articles does not give its id, or if the other's id
           is still in use (trials in which half of one did not join are left out); `splits` cuts a
           theme in two along its longest direction, and it is wrong if the larger part does not
           have the id, or if the smaller has one of before
edits      ten random edits by the functions behind `newsthemes themes`, after the first retrain
           (two themes kept, one of them renamed, one theme merged into another, three pins, two
           exclusions, two pairs kept apart), and how many of them every later retrain honours or
           reports as a conflict; `members` is the share of what the kept and merged themes had
           that is in them after the last
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from pipeline.core.clustering.clusters import ClusterSettings, find_clusters
from pipeline.core.themes.catalogue_edits import (
    N_PINNED,
    FoundTheme,
    exclude_contents,
    keep_theme,
    merge_themes,
    part_contents,
    pin_contents,
    rename_theme,
)
from pipeline.core.themes.edits import Corpus
from pipeline.core.themes.events import find_events, summarise_events
from pipeline.core.themes.grouping import ThemeSettings
from pipeline.core.themes.levels import choose_level
from pipeline.core.themes.memory import remember, share_kept
from pipeline.core.themes.queries import make_queries
from pipeline.core.themes.retrain import Material, Outcome, find_themes
from pipeline.io.encoders import SentenceEncoder
from pipeline.io.params import load_params
from pipeline.io.vector_cache import encode_cached
from pipeline.records import Catalogue, Encoder, RememberedTheme, Snapshot, Theme
from pipeline.stages.themes import embed_catalogue

HERE = Path(__file__).resolve().parent
PARAMS = load_params(HERE.parent / "params.yaml")
SHARED = Path(os.environ.get("NEWSTHEMES_SHARED", HERE.parent.parent / "shared"))
CACHE = HERE / ".cache"
_MIN_LABELLED, _N_LABELS, _MAX_PLANTED = 12, 8, 20


@dataclass(frozen=True, eq=False)
class Year:
    """Articles by date: ids, texts, vectors, dates, days since the first, labels ('': none)."""

    ids: tuple[str, ...]
    texts: tuple[str, ...]
    vectors: np.ndarray
    dates: tuple[str, ...]
    days: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class Tree:
    """Clusters of some rows, shape (n, n_levels), and the level of params.yaml."""

    labels: np.ndarray
    level: int


@dataclass(frozen=True, eq=False)
class Retrain:
    """What one retrain found: the rows it saw, groups with ids, and what it leaves."""

    rows: np.ndarray
    clusters: Tree
    outcome: Outcome
    snapshot: Snapshot

    def theme_of(self) -> dict[str, str]:
        """Content id → theme id."""
        return {
            content: theme.theme_id
            for theme in self.snapshot.themes
            if not theme.absent and theme.part_of is None
            for content in theme.members
        }


def load_year(year: str, vectors: Path | None, encoder: Encoder) -> Year:
    file = SHARED / "datasets" / "wiki_current_events" / "wiki_current_events.parquet"
    table = pd.read_parquet(file)
    table = table[table["date"].astype(str).str[:4] == year].reset_index(drop=True)
    texts = table["text"].astype(str).tolist()
    if vectors is not None:
        found = np.load(vectors)
    else:
        known = encode_cached(texts, encoder, CACHE, what="encode")
        found = np.stack([known[text] for text in texts])
    table["content"] = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts]
    table["row"] = np.arange(len(table))
    table = table.drop_duplicates("content").sort_values(["date", "id"])
    days = pd.to_datetime(table["date"])
    return Year(
        ids=tuple(table["content"]),
        texts=tuple(table["text"].astype(str)),
        vectors=found[table["row"].to_numpy()].astype(np.float32),
        dates=tuple(table["date"].astype(str)),
        days=(days - days.min()).dt.days.to_numpy(),
        labels=table["label"].fillna("").astype(str).to_numpy(),
    )


def fit_tree(year: Year, rows: np.ndarray, seed: int) -> Tree:
    """Clusters of some rows at every level."""
    settings = ClusterSettings(**PARAMS.cluster.model_dump(), seed=seed)
    ids = [year.ids[row] for row in rows]
    texts, dates = ([column[row] for row in rows] for column in (year.texts, year.dates))
    tree = find_clusters(ids, year.vectors[rows], texts, dates, settings)
    labels = np.stack([tree.clusters.labels_at(k) for k in range(len(tree.levels))], axis=1)
    place = {article_id: i for i, article_id in enumerate(tree.clusters.article_ids)}
    level = choose_level(tree.levels, PARAMS.themes.granularity)
    return Tree(labels[[place[i] for i in ids]], level)


def retrain(
    year: Year,
    rows: np.ndarray,
    clusters: np.ndarray | Tree,
    before: Snapshot | None,
    catalogue: Catalogue = Catalogue(),  # noqa: B008 (it cannot change)
    encoder: Encoder | None = None,
) -> Retrain:
    """Run stage themes less names and files."""
    tree = clusters if isinstance(clusters, Tree) else Tree(clusters[:, None], 0)
    ids = tuple(year.ids[row] for row in rows)
    n_dims = year.vectors.shape[1]
    queries = make_queries((), {}, n_dims)
    if catalogue.themes and encoder is not None:
        queries = embed_catalogue(catalogue.themes, encoder, CACHE, n_dims)
    material = Material(
        corpus=Corpus(ids, tuple(year.texts[row] for row in rows), {i: i for i in ids}),
        vectors=year.vectors[rows],
        model="",
        tree=tree.labels.T,
        level=tree.level,
        granularity=0,
        catalogue=catalogue,
        queries=queries,
    )
    s = PARAMS.themes
    settings = ThemeSettings(s.join_similarity, s.min_fit)
    outcome = find_themes(material, before, settings)
    themes = [
        bare_theme(theme_id, is_catalogued=group < len(catalogue.themes))
        for group, theme_id in enumerate(outcome.theme_ids)
    ]
    snapshot = remember(
        ids, material.vectors, outcome.grouping, themes, outcome.absorbed, before,
        fingerprint="", model="", merged=catalogue.owners.keys(),
    )  # fmt: skip
    return Retrain(rows, tree, outcome, snapshot)


def bare_theme(theme_id: str, *, is_catalogued: bool) -> Theme:
    """A theme that has nothing but its id: all that identity needs."""
    status = "catalogued" if is_catalogued else "provisional"
    return Theme(
        theme_id, theme_id, status, "", (), (), 0, 0, 0, 0.0, None, (), (), None, None, None, None,
        one_source=False,
    )  # fmt: skip


def kept(old: Retrain, new: Retrain) -> dict[str, float]:
    """Share of articles in both that keep their theme, and that keep it or the lack of it."""
    before, now = old.theme_of(), new.theme_of()
    seen = set(new.snapshot.unplaced) | now.keys()
    both = [c for c in (*before, *old.snapshot.unplaced) if c in seen]
    same = sum(before.get(c) == now.get(c) for c in both) / max(1, len(both))
    return {
        "share_kept": share_kept(old.snapshot, new.snapshot, {}),
        "share_possible": possible(before, now, seen),
        "share_unchanged": round(same, 4),
    }


def possible(before: dict[str, str], now: dict[str, str], seen: set[str]) -> float:
    """The most that any one-to-one matching of these groups could keep: what clustering allows."""
    both = [content for content in before if content in seen]
    olds, news = sorted(set(before.values())), sorted(set(now.values()))
    table = np.zeros((len(olds), len(news)), dtype=np.int64)
    for content in both:
        if content in now:
            table[olds.index(before[content]), news.index(now[content])] += 1
    rows, columns = linear_sum_assignment(-table)
    return round(float(table[rows, columns].sum()) / max(1, len(both)), 4)


def say(measure: str, **numbers: object) -> None:
    print(json.dumps({"measure": measure, **numbers}), flush=True)


def run_weeks(year: Year, weeks: int, first: int) -> list[Retrain]:
    retrains: list[Retrain] = []
    for week in range(weeks + 1):
        start = time.perf_counter()
        rows = np.flatnonzero(year.days < 7 * (first + week))
        before = retrains[-1].snapshot if retrains else None
        found = retrain(year, rows, fit_tree(year, rows, PARAMS.seed), before)
        retrains.append(found)
        numbers = {
            "n": len(rows),
            "n_themes": len(found.outcome.theme_ids),
            "seconds": round(time.perf_counter() - start, 1),
        }
        if before is not None:
            events = find_events(found.outcome.before, found.snapshot)
            numbers |= kept(retrains[-2], found) | {"events": summarise_events(events)}
        say("week", week=week, **numbers)
    shares = [kept(old, new)["share_kept"] for old, new in itertools.pairwise(retrains)]
    if shares:
        say("weeks", mean=round(float(np.mean(shares)), 4), least=min(shares))
    return retrains


def run_reseed(year: Year, last: Retrain) -> None:
    clusters = fit_tree(year, last.rows, PARAMS.seed + 1)
    say("reseed", **kept(last, retrain(year, last.rows, clusters, last.snapshot)))


def run_plus10(year: Year, last: Retrain, n_draws: int) -> None:
    for draw in range(n_draws):
        rng = np.random.default_rng(draw)
        rows = np.sort(rng.choice(last.rows, size=round(len(last.rows) / 1.1), replace=False))
        old = retrain(year, rows, fit_tree(year, rows, PARAMS.seed), None)
        new = retrain(year, last.rows, last.clusters, old.snapshot)
        say("plus10", draw=draw, **kept(old, new))


def run_births(year: Year, last: Retrain) -> None:
    names, counts = np.unique(year.labels[last.rows], return_counts=True)
    order = sorted(range(len(names)), key=lambda i: (-counts[i], names[i]))
    born = [names[i] for i in order if names[i] and counts[i] >= _MIN_LABELLED][:_N_LABELS]
    is_held = np.isin(year.labels[last.rows], born)
    rows = last.rows[~is_held]
    then, now = fit_tree(year, rows, PARAMS.seed), fit_tree(year, last.rows, PARAMS.seed)
    planted, wrong = 0, 0
    for level in range(min(then.labels.shape[1], now.labels.shape[1])):
        old = retrain(year, rows, then.labels[:, level], None)
        new = retrain(year, last.rows, now.labels[:, level], old.snapshot)
        found = ids_of(new, is_held, 1 / 2)
        planted += len(found)
        wrong += len(found & {theme.theme_id for theme in old.snapshot.themes})
    say("births", labels=len(born), themes=planted, wrong=wrong)


def run_planted(year: Year, last: Retrain) -> None:
    """Change clusters of every level by hand: nothing is fitted, so there are many trials."""
    tallies = {"births": [0, 0], "merges": [0, 0], "splits": [0, 0]}
    tree = fit_tree(year, last.rows, PARAMS.seed)
    for level in range(tree.labels.shape[1]):
        plant(year, retrain(year, last.rows, tree.labels[:, level], None), tallies)
    n, wrong = (sum(t[k] for t in tallies.values()) for k in (0, 1))
    say("planted", share_wrong=round(wrong / max(1, n), 4), **{
        name: {"n": t[0], "wrong": int(t[1])} for name, t in tallies.items()
    })  # fmt: skip


def plant(year: Year, last: Retrain, tallies: dict[str, list[int]]) -> None:
    """Try births, merges and splits of one level; count trials and wrong continuations."""
    clusters = last.clusters.labels[:, last.clusters.level]
    sizes = np.bincount(clusters[clusters >= 0])
    numbers = [int(c) for c in np.argsort(-sizes, kind="stable") if sizes[c] >= 8][:_MAX_PLANTED]
    centres = {c: year.vectors[last.rows[clusters == c]].mean(axis=0) for c in numbers}
    plain = last
    for i, number in enumerate(numbers):
        inside = clusters == number
        old = retrain(year, last.rows[~inside], clusters[~inside], None)
        new = retrain(year, last.rows, clusters, old.snapshot)
        born = ids_of(new, inside, 1 / 2)
        tallies["births"][0] += len(born)
        tallies["births"][1] += len(born & {t.theme_id for t in old.snapshot.themes})

        far = min(numbers, key=lambda c: (float(centres[c] @ centres[number]), c))
        joined = np.where(clusters == far, number, clusters).astype(np.int32)
        merged = retrain(year, last.rows, joined, plain.snapshot)
        a, b = (main_id(plain, clusters == c) for c in (number, far))
        whole = main_id(merged, joined == number)
        brought = [common(plain, a, merged, whole), common(plain, b, merged, whole)]
        if a and b and a != b and min(s for _, s in brought) > 1 / 2:
            larger, smaller = (a, b) if brought[0][0] >= brought[1][0] else (b, a)
            wrong = whole != larger or smaller in merged.outcome.theme_ids
            tallies["merges"][0] += 1
            tallies["merges"][1] += wrong

        parts = cut(year.vectors[last.rows[inside]], seed=i)
        halved = clusters.copy()
        halved[np.flatnonzero(inside)[parts]] = int(clusters.max()) + 1
        split = retrain(year, last.rows, halved, plain.snapshot)
        small, large = np.zeros_like(inside), inside.copy()
        small[np.flatnonzero(inside)[parts]] = True
        large &= ~small
        one, two = main_id(split, large), main_id(split, small)
        if a and one and two and one != two:
            tallies["splits"][0] += 1
            tallies["splits"][1] += one != a or two in {t.theme_id for t in plain.snapshot.themes}


def ids_of(found: Retrain, inside: np.ndarray, share: float) -> set[str]:
    groups = found.outcome.grouping.groups
    return {
        theme_id
        for g, theme_id in enumerate(found.outcome.theme_ids)
        if inside[groups == g].mean() > share
    }


def main_id(found: Retrain, inside: np.ndarray) -> str | None:
    """Id of the group that most of some articles are in."""
    groups = found.outcome.grouping.groups[inside]
    groups = groups[groups >= 0]
    return found.outcome.theme_ids[int(np.bincount(groups).argmax())] if len(groups) else None


def common(old: Retrain, one: str | None, new: Retrain, other: str | None) -> tuple[int, float]:
    """Articles that a theme of then and one of now share: number, and share of those of then."""
    then, now = (
        next((set(t.members) for t in found.snapshot.themes if t.theme_id == theme_id), set())
        for found, theme_id in ((old, one), (new, other))
    )
    return len(then & now), len(then & now) / max(1, len(then))


def cut(vectors: np.ndarray, seed: int) -> np.ndarray:
    """The smaller part, 30 to 45 %, of some vectors along their longest direction."""
    centred = vectors - vectors.mean(axis=0)
    along = centred @ np.linalg.svd(centred, full_matrices=False)[2][0]
    share = np.random.default_rng(seed).uniform(0.3, 0.45)
    return np.argsort(along, kind="stable")[: max(3, round(share * len(vectors)))]


def run_edits(year: Year, retrains: Sequence[Retrain], encoder: Encoder, seed: int = 0) -> None:
    rng = np.random.default_rng(seed)
    first = retrains[0]
    catalogue, goals = draw_edits(year, first, rng)
    before = first.snapshot
    lost: dict[str, list[int]] = {}
    for week, weekly in enumerate(retrains[1:], 1):
        found = retrain(year, weekly.rows, weekly.clusters, before, catalogue, encoder)
        before = found.snapshot
        told = " ".join(event.message for event in found.outcome.conflicts)
        for goal in goals:
            if not goal.holds(found) and not all(c in told for c in goal.contents):
                lost.setdefault(goal.what, []).append(week)
    members = {goal.what: goal.share(found) for goal in goals if goal.had}
    say("edits", n=len(goals), survived=len(goals) - len(lost), lost=lost, members=members)


@dataclass(frozen=True)
class Goal:
    """One edit, and what has to be so after it.

    `contents` have to be in the theme, out of it, or apart. `gone` is an id that must not be in
    use; `had` are the articles of a theme that was kept or merged.
    """

    what: str
    theme_id: str
    contents: tuple[str, ...]
    gone: str = ""
    had: tuple[str, ...] = ()

    def holds(self, found: Retrain) -> bool:
        """Say whether it is so."""
        theme_of = found.theme_of()
        themes = [theme_of.get(content) for content in self.contents]
        match self.what.split()[0]:
            case "exclude":
                return self.theme_id not in themes
            case "apart":
                return themes[0] is None or themes[0] != themes[1]
        is_named = self.theme_id in theme_of.values()
        return is_named and set(themes) == {self.theme_id} and self.gone not in theme_of.values()

    def share(self, found: Retrain) -> float:
        """Share of what the theme had that is in it."""
        theme_of = found.theme_of()
        return round(float(np.mean([theme_of.get(c) == self.theme_id for c in self.had])), 3)


def draw_edits(
    year: Year, first: Retrain, rng: np.random.Generator
) -> tuple[Catalogue, list[Goal]]:
    """Ten edits of themes with at least 10 articles."""
    text_of = dict(zip(year.ids, year.texts, strict=True))
    found = [t for t in first.snapshot.themes if len(t.members) >= 10]
    drawn = [found[i] for i in rng.permutation(len(found))[:5]]
    keep, rename, into, other, third = drawn
    typical = {t.theme_id: _most_typical(year, t) for t in drawn}
    seen = {
        t.theme_id: FoundTheme(
            t.theme_id,
            f"Theme {number}",
            seed_phrases=tuple(text_of[c][:120] for c in typical[t.theme_id][:3]),
            contents=tuple(typical[t.theme_id]),
        )
        for number, t in enumerate(drawn)
    }
    rest = typical[rename.theme_id][N_PINNED:]
    pins = rng.choice(third.members, size=3, replace=False).tolist()
    excluded = rng.choice(rest, size=2, replace=False).tolist()
    pairs = [rng.choice(typical[t.theme_id][N_PINNED:], 2, replace=False) for t in (keep, third)]
    catalogue = Catalogue()
    for theme in (keep, rename, into):
        catalogue = keep_theme(catalogue, seen[theme.theme_id])
    catalogue = rename_theme(catalogue, rename.theme_id, "Renamed")
    catalogue = merge_themes(catalogue, into.theme_id, seen[other.theme_id])
    catalogue = pin_contents(catalogue, keep.theme_id, pins)
    catalogue = exclude_contents(catalogue, rename.theme_id, excluded)
    for one, two in pairs:
        catalogue = part_contents(catalogue, str(one), str(two))
    pinned = {t.theme_id: t.pinned for t in catalogue.themes}
    goals = [
        Goal("keep", keep.theme_id, pinned[keep.theme_id][:N_PINNED], had=keep.members),
        Goal("rename", rename.theme_id, pinned[rename.theme_id], had=rename.members),
        Goal("merge", into.theme_id, pinned[into.theme_id], other.theme_id, other.members),
    ]
    goals += [Goal(f"pin {c}", keep.theme_id, (c,)) for c in pins]
    goals += [Goal(f"exclude {c}", rename.theme_id, (c,)) for c in excluded]
    goals += [Goal(f"apart {a} {b}", "", (a, b)) for a, b in catalogue.cannot_link]
    return catalogue, goals


def _most_typical(year: Year, theme: RememberedTheme) -> list[str]:
    row_of = {content: row for row, content in enumerate(year.ids)}
    centre = np.array(theme.centre)
    closeness = {c: float(year.vectors[row_of[c]] @ centre) for c in theme.members}
    return sorted(theme.members, key=lambda c: (-closeness[c], c))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--year", default="2022")
    parser.add_argument("--weeks", type=int, default=10)
    parser.add_argument("--first", type=int, default=20, help="weeks that the first retrain sees")
    parser.add_argument("--draws", type=int, default=3, help="of a tenth that is added")
    parser.add_argument("--vectors", type=Path)
    args = parser.parse_args()
    encoder = SentenceEncoder(PARAMS.embed.model, PARAMS.embed.max_tokens)
    year = load_year(args.year, args.vectors, encoder)
    retrains = run_weeks(year, args.weeks, args.first)
    last = retrains[-1]
    run_planted(year, last)
    run_edits(year, retrains, encoder)
    run_reseed(year, last)
    run_plus10(year, last, args.draws)
    run_births(year, last)


if __name__ == "__main__":
    main()
