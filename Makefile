# One way to do each thing; `make run` and `make test` set everything up themselves.
PYTHON ?= python3.11
BIN := .venv/bin
ASSETS := src/triplehelix/serve/static/dist/.built
PORT ?= 8000

.PHONY: run setup test check docs bench lock clean

run: setup  ## the sample edition, built and served on http://127.0.0.1:8000
	$(BIN)/triplehelix demo --port $(PORT)

setup: .venv/.installed $(ASSETS)  ## .venv with the command and all peers; the web assets

.venv/.installed: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements/dev.txt
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(ASSETS): web/package-lock.json $(shell find web/src web/*.ts web/*.json web/*.mjs web/public -type f 2>/dev/null)
	cd web && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build
	touch $@

test: setup  ## every test; those that need ../shared/data say so when it is absent
	$(BIN)/python -m pytest -q -n 2

check: setup  ## style, types, the direction of imports
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd web && npm run --silent check

docs: setup  ## the documentation, in docs/_build/html
	$(BIN)/sphinx-build -q -W -b html docs docs/_build/html

bench: setup  ## our figures beside the peers', measured in one run
	for bench in benchmarks/*.py; do $(BIN)/python $$bench || exit 1; done

lock: .venv/.installed  ## resolve the requirements again
	$(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 --group dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 pyproject.toml -o requirements/run.txt
	echo uv | $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 - -o requirements/uv.txt

clean:
	rm -rf .venv docs/_build web/node_modules src/triplehelix/serve/static/dist demo demo.editions demo.cache
