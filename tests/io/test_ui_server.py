"""How MLflow's pages are started."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from pipeline.errors import BusyError
from pipeline.io import ui_server


def test_the_server_is_small_local_and_runs_in_the_checkout(tmp_path: Path) -> None:
    port = ui_server.find_free_port(20_000)
    command = ui_server.build_ui_command(
        tmp_path, store="sqlite:///mlruns/mlflow.db", artifacts="mlruns/artifacts", port=port
    )
    line = " ".join(command.argv)
    assert "--backend-store-uri sqlite:///mlruns/mlflow.db" in line
    assert f"--host 127.0.0.1 --port {port} --workers 1" in line
    assert command.environment["MLFLOW_SERVER_ENABLE_JOB_EXECUTION"] == "false"
    assert (command.folder, command.url, command.note) == (
        tmp_path,
        f"http://127.0.0.1:{port}",
        "",
    )


def test_a_taken_port_gives_the_next_one_and_says_so(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((ui_server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = ui_server.build_ui_command(tmp_path, store="s", artifacts="a", port=port)
        assert command.note.startswith(f"port {port} is taken; using ")
        assert f"--port {port} " not in " ".join(command.argv)


def test_when_all_ports_are_taken_the_message_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui_server, "_N_PORTS", 1)
    with socket.socket() as taken:
        taken.bind((ui_server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BusyError, match=f"ports {port} to {port}: all taken"):
            ui_server.find_free_port(port)
