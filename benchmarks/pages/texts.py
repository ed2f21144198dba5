"""Clean news texts out of the shared data sets, no two of them alike.

Paragraphs that are not story (captions, calls to subscribe, credits, links) are dropped by form,
and by being found in more than one text: what is left is prose that every reader would keep.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

SHARED = Path(os.environ.get("NEWSTHEMES_SHARED", Path(__file__).resolve().parents[3] / "shared"))

#: Outlets whose texts hold little but story. CNN, Politico, The Hill and others carry side-bars
#: inside their paragraphs.
OUTLETS = [
    "Reuters", "Fox News", "Fox Online News", "BBC News", "The Guardian", "Associated Press",
    "Al Jazeera", "Christian Science Monitor", "Newsmax", "Washington Times", "NPR Online News",
    "Breitbart News", "CBN", "ABC News", "CBS News", "Reason", "New York Post", "Mother Jones",
]  # fmt: skip

_JUNK = """caption|copyright|getty|©|all rights reserved|sign up|newsletter|subscribe|click here
|http|www.|pic.twitter|contributed to this|read more|story continue|advertisement|photo|follow us on
|follow him on|follow her on|follow me on|reporting by|editing by|email|e-mail|media playback|image:
|twitter|facebook|listen to|watch:|related:|see also|play video|toggle|transcript|this article
|this story|is a reporter|is a correspondent|is a columnist|is a writer|is a fellow|is a senior
|published|updated|correction|/afp|/ap|reuters/|support us|donat|our journalism|telegram channel
|quot;|gt;|lt;|#39|opens a new window""".replace("\n", "").split("|")
_ENDS = re.compile(r"[.!?][\"”’')]*$")
_STARTS = re.compile(r"^[\"“‘'(\[]*[A-Z0-9$£€]")
_STAMPED = re.compile(r"\d\d?[:.]\d\d|[•·|▶►■#<>{}\\]|_{2,}|&\w+;")
_SPACES = re.compile(r"\s+")
_SENTENCE = re.compile(r"(?<=[a-z0-9)”\"’][.!?])[\"”’]?\s+(?=[A-Z“\"‘])")
_ABBREVIATED = re.compile(
    r"\b(Mr|Mrs|Ms|Dr|St|Sen|Sens|Rep|Reps|Gov|Govs|Gen|Col|Lt|Sgt|Jr|Sr|No|vs|Inc|Co|Corp|U\.S|U\.N"
    r"|U\.K|D\.C|[A-Z]|Jan|Feb|Aug|Sept|Oct|Nov|Dec|a\.m|p\.m)\.$"
)


@dataclass(frozen=True, slots=True)
class Content:
    """One underlying story text."""

    id: str
    title: str
    paragraphs: tuple[str, ...]

    @property
    def n_words(self) -> int:
        """Words of the body."""
        return sum(len(paragraph.split()) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Texts:
    """All texts: `long` articles, `short` titled ones, `notes` of one to three sentences."""

    long: tuple[Content, ...]
    short: tuple[Content, ...]
    notes: tuple[Content, ...]
    headlines: tuple[str, ...]


def sentences(paragraph: str) -> list[str]:
    """Sentences; a break after an abbreviation is none."""
    parts: list[str] = []
    for part in _SENTENCE.split(paragraph):
        if parts and _ABBREVIATED.search(parts[-1]):
            parts[-1] += " " + part
        else:
            parts.append(part)
    return parts


def _tidy(text: str) -> str:
    return _SPACES.sub(" ", text.replace("\u200b", "")).strip()


def _is_junk(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _JUNK)


def _is_prose(paragraph: str) -> bool:
    n_words = len(paragraph.split())
    return (
        9 <= n_words <= 140
        and bool(_ENDS.search(paragraph) and _STARTS.search(paragraph))
        and not _is_junk(paragraph)
        and not paragraph.startswith("By ")
        and not _STAMPED.search(paragraph)
    )


def _is_headline(title: str) -> bool:
    return (
        4 <= len(title.split()) <= 18
        and not _is_junk(title)
        and not _STAMPED.search(title)
        and not title.endswith((".", "...", "…", ":", ","))
        and bool(_STARTS.search(title))
        and " - " not in title
        and title.count(",") < 3
    )


def _rows(name: str) -> list[dict[str, object]]:
    import pyarrow.parquet as pq

    return pq.read_table(SHARED / "datasets" / name / f"{name}.parquet").to_pylist()


def _articles() -> Iterable[tuple[str, str, list[str]]]:
    for row in _rows("basil_stories"):
        yield str(row["id"]), str(row["title"]), str(row["text"]).split("\n")
    for row in _rows("allsides_topics"):
        if row["source"] in OUTLETS:
            yield str(row["id"]), str(row["title"]), str(row["text"]).split("\n")
    for row in _rows("semeval2025_narratives"):
        if row["lang"] == "EN":
            yield str(row["id"]), str(row["title"]), str(row["text"]).split("\n")


def _titled() -> Iterable[tuple[str, str, list[str]]]:
    for row in _rows("allsides_stories"):
        yield str(row["id"]), str(row["title"]), [str(row["text"])]
    for row in _rows("ruwa_events"):
        text = re.sub(r"\s*[–—-] Ukrinform\.?$", "", str(row["text"] or ""))
        yield str(row["id"]), str(row["title"]), [text]
    for row in _rows("ag_news_test"):
        text = str(row["text"])
        if "#" not in f"{row['title']}{text}" and "\\" not in text and "(" not in str(row["title"]):
            yield str(row["id"]), str(row["title"]), [text]


class _Shingles:
    """Remembers runs of seven words, so that a text that was there before is seen."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def is_new(self, paragraphs: Sequence[str]) -> bool:
        words = re.findall(r"\w+", " ".join(paragraphs).lower())
        starts = (i for i, word in enumerate(words) if i == 0 or crc32(word.encode()) % 5 == 0)
        runs = {" ".join(words[i : i + 7]) for i in starts}
        is_new = len(runs & self._seen) <= 0.03 * len(runs)
        if is_new:
            self._seen |= runs
        return is_new


def load_texts() -> Texts:
    """Read the shared sets; takes some seconds. The same files give the same texts in order."""
    rows = [(id_, _tidy(title), [_tidy(p) for p in parts]) for id_, title, parts in _articles()]
    counts = Counter(part for _, _, parts in rows for part in set(parts))
    shingles, titles = _Shingles(), set()
    long, short, notes, headlines = [], [], [], []
    for id_, title, parts in rows:
        prose = (part for part in parts if counts[part] == 1 and _is_prose(part))
        kept = tuple(part for part in prose if not part.startswith(title[:40]))
        n_other = sum(1 for part in parts if part) - len(kept)
        is_whole = n_other <= 0.3 * len(kept) and len(kept) >= 4
        if is_whole and _is_headline(title) and title not in titles and shingles.is_new(kept):
            titles.add(title)
            long.append(Content(f"long{len(long)}-{id_}", title, kept[:40]))
    for id_, raw, parts in _titled():
        title, body = _tidy(raw), tuple(_tidy(part) for part in parts)
        if not _is_headline(title) or title in titles:
            continue
        titles.add(title)
        if all(map(_is_prose, body)) and len(body[0].split()) >= 16 and shingles.is_new(body):
            short.append(Content(f"short{len(short)}-{id_}", title, _in_paragraphs(body[0])))
        else:
            headlines.append(title)
    for row in _rows("wiki_current_events"):
        text = _tidy(str(row["text"]))
        if _is_prose(text) and len(text.split()) >= 14 and shingles.is_new([text]):
            notes.append(Content(f"note{len(notes)}-{row['id']}", "", (text,)))
    return Texts(tuple(long), tuple(short), tuple(notes), tuple(headlines))


def _in_paragraphs(text: str) -> tuple[str, ...]:
    """Two sentences a paragraph, as agencies write."""
    parts = sentences(text)
    if " ".join(parts) != text or len(parts) < 3:
        return (text,)
    return tuple(" ".join(parts[i : i + 2]) for i in range(0, len(parts), 2))
