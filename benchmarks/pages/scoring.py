"""Scores of predicted articles against gold, on pages of one corpus: pure functions."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

MATCH = 0.9

_WORD = re.compile(r"\w+")
_QUOTES = str.maketrans("‘’‚“”„«»–—\u00a0", '\'\'\'"""""-- ')
_HIDDEN = re.compile("[\u200b-\u200f\u2060\ufeff]")

Record = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """Counts that add up over pages; the measures are ratios of them."""

    gold: int = 0
    predicted: int = 0
    matched: int = 0
    gold_tokens: int = 0
    predicted_tokens: int = 0
    leaked: int = 0
    lost: int = 0
    titles: Counter[bool] = field(default_factory=Counter)
    dates: Counter[bool] = field(default_factory=Counter)
    sources: Counter[bool] = field(default_factory=Counter)
    pairs: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count another page in."""
        for name in self.__slots__:
            mine, theirs = getattr(self, name), getattr(other, name)
            setattr(self, name, mine + theirs)

    @property
    def measures(self) -> dict[str, float]:
        """Every measure in [0, 1]; 1 where nothing was there to be wrong (leak, loss: 0)."""
        right, wrong, missed = (self.pairs[x] for x in ("right", "wrong", "missed"))
        return {
            "seg F1": _ratio(2 * self.matched, self.gold + self.predicted),
            "leak": _ratio(self.leaked, self.predicted_tokens, 0.0),
            "loss": _ratio(self.lost, self.gold_tokens, 0.0),
            "titles": _ratio(self.titles[True], self.titles.total()),
            "dates": _ratio(self.dates[True], self.dates.total()),
            "sources": _ratio(self.sources[True], self.sources.total()),
            "dup F1": _ratio(2 * right, 2 * right + wrong + missed),
        }


def _ratio(part: float, whole: float, empty: float = 1.0) -> float:
    return part / whole if whole else empty


def tokens(text: str) -> Counter[str]:
    """Words, case-folded, without marks that nobody sees."""
    plain = unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).translate(_QUOTES)
    return Counter(_WORD.findall(plain.casefold()))


def token_f1(a: Counter[str], b: Counter[str]) -> float:
    """F1 of two bags of words; 1 for two empty ones."""
    both = (a & b).total()
    return _ratio(2 * both, a.total() + b.total())


def match(gold: Sequence[str], predicted: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs (gold, predicted) with token F1 ≥ 0.9, one to one, best first."""
    bags, theirs = [tokens(text) for text in gold], [tokens(text) for text in predicted]
    scored = [
        (-score, i, j)
        for i, a in enumerate(bags)
        for j, b in enumerate(theirs)
        if (score := token_f1(a, b)) >= MATCH
    ]
    pairs: list[tuple[int, int]] = []
    for _, i, j in sorted(scored):
        if all(i != x and j != y for x, y in pairs):
            pairs.append((i, j))
    return sorted(pairs)


def fold(title: str | None) -> str | None:
    """A title as it is compared: case, spaces, quotes and dashes do not count."""
    if title is None:
        return None
    plain = unicodedata.normalize("NFKC", _HIDDEN.sub("", title)).translate(_QUOTES)
    return " ".join(plain.casefold().split())


def score_page(gold: Record, predicted: Sequence[Record]) -> tuple[Tally, list[tuple[int, int]]]:
    """Counts of one page, without duplicates, and its matched pairs."""
    articles: Sequence[Record] = gold["articles"]
    pairs = match([a["text"] for a in articles], [p["text"] for p in predicted])
    have = sum((tokens(p["text"]) for p in predicted), Counter[str]())
    want = sum((tokens(a["text"]) for a in articles), Counter[str]())
    around = [*gold["boilerplate"], *gold["empty"], *(a["title"] or "" for a in articles)]
    aside = sum((tokens(line) for line in around), Counter[str]())
    tally = Tally(
        gold=len(articles),
        predicted=len(predicted),
        matched=len(pairs),
        gold_tokens=want.total(),
        predicted_tokens=have.total(),
        leaked=((have - want) & aside).total(),
        lost=(want - have).total(),
    )
    for i, j in pairs:
        for name, counts in _FIELDS.items():
            if name not in articles[i].get("unscored", ()):
                getattr(tally, counts)[is_right(name, articles[i], predicted[j])] += 1
    return tally, pairs


_FIELDS = {"title": "titles", "published": "dates", "source": "sources"}


def is_right(name: str, gold: Record, predicted: Record) -> bool:
    """Whether a field is as the page states it; null is right only for null."""
    if name == "published":
        return bool(gold[name] == predicted[name])
    return fold(gold[name]) == fold(predicted[name])


def score_duplicates(matched: Iterable[tuple[Record, Record]]) -> Counter[str]:
    """Pairs of matched articles that are rightly, wrongly or not grouped, over a corpus.

    A pair of which one only repeats a part of the other (`echoes`) counts for nothing.
    """
    rows = list(matched)
    counts: Counter[str] = Counter()
    for pair in linked(rows):
        (a, x), (b, y) = (rows[i] for i in pair)
        if a["near"] in b.get("echoes", ()) or b["near"] in a.get("echoes", ()):
            continue
        same, said = a["near"] == b["near"], x["duplicate_group"] == y["duplicate_group"]
        counts["right" if same and said else "missed" if same else "wrong"] += 1
    return counts


def linked(rows: Sequence[tuple[Record, Record]]) -> list[tuple[int, int]]:
    """Pairs of rows that gold or prediction puts together: no other can be wrong."""
    groups: dict[tuple[str, str], list[int]] = {}
    for i, (a, x) in enumerate(rows):
        groups.setdefault(("gold", str(a["near"])), []).append(i)
        groups.setdefault(("said", str(x["duplicate_group"])), []).append(i)
    return sorted({pair for group in groups.values() for pair in combinations(group, 2)})
