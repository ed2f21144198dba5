"""Group canonical articles by density, and lay them out on a map."""

from __future__ import annotations

from pipeline.core.clustering.clusters import ClusterSettings, find_clusters
from pipeline.core.embeddings import take_vectors
from pipeline.io.command import run_stage, say
from pipeline.io.files import write_json
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_embeddings, read_rows, write_clusters
from pipeline.records import Article


def run(paths: Paths, params: Params) -> None:
    """Read articles and embeddings, write clusters."""
    articles = [a for a in read_rows(paths.articles, Article) if a.is_canonical]
    embeddings = read_embeddings(paths.embeddings)
    clusters = find_clusters(
        [a.article_id for a in articles],
        take_vectors(embeddings, [a.content_id for a in articles]),
        [a.full_text for a in articles],
        ClusterSettings(**params.cluster.model_dump(), seed=params.seed),
    )
    write_clusters(paths.clusters, clusters)
    labels = clusters.labels
    n_clusters = int(labels.max(initial=-1)) + 1
    share_in_none = float((labels < 0).mean()) if len(labels) else 0.0
    numbers = {"n_clusters": n_clusters, "share_in_none": round(share_in_none, 4)}
    write_json(paths.metrics("cluster"), numbers)
    say(f"cluster: {n_clusters} clusters among {len(labels)} distinct articles")


if __name__ == "__main__":
    run_stage(run)
