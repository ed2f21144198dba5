# Thin aliases: the logic is in the package. `make` alone lists what there is.
PY ?= python3
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup repro test check quality golden ui doctor lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.installed  ## make the environment (.venv) and prepare mlruns/
	@newsthemes doctor --fix --quiet

.venv/.installed: pyproject.toml requirements.lock
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "newsthemes needs Python 3.11 or newer: call make PY=python3.11")'
	test -x $(BIN)/python || $(PY) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev]'
	@touch $@

repro: setup  ## retrain what changed, then show what was found
	@dvc repro
	@newsthemes show

test: setup  ## run the whole test suite
	pytest -n auto

check: setup  ## lint, format and types
	ruff check .
	ruff format --check .
	mypy

ui: setup  ## compare runs in MLflow's browser interface
	@newsthemes ui

doctor: setup  ## say what is wrong with this installation
	@newsthemes doctor

lock:  ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --all-extras --universal --python-version 3.11 --no-annotate --no-header -o requirements.lock

clean:  ## remove the environment; data and experiments stay
	rm -rf .venv *.egg-info
