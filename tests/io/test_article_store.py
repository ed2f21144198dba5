"""Articles on disk: in as they come, out sorted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.io.article_store import ArticleStore
from pipeline.records import Article, Rejected
from tests.conftest import make_article


def some_articles(n: int) -> list[Article]:
    return [make_article(title=f"T{i}", notes=("ä",), carried_by=("a", "b")) for i in range(n)]


@given(st.permutations(range(20)))
def test_articles_go_out_by_id_whatever_the_order_they_came_in(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    articles = some_articles(20)
    with ArticleStore(tmp_path_factory.mktemp("store") / "a.sqlite") as store:
        for i in order:
            store.add([articles[i]], [])

        assert list(store.articles()) == sorted(articles, key=lambda a: a.article_id)
        assert store.n_contents == 20


def test_rejected_rows_go_out_by_file_and_line(tmp_path: Path) -> None:
    rows = [
        Rejected("b", 2, "ingest", "json", "m", "e"),
        Rejected("a", None, "ingest", "path", "m", ""),
        Rejected("b", 10, "ingest", "json", "m", "e"),
        Rejected("a", 1, "ingest", "json", "n", "é"),
        Rejected("b", 2, "ingest", "empty", "m", "e"),
    ]
    with ArticleStore(tmp_path / "a.sqlite") as store:
        store.add([], rows)

        assert list(store.rejected()) == [rows[i] for i in (1, 3, 4, 0, 2)]


def test_text_is_found_by_content_and_is_that_of_the_smallest_id(tmp_path: Path) -> None:
    article = make_article(text="One text of a few words.")
    copy = replace(article, article_id="z", text="ONE text of a few words.")
    with ArticleStore(tmp_path / "a.sqlite") as store:
        store.add([copy], [])
        store.add([article], [])

        assert store.text_of(article.content_id) == article.text
        assert store.n_contents == 1
        with pytest.raises(KeyError):
            store.text_of("unknown")


def test_one_article_is_found_by_its_id(tmp_path: Path) -> None:
    first, second = some_articles(2)
    with ArticleStore(tmp_path / "a.sqlite") as store:
        store.add([first, second], [])

        assert store.article(second.article_id) == second
        with pytest.raises(KeyError):
            store.article("unknown")


def test_a_part_is_taken_in_once(tmp_path: Path) -> None:
    (article,) = some_articles(1)
    with ArticleStore(tmp_path / "a.sqlite") as store:
        assert not store.has("page")
        for _ in range(2):
            store.add([article], [], part="page", attachment=b"note")

        assert store.has("page")
        assert list(store.articles()) == [article]
        assert list(store.attachments()) == [b"note"]


def test_a_lasting_store_goes_on_from_what_was_made_last(tmp_path: Path) -> None:
    first, second = some_articles(2)
    with ArticleStore(tmp_path / "a.sqlite", lasting=True) as store:
        store.add([first], [], part="one")
        store.commit()
        store.add([second], [], part="two")
        # Left as by a kill: what was not made last is gone.
    with ArticleStore(tmp_path / "a.sqlite", lasting=True) as store:
        assert (store.has("one"), store.has("two")) == (True, False)
        store.add([second], [], part="two")
        assert sorted(a.article_id for a in store.articles()) == sorted(
            a.article_id for a in (first, second)
        )


def test_a_lasting_store_that_is_damaged_starts_anew(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"no database" * 1000)
    with ArticleStore(tmp_path / "a.sqlite", lasting=True) as store:
        store.add(some_articles(1), [], part="one")
        assert len(list(store.articles())) == 1


def test_place_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"{tmp_path}/gone: cannot be written"):
        ArticleStore(tmp_path / "gone" / "a.sqlite")
