# Everything starts here. `make help` lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The image's packages, for what runs on many machines.
SCALED := .venv-scaled
DUCKDB2 := .venv-duckdb2
UV_VERSION := 0.13.8
READY := $(VENV)/.ready
# Processes of the tests: one for each processor.
JOBS ?= logical
# Benchmarks are scripts that use the samples of tests/ and demo/, which are no part of the package.
BENCH = PYTHONPATH=$(CURDIR) $(BIN)/python benchmarks
PYTEST = $(BIN)/python -m pytest -q -n $(JOBS) --dist worksteal
export PYTHONUTF8 := 1

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-16s %s\n' "$$name" "$$text"; done

# uv lives in an environment of its own, so that nothing has to be on the machine but Python and make. It comes by hash.
.uv/bin/uv: docker/uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Gonggo needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@echo "Setting up (once): uv"
	@$(PYTHON) -m venv .uv
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r docker/uv.lock
	@touch $@

$(READY): requirements.lock pyproject.toml | .uv/bin/uv
	@echo "Setting up (once): the packages of requirements.lock"
	@test -x $(BIN)/python || .uv/bin/uv venv --quiet --python "$$(.uv/bin/python -c 'import sys; print(sys.executable)')" $(VENV)
	@.uv/bin/uv pip sync --quiet --require-hashes --python $(BIN)/python requirements.lock
	@.uv/bin/uv pip install --quiet --no-deps --no-build-isolation --python $(BIN)/python --editable .
	@touch $@

.PHONY: setup
setup: $(READY) ## Create the environment (every other target does so when needed)

.PHONY: run
run: $(READY) ## Collect everything once through Airflow, from the demo portal; INBOX=DIR adds a folder of files
	@GONGGO_INBOX="$${GONGGO_INBOX:-$(CURDIR)/demo/inbox}$(if $(INBOX),:$(abspath $(INBOX)))" GONGGO_SOURCES="$${GONGGO_SOURCES:-demo}" GONGGO_CORRECTIONS="$${GONGGO_CORRECTIONS:-$(if $(filter-out demo,$(GONGGO_SOURCES)),,$(CURDIR)/demo/corrections.yaml)}" $(BIN)/python -m gonggo.local_airflow.run_once

.PHONY: up
up: $(READY) ## Start Airflow on 127.0.0.1:8080 and collect live sources on their schedules; Ctrl-C stops it
	@GONGGO_SOURCES="$${GONGGO_SOURCES:-live}" $(BIN)/python -m gonggo.local_airflow.up

.PHONY: test
test: $(READY) ## Run all but the slow tests, one process per processor; JOBS=0 uses one process
	@$(PYTEST) -m "not slow"

.PHONY: test-all
test-all: $(READY) ## Run all tests, including those that start Airflow, kill processes or wait long
	@$(PYTEST)

.PHONY: mutants
mutants: $(READY) ## Change the code in small steps and measure how many changes the tests notice; ONLY=extract/money.py, SAMPLE=100, SEED=7
	@.uv/bin/uv pip install --quiet --require-hashes --python $(BIN)/python -r requirements-mutants.lock
	@$(BIN)/python tools/mutants.py $(if $(ONLY),--only '$(ONLY)') $(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED))

# Other programs have dependencies of their own, so they get an environment of their own.
CONNECT := .venv-connect
CLIENT := .venv-client
.PHONY: test-connect
test-connect: requirements-connect.lock requirements-client.lock | .uv/bin/uv ## Run the recipes of docs/connect.md with pandas, Polars, Datasette, dbt and others
	@test -x $(CONNECT)/bin/python || { echo "Setting up (once): the packages of requirements-connect.lock"; .uv/bin/uv venv --quiet --python "$$(.uv/bin/python -c 'import sys; print(sys.executable)')" $(CONNECT); }
	@.uv/bin/uv pip sync --quiet --require-hashes --python $(CONNECT)/bin/python requirements-connect.lock
	@.uv/bin/uv pip install --quiet --no-deps --no-build-isolation --python $(CONNECT)/bin/python --editable .
	@test -x $(CLIENT)/bin/python || .uv/bin/uv venv --quiet --python "$$(.uv/bin/python -c 'import sys; print(sys.executable)')" $(CLIENT)
	@.uv/bin/uv pip sync --quiet --require-hashes --python $(CLIENT)/bin/python requirements-client.lock
	@GONGGO_CONNECT=1 GONGGO_CLIENT=$(CURDIR)/$(CLIENT)/bin $(CONNECT)/bin/python -m pytest -q -p no:cacheprovider tests/connect

.PHONY: test-web
test-web: $(READY) ## Run the tests of the site in Chromium
	@.uv/bin/uv pip install --quiet --require-hashes --python $(BIN)/python -r requirements-web.lock
	@test -n "$$GONGGO_CHROMIUM" || command -v chromium chromium-browser google-chrome >/dev/null || { echo "Setting up (once): Chromium"; \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq chromium fonts-nanum; \
	  else $(BIN)/playwright install chromium; fi; }
	@GONGGO_BROWSER=1 $(BIN)/python -m pytest -q tests/web/test_browser.py tests/web/test_in_airflow.py

# Postgres and Redis of the system, and the image's packages with a server that speaks S3.
.PHONY: scaled
scaled: requirements-scaled.lock | .uv/bin/uv
	@missing=$$(command -v redis-server >/dev/null || echo redis-server; ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || echo postgresql); \
	  test -z "$$missing" || { if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then echo "Setting up (once):" $$missing; apt-get update -qq && apt-get install -y -qq $$missing; \
	  else echo "This needs" $$missing "on the machine: install them with its package manager."; exit 1; fi; }
	@test -x $(SCALED)/bin/python || { echo "Setting up (once): the packages of requirements-scaled.lock"; .uv/bin/uv venv --quiet --python "$$(.uv/bin/python -c 'import sys; print(sys.executable)')" $(SCALED); }
	@.uv/bin/uv pip sync --quiet --require-hashes --python $(SCALED)/bin/python requirements-scaled.lock
	@.uv/bin/uv pip install --quiet --no-deps --no-build-isolation --python $(SCALED)/bin/python --editable .

.PHONY: test-scaled
test-scaled: scaled ## Test a cluster on this machine: Postgres, Redis, an S3 server, Celery workers
	@GONGGO_SCALED=1 $(SCALED)/bin/python -m pytest -q tests/cluster

.PHONY: test-compose
test-compose: $(READY) ## Test docker-compose.yml in a Docker engine; BUILT=1 uses its images gonggo:0.1.0 and gonggo:before as they are
	@GONGGO_CONTAINERS=$(if $(BUILT),built,build) $(BIN)/python -m pytest -q tests/containers

# The packages of requirements.lock, but for DuckDB.
.PHONY: test-newest-duckdb
test-newest-duckdb: requirements.lock requirements-duckdb2.lock | .uv/bin/uv ## Run the tests on DuckDB 2: all but the slow ones; PYTEST_ARGS=... chooses others
	@test -x $(DUCKDB2)/bin/python || .uv/bin/uv venv --quiet --python "$$(.uv/bin/python -c 'import sys; print(sys.executable)')" $(DUCKDB2)
	@.uv/bin/uv pip sync --quiet --require-hashes --python $(DUCKDB2)/bin/python requirements.lock
	@.uv/bin/uv pip install --quiet --no-deps --require-hashes --python $(DUCKDB2)/bin/python -r requirements-duckdb2.lock
	@.uv/bin/uv pip install --quiet --no-deps --no-build-isolation --python $(DUCKDB2)/bin/python --editable .
	@$(DUCKDB2)/bin/python -m pytest -q -n $(JOBS) --dist worksteal $(or $(PYTEST_ARGS),-m "not slow")

.PHONY: bench-workers
bench-workers: scaled ## Measure 1, 2 and 4 Celery workers on sites that take a second to answer
	@PYTHONPATH=$(CURDIR) $(SCALED)/bin/python benchmarks/workers.py

.PHONY: check
check: $(READY) ## Lint, format, types, SQL format, import layers, and known vulnerabilities (`make audit`)
	@$(BIN)/ruff check .
	@$(BIN)/ruff check --preview --select AIR dags plugins docs/examples
	@$(BIN)/ruff format --check .
	@$(BIN)/sqruff lint sql
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo --no-cache
	@$(MAKE) --no-print-directory audit

.PHONY: audit
audit: $(READY) ## Look for known vulnerabilities of the locked packages, if a database can be reached
	@$(BIN)/python tools/audit.py requirements.lock requirements-web.lock requirements-mutants.lock requirements-duckdb2.lock docker/requirements.lock

.PHONY: images
images: $(READY) ## Pin the base images by the digests of their registries; CHECK=1 fails for one without, offline
	@$(BIN)/python tools/images.py $(if $(CHECK),--check) Dockerfile docker-compose.yml

.PHONY: kubernetes
kubernetes: $(READY) ## Check kubernetes/values.yaml, or VALUES=FILE, against the official chart, CHART=DIR or its .tgz
	@$(BIN)/python tools/chart.py $(or $(VALUES),kubernetes/values.yaml) $(CHART)

.PHONY: attack
attack: $(READY) ## Try the collection of hostile inputs; ONLY=http,… tries some kinds, WRITE=docs/security.md updates its table, JSON=FILE saves results
	@$(BIN)/python -m attacks.run $(if $(ONLY),--only $(ONLY)) $(if $(WRITE),--write $(WRITE)) $(if $(JSON),--json $(JSON))

.PHONY: bench
bench: $(READY) ## Run the benchmarks of the whole pipeline; WITHOUT=growth,… omits some, ONLY=job,… runs only some
	@$(BENCH)/all.py $(if $(ONLY),--only $(ONLY)) $(if $(WITHOUT),--without $(WITHOUT))

.PHONY: bench-table
bench-table: $(READY) ## Print the table of the last results
	@$(BENCH)/all.py --table

.PHONY: bench-plots
bench-plots: $(READY) ## Draw the last results into docs/
	@$(BENCH)/plots.py

.PHONY: bench-job
bench-job: $(READY) ## Measure the whole job, 5,000 announcements from list pages to tables, and the same by Scrapy with BeautifulSoup and dlt
	@$(BENCH)/job.py

.PHONY: bench-text
bench-text: $(READY) ## Compare the text of pages with trafilatura and readability: time, recall, precision
	@$(BENCH)/page_text.py

.PHONY: bench-linking
bench-linking: $(READY) ## Measure precision and recall of the linking over labelled pairs, beside similarities of titles and Splink
	@$(BENCH)/linking.py

.PHONY: bench-search
bench-search: $(READY) ## Measure what the full-text search finds, beside tantivy, SQLite and DuckDB's fts, and its time and size as announcements grow
	@$(BENCH)/search.py

.PHONY: bench-airflow
bench-airflow: $(READY) ## Measure Airflow's share of the job, and the memory of its tasks
	@$(BENCH)/airflow_share.py

.PHONY: bench-dags
bench-dags: $(READY) ## Measure the parsing of the DAG files with 150 sources
	@$(BENCH)/dag_files.py

.PHONY: bench-growth
bench-growth: $(READY) ## Measure 10,000, 100,000 and a million announcements: a day's load, publication, reports, search, disk
	@$(BENCH)/growth.py

.PHONY: bench-year
bench-year: $(READY) ## Simulate a year of 300 sites with 5,000 notices a day, from measured parts
	@$(BENCH)/year.py

.PHONY: bench-extract
bench-extract: $(READY) ## Compare the extraction of facts with plain text conversion; PAGES=DIR uses other documents
	@$(BENCH)/extract.py $(PAGES)

.PHONY: bench-crawl
bench-crawl: $(READY) ## Measure a board of 5,000 announcements: first pass, pass with nothing new, Scrapy
	@$(BENCH)/crawl.py

.PHONY: bench-load
bench-load: $(READY) ## Compare loading 100,000 announcements with a bare insert by DuckDB and with dlt
	@$(BENCH)/load.py

.PHONY: bench-warehouse
bench-warehouse: $(READY) ## Measure a warehouse of a million announcements: a day's load, a publication, every report
	@$(BENCH)/warehouse.py

.PHONY: bench-readers
bench-readers: $(READY) ## Compare the readers of office files with others; FILES=DIR compares those in DIR/files with DIR/texts
	@$(BENCH)/readers.py $(FILES)

.PHONY: bench-pages
bench-pages: $(READY) ## Measure every page of the site at a million announcements (those of bench-warehouse)
	@$(BENCH)/pages.py

.PHONY: bench-kills
bench-kills: $(READY) ## Kill loads, collections and runs of Airflow at random moments, fill disks, and check that nothing is lost or doubled
	@$(BENCH)/kills.py

.PHONY: bench-patterns
bench-patterns: $(READY) ## Measure every regular expression, and reading and extraction as a whole, on input made to slow them down
	@$(BENCH)/patterns.py

.PHONY: fix
fix: $(READY) ## Format, and fix what the linter can fix
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqruff fix sql

.PHONY: lock
lock: .uv/bin/uv ## Update all lock files from pyproject.toml, and the hashes of UV_VERSION
	@echo "uv==$(UV_VERSION)" | .uv/bin/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header - -o docker/uv.lock
	@.uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --extra airflow --extra apprise --extra mcp --group dev pyproject.toml -o requirements.lock
	@echo "duckdb>=2,<3" | .uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header - -o requirements-duckdb2.lock
	@.uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --group web --constraints requirements.lock -o requirements-web.lock
	@.uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --group connect pyproject.toml -o requirements-connect.lock
	@.uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --group client -o requirements-client.lock
	@.uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --group mutants --constraints requirements.lock -o requirements-mutants.lock
	@# The image takes the versions of requirements.lock where its own packages let it: those found first are kept.
	@cat requirements.lock docker/requirements.lock > docker/both.lock && mv docker/both.lock docker/requirements.lock
	@.uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --extra airflow --extra apprise --extra cluster pyproject.toml docker/requirements.in -o docker/requirements.lock
	@.uv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --group scaled --extra airflow --extra apprise --extra cluster --constraints docker/requirements.lock pyproject.toml docker/requirements.in -o requirements-scaled.lock

.PHONY: clean
clean: ## Remove what runs wrote (var/), but not the environment
	@rm -rf var
