"""Themes beside BERTopic, Top2Vec and Topeax: quality, stability and cost.

    python benchmarks/themes.py tune      quality on the sets that settings may be chosen on
    python benchmarks/themes.py report    quality on the sets that are only reported on
    python benchmarks/themes.py stability seeds, 90 % samples, shuffled rows, threads, growth
    python benchmarks/themes.py cost      time and memory at 1,000, 10,000 and 50,000 titles

Everything runs on this machine and on the same vectors (see labelled_sets.py). Peers are seeded
and otherwise as they come (theme_peers.py); what they answered is kept in the file of `--cache`,
ours is always fitted anew. Needs the extra `bench`.

How sure a number is: `sd` is over seeds; `±` is 1.96 standard errors over articles and seeds
together, from random halves of the labelled articles with a seed each (delete-half jackknife: the
spread over halves estimates the standard error of the whole). Differences are taken on the same
halves. Scores count the labelled articles; all articles are clustered. Articles in none are one
group for AMI, ARI, FMI and V, and groups of their own for B-cubed.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.labelled_sets import SPLITS, LabelledSet, load_set, vectors_of
from benchmarks.theme_cost import measure_costs
from benchmarks.theme_fits import OurFit, OurLevel, ours
from benchmarks.theme_peers import PEERS, PeerCache, peer_labels
from benchmarks.theme_stability import measure_stability
from pipeline.core.clustering.scores import ClusterScores, score_clusters

Labels = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.float64]
OURS = "ours"
SHOWN = ("ami", "ari", "fmi", "v", "b3_f1")
#: A level counts as stable from here on.
STABLE = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Corpus:
    """A set and, by method, labels for each seed. `fits` are ours.

    `halves` holds AMI and FMI of every method on random halves, shape (n_halves, n_methods, 2).
    """

    labelled: LabelledSet
    found: dict[str, list[Labels]]
    fits: tuple[OurFit, ...]
    halves: Numbers


def main() -> None:
    options = _options()
    if options.command == "cost":
        measure_costs(options)
    elif options.command == "stability":
        measure_stability(options, PeerCache(options.cache))
    else:
        compare(options)


def compare(options: argparse.Namespace) -> None:
    """Print the table of each set, the mean over sets, and what the levels of ours give."""
    print("All methods ran on this machine and on the same vectors; peers may come from --cache.")
    corpora = []
    for name in options.sets or list(SPLITS[options.command]):
        corpus = _fit_all(name, options)
        if corpus.found:
            corpora.append(corpus)
            _print_set(corpus)
            _print_levels(corpus)
    if len(corpora) > 1:
        _print_means(corpora)


def _fit_all(name: str, options: argparse.Namespace) -> Corpus:
    labelled = load_set(name)
    if options.truth in labelled.truths:
        labelled = labelled.scored_on(options.truth)
    vectors = vectors_of(labelled, options.vector_cache, options.vectors)
    found: dict[str, list[Labels]] = {}
    peers = PeerCache(options.cache)
    for peer in PEERS:
        for seed in range(options.seeds):
            known = peers.find(name, peer, vectors, seed)
            if known is None and not (options.cached_only or _is_missing(peer.name, options)):
                known = peer_labels(
                    name, peer, vectors, labelled.texts, seed, peers, options.turftopic_python
                )
            for method, labels in (known or {}).items():
                found.setdefault(method, []).append(labels)
    fits = []
    for seed in range(0 if options.peers_only else options.seeds):
        fits.append(ours(vectors, labelled.texts, labelled.ids, labelled.dates, seed))
        found.setdefault(OURS, []).append(fits[-1].labels)
    return Corpus(labelled, found, tuple(fits), _score_halves(labelled, found, options.halves))


@cache
def _has_turftopic() -> bool:
    import importlib.util

    return importlib.util.find_spec("turftopic") is not None


def _is_missing(peer: str, options: argparse.Namespace) -> bool:
    """Say once that Topeax cannot run here."""
    if peer != "topeax" or options.turftopic_python or _has_turftopic():
        return False
    _warn_of_topeax()
    return True


@cache
def _warn_of_topeax() -> None:
    print("topeax is left out: give --turftopic-python (see theme_peers.py)")


def _print_set(corpus: Corpus) -> None:
    labelled = corpus.labelled
    for truth in labelled.truths:
        n_known = sum(value is not None for value in labelled.truths[truth])
        print(
            f"\n{labelled.name}: {len(labelled.texts)} articles, {n_known} labelled by {truth}, "
            f"{labelled.n_groups(truth)} groups"
        )
        print(
            f"  {'method':22}{'seeds':>6}{'k':>7}{'none':>7}{'AMI':>7}{'sd':>6}{'±':>6}{'ARI':>7}"
            f"{'FMI':>7}{'sd':>6}{'±':>6}{'V':>7}{'B3 F1':>7}"
        )
        is_main = truth == labelled.main_truth
        errors = corpus.halves.std(axis=0, ddof=1) if is_main else None
        for row, (method, fits) in enumerate(corpus.found.items()):
            scores = [_score(labelled, labels, truth) for labels in fits]
            print(_line(method, fits, scores, None if errors is None else 1.96 * errors[row]))
    _print_best(corpus)


def _line(
    method: str, fits: Sequence[Labels], scores: Sequence[ClusterScores], error: Numbers | None
) -> str:
    """One row: k and the share in none are of all articles, scores of the labelled ones."""
    mean = {name: np.mean([getattr(s, name) for s in scores]) for name in SHOWN}
    spread = {name: np.std([getattr(s, name) for s in scores]) for name in ("ami", "fmi")}
    k = np.mean([len(np.unique(labels[labels >= 0])) for labels in fits])
    none = np.mean([_share_in_none(labels) for labels in fits])
    known = ("", "") if error is None else (f"{error[0]:.3f}", f"{error[1]:.3f}")
    return (
        f"  {method:22}{len(scores):>6}{k:>7.1f}{none:>7.3f}"
        f"{mean['ami']:>7.3f}{spread['ami']:>6.3f}{known[0]:>6}{mean['ari']:>7.3f}"
        f"{mean['fmi']:>7.3f}{spread['fmi']:>6.3f}{known[1]:>6}{mean['v']:>7.3f}"
        f"{mean['b3_f1']:>7.3f}"
    )


def _share_in_none(labels: Labels) -> float:
    return float((labels < 0).mean())


def _score(labelled: LabelledSet, labels: Labels, truth: str | None = None) -> ClusterScores:
    scores = score_clusters(labelled.truths[truth or labelled.main_truth], labels)
    assert scores is not None, f"{labelled.name}: no labels"
    return scores


def _score_halves(labelled: LabelledSet, found: dict[str, list[Labels]], n_halves: int) -> Numbers:
    """AMI and FMI by half and method; half h takes fit h modulo the number of fits."""
    truth = labelled.truths[labelled.main_truth]
    known = np.array([i for i, value in enumerate(truth) if value is not None])
    rng = np.random.default_rng(0)
    values = np.zeros((n_halves, len(found), 2))
    for half in range(n_halves):
        rows = rng.permutation(known)[: len(known) // 2]
        for column, fits in enumerate(found.values()):
            scores = score_clusters([truth[i] for i in rows], fits[half % len(fits)][rows])
            assert scores is not None
            values[half, column] = scores.ami, scores.fmi
    return values


def _print_best(corpus: Corpus) -> None:
    """Ours minus the peer that is best on this very set, by AMI and by FMI."""
    if OURS not in corpus.found or len(corpus.found) < 2:
        return
    methods = list(corpus.found)
    halves = corpus.halves
    for column, score in enumerate(("ami", "fmi")):
        mean = [_mean(corpus, method, score) for method in methods]
        best = max(zip(mean, methods, strict=True), key=lambda pair: (pair[1] != OURS, pair[0]))[1]
        i, j = methods.index(OURS), methods.index(best)
        error = 1.96 * (halves[:, i, column] - halves[:, j, column]).std(ddof=1)
        print(f"  {score.upper()}: ours - {best} = {mean[i] - mean[j]:+.3f} ± {error:.3f}")


def _mean(corpus: Corpus, method: str, score: str) -> float:
    fits = corpus.found[method]
    return float(np.mean([getattr(_score(corpus.labelled, fit), score) for fit in fits]))


def _print_levels(corpus: Corpus) -> None:
    """Every level of our first fit, and whether some level meets the target for each seed."""
    if not corpus.fits:
        return
    labelled = corpus.labelled
    k_true = labelled.n_groups(labelled.main_truth)
    peers = [_mean(corpus, method, "ami") for method in corpus.found if method != OURS]
    to_beat = max(peers, default=float("-inf"))
    print(f"  levels of seed 0 (to beat: AMI {to_beat:.3f} with {k_true / 2:g} to {2 * k_true} k)")
    print(f"  {'level':>10}{'k':>7}{'none':>7}{'stable':>8}{'AMI':>7}{'FMI':>7}  within 2x, beats")
    for level in corpus.fits[0].levels:
        scores = _score(labelled, level.labels)
        name = f"{level.name}{' *' if level.is_default else ''}"
        print(
            f"  {name:>10}{level.k:>7}{_share_in_none(level.labels):>7.3f}{level.stability:>8.3f}"
            f"{scores.ami:>7.3f}{scores.fmi:>7.3f}  {_yes(_is_near(level.k, k_true)):9}"
            f"  {_yes(scores.ami > to_beat)}"
        )
    fits = [
        [_meets(labelled, level, k_true, to_beat) for level in fit.levels] for fit in corpus.fits
    ]
    stable = [[level.stability >= STABLE for level in fit.levels] for fit in corpus.fits]  # NaN: no
    both = sum(any(np.logical_and(m, s)) for m, s in zip(fits, stable, strict=True))
    print(
        f"  a level within 2x and above every peer: {sum(map(any, fits))} of {len(fits)} "
        f"fits; and of stated stability {STABLE} or more: {both} of {len(fits)}"
    )


def _meets(labelled: LabelledSet, level: OurLevel, k_true: int, to_beat: float) -> bool:
    return _is_near(level.k, k_true) and _score(labelled, level.labels).ami > to_beat


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _is_near(k: int, k_true: int) -> bool:
    return k_true / 2 <= k <= 2 * k_true


def _print_means(corpora: Sequence[Corpus]) -> None:
    """Means over the sets that every method ran on, and ours minus the best peer of each."""
    methods = [m for m in corpora[0].found if all(m in corpus.found for corpus in corpora)]
    print(f"\nmean over {len(corpora)} sets")
    print(f"  {'method':22}" + "".join(f"{name:>8}" for name in (*SHOWN, "none")))
    means = {}
    for method in methods:
        row = [np.mean([_mean(c, method, score) for c in corpora]) for score in SHOWN]
        row.append(
            np.mean([np.mean([_share_in_none(f) for f in c.found[method]]) for c in corpora])
        )
        means[method] = dict(zip((*SHOWN, "none"), row, strict=True))
        print(f"  {method:22}" + "".join(f"{value:>8.3f}" for value in row))
    if OURS not in methods or len(methods) < 2:
        return
    for column, score in enumerate(("ami", "fmi")):
        best = max((m for m in methods if m != OURS), key=lambda m: means[m][score])
        gap = means[OURS][score] - means[best][score]
        halves = np.mean([_difference(corpus, best, column) for corpus in corpora], axis=0)
        error = 1.96 * halves.std(ddof=1)
        print(f"  {score.upper()}: ours - {best} (best peer) = {gap:+.3f} ± {error:.3f}")


def _difference(corpus: Corpus, peer: str, column: int) -> Numbers:
    """Ours minus a peer on each half."""
    methods = list(corpus.found)
    halves = corpus.halves[:, :, column]
    difference: Numbers = halves[:, methods.index(OURS)] - halves[:, methods.index(peer)]
    return difference


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=["tune", "report", "stability", "cost"])
    parser.add_argument("--sets", nargs="+", help="only these")
    parser.add_argument("--truth", help="score on this truth where a set has it, not on its first")
    parser.add_argument("--seeds", type=int, default=5, help="fits of each method")
    parser.add_argument("--halves", type=int, default=20, help="random halves behind each ±")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000, 50_000])
    parser.add_argument("--cache", type=Path, help="JSON file of what peers answered")
    parser.add_argument("--vectors", type=Path, help="folder of vectors that are known")
    parser.add_argument("--vector-cache", type=Path, help="folder that keeps new vectors")
    parser.add_argument("--turftopic-python", help="python of an environment with turftopic")
    parser.add_argument("--peers-only", action="store_true", help="do not fit ours")
    parser.add_argument("--cached-only", action="store_true", help="fit no peer anew")
    return parser.parse_args()


if __name__ == "__main__":
    main()
