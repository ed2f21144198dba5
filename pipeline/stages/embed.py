"""Turn each distinct article into a vector; only texts that were never seen are computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.core.embeddings import Encoder, distinct_texts, join_embeddings
from pipeline.io.command import run_stage, say
from pipeline.io.encoders import SentenceEncoder
from pipeline.io.files import write_json
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.progress import in_blocks
from pipeline.io.tables import read_rows, write_embeddings
from pipeline.io.vector_cache import VectorCache
from pipeline.records import Article, Embeddings

#: Texts that are computed between two writes to the cache: what an interruption can cost.
BLOCK = 64


def embed(articles: Sequence[Article], encoder: Encoder, cache_folder: Path) -> Embeddings:
    """Vectors of all contents, from the cache where they are known."""
    texts = distinct_texts(articles)
    cache = VectorCache(cache_folder, encoder.model)
    known = cache.find(list(texts.values()))
    new = sorted({text for text in texts.values() if text not in known})
    for block in in_blocks(new, BLOCK, "embedding"):
        vectors = dict(zip(block, encoder.encode(block), strict=True))
        cache.add(vectors)
        known |= vectors
    say(f"embed: {len(texts)} contents, {len(new)} new, {len(texts) - len(new)} from the cache")
    return join_embeddings({i: known[text] for i, text in texts.items()}, encoder.model)


def run(paths: Paths, params: Params, encoder: Encoder | None = None) -> None:
    """Read articles, write embeddings."""
    articles = read_rows(paths.articles, Article)
    encoder = encoder or SentenceEncoder(params.embed.model, params.embed.max_tokens)
    embeddings = embed(articles, encoder, paths.embedding_cache)
    write_embeddings(paths.embeddings, embeddings)
    n_contents, n_dims = embeddings.vectors.shape
    write_json(paths.metrics("embed"), {"n_contents": n_contents, "n_dims": n_dims})


if __name__ == "__main__":
    run_stage(run)
