"""What was read, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from pipeline.records import Article, Rejected

#: Rejected items that are shown where nothing else is left.
_N_SHOWN = 3


class Tally:
    """Counts articles and rejected items as they pass by; holds none but the first rejected."""

    def __init__(self, n_files: int) -> None:
        self.n_files = n_files
        self.n_articles = 0
        self.n_distinct = 0
        self.n_contents = 0
        self.shown: list[Rejected] = []
        self._n_undated = 0
        self._kinds: Counter[str] = Counter()
        self._copies: Counter[str] = Counter()
        self._codes: Counter[str] = Counter()

    def articles(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Give the same articles, and count them; copies must be marked."""
        for article in articles:
            self.n_articles += 1
            self.n_distinct += article.is_canonical
            self._n_undated += article.published is None
            self._kinds[article.kind] += 1
            self._copies[article.duplicate_kind] += 1
            yield article

    def rejected(self, rows: Iterable[Rejected]) -> Iterator[Rejected]:
        """Give the same rows, and count them."""
        for row in rows:
            self._codes[row.code] += 1
            if len(self.shown) < _N_SHOWN:
                self.shown.append(row)
            yield row

    @property
    def n_rejected(self) -> int:
        """Items that were set aside."""
        return self._codes.total()

    @property
    def n_items(self) -> int:
        """Articles and items that were set aside."""
        return self.n_articles + self.n_rejected

    @property
    def rejected_share(self) -> float:
        """Share of all items that was set aside, in [0, 1]."""
        return self.n_rejected / max(1, self.n_items)

    @property
    def codes(self) -> Mapping[str, int]:
        """Items that each code set aside, by falling number and then by name."""
        return dict(sorted(self._codes.items(), key=lambda item: (-item[1], item[0])))

    @property
    def counts(self) -> Mapping[str, int | float]:
        """What `metrics/ingest.json` says."""
        return {
            "n_files": self.n_files,
            "n_items": self.n_items,
            "n_articles": self.n_articles,
            "n_distinct": self.n_distinct,
            "n_contents": self.n_contents,
            **{f"n_{kind}": self._copies[kind] for kind in ("exact", "near", "contained")},
            "n_without_date": self._n_undated,
            "n_rejected": self.n_rejected,
            "rejected_share": round(self.rejected_share, 6),
            **{f"kind.{kind}": n for kind, n in sorted(self._kinds.items())},
            **{f"rejected.{code}": n for code, n in sorted(self._codes.items())},
        }
