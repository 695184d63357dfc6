# make demo   from nothing to a running installation with demonstration data   (PORT=8000)
# make test   every check and every test
# make help   all targets

PYTHON ?= $(firstword $(foreach name,python3 python3.11 python3.12 python3.13 python3.14 python,$(if $(shell $(name) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null | grep True),$(name))))
UV ?= 1
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
export PORT ?= 8000
WORKERS ?= 2
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Where this is set, every process would compile all modules again: twelve seconds of processor instead of six each.
unexport PYTHONDONTWRITEBYTECODE

key = $(shell cat $(1) 2>/dev/null | cksum | cut -d' ' -f1)
CORE := $(STAMPS)/core-$(call key,requirements/core.txt)
DEV := $(STAMPS)/dev-$(call key,requirements/dev.txt)
LDAP := $(if $(wildcard /usr/include/ldap.h),$(STAMPS)/ldap-$(call key,requirements/ldap.txt))
NODE := node_modules/.stamp-$(call key,package-lock.json)
NODE_ALL := node_modules/.stamp-all-$(call key,package-lock.json)
MESSAGES := $(patsubst %.po,%.mo,$(wildcard src/yuanqing/locale/*/LC_MESSAGES/*.po))

.PHONY: help deps compiled dev demo serve test lint bench drill lock clean
.DEFAULT_GOAL := help

help:
	@printf '%s\n' 'make demo    install, create the demonstration once, serve it (PORT=8000)' 'make serve   serve what is there' \
	  'make deps    install only' 'make compiled  and compile it, for a user who may not write here' 'make test    linters, types, contracts, tests' 'make lint    the same without tests' \
	  'make drill   crash, tamper and load drills' 'make bench   measurements' 'make lock    choose versions anew' \
	  'make clean   remove what make installed (never var/)'

deps: $(CORE) $(BIN)/yuanqing $(NODE) $(MESSAGES)
dev: deps $(DEV) $(LDAP)

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then echo 'Python 3.11 or newer is needed. On Debian 12: apt-get install python3 python3-venv' >&2; exit 1; fi
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  version=$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'); \
	  echo "Python's venv module is missing. Run: apt-get install python$$version-venv   (or: apt-get install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# One call for a lock: uv from its own lock when it can be had, else pip.
define install
	@mkdir -p $(STAMPS)
	@if [ "$(UV)" = 1 ] && { [ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt; }; then \
	  echo "Installing $(1) with uv"; $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); \
	else \
	  echo "Installing $(1) with pip"; $(BIN)/python -m pip install --quiet --require-hashes -r $(1); \
	fi
endef

$(CORE): $(BIN)/python
	$(call install,requirements/core.txt)
	@touch $@

$(DEV): $(CORE)
	$(call install,requirements/dev.txt)
	@touch $@

# The directory extra is compiled, so it is installed where the headers are: apt-get install gcc python3-dev libldap2-dev libsasl2-dev
$(STAMPS)/ldap-%: $(CORE)
	$(call install,requirements/ldap.txt)
	@touch $@

$(BIN)/yuanqing: $(CORE) Makefile
	@$(BIN)/python -c 'import pathlib, sysconfig; pathlib.Path(sysconfig.get_path("purelib"), "yuanqing.pth").write_text(str(pathlib.Path("src").resolve()) + "\n")'
	@printf '#!/bin/sh\nexec "$$(dirname "$$0")/python" -m yuanqing "$$@"\n' > $@ && chmod +x $@

# Node comes from its wheel when the machine has none; only its npm is used, and only here.
define front-end
	@if command -v npm >/dev/null 2>&1 || [ -x $(BIN)/npm ]; then :; else $(MAKE) --no-print-directory $(STAMPS)/node; fi
	@echo 'Installing the front-end packages'
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci $(1) --ignore-scripts --no-audit --no-fund --loglevel=error
endef

$(NODE): $(CORE)
	$(call front-end,--omit=dev)
	@touch $@

# With the tree of administrative divisions (180 MB), which only the measurements read.
$(NODE_ALL): $(CORE)
	$(call front-end)
	@touch $(NODE) $@

$(STAMPS)/node: requirements/node.txt
	$(call install,requirements/node.txt)
	@touch $@

%.mo: %.po $(CORE)
	@$(BIN)/python -c 'import sys, polib; polib.pofile(sys.argv[1]).save_as_mofile(sys.argv[2])' $< $@

# Compiling waits until the first start needs a module; whoever installs for a user who may not write here compiles before.
compiled: deps
	-@$(BIN)/python -m compileall -q -j 0 $(VENV)/lib src

# The front-end packages arrive, and what is served of them is collected, while the organisation is made: that needs none of them.
demo: $(CORE) $(BIN)/yuanqing $(MESSAGES)
	@if cat "$${YUANQING_HOME:-var}/demo/summary.txt" 2>/dev/null; then exec $(MAKE) -s --no-print-directory $(NODE); fi; \
	{ $(MAKE) -s --no-print-directory $(NODE) && $(BIN)/yuanqing static >/dev/null; } & packages=$$!; \
	$(BIN)/yuanqing demo; made=$$?; wait $$packages && exit $$made
	@$(BIN)/yuanqing serve

serve: deps
	@$(BIN)/yuanqing serve

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint src/yuanqing/templates --lint --quiet

# Checks, then tests in two processes that keep a file together; the last line is pytest's own.
test: dev
	@$(MAKE) --no-print-directory lint
	$(BIN)/pytest -m 'not drill' -n $(WORKERS) --dist loadfile

# Every drill and the two loads, whatever one of them finds; then a table of what was measured, and whether all of it held.
drill: dev
	@began=$$(date -u +%FT%T); \
	RECORD_DRILLS=1 $(BIN)/pytest -m drill; drills=$$?; \
	for each in load fifth; do $(BIN)/python -m bench.$$each; done; \
	$(BIN)/python -m bench.figures_log --since $$began && exit $$drills

bench: dev $(NODE_ALL)
	@began=$$(date -u +%FT%T); \
	for each in $$(grep -l '__main__' bench/*.py | grep -v figures_log); do \
	  each=$$(basename $$each .py); echo "$$each"; $(BIN)/python -m bench.$$each; done; \
	$(BIN)/python -m bench.figures_log --since $$began

# The only target that asks a registry for versions.
lock: $(BIN)/python
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install --quiet --require-hashes -r requirements/uv.txt
	@for each in core dev ldap node uv; do \
	  (cd requirements && ../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --custom-compile-command 'make lock' $$each.in -o $$each.txt) || exit 1; done
	npm install --package-lock-only --ignore-scripts --no-audit --no-fund --loglevel=error

clean:
	rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
