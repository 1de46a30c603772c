# Outpost. `make demo` shows it, `make test` proves it; README.md is the map.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
ARGS ?=
UI := edge/web/ui
export CARGO_TERM_COLOR ?= auto
export RUST_BACKTRACE ?= 0

.PHONY: help demo test bench lint hardware-lab build screens openapi

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

demo: setup-build screens ## a shop and headquarters on this machine, with a first sale (ARGS=--once ends after it)
	cargo build --bins
	@OUTPOST_BIN_DIR=target/debug target/debug/outpost-demo $(ARGS)

test: setup-test ## everything: formatting, lints, tests of all languages, browser tests
	@tests/run-all

bench: setup-bench ## the budgets as ratios, each with its limit measured in the same run
	cargo build --release --bins
	OUTPOST_BIN_DIR=target/release target/release/outpost-bench $(ARGS)

lint: screens ## formatting and lints only
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings

hardware-lab: ## the drivers on real kernels' nodes in QEMU: USB, a Raspberry Pi's pins (ARGS=NAME for some of it); not part of test
	@tests/hardware-lab/run $(ARGS)

build: setup-build screens ## release binaries with the screens in them
	cargo build --release --bins

screens: $(UI)/node_modules/.done ## the screens, into the two assets crates
	@if [ -n "$$(find $(UI)/src $(UI)/locales $(UI)/*.html $(UI)/*.ts -newer edge/web/assets/dist/pos/index.html 2>/dev/null | head -1)" ] \
	  || [ ! -e edge/web/assets/dist/pos/index.html ] || [ ! -e cloud-sync/server/assets/dist/dashboard/index.html ]; then \
	  npm --prefix $(UI) run --silent build; fi

$(UI)/node_modules/.done: $(UI)/package-lock.json | setup-build
	npm --prefix $(UI) ci --no-audit --no-fund
	@touch $@

openapi: ## the API's documents for the screens' typed client, made from the handlers
	cargo build --bins
	target/debug/outpost openapi > $(UI)/api/store.json
	target/debug/outpost-hq openapi > $(UI)/api/hq.json
	npm --prefix $(UI) run --silent api

.PHONY: setup-build setup-test setup-bench
setup-build:
	@tests/install build

setup-test:
	@tests/install test

setup-bench:
	@tests/install bench

-include systemd/install.mk
