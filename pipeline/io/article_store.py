"""Articles and rejected items on disk while they are collected: memory holds none of them.

They come in the order in which pages were read and go out sorted. The texts of likely copies are
looked up by content. A lasting store survives its process: what was taken in whole is there when
it is opened again.
"""

from __future__ import annotations

import contextlib
import pickle
import sqlite3
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from pipeline.errors import InputError
from pipeline.records import Article, Rejected

_FLEETING = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
_LASTING = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
_TABLES = """
    PRAGMA cache_size = -16000;
    CREATE TABLE IF NOT EXISTS articles (article_id TEXT, content_id TEXT, record BLOB);
    CREATE TABLE IF NOT EXISTS rejected (source_file TEXT, line INTEGER, stage TEXT, code TEXT,
                                         message TEXT, excerpt TEXT);
    CREATE TABLE IF NOT EXISTS done (part TEXT PRIMARY KEY, attachment BLOB) WITHOUT ROWID;
"""
# Made when all is in: an index that grows entry by entry in random order is slow.
_INDEXES = """
    CREATE INDEX IF NOT EXISTS by_article ON articles (article_id, content_id);
    CREATE INDEX IF NOT EXISTS by_content ON articles (content_id, article_id);
"""
#: A lasting store that is killed loses at most what it took in during so many seconds.
_COMMIT_SECONDS = 1.0


class ArticleStore:
    """Collects articles and rejected items in one file.

    Add all, then read: nothing can be added after the first article was read.

    Parameters
    ----------
    path : Path
        The file.
    lasting : bool
        Keep what was added for the next time that the file is opened. Otherwise a crash leaves
        nothing of use in it.
    """

    def __init__(self, path: Path, *, lasting: bool = False) -> None:
        self._path = path
        self._is_lasting = lasting
        try:
            self._open()
        except sqlite3.DatabaseError:
            path.unlink()  # damaged when the machine went down: of no use
            self._open()
        self._committed_at = time.monotonic()
        self._is_indexed = False

    def _open(self) -> None:
        with self._writing():
            self._database = sqlite3.connect(self._path, isolation_level=None)
            self._database.executescript((_LASTING if self._is_lasting else _FLEETING) + _TABLES)
            self._database.execute("PRAGMA temp_store = FILE")
            self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(
        self,
        articles: Iterable[Article],
        rejected: Iterable[Rejected],
        *,
        part: str | None = None,
        attachment: bytes = b"",
    ) -> None:
        """Take in what one part of the input gave: all of it, or nothing if it is known already.

        `part` names the part; `attachment` is kept with it. Without a name nothing is remembered
        of it.

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
            if part is not None:
                made = self._database.execute(
                    "INSERT OR IGNORE INTO done VALUES (?, ?)", (part, attachment)
                )
                if not made.rowcount:
                    return
            self._database.executemany("INSERT INTO articles VALUES (?, ?, ?)", rows)
            self._database.executemany(
                "INSERT INTO rejected VALUES (?, ?, ?, ?, ?, ?)",
                [(r.source_file, r.line, r.stage, r.code, r.message, r.excerpt) for r in rejected],
            )
        if self._is_lasting and time.monotonic() - self._committed_at > _COMMIT_SECONDS:
            self.commit()

    def commit(self) -> None:
        """Make what was added last, in a lasting store."""
        with self._writing():
            self._database.execute("COMMIT")
            self._database.execute("BEGIN")
        self._committed_at = time.monotonic()

    def has(self, part: str) -> bool:
        """Whether the part of that name was taken in."""
        row = self._database.execute("SELECT 1 FROM done WHERE part = ?", (part,)).fetchone()
        return row is not None

    def attachments(self) -> Iterator[bytes]:
        """Give what was kept with the parts, by their names."""
        for (attachment,) in self._database.execute("SELECT attachment FROM done ORDER BY part"):
            yield attachment

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

    def article(self, article_id: str) -> Article:
        """Give one article; KeyError where there is none of that id."""
        self._index()
        row = self._database.execute(
            "SELECT record FROM articles WHERE article_id = ? ORDER BY content_id LIMIT 1",
            (article_id,),
        ).fetchone()
        if row is None:
            raise KeyError(article_id)
        article: Article = pickle.loads(row[0])  # noqa: S301 - written above
        return article

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
