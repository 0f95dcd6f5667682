# make demo: set everything up and show the main job on the bundled samples, then end.
# make test: set everything up and run the everyday tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
TOOLS := .venv-tools

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-heavy torture lint check clients dist lock audit sbom site bench bench-ingest fuzz serve

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1 - /'

# The stamp is newer than what it was made from, so that a second run installs nothing.
$(VENV)/ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15) and "Python 3.11 to 3.14 is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --upgrade 'pip==26.3'
	$(BIN)/python -m pip install -qq --constraint constraints.txt --editable '.[dev]'
	touch $@

setup: $(VENV)/ready ## install into .venv

demo: setup ## the main job on the bundled samples
	$(BIN)/kb demo

test: setup ## the everyday tests
	$(BIN)/python -m pytest

test-heavy: setup ## the slow tests too: hostile files, long documents, larger sets
	$(BIN)/python -m pytest -m 'slow or not slow'
	$(BIN)/python -m tests.torture --quick

torture: setup ## every promise tried against the real program, killed, cut off and damaged: docs/guarantees.md
	$(BIN)/python -m tests.torture --resume $(TORTURE); lost=$$?; $(BIN)/python -m tests.torture --write; exit $$lost

lint: setup ## format, lint, contracts between the folders, strict types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

check: lint test audit ## lint, the tests, then what weaknesses of dependencies are known

clients: setup ## write what is generated of the clients from the contract
	$(BIN)/python -m clients.generation

# What makes and looks after releases has an environment of its own.
$(TOOLS)/ready: tools.txt
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install -qq --upgrade 'pip==26.3'
	$(TOOLS)/bin/python -m pip install -qq --requirement tools.txt
	touch $@

dist: $(TOOLS)/ready ## the source archive, and the wheel made from it: build/dist
	rm -rf build/dist
	$(TOOLS)/bin/uv build --quiet --out-dir build/dist

lock: $(TOOLS)/ready ## write locked.txt: the default install with its hashes, in the versions of constraints.txt
	grep -v '^torch==' constraints.txt | $(TOOLS)/bin/uv pip compile -q pyproject.toml --constraint - \
	  --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --output-file locked.txt

audit: $(TOOLS)/ready ## known weaknesses of what is installed by default; asks the package index, and fails where it does not answer
	$(TOOLS)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off --requirement locked.txt

sbom: $(TOOLS)/ready ## the bill of materials of the default install, CycloneDX: build/sbom.json
	mkdir -p build
	$(TOOLS)/bin/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible --output-file build/sbom.json locked.txt

site: $(TOOLS)/ready ## the documents as a searchable site: build/site
	NO_MKDOCS_2_WARNING=1 $(TOOLS)/bin/mkdocs build --strict --quiet

# The systems that ours is measured against have an environment of their own: nothing of theirs comes into .venv.
$(PEERS)/ready: bench/peers.txt
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install -qq --upgrade 'pip==26.3'
	$(PEERS)/bin/python -m pip install -qq --requirement bench/peers.txt
	touch $@

bench: setup $(PEERS)/ready ## us, sentence-transformers and txtai, and indexes up to a million: docs/bench
	$(BIN)/python -m bench --peers $(PEERS)/bin/python $(BENCH)

bench-ingest: setup ## parsing, cleaning, splitting: passages a second, and memory
	$(BIN)/python -m bench.ingest_speed

fuzz: setup ## fuzz the contract of the API
	PYTHON=$(BIN)/python tests/api/fuzz/run.sh 300

serve: setup ## API and page on 127.0.0.1:8000
	$(BIN)/kb serve
