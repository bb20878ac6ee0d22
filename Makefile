# Two commands: `make run` and `make test`. Both set up all that they need.
# `make check` is the fast gate: style, types, layering, and the tests that need no browser.

SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
export PYTHONDONTWRITEBYTECODE ?= 1

.PHONY: run test check audit licences messages setup setup-dev lock clean benchmarks screenshots

run: setup
	@export APP_ENV=development PORT=$(PORT); \
	$(BIN)/portfoljkartan migrate && $(BIN)/portfoljkartan seed --demo && exec $(BIN)/portfoljkartan serve

test: setup-dev system-test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -n auto --dist worksteal

check: setup-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/pytest -n auto --dist worksteal -m "not browser"
	@$(BIN)/python bin/audit

# Known holes (pip-audit, npm audit), dangerous lines (bandit), licences. Without a network it says so and goes on;
# AUDIT=--strict fails then.
audit: setup-dev
	@$(BIN)/python bin/audit $(AUDIT)

# Every text of the pages in the catalogue of each other language; what is new there waits for its translation.
messages: setup-dev
	@$(BIN)/python bin/messages

licences: setup-dev
	@$(BIN)/python bin/licences

CATALOGUE := tracker/translations/en/LC_MESSAGES/messages

setup: .venv/runtime.ok static/vendor/.ok $(CATALOGUE).mo system-run
setup-dev: .venv/dev.ok static/vendor/.ok $(CATALOGUE).mo system-run

.venv/bin/uv:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 eller senare saknas (Debian: apt-get install python3)."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 eller senare behövs; $$($(PYTHON) --version) finns."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || bin/system-package python3-venv "en egen Python-miljö"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --disable-pip-version-check "uv>=0.9"

.venv/runtime.ok: requirements.lock pyproject.toml | .venv/bin/uv
	@[ -e .venv/dev.ok ] || $(BIN)/uv pip install -q --python $(BIN)/python -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev.ok: requirements-dev.lock .venv/runtime.ok
	@$(BIN)/uv pip install -q --python $(BIN)/python -r requirements-dev.lock
	@touch $@

static/vendor/.ok: package-lock.json bin/vendor | .venv/bin/uv
	@bin/vendor
	@touch $@

$(CATALOGUE).mo: $(CATALOGUE).po | .venv/runtime.ok
	@$(BIN)/pybabel -q compile -i $< -o $@

.PHONY: system-run system-test
system-run:
	@bin/system-spatialite
system-test:
	@bin/system-test

lock:
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@npm install --package-lock-only

screenshots: setup-dev system-test
	@command -v chromium >/dev/null || bin/system-package chromium "handbokens bilder"
	@ls /usr/lib/chromium/locales/sv.pak >/dev/null 2>&1 || bin/system-package chromium-l10n "bilder på svenska"
	@$(BIN)/python -m tests.handbook.screenshots

clean:
	@rm -rf .venv node_modules static/vendor build *.egg-info
