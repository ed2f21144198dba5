"""What names a batch, where it lies, and who may work on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import BusyError
from pipeline.io.batches import fingerprint_batch, holding_batch, place_batch
from pipeline.io.paths import Paths
from pipeline.io.readers import find_files

FINGERPRINT = "0123456789abcdef" * 4


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text("One page.")
    (folder / "b.docx").write_text("No page.")
    return folder


def fingerprint(pages: Path, *settings: object) -> str:
    return fingerprint_batch(find_files([pages]), *settings)


def test_the_same_pages_are_the_same_batch_wherever_they_lie(pages: Path, tmp_path: Path) -> None:
    before = fingerprint(pages, "model", {"b": 1, "a": 2})
    moved = pages.rename(tmp_path / "moved")
    assert fingerprint(moved, "model", {"a": 2, "b": 1}) == before


@pytest.mark.parametrize("change", ["content", "name", "refused", "more", "settings"])
def test_whatever_changes_a_label_is_another_batch(change: str, pages: Path) -> None:
    before = fingerprint(pages, "model")
    if change == "content":
        (pages / "a.txt").write_text("Two page.")
    elif change == "name":
        (pages / "a.txt").rename(pages / "c.txt")
    elif change == "refused":
        (pages / "b.docx").unlink()
    elif change == "more":
        (pages / "d.txt").write_text("")
    assert fingerprint(pages, "other" if change == "settings" else "model") != before


def test_a_batch_lies_in_the_project(tmp_path: Path) -> None:
    place = place_batch(Paths.of_project(tmp_path), tmp_path / "out.csv", FINGERPRINT)
    assert place.home is None
    assert place.batch.folder == tmp_path / "data" / "batches" / "0123456789ab"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("blocked", ["data/batches", "data/cache"])
def test_beside_the_result_where_the_project_cannot_be_written(
    blocked: str, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / blocked).write_text("a file in its place")
    place = place_batch(Paths.of_project(tmp_path), tmp_path / "out" / "x.csv", FINGERPRINT)

    assert place.home == tmp_path / "out" / ".tmp-label-0123456789ab"
    for path in (place.batch.folder, place.vectors, place.ledger, place.work):
        assert path.is_relative_to(place.home)
    place.work.mkdir(parents=True)
    place.clear()
    assert not place.home.exists()


def test_what_is_needed_meanwhile_goes_and_what_was_labelled_stays(tmp_path: Path) -> None:
    place = place_batch(Paths.of_project(tmp_path), tmp_path / "out.csv", FINGERPRINT)
    place.work.mkdir(parents=True)
    place.batch.labelled.write_bytes(b"x")
    (place.batch.folder / ".tmp-half.parquet").write_bytes(b"x")
    place.sweep()
    place.clear()
    assert list(place.batch.folder.iterdir()) == [place.batch.labelled]
    place.batch.labelled.unlink()
    place.clear()
    assert not place.batch.folder.exists()


def test_one_process_at_a_time(tmp_path: Path) -> None:
    paths = Paths.of_project(tmp_path)
    place = place_batch(paths, tmp_path / "out.csv", FINGERPRINT)
    other = place_batch(paths, tmp_path / "out.csv", FINGERPRINT[::-1])
    with (
        holding_batch(place),
        holding_batch(other),
        pytest.raises(BusyError, match="another process is labelling these pages; wait"),
        holding_batch(place),
    ):
        pass
    with holding_batch(place):
        pass
