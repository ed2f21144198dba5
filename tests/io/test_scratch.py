"""Folders that are needed only while work goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io.scratch import scratch_folder


def test_folder_is_there_for_the_work_and_gone_after_it(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "new") as folder:
        (folder / "a").write_text("x")
        assert folder.parent == tmp_path / "new"

    assert list(tmp_path.iterdir()) == []


def test_place_that_holds_something_else_by_then_stays(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "new"):
        (tmp_path / "new" / "result").write_text("x")

    assert [path.name for path in (tmp_path / "new").iterdir()] == ["result"]


def test_folder_is_removed_also_after_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(LookupError), scratch_folder(tmp_path):
        raise LookupError

    assert list(tmp_path.iterdir()) == []


def test_folder_of_a_killed_process_is_swept_and_that_of_a_living_one_is_not(
    tmp_path: Path,
) -> None:
    code = (
        "import sys, time; from pathlib import Path\n"
        "from pipeline.io.scratch import scratch_folder\n"
        f"with scratch_folder(Path({str(tmp_path)!r})) as folder:\n"
        "    print(folder, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
        assert other.stdout
        folder = Path(other.stdout.readline().decode().strip())
        with scratch_folder(tmp_path):
            assert folder.exists()
        other.kill()
        other.wait()
    assert folder.exists()

    with scratch_folder(tmp_path):
        assert not folder.exists()


def test_place_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with (
        pytest.raises(InputError, match="file: cannot be written"),
        scratch_folder(tmp_path / "file"),
    ):
        pass
