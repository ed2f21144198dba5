"""What is installed and set up around the project: packages, DVC, git, leftovers."""

from __future__ import annotations

import configparser
import contextlib
import os
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

from pipeline.errors import InputError

#: A younger temporary file may belong to a stage that is running now.
STALE_SECONDS = 3600.0
_DVC_SECONDS = 60


def find_drift(lock: Path) -> list[str]:
    """Installed packages that differ from the lock file, as `name installed (locked)`, sorted.

    Packages that are locked but not installed do not count: the lock also names those of other
    systems. The local part of a version (`+cpu`) does not count either.

    Raises
    ------
    InputError
        If the lock file is missing or not a list of `name==version`.
    """
    from packaging.requirements import InvalidRequirement, Requirement

    drift = []
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
        requirements = [Requirement(line) for line in lines if line and not line.startswith("#")]
    except OSError as error:
        raise InputError(f"{lock}: not readable ({error.strerror}); get it back") from error
    except InvalidRequirement as error:
        raise InputError(f"{lock}: not a list of name==version ({error}); get it back") from error
    for requirement in requirements:
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        try:
            installed = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            continue
        if not requirement.specifier.contains(installed.split("+")[0], prereleases=True):
            drift.append(f"{requirement.name} {installed} ({requirement.specifier})")
    return sorted(drift)


def find_missing(distribution: str) -> list[str]:
    """Names of packages that `distribution` needs (extras aside) and that are not installed."""
    from packaging.requirements import Requirement

    try:
        texts = metadata.requires(distribution) or []
    except metadata.PackageNotFoundError:
        return [distribution]
    missing = []
    for text in texts:
        requirement = Requirement(text)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        try:
            metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            missing.append(requirement.name)
    return sorted(missing)


def is_in_git(root: Path) -> bool:
    """Whether `root` lies in a git repository, by the rule that DVC goes by."""
    absolute = root.resolve()
    return any((folder / ".git").exists() for folder in (absolute, *absolute.parents))


def is_set_without_git(root: Path) -> bool:
    """Whether `.dvc/config.local` tells DVC to do without git."""
    config = configparser.ConfigParser(interpolation=None)
    try:
        config.read(root / ".dvc" / "config.local", encoding="utf-8")
        return config.getboolean("core", "no_scm", fallback=False)
    except (configparser.Error, OSError, ValueError):
        return False


def set_without_git(root: Path, *, without: bool) -> None:
    """Tell DVC, in this checkout only, whether to do without git; other settings stay.

    Raises
    ------
    InputError
        If DVC cannot write it.
    """
    change = ["core.no_scm", "true"] if without else ["--unset", "core.no_scm"]
    command = [sys.executable, "-m", "dvc", "config", "--local", *change]
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=_DVC_SECONDS, check=False
    )
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise InputError(
            f"{root / '.dvc' / 'config.local'}: not written ({reason[0]}); see that it can be "
            "written to, then run: newsthemes doctor --fix"
        )


def read_stages(root: Path) -> list[str]:
    """Names of the stages that DVC sees in `root`.

    Raises
    ------
    InputError
        If DVC cannot read the project.
    """
    from dvc.exceptions import DvcException
    from dvc.repo import Repo

    try:
        with Repo(str(root)) as repo:
            return sorted(getattr(stage, "name", "") for stage in repo.index.stages)
    except DvcException as error:
        reason = " ".join(str(error).split())
        raise InputError(
            f"{root}: DVC cannot read the project ({reason}); mend dvc.yaml and .dvc/config"
        ) from error


def find_leftovers(*folders: Path) -> list[Path]:
    """Temporary files and folders of stages that were killed, sorted; young ones are left out.

    Links are not followed: one that leads nowhere is a leftover like any other. What vanishes
    while we look belongs to a stage that is running.
    """
    oldest = time.time() - STALE_SECONDS
    found = []
    for start in folders:
        for folder, folders_below, files in os.walk(start):
            for name in (*folders_below, *files):
                if name.startswith(".tmp-"):
                    path = Path(folder, name)
                    with contextlib.suppress(FileNotFoundError):
                        found += [path] if path.lstat().st_mtime < oldest else []
    return sorted(found)
