# The commands of the house. Each calls what it needs; a repeated call is instant.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
# Demonstration mode belongs to `make run` alone; settings.py refuses it in production.
MANAGE := DEMO=1 $(BIN)/python manage.py
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
CODE := agencies eligibility oversight wfa_portal

# Each command starts anew and would compile all of the code anew, too.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup run test check types style bench clean lock messages

setup: .venv/dev.stamp

# Three stamps, because running the portal needs a fraction of what developing it needs.
.venv/app.stamp: requirements/app.txt
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes -r $<
	touch $@

.venv/dev.stamp: requirements/dev.txt .venv/app.stamp
	$(PIP) install --require-hashes -r $<
	touch $@

.venv/bench.stamp: requirements/bench.txt .venv/app.stamp
	$(PIP) install --require-hashes -r $<
	touch $@

# Every step changes nothing when there is nothing to change. gunicorn serves from the folder as it
# is; the static files come straight from the installed packages.
run: .venv/app.stamp
	@$(MANAGE) demo_lengkap
	@echo "The portal is at http://127.0.0.1:$(PORT)/ (stop it with Ctrl-C)"
	@DEMO=1 PORT=$(PORT) sh wfa_portal/serve.sh $(BIN)

test: setup
	$(BIN)/python -m tests

# The types take as long as all the rest, which goes on beside them.
check: setup
	@$(MAKE) --no-print-directory --jobs 2 --output-sync types style

types: setup
	$(BIN)/mypy

style: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(CODE) manage.py locale
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --fail-level WARNING

bench: setup .venv/bench.stamp
	$(BIN)/python -m benchmarks

# After a change of texts: fill in what this lists, then run it again.
messages: setup
	$(BIN)/python locale/compile.py --update

# The versions move only here; each file is held to the versions of the one before.
lock: setup
	$(LOCK) --upgrade pyproject.toml --output-file requirements/app.txt
	$(LOCK) --upgrade pyproject.toml --group dev --constraints requirements/app.txt --output-file requirements/dev.txt
	$(LOCK) --upgrade --group bench --constraints requirements/dev.txt --output-file requirements/bench.txt

clean:
	rm -rf .venv var staticfiles .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
