"""Made-up scraped news pages with exact gold, filled with texts of the shared data sets.

    python benchmarks/page_generator.py --seed 1 --pages 200 --out DIR

Writes `DIR/pages/<name>.txt` and `DIR/gold/<name>.json`. The same seed and data give the same
bytes; every seed draws other texts, layouts, habits and wordings.

What gold counts as the article, where one could ask: corrections, editor's notes, standfirsts,
datelines, sub-heads, lists, and a live-blog's key points are text; bylines, date lines, stamps,
agency credits ("(Reuters)" on a line of its own, "Reporting by ..."), captions with a credit,
author bios and the site's name behind a headline are not. A day is given where the page prints
it or it follows from the page (clock times that run over midnight beside one printed day);
"9h ago" without the page's own time, or with midnight in between, is not scored, nor are numeric
dates on a page that leaves open whether day or month comes first. A near-copy shares its `near`:
the same text exact, cut off, run on, 5 to 40 % of its words or sentences changed, or under another
headline. A paragraph of background that two stories share does not make them copies.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.pages.captions import make_captions
from benchmarks.pages.copies import Desk
from benchmarks.pages.gold import Page, write_corpus
from benchmarks.pages.listings import make_listing
from benchmarks.pages.liveblogs import make_liveblog
from benchmarks.pages.noise import with_noise
from benchmarks.pages.singles import make_single
from benchmarks.pages.texts import Texts, load_texts
from benchmarks.pages.wordings import Voice

MAKERS = {
    "captions": make_captions,
    "liveblog": make_liveblog,
    "listing": make_listing,
    "single": make_single,
}
SHARES = {"captions": 0.27, "liveblog": 0.29, "listing": 0.22, "single": 0.22}


def make_pages(texts: Texts, seed: int, n_pages: int) -> dict[str, tuple[str, dict[str, object]]]:
    """(text, gold) of each page by its name."""
    rng = Random(f"pages {seed}")
    desk = Desk(texts, rng)
    pages = {}
    for i in range(n_pages):
        layout = rng.choices(list(SHARES), weights=list(SHARES.values()))[0]
        page: Page = MAKERS[layout](desk, Voice(rng, desk.headlines))
        pages[f"p{i:04d}-{seed}"] = (with_noise(rng, page.text), page.gold)
    return pages


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    write_corpus(make_pages(load_texts(), args.seed, args.pages), args.out)


if __name__ == "__main__":
    main()
