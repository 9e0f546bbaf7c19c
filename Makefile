# Aether. `make` alone lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Node 24 comes with the packages; whatever the system has only starts npm.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

READY := node_modules/.ready
SOURCES := $(shell find functions shared infrastructure/node infrastructure/gvisor -name '*.ts' -o -name '*.sql' -path '*/migrations/*' 2>/dev/null)

## run: start everything in one process on http://127.0.0.1:8000 (installs what is missing)
.PHONY: run
run: dist/main.mjs
	@exec node --enable-source-maps dist/main.mjs

## dev: the same from source, restarted on every change
.PHONY: dev
dev: $(READY)
	@exec node --watch --watch-preserve-output infrastructure/node/main.ts

## service: start one service alone, e.g. AETHER_SERVICE=ds_analysts PORT=8003 make service
.PHONY: service
service: dist/main.mjs
	@exec node --enable-source-maps dist/service.mjs

## key: print a further API key once, e.g. make key NAME=phone [SCOPES=chat,read]
.PHONY: key
key: dist/main.mjs
	@exec node dist/keys.mjs create "$(NAME)" "$(SCOPES)"

## key-revoke: end a key, e.g. make key-revoke NAME=phone
.PHONY: key-revoke
key-revoke: dist/main.mjs
	@exec node dist/keys.mjs revoke "$(NAME)"

## setup: get gVisor and a Python with pandas for analysis scripts into your cache folder
.PHONY: setup
setup:
	@node infrastructure/setup/setup.mjs

## check: format, lint, types, directions of imports, neutral bundles, unit tests
.PHONY: check
check: $(READY)
	@biome ci --log-level=warn .
	@tsc --noEmit
	@node infrastructure/check/directions.ts
	@node infrastructure/check/bundles.ts
	@vitest run --project unit --reporter=dot

## test: all tests, on a real Postgres and real gVisor
.PHONY: test
test: $(READY) dist/main.mjs
	@vitest run $(TEST_ARGS)

## bench: timings as ratios to a floor taken in the same run
.PHONY: bench
bench: $(READY)
	@node test/bench/run.ts

## down: end an embedded Postgres that a killed server left behind
.PHONY: down
down: dist/main.mjs
	@exec node dist/down.mjs

## clean: remove what was built; data, keys and packages stay
.PHONY: clean
clean:
	@rm -rf dist coverage

## help: this list
.PHONY: help
help:
	@echo "Aether answers questions about a home, with numbers that can be checked."
	@sed -nE 's/^## ([a-z-]+): (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

dist/main.mjs: $(READY) $(SOURCES)
	@node infrastructure/node/build.ts

$(READY): package-lock.json .npmrc
	@command -v npm >/dev/null && node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20)' || \
		{ echo "Node.js 20 or newer with npm is needed first (on Debian and Ubuntu: apt-get install nodejs npm, or nodejs.org)." >&2; exit 1; }
	@echo "Installing packages and the sandbox, once ..."
	@node infrastructure/setup/setup.mjs & setup=$$!; npm ci --no-audit --no-fund; packages=$$?; wait $$setup; exit $$packages
	@touch $@
