"""How MLflow's web pages are started: small, local, and on a free port."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BusyError

HOST = "127.0.0.1"
#: Ports tried, upwards from the one asked for.
_N_PORTS = 20


@dataclass(frozen=True, slots=True)
class UiCommand:
    """What to run, and where: `argv` with `environment` in `folder`; people open `url`.

    `note` says in one line what differs from what was asked for; empty where nothing does.
    """

    argv: tuple[str, ...]
    environment: dict[str, str]
    folder: Path
    url: str
    note: str = ""


def build_ui_command(home: Path, *, store: str, artifacts: str, port: int) -> UiCommand:
    """Command that serves `store` on this machine only.

    One worker and no job runner take 0.5 GB instead of 2 GB. The working folder is the checkout,
    against which MLflow resolves the relative places in its database.

    Raises
    ------
    BusyError
        If `port` and the next ports after it are all taken.
    """
    free = find_free_port(port)
    argv = (
        *(sys.executable, "-m", "mlflow", "server"),
        *("--backend-store-uri", store),
        *("--default-artifact-root", artifacts),
        *("--host", HOST, "--port", str(free), "--workers", "1"),
    )
    settings = {
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "DO_NOT_TRACK": "true",
    }
    note = "" if free == port else f"port {port} is taken; using {free} instead"
    return UiCommand(argv, {**os.environ, **settings}, home, f"http://{HOST}:{free}", note)


def serve_until_interrupted(command: UiCommand) -> int:
    """Run the server until it ends or we are interrupted; give its exit code, 0 on interruption.

    It starts processes of its own, so it runs as a group, and the whole group is ended.
    """
    server = subprocess.Popen(
        command.argv, env=command.environment, cwd=command.folder, start_new_session=True
    )
    try:
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def find_free_port(port: int) -> int:
    """`port`, or the first free one after it; BusyError where 20 in a row are taken."""
    last = min(port + _N_PORTS - 1, 65535)
    for candidate in range(port, last + 1):
        with socket.socket() as probe:
            # As the server does: a port that a past server has just left is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            return candidate
    raise BusyError(f"ports {port} to {last}: all taken; choose another port")
