# Every job of this repository is one command; `make` alone lists them.
#
# Everything Python needs is installed into .venv, from the locked files in requirements/ and
# with plain pip. The stamps in .venv make it incremental: a lock file that did not change is not
# installed again.

PYTHON ?= python3
ARGS   ?=
DIR    ?= kb

VENV        := .venv
BIN         := $(VENV)/bin
RUNTIME     := $(VENV)/runtime.stamp
DEVELOPMENT := $(VENV)/development.stamp
TESTED      := $(VENV)/tested.tree

PIP  := $(BIN)/python -m pip --quiet --disable-pip-version-check install
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header pyproject.toml

# Each module of tests runs in one process, so that it starts its servers once; the longest come
# first (tests/conftest.py). One more than two cores have: at times a test waits for a server.
PARALLEL := --numprocesses 3 --dist loadfile --no-loadscope-reorder

# The hash of the working tree as it stands, new files included, without touching Git's own
# index. Empty outside a Git checkout.
TREE := export GIT_INDEX_FILE="$(CURDIR)/$(VENV)/tree.index"; \
        git add --all . 2>/dev/null && git write-tree 2>/dev/null

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help serve build test check lint coverage pictures wheel bench soak lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

serve: $(RUNTIME) ## install, build and serve the knowledge base (ARGS="--port 8001")
	@$(BIN)/kb serve $(ARGS)

build: $(RUNTIME) ## build site and index
	@$(BIN)/kb build $(ARGS)

test: $(DEVELOPMENT) ## install what the tests need, and run them all
	@$(BIN)/python -m tests.machine
	@tree=$$($(TREE)); $(BIN)/pytest $(PARALLEL) && echo "$$tree" > $(TESTED)

check: lint ## lint, then test unless `make test` has passed on this very tree
	@tree=$$($(TREE)); \
	if [ -n "$$tree" ] && [ "$$tree" = "$$(cat $(TESTED) 2>/dev/null)" ]; then \
	    echo "tests: passed on this very tree ($$tree)"; \
	else \
	    $(MAKE) --no-print-directory test; \
	fi

coverage: $(DEVELOPMENT) ## run the tests again and say which lines and branches they never reach
	@$(BIN)/python -m tests.machine
	@$(BIN)/pytest --cov $(PARALLEL)

pictures: $(DEVELOPMENT) ## take the manual's pictures anew, after the looks have changed
	@$(BIN)/python -m tests.machine
	@$(BIN)/pytest --quiet tests/journeys/test_pictures.py --pictures docs/images

wheel: $(DEVELOPMENT) ## build the wheel into dist/
	@$(BIN)/python -m hatchling build -t wheel

lint: $(DEVELOPMENT) ## ruff, its formatter, mypy and the import rules
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo

bench: $(DEVELOPMENT) ## measure code, build, loop and search (DIR=… for another folder than kb/)
	@$(BIN)/python -m benchmarks.size
	@$(BIN)/python -m benchmarks.build $(DIR)
	@$(BIN)/python -m benchmarks.journey $(DIR)
	@$(BIN)/python -m benchmarks.search --sizes 100 1000

soak: $(DEVELOPMENT) ## search through rebuilds, killed builders and a damaged index, for half an hour
	@$(BIN)/python -m benchmarks.soak $(DIR) $(ARGS)
	@$(BIN)/python -m tests.soak

lock: $(DEVELOPMENT) ## pin the newest allowed versions in requirements/ anew
	@$(LOCK) --upgrade --group build --output-file requirements/runtime.txt
	@$(LOCK) --upgrade --extra postgresql --extra semantic --group dev --constraint requirements/runtime.txt \
	    --output-file requirements/development.txt

clean: ## remove what these commands made, but never var/, where the votes are
	@rm -rf $(VENV) build dist site .cache .coverage .coverage.* .hypothesis \
	    .import_linter_cache .mypy_cache .pytest_cache .ruff_cache tests/artifacts
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "answerloop needs Python 3.11 or newer. Name one: make PYTHON=python3.12 …" >&2; \
	    exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	    rm -rf $(VENV); \
	    echo "$(PYTHON) cannot make a virtual environment. On Debian: apt-get install python3-venv" >&2; \
	    exit 1; }

$(RUNTIME): requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo "Installing what answerloop needs into $(VENV) (once) …"
	@$(PIP) --require-hashes -r requirements/runtime.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

$(DEVELOPMENT): requirements/development.txt pyproject.toml | $(BIN)/python
	@echo "Installing what answerloop and its tests need into $(VENV) (once) …"
	@$(PIP) --require-hashes -r requirements/development.txt
	@$(PIP) --no-deps --no-build-isolation -e .
	@touch $(RUNTIME) $@
