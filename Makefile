# SPDX-License-Identifier: BSD-2-Clause
# Counterseal. `make help` lists the targets; the variables that a builder
# may set (CC, CFLAGS, LDFLAGS, PREFIX, DESTDIR, BUILD, V=1) are the usual ones.

VERSION := $(shell sed -n 's/^\#define CSEAL_VERSION "\(.*\)"/\1/p' \
    include/counterseal.h)
SONAME_MAJOR = 0

BUILD ?= build

include mk/tools.mk     # compiler, flags, the libraries that we stand on
include mk/sources.mk   # what belongs to what: every file, one a line
include mk/build.mk     # library, commands, test programs
include mk/check.mk     # tests, sanitizers, the second compiler
include mk/install.mk   # install, uninstall
include mk/style.mk     # format, lint
include mk/mutants.mk   # a test build in which rules can be switched off
include mk/hostile.mk   # ledgers that others wrote
include mk/vectors.mk   # what other verifiers are held to
include mk/validators.mk # what other validators are compared with
include mk/docs.mk      # pages made from the code's tables
include mk/fuzz.mk      # inputs that nobody thought of
include mk/fault.mk     # what ends a command in the middle of its work
include mk/bench.mk     # what things cost
include mk/vm.mk        # real HID in a booted kernel

.DEFAULT_GOAL := all

.PHONY: all deps demo clean help

all: $(LIBRARIES) $(COMMANDS) ## library and both commands (default)

deps: ## install the Debian packages that the build needs
	$(Q)packaging/deps.sh build

demo: ## build, then play a payout change from request to proof
	$(Q)packaging/deps.sh build demo
	$(Q)$(MAKE) $(JOBSERVER) all
	$(Q)BUILD=$(BUILD) examples/demo.sh

clean: ## remove everything that was built
	$(Q)rm -rf build build-asan build-tsan build-clang build-mutants \
	    build-fuzz

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' \
	    $(MAKEFILE_LIST) | sort
