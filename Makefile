# Binôme. `make` alone lists the targets.
#
# Two environments: .venv holds the application and its tools, .venv-emulator the embedded AWS, which
# pins other versions. A target installs only what it needs and nothing twice.

PYTHON   ?= python3
PORT     ?= 8000
DATA_DIR ?= .local
export PORT DATA_DIR

BIN   := .venv/bin
LOCKS := infra/locks

.DEFAULT_GOAL := help
.PHONY: help run test lint format lock upgrade bench package browser clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/local .venv-emulator/installed ## Serve the back office on http://127.0.0.1:$(PORT), data in $(DATA_DIR).
	@exec $(BIN)/binome serve

test: .venv/development .venv-emulator/installed browser ## Run every test.
	$(BIN)/pytest $(ARGS)

lint: .venv/development ## Check style, types, layers and locks.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/binome check-locks

format: .venv/development ## Put the code in its usual form.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/development .venv-emulator/installed ## Measure against the budgets.
	$(BIN)/python -m infra.bench

package: .venv/local ## Build the package for AWS in .build/.
	$(BIN)/binome package

lock: .venv/local ## Write the lock files again after a change of pyproject.toml or infra/locks/*.in.
	$(BIN)/binome lock

upgrade: .venv/local ## Write the lock files again with the newest versions.
	$(BIN)/binome lock --upgrade

browser: ## Install Chromium where that is allowed; without it the browser tests are skipped.
	@sh infra/install_browser.sh

clean: ## Delete the environments and everything built. The data in $(DATA_DIR) stay.
	rm -rf .venv .venv-emulator .build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# ---- Environments: each target is a file that says "installed from this lock" ----

.venv/installer: $(LOCKS)/installer.txt infra/check_tools.sh
	@sh infra/check_tools.sh $(PYTHON)
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCKS)/installer.txt
	@touch $@

# Adds to what is there, so that `make run` after `make test` keeps the tests' tools.
.venv/local: $(LOCKS)/local.txt pyproject.toml .venv/installer
	@echo "installing the application in .venv"
	@infra/install.sh $(BIN)/python $(LOCKS)/local.txt
	@$(BIN)/uv pip install --quiet --offline --python $(BIN)/python --no-deps --editable .
	@touch $@

.venv/development: $(LOCKS)/development.txt .venv/local
	@echo "installing the development tools in .venv"
	@infra/install.sh $(BIN)/python $(LOCKS)/development.txt
	@touch $@

.venv-emulator/installed: $(LOCKS)/emulator.txt .venv/installer
	@echo "installing the embedded AWS in .venv-emulator"
	@test -x .venv-emulator/bin/python || $(PYTHON) -m venv --without-pip .venv-emulator
	@infra/install.sh .venv-emulator/bin/python $(LOCKS)/emulator.txt
	@touch $@
