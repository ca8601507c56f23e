# SPDX-License-Identifier: BSD-2-Clause
# The program that says what the library thinks of values, which others are
# asked about as well: docs/validators.md.

JUDGE = $(BUILD)/tests/validators/judge

$(JUDGE).o: SEES = -Iinclude -Itests/unit -fPIE $(LIB_CFLAGS)

tests: $(JUDGE)

$(JUDGE): $(JUDGE).o $(STATIC_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(TEST_LIBS) $(LIBS)

-include $(JUDGE).d
