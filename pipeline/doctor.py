"""Is everything in place, and what mends it: `newsthemes doctor [--fix]`."""

from __future__ import annotations

import contextlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import tracking
from pipeline.errors import ContractError, NewsthemesError
from pipeline.io import installation
from pipeline.io.catalogue import load_catalogue
from pipeline.io.command import say
from pipeline.io.encoders import encoder_for
from pipeline.io.files import read_json
from pipeline.io.labels import load_labels
from pipeline.io.models import load_model, model_version
from pipeline.io.params import Params, load_params
from pipeline.io.paths import Paths
from pipeline.io.registry import (
    DATABASE,
    champion_folder,
    check_database,
    find_restorable,
    recover_database,
    restore_model,
    set_database_aside,
)
from pipeline.stages import track

OLDEST_PYTHON = (3, 11)

_FIX = "run: newsthemes doctor --fix"
_SETUP = "run: make setup"
_REPRO = "run: dvc repro"
#: Names shown of a long list.
_N_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `fix` says what a person does about it and is empty where all is well.

    `message` is one line, or one line for each problem of a file that people edit.
    """

    name: str
    ok: bool
    message: str
    fix: str = ""

    @property
    def is_todo(self) -> bool:
        """Whether a run of the pipeline settles it: work that is due, and no failure."""
        return not self.ok and "dvc repro" in self.fix

    @property
    def is_bad(self) -> bool:
        """Whether the installation itself is at fault."""
        return not self.ok and not self.is_todo

    @property
    def mark(self) -> str:
        """One word that says so: `ok`, `todo` or `BAD`."""
        return "ok" if self.ok else "todo" if self.is_todo else "BAD"


class _Problem(Exception):
    """Something is wrong; `mend`, where there is one, puts it right."""

    def __init__(self, message: str, fix: str, mend: Callable[[], object] | None = None) -> None:
        super().__init__(message)
        self.fix = fix
        self.mend = mend


def examine(paths: Paths, *, fix: bool = False) -> list[Finding]:
    """Look at everything; with `fix`, mend what can be mended and say how things are then.

    Mending makes mlruns/, tells DVC whether there is git, gives a damaged champion its files back,
    logs a run again that MLflow has lost, sets a damaged database aside, and sweeps files that
    killed stages left behind. What people wrote is never touched, and without `fix` nothing is;
    nor is anything in a folder that is no checkout.
    """
    if not (paths.root / "dvc.yaml").is_file():
        message = f"{paths.root.absolute()} is no newsthemes checkout (it has no dvc.yaml)"
        return [Finding("checkout", ok=False, message=message, fix="go to the checkout's folder")]
    findings = []
    for name in CHECKS:
        finding, repair = _look(name, paths)
        if fix and repair is not None:
            finding = _mend_one(name, paths, finding, repair)
        findings.append(finding)
    return findings


def _mend_one(name: str, paths: Paths, found: Finding, repair: Callable[[], object]) -> Finding:
    try:
        repair()
    except NewsthemesError as error:
        reason, remedy = _split(error)
        return replace(found, message=f"{found.message}; mending failed: {reason}", fix=remedy)
    except OSError as error:
        return replace(found, message=f"{found.message}; mending failed: {error}")
    after, _ = _look(name, paths)
    return (
        replace(after, message=f"mended ({found.message}): {after.message}") if after.ok else after
    )


def _look(name: str, paths: Paths) -> tuple[Finding, Callable[[], object] | None]:
    try:
        return Finding(name, ok=True, message=CHECKS[name](paths)), None
    except _Problem as problem:
        return Finding(name, ok=False, message=str(problem), fix=problem.fix), problem.mend
    except NewsthemesError as error:
        message, fix = _split(error)
        return Finding(name, ok=False, message=message, fix=fix), None


def _split(error: NewsthemesError) -> tuple[str, str]:
    """What is wrong and what to do, which ends the message; nothing where it says nothing."""
    message, _, fix = str(error).rpartition("; ")
    return (message, fix) if message else (fix, "")


def _check_python(_paths: Paths) -> str:
    found = sys.version_info[:2]
    if found < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        raise _Problem(
            f"Python {found[0]}.{found[1]}, {wanted} is needed", f"install it, then {_SETUP}"
        )
    return f"{found[0]}.{found[1]}"


def _check_packages(paths: Paths) -> str:
    missing = installation.find_missing("newsthemes")
    if missing:
        raise _Problem(f"not installed: {_shown(missing)}", _SETUP)
    drift = installation.find_drift(paths.root / "requirements.lock")
    if drift:
        raise _Problem(f"other versions than requirements.lock names: {_shown(drift)}", _SETUP)
    return "as requirements.lock names them"


def _check_params(paths: Paths) -> str:
    load_params(paths.params)
    return "valid"


def _check_catalogue(paths: Paths) -> str:
    return f"{len(load_catalogue(paths.catalogue).themes)} themes"


def _check_labels(paths: Paths) -> str:
    return f"{len(load_labels(paths.labels))} labels"


def _check_encoder(paths: Paths) -> str:
    settings = load_params(paths.params).embed
    encoder_for(settings)
    return f"{settings.model} ({settings.backend})"


def _check_git(paths: Paths) -> str:
    if not (paths.root / ".dvc").is_dir():
        raise _Problem(f"{paths.root / '.dvc'} is missing", "get the whole project again")
    has_git = installation.is_in_git(paths.root)
    if has_git == installation.is_set_without_git(paths.root):
        message = "DVC is set up without git" if has_git else "no git, and DVC expects it"
        raise _Problem(
            message, _FIX, lambda: installation.set_without_git(paths.root, without=not has_git)
        )
    return "in a repository" if has_git else "none; DVC does without (no `dvc exp`)"


def _check_dvc(paths: Paths) -> str:
    stages = installation.read_stages(paths.root)
    if not stages:
        raise _Problem("dvc.yaml names no stages", "get dvc.yaml again")
    return f"{len(stages)} stages"


def _check_database(paths: Paths) -> str:
    custom = tracking.custom_uri(paths)
    if custom is not None:
        return f"runs go to {custom} (MLFLOW_TRACKING_URI)"
    wrong = check_database(paths.mlruns)
    if wrong is not None:
        raise _Problem(f"mlruns/{DATABASE} is {wrong}", _FIX, lambda: _renew_database(paths))
    kept = sorted(path.name for path in paths.mlruns.glob(f"{DATABASE}.damaged-*[0-9]"))
    history = f"; the history before is kept in {_shown(kept)}" if kept else ""
    return f"mlruns/{DATABASE}{history}"


def _renew_database(paths: Paths) -> None:
    """Start a new database; a damaged one is kept beside it, for what may be saved of it."""
    if (paths.mlruns / DATABASE).exists() and not recover_database(paths.mlruns):
        kept = set_database_aside(paths.mlruns)
        say(f"doctor: the history of runs so far is kept in mlruns/{kept.name}")
    tracking.initialise(paths)


def _check_run(paths: Paths) -> str:
    if not paths.run.exists():
        return f"none yet; {_REPRO}"
    if tracking.custom_uri(paths) is None and check_database(paths.mlruns) is not None:
        raise _Problem("cannot be looked up without a sound database", _FIX)
    params = load_params(paths.params)
    run = read_json(paths.run)
    if tracking.is_logged(paths, str(run.get("experiment")), str(run.get("fingerprint"))):
        return "the present result is in MLflow"
    if run != track.identify(paths, params):
        raise _Problem("data/ has changed since it was tracked, and MLflow lacks the run", _REPRO)
    message = "the present result is not in MLflow, or not whole"
    raise _Problem(message, _FIX, lambda: _put_back(paths, params))


def _put_back(paths: Paths, params: Params) -> None:
    """Give the champion its files back where we have them; log the result where MLflow lacks it.

    Where the champion cannot be saved, the present result takes its place.
    """
    damaged = find_restorable(paths.mlruns, params.track.model_name, paths.model)
    if damaged is not None:
        restore_model(paths.model, damaged)
    if _is_present(paths, params):
        track.run(paths, params)


def _is_present(paths: Paths, params: Params) -> bool:
    """Whether data/ holds, unchanged, the result that was tracked last."""
    try:
        return bool(read_json(paths.run) == track.identify(paths, params))
    except ContractError:
        return False


def _check_model(paths: Paths) -> str:
    if not paths.model.exists():
        return f"none yet; {_REPRO}"
    n_themes = len(load_model(paths.model).classes)
    version = model_version(paths.model)
    if paths.run.exists() and read_json(paths.run).get("model_version_hash") != version:
        raise _Problem(f"data/model ({version}) is not the one in data/run.json", _REPRO)
    return f"{version}, {n_themes} themes"


def _check_champion(paths: Paths) -> str:
    if tracking.custom_uri(paths) is not None:
        return "kept by the user's own MLflow"
    if paths.run.exists() and check_database(paths.mlruns) is not None:
        raise _Problem("cannot be looked up without a sound database", _FIX)
    params = load_params(paths.params)
    name = params.track.model_name
    try:
        champion = champion_folder(paths.mlruns, name)
    except ContractError as error:
        raise _champion_problem(paths, params, _split(error)[0]) from error
    if champion is None and paths.run.exists():
        raise _champion_problem(paths, params, f"no version of {name} is champion")
    if champion is None:
        return f"none yet; {_REPRO}"
    return f"version {champion.version}, {len(load_model(champion.folder).classes)} themes"


def _champion_problem(paths: Paths, params: Params, message: str) -> _Problem:
    """A champion is mended from data/, where that is what it was made from or a whole result."""
    restorable = find_restorable(paths.mlruns, params.track.model_name, paths.model)
    if restorable is None and not _is_present(paths, params):
        return _Problem(message, _REPRO)
    return _Problem(message, _FIX, lambda: _put_back(paths, params))


def _check_leftovers(paths: Paths) -> str:
    found = installation.find_leftovers(paths.data, paths.mlruns)
    if found:
        raise _Problem(
            f"{len(found)} temporary files of stages that were killed", _FIX, lambda: _sweep(found)
        )
    return "no temporary files"


def _sweep(found: list[Path]) -> None:
    for path in found:
        if path.is_dir() and not path.is_symlink():
            with contextlib.suppress(FileNotFoundError):  # somebody else swept it
                shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _shown(names: list[str]) -> str:
    more = f" and {len(names) - _N_SHOWN} more" if len(names) > _N_SHOWN else ""
    return ", ".join(names[:_N_SHOWN]) + more


#: In the order in which they are mended: a run is logged again into a database that is sound.
CHECKS: dict[str, Callable[[Paths], str]] = {
    "python": _check_python,
    "packages": _check_packages,
    "params.yaml": _check_params,
    "themes.yaml": _check_catalogue,
    "labels.csv": _check_labels,
    "encoder": _check_encoder,
    "git": _check_git,
    "dvc": _check_dvc,
    "database": _check_database,
    "model": _check_model,
    "run": _check_run,
    "champion": _check_champion,
    "leftovers": _check_leftovers,
}
