# Two commands do everything on a machine with Python 3.11 or newer: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

.PHONY: help install demo study-demo test test-quick coverage lint docs soak bench lock clean

help:
	@echo "make install   create .venv from requirements.lock and install resift into it"
	@echo "make demo      run the whole pipeline offline; writes results/demo/report.html"
	@echo "make study-demo   rerun ten synthetic reviews; writes results/studies/demo/study.html"
	@echo "make test      run all tests"
	@echo "make test-quick   run those without workflow, browser, wheel and large data, with fewer random examples"
	@echo "make coverage  lines of the library that tests run, also in the processes that they start, room by room"
	@echo "make lint      ruff, mypy, snakefmt, snakemake --lint and spelling"
	@echo "make docs      the documentation site, into site/"
	@echo "make soak      faults of a server, kill -9, damaged files, full disks: the long form, as tables (hours)"
	@echo "make bench     benchmarks (ratios against peers, in their own environment)"

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "resift needs Python 3.11 or newer; run: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" or 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q scripts/resift
	@touch $@

demo: install
	$(BIN)/resift run --config config/demo.yaml --cores 2

study-demo: install
	$(BIN)/resift study run demo --cores 2

# A module's tests stay in one process, which makes their fixtures once; tests/conftest.py orders the modules
# and says how many processes.
PARALLEL := -m pytest -n auto --dist loadfile --no-loadscope-reorder
PYTEST := $(BIN)/python $(PARALLEL)

test: install
	$(PYTEST)

test-quick: install
	$(PYTEST) -n logical -m "not slow" --hypothesis-profile quick --ignore tests/workflow --ignore tests/browser --ignore tests/test_wheel.py

coverage: install
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run $(PARALLEL) --ignore tests/browser --ignore tests/test_wheel.py \
	  --ignore tests/workflow/test_slurm.py
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python tests/support/coverage_by_room.py

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/snakefmt --check workflow
	$(BIN)/snakemake --lint --configfile config/demo.yaml
	$(BIN)/snakemake --lint --snakefile workflow/archive.smk --config archive=config/demo/corpus
	$(BIN)/codespell README.md CHANGELOG.md CONTRIBUTING.md docs/*.md config/*.md config/*/*.md workflow/Snakefile workflow/rules

docs: install
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build

soak: install
	$(BIN)/python tests/faults/soak.py answers
	$(BIN)/python tests/faults/soak.py runs
	$(BIN)/python tests/faults/soak.py kills
	$(BIN)/python tests/faults/soak.py damage
	$(BIN)/python tests/faults/soak.py disk
	$(BIN)/python tests/faults/bombs.py
	RESIFT_SOAK=1 $(BIN)/python -m pytest -n0 -q tests/faults/test_damaged_files.py tests/faults/test_full_disk.py \
	  tests/pubmed/test_faults.py tests/pubmed/test_tape.py

bench: install
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Needs uv (any recent version); writes exact versions with hashes and no registry host.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) .cache .snakemake
