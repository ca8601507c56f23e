# SPDX-License-Identifier: BSD-2-Clause
# Tests. tests/run.sh runs them and counts; REQUIRE_ALL=1 lets none be skipped.

.PHONY: check check-deps check-built asan tsan clang

REQUIRE_ALL ?=
RUN = $(Q)BUILD=$(BUILD) REQUIRE_ALL=$(REQUIRE_ALL) CC='$(CC)' tests/run.sh

check: check-deps ## build with both compilers, run every test
	$(Q)$(MAKE) $(JOBSERVER) all tests
	$(Q)$(MAKE) $(JOBSERVER) clang
	$(Q)$(MAKE) $(JOBSERVER) fuzz-build
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

# The kernel's full randomisation of addresses is more than its shadow map
# can bear, hence setarch.
tsan: ## the unit tests under the thread sanitizer
	$(Q)$(MAKE) $(JOBSERVER) BUILD=build-tsan CFLAGS='-O1 -g' \
	    SANITIZE=thread unit-tests
	$(Q)BUILD=build-tsan REQUIRE_ALL=$(REQUIRE_ALL) \
	    TSAN_OPTIONS=halt_on_error=1 setarch -R tests/run.sh unit

clang: ## build everything with clang, in build-clang
	$(Q)$(MAKE) BUILD=build-clang CC=clang all tests
