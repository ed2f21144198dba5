"""Speed, memory and growth of ingest, and trafilatura alone beside it on the same HTML pages.

    python benchmarks/ingest.py [n ...]        (default: 1000 10000)

Pages are made from the sample corpus in data/raw: each page of it again and again, with other
letters in its long words, so that no two are copies; HTML also from the labelled pages of
../shared/datasets where they are there, as they are. A measurement runs in a process of its own,
through the whole stage: finding files, parsing, copies, writing. Memory is the most that the
process that leads, and all of them together, held at any time (Pss: shared pages count once).

The last table gives one page of growing size: what a page costs should grow as its size.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterable
from itertools import cycle, islice, pairwise
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
RAW = CHECKOUT / "data" / "raw"
SETS = CHECKOUT.parent / "shared" / "datasets"
sys.path.insert(0, str(CHECKOUT))
_WORD = re.compile(r"\b[A-Za-z][a-z]+\b")
_CONSONANTS = "bcdfghjklmnpqrstvwxz"
Row = dict[str, float]


# Pages


def sample(ending: str) -> list[str]:
    return [path.read_text("utf-8") for path in sorted(RAW.rglob(f"*{ending}"))]


def reworded(page: str, number: int) -> str:
    """Change every long word of a page's paragraphs, so that it is no copy of another one."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        turn = zlib.crc32(f"{number} {word}".encode())
        turned = str.maketrans(_CONSONANTS, _CONSONANTS[turn % 20 :] + _CONSONANTS[: turn % 20])
        return word.translate(turned)

    lines = page.split("\n")
    return "\n".join(_WORD.sub(other, line) if len(line) > 150 else line for line in lines)


def made(ending: str, n: int) -> Iterable[str]:
    for number, page in enumerate(islice(cycle(sample(ending)), n)):
        yield reworded(page, number)


def labelled_html() -> list[str]:
    import pyarrow.parquet as pq

    found: list[str] = []
    for name in ("scrapinghub", "cleaneval", "trafilatura"):
        path = SETS / f"extraction_{name}" / f"extraction_{name}.parquet"
        if path.exists():
            found += pq.read_table(path, columns=["html"]).column("html").to_pylist()
    return found


def write_pages(folder: Path, ending: str, pages: Iterable[str]) -> float:
    """Write the pages; their size in MB."""
    size = 0
    for number, page in enumerate(pages):
        content = page.encode("utf-8", errors="replace")
        size += len(content)
        (folder / f"{number:06d}{ending}").write_bytes(content)
    return size / 1e6


def write_table(folder: Path, n: int) -> float:
    with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
        for page in made(".txt", n):
            title, _, text = page.partition("\n")
            file.write(json.dumps({"title": title, "text": text}) + "\n")
        return file.tell() / 1e6


# Measurements


def stage(folder: Path, cores: int) -> Row:
    """Run the stage in a process of its own on some of the cores."""
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    with tempfile.TemporaryDirectory() as out:
        code = (
            f"import os; os.sched_setaffinity(0, {allowed})\n"
            "from pathlib import Path; from pipeline.io.params import load_params\n"
            "from pipeline.io.paths import Paths; from pipeline.stages.ingest import ingest_into\n"
            f"params = load_params(Path({str(CHECKOUT / 'params.yaml')!r})).ingest\n"
            "params = params.model_copy(update={'max_rejected_share': 1.0})\n"
            f"ingest_into(Paths(Path({out!r}), Path({out!r})), [Path({str(folder)!r})], params)"
        )
        start = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-c", code], cwd=CHECKOUT, stderr=subprocess.PIPE
        ) as process:
            watch = _Memory(process.pid)
            assert process.stderr
            complaint = process.stderr.read().decode()
            process.wait()
            watch.stop()
        if process.returncode:
            raise SystemExit(complaint)
        seconds = time.perf_counter() - start
        counts = json.loads((Path(out) / "metrics" / "ingest.json").read_text("utf-8"))
    return {
        "seconds": seconds,
        "parent_mb": watch.parent / 1e3,
        "all_mb": watch.all / 1e3,
        "articles": counts["n_articles"],
        "rejected": counts["n_rejected"],
    }


class _Memory(threading.Thread):
    """Looks at the memory of a process and its children until it is stopped; in kB."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid, self._over = pid, threading.Event()
        self.parent = self.all = 0
        self.start()

    def run(self) -> None:
        while not self._over.wait(0.05):
            parent = self._pss(self._pid)
            try:
                children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text()
            except OSError:
                continue
            together = parent + sum(self._pss(int(child)) for child in children.split())
            self.parent, self.all = max(self.parent, parent), max(self.all, together)

    @staticmethod
    def _pss(pid: int) -> int:
        try:
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        except OSError:
            return 0
        found = re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE)
        return int(found[1]) if found else 0

    def stop(self) -> None:
        self._over.set()
        self.join()


TRAFILATURA = """
import logging, sys, time
from pathlib import Path
logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
start = time.perf_counter()
from trafilatura import bare_extraction
n = 0
for path in sorted(Path(sys.argv[1]).iterdir()):
    text = path.read_bytes().decode("utf-8", errors="replace")
    document = bare_extraction(
        text, with_metadata=True, include_comments=False, include_tables=False,
        date_extraction_params={"original_date": True, "extensive_search": False,
                                "max_date": "2100-12-31"})
    n += document is not None
print(time.perf_counter() - start, n)
"""


def trafilatura_alone(folder: Path) -> Row:
    """Read the same pages in one process: no language, no copies, no cleaning, nothing written."""
    done = subprocess.run(
        [sys.executable, "-c", TRAFILATURA, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, n_found = done.stdout.split()
    return {"seconds": float(seconds), "articles": float(n_found)}


def report(what: str, n: int, megabytes: float, cores: int, row: Row, note: str = "") -> None:
    print(
        f"{what:<16} {n:>7} {megabytes:>8.1f} {cores:>5} {row['seconds']:>8.1f} "
        f"{n / row['seconds']:>8.1f} {megabytes / row['seconds']:>7.2f} "
        f"{1000 * row['seconds'] / n:>8.2f} {row.get('parent_mb', float('nan')):>9.0f} "
        f"{row.get('all_mb', float('nan')):>7.0f} {row['articles']:>9.0f}  {note}",
        flush=True,
    )


def main(sizes: list[int]) -> None:
    all_cores = len(os.sched_getaffinity(0))
    print(f"{all_cores} cores; load at the start: {os.getloadavg()[0]:.1f}")
    print(
        "pages                  n       MB cores  seconds  pages/s    MB/s  ms/page "
        "parent MB  all MB  articles"
    )
    html = labelled_html()
    for n in sizes:
        sets = [("text", ".txt", made(".txt", n)), ("HTML (sample)", ".html", made(".html", n))]
        if html:
            sets.append(("HTML (labelled)", ".html", list(islice(html, n))))
        for name, ending, pages in sets:
            with tempfile.TemporaryDirectory() as place:
                folder = Path(place)
                megabytes = write_pages(folder, ending, pages)
                n_pages = len(list(folder.iterdir()))
                if n_pages < n and n != sizes[0]:
                    continue  # there are no more of them than before
                alone = trafilatura_alone(folder) if ending == ".html" else None
                if alone:
                    report("trafilatura", n_pages, megabytes, 1, alone)
                for cores in (1, all_cores):
                    row = stage(folder, cores)
                    ratio = alone["seconds"] / row["seconds"] if alone else None
                    note = f"{ratio:.2f} x the speed of trafilatura alone" if ratio else ""
                    report(name, n_pages, megabytes, cores, row, note)
        with tempfile.TemporaryDirectory() as place:
            megabytes = write_table(Path(place), n)
            for cores in (1, all_cores):
                report("JSON lines", n, megabytes, cores, stage(Path(place), cores))
    print("\nOne page of growing size, seconds of its parsing alone")
    for ending in (".txt", ".html"):
        seconds = [one_page(ending, size) for size in (100_000, 1_000_000, 10_000_000)]
        grown = ", ".join(f"x{b / a:.1f}" for a, b in pairwise(seconds))
        shown = ", ".join(f"{value:.2f}" for value in seconds)
        print(f"{ending:<6} 0.1, 1 and 10 MB: {shown} s ({grown})", flush=True)


def one_page(ending: str, size: int) -> float:
    """Seconds that one page of `size` bytes takes: one long article."""
    from pipeline.core.formats.harvests import harvest_unit
    from pipeline.io.params import load_params
    from pipeline.stages.ingest import warm_up

    warm_up()
    columns = load_params(CHECKOUT / "params.yaml").ingest.columns.model_dump()
    paragraphs: list[str] = []
    length = 0
    for page in made(".txt", 1_000_000):
        long = [part for part in page.split("\n\n")[1:] if len(part) > 200]
        paragraphs += long
        length += sum(map(len, long))
        if length > size:
            break
    if ending == ".html":
        tags = "".join(f"<p>{text}</p>\n" for text in paragraphs)
        body = f"<article><h1>A long page</h1>{tags}</article>"
        text, kind = f"<!DOCTYPE html><html><body>{body}</body></html>", "html"
    else:
        text, kind = "A long page\n\n" + "\n\n".join(paragraphs), "text"
    harvest_unit("warm", kind, text[:2000].encode(), columns=columns, min_words=6)
    start = time.process_time()
    harvest_unit("page", kind, text.encode(), columns=columns, min_words=6)
    return time.process_time() - start


if __name__ == "__main__":
    main([int(argument) for argument in sys.argv[1:]] or [1000, 10_000])
