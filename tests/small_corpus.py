"""Thirty made-up articles about three things, and the stages run on them with a fake encoder."""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows
from pipeline.records import Article
from tests import projects
from tests.conftest import CHECKOUT, FakeEncoder

STAGES: dict[str, Any] = yaml.safe_load((CHECKOUT / "dvc.yaml").read_text("utf-8"))["stages"]

_TEXTS = {
    "ferries": """
The island ferry left the harbour late because its engine would not start; passengers waited on the quay for an hour.
Passengers on the morning ferry saw dolphins near the harbour, and the captain stopped the engine so that the island children could look.
A second ferry will serve the island in summer, the harbour office said, since passengers often stay behind on the crowded quay.
The ferry company paints its oldest ferry green; the island council had asked passengers and harbour workers for a colour.
Storm waves closed the harbour on the island, so that the ferry and its passengers turned back to the mainland quay.
Harbour divers freed a rope from the ferry propeller while passengers drank tea in the island waiting room beside the quay.
The island school boards the ferry at dawn, and the captain greets all passengers by name when they leave the harbour.
New ticket machines on the quay puzzle ferry passengers, and the harbour master of the island explains them every day.
The ferry captain retires after forty years between island and harbour; passengers sang for her on the quay.
A lighthouse lamp guides the night ferry again, after the island harbour replaced a lens that passengers had paid for.
""",
    "violins": """
The violin section of the city orchestra plays without a conductor this season, and the audience of the first concert cheered.
A violin maker carves scrolls in the concert hall, where the orchestra rehearses and the audience may watch during breaks.
The orchestra lends a violin to every child in the choir; their concert filled the hall and moved the audience.
Strings of the old violin broke during the concert, so the orchestra paused and the audience hummed the melody.
The concert hall gets a new floor of oak, as the orchestra found that its violin players could not hear each other before the audience.
A composer wrote a concert for violin and kettle drum; the orchestra laughed, the audience demanded it twice.
The audience voted for the programme of the orchestra: a violin sonata, a waltz and a concert overture from the north.
Two violin teachers opened a school near the concert hall, and members of the orchestra play there for a small audience.
The orchestra records its spring concert in an empty hall, because the audience coughs through every violin solo.
A lost violin came back to the orchestra by train; the audience of the evening concert heard its story first.
""",
    "orchards": """
Frost came in April and the apple orchard lost its blossom; the farmers lit small fires between the trees.
Farmers press more apple juice this autumn, since the orchard trees carried fruit that frost had spared in spring.
The oldest apple trees of the orchard were grafted again, so that farmers keep a sort which survives frost.
Bees from the village visit the apple orchard, and farmers count the blossom on marked trees after each night of frost.
A museum of apple sorts opens beside an orchard; farmers brought fruit from trees that nobody had pruned for decades.
The farmers of the valley share one machine that shakes apple trees, and every orchard waits for its turn before the frost.
Sheep graze below the apple trees, the farmers of the orchard explain, and fallen fruit makes them round before the frost.
Drought made the fruit small, yet farmers call the apple sweet; the orchard trees have deep roots and fear frost more.
Children planted an orchard of forty apple trees, and two farmers taught them how to wrap the stems against frost and hares.
The market pays farmers little for apple crates, so the orchard sells fruit, blossom walks and old trees to visitors.
""",
}

CATALOGUE = """
themes:
  - id: ferries
    name: Island ferry
    description: Passengers, the harbour and its quay.
    seed_phrases: [the ferry leaves the harbour of the island with passengers]
  - id: violins
    name: City orchestra
    seed_phrases: [a violin concert of the orchestra before its audience in the hall]
  - id: meteors
    name: Meteors
    seed_phrases: [shooting stars cross the night sky]
"""


def _pages() -> dict[str, str]:
    """File name → content: text pages, a table, a copy, and one that is too short."""
    pages = {}
    for topic in ("ferries", "violins"):
        for number, text in enumerate(_TEXTS[topic].strip().split("\n")):
            pages[f"{topic}/{number}.txt"] = f"{text}\n"
    pages["violins/copy.txt"] = pages["violins/0.txt"]
    pages["short.txt"] = "Too short.\n"
    rows = [
        {
            "title": f"Orchard news {i}",
            "text": text,
            "date": f"2024-04-{i + 1:02d}",
            "source": "Post",
        }
        for i, text in enumerate(_TEXTS["orchards"].strip().split("\n"))
    ]
    pages["orchards.jsonl"] = "".join(json.dumps(row) + "\n" for row in rows)
    return pages


PAGES = _pages()


def start_project(root: Path, names: Sequence[str] = tuple(PAGES)) -> Paths:
    """Write what people bring, the pages in the order of `names`, and an empty mlruns/."""
    paths = Paths.of_project(root)
    for name in names:
        page = paths.raw / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(PAGES[name], encoding="utf-8")
    shutil.copy(CHECKOUT / "params.yaml", root)
    paths.catalogue.write_text(CATALOGUE, encoding="utf-8")
    start_mlruns(root)
    return paths


def start_mlruns(root: Path) -> None:
    shutil.copytree(Path(projects._initialised().name) / "mlruns", root / "mlruns")


def topic_of(article: Article) -> str:
    """Topic that an article was written for."""
    return next(topic for topic, texts in _TEXTS.items() if article.text in texts)


def write_labels(paths: Paths) -> None:
    """Label every article as it was written."""
    rows = {a.content_id: topic_of(a) for a in read_rows(paths.articles, Article)}
    lines = [f"{content},{topic},ann," for content, topic in sorted(rows.items())]
    paths.labels.write_text("\n".join(["content_id,theme,annotator,note", *lines]) + "\n")


def run_stage(name: str, paths: Paths) -> None:
    """Run one stage as `dvc repro` does, with the fake encoder where it needs one."""
    module = importlib.import_module(f"pipeline.stages.{name}")
    encoder = [FakeEncoder()] if name in {"embed", "themes", "train"} else []
    module.run(paths, load_params(paths.params), *encoder)


def run_pipeline(paths: Paths) -> None:
    """Run all stages, in the order of dvc.yaml; people label after the first."""
    for name in STAGES:
        run_stage(name, paths)
        if name == "ingest":
            write_labels(paths)


def files_of(paths: Paths) -> dict[str, bytes]:
    """Everything that stages made, by name; caches and mlruns/ are nobody's output."""
    theirs = (paths.raw, paths.data / "cache")
    brought = (paths.catalogue, paths.labels)
    return {
        path.relative_to(paths.root).as_posix(): path.read_bytes()
        for path in paths.data.rglob("*")
        if path.is_file() and path not in brought and not any(map(path.is_relative_to, theirs))
    }
