"""Articles and rejected items on disk while they are collected: memory holds none of them.

They come in the order in which pages were read and go out sorted. The texts of likely copies are
looked up by content.
"""

from __future__ import annotations

import contextlib
import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from pipeline.errors import InputError
from pipeline.records import Article, Rejected

_TABLES = """
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    PRAGMA cache_size = -16000;
    CREATE TABLE articles (article_id TEXT, content_id TEXT, record BLOB);
    CREATE TABLE rejected (source_file TEXT, line INTEGER, stage TEXT, code TEXT, message TEXT,
                           excerpt TEXT);
"""
# Made when all is in: an index that grows entry by entry in random order is slow.
_INDEXES = """
    CREATE INDEX by_article ON articles (article_id, content_id);
    CREATE INDEX by_content ON articles (content_id, article_id);
"""


class ArticleStore:
    """Collects articles and rejected items in one file; a crash leaves nothing of use in it.

    Add all, then read: nothing can be added after the first article was read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._writing():
            self._database = sqlite3.connect(path, isolation_level=None)
            self._database.executescript(_TABLES)
            self._database.execute("PRAGMA temp_store = FILE")
            self._database.execute("BEGIN")
        self._is_indexed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, articles: Iterable[Article], rejected: Iterable[Rejected]) -> None:
        """Take in what one page gave.

        Raises
        ------
        InputError
            If there is no room left.
        """
        rows = [
            (a.article_id, a.content_id, pickle.dumps(a, protocol=pickle.HIGHEST_PROTOCOL))
            for a in articles
        ]
        with self._writing():
            self._database.executemany("INSERT INTO articles VALUES (?, ?, ?)", rows)
            self._database.executemany(
                "INSERT INTO rejected VALUES (?, ?, ?, ?, ?, ?)",
                [(r.source_file, r.line, r.stage, r.code, r.message, r.excerpt) for r in rejected],
            )

    def text_of(self, content_id: str) -> str:
        """Give the text of a content: of its article with the smallest id."""
        self._index()
        row = self._database.execute(
            "SELECT record FROM articles WHERE content_id = ? ORDER BY article_id LIMIT 1",
            (content_id,),
        ).fetchone()
        if row is None:
            raise KeyError(content_id)
        article: Article = pickle.loads(row[0])  # noqa: S301 - written above
        return article.text

    def articles(self) -> Iterator[Article]:
        """Give all articles, by id."""
        self._index()
        rows = self._database.execute("SELECT record FROM articles ORDER BY article_id, content_id")
        for (record,) in rows:
            yield pickle.loads(record)  # noqa: S301 - written above

    def rejected(self) -> Iterator[Rejected]:
        """Give all rejected items, by file and line."""
        rows = self._database.execute(
            "SELECT * FROM rejected ORDER BY source_file, ifnull(line, 0), code, message, excerpt"
        )
        for row in rows:
            yield Rejected(*row)

    @property
    def n_contents(self) -> int:
        """How many different contents the articles have."""
        self._index()
        (count,) = self._database.execute(
            "SELECT count(DISTINCT content_id) FROM articles"
        ).fetchone()
        return int(count)

    def _index(self) -> None:
        if not self._is_indexed:
            with self._writing():
                for statement in filter(str.strip, _INDEXES.split(";")):
                    self._database.execute(statement)
            self._is_indexed = True

    @contextlib.contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise InputError(
                f"{self._path.parent}: cannot be written ({error}); make room there, or choose "
                "another place"
            ) from error
