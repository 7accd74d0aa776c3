# What one types here; `make help` prints it. Needs git, make and Python 3.11 or newer.

VENV := .venv
BIN := $(VENV)/bin
DEMO ?= generated/demo
PORT ?= 8501
# One more than there are processors, because some tests wait for what a real clock brings.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
BENCH ?=
PYTEST ?=
# A file's tests stay together, since they share servers; files begin in the order of collection.
SPREAD := --dist loadfile --no-loadscope-reorder
# What `make test-fast` leaves out: every marker of pyproject.toml.
SERVERS := prometheus or alertmanager or postgres or chromium or faketime or node_exporter or blackbox_exporter
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
INSTALL := $(PIP_INSTALL) --build-constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run test check fix test-fast cover reference golden bench pictures build \
	format-check lint types imports spelling docs components bench-components

help: ## Say what each target does
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "make %-14s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run ## Everything from nothing: install, then the demo: a generated history, collected and served; PORT=8502 for another port
	$(BIN)/burnline demo --dir $(DEMO) --port $(PORT)

test: $(VENV)/.dev components ## The whole suite against real servers; says what is missing
	$(BIN)/python -m pytest -n $(WORKERS) $(SPREAD) $(PYTEST)

test-fast: $(VENV)/.dev ## The suite without real servers and browser
	$(BIN)/python -m pytest -n $(WORKERS) $(SPREAD) -m "not ($(SERVERS))" $(PYTEST)

cover: $(VENV)/.dev components ## The suite with branch coverage
	$(BIN)/python -m pytest -n $(WORKERS) $(SPREAD) --cov --cov-report=term-missing:skip-covered $(PYTEST)

check: format-check lint types imports spelling docs ## Format, lint, types, layers, spelling, docs

format-check: $(VENV)/.dev ## The format alone
	$(BIN)/ruff format --check .

lint: $(VENV)/.dev ## The linter alone
	$(BIN)/ruff check .

types: $(VENV)/.dev ## The type checker alone
	$(BIN)/mypy

imports: $(VENV)/.dev ## The layers alone
	$(BIN)/lint-imports --no-cache

spelling: $(VENV)/.dev ## The spelling alone
	@# Tests of "did you mean" are misspelt on purpose.
	git ls-files -z ':!tests' | xargs -0 $(BIN)/codespell

docs: $(VENV)/.dev ## The promises of README, glossary and changelog alone
	$(BIN)/python -m pytest -q tests/test_docs.py

fix: $(VENV)/.dev ## Mend format and lint where a tool can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reference: $(VENV)/.dev ## Write docs/configuration.md anew from the models
	$(BIN)/python -m tools.reference

golden: $(VENV)/.dev ## Write tests/golden anew from the reports as they are now; read the difference
	PYTHONPATH=tests:. $(BIN)/python tests/report_builders.py

bench: $(VENV)/.dev bench-components ## Speed beside Prometheus and VictoriaMetrics; BENCH="--only pages" for one part
	PYTHONPATH=tests $(BIN)/python -m bench $(BENCH)

pictures: $(VENV)/.dev components ## The pictures of the README anew, from the demo
	BURNLINE_PICTURES=docs/pictures $(BIN)/python -m pytest -q -m chromium tests/end_to_end/test_demo.py tests/end_to_end/test_demo_told.py

build: $(VENV)/.dev ## The wheel and the source archive, into dist/
	$(BIN)/python -m hatchling build

components: $(VENV)/.dev
	@PYTHONPATH=tests $(BIN)/python -m components.bring

bench-components: $(VENV)/.dev
	@PYTHONPATH=tests $(BIN)/python -m components.bring --bench

$(VENV)/.run: pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "burnline needs Python 3.11 or newer: make PYTHON=/path/to/python3" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) --upgrade pip
	$(INSTALL) -e '.[postgres,report]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(INSTALL) -e '.[postgres,report]' --group dev
	@touch $@
