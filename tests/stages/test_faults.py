"""What may be wrong with what people bring: each fault costs its own page, and is told.

Tests are numbered after this list. Faults of single files lie together in one folder (`batch`), in
which they are read at once, with good pages between them.

 1 nothing in it               11 binary under a name of text    21 broken archives
 2 byte-order marks, line ends 12 bombs                          22 a feed that is a path or address
 3 odd line separators         13 HTML of great depth            23 a layout's header alone
 4 control characters          14 HTML that takes too long       24 what looks like a layout
 5 lone surrogates             15 entities in HTML and XML       25 live-blogs with holes
 6 other encodings             16 active markup                  26 impossible and unclear dates
 7 mojibake                    17 formulas                       27 thousands of stubs
 8 invisible characters        18 odd file names                 28 one article, whole and cut off
 9 one endless line            19 what is no file, or elsewhere  29 other machines and orders
10 a million short lines       20 broken JSON lines              30 all the same, or nothing at all
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import json
import os
import shutil
import socket
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.io.labelled_files import write_labelled
from pipeline.io.params import load_params
from pipeline.io.paths import Paths
from pipeline.io.tables import read_rows
from pipeline.records import Article, Labelled, Rejected
from pipeline.stages.ingest import Ingested, check_articles, ingest, ingest_into
from tests.io.test_containers import warc_of

CHECKOUT = Path(__file__).parent.parent.parent
PARAMS = load_params(CHECKOUT / "params.yaml").ingest.model_copy(
    update={"max_rejected_share": 1.0, "max_page_mb": 5}
)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00"
#: A long paragraph for each name, so that different pages are no copies of each other.
WORDS = "harbour bridge market river station council garden museum theatre airport".split()


def story(key: str) -> str:
    """Write a paragraph of our own that depends on `key` in every sentence."""
    spots = ", ".join(f"{word} {key}" for word in WORDS)
    return (
        f"People of the {key} district met on Monday to talk about {spots}. The {key} office said "
        f"that work on the {key} site would begin in spring and cost less than was feared."
    )


def page(key: str, title: str | None = None) -> bytes:
    return f"{title or f'Plans for {key} are laid out'}\n\n{story(key)}\n".encode()


def html(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def json_lines(*rows: Any) -> bytes:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows).encode()


def feed(items: str, prologue: str = "") -> bytes:
    return f'<?xml version="1.0"?>{prologue}<rss version="2.0"><channel>{items}</channel></rss>'.encode()


def zip_of(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("page.txt", content)
    return buffer.getvalue()


SEPARATORS = "\u2028\x85\x0b\x1c"
HOSTILE = "<img src=x onerror=alert(1)>"
ENTITIES = (
    '<!DOCTYPE r [<!ENTITY a "lol lol lol lol lol lol lol lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("bcdefgh", "cdefghi", strict=True)
    )
    + "]>"
)
XXE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

FILES: dict[str, bytes] = {
    "good.txt": page("good"),
    "01_empty.txt": b"",
    "01_blank.html": b" \n\t\r\n ",
    "02_plain.txt": page("marks"),
    "02_bom.txt": b"\xef\xbb\xbf" + page("marks"),
    "02_utf16.txt": page("marks").decode().encode("utf-16"),
    "02_mixed.txt": page("marks").replace(b"\n\n", b"\r\n\r"),
    "02_utf16.jsonl": "\n".join(
        json.dumps({"title": f"Row {n} of wide letters", "text": story(f"wide{n}")}) for n in range(3)
    ).encode("utf-16"),
    "03_separators.txt": (
        f"Odd separators stay inside\n\nOdd{SEPARATORS}ly, {story('odd')}\n\nThe last line is five.\n"
    ).encode(),
    "04_controls.txt": page("controls").replace(b"People", b"\x1b[31mPeo\x00\x07ple\x1b[0m"),
    "05_surrogate.jsonl": b'{"title": "Broken \\ud800 letter", "text": "%s \\udfff"}'
    % story("surrogate").encode(),
    "06_cp1251.txt": ("Новости города за понедельник\n\n" + "Жители района обсудили планы набережной. " * 9).encode("cp1251"),
    "06_cp1252.txt": page("curly").replace(b"laid out", b"laid out \x96 at last"),
    "06_invalid.txt": page("invalid") + "é".encode()[:1],
    "07_mojibake.txt": page("mojibake").replace(b"would", "donâ€™t".encode()),
    "08_hidden.txt": page("hidden").replace(b"district", "dis\u200btr\u202eict".encode()),
    "08_shown.txt": page("hidden"),
    "09_line.txt": b"x",
    "09_line.jsonl": b"x",
    "11_picture.txt": PNG,
    "11_document.txt": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "11_packed.html": gzip.compress(page("packed")),
    "11_archive.txt": zip_of(page("zipped")),
    "11_picture.csv": PNG + bytes(range(256)) * 100,
    "13_deep.html": html("<div>" * 300 + f"<p>{story('deep')}</p>" + "</div>" * 300),
    "13_deeper.html": html("<div>" * 20_000 + f"<p>{story('deeper')}</p>" + "</div>" * 20_000),
    "15_entities.html": ENTITIES.encode() + html(f"<p>{story('entity')} &i;</p>"),
    "15_file.html": XXE.encode() + html(f"<p>{story('outside')} &x;</p>"),
    "15_entities.rss": feed(f"<item><title>Laughs</title><description>{story('laugh')} &i;</description></item>", ENTITIES),
    "15_file.rss": feed(f"<item><title>Outside</title><description>{story('reach')} &x;</description></item>", XXE),
    "16_markup.html": html(
        f"<article><h1>Plans &lt;img src=x onerror=alert(1)&gt; are out</h1><script>steal()</script>"
        f"<p onclick=steal()>{story('markup')} &lt;img src=x onerror=alert(1)&gt;</p>"
        f"<p>{story('more')} <a href='javascript:steal()'>Read on</a></p></article>"
    ),
    "17_formula.jsonl": json_lines(
        *({"title": f"{start}HYPERLINK(1)", "text": story(f"formula{n}")} for n, start in enumerate("=+-@"))
    ),
    "20_broken.jsonl": json_lines(
        {"title": "First", "text": story("first")},
        "",
        f'{{"title": "Twice", "title": "Last wins", "text": "{story("twice")}"}}',
        f'{{"title": NaN, "text": "{story("nan")}"}}',
        "[" * 100_000,
        [1, 2],
        {"title": ["List"], "text": 5},
        {"title": 7, "text": story("number")},
        '{"title": "Cut off", "text": "And th',
    ),
    "21_garbage.warc": b"no archive at all, only words\n" * 20,
    "21_cut_off.warc.gz": b"".join(gzip.compress(warc_of(html(f"<p>{story(f'kept{n}')}</p>"))) for n in range(2))
    + gzip.compress(warc_of(html(f"<p>{story('lost')}</p>")))[:-40],
    "21_lying.warc": warc_of(html(f"<p>{story('before')}</p>"))
    + warc_of(html(story("lies"))).replace(b"Content-Length: ", b"Content-Length: 9"),
    "21_headless.warc": warc_of(html(f"<p>{story('above')}</p>")) + b"WARC/1.0\r\n\r\nbody\r\n\r\n",
    "22_path.rss": b"/etc/passwd",
    "22_address.rss": b"http://127.0.0.1:9/feed.rss",
    "23_marker.txt": b"Plans for the quay\n\nTT",
    "23_listing.txt": b"Latest news\n\n- Harbour\n",
    "23_stamp.txt": b"12:14\n",
    "24_clock.txt": f"A day at the station\n\n{story('clock')}\n\n12:14 , Ann Lee was the note on the board, and nobody could say why.\n\n{story('board')}\n".encode(),
    "24_gaps.txt": f"A day with many gaps\n\n{story('gap')}\n\n\n{story('space')}\n\n\n{story('hole')}\n".encode(),
    "25_undated.txt": (
        "Talks on the quay\n12:14 , Ann Lee\n" + story("undated") + "\n\nNo word yet\n11:40 , Ann Lee\n\n"
        "Talks began\n11:02 , Ben Roe\n" + story("opening") + "\n"
    ).encode(),
    "26_dates.jsonl": json_lines(
        *(
            {"title": f"Dated {n}", "date": date, "text": story(f"dated{n}")}
            for n, date in enumerate(
                ["09-07-2025", "30-06-2025", "31-02-2025", "20250121", "0001-01-01", "9999-12-31", "yesterday"]
            )
        )
    ),
}  # fmt: skip


def bombs() -> dict[str, bytes]:
    """Make small files that unpack to large ones."""
    return {
        "12_bomb.txt.gz": gzip.compress(b"x" * 60_000_000, 9),
        "12_bomb.jsonl.gz": gzip.compress(b"\n" * 60_000_000, 9),
        "12_bomb.txt": zip_of(b"x" * 6_000_000),
        "12_bomb.warc.gz": gzip.compress(warc_of(html(story("early"))))
        + gzip.compress(warc_of(b"<html>" + b"x" * 60_000_000), 9),
    }


class Batch:
    """What became of each file."""

    def __init__(self, ingested: Ingested) -> None:
        self.all = ingested

    def articles(self, name: str) -> list[Article]:
        return sorted(
            (a for a in self.all.articles if a.source_file == name), key=lambda a: a.position
        )

    def article(self, name: str) -> Article:
        (article,) = self.articles(name)
        assert self.rejected(name) == []
        return article

    def rejected(self, name: str) -> list[Rejected]:
        return [row for row in self.all.rejected if row.source_file == name]

    def codes(self, name: str) -> list[str]:
        return [row.code for row in self.rejected(name)]


def write(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    folder = write(tmp_path_factory.mktemp("batch"), FILES | bombs())
    for name in ("09_line.txt", "09_line.jsonl"):
        with (folder / name).open("r+b") as file:
            file.write(b"x" * 2_000_000)
            file.truncate(100_000_000)
    # Little enough that nothing here may be held whole several times.
    params = PARAMS.model_copy(update={"max_page_memory_mb": 400})
    return Batch(ingest([folder], params))


def ingested(folder: Path, files: dict[str, bytes], **params: Any) -> Batch:
    return Batch(ingest([write(folder, files)], PARAMS.model_copy(update=params)))


def test_every_file_is_told_of_and_a_good_page_is_read(batch: Batch) -> None:
    told = {a.source_file for a in batch.all.articles} | {r.source_file for r in batch.all.rejected}
    assert told == {*FILES, *bombs()}
    assert batch.article("good.txt").text == story("good")
    assert "parser_failed" not in batch.all.tally.codes


@pytest.mark.parametrize("name", ["01_empty.txt", "01_blank.html"])
def test_01_nothing_in_it(batch: Batch, name: str) -> None:
    assert (batch.articles(name), batch.codes(name)) == ([], ["empty"])


@pytest.mark.parametrize("name", ["02_bom.txt", "02_utf16.txt", "02_mixed.txt"])
def test_02_marks_and_line_ends_change_nothing(batch: Batch, name: str) -> None:
    plain = batch.article("02_plain.txt")
    assert batch.article(name).content_id == plain.content_id
    assert batch.article(name).title == plain.title


def test_02_wide_letters_in_a_table_are_read(batch: Batch) -> None:
    assert [a.text for a in batch.articles("02_utf16.jsonl")] == [
        story(f"wide{n}") for n in range(3)
    ]


def test_03_odd_separators_break_no_line(batch: Batch) -> None:
    article = batch.article("03_separators.txt")
    assert article.text.startswith("Odd ")
    assert story("odd") in article.text
    assert (article.line_start, article.line_end) == (1, 5)
    assert not set(SEPARATORS) & set(article.text)


def test_04_control_characters_are_stripped(batch: Batch) -> None:
    assert batch.article("04_controls.txt").text == story("controls")


def test_05_lone_surrogates_are_replaced(batch: Batch, tmp_path: Path) -> None:
    article = batch.article("05_surrogate.jsonl")
    assert article.title == "Broken \ufffd letter"
    assert article.text.endswith("\ufffd")
    assert article.notes
    ingest_into(Paths(tmp_path, tmp_path), [write_one(tmp_path, "05_surrogate.jsonl")], PARAMS)
    assert read_rows(Paths(tmp_path, tmp_path).articles, Article)[0].title == article.title


def write_one(folder: Path, name: str) -> Path:
    (folder / name).write_bytes(FILES[name])
    return folder / name


def test_06_other_encodings_are_guessed_and_the_guess_is_noted(batch: Batch) -> None:
    russian = batch.article("06_cp1251.txt")
    assert russian.title == "Новости города за понедельник"
    assert any("guess" in note for note in russian.notes)
    assert "laid out – at last" in (batch.article("06_cp1252.txt").title or "")
    assert batch.article("06_invalid.txt").text.startswith(story("invalid"))


def test_07_mojibake_is_mended_once(batch: Batch) -> None:
    assert "don’t" in batch.article("07_mojibake.txt").text


def test_08_invisible_characters_hide_no_copy(batch: Batch) -> None:
    hidden, shown = batch.article("08_hidden.txt"), batch.article("08_shown.txt")
    assert hidden.text == shown.text
    assert hidden.duplicate_group == shown.duplicate_group


def test_09_endless_line_is_too_large(batch: Batch) -> None:
    assert batch.codes("09_line.txt") == ["too_large"]
    assert [(r.code, r.line) for r in batch.rejected("09_line.jsonl")] == [("too_large", 1)]


@pytest.mark.slow
def test_10_ten_times_the_short_lines_take_far_less_than_a_hundred_times_the_time(
    tmp_path: Path,
) -> None:
    """The limit is thirty times what the tenth may take, so it does not hinder linear work."""
    lines = [f"The {WORDS[n % 10]} has a number, and it is {n}." for n in range(100_000)]

    found = ingested(
        tmp_path,
        {
            "tenth.txt": "\n".join(lines[:10_000]).encode(),
            "whole.txt": "\n".join(lines).encode(),
        },
        max_page_seconds=240,
    )

    assert found.all.rejected == ()
    tenth, whole = (
        sum(a.n_words for a in found.articles(f"{name}.txt")) for name in ("tenth", "whole")
    )
    assert (tenth, whole) == (90_000, 900_000)


def test_10_many_short_lines_of_a_table_are_read_in_units(tmp_path: Path) -> None:
    lines = [f"The {WORDS[n % 10]} has a number, and it is {n}." for n in range(2000)]

    found = ingested(tmp_path, {"a.csv": "\n".join(["text", *lines]).replace(",", " ").encode()})

    assert [a.position for a in found.articles("a.csv")] == list(range(2000))


@pytest.mark.parametrize(
    "name",
    ["11_picture.txt", "11_document.txt", "11_packed.html", "11_archive.txt", "11_picture.csv"],
)
def test_11_binary_under_a_name_of_text_is_told_by_its_bytes(batch: Batch, name: str) -> None:
    assert (batch.articles(name), batch.codes(name)) == ([], ["not_text"])


def test_12_bombs_are_not_unpacked(batch: Batch) -> None:
    assert batch.codes("12_bomb.txt.gz") == ["bomb"]
    assert batch.codes("12_bomb.jsonl.gz") == ["bomb"]
    assert batch.codes("12_bomb.txt") == ["not_text"]
    assert batch.codes("12_bomb.warc.gz") == ["bomb"]
    assert [a.text for a in batch.articles("12_bomb.warc.gz")] == [story("early")]


@pytest.mark.parametrize(("name", "key"), [("13_deep.html", "deep"), ("13_deeper.html", "deeper")])
def test_13_html_of_great_depth_is_read_or_refused(batch: Batch, name: str, key: str) -> None:
    found = [a.text for a in batch.articles(name)]
    assert found == [story(key)] or batch.codes(name) == ["extract_none"]


def test_14_page_that_takes_too_long_costs_itself_only(tmp_path: Path) -> None:
    found = ingested(
        tmp_path,
        {
            "1_good.txt": page("before"),
            "2_slow.html": html(
                "".join(f"<p>Line {n} of a long page.</p>" for n in range(100_000))
            ),
            "3_good.txt": page("after"),
        },
        max_page_seconds=2,
    )

    assert found.codes("2_slow.html") in (["timeout"], [])
    assert found.codes("2_slow.html") or found.articles("2_slow.html")
    assert [found.article(f"{n}_good.txt").text for n in (1, 3)] == [
        story("before"),
        story("after"),
    ]


def test_14_page_that_takes_too_much_memory_costs_itself_only(tmp_path: Path) -> None:
    """Small lists take twenty times the bytes that they are written in."""
    bad = '{"title": "Greedy", "text": [' + "[]," * 1_500_000 + "[]]}"
    rows = [{"title": f"Row {n}", "text": story(f"greed{n}")} for n in range(9)]
    found = ingested(
        tmp_path,
        {"a.jsonl": json_lines(*rows[:5], bad, *rows[5:])},
        max_page_mb=20,
        max_page_memory_mb=100,
    )

    assert [a.title for a in found.articles("a.jsonl")] == [row["title"] for row in rows]
    assert [a.position for a in found.articles("a.jsonl")] == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    assert [(r.code, r.line) for r in found.rejected("a.jsonl")] == [("memory", 6)]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("15_entities.html", "entity"),
        ("15_file.html", "outside"),
        ("15_entities.rss", "laugh"),
        ("15_file.rss", "reach"),
    ],
)
def test_15_entities_open_nothing_and_do_not_grow(batch: Batch, name: str, key: str) -> None:
    secret = Path("/etc/passwd").read_text("utf-8").split("\n")[0]
    texts = [a.text for a in batch.articles(name)]
    assert texts or batch.codes(name) == ["xml"]
    assert all(text.startswith(story(key)) and len(text) < 2 * len(story(key)) for text in texts)
    assert all(secret not in text for text in texts)


def test_16_active_markup_is_text_or_gone(batch: Batch) -> None:
    """What the page showed as text stays text, and is escaped where it is shown (test_page)."""
    article = batch.article("16_markup.html")
    assert "steal" not in article.full_text
    assert HOSTILE in article.text
    assert story("markup") in article.text


def test_17_formulas_are_text_and_a_spreadsheet_is_told_so(batch: Batch, tmp_path: Path) -> None:
    articles = batch.articles("17_formula.jsonl")
    titles = [f"{start}HYPERLINK(1)" for start in "=+-@"]
    assert [a.title for a in articles] == titles

    path = tmp_path / "labelled.csv"
    write_labelled(path, [labelled(a) for a in articles])

    with path.open(encoding="utf-8", newline="") as file:
        cells = [row["title"] for row in csv.DictReader(file)]
    assert cells == [f"'{title}" for title in titles]
    assert [cell.removeprefix("'") for cell in cells] == titles


def labelled(article: Article) -> Labelled:
    return Labelled(
        article_id=article.article_id,
        content_id=article.content_id,
        source_file=article.source_file,
        position=article.position,
        title=article.title,
        published=None,
        source=None,
        theme="unknown",
        theme_name="",
        probability=0.0,
        alternatives=(),
        novelty=0.0,
        reason="",
        duplicate_group=article.duplicate_group,
        is_canonical=True,
        seen_before=None,
        model_version="1",
    )


NAMES = [
    "two\nlines.txt",
    "-rf.txt",
    "quotes'\".txt",
    "<img src=x onerror=alert(1)>.txt",
    "n" * 246 + ".txt",
    "caf\u00e9.txt",
    "cafe\u0301.txt",
    "A.txt",
    "a.txt",
    "=1+1.txt",
]


def test_18_odd_names_are_names_and_each_has_its_own_ids(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    write(raw, {name: page("named") for name in NAMES})
    if len(list(raw.iterdir())) < len(NAMES):
        pytest.skip("this file system takes some of these names for the same")
    bad = os.fsencode(raw) + b"/b\xff.txt"
    try:
        Path(os.fsdecode(bad)).write_bytes(page("named"))
    except OSError:
        bad = b""

    paths = Paths(tmp_path / "out", tmp_path / "out")
    ingest_into(paths, [raw], PARAMS)

    articles = read_rows(paths.articles, Article)
    assert sorted(a.source_file for a in articles) == sorted(NAMES)
    assert len({a.article_id for a in articles}) == len(NAMES)
    assert len({a.content_id for a in articles}) == 1
    rejected = [json.loads(line) for line in paths.rejected.read_text("ascii").splitlines()]
    assert [(r["source_file"], r["code"]) for r in rejected] == [("b\\xff.txt", "filename")] * bool(
        bad
    )
    assert len(capfd.readouterr().err.splitlines()) == 1


def test_19_what_is_no_file_or_lies_elsewhere_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(page("secret"))
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "good.txt").write_bytes(page("good"))
    (raw / "out.txt").symlink_to(tmp_path / "secret.txt")
    (raw / "absolute.txt").symlink_to("/etc/passwd")
    (raw / "up.txt").symlink_to("../secret.txt")
    (raw / "self.txt").symlink_to("self.txt")
    (raw / "loop").symlink_to(raw)
    (raw / "device.txt").symlink_to("/dev/zero")
    os.mkfifo(raw / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(raw / "socket.txt"))
        found = Batch(ingest([raw], PARAMS))

    refused = ["absolute", "device", "loop", "out", "pipe", "self", "socket", "up"]
    assert [a.source_file for a in found.all.articles] == ["good.txt"]
    assert {(r.source_file.removesuffix(".txt"), r.code) for r in found.all.rejected} == {
        (name, "path") for name in refused
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_19_file_without_the_right_to_read_it_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": page("good"), "b.txt": page("closed")})
    (tmp_path / "b.txt").chmod(0)

    assert Batch(ingest([tmp_path], PARAMS)).codes("b.txt") == ["path"]


def test_19_file_that_is_given_twice_is_read_once(tmp_path: Path) -> None:
    path = write(tmp_path, {"a.txt": page("good")}) / "a.txt"

    assert len(ingest([path, tmp_path, path], PARAMS).articles) == 1


def test_20_broken_lines_of_json_are_told_by_line_and_the_others_kept(batch: Batch) -> None:
    name = "20_broken.jsonl"
    assert [(a.position, a.title) for a in batch.articles(name)] == [
        (0, "First"),
        (1, "Last wins"),
        (2, None),
        (6, "7"),
    ]
    assert [(r.line, r.code) for r in batch.rejected(name)] == [
        (5, "json"),
        (6, "json"),
        (7, "no_text"),
        (9, "json"),
    ]


def test_21_broken_archives_give_what_is_whole(batch: Batch) -> None:
    assert set(batch.codes("21_garbage.warc")) == {"warc"}
    for name, texts in {
        "21_garbage.warc": [],
        "21_cut_off.warc.gz": [story("kept0"), story("kept1")],
        "21_lying.warc": [story("before")],
        "21_headless.warc": [story("above")],
    }.items():
        assert [a.text for a in batch.articles(name)] == texts, name
        assert set(batch.codes(name)) == {"warc"}, name


@pytest.mark.parametrize("name", ["22_path.rss", "22_address.rss"])
def test_22_feed_is_never_a_place_to_read_from(batch: Batch, name: str) -> None:
    assert (batch.articles(name), batch.codes(name)) == ([], ["xml"])


@pytest.mark.parametrize("name", ["23_marker.txt", "23_listing.txt", "23_stamp.txt"])
def test_23_header_of_a_layout_alone_is_no_mistake(batch: Batch, name: str) -> None:
    assert len(batch.articles(name)) + len(batch.rejected(name)) == 1
    assert set(batch.codes(name)) <= {"empty", "too_short"}


@pytest.mark.parametrize("name", ["24_clock.txt", "24_gaps.txt"])
def test_24_what_looks_like_a_layout_stays_one_article(batch: Batch, name: str) -> None:
    article = batch.article(name)
    assert article.kind == "article"
    assert article.n_words > 100


def test_25_live_blog_without_a_date_has_none_and_its_empty_post_is_told(batch: Batch) -> None:
    name = "25_undated.txt"
    assert [a.published for a in batch.articles(name)] == [None, None]
    assert [(r.code, "No word yet" in r.message) for r in batch.rejected(name)] == [("empty", True)]


def test_25_live_blog_turns_at_midnight_and_its_repeat_is_a_copy(tmp_path: Path) -> None:
    posts = [
        ("Third post", "00:20", "third"),
        ("Second post", "23:50", "second"),
        ("Second post", "23:50", "second"),
        ("First post", "23:10, Tuesday 21 January 2025", "first"),
    ]
    text = "\n\n".join(f"{title}\n{stamp} , Ann Lee\n{story(key)}" for title, stamp, key in posts)

    articles = ingested(tmp_path, {"a.txt": text.encode()}).articles("a.txt")

    assert [a.published for a in articles] == ["2025-01-22", *["2025-01-21"] * 3]
    assert [a.kind for a in articles] == ["liveblog_entry"] * 4
    assert articles[1].duplicate_group == articles[2].duplicate_group


def test_26_dates_are_read_by_the_evidence_of_the_page_or_not_at_all(batch: Batch) -> None:
    articles = batch.articles("26_dates.jsonl")
    assert [a.published for a in articles] == [
        "2025-07-09",
        "2025-06-30",
        None,
        "2025-01-21",
        None,
        None,
        None,
    ]
    assert all(article.notes for article in articles if article.published is None)


def test_27_thousands_of_stubs_are_no_group(tmp_path: Path) -> None:
    rows = [{"text": f"Stub {n} of five words"} for n in range(10_000)]

    found = ingested(tmp_path, {"a.jsonl": json_lines(*rows)}, min_words=1)

    assert len({a.duplicate_group for a in found.all.articles}) == 10_000


def test_28_article_that_is_cut_off_belongs_to_the_whole_one(tmp_path: Path) -> None:
    # No two sentences share a word.
    words = ["".join(letters) for letters in itertools.product("bdklmnprst", "aeiou", "bdklmnpr")]
    whole = " ".join(f"The {' '.join(words[n : n + 10])}." for n in range(0, 400, 10))
    title = "Plans for three districts"
    found = ingested(
        tmp_path,
        {
            "whole.txt": f"{title}\n\n{whole}\n".encode(),
            "part.txt": f"{title}\n\n{whole[: len(whole) // 2]}\n".encode(),
        },
    )

    part, full = found.article("part.txt"), found.article("whole.txt")
    assert part.duplicate_group == full.duplicate_group == full.content_id
    assert (part.duplicate_kind, full.duplicate_kind) == ("contained", "unique")
    assert (part.is_canonical, full.is_canonical) == (False, True)


def test_29_other_machines_and_orders_give_the_same_bytes(tmp_path: Path) -> None:
    names = ["good.txt", "02_utf16.jsonl", "08_hidden.txt", "08_shown.txt", "20_broken.jsonl"]
    names += ["06_cp1251.txt", "16_markup.html", "21_cut_off.warc.gz", "26_dates.jsonl"]
    folder = tmp_path / "pages"
    folder.mkdir()
    write(folder, {name: FILES[name] for name in names})
    rows = [{"title": f"Row {n}", "text": story(f"row{n % 300}")} for n in range(400)]
    (folder / "rows.jsonl").write_bytes(json_lines(*rows))

    results = []
    for cores, environment in (
        ("1", {"PYTHONHASHSEED": "1", "TZ": "UTC", "LANG": "C.UTF-8"}),
        ("8", {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LANG": "C", "LC_ALL": "C"}),
    ):
        # The second one gets its files in another order, from another place.
        given = sorted(folder.iterdir(), reverse=cores == "8")
        if cores == "8":
            elsewhere = tmp_path / "elsewhere"
            elsewhere.mkdir()
            given = [Path(shutil.copy(path, elsewhere)) for path in given]
        out = tmp_path / cores
        code = (
            "import sys; from pathlib import Path\n"
            "from pipeline.io.params import load_params; from pipeline.io.paths import Paths\n"
            "from pipeline.stages import ingest as stage\n"
            f"stage.n_cores = lambda: {cores}; stage._WORTH_A_PROCESS = 1e-6\n"
            f"out = Path({str(out)!r}); params = load_params(Path({str(CHECKOUT / 'params.yaml')!r}))\n"
            "stage.ingest_into(Paths(out, out), [Path(name) for name in sys.argv[1:]], params.ingest)"
        )
        subprocess.run(
            [sys.executable, "-c", code, *map(str, given)],
            check=True,
            cwd=CHECKOUT,
            env=os.environ | environment,
            capture_output=True,
        )
        paths = Paths(out, out)
        results.append(
            [p.read_bytes() for p in (paths.articles, paths.rejected, paths.metrics("ingest"))]
        )

    assert results[0] == results[1]


def test_30_texts_that_are_all_the_same_are_one_group(tmp_path: Path) -> None:
    found = ingested(tmp_path, {f"{n}.txt": page("same") for n in range(20)})

    assert found.all.counts["n_distinct"] == 1
    assert found.all.counts["n_exact"] == 19


def test_30_nothing_left_is_an_error_that_says_why(tmp_path: Path) -> None:
    found = ingested(tmp_path, {"a.txt": b"Too short\n\nA few.\n", "b.txt": PNG}).all

    with pytest.raises(InputError, match=r"no articles \(got 2 rejected items: ") as error:
        check_articles(found.tally, [tmp_path])
    assert error.value.exit_code == 4
