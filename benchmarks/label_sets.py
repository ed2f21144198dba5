"""Labelled sets cut into rows to learn from and rows to answer for, and what their labels mean.

Rows to learn from that are copies of a row to answer for are dropped, and of a group of copies one
row stays: otherwise memory passes for understanding.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.labelled_sets import LabelledSet, load_set, vectors_of
from pipeline.core.copies.duplicates import group_duplicates
from pipeline.core.pages.articles import build_article
from pipeline.records import Draft, FloatMatrix

TUNE = ("search_snippets", "stackoverflow_titles", "octis_m10", "ruwa_events")
REPORT = ("ag_news_test", "twenty_newsgroups", "allsides_topics", "wiki_themes", "banking77")

#: A label needs so many articles on each side: fewer say nothing of a method.
_LEAST_ROWS = 10
_LEAST = {"allsides_topics": 35}

#: What a label means where its name does not say it. Written before any result was seen.
MEANINGS: dict[str, dict[str, str]] = {
    "ag_news_test": {
        "World": "World news: wars, elections, diplomacy and politics of other countries",
        "Sports": "Sports: matches, teams, players and championships",
        "Business": "Business: companies, markets, the economy, oil prices and trade",
        "Sci/Tech": "Science and technology: software, computers, the internet, space and research",
    },
    "twenty_newsgroups": {
        "alt.atheism": "Atheism: arguments about whether god exists",
        "comp.graphics": "Computer graphics: images, formats and rendering",
        "comp.os.ms-windows.misc": "Microsoft Windows: using the operating system",
        "comp.sys.ibm.pc.hardware": "PC hardware: drives, controllers, boards and cards",
        "comp.sys.mac.hardware": "Apple Macintosh hardware",
        "comp.windows.x": "The X Window System: servers, widgets and Motif",
        "misc.forsale": "Things for sale: offers, prices and shipping",
        "rec.autos": "Cars: models, engines, dealers and driving",
        "rec.motorcycles": "Motorcycles: bikes, riding and helmets",
        "rec.sport.baseball": "Baseball: teams, pitchers and games",
        "rec.sport.hockey": "Ice hockey: the NHL, teams, goals and playoffs",
        "sci.crypt": "Cryptography: encryption, keys and the Clipper chip",
        "sci.electronics": "Electronics: circuits, components and voltage",
        "sci.med": "Medicine: diseases, doctors and treatment",
        "sci.space": "Space: orbits, shuttle launches, the moon and NASA",
        "soc.religion.christian": "Christianity: God, Jesus, the Bible and the church",
        "talk.politics.guns": "Guns: firearms, gun control and the right to bear arms",
        "talk.politics.mideast": "The Middle East: Israel, Arabs, Turks and Armenians",
        "talk.politics.misc": "Politics: government, taxes, rights and society",
        "talk.religion.misc": "Religion: beliefs, morality and scripture",
    },
    "search_snippets": {
        "1": "Business: companies, markets and trade",
        "2": "Computers: software, programming and the internet",
        "3": "Culture, arts and entertainment: film, music and books",
        "4": "Education and science: universities, research and theory",
        "5": "Engineering: cars, engines, electrical devices and manufacturing",
        "6": "Health: medicine, disease, diet and hospitals",
        "7": "Politics and society: government, military and democracy",
        "8": "Sports: football, tennis, games and players",
    },
    "stackoverflow_titles": {
        str(i + 1): name
        for i, name in enumerate(
            "wordpress|oracle database|svn subversion version control|apache web server|excel "
            "spreadsheets|matlab|visual studio|cocoa|osx mac|bash shell scripts|spark|hibernate|"
            "scala|sharepoint|ajax|qt|drupal|linq|haskell|magento".split("|")
        )
    },
    "octis_m10": {
        str(i): name
        for i, name in enumerate(
            "agriculture|archaeology|biology|computer science|financial economics|industrial "
            "engineering|material science|petroleum chemistry|physics|social science".split("|")
        )
    },
    "ruwa_events": {
        "bucha": "Killings of civilians in Bucha",
        "beginning": "The beginning of the invasion of Ukraine",
        "nuclear": "Zaporizhzhia nuclear power plant",
        "theatre": "Bombing of the drama theatre in Mariupol",
        "azovstal": "Siege of the Azovstal steel works",
        "railway": "Missile attack on Kramatorsk railway station",
        "supermarket": "Missile strike on the shopping centre in Kremenchuk",
        "prisoners": "Killing of prisoners of war in Olenivka",
        "sinking": "Sinking of the cruiser Moskva",
    },
}


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Rows of one side of a split: texts, their vectors (n, d), and classes (n,), int64."""

    texts: tuple[str, ...]
    vectors: FloatMatrix
    classes: npt.NDArray[np.int64]

    def take(self, rows: npt.NDArray[np.intp]) -> Side:
        """Only these rows, in this order."""
        texts = tuple(self.texts[row] for row in rows.tolist())
        return Side(texts, self.vectors[rows], self.classes[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """What is to be learned: `meanings` has one text for each of the labels, `vectors` theirs."""

    name: str
    labels: tuple[str, ...]
    meanings: tuple[str, ...]
    vectors: FloatMatrix
    train: Side
    test: Side


def load_task(name: str, vectors: Path | None, cache: Path | None, most_tests: int) -> Task:
    """Read a set and cut it; of more than `most_tests` rows to answer for, some by their hashes."""
    if name == "wiki_themes":
        train, test = (
            load_set(f"wiki_current_events_{year}").scored_on("named theme")
            for year in (2022, 2023)
        )
        sides = [(train, False), (test, True)]
    else:
        sides = [
            (load_set("twenty_newsgroups_bydate" if name == "twenty_newsgroups" else name), None)
        ]
    texts: list[str] = []
    truths: list[str | None] = []
    is_test: list[bool] = []
    stacked = []
    for labelled, given in sides:
        texts += labelled.texts
        truths += labelled.truths[labelled.main_truth]
        is_test += [
            _is_test(labelled, i) if given is None else given for i in range(len(labelled.ids))
        ]
        stacked.append(vectors_of(labelled, cache, vectors))
    rows = _without_copies(texts, is_test)
    labels = _shared_labels(name, truths, is_test, rows)
    code = {label: i for i, label in enumerate(labels)}
    both = np.concatenate(stacked)

    def side(wanted: bool, most: int) -> Side:
        found = [r for r in rows if is_test[r] is wanted and truths[r] in code]
        found = sorted(sorted(found, key=lambda r: _hash(texts[r]))[:most])
        classes = np.array([code[str(truths[r])] for r in found], dtype=np.int64)
        return Side(tuple(texts[r] for r in found), both[found], classes)

    meanings = tuple(_meaning(name, label) for label in labels)
    said = LabelledSet(f"meanings of {name}", "", meanings, meanings, (None,) * len(labels), {})
    return Task(
        name, labels, meanings, vectors_of(said, cache, vectors),
        side(False, len(texts)), side(True, most_tests),
    )  # fmt: skip


def _is_test(labelled: LabelledSet, row: int) -> bool:
    if "split" in labelled.truths:
        return labelled.truths["split"][row] == "test"
    return int(_hash(labelled.texts[row])[:8], 16) % 2 == 0


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _without_copies(texts: list[str], is_test: list[bool]) -> list[int]:
    """One row of each group of copies: a row to answer for where there is one."""
    articles = [
        build_article(f"row-{row}", 0, Draft("article", None, text))
        for row, text in enumerate(texts)
    ]
    marked = group_duplicates(articles, near_duplicate=0.75, contained_duplicate=0.85)
    first: dict[str, int] = {}
    for row in sorted(range(len(texts)), key=lambda r: (not is_test[r], r)):
        first.setdefault(marked[row].duplicate_group, row)
    return sorted(first.values())


def _shared_labels(
    name: str, truths: list[str | None], is_test: list[bool], rows: list[int]
) -> tuple[str, ...]:
    counts = Counter((truths[row], is_test[row]) for row in rows)
    least = _LEAST.get(name, _LEAST_ROWS)
    known = {truths[row] for row in rows} - {None}
    enough = (t for t in known if min(counts[t, False], counts[t, True]) >= least)
    return tuple(sorted(str(t) for t in enough))


def _meaning(name: str, label: str) -> str:
    return MEANINGS.get(name, {}).get(label) or label.replace("_", " ")
