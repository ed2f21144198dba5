"""Mistakes become one clear line and an exit code; bugs keep their traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import (
    BusyError,
    ContractError,
    InputError,
    NewsthemesError,
    ParamsError,
    TooManyRejected,
    UsageError,
)
from pipeline.io.command import run_guarded, run_stage, say
from pipeline.io.params import Params
from pipeline.io.paths import Paths
from tests.conftest import CHECKOUT


@pytest.fixture(autouse=True)
def own_signals() -> object:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def raising(error: BaseException) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_work_that_is_done_is_zero(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(lambda: "ignored") == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (UsageError, 2),
        (TooManyRejected, 3),
        (ParamsError, 4),
        (InputError, 4),
        (ContractError, 4),
        (BusyError, 5),
    ],
)
def test_each_mistake_is_one_message_and_its_code(
    kind: type[NewsthemesError], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_guarded(raising(kind("place: wrong; do this"))) == code
    assert capsys.readouterr() == ("", "place: wrong; do this\n")


def test_debug_keeps_the_traceback() -> None:
    with pytest.raises(InputError):
        run_guarded(raising(InputError("x")), debug=True)


def test_a_bug_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError):
        run_guarded(raising(ZeroDivisionError()))


def test_ctrl_c_is_130_and_says_that_files_are_whole(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_guarded(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err.startswith("interrupted; files are whole")


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_that_is_told_to_stop_does_so_without_a_traceback(
    signal_number: signal.Signals,
) -> None:
    code = (
        "import sys, time\nfrom pipeline.io.command import run_guarded\n"
        "def work():\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "sys.exit(run_guarded(work))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal_number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said == "interrupted; files are whole, run the command again to go on\n"


def test_a_reader_that_goes_away_is_no_mistake() -> None:
    code = (
        "import sys\nfrom pipeline.io.command import run_guarded\n"
        "def work():\n    for _ in range(100_000):\n        print('line', flush=True)\n"
        "sys.exit(run_guarded(work))"
    )
    done = subprocess.run(
        ["bash", "-c", f'"{sys.executable}" -c "$CODE" | head -1; echo "${{PIPESTATUS[0]}}"'],
        env=os.environ | {"CODE": code},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "line\n0\n"
    assert done.stderr == ""


def test_a_stage_gets_the_paths_and_params_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "params.yaml").write_text((CHECKOUT / "params.yaml").read_text("utf-8"))
    monkeypatch.chdir(tmp_path)
    seen: list[tuple[Paths, Params]] = []
    with pytest.raises(SystemExit) as ended:
        run_stage(lambda paths, params: seen.append((paths, params)))
    assert ended.value.code == 0
    ((paths, params),) = seen
    assert (paths.root, params.seed) == (tmp_path, 7)


def test_a_stage_without_params_ends_with_four(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWSTHEMES_DEBUG", raising=False)
    with pytest.raises(SystemExit) as ended:
        run_stage(lambda _paths, _params: None)
    assert ended.value.code == 4
    assert "params.yaml: missing; run from the project's folder" in capsys.readouterr().err
    monkeypatch.setenv("NEWSTHEMES_DEBUG", "1")
    with pytest.raises(ParamsError):
        run_stage(lambda _paths, _params: None)


def test_what_is_said_goes_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    say("so far so good")
    assert capsys.readouterr() == ("", "so far so good\n")
