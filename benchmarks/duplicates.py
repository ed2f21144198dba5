"""Groups of copies: quality on planted edits and hard negatives, time and memory.

All beside datasketch (MinHash, 128 permutations, at the threshold that is best on the same texts).

    python benchmarks/duplicates.py quality [first_seed [n_seeds]]      (default: 100 5)
    python benchmarks/duplicates.py speed [n ...]                       (default: 1000 10000 50000)

Texts come from the optional data sets in the folder that NEWSTHEMES_SHARED names (by default
`../shared`). Settings were tuned on seeds below 100 and one half of the articles (by a hash of
their ids); seeds from 100 on draw from the other half. Needs the extra `bench`.
"""

from __future__ import annotations

import gc
import itertools
import json
import os
import random
import re
import subprocess
import sys
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from pipeline.core.copies.duplicates import find_copies, group_duplicates, sketch_article
from pipeline.core.pages.articles import build_article
from pipeline.core.texts import words_of
from pipeline.io.params import load_params
from pipeline.records import Article, Draft

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("NEWSTHEMES_SHARED", ROOT.parent / "shared")) / "datasets"
PARAMS = load_params(ROOT / "params.yaml").ingest
THRESHOLDS = (0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
#: Texts of one seed by kind: how many are drawn, and of how many words.
SOURCES = {
    "articles": {"allsides_topics": (500, 60, 3000), "twenty_newsgroups": (200, 60, 1500)},
    "briefs": {
        "allsides_stories": (200, 20, 120),
        "ag_news_test": (200, 20, 120),
        "wiki_current_events": (200, 20, 120),
    },
}
#: Share of the articles that get copies.
COPIED = 0.5


@dataclass(frozen=True)
class Text:
    """One text of a corpus. Texts of one family are copies; `edit` is empty for an original."""

    name: str
    title: str | None
    body: str
    family: str
    edit: str = ""
    story: str = ""


def load(name: str) -> list[dict]:
    return pq.read_table(SHARED / name / f"{name}.parquet").to_pylist()


def unique_rows(name: str) -> list[dict]:
    """Rows with distinct ids and texts, without those that hold encoded files."""
    rows = {row["text"]: row for row in load(name)}
    rows = {row["id"]: row for row in rows.values()}
    return [row for row in rows.values() if not re.search(r"\S{60}", row["text"])]


def half_of(key: str) -> int:
    return zlib.crc32(key.encode()) % 2


# Edits. Each takes a random generator, a text and words and paragraphs of other texts.


def edit_words(rng: random.Random, body: str, share: float, others: Sequence[str]) -> str:
    """Replace words, or replace, leave out and put in words, at random places."""
    pool = rng.choice(others).split()
    modes = rng.choice(("r", "rdi"))
    paragraphs = []
    for paragraph in body.split("\n\n"):
        words = []
        for word in paragraph.split():
            if rng.random() >= share:
                words.append(word)
                continue
            mode = rng.choice(modes)
            if mode == "i":
                words.append(word)
            if mode != "d":
                words.append(rng.choice(pool))
        paragraphs.append(" ".join(words))
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def sentences_of(body: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", body)


def drop_sentences(rng: random.Random, body: str, _: Sequence[str]) -> str:
    sentences = sentences_of(body)
    n_kept = max(1, round(len(sentences) * rng.uniform(0.6, 0.9)))
    return " ".join(sentences[i] for i in sorted(rng.sample(range(len(sentences)), n_kept)))


def move_sentences(rng: random.Random, body: str, _: Sequence[str]) -> str:
    sentences = sentences_of(body)
    size = max(1, len(sentences) // 4)
    parts = [sentences[i : i + size] for i in range(0, len(sentences), size)]
    rng.shuffle(parts)
    return " ".join(itertools.chain(*parts))


def rewrite_lead(rng: random.Random, body: str, others: Sequence[str]) -> str:
    sentences = sentences_of(body)
    if len(sentences) < 6:
        return body
    return " ".join([sentences_of(rng.choice(others))[0], *sentences[1:]])


def cut_off(rng: random.Random, body: str, _: Sequence[str]) -> str:
    words = body.split(" ")
    return " ".join(words[: max(12, int(len(words) * rng.uniform(0.3, 0.9)))])


def cut_off_edited(rng: random.Random, body: str, others: Sequence[str]) -> str:
    return edit_words(rng, cut_off(rng, body, others), 0.15, others)


def run_on(rng: random.Random, body: str, others: Sequence[str]) -> str:
    more = rng.choice(others).split()
    return body + "\n\n" + " ".join(more[: int(len(body.split()) * rng.uniform(0.1, 0.8))])


def other_headline(_: random.Random, body: str, __: Sequence[str]) -> str:
    return body


Edit = Callable[[random.Random, str, Sequence[str]], str]


def _by_share(share: float) -> Edit:
    return lambda rng, body, others: edit_words(rng, body, share, others)


EDITS: dict[str, Edit] = {
    **{f"words {share:.0%}": _by_share(share) for share in (0.05, 0.1, 0.2, 0.3, 0.4)},
    "sentences dropped": drop_sentences,
    "sentences moved": move_sentences,
    "lead rewritten": rewrite_lead,
    "cut off": cut_off,
    "cut off, words 15%": cut_off_edited,
    "run on": run_on,
    "other headline": other_headline,
}


def make_corpus(seed: int, kind: str) -> list[Text]:
    """Originals, planted copies of half of them, and hard negatives."""
    rng = random.Random(f"{kind}{seed}")
    half = int(seed >= 100)
    texts: list[Text] = []
    for name, (n, low, high) in SOURCES[kind].items():
        rows = [
            row
            for row in unique_rows(name)
            if low <= len(row["text"].split()) < high
            and half_of(row["id"]) == half
            and "CNN" not in (row.get("source") or "")
        ]
        for row in rng.sample(rows, n):
            key = f"{name} {row['id']}"
            story = row["label"] if name == "allsides_stories" else ""
            texts.append(Text(key, row.get("title"), row["text"], key, story=story))
    others = [text.body for text in texts]
    copies = []
    for text in texts:
        for edit in rng.sample(sorted(EDITS), rng.choice((1, 1, 2)) * (rng.random() < COPIED)):
            title = f"{text.title or ''} again" if edit == "other headline" else text.title
            body = EDITS[edit](rng, text.body, others)
            copies.append(Text(f"{text.name}/{edit}", title, body, text.family, edit))
    return [*texts, *copies, *(negatives(half) if kind == "articles" else [])]


def negatives(half: int) -> list[Text]:
    """Pages that share much and are no copies: one event by three outlets, one site's side-bars."""
    found = [
        Text(row["id"], row["title"], row["text"], row["id"], story=row["label"])
        for row in load("basil_stories")
    ]
    side_bars = [
        Text(row["id"], row["title"], row["text"], row["id"], story="CNN")
        for row in load("allsides_topics")
        if "CNN" in (row["source"] or "") and half_of(row["id"]) == half
    ]
    return [*found, *side_bars]


def as_articles(texts: Iterable[Text]) -> list[Article]:
    return [build_article(text.name, 0, Draft("article", text.title, text.body)) for text in texts]


# The two methods: texts → group of each.


def ours(texts: Sequence[Text]) -> list[str]:
    grouped = group_duplicates(
        as_articles(texts),
        near_duplicate=PARAMS.near_duplicate,
        contained_duplicate=PARAMS.contained_duplicate,
    )
    return [article.duplicate_group for article in grouped]


def sign(bodies: Iterable[str]) -> list:
    from datasketch import MinHash

    signatures = []
    for body in bodies:
        words = words_of(body)
        triples = {" ".join(words[i : i + 3]).encode() for i in range(max(1, len(words) - 2))}
        signature = MinHash(num_perm=128, seed=1)
        signature.update_batch(list(triples))
        signatures.append(signature)
    return signatures


def minhash(signatures: Sequence, threshold: float) -> list[int]:
    """Connected texts whose estimated Jaccard similarity reaches the threshold."""
    from datasketch import MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    parent = list(range(len(signatures)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, signature in enumerate(signatures):
        for j in index.query(signature):
            if signature.jaccard(signatures[j]) >= threshold:
                parent[root(i)] = root(j)
        index.insert(i, signature)
    return [root(i) for i in range(len(signatures))]


# Scores.


def triples_of(body: str) -> set[tuple[str, ...]]:
    words = words_of(body)
    return {tuple(words[i : i + 3]) for i in range(len(words) - 2)}


def is_reprint(left: Text, right: Text) -> bool:
    """Copies that were in the data before anything was planted."""
    a, b = triples_of(left.body), triples_of(right.body)
    return len(a & b) >= 0.5 * max(1, min(len(a), len(b)))


def pairs_by(groups: Sequence) -> set[tuple[int, int]]:
    members = defaultdict(list)
    for i, group in enumerate(groups):
        members[group].append(i)
    return {pair for group in members.values() for pair in itertools.combinations(group, 2)}


def score(texts: Sequence[Text], groups: Sequence) -> dict[str, float]:
    gold = pairs_by([text.family for text in texts])
    found = pairs_by(groups)
    originals = {text.family: text for text in texts if not text.edit}
    wrong = [
        (i, j)
        for i, j in found - gold
        if not is_reprint(originals[texts[i].family], originals[texts[j].family])
    ]
    right = len(gold & found)
    hard = [(i, j) for i, j in wrong if texts[i].story and texts[i].story == texts[j].story]
    result = {
        "precision": right / max(1, right + len(wrong)),
        "recall": right / len(gold),
        "f1": 2 * right / (right + len(wrong) + len(gold)),
        "wrong": len(wrong),
        "wrong, same story or site": len(hard),
    }
    by_edit = defaultdict(list)
    for i, j in gold:
        for edit in {texts[i].edit, texts[j].edit} - {""}:
            if not (texts[i].edit and texts[j].edit):
                by_edit[edit].append((i, j) in found)
    result |= {f"recall: {edit}": float(np.mean(hits)) for edit, hits in sorted(by_edit.items())}
    return result


def interval(values: Sequence[float]) -> str:
    """Mean, and a 95 % interval over the seeds (normal, since seeds are independent)."""
    half = 1.96 * np.std(values, ddof=1) / np.sqrt(len(values)) if len(values) > 1 else 0.0
    return f"{np.mean(values):.3f} ± {half:.3f}"


def report_planted(first: int, n: int) -> None:
    for kind in SOURCES:
        mine, theirs, thresholds = defaultdict(list), defaultdict(list), Counter()
        for seed in range(first, first + n):
            texts = make_corpus(seed, kind)
            for key, value in score(texts, ours(texts)).items():
                mine[key].append(value)
            signatures = sign(text.body for text in texts)
            scores = {t: score(texts, minhash(signatures, t)) for t in THRESHOLDS}
            best = max(scores, key=lambda t: scores[t]["f1"])
            thresholds[best] += 1
            for key, value in scores[best].items():
                theirs[key].append(value)
        print(f"\nplanted {kind}: {n} seeds from {first}, about {len(texts)} texts each")
        print(f"  datasketch at its best threshold: {dict(thresholds)}")
        print(f"  {'':28} {'ours':>16} {'datasketch':>16}")
        for key in mine:
            print(f"  {key:28} {interval(mine[key]):>16} {interval(theirs[key]):>16}")


def report_stories() -> None:
    """Same event, other outlets: how many pairs are merged that are no reprints."""
    texts = [
        Text(row["id"], row["title"], row["text"], row["id"], story=row["label"])
        for row in load("allsides_stories")
    ]
    stories = pairs_by([text.story for text in texts])
    reprints = {(i, j) for i, j in stories if is_reprint(texts[i], texts[j])}
    print(f"\nallsides_stories: {len(stories)} pairs of one event, {len(reprints)} reprints")
    signatures = sign(text.body for text in texts)
    rows = {"ours": ours(texts)} | {
        f"datasketch {t}": minhash(signatures, t) for t in (0.15, 0.3, 0.5)
    }
    for name, groups in rows.items():
        found = pairs_by(groups)
        print(
            f"  {name:16} merged: {len(found & reprints)} reprints, "
            f"{len((found & stories) - reprints)} others of one event, "
            f"{len(found - stories)} of two events"
        )


def report_neardup() -> None:
    rows = load("neardup_planted_articles")
    texts = [Text(r["id"], None, r["text"], r["label"] or r["id"]) for r in rows]
    signatures = sign(text.body for text in texts)
    best = max((score(texts, minhash(signatures, t))["f1"], t) for t in THRESHOLDS)
    print(f"\nneardup_planted_articles: ours F1 {score(texts, ours(texts))['f1']:.3f}, ", end="")
    print(f"datasketch {best[0]:.3f} at {best[1]}")
    pairs = load("neardup_sts_headlines")
    gold = np.array([row["duplicate"] for row in pairs])
    mine = []
    for row in pairs:
        one, two = (Text(key, None, row[key], key) for key in ("text_a", "text_b"))
        mine.append(len(set(ours([one, two]))) == 1)
    theirs = np.array([a.jaccard(b) for a, b in (sign((r["text_a"], r["text_b"])) for r in pairs)])
    best = max((f1(gold, theirs >= t)[2], t) for t in np.unique(theirs))
    precision, recall, value = f1(gold, np.array(mine))
    close = np.mean(
        [row["score"] >= 4 for row, is_copy in zip(pairs, mine, strict=True) if is_copy]
    )
    print(
        f"neardup_sts_headlines: ours F1 {value:.3f} (precision {precision:.3f}, recall "
        f"{recall:.3f}; {close:.0%} of the merged score 4 or more), "
        f"datasketch {best[0]:.3f} at {best[1]:.2f}"
    )


def f1(gold: np.ndarray, found: np.ndarray) -> tuple[float, float, float]:
    right = int((gold & found).sum())
    return (
        right / max(1, found.sum()),
        right / max(1, gold.sum()),
        2 * right / max(1, found.sum() + gold.sum()),
    )


# Cost (on Linux). Each measurement runs in a process of its own, for a peak of memory of its own.


def many_texts(n: int) -> list[Text]:
    """Texts of all sets in turn; beyond what there is, copies with 10 % of the words edited."""
    rng = random.Random(0)
    rows = [
        (row["id"], row.get("title"), row["text"])
        for name in ("allsides_topics", *SOURCES["articles"], *SOURCES["briefs"])
        for row in load(name)
        if len(row["text"].split()) >= 12
    ]
    rng.shuffle(rows)
    pool = [body for _, _, body in rows[:200]]
    texts = [Text(str(i), title, body, name) for i, (name, title, body) in enumerate(rows[:n])]
    while len(texts) < n:
        text = rng.choice(texts)
        body = edit_words(rng, text.body, 0.1, pool)
        texts.append(Text(str(len(texts)), text.title, body, text.family))
    return texts


def cost_ours(articles: Sequence[Article]) -> int:
    texts = {article.content_id: article.text for article in articles}
    marks = find_copies(
        [sketch_article(article) for article in articles],
        texts.__getitem__,
        near_duplicate=PARAMS.near_duplicate,
        contained_duplicate=PARAMS.contained_duplicate,
    )
    return len({mark.duplicate_group for mark in marks.values()})


def cost_datasketch(articles: Sequence[Article]) -> int:
    return len(set(minhash(sign(article.text for article in articles), 0.3)))


METHODS = {"ours": cost_ours, "datasketch": cost_datasketch}


def memory_mb(field: str) -> float:
    status = Path("/proc/self/status").read_text()
    return int(re.search(rf"^{field}:\s*(\d+) kB", status, re.MULTILINE)[1]) / 1024


def measure(name: str, n: int) -> None:
    METHODS[name](as_articles(many_texts(20)))
    articles = as_articles(many_texts(n))
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, begin = memory_mb("VmRSS"), time.process_time()
    n_groups = METHODS[name](articles)
    seconds = time.process_time() - begin
    print(json.dumps({"seconds": seconds, "mb": memory_mb("VmHWM") - before, "groups": n_groups}))


def report_speed(sizes: Sequence[int]) -> None:
    print(f"\n{'n':>8} {'method':>12} {'CPU s':>8} {'ms/text':>8} {'kB/text':>8} {'groups':>8}")
    for n, name in itertools.product(sizes, METHODS):
        command = [sys.executable, "-W", "ignore", __file__, "measure", name, str(n)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        cost = json.loads(done.stdout)
        print(
            f"{n:>8} {name:>12} {cost['seconds']:>8.1f} {1000 * cost['seconds'] / n:>8.2f} "
            f"{1024 * cost['mb'] / n:>8.2f} {cost['groups']:>8}",
            flush=True,
        )


def main() -> None:
    what, *rest = sys.argv[1:] or ["all"]
    numbers = [int(value) for value in rest if value.isdigit()]
    if what == "measure":
        measure(rest[0], int(rest[1]))
        return
    if what in {"all", "quality"}:
        report_planted(*(numbers or [100, 5])[:2])
        report_stories()
        report_neardup()
    if what in {"all", "speed"}:
        report_speed((what == "speed" and numbers) or [1000, 10_000, 50_000])


if __name__ == "__main__":
    main()
