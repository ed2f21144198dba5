"""Vectors → a tree of clusters: neighbours, UMAP layouts, HDBSCAN leaves, merging on evidence."""
