"""How well ingest splits and cleans text-dump pages that it has never seen.

    python benchmarks/ingest_quality.py [--seeds 101 102 103] [--pages 200] [--gold DIR] [--show N]

Makes pages of each seed (see page_generator.py) or takes those in DIR, runs `newsthemes ingest`
on them, and prints the scores by layout, of all, and over seeds. `--show N` prints what differs on
the N worst pages. Matching: body-token F1 of at least 0.9.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.pages.scoring import (
    Record,
    Tally,
    fold,
    is_right,
    linked,
    score_duplicates,
    score_page,
    token_f1,
    tokens,
)

ROOT = Path(__file__).resolve().parents[1]
Corpus = Mapping[str, Record]
Predicted = Mapping[str, Sequence[Record]]


def predict(pages: Path) -> tuple[Predicted, float]:
    """Articles by page, in page order, as `newsthemes ingest` gives them; and its seconds."""
    import pyarrow.parquet as pq
    import yaml

    with tempfile.TemporaryDirectory() as scratch:
        params = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
        params["ingest"]["min_words"] = 1
        settings = Path(scratch, "params.yaml")
        settings.write_text(yaml.safe_dump(params), encoding="utf-8")
        started = time.perf_counter()
        run = "from pipeline.cli import main; main()"
        command = [sys.executable, "-c", run, "ingest", str(pages), "--out", f"{scratch}/out"]
        done = subprocess.run(
            [*command, "--params", str(settings)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.perf_counter() - started
        if not Path(scratch, "out", "articles.parquet").exists():
            raise SystemExit(f"newsthemes ingest failed:\n{done.stdout}{done.stderr}")
        rows = pq.read_table(Path(scratch, "out", "articles.parquet")).to_pylist()
    return _by_page(rows), seconds


def _by_page(rows: Sequence[dict[str, Any]]) -> Predicted:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["source_file"], row["position"])):
        found[Path(row["source_file"]).stem].append(row)
    return found


def score(corpus: Corpus, predicted: Predicted) -> tuple[dict[str, Tally], dict[str, Tally]]:
    """Counts by layout (`all` too), and by page."""
    by_layout: dict[str, Tally] = defaultdict(Tally)
    by_page: dict[str, Tally] = {}
    matched: dict[str, list[tuple[Record, Record]]] = defaultdict(list)
    for name, gold in corpus.items():
        rows = predicted.get(name, [])
        by_page[name], pairs = score_page(gold, rows)
        for layout in (gold["layout"], "all"):
            by_layout[layout].add(by_page[name])
            matched[layout] += [(gold["articles"][i], rows[j]) for i, j in pairs]
    for layout, pairs_of in matched.items():
        by_layout[layout].pairs = score_duplicates(pairs_of)
    return dict(by_layout), by_page


def table(rows: Mapping[str, Mapping[str, float]]) -> str:
    """Measures as a table of per cents."""
    names = list(next(iter(rows.values())))
    lines = [f"{'':14}" + "".join(f"{name:>9}" for name in names)]
    for label, row in rows.items():
        lines.append(f"{label:14}" + "".join(f"{100 * row[name]:9.2f}" for name in names))
    return "\n".join(lines)


def over_seeds(runs: Sequence[Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """Mean, least and most of each measure over seeds."""
    ways = {"mean": lambda x: sum(x) / len(x), "least": min, "most": max}
    return {
        way: {name: take([run[name] for run in runs]) for name in runs[0]}
        for way, take in ways.items()
    }


def differences(gold: Record, predicted: Sequence[Record]) -> list[str]:
    """What a developer wants to know of a page: missing, extra, leaked, lost, wrong."""
    _, pairs = score_page(gold, predicted)
    articles = gold["articles"]
    found, used = {i for i, _ in pairs}, {j for _, j in pairs}
    out = []
    for i, article in enumerate(articles):
        if i not in found:
            bags = [token_f1(tokens(article["text"]), tokens(row["text"])) for row in predicted]
            near = max(range(len(bags)), key=bags.__getitem__, default=None)
            best = f"best: #{near} at {bags[near]:.2f}" if near is not None else "nothing found"
            out.append(f"MISSING {_brief(article)} ({best})")
    out += [f"EXTRA   #{j} {_brief(row)}" for j, row in enumerate(predicted) if j not in used]
    want = " ".join(_flat(article["text"]) for article in articles)
    have = " ".join(_flat(row["text"]) for row in predicted)
    for line in dict.fromkeys(gold["boilerplate"]):
        flat = _flat(line)
        if flat.strip() and have.count(flat) > want.count(flat):
            out.append(f"LEAKED  {_cut(line)}")
    for article in articles:
        for part in article["text"].split("\n\n"):
            if _flat(part) not in have:
                out.append(f"LOST    {_cut(part)}")
    for i, j in pairs:
        for name in ("title", "published", "source"):
            is_scored = name not in articles[i].get("unscored", ())
            if is_scored and not is_right(name, articles[i], predicted[j]):
                out.append(f"{name.upper():7} {articles[i][name]!r} but got {predicted[j][name]!r}")
    return out


def _flat(text: str) -> str:
    return f" {' '.join(tokens_in_order(text))} "


def tokens_in_order(text: str) -> list[str]:
    return [
        word
        for word in "".join(c if c.isalnum() else " " for c in fold(text) or "").split()
        if word
    ]


def _cut(text: str, n: int = 110) -> str:
    return text if len(text) <= n else f"{text[: n - 30]} … {text[-27:]}"


def _brief(article: Record) -> str:
    return f"{article['title']!r}: {_cut(' '.join(article['text'].split()), 90)!r}"


def _badness(tally: Tally) -> float:
    found = tally.measures
    wrong = sum(1 - found[name] for name in ("seg F1", "titles", "dates", "sources"))
    return wrong + 3 * (found["leak"] + found["loss"])


def show_duplicates(corpus: Corpus, predicted: Predicted, n: int) -> None:
    """Print up to `n` pairs of matched articles whose grouping is wrong."""
    rows = [
        (gold["articles"][i] | {"page": name}, predicted[name][j])
        for name, gold in corpus.items()
        for i, j in score_page(gold, predicted.get(name, []))[1]
    ]
    shown = 0
    for pair in linked(rows):
        a, b = (rows[i] for i in pair)
        verdict = next(iter(score_duplicates([a, b])), "right")
        if verdict != "right" and (shown := shown + 1) <= n:
            print(f"PAIR {verdict}: {a[0]['page']} {_brief(a[0])}")
            print(f"     and {b[0]['page']} {_brief(b[0])}")


def run(label: str, folder: Path, n_shown: int) -> dict[str, float]:
    """Score the corpus in `folder`, print, and return the measures of all."""
    corpus = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((folder / "gold").glob("*.json"))
    }
    predicted, seconds = predict(folder / "pages")
    by_layout, by_page = score(corpus, predicted)
    n_found = sum(len(rows) for rows in predicted.values())
    n_gold = by_layout["all"].gold
    print(f"\n{label}: {len(corpus)} pages, {n_gold} articles, {n_found} found, {seconds:.1f} s")
    print(
        table(
            {
                layout: by_layout[layout].measures
                for layout in sorted(by_layout, key=lambda x: (x == "all", x))
            }
        )
    )
    for name in sorted(by_page, key=lambda name: (-_badness(by_page[name]), name))[:n_shown]:
        print(f"\n--- {folder}/pages/{name}.txt ({corpus[name]['layout']})")
        print("\n".join(differences(corpus[name], predicted.get(name, []))))
    if n_shown:
        show_duplicates(corpus, predicted, n_shown)
    return by_layout["all"].measures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--gold", type=Path, help="a corpus of pages/ and gold/ instead of seeds")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="the N worst pages")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the generated pages here")
    args = parser.parse_args()
    if args.gold:
        run(str(args.gold), args.gold, args.show)
        return
    from benchmarks.page_generator import make_pages
    from benchmarks.pages.gold import write_corpus
    from benchmarks.pages.texts import load_texts

    texts, runs = load_texts(), []
    with tempfile.TemporaryDirectory() as scratch:
        for seed in args.seeds:
            folder = (args.keep or Path(scratch)) / f"seed-{seed}"
            write_corpus(make_pages(texts, seed, args.pages), folder)
            runs.append(run(f"seed {seed}", folder, args.show))
    print(f"\nall, over {len(runs)} seeds")
    print(table(over_seeds(runs)))


if __name__ == "__main__":
    main()
