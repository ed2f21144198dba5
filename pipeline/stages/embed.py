"""Turn each distinct article into a vector; only texts that were never seen are computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.core.embeddings import distinct_texts, join_embeddings
from pipeline.io.command import run_stage, say
from pipeline.io.encoders import encoder_for
from pipeline.io.files import write_json
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows, write_embeddings
from pipeline.io.vector_cache import VectorCache, encode_cached
from pipeline.records import Article, Embeddings, Encoder


def embed(articles: Sequence[Article], encoder: Encoder, cache_folder: Path) -> Embeddings:
    """Vectors of all contents, from the cache where they are known."""
    texts = distinct_texts(articles)
    n_known = len(VectorCache(cache_folder, encoder.model).find(list(texts.values())))
    known = encode_cached(list(texts.values()), encoder, cache_folder, what="embedding")
    n_new = len(set(texts.values())) - n_known
    say(f"embed: {len(texts)} contents, {n_new} new, {n_known} from the cache")
    return join_embeddings({i: known[text] for i, text in texts.items()}, encoder.model)


def run(paths: Paths, params: Params, encoder: Encoder | None = None) -> None:
    """Read articles, write embeddings."""
    articles = read_rows(paths.articles, Article)
    encoder = encoder or encoder_for(params.embed)
    embeddings = embed(articles, encoder, paths.embedding_cache)
    write_embeddings(paths.embeddings, embeddings)
    n_contents, n_dims = embeddings.vectors.shape
    write_json(paths.metrics("embed"), {"n_contents": n_contents, "n_dims": n_dims})


if __name__ == "__main__":
    run_stage(run)
