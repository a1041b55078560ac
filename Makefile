# Daybook's commands. Nothing is presumed but make and Python; everything else is set up in .venv at first use.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9

.DEFAULT_GOAL := help
.PHONY: help run demo test check bench shots lock migration text browser python

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Serve Daybook here; PORT chooses another port than 8000
	@exec $(development) $(BIN)/python -m app serve

demo: $(VENV)/run.stamp ## Serve a believable clinic from a database of its own
	@exec $(development) $(BIN)/python -m app demo

check: $(VENV)/dev.stamp ## Check format, lint and types only
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

test: check browser ## Check everything, on SQLite and on PostgreSQL
	@# Side by side, since each waits a lot: for sockets, for the clock, for a browser. As nice as the threads that hash:
	@# beside three that aren't, a log-in would take seconds.
	@mkdir -p var; \
	$(pytest) --engine postgresql --ignore=tests/browser > var/postgresql.log 2>&1 & postgresql=$$!; \
	{ $(pytest) --engine sqlite tests/browser && $(pytest) --engine postgresql -m smoke tests/browser; } \
		> var/browser.log 2>&1 & browser=$$!; \
	$(pytest) --engine sqlite --ignore=tests/browser; failed=$$?; \
	wait $$browser || failed=1; cat var/browser.log; \
	wait $$postgresql || failed=1; cat var/postgresql.log; exit $$failed

bench: $(VENV)/dev.stamp ## Measure the diary on both engines into docs/performance.md; fails when a ratio is missed
	$(BIN)/python -m tests.bench

shots: $(VENV)/dev.stamp browser ## Photograph every page of the demo into var/shots
	$(BIN)/python -m tests.browser.shots

lock: $(BIN)/uv ## Lock the dependencies anew; UPGRADE=yes moves them to their newest releases
	$(BIN)/uv $(compile) pyproject.toml -o requirements.txt
	$(BIN)/uv $(compile) --group dev pyproject.toml -o requirements-dev.txt

migration: $(VENV)/dev.stamp ## Write the migration for changed tables; NAME says what it does
	@test -n "$(NAME)" || { echo 'Say what it does: make migration NAME="add rooms"'; exit 1; }
	@$(development) PICCOLO_CONF=app.piccolo_conf $(BIN)/piccolo migrations new daybook --auto --desc="$(NAME)"
	@$(BIN)/ruff check --quiet --fix migrations
	@$(BIN)/ruff format --quiet migrations

text: $(VENV)/dev.stamp ## Collect the texts for translators into app/locale/daybook.pot
	@mkdir -p app/locale
	@$(BIN)/pybabel --quiet extract -F pyproject.toml --project=Daybook -o app/locale/daybook.pot .

browser: $(VENV)/dev.stamp
	@$(BIN)/python -m tests.support.chromium

compile := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	$(if $(UPGRADE),--upgrade)

python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Daybook needs Python 3.11 or newer as "$(PYTHON)"; name another one with make PYTHON=python3.11 …'; exit 1; }

$(BIN)/pip: | python
	@$(PYTHON) -m venv $(VENV) || { \
		echo 'This Python lacks its venv module; on Debian, apt-get install python3-venv brings it.'; exit 1; }

$(VENV)/run.stamp: requirements.txt | $(BIN)/pip
	@echo 'Installing what Daybook needs into $(VENV); this takes a minute …'
	@$(install) --no-deps --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo 'Installing what its tests need …'
	@$(install) --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

$(BIN)/uv: | $(BIN)/pip
	@$(install) uv==$(UV_VERSION)

pytest := nice -n 5 $(BIN)/pytest
development := env ENVIRONMENT=development
# The locks name all there is: pip adds nothing of its own, and so can move an older .venv on, too.
install := $(BIN)/pip install --quiet --disable-pip-version-check
