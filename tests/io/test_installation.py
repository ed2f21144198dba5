"""What is installed and set up around the project."""

from __future__ import annotations

import os
import time
from importlib import metadata
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.io import installation


def test_drift_names_packages_that_differ_and_only_those(tmp_path: Path) -> None:
    lock = tmp_path / "requirements.lock"
    numpy = metadata.version("numpy")
    lock.write_text(
        f"# comment\nnumpy=={numpy}\npyarrow==0.1\nnot-installed-here==1.0\n"
        "pydantic==0.1 ; python_full_version < '3'\n"
    )
    assert installation.find_drift(lock) == [f"pyarrow {metadata.version('pyarrow')} (==0.1)"]


def test_a_build_of_the_same_version_is_no_drift(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metadata, "version", lambda _: "2.13.0+cpu")
    (tmp_path / "lock").write_text("torch==2.13.0\n")
    assert installation.find_drift(tmp_path / "lock") == []


def test_a_lock_file_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not readable"):
        installation.find_drift(tmp_path / "lock")
    (tmp_path / "lock").write_text("<<<<<<< HEAD\n")
    with pytest.raises(InputError, match="not a list of name==version"):
        installation.find_drift(tmp_path / "lock")


def test_nothing_that_the_package_needs_is_missing_here() -> None:
    assert installation.find_missing("newsthemes") == []
    assert installation.find_missing("no-such-distribution") == ["no-such-distribution"]


def test_dvc_is_told_to_do_without_git_and_with_it_again(tmp_path: Path) -> None:
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config.local").write_text("[cache]\n    type = copy\n")
    assert not installation.is_set_without_git(tmp_path)
    installation.set_without_git(tmp_path, without=True)
    assert installation.is_set_without_git(tmp_path)
    installation.set_without_git(tmp_path, without=False)
    assert not installation.is_set_without_git(tmp_path)
    assert "type = copy" in (tmp_path / ".dvc" / "config.local").read_text()


def test_a_folder_below_a_repository_is_in_git(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / ".git").mkdir()
    assert installation.is_in_git(tmp_path / "a" / "b")


def test_stages_are_those_of_dvc_yaml_also_without_git(tmp_path: Path) -> None:
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config").write_text("[core]\n    no_scm = true\n")
    (tmp_path / "dvc.yaml").write_text("stages:\n  one:\n    cmd: echo 1\n")
    assert installation.read_stages(tmp_path) == ["one"]
    (tmp_path / "dvc.yaml").write_text("stages:\n  one:\n    cmdx: echo 1\n")
    with pytest.raises(InputError, match=r"DVC cannot read the project \(.*\); mend dvc\.yaml"):
        installation.read_stages(tmp_path)


def test_only_old_temporary_files_are_leftovers(tmp_path: Path) -> None:
    old, young = tmp_path / "data" / ".tmp-old.json", tmp_path / "data" / ".tmp-young.json"
    (tmp_path / "data").mkdir()
    for path in (old, young, tmp_path / "data" / "kept.json"):
        path.write_text("")
    long_ago = time.time() - installation.STALE_SECONDS - 60
    os.utime(old, (long_ago, long_ago))
    os.utime(tmp_path / "data" / "kept.json", (long_ago, long_ago))
    assert installation.find_leftovers(tmp_path / "data", tmp_path / "absent") == [old]


def test_a_link_that_leads_nowhere_is_a_leftover_like_any_other(tmp_path: Path) -> None:
    link = tmp_path / ".tmp-link"
    link.symlink_to(tmp_path / "gone")
    assert installation.find_leftovers(tmp_path) == []
    long_ago = time.time() - installation.STALE_SECONDS - 60
    os.utime(link, (long_ago, long_ago), follow_symlinks=False)
    assert installation.find_leftovers(tmp_path) == [link]


def test_what_vanishes_while_we_look_is_no_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [(str(tmp_path), [".tmp-folder"], [".tmp-file"])]
    monkeypatch.setattr(os, "walk", lambda _: listed)
    assert installation.find_leftovers(tmp_path) == []
