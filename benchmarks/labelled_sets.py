"""Labelled public sets as one kind of record, and their vectors.

The sets lie in `datasets` below the folder that NEWSTHEMES_SHARED names (by default `../shared`).
Each belongs to one side of the split: `TUNE` sets may be looked at while settings are chosen,
`REPORT` sets are only ever reported on.

Vectors are the pipeline's own (same encoder, 256 tokens) and are computed once: they are kept by
content in a cache folder. A folder of `<stem>.npy` beside `<stem>.parquet` (column `full` = the
texts, in the order of the rows) is used instead where NEWSTHEMES_BENCH_VECTORS or an argument
names one.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.errors import InputError
from pipeline.records import FloatMatrix

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
ENCODER, MAX_TOKENS = "all-MiniLM-L6-v2", 256
VECTORS_VARIABLE = "NEWSTHEMES_BENCH_VECTORS"
#: One value for each row; None where people said nothing.
Truth = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One set: `n` texts, what people say of them, and when they appeared.

    `ids` are unique; `texts` are title and body as they are embedded; `dates` are ISO dates, None
    where not known. `truths` maps the name of a grouping by people to its values; the first is
    the one that the set is scored on. `stem` names the set in a folder of vectors.
    """

    name: str
    stem: str
    ids: tuple[str, ...]
    texts: tuple[str, ...]
    dates: tuple[str | None, ...]
    truths: dict[str, Truth]

    @property
    def main_truth(self) -> str:
        """Name of the grouping that the set is scored on."""
        return next(iter(self.truths))

    def scored_on(self, truth: str) -> LabelledSet:
        """Give the same set with another of its truths first."""
        return replace(self, truths={truth: self.truths[truth]} | self.truths)

    def n_groups(self, truth: str) -> int:
        """Groups that people see, by the truth of that name."""
        return len(set(self.truths[truth]) - {None})


@dataclass(frozen=True, slots=True)
class _Source:
    """How a set is read: which rows of which file, at most how many, and which truths.

    `truths` maps a name to a column, and to a column of flags where only some rows count.
    """

    stem: str
    folder: str
    truths: dict[str, tuple[str, str | None]]
    max_rows: int | None = None
    keep: Callable[[pd.DataFrame], pd.Series] | None = None


def _in_year(year: str) -> Callable[[pd.DataFrame], pd.Series]:
    return lambda rows: rows["date"].astype(str).str[:4] == year


def _is_english(rows: pd.DataFrame) -> pd.Series:
    return rows["lang"].str.upper() == "EN"


_LABEL = {"label": ("label", None)}
_WIKI = {
    "theme": ("theme", None),
    "named theme": ("theme", "theme_is_named_rule"),
    "heading": ("label", None),
}
#: Larger sets are sampled to this many rows so that five seeds of every method stay affordable.
_SAMPLE = 4000

TUNE: dict[str, _Source] = {
    "twenty_newsgroups": _Source("ng20", "twenty_newsgroups", _LABEL, _SAMPLE),
    "search_snippets": _Source("snip", "search_snippets", _LABEL, _SAMPLE),
    "stackoverflow_titles": _Source("so", "stackoverflow_titles", _LABEL, 10_000),
    "ruwa_events": _Source("ruwa", "ruwa_events", _LABEL, _SAMPLE),
    "wiki_current_events_2022": _Source(
        "wiki22", "wiki_current_events", _WIKI, keep=_in_year("2022")
    ),
}
REPORT: dict[str, _Source] = {
    "ag_news_test": _Source("ag", "ag_news_test", _LABEL),
    "allsides_topics": _Source("allsides", "allsides_topics", _LABEL),
    "wiki_current_events_2023": _Source(
        "wiki23", "wiki_current_events", _WIKI, keep=_in_year("2023")
    ),
    "allsides_stories": _Source(
        "asst", "allsides_stories", {"story": ("label", None), "topic": ("topic", None)}
    ),
    "basil_stories": _Source("basil", "basil_stories", {"story": ("label", None)}),
    "semeval2025_narratives": _Source(
        "sem",
        "semeval2025_narratives",
        {"narrative": ("label", None), "domain": ("domain", None)},
        keep=_is_english,
    ),
}
SPLITS = {"tune": TUNE, "report": REPORT}
#: Unlabelled here: large enough to measure cost on.
_SIZES = {"octis_dblp": _Source("dblp", "octis_dblp", _LABEL)}
#: For labels only: with the split that came with the set, as a truth of that name.
_SPLIT = {"label": ("label", None), "split": ("split", None)}
_LABELS = {
    "twenty_newsgroups_bydate": _Source("ng20", "twenty_newsgroups", _SPLIT, _SAMPLE),
    "banking77": _Source("bank", "banking77", _SPLIT),
    "octis_m10": _Source("m10", "octis_m10", _LABEL),
}
_ALL = TUNE | REPORT | _SIZES | _LABELS


def datasets_folder() -> Path:
    """Where the sets lie; it need not exist."""
    return Path(os.environ.get("NEWSTHEMES_SHARED", ROOT.parent / "shared")) / "datasets"


def load_set(name: str, folder: Path | None = None) -> LabelledSet:
    """Read one set by its name in `TUNE`, `REPORT` or `octis_dblp`.

    Raises
    ------
    InputError
        If there is no such set or its file is not there.
    """
    if name not in _ALL:
        raise InputError(f"labelled sets: no such set (got '{name}'); use one of {', '.join(_ALL)}")
    source = _ALL[name]
    path = (folder or datasets_folder()) / source.folder / f"{source.folder}.parquet"
    if not path.is_file():
        raise InputError(f"{path}: no such file; set NEWSTHEMES_SHARED to the folder of the sets")
    rows = _rows_of(path, source)
    return LabelledSet(
        name=name,
        stem=source.stem,
        ids=_ids_of(rows),
        texts=_texts_of(rows),
        dates=_dates_of(rows),
        truths={truth: _truth_of(rows, *columns) for truth, columns in source.truths.items()},
    )


def vectors_of(
    labelled: LabelledSet, cache: Path | None = None, precomputed: Path | None = None
) -> FloatMatrix:
    """Vectors of a set's texts, shape (n, d), float32, unit rows.

    Parameters
    ----------
    labelled : LabelledSet
        Texts are looked up by content, so that any order and sample works.
    cache : Path, optional
        Folder that keeps what was computed; by default one below the system's temporary folder.
    precomputed : Path, optional
        Folder of `<stem>.npy` and `<stem>.parquet`; by default what NEWSTHEMES_BENCH_VECTORS
        names. Texts that it lacks are encoded.
    """
    from pipeline.io.encoders import SentenceEncoder
    from pipeline.io.vector_cache import encode_cached

    named = os.environ.get(VECTORS_VARIABLE)
    folder = precomputed or (Path(named) if named else None)
    known = _precomputed(folder, labelled.stem) if folder else {}
    missing = sorted({text for text in labelled.texts if text not in known})
    if missing:
        cache = cache or Path(tempfile.gettempdir()) / "newsthemes-benchmark-vectors"
        encoder = SentenceEncoder(ENCODER, MAX_TOKENS)
        known |= encode_cached(missing, encoder, cache, what=f"vectors of {labelled.name}")
    return np.stack([known[text] for text in labelled.texts]).astype(np.float32)


def _precomputed(folder: Path, stem: str) -> dict[str, FloatMatrix]:
    import pyarrow.parquet as pq

    vectors, table = folder / f"{stem}.npy", folder / f"{stem}.parquet"
    if not (vectors.is_file() and table.is_file()):
        return {}
    texts = pq.read_table(table, columns=["full"])["full"].to_pylist()
    matrix = np.load(vectors)
    if len(matrix) != len(texts):
        raise InputError(
            f"{vectors}: {len(matrix)} vectors for {len(texts)} texts; compute them again"
        )
    return dict(zip(texts, matrix, strict=True))


def _rows_of(path: Path, source: _Source) -> pd.DataFrame:
    import pandas as pd

    rows = pd.read_parquet(path)
    if source.keep is not None:
        rows = rows[source.keep(rows)]
    if source.max_rows is not None and len(rows) > source.max_rows:
        rows = rows.sample(source.max_rows, random_state=0).sort_index()
    return rows.reset_index(drop=True)


def _ids_of(rows: pd.DataFrame) -> tuple[str, ...]:
    ids = [str(value) for value in rows["id"]]
    if len(set(ids)) == len(ids):
        return tuple(ids)
    return tuple(f"{value}#{row}" for row, value in enumerate(ids))


def _texts_of(rows: pd.DataFrame) -> tuple[str, ...]:
    bodies = rows["text"].fillna("").astype(str)
    if "title" not in rows:
        return tuple(bodies)
    titles = rows["title"].fillna("").astype(str)
    return tuple(join_title(title, body) for title, body in zip(titles, bodies, strict=True))


def join_title(title: str, body: str) -> str:
    """Title and body as one text; a body that begins with its title stays as it is."""
    return f"{title}. {body}".strip() if title and not body.startswith(title) else body


def _dates_of(rows: pd.DataFrame) -> tuple[str | None, ...]:
    if "date" not in rows:
        return (None,) * len(rows)
    dates = [str(value)[:10] if isinstance(value, str) else "" for value in rows["date"]]
    return tuple(date if len(date) == 10 else None for date in dates)


def _truth_of(rows: pd.DataFrame, column: str, only_where: str | None) -> Truth:
    is_given = rows[column].notna()
    if only_where is not None:
        is_given &= rows[only_where].astype(str).str.lower() == "true"
    pairs = zip(rows[column], is_given, strict=True)
    return tuple(str(value) if given else None for value, given in pairs)
