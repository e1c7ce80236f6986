# One make for people and for CI. `make help` lists the targets.
VENV ?= .venv
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := $(VENV)/bin
T ?=
PORT ?= 6543
LAWS ?= 300

.PHONY: help serve test law bench docs lint types format sure locale clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "motcua needs CPython 3.11 or 3.12 (durable-rules does not build on later ones)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/serve.stamp: setup.cfg pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[analysis]'
	@touch $@

$(VENV)/test.stamp: setup.cfg pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ $(VENV)/serve.stamp

$(VENV)/docs.stamp: $(VENV)/test.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	@touch $@

$(VENV)/bench.stamp: $(VENV)/test.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

serve: $(VENV)/serve.stamp ## run the site with demo accounts on http://localhost:6543; PORT=8080 for another
	$(BIN)/motcua serve --demo --port $(PORT)

test: $(VENV)/test.stamp ## run the tests; T=path for some of them
	$(BIN)/python -m pytest -q $(if $(T),$(T),-n auto --dist loadfile)

law: $(VENV)/test.stamp ## run every scenario through every reader of the law
	$(BIN)/motcua lint
	$(BIN)/motcua test

bench: $(VENV)/bench.stamp ## measure the ratios, rewrite docs/performance.md, compare the readers on LAWS=300 laws
	$(BIN)/python -m benchmarks.run
	$(BIN)/python -m benchmarks.agreement --laws $(LAWS)

docs: $(VENV)/docs.stamp ## build the documentation into docs/_build
	$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build

lint: $(VENV)/test.stamp ## style and layers
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/lint-imports

types: $(VENV)/test.stamp ## static types
	$(BIN)/mypy

locale: $(VENV)/test.stamp ## extract the page texts and compile their translations
	$(BIN)/pybabel -q extract -F babel.cfg -o src/motcua/locale/motcua.pot src/motcua
	$(BIN)/pybabel -q update --no-fuzzy-matching -D motcua -i src/motcua/locale/motcua.pot -d src/motcua/locale
	$(BIN)/pybabel -q compile -D motcua -d src/motcua/locale

sure: lint types law test docs ## all of it, as CI and more

clean: ## remove the virtual environment and what was built
	rm -rf $(VENV) docs/_build .pytest_cache .mypy_cache .ruff_cache
