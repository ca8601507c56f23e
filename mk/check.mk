# SPDX-License-Identifier: BSD-2-Clause
# Tests. tests/run.sh runs them and counts; REQUIRE_ALL=1 lets none be skipped.

.PHONY: check check-deps check-built asan tsan clang

# Data races are looked for where threads are; the rest would learn nothing.
THREAD_TESTS := $(call programs,$(if $(UNIT_TESTS), \
    $(shell grep -l pthread $(UNIT_TESTS) /dev/null)))

REQUIRE_ALL ?=
RUN = $(Q)BUILD=$(BUILD) REQUIRE_ALL=$(REQUIRE_ALL) CC='$(CC)' tests/run.sh

check: check-deps ## build with both compilers, run every test
	$(Q)$(MAKE) $(JOBSERVER) all tests
	$(Q)$(MAKE) $(JOBSERVER) clang
	$(RUN)

check-deps: ## install the packages that the tests need as well
	$(Q)packaging/deps.sh build check

check-built: all tests ## run the tests without looking at packages or clang
	$(RUN)

# The frames of a build with sanitizers are what matters, not its hardening,
# so the checks of the product itself stay out.
asan: ## the tests under the address and undefined-behaviour sanitizers
	$(Q)$(MAKE) $(JOBSERVER) BUILD=build-asan CFLAGS='-O1 -g' \
	    SANITIZE=address,undefined all tests
	$(Q)BUILD=build-asan REQUIRE_ALL=$(REQUIRE_ALL) \
	    ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 \
	    UBSAN_OPTIONS=print_stacktrace=1 tests/run.sh unit device cli

tsan: ## the tests that start threads, under the thread sanitizer
	$(Q)$(MAKE) $(JOBSERVER) BUILD=build-tsan CFLAGS='-O1 -g' \
	    SANITIZE=thread tests
	$(Q)BUILD=build-tsan REQUIRE_ALL=$(REQUIRE_ALL) TSAN_OPTIONS=halt_on_error=1 \
	    setarch -R tests/run.sh $(patsubst build/%,build-tsan/%,$(THREAD_TESTS))

clang: ## build everything with clang, in build-clang
	$(Q)$(MAKE) BUILD=build-clang CC=clang all tests
