"""Group canonical articles into a tree of clusters, and lay them out on a map."""

from __future__ import annotations

from pipeline.core.clustering.clusters import ClusterSettings, find_clusters
from pipeline.core.embeddings import take_vectors
from pipeline.io.command import run_stage, say
from pipeline.io.files import write_json
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_embeddings, read_rows, write_clusters, write_rows
from pipeline.records import Article, Level


def run(paths: Paths, params: Params) -> None:
    """Read articles and embeddings, write clusters and the levels of their tree."""
    articles = [a for a in read_rows(paths.articles, Article) if a.is_canonical]
    embeddings = read_embeddings(paths.embeddings)
    tree = find_clusters(
        [a.article_id for a in articles],
        take_vectors(embeddings, [a.content_id for a in articles]),
        [a.full_text for a in articles],
        [a.published for a in articles],
        ClusterSettings(**params.cluster.model_dump(), seed=params.seed),
    )
    write_clusters(paths.clusters, tree.clusters)
    write_rows(paths.levels, tree.levels, Level)
    default = next(level for level in tree.levels if level.is_default)
    n_stories = len(set(tree.clusters.stories.tolist()))
    numbers = {
        "n_clusters": default.n_clusters,
        "n_levels": len(tree.levels),
        "n_stories": n_stories,
        "share_in_none": default.share_in_none,
        "stability": default.stability,
    }
    write_json(paths.metrics("cluster"), numbers)
    sizes = ", ".join(str(level.n_clusters) for level in tree.levels)
    say(
        f"cluster: {default.n_clusters} clusters among {len(articles)} distinct articles "
        f"(levels of {sizes}; {n_stories} stories)"
    )


if __name__ == "__main__":
    run_stage(run)
