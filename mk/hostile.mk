# SPDX-License-Identifier: BSD-2-Clause
# Ledgers that others wrote, for the tests of what is shown of them.

C_FOLDERS += tests/hostile # see style.mk
MKLEDGER = $(BUILD)/tests/hostile/mkledger

tests: $(MKLEDGER)

$(MKLEDGER).o: SEES = -Iinclude -Isrc -Itests/unit -fPIE $(LIB_CFLAGS)
$(MKLEDGER): $(MKLEDGER).o $(MAKER_LIB) $(STATIC_LIB)
	$(call say,LD,$@)
	$(Q)$(link) $(TEST_LIBS) $(LIBS)

-include $(MKLEDGER).d
