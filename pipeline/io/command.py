"""Run one piece of work for a person: mistakes become one clear line and an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

from pipeline.errors import NewsthemesError
from pipeline.io.paths import Paths

if TYPE_CHECKING:
    from pipeline.io.params import Params


def run_guarded(work: Callable[[], object], *, debug: bool = False) -> int:
    """Do `work` and return the exit code: 0 done, 2–5 see `errors`, 130 interrupted.

    With `debug`, a mistake keeps its traceback. Anything that is no `NewsthemesError` is a bug
    and always keeps it.
    """
    for ending in (signal.SIGTERM, signal.SIGHUP):  # HUP: the terminal was closed
        signal.signal(ending, _interrupt)
    try:
        work()
    except NewsthemesError as error:
        if debug:
            raise
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("interrupted; files are whole, run the command again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our standard output went away (`| head`): nothing left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def run_stage(run: Callable[[Paths, Params], None]) -> None:
    """Run a stage of dvc.yaml in the current folder and exit with its code."""
    from pipeline.io.params import load_params  # slow, and `newsthemes --help` has no use for it

    def work() -> None:
        paths = Paths.of_project()
        run(paths, load_params(paths.params))

    sys.exit(run_guarded(work, debug=bool(os.environ.get("NEWSTHEMES_DEBUG"))))


def say(message: str) -> None:
    """Tell the person what happened; on standard error, so that data can be piped."""
    print(message, file=sys.stderr)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
