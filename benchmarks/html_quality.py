"""Text of HTML pages: ours beside trafilatura and resiliparse alone, on public labelled pages.

Run: python benchmarks/html_quality.py [folder of data sets]

Sets with a gold text are scored by the mean F1 of word tokens (multiset overlap; 0 where nothing
came), with a 95 % bootstrap interval over pages. The set with phrases is scored by how many of
those that must appear do (recall), and how many of all that appeared should have (precision).
Every page of these sets is one piece: `split` counts those of which we made several. Rules
were tuned on half `a` of each set (by the hash of its ids), with an eye on the totals: half `b` is
no clean hold-out.
"""

from __future__ import annotations

import hashlib
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "datasets"
SETS = ("extraction_scrapinghub", "extraction_cleaneval", "extraction_trafilatura")
_WORD = re.compile(r"\w+")
_N_BOOTSTRAP = 2000

#: Text of a page, and how many pieces it was taken for.
Extracted = tuple[str, int]


def by_us(page: str) -> Extracted:
    from pipeline.core.formats.markup import extract_drafts

    drafts = extract_drafts(page)
    return "\n".join(draft.text for draft in drafts), len(drafts)


def by_trafilatura(page: str) -> Extracted:
    import trafilatura

    return trafilatura.extract(page, include_comments=False) or "", 1


def by_resiliparse(page: str) -> Extracted:
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(
        page, preserve_formatting=True, main_content=True, list_bullets=False, alt_texts=False
    )
    return text, 1


EXTRACTORS: dict[str, Callable[[str], Extracted]] = {
    "ours": by_us,
    "trafilatura": by_trafilatura,
    "resiliparse": by_resiliparse,
}


def extract(job: tuple[str, str]) -> Extracted:
    name, page = job
    return EXTRACTORS[name](page)


def half_of(page_id: str) -> str:
    return "ab"[hashlib.sha256(str(page_id).encode()).digest()[0] % 2]


def token_f1(text: str, gold: str) -> float:
    found, wanted = (Counter(_WORD.findall(part.lower())) for part in (text, gold))
    common = (found & wanted).total()
    return 2 * common / (found.total() + wanted.total()) if common else 0.0


def interval(scores: Sequence[float]) -> tuple[float, float]:
    values = np.array(scores)
    picks = np.random.default_rng(7).integers(0, len(values), (_N_BOOTSTRAP, len(values)))
    low, high = np.quantile(values[picks].mean(axis=1), [0.025, 0.975])
    return float(low), float(high)


def score_tokens(rows: Sequence[dict[str, Any]], texts: Sequence[str]) -> str:
    scores = [token_f1(text, row["text"]) for row, text in zip(rows, texts, strict=True)]
    low, high = interval(scores)
    return f"F1 {np.mean(scores):.4f} ({low:.3f} to {high:.3f})"


def score_phrases(rows: Sequence[dict[str, Any]], texts: Sequence[str]) -> str:
    n_right = n_missed = n_wrong = 0
    for row, text in zip(rows, texts, strict=True):
        flat = " ".join(text.split())
        found = [" ".join(phrase.split()) in flat for phrase in row["must_contain"]]
        n_right += sum(found)
        n_missed += len(found) - sum(found)
        n_wrong += sum(" ".join(phrase.split()) in flat for phrase in row["must_not_contain"])
    precision, recall = n_right / (n_right + n_wrong), n_right / (n_right + n_missed)
    f1 = 2 * precision * recall / (precision + recall)
    return f"precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f}"


def main() -> None:
    import pyarrow.parquet as pq

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    if not folder.is_dir():
        sys.exit(f"{folder}: no such folder; give the folder that holds {', '.join(SETS)}")
    with Pool(2) as pool:
        for name in SETS:
            rows = pq.read_table(folder / name / f"{name}.parquet").to_pylist()
            score = score_phrases if "must_contain" in rows[0] else score_tokens
            for extractor in EXTRACTORS:
                begin = time.perf_counter()
                jobs = [(extractor, row["html"]) for row in rows]
                found = pool.map(extract, jobs, chunksize=4)
                seconds = time.perf_counter() - begin
                for half in ("a", "b", "ab"):
                    picked = [i for i, row in enumerate(rows) if half_of(row["id"]) in half]
                    texts = [found[i][0] for i in picked]
                    figures = score([rows[i] for i in picked], texts)
                    n_none = sum(not text.strip() for text in texts)
                    n_split = sum(found[i][1] > 1 for i in picked)
                    print(
                        f"{name:23} {extractor:12} half {half:2} n {len(picked):3}  {figures}  "
                        f"nothing {n_none}  split {n_split}"
                    )
                print(f"{'':23} {extractor:12} {len(rows) / seconds:.0f} pages/s on 2 processes")


if __name__ == "__main__":
    main()
