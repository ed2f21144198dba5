"""The nouns that stages exchange, with their Arrow schemas.

Rows (`Article`, `Rejected`, `Label`, `Theme`, …) are frozen dataclasses. Columns of numbers
(`Embeddings`, `Clusters`) are records of aligned arrays. Every table that is written to disk has
one schema here; `io.tables` refuses a file whose schema differs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

#: What `labels.csv` and the labelled output say of an article that fits no theme.
UNKNOWN = "unknown"

Kind = Literal["article", "liveblog_entry", "listing_item"]
DuplicateKind = Literal["unique", "exact", "near", "contained"]
How = Literal["core", "guided", "leftover", "copy", "none"]
Status = Literal["catalogued", "provisional"]
Period = Literal["day", "week", "month"]
EventKind = Literal["born", "grew", "shrank", "merged", "split", "faded", "returned", "conflict"]

FloatMatrix = npt.NDArray[np.float32]


def _schema(name: str, *fields: tuple[str, pa.DataType, bool]) -> pa.Schema:
    """Build a schema from (name, type, nullable) and note its name and version in it."""
    return pa.schema([pa.field(*field) for field in fields], metadata={"schema": name})


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as its page states it, before it has ids and before copies are known.

    `published` is an ISO date (`YYYY-MM-DD`) or None; lines are 1-based and inclusive, and None
    where the input has no lines of its own (HTML, tables). `notes` say what had to be guessed,
    mended or left out, one sentence each.
    """

    kind: Kind
    title: str | None
    text: str
    published: str | None = None
    source: str | None = None
    author: str | None = None
    line_start: int | None = None
    line_end: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """One clean article. See `ARTICLES` for what is null when.

    `notes` are those of its `Draft`. `carried_by` names every source that any copy in its
    duplicate group states, sorted: who syndicated it.
    """

    article_id: str
    content_id: str
    source_file: str
    position: int
    kind: Kind
    title: str | None
    text: str
    published: str | None
    source: str | None
    author: str | None
    language: str | None
    n_words: int
    line_start: int | None
    line_end: int | None
    notes: tuple[str, ...]
    duplicate_group: str
    duplicate_kind: DuplicateKind
    is_canonical: bool
    carried_by: tuple[str, ...]

    @property
    def full_text(self) -> str:
        """Title and body as one text: what is embedded and counted."""
        return f"{self.title}\n{self.text}" if self.title else self.text


ARTICLES = _schema(
    "articles/2",
    ("article_id", pa.string(), False),
    ("content_id", pa.string(), False),
    ("source_file", pa.string(), False),
    ("position", pa.int32(), False),
    ("kind", pa.string(), False),
    ("title", pa.string(), True),
    ("text", pa.string(), False),
    ("published", pa.string(), True),
    ("source", pa.string(), True),
    ("author", pa.string(), True),
    ("language", pa.string(), True),
    ("n_words", pa.int32(), False),
    ("line_start", pa.int32(), True),
    ("line_end", pa.int32(), True),
    ("notes", pa.list_(pa.string()), False),
    ("duplicate_group", pa.string(), False),
    ("duplicate_kind", pa.string(), False),
    ("is_canonical", pa.bool_(), False),
    ("carried_by", pa.list_(pa.string()), False),
)


@dataclass(frozen=True, slots=True)
class Rejected:
    """One input item that became no article, and why. `line` is 1-based, None for a whole file."""

    source_file: str
    line: int | None
    stage: str
    code: str
    message: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Label:
    """What a person decided about one content: a theme id, or `UNKNOWN`."""

    content_id: str
    theme: str
    annotator: str
    note: str


class Encoder(Protocol):
    """What turns texts into vectors.

    `model` identifies everything that changes its numbers (name, weights, length limit): vectors
    of two encoders with the same `model` are interchangeable. A text's vector must not depend on
    the texts beside it.
    """

    @property
    def model(self) -> str:
        """Name that identifies the encoder's numbers."""

    def encode(self, texts: Sequence[str]) -> FloatMatrix:
        """Vectors of shape (len(texts), d), float32, of length 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """One unit vector for each distinct content.

    `content_ids` is sorted and unique, length n; `vectors` has shape (n, d), float32, finite,
    every row of length 1. `model` names the encoder that made them.
    """

    content_ids: tuple[str, ...]
    vectors: FloatMatrix
    model: str

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.content_ids) != len(self.vectors):
            raise ValueError(
                f"embeddings: {len(self.content_ids)} ids and vectors of shape "
                f"{self.vectors.shape}; need one row for each id"
            )
        if not np.isfinite(self.vectors).all():
            raise ValueError("embeddings: NaN or infinite values")
        if list(self.content_ids) != sorted(set(self.content_ids)):
            raise ValueError("embeddings: content ids must be sorted and unique")

    def take(self, content_ids: list[str]) -> FloatMatrix:
        """Vectors of `content_ids`, in that order; KeyError for one that has no vector."""
        row = {content_id: i for i, content_id in enumerate(self.content_ids)}
        return self.vectors[[row[content_id] for content_id in content_ids]]


def embeddings_schema(n_dims: int, model: str) -> pa.Schema:
    """Schema of `embeddings.parquet` for vectors of `n_dims` numbers made by `model`."""
    vector = pa.list_(pa.field("element", pa.float32(), nullable=False), n_dims)
    fields = [
        pa.field("content_id", pa.string(), nullable=False),
        pa.field("vector", vector, nullable=False),
    ]
    return pa.schema(fields, metadata={"schema": "embeddings/1", "model": model})


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Where density puts each canonical article, from coarse to fine.

    `article_ids` is sorted, length n. `paths[i]` lists cluster numbers from coarse to fine, one
    for each level of `levels.parquet`, and is empty where density finds none; levels are nested:
    articles that share a number at one level share those of all coarser ones. `stories[i]` is the
    number of its story (same event within days; stories lie inside the finest clusters; a story
    may be one article). `strengths` has shape (n,), float32 in [0, 1]; `map_xy` shape (n, 2),
    float32, the place on the map.
    """

    article_ids: tuple[str, ...]
    paths: tuple[tuple[int, ...], ...]
    stories: npt.NDArray[np.int32]
    strengths: npt.NDArray[np.float32]
    map_xy: FloatMatrix

    def labels_at(self, level: int) -> npt.NDArray[np.int32]:
        """Cluster of each article at a level, shape (n,), int32; -1 where there is none."""
        return np.array([path[level] if path else -1 for path in self.paths], dtype=np.int32)

    @property
    def tree(self) -> npt.NDArray[np.int32]:
        """Clusters at every level, shape (n_levels, n), int32; at least one level."""
        n_levels = max(1, *map(len, self.paths)) if self.paths else 1
        return np.stack([self.labels_at(level) for level in range(n_levels)])


CLUSTERS = _schema(
    "clusters/2",
    ("article_id", pa.string(), False),
    ("path", pa.list_(pa.int32()), False),
    ("story", pa.int32(), False),
    ("strength", pa.float32(), False),
    ("x", pa.float32(), False),
    ("y", pa.float32(), False),
)


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the tree of clusters; `level` 0 is the coarsest.

    `stability` is in [0, 1], 1 = the same clusters in every perturbed fit (mean adjusted Rand
    index); `is_default` marks the one level that the evidence prefers; `share_in_none` is of all
    canonical articles.
    """

    level: int
    n_clusters: int
    stability: float
    share_in_none: float
    is_default: bool


LEVELS = _schema(
    "levels/1",
    ("level", pa.int32(), False),
    ("n_clusters", pa.int32(), False),
    ("stability", pa.float64(), False),
    ("share_in_none", pa.float64(), False),
    ("is_default", pa.bool_(), False),
)


@dataclass(frozen=True, slots=True)
class CatalogueTheme:
    """One theme that the analyst follows, as `data/themes.yaml` gives it.

    `must_mention` lists groups of terms: an article that does not have at least one term of every
    group is not of this theme (`Iran*` stands for all words that begin so). `pinned` lists content
    ids that belong to it whatever else is said, `excluded` those that never do. `merged` lists ids
    of themes, catalogued once or provisional, that are part of it since somebody merged them.
    """

    theme_id: str
    name: str
    description: str
    seed_phrases: tuple[str, ...]
    must_mention: tuple[tuple[str, ...], ...] = ()
    pinned: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All that `data/themes.yaml` says; `themes` are sorted by id.

    `cannot_link` lists pairs of content ids that never share a theme, each pair sorted.
    """

    themes: tuple[CatalogueTheme, ...] = ()
    cannot_link: tuple[tuple[str, str], ...] = ()

    @property
    def owners(self) -> dict[str, str]:
        """Id of a theme → the catalogued theme that it is part of: its own, or one it is merged in.

        A provisional theme that somebody has taken into the catalogue is found by density under
        its old id, which is the catalogued theme's.
        """
        owners = {theme.theme_id: theme.theme_id for theme in self.themes}
        for theme in self.themes:
            for merged in theme.merged:
                owners.setdefault(merged, theme.theme_id)
        return owners


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme that was found.

    `n_articles` counts all articles, `n_distinct` the canonical ones (independent reports);
    `n_stories` its stories; `share` is of all canonical articles, in [0, 1]. `parent` is the id
    of the theme's coarse group, shared with the themes it lies beside; None where it has none.
    `name_evidence` lists article ids whose text holds the words of the name, most typical first.
    `representative` and `borderline` are article ids, best first. `top_source` is its commonest
    source and `top_source_share` that source's share among articles with a known one;
    `one_source` says that this is at least half of a theme large enough to tell.
    """

    theme_id: str
    name: str
    status: Status
    description: str
    keywords: tuple[str, ...]
    name_evidence: tuple[str, ...]
    n_articles: int
    n_distinct: int
    n_stories: int
    share: float
    parent: str | None
    representative: tuple[str, ...]
    borderline: tuple[str, ...]
    first_seen: str | None
    last_seen: str | None
    top_source: str | None
    top_source_share: float | None
    one_source: bool


THEMES = _schema(
    "themes/2",
    ("theme_id", pa.string(), False),
    ("name", pa.string(), False),
    ("status", pa.string(), False),
    ("description", pa.string(), False),
    ("keywords", pa.list_(pa.string()), False),
    ("name_evidence", pa.list_(pa.string()), False),
    ("n_articles", pa.int32(), False),
    ("n_distinct", pa.int32(), False),
    ("n_stories", pa.int32(), False),
    ("share", pa.float64(), False),
    ("parent", pa.string(), True),
    ("representative", pa.list_(pa.string()), False),
    ("borderline", pa.list_(pa.string()), False),
    ("first_seen", pa.string(), True),
    ("last_seen", pa.string(), True),
    ("top_source", pa.string(), True),
    ("top_source_share", pa.float64(), True),
    ("one_source", pa.bool_(), False),
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """The theme of one article (None: no theme) and how it came by it. One for every article.

    `story` names the story: `s-` and the start of a content id; articles of one story share it.
    """

    article_id: str
    theme: str | None
    theme_name: str | None
    path: tuple[int, ...]
    story: str
    strength: float
    how: How


ASSIGNMENTS = _schema(
    "assignments/2",
    ("article_id", pa.string(), False),
    ("theme", pa.string(), True),
    ("theme_name", pa.string(), True),
    ("path", pa.list_(pa.int32()), False),
    ("story", pa.string(), False),
    ("strength", pa.float32(), False),
    ("how", pa.string(), False),
)


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """What one theme did in one period.

    `start` is the ISO date of the period's first day (weeks begin on Monday). `n_articles` counts
    copies as well, `n_distinct` independent reports only, `n_stories` the stories that they tell.
    `is_burst` says that there were more independent reports than the theme's own past and the
    volume of all news explain.
    """

    theme_id: str
    period: Period
    start: str
    n_articles: int
    n_distinct: int
    n_stories: int
    is_burst: bool


SERIES = _schema(
    "series/1",
    ("theme_id", pa.string(), False),
    ("period", pa.string(), False),
    ("start", pa.string(), False),
    ("n_articles", pa.int32(), False),
    ("n_distinct", pa.int32(), False),
    ("n_stories", pa.int32(), False),
    ("is_burst", pa.bool_(), False),
)


@dataclass(frozen=True, slots=True)
class RememberedTheme:
    """What one retrain leaves to the next, so that a theme keeps its id.

    `members` are the content ids of its canonical articles, sorted; `centre` is the unit mean of
    their vectors, rounded. `absent` counts the retrains since it was last found (0: in the last).
    `part_of` names the catalogued theme that an edit of the catalogue made it part of: it is no
    theme of its own, and its articles go there for as long as it is found.
    """

    theme_id: str
    name: str
    status: Status
    members: tuple[str, ...]
    centre: tuple[float, ...]
    absent: int = 0
    part_of: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that one retrain leaves to the next.

    `fingerprint` names its inputs and `model` the encoder that the centres are of. `themes` are
    sorted by id; `unplaced` lists the content ids of canonical articles in no theme, sorted.
    `granularity` is that of params.yaml, where the tree of clusters was cut.
    """

    fingerprint: str
    model: str
    themes: tuple[RememberedTheme, ...]
    unplaced: tuple[str, ...]
    granularity: int = 0


@dataclass(frozen=True, slots=True)
class ThemeMemory:
    """The last retrain (`now`), and the last one before it that had other inputs (`before`)."""

    now: Snapshot
    before: Snapshot | None


@dataclass(frozen=True, slots=True)
class ThemeEvent:
    """What became of a theme between two retrains, or why an edit could not be honoured.

    `themes` are the other theme ids that take part: those merged into it, those it was split
    into, or where it went. `n_before` and `n_after` count canonical articles; `n_shared` those of
    before that are still in it.
    """

    kind: EventKind
    theme_id: str
    name: str
    themes: tuple[str, ...]
    n_before: int
    n_after: int
    n_shared: int
    message: str


@dataclass(frozen=True, slots=True)
class Labelled:
    """One row of labelled output.

    `theme` is a theme id or `UNKNOWN`; `probability` is that of the most probable theme, in
    [0, 1], also where the answer is `UNKNOWN`; `alternatives` lists further probable theme ids,
    best first; `novelty` is in [0, 1], 1 = unlike everything in training; `reason` says why an
    article is `UNKNOWN` and is empty otherwise. `seen_before` is the id of the earlier batch in
    which the same content, or one nearly equal, was labelled first; None where it is new.
    """

    article_id: str
    content_id: str
    source_file: str
    position: int
    title: str | None
    published: str | None
    source: str | None
    theme: str
    theme_name: str
    probability: float
    alternatives: tuple[str, ...]
    novelty: float
    reason: str
    duplicate_group: str
    is_canonical: bool
    seen_before: str | None
    model_version: str


LABELLED = _schema(
    "labelled/2",
    ("article_id", pa.string(), False),
    ("content_id", pa.string(), False),
    ("source_file", pa.string(), False),
    ("position", pa.int32(), False),
    ("title", pa.string(), True),
    ("published", pa.string(), True),
    ("source", pa.string(), True),
    ("theme", pa.string(), False),
    ("theme_name", pa.string(), False),
    ("probability", pa.float64(), False),
    ("alternatives", pa.list_(pa.string()), False),
    ("novelty", pa.float64(), False),
    ("reason", pa.string(), False),
    ("duplicate_group", pa.string(), False),
    ("is_canonical", pa.bool_(), False),
    ("seen_before", pa.string(), True),
    ("model_version", pa.string(), False),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A theme that may be emerging: unknown articles of recent batches that belong together.

    `candidate_id` is `new-` and the start of a content id, the same for as long as its first
    member is there. Counts are of canonical articles; `n_sources` counts independent sources.
    `content_ids` are the members, most typical first; `headlines` those of the first few.
    `daily` pairs ISO dates with the number of articles published then, ascending; articles
    without a date are in no day.
    """

    candidate_id: str
    name: str
    keywords: tuple[str, ...]
    content_ids: tuple[str, ...]
    headlines: tuple[str, ...]
    n_articles: int
    n_sources: int
    n_batches: int
    first_seen: str | None
    last_seen: str | None
    daily: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class TrainingProfile:
    """What the corpus that a model learnt from looks like: what a batch is compared with.

    Of `n_articles` canonical articles. `labels`, `languages` and `sources` pair a value with its
    count, sorted by value; labels are answers of models that had not seen the article, `UNKNOWN`
    among them; articles without a language or source are not counted there. `novelty` and
    `n_words` hold 21 quantiles, from the least (0 %) to the greatest (100 %) in steps of 5 %;
    novelty is that of an article compared with the others.
    """

    n_articles: int
    labels: tuple[tuple[str, int], ...]
    languages: tuple[tuple[str, int], ...]
    sources: tuple[tuple[str, int], ...]
    novelty: tuple[float, ...]
    n_words: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class HoldoutRow:
    """What a model answers for one labelled duplicate group that it was not trained on.

    `actual` is a person's decision and `predicted` the model's answer, each a theme id or
    `UNKNOWN`; `best` is the most probable theme id whether or not the model abstained, and
    `probability`, in [0, 1], is that theme's. `article_id` and `content_id` are the group's
    canonical article.
    """

    article_id: str
    content_id: str
    duplicate_group: str
    actual: str
    predicted: str
    best: str
    probability: float
    novelty: float


HOLDOUT = _schema(
    "holdout/1",
    ("article_id", pa.string(), False),
    ("content_id", pa.string(), False),
    ("duplicate_group", pa.string(), False),
    ("actual", pa.string(), False),
    ("predicted", pa.string(), False),
    ("best", pa.string(), False),
    ("probability", pa.float64(), False),
    ("novelty", pa.float64(), False),
)


@dataclass(frozen=True, slots=True, eq=False)
class ThemeClassifier:
    """A trained labeller as plain numbers and words: nothing in it can run code.

    Arrays, all float32 and finite, for k classes, t terms and vectors of d numbers:
    `coefficients` (k, d + t), the vector's weights first, and `intercepts` (k,), both with one more
    row where people called articles `UNKNOWN`, which is that answer's; `idf` (t,). What a new
    vector is compared with (`core.labels.novelty.NoveltyModel`): `references` (r, d), `closeness`
    (r,), `novelty_scale` (4,), `calibration` (c,), ascending.

    `classes` are theme ids, sorted, `names` their names. Logits are divided by `temperature`
    (above 0). A theme whose probability is at least `set_threshold`, in [0, 1], is one that an
    article may have. `languages` are those that training knows, none where it does not say.
    `trained_on` lists, sorted, every content of every duplicate group that took part.
    `must_mention` gives the groups of terms that an article of each class must have, in the order
    of `classes`; empty where no class asks for any. `n_labels` counts the training articles that
    people labelled.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    terms: tuple[str, ...]
    idf: npt.NDArray[np.float32]
    coefficients: FloatMatrix
    intercepts: npt.NDArray[np.float32]
    temperature: float
    references: FloatMatrix
    closeness: npt.NDArray[np.float32]
    novelty_scale: npt.NDArray[np.float32]
    calibration: npt.NDArray[np.float32]
    lexical_weight: float
    set_threshold: float
    min_probability: float
    max_novelty: float
    encoder: str
    languages: tuple[str, ...]
    trained_on: tuple[str, ...]
    must_mention: tuple[tuple[tuple[str, ...], ...], ...] = ()
    n_labels: int = 0

    def __post_init__(self) -> None:
        n_classes, n_terms = len(self.classes), len(self.terms)
        n_rows = n_classes + (len(self.coefficients) == n_classes + 1)
        n_dims = self.references.shape[1] if self.references.ndim == 2 else -1
        shapes = {
            "names": ((len(self.names),), (n_classes,)),
            "must_mention": ((len(self.must_mention or self.classes),), (n_classes,)),
            "idf": (self.idf.shape, (n_terms,)),
            "coefficients": (self.coefficients.shape, (n_rows, n_dims + n_terms)),
            "intercepts": (self.intercepts.shape, (n_rows,)),
            "closeness": (self.closeness.shape, (len(self.references),)),
            "novelty_scale": (self.novelty_scale.shape, (4,)),
            "calibration": (self.calibration.shape, (len(self.calibration),)),
        }
        for name, (found, expected) in shapes.items():
            if found != expected:
                raise ValueError(f"{name}: shape {found}, expected {expected}")
        if not self.classes or list(self.classes) != sorted(set(self.classes)):
            raise ValueError("classes: must be sorted, unique and not empty")
        if not 0 < self.temperature < np.inf:
            raise ValueError(f"temperature: must be above 0 (got {self.temperature})")
        for name in (
            "idf", "coefficients", "intercepts", "references", "closeness", "novelty_scale",
            "calibration",
        ):  # fmt: skip
            if not np.isfinite(getattr(self, name)).all():
                raise ValueError(f"{name}: NaN or infinite values")
