"""Which articles the catalogued themes get on real pages, at every granularity.

    python benchmarks/five_pages.py

The pages lie in `pages` below the folder that NEWSTHEMES_SHARED names (by default `../shared`);
themes and settings are those of this checkout, without a memory of earlier retrains. An article
is written as page.position, both counted from 0. The right ones were told by reading all titles
and leads. Ukraine's are those on the war of attrition in the narrow sense of its description: what
else it gets is nearly all on the war as well, but on talks and sanctions.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("NUMBA_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pipeline.io.catalogue import load_catalogue
from pipeline.io.params import Params, load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows
from pipeline.records import Article, Assignment
from pipeline.stages import cluster, embed, ingest, themes

ROOT = Path(__file__).resolve().parents[1]
PAGES = Path(os.environ.get("NEWSTHEMES_SHARED", ROOT.parent / "shared")) / "pages"
_N_SHOWN = 10
#: page.position of the distinct articles that are of each theme.
RIGHT = {
    "russia-iran-ties": frozenset({"0.0", "3.0", "3.4", "4.0"}),
    "uk-china-reset": frozenset({"1.1"}),
    # Casualties, the front, soldiers, attacks on cities and plants; not talks and sanctions.
    "ukraine-attrition": frozenset(
        f"{page}.{position}"
        for page, positions in ((1, (2,)), (2, (0, 2, 3, 4, 6, 7, 10, 15, 27, 33, 34, 37)))
        for position in positions
    ),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Distinct articles of one theme at one granularity."""

    granularity: int
    theme_id: str
    places: frozenset[str]


def prepare(folder: Path, params: Params) -> Paths:
    """Run the stages up to the clusters in a project of its own."""
    paths = Paths.of_project(folder)
    shutil.copytree(PAGES, paths.raw)
    shutil.copy(ROOT / "data" / "themes.yaml", paths.catalogue)
    ingest.run(paths, params)
    embed.run(paths, params)
    cluster.run(paths, params)
    return paths


def find(paths: Paths, params: Params, granularity: int, followed: list[str]) -> list[Found]:
    """Run stage themes without a past and read what the followed themes got."""
    paths.theme_memory.unlink(missing_ok=True)
    moved = params.themes.model_copy(update={"granularity": granularity})
    themes.run(paths, params.model_copy(update={"themes": moved}))
    articles = read_rows(paths.articles, Article)
    pages = {name: i for i, name in enumerate(sorted({a.source_file for a in articles}))}
    place_of = {a.article_id: f"{pages[a.source_file]}.{a.position}" for a in articles}
    rows = [row for row in read_rows(paths.assignments, Assignment) if row.how != "copy"]
    return [
        Found(
            granularity, theme, frozenset(place_of[r.article_id] for r in rows if r.theme == theme)
        )
        for theme in followed
    ]


def show(found: Found) -> None:
    """Print one line."""
    right = RIGHT.get(found.theme_id, frozenset())
    told = f"  right {len(found.places & right):>2} of {len(right):>2}"
    told += f", others {len(found.places - right):>2}"
    places = sorted(found.places, key=lambda place: [int(part) for part in place.split(".")])
    shown = " ".join(places) if len(places) <= _N_SHOWN else f"({len(places)} articles)"
    print(f"{found.granularity:>4}  {found.theme_id:20}{len(places):>3}{told}  {shown}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, nargs="+", default=list(range(-6, 7)))
    options = parser.parse_args()
    params = load_params(ROOT / "params.yaml")
    with tempfile.TemporaryDirectory() as folder:
        paths = prepare(Path(folder), params)
        followed = [theme.theme_id for theme in load_catalogue(paths.catalogue).themes]
        for step in options.steps:
            for found in find(paths, params, step, followed):
                show(found)


if __name__ == "__main__":
    main()
