"""Which articles of a batch were labelled in an earlier one: the ledger asked, and added to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pipeline.core.copies.earlier import find_earlier, index_hashes
from pipeline.core.copies.sketches import Sketch, sketch_article
from pipeline.io.ledger import KnownText, Ledger, NewText
from pipeline.io.params import IngestParams
from pipeline.io.tables import stream_rows
from pipeline.records import Article


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a batch knows of the batches before it: those up to number `horizon`."""

    ledger: Ledger
    horizon: int
    batch_ids: dict[int, str]
    params: IngestParams

    @classmethod
    def of_batch(cls, ledger: Ledger, horizon: int, params: IngestParams) -> Earlier:
        """Open the ledger at `horizon`."""
        return cls(ledger, horizon, ledger.batch_ids(), params)

    def find_seen(self, articles: Sequence[Article]) -> dict[str, str]:
        """Article id → id of the first batch that had its content or a near copy of it.

        Articles come in whole duplicate groups: copies were seen before where one of them was.
        Of a part of another article that alone counts, and whatever holds of the whole.
        """
        if not self.horizon:
            return {}
        first = self.ledger.find_contents([a.content_id for a in articles], self.horizon)
        groups: dict[str, list[int]] = {}
        for article in articles:
            if article.duplicate_kind != "contained" and article.content_id in first:
                groups.setdefault(article.duplicate_group, []).append(first[article.content_id])
        new = [a for a in articles if a.is_canonical and a.duplicate_group not in groups]
        for content_id, batch in self._find_near(new).items():
            groups[content_id] = [batch]
        seen = {}
        for article in articles:
            batches = [*groups.get(article.duplicate_group, ())]
            if article.content_id in first:
                batches.append(first[article.content_id])
            if batches:
                seen[article.article_id] = self.batch_ids[min(batches)]
        return seen

    def _find_near(self, articles: Sequence[Article]) -> dict[str, int]:
        """Content id → the first batch that had a near copy."""
        sketches = {a.content_id: sketch_article(a) for a in articles}
        index = {content_id: index_hashes(sketch) for content_id, sketch in sketches.items()}
        likely = self.ledger.find_likely(index, self.horizon)
        if not likely:
            return {}
        known = {text.content_id: text for texts in likely.values() for text in texts}
        texts = {a.content_id: a.text for a in articles if a.content_id in likely}
        texts |= {content_id: text.text for content_id, text in known.items()}
        found = find_earlier(
            [sketches[content_id] for content_id in sorted(likely)],
            {key: [_sketch_of(text) for text in texts] for key, texts in likely.items()},
            texts.__getitem__,
            near_duplicate=self.params.near_duplicate,
            contained_duplicate=self.params.contained_duplicate,
        )
        return {key: min(known[i].batch for i in copies) for key, copies in found.items()}


def remember_batch(ledger: Ledger, batch_id: str, horizon: int, shards: Sequence[Path]) -> None:
    """Add a finished batch, of these parts, to the ledger; one that is in it stays as it is."""
    ledger.add_batch(batch_id, horizon, _contents_of(shards), _texts_of(shards))


def _contents_of(shards: Iterable[Path]) -> Iterator[list[str]]:
    for shard in shards:
        yield [article.content_id for article in stream_rows(shard, Article)]


def _texts_of(shards: Iterable[Path]) -> Iterator[NewText]:
    for shard in shards:
        for article in stream_rows(shard, Article):
            if article.is_canonical:
                sketch = sketch_article(article)
                known = KnownText(
                    content_id=article.content_id,
                    batch=0,
                    n_chars=sketch.n_chars,
                    n_words=sketch.n_words,
                    text_key=sketch.text_key,
                    title_key=sketch.title_key,
                    hashes=sketch.hashes.astype("<u4").tobytes(),
                    text=article.text,
                )
                yield NewText(known, index_hashes(sketch))


def _sketch_of(text: KnownText) -> Sketch:
    return Sketch(
        article_id=text.content_id,
        content_id=text.content_id,
        published=None,
        source=None,
        source_file="",
        n_chars=text.n_chars,
        n_words=text.n_words,
        text_key=text.text_key,
        title_key=text.title_key,
        hashes=np.frombuffer(text.hashes, dtype="<u4").astype(np.uint32),
    )
