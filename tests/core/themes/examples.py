"""What tests of themes share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pipeline.core.themes.queries import Queries, catalogue_texts
from pipeline.records import CatalogueTheme


def one_query_each(catalogue: Sequence[CatalogueTheme], n_dims: int) -> Queries:
    """Queries of themes that speak of one subject each; that of theme i is axis i."""
    texts = tuple(" ".join(catalogue_texts(theme)) for theme in catalogue)
    axes = np.eye(n_dims, dtype=np.float32)[: len(catalogue)]
    return Queries(axes, texts, np.arange(len(catalogue)))
