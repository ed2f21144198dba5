"""What a generated page holds: its lines, and the articles that a careful reader finds on it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(slots=True)
class GoldArticle:
    """One article as a careful reader gives it; `text` parts paragraphs by a blank line.

    `unscored` names fields on which careful readers differ (`published`, `source`, `title`), and
    `echoes` the families of which this article repeats a part without being a copy of them.
    """

    kind: str
    title: str | None
    text: str
    content: str
    near: str
    published: str | None = None
    source: str | None = None
    author: str | None = None
    unscored: list[str] = field(default_factory=list)
    echoes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A page in the making: lines are added in order, each as what it is.

    Lines added with `aside` belong to nobody and are not judged either (a heading such as "Key
    Points", "The Associated Press contributed to this report").
    """

    layout: str
    lines: list[str] = field(default_factory=list)
    articles: list[GoldArticle] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    boilerplate: list[str] = field(default_factory=list)

    def blank(self, n: int = 1) -> None:
        """`n` blank lines."""
        self.lines += [""] * n

    def gap(self, n: int = 1) -> None:
        """At least `n` blank lines from here, none at the top of the page."""
        if not self.lines:
            return
        there = 0
        while there < len(self.lines) and not self.lines[-1 - there]:
            there += 1
        self.blank(max(0, n - there))

    def put(self, *lines: str) -> None:
        """Lines of an article: its headline, its body."""
        self.lines += lines

    aside = put

    def junk(self, *lines: str) -> None:
        """Lines that belong to no article."""
        self.lines += lines
        self.boilerplate += [line for line in lines if line.strip()]

    @property
    def text(self) -> str:
        """The page as a file holds it."""
        return "\n".join(self.lines).strip("\n") + "\n"

    @property
    def gold(self) -> dict[str, object]:
        """What is on it, as GoldArticle and the class say."""
        return {
            "layout": self.layout,
            "articles": [asdict(article) for article in self.articles],
            "empty": self.empty,
            "boilerplate": self.boilerplate,
        }


def write_corpus(pages: dict[str, tuple[str, dict[str, object]]], folder: Path) -> None:
    """Write `pages/<name>.txt` and `gold/<name>.json` of (text, gold) by name."""
    for sub in ("pages", "gold"):
        (folder / sub).mkdir(parents=True, exist_ok=True)
    for name, (text, gold) in pages.items():
        (folder / "pages" / f"{name}.txt").write_bytes(text.encode("utf-8"))
        record = json.dumps(gold, ensure_ascii=False, indent=1)
        (folder / "gold" / f"{name}.json").write_text(record + "\n", encoding="utf-8")


def read_gold(folder: Path) -> dict[str, dict[str, object]]:
    """Gold records by the name of their page."""
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((folder / "gold").glob("*.json"))
    }
