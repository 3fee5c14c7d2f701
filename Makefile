# Wardbook. `make help` lists the targets; each does all of its own set-up.
# Settings come from the environment (README.md): WARDBOOK_PORT=9000 make serve

PYTHON ?= python3
BIN := .venv/bin
PACKAGES := app domain projections schema tests

# What CI says follows from the change alone: there sets have the same order in every run, as
# properties have the same examples (tests/conftest.py). Elsewhere each run tries something new.
ifdef CI
export PYTHONHASHSEED := 0
endif

.DEFAULT_GOAL := help
.PHONY: help serve test check format contracts bench faults clean .venv

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z.]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

serve: .venv/ready ## Install, start PostgreSQL, migrate and serve on 127.0.0.1:8000
	@exec $(BIN)/wardbook serve

test: .venv/ready-dev .venv-oracle/ready ## Run every test but the benchmarks and the long fault run
	$(BIN)/coverage run --source=domain -m pytest tests/domain --numprocesses=2
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=100
	$(BIN)/pytest -m "not benchmark and not faults" --ignore=tests/domain --numprocesses=2 --dist=worksteal

check: .venv/ready-dev ## Check format, lint and types
	$(BIN)/ruff format --check $(PACKAGES)
	$(BIN)/ruff check $(PACKAGES)
	$(BIN)/mypy

format: .venv/ready-dev ## Rewrite the code in the project's format
	$(BIN)/ruff format $(PACKAGES)
	$(BIN)/ruff check --fix $(PACKAGES)

contracts: .venv/ready-dev ## Write the committed contract files anew (then look at the difference)
	$(BIN)/pytest -m contract --write-contracts

bench: .venv/ready-dev ## Run the benchmarks; each prints its ratios
	$(BIN)/pytest -m benchmark -s --timeout=3600 tests/benchmarks

faults: .venv/ready-dev ## Run the long fault run: kills, cut connections, random commands over many cases
	$(BIN)/pytest -m faults -s --timeout=3600 tests/faults tests/stateful

.venv: .venv/ready-dev ## Make the virtual environment with everything a developer needs

clean: ## Remove the virtual environment and caches, never the data folder
	rm -rf .venv .venv-oracle .mypy_cache .pytest_cache .ruff_cache .hypothesis build *.egg-info

# Where Python came without ensurepip (Debian's python3 without python3-venv), its own pip fills in.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Wardbook needs Python 3.11 or newer: make $(or $(MAKECMDGOALS),serve) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv .venv 2>/dev/null \
	  || { $(PYTHON) -m venv --clear --without-pip .venv \
	       && $(PYTHON) -m pip --python .venv/bin/python install --quiet pip; } \
	  || { rm -rf .venv; echo "No virtual environment: install python3-venv or pip" >&2; exit 1; }

.venv/ready: pyproject.toml | .venv/bin/python
	@echo "Installing Wardbook into .venv (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/ready-dev: pyproject.toml | .venv/bin/python
	@echo "Installing Wardbook and its development tools into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch .venv/ready $@

.venv-oracle/ready: tests/exchange/set_up_oracle.py tests/exchange/oracle-requirements.txt tests/exchange/sample-logs.txt
	@echo "Installing pm4py, which judges our exports, into .venv-oracle (half a minute)"
	@$(PYTHON) tests/exchange/set_up_oracle.py
