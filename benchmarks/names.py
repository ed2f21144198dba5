"""Names of themes beside those that BERTopic would give, from the same groups.

    python benchmarks/names.py [set ...]

The groups are people's labels, so that nothing here depends on the clustering. Names are made from
every second text of each group and measured on the others. Baseline: the four words of greatest
c-TF-IDF weight, English stop words out, as BERTopic joins them.

- unique: share of names that no other group has
- any, all: share of a group's unseen texts that hold any, or all, content words of its name
- elsewhere: share of other groups' texts that hold any of them
- nearest: share of names whose vector is closest to the centre of their own group's unseen texts
- found: share of unseen texts whose vector is closest to their own group's name, mean over groups
- words: mean number of words

`found` and `nearest` use the encoder that also chose among our names (rows "ours"); the rows
"ours, no encoder" never saw it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.labelled_sets import load_set, vectors_of
from pipeline.core.themes.keywords import keywords_of
from pipeline.core.themes.names import name_themes
from pipeline.core.themes.token_table import read_tokens
from pipeline.core.themes.words import is_usable, pieces_of, stem, trim
from pipeline.io.encoders import SentenceEncoder
from pipeline.records import Encoder, FloatMatrix

TUNE = ("twenty_newsgroups", "search_snippets", "stackoverflow_titles")
REPORT = ("ag_news_test", "allsides_topics")
#: Smaller groups cannot be halved and still tell anything.
MIN_GROUP = 10
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Half:
    """Texts with their groups, 0 … n_groups - 1, and vectors."""

    texts: list[str]
    groups: Ints
    vectors: FloatMatrix


@dataclass(frozen=True, slots=True)
class Scores:
    """What one way of naming reaches on one set; see the module."""

    unique: float
    share_any: float
    share_all: float
    elsewhere: float
    nearest: float
    found: float
    words: float


def split(
    texts: Sequence[str], labels: Sequence[str | None], vectors: FloatMatrix
) -> tuple[Half, Half]:
    """Every second text of each group that is large enough, and the others."""
    members: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        if label is not None:
            members.setdefault(label, []).append(row)
    kept = [members[label] for label in sorted(members) if len(members[label]) >= MIN_GROUP]
    halves = []
    for start in (0, 1):
        rows = [(row, group) for group, own in enumerate(kept) for row in own[start::2]]
        halves.append(
            Half(
                [texts[row] for row, _ in rows],
                np.array([group for _, group in rows], dtype=np.int64),
                vectors[[row for row, _ in rows]],
            )
        )
    return halves[0], halves[1]


def centres(half: Half) -> FloatMatrix:
    """Unit centre of each group."""
    means = [half.vectors[half.groups == g].mean(axis=0) for g in range(half.groups.max() + 1)]
    return np.stack([mean / np.linalg.norm(mean) for mean in means])


def bertopic_names(half: Half, n_words: int = 4) -> list[str]:
    """Words of greatest c-TF-IDF weight of each group (M. Grootendorst, arXiv:2203.05794)."""
    from sklearn.feature_extraction.text import CountVectorizer

    whole = [
        " ".join(t for t, g in zip(half.texts, half.groups, strict=True) if g == group)
        for group in range(half.groups.max() + 1)
    ]
    vectorizer = CountVectorizer(stop_words="english")
    counts = vectorizer.fit_transform(whole).toarray().astype(np.float64)
    weights = counts / counts.sum(axis=1, keepdims=True)
    weights *= np.log1p(counts.sum() / len(whole) / counts.sum(axis=0))
    words = vectorizer.get_feature_names_out()
    best = np.argsort(-weights, axis=1, kind="stable")[:, :n_words]
    return ["_".join(words[i] for i in row) for row in best]


def our_names(half: Half, encoder: Encoder | None) -> list[str]:
    """Names as the pipeline gives them."""
    table = read_tokens(half.texts)
    keywords = keywords_of(table, half.groups.tolist(), n=10)
    fits = np.einsum("nd,nd->n", half.vectors, centres(half)[half.groups]).tolist()
    found = name_themes(
        table,
        half.groups.tolist(),
        fits,
        keywords,
        vectors=half.vectors,
        encoder=encoder,
    )
    return [name.name for name in found]


def score(names: Sequence[str], unseen: Half, encoder: Encoder) -> Scores:
    """Measure names on texts that they were not made from."""
    readable = [name.replace("_", " ") for name in names]
    wanted = [_stems(name) for name in readable]
    held = [_stems(text) for text in unseen.texts]
    shares = []
    for group, words in enumerate(wanted):
        own = unseen.groups == group
        has_any = np.array([bool(words & text) for text in held])
        has_all = np.array([bool(words) and words <= text for text in held])
        shares.append((has_any[own].mean(), has_all[own].mean(), has_any[~own].mean()))
    vectors = encoder.encode(readable)
    nearest = (vectors @ centres(unseen).T).argmax(axis=1) == np.arange(len(names))
    right = (unseen.vectors @ vectors.T).argmax(axis=1) == unseen.groups
    found = [right[unseen.groups == group].mean() for group in range(len(names))]
    share_any, share_all, elsewhere = np.mean(shares, axis=0)
    return Scores(
        unique=len({name.casefold() for name in names}) / len(names),
        share_any=float(share_any),
        share_all=float(share_all),
        elsewhere=float(elsewhere),
        nearest=float(nearest.mean()),
        found=float(np.mean(found)),
        words=float(np.mean([len(name.split()) for name in readable])),
    )


def _stems(text: str) -> set[str]:
    words = [word for word in map(trim, pieces_of(text)) if word]
    return {stem(word) for word in words if is_usable(word)}


def main() -> None:
    encoder = SentenceEncoder("all-MiniLM-L6-v2", 256)
    columns = "unique any all elsewhere nearest found words seconds".split()
    print(f"{'set':<22}{'names':<18}" + "".join(f"{column:>10}" for column in columns))
    for name in sys.argv[1:] or (*TUNE, *REPORT):
        labelled = load_set(name)
        vectors = vectors_of(labelled)
        made, unseen = split(labelled.texts, labelled.truths[labelled.main_truth], vectors)
        ways = {
            "BERTopic": lambda half=made: bertopic_names(half),
            "ours, no encoder": lambda half=made: our_names(half, None),
            "ours": lambda half=made: our_names(half, encoder),
        }
        for way, make in ways.items():
            start = time.perf_counter()
            names = make()
            seconds = time.perf_counter() - start
            s = score(names, unseen, encoder)
            figures = (
                s.unique, s.share_any, s.share_all, s.elsewhere, s.nearest, s.found, s.words,
            )  # fmt: skip
            row = "".join(f"{figure:>10.3f}" for figure in figures)
            print(f"{name:<22}{way:<18}{row}{seconds:>10.1f}", flush=True)
            print("    " + " | ".join(names[:6]), flush=True)


if __name__ == "__main__":
    main()
