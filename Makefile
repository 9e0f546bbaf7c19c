# Aether. `make` alone lists what there is.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Node 24 comes with the packages; the system's own Node (20 or newer) only runs npm.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

READY := node_modules/.ready
# The official A2A SDK's own server, which make bench measures beside ours; without it the bench says that it is missing.
BESIDE := test/bench/peers/a2a-sdk/node_modules/.package-lock.json

## run: start everything in one process on http://127.0.0.1:8000 (installs what is missing)
.PHONY: run
run: build
	@exec node dist/main.mjs

## dev: the same from source, started again on every change
.PHONY: dev
dev: $(READY)
	@exec node --watch --watch-preserve-output infrastructure/node/main.ts

## workers: the same as workers under Miniflare; npm run dev is this too
.PHONY: workers
workers: $(READY)
	@GOGC=400 exec node infrastructure/miniflare/main.ts # esbuild, written in Go, bundles a change a fifth sooner

## service: start one service alone, e.g. AETHER_SERVICE=ds_analysts PORT=8003 make service
.PHONY: service
service: build
	@exec node dist/service.mjs

## run-distributed-local: every service as a process of its own, on ports 8000 to 8004, without containers
.PHONY: run-distributed-local
run-distributed-local: build
	@exec node dist/run-local.mjs

## build-services: build the container images (options for the build: AETHER_BUILD_ARGS)
.PHONY: build-services
build-services: $(READY)
	@AETHER_BUILD_ARGS='$(AETHER_BUILD_ARGS)' node infrastructure/podman/cli.ts build

## run-distributed: gateway and agents as containers with Postgres, MLflow and the sandbox
.PHONY: run-distributed
run-distributed: $(READY)
	@node infrastructure/podman/cli.ts distributed

## run-prod: Aether as one container with Postgres, MLflow and the sandbox
.PHONY: run-prod
run-prod: $(READY)
	@node infrastructure/podman/cli.ts prod

## logs: follow the logs of the containers
.PHONY: logs
logs: $(READY)
	@node infrastructure/podman/cli.ts logs

## key: print a further API key once, e.g. make key NAME=phone [SCOPES=chat,read] [TOKENS_PER_DAY=200000]
.PHONY: key
key: build
	@node dist/keys.mjs create --name="$(NAME)" --scopes="$(SCOPES)" --tokens-per-day="$(TOKENS_PER_DAY)"

## key-revoke: end a key, e.g. make key-revoke NAME=phone
.PHONY: key-revoke
key-revoke: build
	@node dist/keys.mjs revoke --name="$(NAME)"

## backup: copy the database into a file while it runs, e.g. make backup FILE=monday.backup
.PHONY: backup
backup: build
	@node dist/backup.mjs --file="$(FILE)"

## restore: put a backup into an empty database, e.g. make restore FILE=monday.backup
.PHONY: restore
restore: build
	@node dist/restore.mjs --file="$(FILE)"

## token: print a service token for curl, good for 5 minutes, e.g. make -s token AUDIENCE=sandbox_runner
.PHONY: token
token: build
	@node dist/token.mjs --audience="$(AUDIENCE)"

## setup: get gVisor and a Python with pandas for analysis scripts into your cache folder
.PHONY: setup
setup: node20
	@node infrastructure/setup/setup.mjs

## check: format, lint, types, directions of imports, neutral bundles, unit tests
.PHONY: check
check: $(READY)
	@biome ci --log-level=warn .
	@tsc --noEmit
	@node infrastructure/check/directions.ts
	@node infrastructure/check/bundles.ts
	@vitest run --project unit --reporter=dot

## wrangler-check: wrangler, from a folder of its own, checks the files for a deployment as workers; nothing is sent
.PHONY: wrangler-check
wrangler-check: $(READY)
	@npm ci --prefix infrastructure/wrangler-check --no-audit --no-fund --no-update-notifier
	@node infrastructure/wrangler-check/check.ts

## kubernetes-check: the files for a cluster are held against Kubernetes' schemas, from a folder of their own
.PHONY: kubernetes-check
kubernetes-check: node20
	@npm ci --prefix infrastructure/kubernetes/check --no-audit --no-fund --no-update-notifier
	@node infrastructure/kubernetes/check/check.ts

## test: all tests, on a real Postgres and real gVisor
.PHONY: test
test: build
	@vitest run --project unit --project integration $(TEST_ARGS)

## test-live: questions to real Home Assistants, which are fetched into your cache folder; LIVE_HOUSEHOLD names a household's CSV
.PHONY: test-live
test-live: build
	@vitest run --project live $(TEST_ARGS)

## tck: the A2A conformance kit against our server, on Node and on workers; TCK names a checkout of a2aproject/a2a-tck, branch 1.0-dev
.PHONY: tck
tck: $(READY)
	@TCK='$(TCK)' PROFILE='$(PROFILE)' node test/tck/run.ts

## chaos: kills, cut links and dead databases under load, and a judge; CHAOS=F1,F4 takes those rows, FULL=1 all counts
.PHONY: chaos
chaos: build
	@node test/chaos/run.ts

## bench: timings as ratios to a floor taken in the same run; BENCH=sandbox takes that one alone
.PHONY: bench
bench: $(READY) $(BESIDE)
	@node test/bench/run.ts

## eval: score answers about generated homes against the recorded result; EVAL=stored scores your own runs, RECORD=1 records
.PHONY: eval
eval: build
	@node test/eval/run.ts

## down: end the containers of run-distributed or run-prod, and an embedded Postgres that a killed server left behind
.PHONY: down
down: build
	@node infrastructure/podman/cli.ts down
	@node dist/down.mjs

## clean: remove what was built; data, keys and packages stay
.PHONY: clean
clean:
	@rm -rf dist coverage

## help: this list
.PHONY: help
help:
	@echo "Aether answers questions about a home, with numbers that can be checked."
	@sed -nE 's/^## ([a-z-]+): (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 30

# Bundles into dist/ whatever has changed since the last time.
.PHONY: build
build: $(READY)
	@node infrastructure/node/build.ts

.PHONY: node20
node20:
	@{ command -v npm && node -e 'process.exit(Number(process.versions.node.split(".")[0] < 20))'; } >/dev/null 2>&1 || \
		{ echo "Node.js 20 or newer with npm is needed first: https://nodejs.org, or apt-get install nodejs npm." >&2; exit 1; }

# Packages (unless npm ci has just been run by hand) and the sandbox, side by side. A sandbox that cannot be had stops
# nothing, and is not tried again at every start: make setup does.
$(READY): package-lock.json .npmrc | node20
	@echo "Installing packages, and gVisor with Python for the sandbox. This happens once."
	@node infrastructure/setup/setup.mjs --quiet </dev/null & setup=$$!; \
		if [ node_modules/.package-lock.json -nt package-lock.json ]; then packages=0; \
		else npm ci --no-audit --no-fund --no-update-notifier </dev/null; packages=$$?; fi; \
		wait $$setup; exit $$packages
	@touch $@

$(BESIDE): test/bench/peers/a2a-sdk/package-lock.json | $(READY)
	-@npm ci --prefix test/bench/peers/a2a-sdk --no-audit --no-fund --no-update-notifier </dev/null
