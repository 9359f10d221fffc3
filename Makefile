# SPDX-License-Identifier: Apache-2.0
SHELL := /bin/sh
SWIFT ?= swift
export SWIFT_BACKTRACE ?= enable=no

# Tests on the real kernel, real containers and real processes: one after the other, since they measure time and share
# the machine's network.
REAL := ^(HostDatapath|ContainerRuntime|PolicyRepository|WebConsole|Integration|EndToEnd)Tests\.

# Tests that keep every core busy for minutes: apart, so that tests that wait for something are not starved by them.
LONG := ^(Property|Conformance|PolicyFormats)Tests\.

.PHONY: run build test bench lint clean help

help: ## show this
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

run: build ## install what is missing, build, and run the sandbox with live flows
	@echo "Starting: palisade up --sandbox (Ctrl-C stops it)"
	@exec .build/release/palisade up --sandbox

build: ## release build
	@dev/install-needs.sh run
	@[ -x .build/release/palisade ] || echo "The first release build takes 10 to 20 minutes on 2 cores; later ones seconds."
	$(SWIFT) build -c release --product palisade

test: ## install what the tests need, build, and run every test, those in a browser too
	@dev/install-needs.sh run && dev/install-test-needs.sh
	$(SWIFT) build --build-tests --explicit-target-dependency-import-check error
	$(SWIFT) test --skip-build --skip '$(REAL)' --skip '$(LONG)'
	$(SWIFT) test --skip-build --filter '$(LONG)'
	$(SWIFT) test --skip-build --no-parallel --filter '$(REAL)'
	dev/browser-tests.sh
	dev/api-fuzz.sh

bench: ## run the benchmarks; one JSON line per figure
	@dev/install-needs.sh run && dev/install-test-needs.sh
	@Benchmarks/run.sh

lint: ## format and layers
	$(SWIFT) format lint --strict -r Sources Tests Benchmarks/Sources Package.swift
	dev/check-imports.sh

clean:
	rm -rf .build Benchmarks/.build Fuzz/.build
