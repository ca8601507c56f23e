# SPDX-License-Identifier: BSD-2-Clause
# The library with a switch for every rule, and the tests that must notice.

.PHONY: mutants

mutants: ## switch each rule off in turn; the tests must fail for every one
	$(Q)$(MAKE) $(JOBSERVER) BUILD=build-mutants CFLAGS='-O1 -g' \
	    RULE_SWITCH=tests/mutants/rule_switch.c unit-tests
	$(Q)BUILD=build-mutants tests/mutants.sh
