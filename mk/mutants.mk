# SPDX-License-Identifier: BSD-2-Clause
# The library with a switch for every rule, and the tests that must notice.

.PHONY: mutants

C_FOLDERS += tests/mutants # see style.mk
MUTANT_CODES = $(BUILD)/tests/mutants/codes

$(MUTANT_CODES): $(MUTANT_CODES).o $(STATIC_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(LIB_LIBS) $(LIBS)

mutants: ## switch each rule off in turn; the tests must fail for every one
	$(Q)$(MAKE) $(JOBSERVER) BUILD=build-mutants CFLAGS='-O1 -g' \
	    RULE_SWITCH=tests/mutants/rule_switch.c \
	    unit-tests build-mutants/tests/mutants/codes
	$(Q)BUILD=build-mutants tests/mutants.sh

-include $(MUTANT_CODES).d
